"""The rules of a labour competition as a workbook of four sheets, to be changed in Excel.

指标 has a row for each indicator, 期次 one for each period, 规则 one for each setting, 单位 one
for each unit with its group. Periods are named by name or code; `rules_upload` reads them back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from compete.domain.bundle.labour_types import Indicator, Labour
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.values.kinds import Better, ScoringType, VetoRank
from compete.domain.values.messages import Translate
from compete.domain.values.numerals import plain
from compete.models import Competition
from compete.services.labour import rule_words as words
from compete.services.labour.stored_rules import labour_rules
from compete.sheets.workbook.tables import Table, Value, write_tables

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
                name=translate(words.NAME),
                title=title,
                columns=[translate(each) for each in words.INDICATOR_COLUMNS],
                rows=[_indicator_row(each, whose, names, translate) for each in labour.indicators],
                frozen=3,
            ),
            Table(
                name=translate(words.PERIOD),
                title=title,
                columns=[translate(each) for each in words.PERIOD_COLUMNS],
                rows=[
                    [each.code, each.name, names.get(each.part_of or "", ""), each.weight]
                    for each in labour.periods
                ],
            ),
            Table(
                name=translate(words.RULE),
                title=title,
                columns=[translate(words.RULE), translate(words.SAID)],
                rows=_rule_rows(labour, names, translate),
            ),
            Table(
                name=translate(words.UNIT),
                title=title,
                columns=[translate(words.UNIT), translate(words.GROUP)],
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
        translate(words.KINDS[scoring.type]),
        points if isinstance(points, Decimal) else "",
        scoring.zero_at if scoring.zero_at is not None else "",
        scoring.full_at if scoring.full_at is not None else "",
        scoring.cap if scoring.type is ScoringType.COMPLETION else "",
        joined(plain(number) for number in points) if isinstance(points, tuple) else "",
        translate(words.YES) if scoring.better is Better.LOWER else "",
        whose.get(each.code, ""),
        joined(names.get(code, code) for code in each.periods),
        translate(words.YES if self_assessed(each) else words.NO),
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


def _or_empty(number: Decimal | None) -> Value:
    return "" if number is None else number
