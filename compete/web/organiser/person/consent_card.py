"""Whether the person may be published by the whole name, and every word of it."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from compete.models import Consent, Entrant, Member
from compete.services.accounts.card_handling import signed_as
from compete.services.kernel.competition_settings import settings_of
from compete.services.registration.consents import DESK_SOURCES, SOURCE_WORDS, consents_of
from compete.web.language import say
from compete.web.organiser.person.shapes import ConsentCard, ConsentLine
from compete.web.shapes import Chip, Choice
from compete.web.templating import moment_said


def consent_card(entrant: Entrant) -> ConsentCard:
    """Of the person, or of each of a crew."""
    people: list[Entrant | Member] = [*entrant.members] or [entrant]
    open_names = settings_of(entrant.competition).full_names
    return ConsentCard(
        lines=[_line(holder, named=bool(entrant.members)) for holder in people],
        sources=[Choice(value=key, label=say(word)) for key, word in DESK_SOURCES.items()],
        url=url_for("organiser.change_consent", code=entrant.competition.code, who=entrant.code),
        then=_(
            "这个竞赛定了写全名：同意的写全，收回的马上隐去一部分，不用重新公布。"
            "贴出去的公示文件要重新打印，换下来。"
        )
        if open_names
        else _("这个竞赛定了不写全名，同意的也隐去一部分。在竞赛资料里改。"),
    )


def _line(holder: Entrant | Member, *, named: bool) -> ConsentLine:
    words = consents_of(holder)
    given = bool(words) and words[0].given
    return ConsentLine(
        holder=holder.code,
        who=holder.name if named else None,
        chip=_chip(words[0] if words else None),
        given=given,
        words=[_word(word) for word in words],
        changes=holder.erased_at is None,
    )


def _chip(word: Consent | None) -> Chip:
    if word is None:
        return Chip(text=_("没有问过"), kind="")
    if word.given:
        return Chip(text=_("同意写全名"), kind="ok", icon="check")
    return Chip(text=_("不同意写全名"), kind="warn", icon="ban")


def _word(word: Consent) -> str:
    what = _("同意") if word.given else _("不同意")
    said = _(
        "%(at)s %(what)s（%(source)s）",
        at=moment_said(word.made_at),
        what=what,
        source=say(SOURCE_WORDS.get(word.source, word.source)),
    )
    if word.maker is not None:
        said = _("%(said)s，%(who)s 记的", said=said, who=say(signed_as(word.maker, word.made_at)))
    return f"{said} {word.note}" if word.note else said
