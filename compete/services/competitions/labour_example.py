"""Labour example: a made-up unit's period under a draft of rules, beside those in force.

The bundle is a file like any other: its reader says what a value cannot be, the domain scores it
and its explanation says how. It has the one period alone, and neither flags nor ties, so that a
mistake there keeps nobody from trying.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from compete.domain.explanation.labour import explain_outcome
from compete.domain.explanation.steps import StepKind
from compete.domain.labour.outcome import Outcome, outcome_of
from compete.domain.labour.participants import LabourField
from compete.domain.labour.totals import PLACES
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.points import round_half_up, show
from compete.models import Competition
from compete.services.competitions.labour_draft import (
    IndicatorDraft,
    LabourDraft,
    labour_tree_of,
    leaves_in,
    plain_rules,
    with_codes,
)
from compete.services.competitions.made_up_files import TriedRefusedError, read_tried, typed_text
from compete.services.labour.rules import labour_rules

MOST_PLACES = 99
_WHO = "X"
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?", re.ASCII)
_LEFT_OUT = (StepKind.RANK, StepKind.FLAG)


@dataclass(frozen=True, slots=True)
class TriedValue:
    """A unit's value to try: a value, its target where one is needed; of `rank` its place."""

    value: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedIndicator:
    """The result of an indicator under the rules in force and the draft; None for nothing."""

    name: str
    full: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedPeriod:
    """The result of the unit's period. `problems` are of values, by the indicators' places.

    `line`: whether the total reaches the flags' least, None where no flags go; `warned`: whether
    it is below the warning line there.
    """

    rows: Sequence[WorkedIndicator] = ()
    full: Decimal = Decimal(0)
    """Of all its indicators together."""
    adjusted: str | None = None
    was: str | None = None
    now: str | None = None
    differs: bool = False
    line: bool | None = None
    warned: bool = False
    steps: Sequence[Message] = ()
    problems: Mapping[int, Message] = field(default_factory=dict)
    notes: Sequence[Message] = ()


def usual_value(row: IndicatorDraft) -> TriedValue:
    """A telling value of an indicator, to begin with; nothing where its row is not filled yet."""
    most = _decimal(row.max)
    if most is None:
        return TriedValue()
    match row.type:
        case "deduction" | "rank":
            return TriedValue("2")
        case "completion":
            return TriedValue("90", "100")
        case "linear":
            first, last = _decimal(row.zero_at), _decimal(row.full_at)
            middle = None if first is None or last is None else (first + last) / 2
            return TriedValue() if middle is None else TriedValue(plain(middle))
    return TriedValue(plain((most * 9 / 10).quantize(Decimal("0.1"))))


def asked_rows(draft: LabourDraft, leaf: str) -> list[int]:
    """The places of the indicators that the draft asks in a leaf period."""
    rows = enumerate(draft.indicators)
    return [n for n, each in rows if not each.periods or leaf in each.periods]


def work_labour_example(
    competition: Competition,
    draft: LabourDraft,
    tried: Mapping[int, TriedValue],
    leaf: str,
    points: str,
) -> WorkedPeriod:
    """The unit's period under the draft, and under the rules in force where they are others.

    `points` are given or taken beside the indicators.
    """
    draft = with_codes(draft)
    standing = plain_rules(labour_rules(competition))
    tree = labour_tree_of(draft, standing)
    values = {
        draft.indicators[n].code: each for n, each in tried.items() if n < len(draft.indicators)
    }
    places = {each.code: n for n, each in enumerate(draft.indicators)}
    try:
        now = _score(tree, leaf, values, points)
    except TriedRefusedError as refused:
        notes = list(refused.notes)
        if refused.others:
            notes.append(msg("规则还有 %(n)s 处要改，改好了才能试算", n=refused.others))
        problems = {places[code]: why for code, why in refused.values.items()}
        if problems and not notes:
            notes.append(msg("这家单位的数有不对的，改好再算"))
        return WorkedPeriod(problems=problems, notes=notes)
    was = None
    if tree != standing and any(each["code"] == leaf for each in standing["periods"]):
        try:
            was = _score(standing, leaf, values, points)
        except TriedRefusedError:
            was = None
    total, before = now.totals[leaf, _WHO].total, was.totals[leaf, _WHO].total if was else None
    exact = None if total is None else Decimal(total).scaleb(-PLACES)
    flagged = draft.flags and (not draft.flag_periods or leaf in draft.flag_periods)
    below = _decimal(draft.warn_below) if flagged else None
    minimum = _decimal(draft.min or "0") if flagged else None
    adjusted = now.field.adjusted.get((leaf, _WHO))
    return WorkedPeriod(
        rows=[
            WorkedIndicator(
                name=each.name,
                full=plain(each.max),
                was=_points(was, leaf, each.code) if was else None,
                now=_points(now, leaf, each.code),
            )
            for each in now.field.labour.indicators
        ],
        full=sum((each.max for each in now.field.labour.indicators), Decimal(0)),
        adjusted=show(round_half_up(adjusted, 1, PLACES), PLACES) if adjusted is not None else None,
        was=show(before, PLACES) if before is not None else None,
        now=show(total, PLACES) if total is not None else None,
        differs=was is not None,
        line=None if minimum is None or exact is None else exact >= minimum,
        warned=below is not None and exact is not None and exact < below,
        steps=list(_steps(now)),
    )


