"""回避 in words: who has withdrawn, whose sheets that closed, who could step in."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from compete.domain.values.roles import MARKING_ROLES, Role
from compete.models import Competition, Judge, Recusal, Sheet
from compete.services.kernel.event_rules import module_title
from compete.services.sheets.finding import judges_beside
from compete.web.shapes import Choice
from compete.web.templating import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalRow:
    """A recusal."""

    judge: str
    whom: str
    count: int
    """How many sheets it closed."""
    reason: str
    at: str


def is_a_marker(judge: Judge) -> bool:
    """Whether an official marks, and so may withdraw or step in."""
    return (judge.role or Role.JUDGE) in MARKING_ROLES


def describe_choice(judge: Judge) -> Choice:
    """A judge as a choice of a form."""
    return Choice(value=judge.code, label=f"{judge.code} {judge.name}")


def free_judges(competition: Competition, sheet: Sheet) -> list[Choice]:
    """Judges without a sheet for this entrant in this module."""
    taken = judges_beside(sheet)
    return [
        describe_choice(judge)
        for judge in competition.judges
        if is_a_marker(judge) and judge.id not in taken
    ]


def module_name(sheet: Sheet) -> str:
    """What the module of a sheet is called."""
    return module_title(sheet.entrant.event, sheet.stage, sheet.module)


def recusal_row(recusal: Recusal, named: bool) -> RecusalRow:
    """One recusal: who, from whom, why, when; names only where the reader may see them."""
    unit = recusal.unit.name if recusal.unit and named else _("一个单位")
    return RecusalRow(
        judge=f"{recusal.judge.code} {recusal.judge.name}",
        whom=unit if recusal.unit else _("一名选手"),
        count=len(recusal.sheets),
        reason=recusal.reason,
        at=moment(recusal.made_at),
    )
