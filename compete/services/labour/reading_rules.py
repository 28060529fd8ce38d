"""The workbook of rules read back: each cell that is not understood is told with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from compete.domain.bundle import Flags, Indicator, Labour, Period, Scoring
from compete.domain.labour import SELF_ASSESSED
from compete.domain.values import Better, Message, Missing, ScoringType, Translate, listed, msg
from compete.services.labour.cells import read_number
from compete.services.labour.known_rules import LabourRules
from compete.services.labour.rule_sheets import INDICATOR_COLUMNS, MISSING_WORDS
from compete.services.labour.rule_words import (
    ASKED,
    CAP,
    CAPPED,
    CODE,
    DEPARTMENT,
    EACH,
    FLAGGED,
    FLAGS,
    FULL,
    GROUP,
    HEADING,
    KIND,
    KINDS,
    LACKING,
    LEAST,
    LEAVES,
    LOWER,
    MAX,
    NAME,
    NO,
    OWN,
    PART_OF,
    PERIOD,
    PLACES,
    RULE,
    SAID,
    TIES,
    UNIT,
    WARNED,
    WEIGHT,
    WORDS,
    YES,
    ZERO,
)
from compete.services.labour.workbooks import BookProblem
from compete.sheets.labour_values import ValueRows, read_value_rows

MOST_ROWS = 500


_APART = re.compile(r"[、，,;；\n]+")
_YES = (YES, "√", "1", "y", "yes")
_NO = (NO, "×", "0", "n", "no")


@dataclass(frozen=True, slots=True)
class ReadRules:
    """What a workbook says; `rules` is None where something of it was not understood."""

    rules: LabourRules | None
    problems: Sequence[BookProblem]
    title: str = ""
    """What stands above the indicators."""
    rows: Mapping[str, tuple[str, Sequence[int]]] = field(default_factory=dict)
    """Of periods, indicators and units the sheet, and the row of each."""


def says_rules(content: bytes, others: Sequence[Translate] = ()) -> bool:
    """Whether a workbook has a sheet of indicators; `others` as for `read_rules_book`.

    Raises `WorkbookError` for what is no workbook.
    """
    words = _known_words(others)
    rows = read_value_rows(content, [NAME, MAX, KIND], (), MOST_ROWS, optional=True, also=words)
    return bool(rows.letters)


def read_rules_book(content: bytes, others: Sequence[Translate] = ()) -> ReadRules:
    """What a workbook says, in Chinese or what any of the `others` makes of its words.

    Raises `WorkbookError` for what is no such workbook.
    """
    return _Reading(content, _known_words(others)).read()


def _known_words(others: Sequence[Translate]) -> dict[str, str]:
    also = {translate(word): word for translate in others for word in WORDS}
    return {**also, **{word: word for word in WORDS}}


class _Reading:
    """Reads one workbook, noting what it does not understand."""

    def __init__(self, content: bytes, words: Mapping[str, str]) -> None:
        self.problems: list[BookProblem] = []
        self.words = words
        self.indicators = self._rows(content, [NAME, MAX, KIND], INDICATOR_COLUMNS)
        self.periods = self._rows(content, [PERIOD, PART_OF], [CODE, WEIGHT])
        self.rules = self._rows(content, [RULE, SAID], [], optional=True)
        self.units = self._rows(content, [UNIT, GROUP], [CODE], 2000, optional=True)

    def _rows(
        self,
        content: bytes,
        wanted: Sequence[str],
        known: Sequence[str],
        most: int = MOST_ROWS,
        *,
        optional: bool = False,
    ) -> ValueRows:
        return read_value_rows(content, wanted, known, most, optional=optional, also=self.words)

    def read(self) -> ReadRules:
        periods = self._periods()
        indicators, departments = self._indicators(periods)
        said = {
            self._word(row.get(RULE, "")): (number, row.get(SAID, ""))
            for number, row in self.rules.rows
        }
        named = [(number, row) for number, row in self.units.rows if row[UNIT]]
        units = [(" ".join(row[UNIT].split()), row[GROUP]) for _number, row in named]
        labour = self._labour(periods, indicators, said)
        if self.problems or labour is None:
            return ReadRules(None, self.problems)
        rows = {
            "periods": (self.periods.sheet, [number for number, _row in self.periods.rows]),
            "indicators": (
                self.indicators.sheet,
                [number for number, _row in self.indicators.rows],
            ),
            "units": (self.units.sheet, [number for number, _row in named]),
        }
        return ReadRules(LabourRules(labour, departments, units), [], self.indicators.title, rows)

    def _word(self, text: str) -> str:
        """A word of the workbook as the code knows it, in whatever language it stands."""
        return self.words.get(text, text)

    def note(self, rows: ValueRows, number: int, heading: str, why: Message) -> None:
        """Something at a cell was not understood."""
        place = f"{rows.letters.get(heading, '')}{number}"
        self.problems.append(BookProblem(place, heading, why, rows.sheet))

    def number(
        self, rows: ValueRows, number: int, row: Mapping[str, str], heading: str, *, needed: bool
    ) -> Decimal | None:
        """The number in a cell; noted where it is none, or lacks though it is needed."""
        text = row.get(heading, "")
        if not text:
            if needed:
                self.note(rows, number, heading, msg("要填"))
            return None
        value = read_number(text)
        if value is None:
            self.note(rows, number, heading, msg("“%(text)s”不是数", text=text[:20]))
        return value

    def codes(
        self, rows: ValueRows, number: int, heading: str, text: str, known: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Names or codes with commas between, as codes."""
        found = []
        for part in filter(None, (part.strip() for part in _APART.split(text))):
            if part not in known:
                self.note(rows, number, heading, msg("没有“%(text)s”", text=part[:40]))
                continue
            found.append(known[part])
        return tuple(found)

    def _periods(self) -> list[Period]:
        rows = self.periods
        known: dict[str, str] = {}
        coded = []
        for place, (number, row) in enumerate(rows.rows, start=1):
            code = row.get(CODE) or f"P{place:02}"
            coded.append((number, row, code))
            known.setdefault(row[PERIOD], code)
            known[code] = code
        found = []
        for number, row, code in coded:
            if not row[PERIOD]:
                self.note(rows, number, PERIOD, msg("要填"))
            part_of = self.codes(rows, number, PART_OF, row[PART_OF], known)
            weight = self.number(rows, number, row, WEIGHT, needed=False)
            found.append(
                Period(
                    code=code,
                    name=row[PERIOD] or code,
                    part_of=part_of[0] if part_of else None,
                    weight=weight if weight is not None else Decimal(1),
                )
            )
        return found

    def _indicators(
        self, periods: Sequence[Period]
    ) -> tuple[list[Indicator], dict[str, list[str]]]:
        rows = self.indicators
        known = {each.name: each.code for each in reversed(periods)}
        known |= {each.code: each.code for each in periods}
        found: list[Indicator] = []
        departments: dict[str, list[str]] = {}
        for place, (number, row) in enumerate(rows.rows, start=1):
            code = row.get(CODE) or f"I{place:02}"
            most = self.number(rows, number, row, MAX, needed=True)
            scoring = self._scoring(number, row)
            if not row[NAME]:
                self.note(rows, number, NAME, msg("要填"))
            asked = self.codes(rows, number, ASKED, row.get(ASKED, ""), known)
            if most is None or scoring is None or not row[NAME]:
                continue
            found.append(
                Indicator(
                    code=code,
                    name=row[NAME],
                    heading=row.get(HEADING) or None,
                    max=most,
                    scoring=scoring,
                    periods=asked,
                    extra=self._own(number, row),
                )
            )
            department = " ".join(row.get(DEPARTMENT, "").split())
            if department:
                departments.setdefault(department, []).append(code)
        return found, departments

    def _own(self, number: int, row: Mapping[str, str]) -> dict[str, Any] | None:
        """Whether units assess themselves; where the column is lacking, None for unsaid."""
        if OWN not in self.indicators.letters:
            return {SELF_ASSESSED: None}
        said = self._word(row.get(OWN, "")).lower()
        if said and said not in (*_YES, *_NO):
            self.note(self.indicators, number, OWN, msg("填“是”或“否”"))
        return {SELF_ASSESSED: False} if said in _NO else None

    def _scoring(self, number: int, row: Mapping[str, str]) -> Scoring | None:
        rows = self.indicators
        kind = next((each for each, word in KINDS.items() if word == self._word(row[KIND])), None)
        if kind is None:
            why = msg("填 %(words)s 里的一种", words=listed(list(KINDS.values())))
            self.note(rows, number, KIND, why)
            return None
        keys: dict[str, Any] = {}
        if kind is ScoringType.DEDUCTION:
            keys["points"] = self.number(rows, number, row, EACH, needed=True)
        if kind is ScoringType.LINEAR:
            keys["zero_at"] = self.number(rows, number, row, ZERO, needed=True)
            keys["full_at"] = self.number(rows, number, row, FULL, needed=True)
        if kind is ScoringType.COMPLETION:
            keys["cap"] = self.number(rows, number, row, CAP, needed=False) or Decimal(1)
        if kind is ScoringType.RANK:
            parts = [part for part in _APART.split(row.get(PLACES, "")) if part.strip()]
            numbers = [read_number(part) for part in parts]
            points = tuple(each for each in numbers if each is not None)
            if not parts or len(points) < len(parts):
                self.note(rows, number, PLACES, msg("从第 1 名起写各名次的分，如 10、8、6"))
                return None
            keys["points"] = points
            keys["better"] = (
                Better.LOWER if self._word(row.get(LOWER, "")).lower() in _YES else Better.HIGHER
            )
        return None if None in keys.values() else Scoring(type=kind, **keys)

    def _labour(
        self,
        periods: Sequence[Period],
        indicators: Sequence[Indicator],
        said: Mapping[str, tuple[int, str]],
    ) -> Labour | None:
        rows = self.rules
        names = {each.name: each.code for each in reversed(periods)}
        names |= {each.code: each.code for each in periods}
        # With those of rows in which something else was not understood.
        told = [
            (row[NAME], row.get(CODE) or f"I{place:02}")
            for place, (_number, row) in enumerate(self.indicators.rows, start=1)
        ]
        known = dict(reversed(told)) | {code: code for _name, code in told}

        def number(key: str) -> Decimal | None:
            at, text = said.get(key, (0, ""))
            return self.number(rows, at, {SAID: text}, SAID, needed=False)

        def codes(key: str, of: Mapping[str, str]) -> tuple[str, ...]:
            at, text = said.get(key, (0, ""))
            return self.codes(rows, at, SAID, text, of)

        count, least, leaves = number(FLAGS), number(LEAST), number(LEAVES)
        for key, each in ((FLAGS, count), (LEAVES, leaves)):
            if each is not None and (each != int(each) or each < 0):
                self.note(rows, said[key][0], SAID, msg("几面红旗、几期写整数"))
                return None
        missing = next(
            (
                key
                for key, word in MISSING_WORDS.items()
                if word == self._word(said.get(LACKING, (0, ""))[1])
            ),
            Missing.BLOCKS,
        )
        flags = None
        if count is not None:
            flags = Flags(
                count=int(count),
                min=least or Decimal(0),
                periods=codes(FLAGGED, names),
                min_leaves=int(leaves) if leaves is not None else 1,
            )
        ties = tuple(f"indicator:{code}" for code in codes(TIES, known))
        warned, capped = number(WARNED), number(CAPPED)
        if self.problems or not periods or not indicators:
            return None
        return msgspec.structs.replace(
            Labour(periods=tuple(periods), indicators=tuple(indicators)),
            flags=flags,
            ties=ties,
            warn_below=warned,
            adjust_cap=capped,
            missing=missing,
        )
