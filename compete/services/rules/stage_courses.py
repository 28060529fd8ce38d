"""Courses where a correction of the stage before changes who goes on, and the stage has begun.

Following the rules replaces people (`judging.stage_following`). All may stay instead, beside those
who newly go on, or nobody may come in for those who leave: both change the rules, asked by one
with a reason, agreed to by chief judge and supervisor, and public in the file.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec.structs import replace

from compete.domain.bundle.event_types import Advance
from compete.domain.values.messages import msg
from compete.models import Account, Competition, RuleChange
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.rules.changes import ask_rules
from compete.services.schedule.next_stage import NextStage, next_stages


class Course(StrEnum):
    """What two may decide instead of following the rules."""

    KEEP = "keep"
    """Those who would leave stay, and those who newly go on come in."""
    CLOSE = "close"
    """Those who would leave go, and nobody comes in: it is too late for that."""


def stage_changed(
    competition: Competition, event: str, stage: str, course: Course
) -> NextStage | None:
    """The begun stage in which that course would change something; else None."""
    wanted = next(
        (it for it in next_stages(competition) if (it.event, it.code) == (event, stage)), None
    )
    if wanted is None or not wanted.begun:
        return None
    return wanted if (wanted.leaving if course is Course.KEEP else wanted.people) else None


def ask_course(
    competition: Competition,
    event: str,
    stage: str,
    course: Course,
    seen: str,
    reason: str,
    by: Account,
) -> RuleChange:
    """Ask for the course instead of the rules.

    Raises `Refused`: INVALID without a reason, CONFLICT where others would come or leave than was
    shown (`seen`), or another change waits.
    """
    without = msg("都留下要写理由") if course is Course.KEEP else msg("不补进要写理由")
    reason = reason_text(reason, without)
    asked = stage_changed(competition, event, stage, course)
    if asked is None or asked.mark != seen:
        raise Refused(msg("能进的人和刚才看到的不一样了，再看一遍"))
    own = next(it for it in competition.events if it.code == event)
    rules = rules_of(own)
    stages = tuple(
        replace(it, advance=_changed(it.advance, asked, course))
        if it.code == asked.before_code and it.advance is not None
        else it
        for it in rules.stages
    )
    return ask_rules(own, replace(rules, stages=stages), reason, by)


def _changed(advance: Advance, asked: NextStage, course: Course) -> Advance:
    if course is Course.KEEP:
        return replace(advance, also=(*advance.also, *sorted(asked.leaving)))
    return replace(advance, missed=(*advance.missed, *sorted(asked.people)))
