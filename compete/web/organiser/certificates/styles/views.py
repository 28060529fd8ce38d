"""Words and look of award certificates: the form, and a specimen of what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, get_args
from unicodedata import normalize

import msgspec
from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.domain.values.upload_limits import LARGEST_EMBLEM, MIB
from compete.models import Competition
from compete.services.certificates.award_styles import (
    LONGEST_WORDS,
    MOST_SHIFT,
    MOST_SIGNATORIES,
    MOST_STYLES,
    SpecimenKind,
    WrongWordsError,
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
from compete.services.kernel.refusal import Refusal, Refused
from compete.web import guard
from compete.web.certificate_words import SORTS, style_name
from compete.web.downloads import send_file_bytes, send_pdf
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.shapes import View
from compete.web.pages import sent_file
from compete.web.refusals import status_of
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


_USUAL = "在{竞赛}{赛项}中，{成绩}，列{名次}，"
_TEXTS = ("title", "sentence", "honour", "given_title", "given", "closing")
_BY_PLACE = ("title", "sentence", "honour")
_WORDS: Mapping[str, tuple[Message, Message]] = {
    "title": (msg("标题"), msg("不写就是“获奖证书”。")),
    "sentence": (msg("奖项的句子"), msg("后面接着大字的奖项。不写就是：%(usual)s获")),
    "honour": (msg("荣誉称号的句子"), msg("后面接着大字的称号。不写就是：%(usual)s被授予")),
    "given_title": (msg("评选奖项的标题"), msg("不写就是“荣誉证书”。")),
    "given": (msg("评选奖项的句子"), msg("如：在{竞赛}中，组织有力、成效显著，荣获")),
    "closing": (msg("结尾"), msg("不写就是“特发此证。”")),
    "signed": (msg("落款单位"), msg("一行一个，最多 %(n)s 个，并排盖章；不写就是主办单位。")),
}
_LONGEST_SIGNED = 120
NO_EMBLEM = "none"
SHIFTS = ("right", "down")
_MILLIMETRES = re.compile(r"([+-]?)([0-9]{1,3})(?:\.([0-9]))?")


def _read(form: MultiDict[str, str], stands: AwardWords) -> AwardWords:
    """The words as they are typed, or as an address has them; what it lacks is as it stands.

    Aborts for a choice that there is not.
    """
    words: dict[str, str | bool | int | list[str]] = {
        key: form[key] for key in (*_TEXTS, "called", "frame") if key in form
    }
    if "signed" in form:
        words["signed"] = form["signed"].splitlines()
    if "seal" in form:
        words["seal"] = form["seal"] == "1"
    for key in ("emblem", "second"):
        if key in form:
            words[key] = form[key]
    if form.get("two") == "0":
        words["second"] = ""
    if (place := form.get("emblem_at")) == NO_EMBLEM:
        words["emblem"] = words["second"] = ""
    elif place is not None:
        words["emblem_at"] = place
    try:
        words |= {key: _tenths(form[key]) for key in SHIFTS if key in form}
        return msgspec.convert(msgspec.to_builtins(stands) | words, AwardWords)
    except msgspec.ValidationError:
        abort(400)


def _shift_fault(form: MultiDict[str, str]) -> Message | None:
    """Explain a fault in the typed shift of the print; None for no fault."""
    try:
        for key in SHIFTS:
            _tenths(form.get(key, ""))
    except msgspec.ValidationError:
        return msg("写毫米数，最多一位小数，如 1.5；往左、往上写负数")
    return None


def _tenths(typed: str) -> int:
    """Millimetres as typed, in tenths. Raises `msgspec.ValidationError` for no such number."""
    text = normalize("NFKC", typed).strip().replace("\u2212", "-")
    if not text:
        return 0
    match = _MILLIMETRES.fullmatch(text)
    if match is None:
        raise msgspec.ValidationError(typed)
    sign, whole, tenth = match.groups()
    tenths = int(whole) * 10 + int(tenth or 0)
    return -tenths if sign == "-" else tenths


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
    moved: tuple[str, str] | None = None,
    looked: bool = False,
) -> str:
    """The form with `words`, and beside it a specimen of those `shown`.

    `style` is of which they are, as the address says it, and `aimed` what these are for;
    `moved` is how far to the right and down, as typed, where that is no number.
    """
    problems = problems or {}
    labour = competition_kind(competition).has_periods
    kinds = [Choice(value=key, label=say(SORTS[key])) for key in _kinds(competition, aimed)]
    keys = [key for key in _TEXTS if not (labour and key in _BY_PLACE)]
    return render_template(
        "organiser/certificates/styles.html",
        title=_("荣誉证书的样式") if labour else _("获奖证书的样式"),
        styles=_style_links(competition, style),
        can_add=style != NEW and len(settings_of(competition).award_styles) < MOST_STYLES,
        style=style,
        aim=_aim_of(competition, aimed, problems) if style else None,
        texts=[
            *(_field(key, getattr(words, key), problems) for key in keys),
            _field("signed", "\n".join(words.signed), problems),
        ],
        words=words,
        emblem_at=words.emblem_at if words.emblem or "emblem" in problems else NO_EMBLEM,
        emblem_mb=LARGEST_EMBLEM // MIB,
        emblem_problem=say(problems.get("emblem")),
        second_problem=say(problems.get("second")),
        right=moved[0] if moved else _millimetres(words.right),
        down=moved[1] if moved else _millimetres(words.down),
        most_shift=MOST_SHIFT // 10,
        shift_problem=say(problems.get("shift")),
        kinds=kinds,
        kind=kind,
        problem=_("样张还是原来的，改好再看") if problems else None,
        looked=looked,
        issued=register_counts(competition, kind="award")["valid"],
        picture_url=_specimen_url("organiser.award_words_picture", shown, kind, aimed),
        sort=say(SORTS[kind]),
        paper_url=_specimen_url("organiser.award_words_paper", shown, kind, aimed),
    )


def _millimetres(tenths: int) -> str:
    """Write a length as it is typed: 1.5, -2, empty for none."""
    whole, tenth = divmod(abs(tenths), 10)
    text = f"{whole}.{tenth}" if tenth else str(whole)
    return f"-{text}" if tenths < 0 else text if tenths else ""


def _field(key: str, text: str, problems: Mapping[str, Message]) -> dict[str, Any]:
    label, hint = _WORDS[key]
    return {
        "key": key,
        "label": say(label),
        "text": text,
        "hint": say(msg(hint.text, usual=_USUAL, n=MOST_SIGNATORIES)),
        "most": LONGEST_WORDS.get(key, _LONGEST_SIGNED),
        "rows": {"signed": 3, "title": None, "given_title": None, "closing": None}.get(key, 2),
        "problem": say(problems.get(key)),
    }


def _specimen_url(page: str, words: AwardWords, kind: str, aimed: AwardStyle) -> str:
    """Address of a specimen of these words: unsaved ones can be looked at, too."""
    texts: dict[str, Any] = {key: getattr(words, key) for key in _TEXTS}
    return url_for(
        page,
        of=kind,
        **texts,
        signed="\n".join(words.signed),
        called=words.called,
        frame=words.frame,
        seal="1" if words.seal else "0",
        emblem=words.emblem,
        emblem_at=words.emblem_at,
        second=words.second,
        right=_millimetres(words.right),
        down=_millimetres(words.down),
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
    words, problems = _typed_words(request.form, stands)
    aimed = _read_aim(request.form, aimed) if style else aimed
    kind = _read_kind(competition, request.form.get("of", ""), aimed)
    try:
        words, problems = _with_picture(words, problems)
        aimed = msgspec.structs.replace(aimed, words=words) if style else aimed
        if problems:
            raise WrongWordsError(problems)
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
    except WrongWordsError as refused:
        typed = [request.form.get(key, "") for key in SHIFTS]
        page = _award_words_page(
            competition,
            words,
            stands,
            kind,
            style=style,
            aimed=aimed,
            problems=refused.problems,
            moved=(typed[0], typed[1]) if "shift" in refused.problems else None,
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
    words = _read(request.args, settings_of(competition).award_words)
    kind = _read_kind(competition, request.args.get("of", ""))
    made = picture_specimen(competition, words, kind, **_shown_for(competition))
    return send_file_bytes(made, f"样张_{competition.name}.png", "image/png", show=True)


@face.get("/<code>/certificates/words.pdf")
@guard.may(Right.ISSUE, of=guard.SKILLS | guard.LABOUR)
def award_words_paper(competition: Competition) -> Response:
    """The same as PDF, to be printed and tried on paper."""
    words = _read(request.args, settings_of(competition).award_words)
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


def _typed_words(
    form: MultiDict[str, str], stands: AwardWords
) -> tuple[AwardWords, dict[str, Message]]:
    """The words of the form; how far to move stays as it was where it cannot be read."""
    fault = _shift_fault(form)
    if fault is None:
        return _read(form, stands), {}
    rest = MultiDict((key, text) for key, text in form.items(multi=True) if key not in SHIFTS)
    return _read(rest, stands), {"shift": fault}


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
        except WrongWordsError as refused:
            problems = {**problems, **refused.problems}
    words = msgspec.structs.replace(words, **kept)
    if request.form.get("emblem_at", NO_EMBLEM) != NO_EMBLEM and not (words.emblem or words.second):
        why = msg("选了放在哪里，还没选图片")
        problems = {"emblem": why, **problems}
    return words, problems
