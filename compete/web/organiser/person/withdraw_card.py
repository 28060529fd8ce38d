"""What withdrawing would mean for a person now, or why it cannot be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from compete.domain.values.states import CompetitionState
from compete.models import Entrant
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.taking_part import standing_withdrawal
from compete.services.registration.person_record import standing_outcomes, states_of_sheets
from compete.services.registration.withdrawing import (
    stage_awaited,
    why_no_outcome,
    why_not_returned,
    why_not_withdrawn,
)
from compete.web.language import say


@dataclass(frozen=True, slots=True)
class WithdrawCard:
    """Withdrawing, or taking it back: what comes of it, said before.

    Where it is not `possible`, `then` says why; where it `asks_evidence`, a second person decides.
    """

    then: Sequence[str]
    """What becomes of places, sheets and lists."""
    possible: bool = False
    back: bool = False
    asks_evidence: bool = False


def withdraw_card(entrant: Entrant) -> WithdrawCard:
    """The act that is possible now, with what becomes of places, sheets and lists."""
    if standing_withdrawal(entrant) is not None:
        why = why_not_returned(entrant)
        then = [say(why)] if why else _back(entrant)
        return WithdrawCard(then, possible=why is None, back=True)
    why = why_not_withdrawn(entrant)
    if why is None:
        return WithdrawCard([*_places(entrant), _nothing_left()], possible=True)
    if entrant.competition.state is not CompetitionState.JUDGING:
        if entrant.competition.state is not CompetitionState.REGISTERING:
            why_locked = _("评分已经锁定。要改，先解锁，再按缺考或中途退出办")
            return WithdrawCard([why_locked])
        return WithdrawCard([say(why)])
    if any(outcome.module is None for outcome in standing_outcomes(entrant)):
        out = _("已经记了缺考、中途退出或取消成绩。要撤回，在“缺考、退出、取消”里由两个人定")
        return WithdrawCard([out])
    locked = why_no_outcome(entrant)
    if locked is not None:
        return WithdrawCard([say(locked)])
    if (to_come := stage_awaited(entrant)) is not None:
        names = {"stage": to_come.name, "before": to_come.before}
        then = [
            _("“%(stage)s”记缺考，“%(before)s”的成绩和名次留着；两个人定", **names),
            _("确认了再开始“%(stage)s”：谁递补在那一页提出，开始以后不能再递补", **names),
        ]
        return WithdrawCard(then, possible=True, asks_evidence=True)
    count = sum(len(states) for states in states_of_sheets(entrant).values())
    then = [
        say(why),
        _("%(n)s 张评分表留着，不再等他", n=count),
        _("记缺考的计 0 分；记中途退出的，评过的照算，没评的计 0 分。名次旁边写明"),
    ]
    return WithdrawCard(then, possible=True, asks_evidence=True)


def _places(entrant: Entrant) -> list[str]:
    return [
        _(
            "%(module)s的位子（%(where)s）空出来",
            module=module_title(entrant.event, slot.stage, slot.module),
            where=" ".join(part for part in (slot.session, slot.station) if part) or "—",
        )
        for slot in entrant.slots
    ]


def _nothing_left() -> str:
    return _("人数、检录、参赛证、评分表和成绩里不再有他。资料和记录留着，锁定评分以前可以撤回")


def _back(entrant: Entrant) -> list[str]:
    then = [_("回到名单，位子还是原来的")]
    if entrant.competition.state is CompetitionState.JUDGING:
        then.append(_("评分已经开始，给他补上评分表"))
    return then
