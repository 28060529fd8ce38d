"""The rules of a labour competition as a workbook of four sheets, to be changed in Excel.

指标 has a row for each indicator, 期次 one for each period, 规则 one for each setting, 单位 one
for each unit with its group. Periods are named by name or code; `reading_rules` reads them back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from compete.domain.bundle.labour_types import Indicator, Labour
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.values.kinds import Better, Missing, ScoringType, VetoRank
from compete.domain.values.messages import Translate
from compete.domain.values.numerals import plain
from compete.models import Competition
from compete.services.labour.rule_words import (
    ASKED,
    BLOCKS,
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
    VETO_WORDS,
    VETOED,
    WARNED,
    WEIGHT,
    YES,
    ZERO,
    ZEROES,
)
from compete.services.labour.stored_rules import labour_rules
from compete.sheets.workbook.tables import Table, Value, write_tables

INDICATOR_COLUMNS = (
    *(CODE, HEADING, NAME, MAX, KIND, EACH, ZERO, FULL, CAP, PLACES, LOWER, DEPARTMENT, ASKED, OWN),
)
MISSING_WORDS = {Missing.BLOCKS: BLOCKS, Missing.ZERO: ZEROES}
_MARK = "、"
"""Between names."""


def rules_book(competition: Competition, translate: Translate = str) -> bytes:
    """The rules in force as a workbook, to be changed and read again; `translate`: its words."""
    rules = labour_rules(competition)
    labour = rules.labour
    names = {each.code: each.name for each in labour.periods}
    whose = {code: name for name, codes in rules.departments.items() for code in codes}
    title = competition.name
    units: list[list[Value]] = [list(unit) for unit in rules.units]
    return write_tables(
        [
            Table(
                name=translate(NAME),
                title=title,
                columns=[translate(each) for each in INDICATOR_COLUMNS],
                rows=[_indicator_row(each, whose, names, translate) for each in labour.indicators],
                frozen=3,
            ),
            Table(
                name=translate(PERIOD),
                title=title,
                columns=[translate(each) for each in (CODE, PERIOD, PART_OF, WEIGHT)],
                rows=[
                    [each.code, each.name, names.get(each.part_of or "", ""), each.weight]
                    for each in labour.periods
                ],
            ),
            Table(
                name=translate(RULE),
                title=title,
                columns=[translate(RULE), translate(SAID)],
                rows=_rule_rows(labour, names, translate),
            ),
            Table(
                name=translate(UNIT),
                title=title,
                columns=[translate(UNIT), translate(GROUP)],
                rows=units,
            ),
        ]
    )


def _indicator_row(
    each: Indicator,
    whose: Mapping[str, str],
    names: Mapping[str, str],
    translate: Translate,
) -> list[Value]:
    scoring = each.scoring
    points, joined = scoring.points, translate(_MARK).join
    return [
        each.code,
        each.heading or "",
        each.name,
        each.max,
        translate(KINDS[scoring.type]),
        points if isinstance(points, Decimal) else "",
        scoring.zero_at if scoring.zero_at is not None else "",
        scoring.full_at if scoring.full_at is not None else "",
        scoring.cap if scoring.type is ScoringType.COMPLETION else "",
        joined(plain(number) for number in points) if isinstance(points, tuple) else "",
        translate(YES) if scoring.better is Better.LOWER else "",
        whose.get(each.code, ""),
        joined(names.get(code, code) for code in each.periods),
        translate(YES if self_assessed(each) else NO),
    ]


def _rule_rows(labour: Labour, names: Mapping[str, str], translate: Translate) -> list[list[Value]]:
    flags, joined = labour.flags, translate(_MARK).join
    called = Counter(each.name for each in labour.indicators)
    # One that was scored otherwise from some period on is two of a name.
    indicators = {each.code: each.name for each in labour.indicators if called[each.name] == 1}
    ties = [key.removeprefix("indicator:") for key in labour.ties]
    return [
        [translate(word), said]
        for word, said in (
            (CAPPED, _or_empty(labour.adjust_cap)),
            (FLAGS, flags.count if flags else ""),
            (LEAST, flags.min if flags else ""),
            (LEAVES, flags.min_leaves if flags else ""),
            (
                FLAGGED,
                joined(names.get(code, code) for code in flags.periods) if flags else "",
            ),
            (WARNED, _or_empty(labour.warn_below)),
            (LACKING, translate(MISSING_WORDS[labour.missing])),
            # What says what holds unsaid would be refused where an earlier version is gone by.
            *(
                [(VETOED, translate(VETO_WORDS[labour.veto_rank]))]
                if labour.veto_rank is not VetoRank.NONE
                else []
            ),
            (TIES, joined(indicators.get(code, code) for code in ties)),
        )
    ]


def _or_empty(number: Decimal | None) -> Value:
    return "" if number is None else number
