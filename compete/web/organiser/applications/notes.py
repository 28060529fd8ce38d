"""What is said beside somebody who was handed in."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from compete.domain.values.messages import Message
from compete.domain.values.states import ApplicationState
from compete.models import Application, Competition
from compete.services.registration.finding import entrant_by_code
from compete.services.replacing.requests import reason_of
from compete.web.language import say
from compete.web.templating import moment

_S = ApplicationState


def instead_note(row: Application, competition: Competition, instead: str) -> str:
    """Whom the unit wants replaced, and why."""
    old = entrant_by_code(competition, instead)
    who = f"{instead} {old.name}" if old is not None else instead
    return _("换下 %(who)s，原因：%(why)s", who=who, why=reason_of(row))


def full_note(full: tuple[Message, bool]) -> str:
    """That accepting somebody now means that they wait, before anybody presses it."""
    what, now = full
    if now:
        return _("%(what)s，已经满了，收下就排候补", what=say(what))
    return _("%(what)s，前面的都收下就满了，排候补", what=say(what))


def own_note(row: Application) -> str:
    """How somebody came who entered themselves."""
    if row.confirmed_at is not None:
        return _("本人报的，单位 %(at)s 确认", at=moment(row.confirmed_at))
    if row.state is _S.UNCONFIRMED:
        return _("本人报的，单位还没确认；收下就是不等单位了")
    return _("本人报的")


def crew_note(crew: str, role: str) -> str:
    if role:
        return _("组合：%(crew)s，%(role)s", crew=crew, role=role)
    return _("组合：%(crew)s", crew=crew)


def together_note(people: Sequence[Application]) -> str:
    """Of one of a crew, who goes with them; nobody where another's tick is theirs."""
    if not people:
        return _("和同组的一起勾")
    names = _("、").join(each.name for each in people)
    return _("勾上就是一组 %(count)s 人：%(names)s", count=len(people), names=names)
