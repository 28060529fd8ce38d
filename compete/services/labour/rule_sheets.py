"""The rules of a labour competition as a workbook of five sheets, to be changed in Excel.

指标 has a row for each indicator, 期次 one for each period, 规则 one for each setting, 单项奖 one
for each prize, 单位 one for each unit with its group and periods. Periods are named by name or
code. Read back, each cell that is not understood is told with its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

import msgspec

from compete.domain.bundle.labour_types import Flags, Indicator, Labour, Period, Prize, Scoring
from compete.domain.labour.self_assessment import SELF_ASSESSED, self_assessed
from compete.domain.labour.unit_spans import WHOLE, UnitSpan
from compete.domain.values.kinds import Better, Missing, ScoringType, VetoRank
from compete.domain.values.messages import Message, Translate, listed, msg
from compete.domain.values.numerals import plain
from compete.models import Competition
from compete.services.labour import rule_words as words
from compete.services.labour.rules import LabourRules, labour_rules
from compete.services.labour.squares import not_a_number, read_number
from compete.services.labour.workbooks import BookProblem
from compete.sheets.labour_values import ValueRow, ValueRows, read_value_rows
from compete.sheets.reading.cells import fault_words
from compete.sheets.texts import typed_parts
from compete.sheets.workbook.cells import Fault
from compete.sheets.workbook.tables import Table, Value, write_tables

_MARK = "、"
"""Between names."""


def rules_book(competition: Competition, translate: Translate = str) -> bytes:
    """The rules in force as a workbook, to be changed and read again; `translate`: its words."""
    rules = labour_rules(competition)
    labour = rules.labour
    names = labour.period_names
    whose = rules.whose
    indicators = [_indicator_row(row, whose, names, translate) for row in labour.indicators]
    periods: list[list[Value]] = [
        [period.code, period.name, names.get(period.part_of or "", ""), period.weight]
        for period in labour.periods
    ]
    settings = _rule_rows(labour, names, translate)
    spans = rules.spans or {}
    units: list[list[Value]] = [
        [
            name,
            group,
            names.get(span.first or "", ""),
            names.get(span.last or "", ""),
            span.into or "",
        ]
        for name, group in rules.units
        for span in (spans.get(name, WHOLE),)
    ]
    tables = (
        (words.NAME, words.INDICATOR_COLUMNS, indicators, 3),
        (words.PERIOD, words.PERIOD_COLUMNS, periods, 0),
        (words.RULE, (words.RULE, words.SAID), settings, 0),
        (words.PRIZE, words.PRIZE_COLUMNS, _prize_rows(labour, names), 0),
        (words.UNIT, (words.UNIT, words.GROUP, words.FIRST, words.FINAL, words.INTO), units, 0),
    )
    return write_tables(
        [
            Table(
                name=translate(name),
                title=competition.name,
                columns=[translate(column) for column in columns],
                rows=rows,
                frozen=frozen,
            )
            for name, columns, rows, frozen in tables
        ]
    )


def _indicator_row(
    indicator: Indicator,
    whose: Mapping[str, str],
    names: Mapping[str, str],
    translate: Translate,
) -> list[Value]:
    scoring = indicator.scoring
    points, joined = scoring.points, translate(_MARK).join
    return [
        indicator.code,
        indicator.heading or "",
        indicator.name,
        indicator.max,
        translate(words.KINDS[scoring.type]),
        points if isinstance(points, Decimal) else "",
        scoring.zero_at if scoring.zero_at is not None else "",
        scoring.full_at if scoring.full_at is not None else "",
        scoring.cap if scoring.type is ScoringType.COMPLETION else "",
        joined(plain(number) for number in points) if isinstance(points, tuple) else "",
        translate(words.YES) if scoring.better is Better.LOWER else "",
        whose.get(indicator.code, ""),
        joined(names.get(code, code) for code in indicator.periods),
        translate(words.YES if self_assessed(indicator) else words.NO),
    ]


def _rule_rows(labour: Labour, names: Mapping[str, str], translate: Translate) -> list[list[Value]]:
    flags, joined = labour.flags, translate(_MARK).join
    called = Counter(indicator.name for indicator in labour.indicators)
    # One that was scored otherwise from some period on is two of a name.
    indicators = {
        indicator.code: indicator.name
        for indicator in labour.indicators
        if called[indicator.name] == 1
    }
    ties = [key.removeprefix("indicator:") for key in labour.ties]
    return [
        [translate(word), value]
        for word, value in (
            (words.CAPPED, _or_empty(labour.adjust_cap)),
            (words.FLAGS, flags.count if flags else ""),
            (words.LEAST, flags.min if flags else ""),
            (words.LEAVES, flags.min_leaves if flags else ""),
            (
                words.FLAGGED,
                joined(names.get(code, code) for code in flags.periods) if flags else "",
            ),
            (words.WARNED, _or_empty(labour.warn_below)),
            (words.LACKING, translate(words.MISSING_WORDS[labour.missing])),
            # What says what holds unsaid would be refused where an earlier version is gone by.
            *(
                [(words.VETOED, translate(words.VETO_WORDS[labour.veto_rank]))]
                if labour.veto_rank is not VetoRank.NONE
                else []
            ),
            (words.TIES, joined(indicators.get(code, code) for code in ties)),
        )
    ]


def _prize_rows(labour: Labour, names: Mapping[str, str]) -> list[list[Value]]:
    keys = _prize_keys(labour.indicators)
    named = {key: name for name, key in keys.items()}
    return [
        [
            prize.code,
            prize.name,
            named.get(prize.by, prize.by),
            names.get(prize.period or "", ""),
            prize.top,
            _or_empty(prize.min),
        ]
        for prize in labour.prizes
    ]


def _prize_keys(indicators: Sequence[Indicator]) -> dict[str, str]:
    """What a prize may go by, by what somebody may write: a heading or an indicator's name or code.

    A heading is meant before an indicator of its name, a name of several stands for none.
    """
    called = Counter(indicator.name for indicator in indicators)
    keys = {f"heading:{row.heading}": f"heading:{row.heading}" for row in indicators if row.heading}
    keys |= {f"indicator:{row.code}": f"indicator:{row.code}" for row in indicators}
    keys |= {row.code: f"indicator:{row.code}" for row in indicators}
    keys |= {row.name: f"indicator:{row.code}" for row in indicators if called[row.name] == 1}
    keys |= {row.heading: f"heading:{row.heading}" for row in indicators if row.heading}
    return keys


def _or_empty(number: Decimal | None) -> Value:
    return "" if number is None else number


MOST_ROWS = 500


_YES = (words.YES, "√", "1", "y", "yes")
_NO = (words.NO, "×", "0", "n", "no")


@dataclass(frozen=True, slots=True)
class ReadRules:
    """The rules read from a workbook; `rules` is None if some of it was not understood."""

    rules: LabourRules | None
    problems: Sequence[BookProblem]
    title: str = ""
    """The text above the indicators."""
    rows: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    """Of periods, indicators and units the sheet and row of each."""
    notices: Sequence[Message] = ()
    """The notes on what of the workbook was filled, and what was not read."""


def says_rules(content: bytes, others: Sequence[Translate] = ()) -> bool:
    """True if a workbook has a sheet of indicators; `others` as for `read_rules_book`.

    Raises `WorkbookError` for what is no workbook.
    """
    also = _known_words(others)
    wanted = [[words.NAME], [words.MAX], [words.KIND]]
    rows = read_value_rows(content, wanted, (), MOST_ROWS, optional=True, also=also)
    return bool(rows.headings)


def read_rules_book(
    content: bytes, others: Sequence[Translate] = (), before: Labour | None = None
) -> ReadRules:
    """Read the rules of a workbook, in Chinese or words that any of the `others` knows.

    Of those in force `before` the prizes stay where it has no sheet for them. Raises
    `WorkbookError` for what is no such workbook.
    """
    return _Reading(content, _known_words(others), before).read()


def _known_words(others: Sequence[Translate]) -> dict[str, str]:
    also = {translate(word): word for translate in others for word in words.WORDS}
    return {**also, **{word: word for word in words.WORDS}}


_UNSAID = ValueRow("", 0, {}, {})


def _codes_by_word(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Codes by the name, the first of a name, and by themselves."""
    return dict(reversed(pairs)) | {code: code for _name, code in pairs}


