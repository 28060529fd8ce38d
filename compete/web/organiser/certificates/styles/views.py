"""Words and look of award certificates: the form, and a specimen of what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import msgspec
from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.domain.values.upload_limits import LARGEST_EMBLEM, MIB
from compete.models import Competition
from compete.services.certificates.award_styles import (
    MOST_STYLES,
    SpecimenKind,
    award_style,
    check_award_words,
    drop_award_style,
    keep_emblem,
    picture_specimen,
    print_specimen,
    set_award_style,
    set_award_words,
    styled_awards,
)
from compete.services.certificates.register import register_counts
from compete.services.kernel.competition_settings import (
    AwardStyle,
    AwardWords,
    distinction_rules_of,
    settings_of,
)
from compete.services.kernel.fields import read_present, texts_of
from compete.services.kernel.refusal import Refusal, Refused, WrongFieldsError
from compete.web import guard
from compete.web.certificate_words import SORTS, style_name
from compete.web.downloads import send_file_bytes, send_pdf
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.shapes import View
from compete.web.pages import sent_file
from compete.web.posted import posted_text
from compete.web.refusals import status_of
from compete.web.setting_forms import SettingForm, form_of
from compete.web.shapes import Choice

NEW = "new"
USUAL = AwardStyle(number=0)
"""The usual words, which are for all that no other style is for."""


def _aimed(competition: Competition, style: str) -> AwardStyle:
    """The style that an address or a form speaks of; a new one begins with the usual words.

    Raises `Refused` (UNKNOWN) for one that there is not.
    """
    if style == NEW:
        return AwardStyle(number=0, words=settings_of(competition).award_words)
    return award_style(competition, whole_number(style) or 0) if style else USUAL


def _style_links(competition: Competition, style: str) -> list[View]:
    """List the links of the styles, the usual first."""
    usual = url_for("organiser.award_words")
    links = [View(label=_("平常的"), url=usual, current=not style)]
    names = {event.code: event.name for event in competition.events}
    for design in settings_of(competition).award_styles:
        label = style_name(names.get(design.event, design.event), design.sort, design.award)
        url = url_for("organiser.award_words", style=design.number)
        links.append(View(label=label, url=url, current=style == str(design.number)))
    if style == NEW:
        links.append(View(label=_("新的一种"), url="", current=True))
    return links


def _aim_of(
    competition: Competition, style: AwardStyle, problems: Mapping[str, Message]
) -> dict[str, Any]:
    """The choices of what it is for; of events and sorts where there are several."""
    labour = competition_kind(competition).has_periods
    events = competition.events if len(competition.events) > 1 else []
    any_of = Choice(value="", label=_("不限"))
    awards = styled_awards(competition, style)
    return {
        "event": style.event,
        "events": [any_of, *(Choice(value=event.code, label=event.name) for event in events)]
        if events or style.event
        else [],
        "sort": style.sort,
        "sorts": []
        if labour
        else [
            any_of,
            *(Choice(value=key, label=say(SORTS[key])) for key in get_args(SpecimenKind)),
        ],
        "award": style.award,
        "awards": [any_of, *(Choice(value=name, label=name) for name in awards)],
        "problem": say(problems.get("for")),
    }


def _known_award(competition: Competition, name: str) -> str:
    """The name where it is one that can be won or that a style is for; else empty."""
    known = {
        *styled_awards(competition),
        *(style.award for style in settings_of(competition).award_styles),
    }
    return name if name in known else ""


_BY_PLACE = ("title", "sentence", "honour")
NO_EMBLEM = "none"
_WordsForm = form_of(AwardWords)


def _read(form: MultiDict[str, str], stands: AwardWords) -> tuple[AwardWords, dict[str, Message]]:
    """The words as they are typed, or as an address has them, and what is wrong with which.

    What it lacks, or has wrong, is as it stands.
    """
    texts = {key: text for key, text in form.items() if (key, text) != ("emblem_at", NO_EMBLEM)}
    words, faults = read_present(AwardWords, texts)
    words |= {key: form[key] for key in ("emblem", "second") if key in form}
    if form.get("two") == "0":
        words["second"] = ""
    if form.get("emblem_at") == NO_EMBLEM:
        words["emblem"] = words["second"] = ""
    return msgspec.structs.replace(stands, **words), faults


def _words_of_address(competition: Competition) -> AwardWords:
    """The words of an address that this page wrote; the answer is 400 for any other."""
    words, faults = _read(request.args, settings_of(competition).award_words)
    return abort(400) if faults else words


def _read_kind(competition: Competition, wanted: str, aimed: AwardStyle = USUAL) -> SpecimenKind:
    """The sort of the specimen; the first that there can be of it for any other word."""
    kinds = _kinds(competition, aimed)
    for kind in get_args(SpecimenKind):
        if kind == wanted and kind in kinds:
            return kind  # type: ignore[no-any-return]
    return kinds[0]


def _kinds(competition: Competition, aimed: AwardStyle) -> tuple[SpecimenKind, ...]:
    """Return the kinds of specimens; in a labour competition nothing is won by place."""
    if aimed.sort:
        return (aimed.sort,)
    by_hand = {rule.title for rule in distinction_rules_of(competition)}
    if competition_kind(competition).has_periods or aimed.award in by_hand:
        return ("given",)
    return get_args(SpecimenKind)


def _award_words_page(
    competition: Competition,
    words: AwardWords,
    shown: AwardWords,
    kind: SpecimenKind,
    *,
    style: str = "",
    aimed: AwardStyle = USUAL,
    problems: Mapping[str, Message] | None = None,
    looked: bool = False,
) -> str:
    """The form with `words`, and beside it a specimen of those `shown`.

    `style` is of which they are, as the address says it, and `aimed` what these are for.
    """
    problems = problems or {}
    labour = competition_kind(competition).has_periods
    kinds = [Choice(value=key, label=say(SORTS[key])) for key in _kinds(competition, aimed)]
    return render_template(
        "organiser/certificates/styles.html",
        title=_("荣誉证书的样式") if labour else _("获奖证书的样式"),
        styles=_style_links(competition, style),
        can_add=style != NEW and len(settings_of(competition).award_styles) < MOST_STYLES,
        style=style,
        aim=_aim_of(competition, aimed, problems) if style else None,
        form=_words_form(competition, words, problems),
        words=words,
        emblem_mb=LARGEST_EMBLEM // MIB,
        emblem_problem=say(problems.get("emblem")),
        second_problem=say(problems.get("second")),
        kinds=kinds,
        kind=kind,
        problem=_("样张还是原来的，改好再看") if problems else None,
        looked=looked,
        issued=register_counts(competition, kind="award")["valid"],
        picture_url=_specimen_url("organiser.award_words_picture", shown, kind, aimed),
        sort=say(SORTS[kind]),
        paper_url=_specimen_url("organiser.award_words_paper", shown, kind, aimed),
    )


def _words_form(
    competition: Competition, words: AwardWords, problems: Mapping[str, Message]
) -> SettingForm:
    """The controls with these words; those that are wrong have what was typed."""
    form = _WordsForm(formdata=None, meta={"csrf": False})
    form.show(words)
    kind = competition_kind(competition)
    if kind.has_periods:
        form.leave_out(_BY_PLACE)
    if not kind.of_people:
        form.called.choices = [it for it in form.called.choices if it.value != "contestant"]
    none = SelectChoice(NO_EMBLEM, _("不印徽标"))
    form.emblem_at.choices = [none, *form.emblem_at.choices]
    if not words.emblem and "emblem" not in problems:
        form.emblem_at.data = NO_EMBLEM
    for key, fault in problems.items():
        if key in form:
            form[key].data = request.form.get(key, form[key].data)
            form[key].errors = [say(fault)]
    return form


def _specimen_url(page: str, words: AwardWords, kind: str, aimed: AwardStyle) -> str:
    """Address of a specimen of these words: unsaved ones can be looked at, too."""
    texts: dict[str, Any] = texts_of(words)
    return url_for(
        page,
        of=kind,
        **texts,
        emblem=words.emblem,
        second=words.second,
        event=aimed.event or None,
        award=aimed.award or None,
    )


_PICTURES: Mapping[Literal["emblem", "second"], str] = {
    "emblem": "picture",
    "second": "second_picture",
}
"""The field of the form that each comes under."""


@face.get("/<code>/certificates/words")
@guard.may(Right.ISSUE, of=guard.SKILLS | guard.LABOUR)
def award_words(competition: Competition) -> ResponseReturnValue:
    """Show the words of award certificates, and a specimen; `style` if it is not the usual one."""
    style = request.args.get("style", "")
    aimed = _aimed(competition, style)
    words = aimed.words if style else settings_of(competition).award_words
    kind = _read_kind(competition, request.args.get("of", ""), aimed)
    return _award_words_page(competition, words, words, kind, style=style, aimed=aimed)


@face.post("/<code>/certificates/words")
@guard.may(Right.ISSUE, of=guard.SKILLS | guard.LABOUR)
def save_award_words(competition: Competition) -> ResponseReturnValue:
    """Keep the words for later certificates, or only look at them (`act` is `look`).

    Those of a `style` beside the usual with what it is for, or let it go (`drop`).
    """
    style, act = request.form.get("style", ""), request.form.get("act")
    aimed = _aimed(competition, style)
    if act == "drop" and aimed.number:
        drop_award_style(competition, aimed.number, current_user)
        flash(_("这种样式删掉了，以后发的照别的样式"), "ok")
        return redirect(url_for("organiser.award_words"))
    stands = aimed.words if style else settings_of(competition).award_words
    words, problems = _read(request.form, stands)
    aimed = _read_aim(request.form, aimed) if style else aimed
    kind = _read_kind(competition, posted_text("of"), aimed)
    try:
        words, problems = _with_picture(words, problems)
        aimed = msgspec.structs.replace(aimed, words=words) if style else aimed
        if problems:
            raise WrongFieldsError(problems)
        if act == "look":
            shown = check_award_words(words)
            differs = shown != stands or style == NEW
            return _award_words_page(
                competition, words, shown, kind, style=style, aimed=aimed, looked=differs
            )
        if style:
            style = str(set_award_style(competition, aimed, current_user))
            changed = True
        else:
            changed = set_award_words(competition, words, current_user)
    except WrongFieldsError as refused:
        page = _award_words_page(
            competition,
            words,
            stands,
            kind,
            style=style,
            aimed=aimed,
            problems=refused.faults,
        )
        return page, status_of(refused)
    except Refused as refused:
        if refused.kind is not Refusal.CONFLICT:
            raise
        flash(say(refused.message), "bad")
        page = _award_words_page(competition, words, stands, kind, style=style, aimed=aimed)
        return page, status_of(refused)
    flash(_("存好了，以后发的照这个样式") if changed else _("没有改动"), "ok")
    return redirect(url_for("organiser.award_words", of=kind, style=style or None))


@face.get("/<code>/certificates/words.png")
@guard.may(Right.ISSUE, of=guard.SKILLS | guard.LABOUR)
def award_words_picture(competition: Competition) -> Response:
    """A specimen as a picture, in the words of the address."""
    words = _words_of_address(competition)
    kind = _read_kind(competition, request.args.get("of", ""))
    made = picture_specimen(competition, words, kind, **_shown_for(competition))
    return send_file_bytes(made, f"样张_{competition.name}.png", "image/png", show=True)


@face.get("/<code>/certificates/words.pdf")
@guard.may(Right.ISSUE, of=guard.SKILLS | guard.LABOUR)
def award_words_paper(competition: Competition) -> Response:
    """The same as PDF, to be printed and tried on paper."""
    words = _words_of_address(competition)
    kind = _read_kind(competition, request.args.get("of", ""))
    made = print_specimen(competition, words, kind, **_shown_for(competition))
    return send_pdf(made, f"样张_{competition.name}.pdf")


def _shown_for(competition: Competition) -> dict[str, str]:
    """The event and the award that a specimen is of, as the address says."""
    award = _known_award(competition, request.args.get("award", ""))
    return {"event": request.args.get("event", ""), "award": award}


def _read_aim(form: MultiDict[str, str], aimed: AwardStyle) -> AwardStyle:
    """Read the certificates a form is for; the answer is 400 for no such sort."""
    aim = {key: form[key] for key in ("event", "sort", "award") if key in form}
    try:
        return msgspec.convert(msgspec.to_builtins(aimed) | aim, AwardStyle)
    except msgspec.ValidationError:
        abort(400)


def _with_picture(
    words: AwardWords, problems: dict[str, Message]
) -> tuple[AwardWords, dict[str, Message]]:
    """Add the pictures that were sent, kept already so that they can be looked at."""
    kept: dict[str, str] = {}
    for key, name in _PICTURES.items():
        content = sent_file(name, LARGEST_EMBLEM)
        try:
            if content:
                kept[key] = keep_emblem(content, key)
        except WrongFieldsError as refused:
            problems = {**problems, **refused.faults}
    words = msgspec.structs.replace(words, **kept)
    if request.form.get("emblem_at", NO_EMBLEM) != NO_EMBLEM and not (words.emblem or words.second):
        why = msg("选了放在哪里，还没选图片")
        problems = {"emblem": why, **problems}
    return words, problems
