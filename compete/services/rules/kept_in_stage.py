"""Kept in a stage: who went on through another's error, and stays beside whom the rules name.

A correction of the stage before may take a finalist out whose final has begun. Following the
rules replaces them (`judging.stage_following`); keeping both is a change of rules: asked by one
with a reason, agreed to by chief judge and supervisor, and public in the file.
"""

from __future__ import annotations

from msgspec.structs import replace

from compete.domain.values.messages import msg
from compete.models import Account, Competition, RuleChange
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.rules.changes import ask_rules
from compete.services.schedule.next_stage import NextStage, next_stages


def stage_left(competition: Competition, event: str, stage: str) -> NextStage | None:
    """The begun stage that somebody would leave by the results of the one before; else None."""
    return next(
        (
            it
            for it in next_stages(competition)
            if (it.event, it.code) == (event, stage) and it.begun and it.leaving
        ),
        None,
    )


def ask_kept(
    competition: Competition, event: str, stage: str, seen: str, reason: str, by: Account
) -> RuleChange:
    """Ask that those who would leave the stage stay in it, beside whoever newly goes on.

    Raises `Refused`: INVALID without a reason, CONFLICT where others would leave than was shown
    (`seen`), or another change waits.
    """
    reason = reason_text(reason, msg("都留下要写理由"))
    asked = stage_left(competition, event, stage)
    if asked is None or asked.mark != seen:
        raise Refused(msg("能进的人和刚才看到的不一样了，再看一遍"))
    own = next(it for it in competition.events if it.code == event)
    rules = rules_of(own)
    stages = tuple(
        replace(it, advance=replace(it.advance, also=(*it.advance.also, *sorted(asked.leaving))))
        if it.code == asked.before_code and it.advance is not None
        else it
        for it in rules.stages
    )
    return ask_rules(own, replace(rules, stages=stages), reason, by)