def _score(
    tree: Mapping[str, Any], leaf: str, tried: Mapping[str, TriedValue], points: str
) -> Outcome:
    asked = [
        {key: it for key, it in each.items() if key != "periods"}
        | {"name": each["name"] or each["code"]}
        for each in tree["indicators"]
        if leaf in (each.get("periods") or [leaf])
    ]
    rows, owners, wrong = _values(asked, leaf, tried)
    points = typed_text(points)
    if points and _decimal(points) is None:
        raise TriedRefusedError(wrong, [msg("加减分“%(text)s”不是数", text=points)])
    if wrong:
        raise TriedRefusedError(wrong)
    units = [_WHO, *map(_other, range(1, MOST_PLACES))]
    bundle = read_tried(
        "labour.values",
        owners,
        "labour",
        units=[{"code": unit, "name": unit} for unit in units],
        labour={
            "periods": [{"code": leaf, "name": leaf}],
            "indicators": asked,
            "values": rows,
            "adjustments": [{"unit": _WHO, "period": leaf, "points": points}] if points else [],
            **{key: tree[key] for key in ("adjust_cap", "missing") if key in tree},
        },
    )
    assert bundle.labour is not None
    return outcome_of(LabourField(bundle, bundle.labour))


def _values(
    asked: Sequence[Mapping[str, Any]], leaf: str, tried: Mapping[str, TriedValue]
) -> tuple[list[dict[str, Any]], list[str], dict[str, Message]]:
    """The values as a file has them, whose each is, and what is no value at all."""
    rows: list[dict[str, Any]] = []
    owners: list[str] = []
    wrong: dict[str, Message] = {}

    def put(unit: str, code: str, value: str, target: str = "") -> None:
        row = {"unit": unit, "period": leaf, "indicator": code, "value": value}
        rows.append(row | ({"target": target} if target else {}))
        owners.append(code)

    for each in asked:
        code, scoring = each["code"], each["scoring"]
        mark = tried.get(code, TriedValue())
        value, target = typed_text(mark.value), typed_text(mark.target)
        odd = next((text for text in (value, target) if text and _decimal(text) is None), None)
        if odd is not None:
            wrong[code] = msg("“%(text)s”不是数", text=odd)
        elif not value:
            continue
        elif scoring["type"] == "completion" and not target:
            wrong[code] = msg("要写目标")
        elif scoring["type"] == "score" and Decimal(value) < 0:
            wrong[code] = msg("%(found)s 小于 0", found=value)
        elif scoring["type"] == "score" and Decimal(value) > (_decimal(str(each["max"])) or 0):
            wrong[code] = msg("%(found)s 超过满分 %(most)s", found=value, most=str(each["max"]))
        elif scoring["type"] == "rank":
            if not value.isdecimal() or not 1 <= int(value) <= MOST_PLACES:
                wrong[code] = msg("写第几名，1 到 %(most)s", most=MOST_PLACES)
                continue
            put(_WHO, code, "0")
            better = "-{}" if scoring.get("better") == "lower" else "{}"
            for n in range(1, int(value)):
                put(_other(n), code, better.format(n))
        else:
            put(_WHO, code, value, target)
    return rows, owners, wrong


def _steps(found: Outcome) -> Iterator[Message]:
    """The steps to the result, a sentence each, without what depends on other units."""
    for step in explain_outcome(found, _WHO, _WHO).steps[0].steps:
        if step.kind not in _LEFT_OUT:
            yield step.text


def _points(found: Outcome, leaf: str, code: str) -> str | None:
    score = found.scores.get((_WHO, leaf, code))
    return None if score is None else show(round_half_up(score, 1, PLACES), PLACES)


def _other(n: int) -> str:
    return f"Y{n}"


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def first_leaf(draft: LabourDraft) -> str:
    """The leaf period that the example begins with; empty while there is none."""
    return next((code for code, _name in leaves_in(draft)), "")
