"""What somebody wants of their own data, and what was answered."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from compete.models import Competition, Entrant, Member
from compete.services.competitions.erasure_asks import last_erasure, why_not_one
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.person.shapes import EraseCard, EraseLine
from compete.web.templating import moment_said


def erase_card(entrant: Entrant) -> EraseCard:
    """Of the person, or of each of a crew."""
    code = entrant.competition.code
    people: list[Entrant | Member] = [*entrant.members] or [entrant]
    lines = [_line(holder, named=bool(entrant.members)) for holder in people]
    return EraseCard(
        lines=lines,
        waits=any(line.waits for line in lines),
        url=url_for("organiser.ask_to_erase_one", code=code, who=entrant.code),
        page_url=allowed_url("organiser.personal_data", code=code),
    )


def _line(holder: Entrant | Member, *, named: bool) -> EraseLine:
    asked = last_erasure(_competition(holder), holder)
    waits = asked is not None and asked.ended_at is None
    why = why_not_one(holder)
    erased = holder.erased_at is not None
    said = None
    if erased:
        said = _("%(at)s 删除了，姓名换成化名。", at=moment_said(holder.erased_at))
    elif asked is not None and waits:
        said = _("提出了，等第二个人同意：%(why)s", why=asked.reason)
    elif asked is not None and asked.answer:
        said = _(
            "%(at)s 提出过（%(why)s），答复：%(answer)s",
            at=moment_said(asked.asked_at),
            why=asked.reason,
            answer=asked.answer,
        )
    return EraseLine(
        holder=holder.code,
        who=holder.name if named else None,
        said=said,
        asks=not erased and not waits,
        waits=waits,
        why_not=say(why) if why and not erased else None,
    )


def _competition(holder: Entrant | Member) -> Competition:
    return holder.entrant.competition if isinstance(holder, Member) else holder.competition
