"""How award certificates are worded and look: the form, and a specimen of what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.certificates.award_styles import drop_award_style, set_award_style
from compete.services.certificates.award_words import (
    LARGEST_EMBLEM,
    WrongWordsError,
    award_words_of,
    check_award_words,
    keep_emblem,
    picture_specimen,
    print_specimen,
    set_award_words,
)
from compete.services.kernel.competition_settings import AwardStyle, AwardWords
from compete.services.kernel.refusal import Refusal, Refused
from compete.web import guard
from compete.web.downloads import send_file_bytes, send_pdf
from compete.web.language import say
from compete.web.organiser.award_words.styles import (
    NEW,
    USUAL,
    asked_style,
    known_award,
    read_aim,
)
from compete.web.organiser.award_words.view_model import (
    NO_EMBLEM,
    SHIFTS,
    award_words_page,
    read_award_words,
    read_kind,
    shift_fault,
)
from compete.web.organiser.blueprint import face
from compete.web.refusals import status_of

_PICTURES: Mapping[Literal["emblem", "second"], str] = {
    "emblem": "picture",
    "second": "second_picture",
}
"""Under which field of the form each comes."""


@face.get("/<code>/certificates/words")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.ISSUE)
def award_words(competition: Competition) -> ResponseReturnValue:
    """What award certificates say, and a specimen; `style` says of which where not as usual."""
    style = request.args.get("style", "")
    aimed = _aimed(competition, style)
    words = aimed.words if style else award_words_of(competition)
    kind = read_kind(competition, request.args.get("of", ""), aimed)
    return award_words_page(competition, words, words, kind, style=style, aimed=aimed)


@face.post("/<code>/certificates/words")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.ISSUE)
def save_award_words(competition: Competition) -> ResponseReturnValue:
    """Keep the words for what is issued from now on, or only look at them (`act` is `look`).

    Those of a `style` beside the usual with what it is for, or let it go (`drop`).
    """
    style, act = request.form.get("style", ""), request.form.get("act")
    aimed = _aimed(competition, style)
    if act == "drop" and aimed.number:
        drop_award_style(competition, aimed.number, current_user)
        flash(_("这种样式删掉了，以后发的照别的样式"), "ok")
        return redirect(url_for("organiser.award_words"))
    stands = aimed.words if style else award_words_of(competition)
    words, problems = _typed(request.form, stands)
    aimed = _read_aim(request.form, aimed) if style else aimed
    kind = read_kind(competition, request.form.get("of", ""), aimed)
    try:
        words, problems = _with_picture(words, problems)
        aimed = msgspec.structs.replace(aimed, words=words) if style else aimed
        if problems:
            raise WrongWordsError(problems)
        if act == "look":
            shown = check_award_words(words)
            differs = shown != stands or style == NEW
            page = award_words_page(
                competition, words, shown, kind, style=style, aimed=aimed, looked=differs
            )
            return page
        if style:
            style = str(set_award_style(competition, aimed, current_user))
            changed = True
        else:
            changed = set_award_words(competition, words, current_user)
    except WrongWordsError as refused:
        typed = [request.form.get(key, "") for key in SHIFTS]
        page = award_words_page(
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
        page = award_words_page(competition, words, stands, kind, style=style, aimed=aimed)
        return page, status_of(refused)
    flash(_("存好了，以后发的照这个样式") if changed else _("没有改动"), "ok")
    return redirect(url_for("organiser.award_words", of=kind, style=style or None))


@face.get("/<code>/certificates/words.png")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.ISSUE)
def award_words_picture(competition: Competition) -> Response:
    """A specimen as a picture, in the words of the address."""
    words = _read(request.args, award_words_of(competition))
    kind = read_kind(competition, request.args.get("of", ""))
    made = picture_specimen(competition, words, kind, **_shown_for(competition))
    return send_file_bytes(made, f"样张_{competition.name}.png", "image/png", show=True)


@face.get("/<code>/certificates/words.pdf")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.ISSUE)
def award_words_paper(competition: Competition) -> Response:
    """The same as PDF, to be printed and tried on paper."""
    words = _read(request.args, award_words_of(competition))
    kind = read_kind(competition, request.args.get("of", ""))
    made = print_specimen(competition, words, kind, **_shown_for(competition))
    return send_pdf(made, f"样张_{competition.name}.pdf")


def _aimed(competition: Competition, style: str) -> AwardStyle:
    return asked_style(competition, style) if style else USUAL


def _shown_for(competition: Competition) -> dict[str, str]:
    """The event and the award that a specimen is of, as the address says."""
    award = known_award(competition, request.args.get("award", ""))
    return {"event": request.args.get("event", ""), "award": award}


def _read_aim(form: MultiDict[str, str], aimed: AwardStyle) -> AwardStyle:
    try:
        return read_aim(form, aimed)
    except msgspec.ValidationError:
        abort(400)


def _typed(form: MultiDict[str, str], stands: AwardWords) -> tuple[AwardWords, dict[str, Message]]:
    """The words of the form; how far to move stays as it was where it cannot be read."""
    fault = shift_fault(form)
    if fault is None:
        return _read(form, stands), {}
    rest = MultiDict((key, text) for key, text in form.items(multi=True) if key not in SHIFTS)
    return _read(rest, stands), {"shift": fault}


def _with_picture(
    words: AwardWords, problems: dict[str, Message]
) -> tuple[AwardWords, dict[str, Message]]:
    """With the pictures that were sent, kept already so that they can be looked at."""
    kept: dict[str, str] = {}
    for key, name in _PICTURES.items():
        sent = request.files.get(name)
        content = sent.stream.read(LARGEST_EMBLEM + 1) if sent is not None else b""
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


def _read(said: MultiDict[str, str], stands: AwardWords) -> AwardWords:
    try:
        return read_award_words(said, stands)
    except msgspec.ValidationError:
        abort(400)
