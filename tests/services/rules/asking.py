"""Other rules for the competition of a panel, as its organiser would ask for them."""

from __future__ import annotations

from dataclasses import replace

from compete.models import RuleChange
from compete.services.rules.changes import Seat, agree_change, ask_change
from compete.services.rules.rules_draft import RulesDraft
from compete.services.rules.rules_saving import draft_in_force
from compete.services.rules.stage_draft import AspectDraft
from tests.support.panels import Panel

PAPER, PRACTICE = 0, 1


def draft_of(panel: Panel, module: int = PRACTICE, **keys: object) -> RulesDraft:
    """The rules in force with a module said otherwise."""
    draft = draft_in_force(panel.competition.events[0])
    stage = draft.stages[0]
    modules = list(stage.modules)
    modules[module] = replace(modules[module], **keys)  # type: ignore[arg-type]
    return replace(draft, stages=(replace(stage, modules=tuple(modules)), *draft.stages[1:]))


def aspects(panel: Panel, place: int = 0, **keys: object) -> RulesDraft:
    """The rules in force with an aspect of the practice said otherwise."""
    rows = list(draft_in_force(panel.competition.events[0]).stages[0].modules[PRACTICE].aspects)
    rows[place] = replace(rows[place], **keys)  # type: ignore[arg-type]
    return of_rows(panel, *rows)


def of_rows(panel: Panel, *rows: AspectDraft) -> RulesDraft:
    """The rules in force with these rows in the practice, which is full with all of them."""
    full = sum(int(row.max) for row in rows)
    return draft_of(panel, aspects=rows, full=str(full))


def lighter(panel: Panel) -> RulesDraft:
    """The practice counts 50 and no longer 60, the paper 50."""
    draft = draft_of(panel, weight="50")
    stage = draft.stages[0]
    paper = replace(stage.modules[PAPER], weight="50")
    return replace(draft, stages=(replace(stage, modules=(paper, stage.modules[PRACTICE])),))


def ask(panel: Panel, draft: RulesDraft, reason: str = "技术文件写错了") -> RuleChange:
    """The organiser asks."""
    event = panel.competition.events[0]
    change = ask_change(event, draft, event.rules.number, reason, panel.organiser)
    assert change is not None
    return change


def both_agree(panel: Panel, change: RuleChange) -> RuleChange:
    """Chief judge and supervisor agree."""
    agree_change(change, Seat.CHIEF, panel.account("C1"))
    return agree_change(change, Seat.SUPERVISOR, panel.account("S1"))
