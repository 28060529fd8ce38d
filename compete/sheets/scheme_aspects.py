"""Aspects of a scheme in a workbook: lines of texts, with what was odd about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from compete.domain.aspects.form_fields import Own
from compete.domain.values.messages import Message

MOST_LINES = 300
"""So many aspects a module's form takes."""


class SchemeForm(StrEnum):
    """The forms of schemes: the trade's four columns, or the eleven of international contests."""

    TRADE = "trade"
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeAspect:
    """An aspect as texts; what is empty was not said.

    `own` are those that its type alone knows.
    """

    name: str = ""
    criterion: str = ""
    type: str = "score"
    max: str = ""
    factor: str = "1"
    standard: str = ""
    own: Own = field(default_factory=dict)
    unit: str = ""
    hint: str = ""

    @property
    def levels(self) -> list[str]:
        """The words of its levels, from 0 up; none where it is given by no level."""
        return self.own.get("levels", "").splitlines() if self.type == "judgement" else []


@dataclass(slots=True)
class SchemeLine:
    """An aspect that was read, and the row of the sheet where it begins."""

    number: int
    aspect: SchemeAspect
    says_type: bool = True
    """True if the sheet says how marks are given; if not, that stays as it is."""
    problems: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A sheet that was read. `warnings` are about the sheet as a whole, such as wrong sums."""

    form: SchemeForm
    sheet: str
    lines: Sequence[SchemeLine]
    warnings: Sequence[Message]
    title: str = ""
    """The text alone above the header, without the words that call it a marking scheme."""


@dataclass(frozen=True, slots=True)
class SchemeBook:
    """A workbook's schemes, a sheet each in its order; `warnings` are about it as a whole."""

    schemes: Sequence[Scheme]
    warnings: Sequence[Message]