def _coded(rows: Sequence[ValueRow], letter: str, standing: Iterable[str]) -> list[str]:
    """The code of each row; one without gets the next that nobody has, nor had until now.

    So a row that was taken out and one that was put in are two, whatever stands where.
    """
    codes = [row.texts.get(words.CODE, "") for row in rows]
    taken = {*codes, *standing}
    for place, code in enumerate(codes, start=1):
        if not code:
            free = next(it for n in count(place) if (it := f"{letter}{n:02}") not in taken)
            taken.add(free)
            codes[place - 1] = free
    return codes


class _Reading:
    """A reading of one workbook, which notes what it does not understand."""

    def __init__(self, content: bytes, known: Mapping[str, str], before: Labour | None) -> None:
        self.problems: list[BookProblem] = []
        self.before = before
        self.known = known
        self.indicators = self._rows(
            content, [words.NAME, words.MAX, words.KIND], words.INDICATOR_COLUMNS
        )
        standing = [it.code for it in before.indicators] if before is not None else []
        codes = _coded(self.indicators.rows, "I", standing)
        self.coded = list(zip(self.indicators.rows, codes, strict=True))
        self.periods = self._rows(content, [words.PERIOD, words.PART_OF], words.PERIOD_COLUMNS)
        self.rules = self._rows(content, [words.RULE, words.SAID], [], optional=True)
        self.prizes = self._rows(
            content, [words.PRIZE, words.BY, words.TOP], words.PRIZE_COLUMNS, optional=True
        )
        groups = [words.UNIT, words.GROUP]
        besides = [words.CODE, words.FIRST, words.FINAL, words.INTO]
        self.units = self._rows(content, groups, besides, 2000, optional=True)

    def _rows(
        self,
        content: bytes,
        wanted: Sequence[str],
        known: Sequence[str],
        most: int = MOST_ROWS,
        *,
        optional: bool = False,
    ) -> ValueRows:
        rows = read_value_rows(
            content,
            [[heading] for heading in wanted],
            known,
            most,
            optional=optional,
            whole=True,
            also=self.known,
        )
        for row in rows.rows:
            for heading, text in row.texts.items():
                if isinstance(text, Fault):
                    self.note(row, heading, fault_words(text))
        return rows

    def read(self) -> ReadRules:
        periods = self._periods()
        indicators, departments = self._indicators(periods)
        rows_of = {self._word(row.texts.get(words.RULE, "")): row for row in self.rules.rows}
        named = [row for row in self.units.rows if row.texts[words.UNIT]]
        units = [(" ".join(row.texts[words.UNIT].split()), row.texts[words.GROUP]) for row in named]
        spans = self._spans(periods, named)
        labour = self._labour(periods, indicators, rows_of)
        if labour is not None:
            prizes = self._prizes(periods, labour.indicators) if self.prizes.headings else None
            kept = self.before.prizes if self.before is not None else ()
            labour = msgspec.structs.replace(labour, prizes=kept if prizes is None else prizes)
        tables = (self.indicators, self.periods, self.rules, self.prizes, self.units)
        # What none of the five has a use for.
        unused = [it for it in tables[0].unused if all(it in table.unused for table in tables)]
        notices = [*(it for table in tables for it in table.notices), *unused]
        if self.problems or labour is None:
            return ReadRules(None, self.problems, notices=notices)
        rows = {
            key: [(row.sheet, row.number) for row in rows]
            for key, rows in (
                ("periods", self.periods.rows),
                ("indicators", self.indicators.rows),
                ("units", named),
            )
        }
        rules = LabourRules(labour, departments, units, spans=spans)
        return ReadRules(rules, [], self.indicators.title, rows, notices)

    def _word(self, text: str) -> str:
        """A word of the workbook as the code knows it, in whatever language it stands."""
        return self.known.get(text, text)

    def note(self, row: ValueRow, heading: str, why: Message) -> None:
        """Note that something at a cell was not understood."""
        place = f"{row.letters.get(heading, '')}{row.number}"
        self.problems.append(BookProblem(place, heading, why, row.sheet))

    def number(self, row: ValueRow, heading: str, *, needed: bool) -> Decimal | None:
        """The number in a cell; noted where it is none, or lacks though it is needed."""
        text = row.texts.get(heading, "")
        if not text:
            if needed:
                self.note(row, heading, msg("要填"))
            return None
        value = read_number(text)
        if value is None:
            self.note(row, heading, not_a_number(text))
        return value

    def codes(self, row: ValueRow, heading: str, known: Mapping[str, str]) -> tuple[str, ...]:
        """Read names or codes with commas between, as codes."""
        codes = []
        text = row.texts.get(heading, "")
        for part in typed_parts(text):
            if part not in known:
                self.note(row, heading, msg("没有“%(text)s”", text=part[:40]))
                continue
            codes.append(known[part])
        return tuple(codes)

    def _periods(self) -> list[Period]:
        standing = [it.code for it in self.before.periods] if self.before is not None else []
        coded = list(zip(self.periods.rows, _coded(self.periods.rows, "P", standing), strict=True))
        known = _codes_by_word([(row.texts[words.PERIOD], code) for row, code in coded])
        periods = []
        for row, code in coded:
            if not row.texts[words.PERIOD]:
                self.note(row, words.PERIOD, msg("要填"))
            part_of = self.codes(row, words.PART_OF, known)
            weight = self.number(row, words.WEIGHT, needed=False)
            periods.append(
                Period(
                    code=code,
                    name=row.texts[words.PERIOD] or code,
                    part_of=part_of[0] if part_of else None,
                    weight=weight if weight is not None else Decimal(1),
                )
            )
        return periods

    def _indicators(
        self, periods: Sequence[Period]
    ) -> tuple[list[Indicator], dict[str, list[str]]]:
        known = _codes_by_word([(period.name, period.code) for period in periods])
        indicators: list[Indicator] = []
        departments: dict[str, list[str]] = {}
        for row, code in self.coded:
            most = self.number(row, words.MAX, needed=True)
            scoring = self._scoring(row)
            if not row.texts[words.NAME]:
                self.note(row, words.NAME, msg("要填"))
            asked = self.codes(row, words.ASKED, known)
            if most is None or scoring is None or not row.texts[words.NAME]:
                continue
            indicators.append(
                Indicator(
                    code=code,
                    name=row.texts[words.NAME],
                    heading=row.texts.get(words.HEADING) or None,
                    max=most,
                    scoring=scoring,
                    periods=asked,
                    extra=self._own(row),
                )
            )
            department = " ".join(row.texts.get(words.DEPARTMENT, "").split())
            if department:
                departments.setdefault(department, []).append(code)
        return indicators, departments

    def _spans(
        self, periods: Sequence[Period], rows: Sequence[ValueRow]
    ) -> dict[str, UnitSpan] | None:
        """Read the first and last periods of units; None if no column is there for them."""
        headings = words.FIRST, words.FINAL, words.INTO
        if not any(heading in row.letters for row in rows for heading in headings):
            return None
        known = _codes_by_word([(period.name, period.code) for period in periods])
        spans = {}
        for row in rows:
            first, last = (self.codes(row, it, known) for it in (words.FIRST, words.FINAL))
            into = " ".join(row.texts.get(words.INTO, "").split())
            if first or last or into:
                spans[" ".join(row.texts[words.UNIT].split())] = UnitSpan(
                    first=next(iter(first), None), last=next(iter(last), None), into=into or None
                )
        return spans

    def _prizes(
        self, periods: Sequence[Period], indicators: Sequence[Indicator]
    ) -> tuple[Prize, ...]:
        known = _codes_by_word([(period.name, period.code) for period in periods])
        keys, prizes = _prize_keys(indicators), []
        standing = [it.code for it in self.before.prizes] if self.before is not None else []
        coded = zip(self.prizes.rows, _coded(self.prizes.rows, "W", standing), strict=True)
        for row, code in coded:
            name, by = row.texts[words.PRIZE], row.texts[words.BY]
            if not name:
                self.note(row, words.PRIZE, msg("要填"))
            if by not in keys:
                why = msg("没有“%(text)s”", text=by[:40]) if by else msg("要填")
                self.note(row, words.BY, why)
            period = self.codes(row, words.IN, known)
            top = self.number(row, words.TOP, needed=True)
            if top is not None and (top != int(top) or top < 1):
                self.note(row, words.TOP, msg("取几名写整数，至少 1"))
            least = self.number(row, words.FLOOR, needed=False)
            if name and by in keys and top is not None and top == int(top) and top >= 1:
                prizes.append(
                    Prize(
                        code=code,
                        name=name,
                        by=keys[by],
                        period=next(iter(period), None),
                        top=int(top),
                        min=least,
                    )
                )
        return tuple(prizes)

    def _own(self, row: ValueRow) -> dict[str, Any] | None:
        """Read whether units assess themselves; if the column is lacking, None for unsaid."""
        if words.OWN not in row.letters:
            return {SELF_ASSESSED: None}
        text = self._word(row.texts.get(words.OWN, "")).lower()
        if text and text not in (*_YES, *_NO):
            self.note(row, words.OWN, msg("填“是”或“否”"))
        return {SELF_ASSESSED: False} if text in _NO else None

    def _scoring(self, row: ValueRow) -> Scoring | None:
        text = self._word(row.texts[words.KIND])
        kind = next((kind for kind, word in words.KINDS.items() if word == text), None)
        if kind is None:
            why = msg("填 %(words)s 里的一种", words=listed(list(words.KINDS.values())))
            self.note(row, words.KIND, why)
            return None
        keys: dict[str, Any] = {}
        if kind is ScoringType.DEDUCTION:
            keys["points"] = self.number(row, words.EACH, needed=True)
        if kind is ScoringType.LINEAR:
            keys["zero_at"] = self.number(row, words.ZERO, needed=True)
            keys["full_at"] = self.number(row, words.FULL, needed=True)
        if kind is ScoringType.COMPLETION:
            keys["cap"] = self.number(row, words.CAP, needed=False) or Decimal(1)
        if kind is ScoringType.RANK:
            parts = typed_parts(row.texts.get(words.PLACES, ""))
            numbers = [read_number(part) for part in parts]
            points = tuple(number for number in numbers if number is not None)
            if not parts or len(points) < len(parts):
                self.note(row, words.PLACES, msg("从第 1 名起写各名次的分，如 10、8、6"))
                return None
            keys["points"] = points
            lower = self._word(row.texts.get(words.LOWER, "")).lower() in _YES
            keys["better"] = Better.LOWER if lower else Better.HIGHER
        return None if None in keys.values() else Scoring(type=kind, **keys)

    def _labour(
        self,
        periods: Sequence[Period],
        indicators: Sequence[Indicator],
        answers: Mapping[str, ValueRow],
    ) -> Labour | None:
        names = _codes_by_word([(period.name, period.code) for period in periods])
        # With those of rows in which something else was not understood.
        pairs = [(row.texts[words.NAME], code) for row, code in self.coded]
        known = _codes_by_word(pairs)

        def number(key: str) -> Decimal | None:
            return self.number(answers.get(key, _UNSAID), words.SAID, needed=False)

        def codes(key: str, of: Mapping[str, str]) -> tuple[str, ...]:
            return self.codes(answers.get(key, _UNSAID), words.SAID, of)

        count, least, leaves = number(words.FLAGS), number(words.LEAST), number(words.LEAVES)
        for key, figure in ((words.FLAGS, count), (words.LEAVES, leaves)):
            if figure is not None and (figure != int(figure) or figure < 0):
                self.note(answers[key], words.SAID, msg("几面红旗、几期写整数"))
                return None
        lacking = {text: key for key, text in words.MISSING_WORDS.items()}
        said_of_it = answers.get(words.LACKING, _UNSAID).texts.get(words.SAID, "")
        missing = lacking.get(self._word(said_of_it), Missing.BLOCKS)
        vetoed = answers.get(words.VETOED, _UNSAID)
        word = self._word(vetoed.texts.get(words.SAID, ""))
        ranks = {text: key for key, text in words.VETO_WORDS.items()}
        veto_rank = ranks.get(word, VetoRank.NONE)
        if word and word not in ranks:
            self.note(vetoed, words.SAID, msg("写“不排名次”“排在同组最后”或“照总分排”"))
            return None
        flags = None
        if count is not None:
            flags = Flags(
                count=int(count),
                min=least or Decimal(0),
                periods=codes(words.FLAGGED, names),
                min_leaves=int(leaves) if leaves is not None else 1,
            )
        ties = tuple(f"indicator:{code}" for code in codes(words.TIES, known))
        warned, capped = number(words.WARNED), number(words.CAPPED)
        if self.problems or not periods or not indicators:
            return None
        return msgspec.structs.replace(
            Labour(periods=tuple(periods), indicators=tuple(indicators)),
            flags=flags,
            ties=ties,
            warn_below=warned,
            adjust_cap=capped,
            missing=missing,
            veto_rank=veto_rank,
        )
