"""Next in rank: one more place if a finalist leaves before the stage begins, in rank order.

A place of the stage is a rule, so one more is a change of rules: asked by one, agreed to by chief
judge and supervisor. The file says it in the rule of the stage before.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from compete.domain.bundle.event_types import Stage
from compete.domain.ranking.next_in_rank import NextUp, called_up_for, leaving, next_up
from compete.domain.values.messages import msg
from compete.models import Account, Competition, RuleChange
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.rules.changes import ask_rules
from compete.services.schedule.next_stage import next_stages
from compete.services.scoring.live import live_results


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """A finalist who does not take part, and who would follow."""

    event: str
    stage: str
    """The code of the stage that they leave."""
    name: str
    """The name of the stage."""
    leaver: str
    """Their code."""
    before: Stage
    """The stage that says who goes on."""
    up: NextUp
    """The rule by which others follow, and who they are."""

    @property
    def next(self) -> tuple[str, ...]:
        """The codes of who goes on then, in rank order."""
        return self.up.entrants

    @property
    def equal(self) -> tuple[str, ...]:
        """The codes of those among whom a place stays open until they are parted."""
        return tuple(dict.fromkeys(code for it in self.up.open for code in it.entrants))


def successors(competition: Competition) -> list[Successor]:
    """List who leaves stages that have not begun, and for whom nobody was called up yet.

    None where the competition calls nobody up (`call_up`), or nobody is left to follow.
    """
    leavers: list[Successor] = []
    if not settings_of(competition).call_up:
        return leavers
    by_code = {event.code: event for event in competition.events}
    for stage in next_stages(competition):
        event = by_code[stage.event]
        before = next(it for it in rules_of(event).stages if it.code == stage.before_code)
        if stage.begun or before.advance is None:
            continue
        called = called_up_for(before.advance)
        live = live_results(competition)
        stages = live.event(event.code).stages
        rows = next(it.standings for it in stages if it.code == before.code)
        after = next(it for it in rules_of(event).stages if it.code == stage.code)
        for code in sorted(leaving(live.bundle, after)):
            if code not in stage.people or code in called:
                continue
            up = next_up(live.bundle, before, rows, code)
            if up is not None:
                leavers.append(
                    Successor(
                        event=event.code,
                        stage=stage.code,
                        name=stage.name,
                        leaver=code,
                        before=before,
                        up=up,
                    )
                )
    return leavers


def ask_successor(competition: Competition, event: str, leaver: str, by: Account) -> RuleChange:
    """Ask that one more go on in this one's stead; chief judge and supervisor agree.

    Raises `Refused` (CONFLICT) where the stage has begun, another change waits, or nobody is
    called up.
    """
    if not settings_of(competition).call_up:
        raise Refused(msg("竞赛资料里写的是空着、不递补"))
    asked = next(
        (it for it in successors(competition) if (it.event, it.leaver) == (event, leaver)), None
    )
    if asked is None:
        raise Refused(msg("这个赛段已经开始了、已经递补过，或者后面没有人可以递补"))
    own = next(it for it in competition.events if it.code == event)
    rules = rules_of(own)
    stages = tuple(
        replace(stage, advance=asked.up.advance) if stage.code == asked.before.code else stage
        for stage in rules.stages
    )
    reason = msg("%(code)s 不参加“%(stage)s”，依次递补", code=leaver, stage=asked.name).render()
    return ask_rules(own, replace(rules, stages=stages), reason, by)
