"""A labour competition's rules as a form has them: texts, one for each thing that it can show.

The form is read as rules, checked as a file is, each fault placed. And a made-up unit's period is
worked under a draft, beside the rules in force: the bundle is a file like any other, its reader
says what a value cannot be, the domain scores it and its explanation says how. It has the one
period alone, and neither flags nor ties, so that a mistake there keeps nobody from trying."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import msgspec

from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.explanation.labour import explain_outcome
from compete.domain.explanation.steps import StepKind
from compete.domain.labour.outcome import Outcome, outcome_of
from compete.domain.labour.participants import LabourField
from compete.domain.labour.self_assessment import SELF_ASSESSED
from compete.domain.labour.totals import PLACES
from compete.domain.labour.unit_spans import UNIT_PERIODS, UnitSpan
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.points import round_half_up, show
from compete.models import Competition
from compete.services.competitions.made_up_files import (
    TriedRefusedError,
    read_made_up,
    read_tried,
    typed_text,
)
from compete.services.labour.departments import LONGEST_NAME
from compete.services.labour.rule_fit import refuse_misfit, still_used
from compete.services.labour.rules import (
    LabourRules,
    labour_rules,
    long_rule_names,
    span_problems,
)
from compete.services.registration.units.unit_list import LONGEST_UNIT
from compete.services.rules.draft_fields import (
    ChainField,
    ChoiceField,
    FlagField,
    Form,
    ListField,
    NumberField,
    RuleField,
    UnsaidField,
    WholeField,
    draft_field,
    draft_from,
    filled_codes,
    number_of,
    put,
    put_changes,
    row_tree,
    rule_fields,
)
from compete.services.rules.rules_saving import RulesRefused

_APART = re.compile(r"[\s、，,;；]+")
_TIE = "indicator:"
_OF_KIND: dict[str, tuple[str, ...]] = {
    "score": (),
    "completion": ("cap",),
    "linear": ("zero_at", "full_at"),
    "deduction": ("points",),
    "rank": ("places", "better"),
}
"""The fields that mean something for each kind of scoring."""


@dataclass(frozen=True, slots=True)
class PeriodsField(ListField):
    """A field of periods' codes, ticked in boxes of one name; who reads the form reads them."""

    def read(self, form: Form, name: str, old: Any) -> tuple[str, ...]:
        return tuple(old)


@dataclass(frozen=True, slots=True)
class TiesField(ChainField):
    """A field of indicators' codes, which a file has behind a word."""

    def of(self, value: Any) -> tuple[str, ...]:
        return tuple(key.removeprefix(_TIE) for key in value or ())

    def file_value(self, now: Any) -> list[str]:
        return [_TIE + code for code in now]


@dataclass(frozen=True, slots=True)
class PointsField(NumberField):
    """A field of points for each fault; a list of them is that of the ranks."""

    def of(self, value: Any) -> str:
        return "" if isinstance(value, list) else number_of(value)


@dataclass(frozen=True, slots=True)
class RanksField(NumberField):
    """The points of each rank, with blanks between."""

    def of(self, value: Any) -> str:
        return " ".join(map(number_of, value)) if isinstance(value, list) else ""

    def encode(self, now: Any) -> Any:
        return _APART.split(now.strip()) if now else now


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDraft:
    """A period; `part_of` is the name or the code of the whole, empty for the whole itself."""

    was: str = ""
    code: str = draft_field(RuleField, "code", by_hand=True)
    name: str = draft_field(RuleField, "name", needed=True)
    part_of: str = draft_field(RuleField, "part_of", by_hand=True)
    weight: str = draft_field(NumberField, "weight")

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        return self == PeriodDraft()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorDraft:
    """An indicator: fields of every kind of scoring, of which `type` says which count.

    `points` is for each fault, `places` the points of each rank with blanks between;
    `periods` are codes of leaves, none for all.
    """

    was: str = ""
    code: str = draft_field(RuleField, "code", by_hand=True)
    heading: str = draft_field(RuleField, "heading")
    name: str = draft_field(RuleField, "name", needed=True)
    max: str = draft_field(NumberField, "max", needed=True)
    type: str = draft_field(ChoiceField, "scoring.type", by_hand=True, start="score")
    cap: str = draft_field(NumberField, "scoring.cap", by_hand=True)
    zero_at: str = draft_field(NumberField, "scoring.zero_at", by_hand=True)
    full_at: str = draft_field(NumberField, "scoring.full_at", by_hand=True)
    points: str = draft_field(PointsField, "scoring.points", by_hand=True)
    places: str = draft_field(RanksField, "scoring.points", named="scoring.places", by_hand=True)
    better: str = draft_field(UnsaidField, "scoring.better", usual="higher", by_hand=True)
    department: str = draft_field(RuleField, "department", by_hand=True)
    periods: tuple[str, ...] = draft_field(PeriodsField, "periods")
    own: bool = draft_field(FlagField, f"extra.{SELF_ASSESSED}", named="own", usually=True)
    """True if units assess themselves in it."""

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        return not (self.was or self.code or self.name or self.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraft:
    """A unit with the group that it is ranked in; one that is `away` takes no part."""

    was: str = ""
    name: str = draft_field(RuleField, "name")
    group: str = draft_field(RuleField, "group")
    away: bool = draft_field(FlagField, "away")

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        return not (self.was or self.name or self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanDraft:
    """The first and the last period of a unit that is not there all the time, all by names.

    `into` is the unit that it is merged into after its last.
    """

    was: str = ""
    unit: str = draft_field(RuleField, "unit")
    first: str = draft_field(RuleField, "first")
    last: str = draft_field(RuleField, "last")
    into: str = draft_field(RuleField, "into")

    @property
    def is_blank(self) -> bool:
        """True if nothing was written in it."""
        return not (self.unit or self.first or self.last or self.into)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeDraft:
    """A prize by some indicators alone; `by` as a file writes it, no `period` for the final one."""

    was: str = ""
    code: str = draft_field(RuleField, "code", by_hand=True)
    name: str = draft_field(RuleField, "name", needed=True)
    by: str = draft_field(ChoiceField, "by", usual="", needed=True)
    period: str = draft_field(ChoiceField, "period", usual="")
    top: str = draft_field(WholeField, "top", needed=True)
    min: str = draft_field(NumberField, "min")

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        return not (self.was or self.name or self.by or self.top or self.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabourDraft:
    """A labour draft: all that the form shows. `ties` are codes of indicators."""

    periods: tuple[PeriodDraft, ...] = ()
    indicators: tuple[IndicatorDraft, ...] = ()
    adjust_cap: str = draft_field(NumberField, "adjust_cap")
    missing: str = draft_field(ChoiceField, "missing", usual="blocks")
    veto_rank: str = draft_field(ChoiceField, "veto_rank", usual="none")
    ties: tuple[str, ...] = draft_field(TiesField, "ties")
    flags: bool = draft_field(FlagField, "flags", by_hand=True)
    """True if there are flags at all; the four below say how."""
    count: str = draft_field(WholeField, "flags.count")
    min: str = draft_field(NumberField, "flags.min")
    min_leaves: str = draft_field(WholeField, "flags.min_leaves")
    flag_periods: tuple[str, ...] = draft_field(PeriodsField, "flags.periods")
    warn_below: str = draft_field(NumberField, "warn_below")
    prizes: tuple[PrizeDraft, ...] = ()
    units: tuple[UnitDraft, ...] = ()
    spans: tuple[SpanDraft, ...] = ()


def plain_rules(rules: LabourRules) -> dict[str, Any]:
    """The rules as a file writes them, without what was entered."""
    bare = msgspec.structs.replace(rules.labour, values=(), adjustments=(), vetoes=())
    tree: dict[str, Any] = json.loads(msgspec.json.encode(bare))
    return tree


def labour_draft_of(
    tree: Mapping[str, Any],
    departments: Mapping[str, Sequence[str]],
    units: Iterable[tuple[str, str]],
) -> LabourDraft:
    """The form's draft of labour rules from a file; `units` are codes and names."""
    units = list(units)
    whose = {code: name for name, codes in departments.items() for code in codes}
    names = _shown_names(tree["periods"])
    groups = tree.get("groups")
    return draft_from(
        LabourDraft,
        tree,
        periods=tuple(
            draft_from(PeriodDraft, row, part_of=names.get(row.get("part_of") or "", ""))
            for row in tree["periods"]
        ),
        indicators=tuple(
            draft_from(IndicatorDraft, row, department=whose.get(row["code"], ""))
            for row in tree["indicators"]
        ),
        flags=tree.get("flags") is not None,
        prizes=tuple(draft_from(PrizeDraft, row) for row in tree.get("prizes") or ()),
        units=tuple(
            UnitDraft(
                was=code,
                name=name,
                group=(groups or {}).get(code, ""),
                away=bool(groups) and code not in (groups or {}),
            )
            for code, name in units
        ),
        spans=_span_drafts(tree, dict(units)),
    )


def _span_drafts(tree: Mapping[str, Any], units: Mapping[str, str]) -> tuple[SpanDraft, ...]:
    """The rows of units that are not there all the time, with names for codes."""
    names = _shown_names(tree["periods"])
    spans = (tree.get("extra") or {}).get(UNIT_PERIODS) or {}
    return tuple(
        SpanDraft(
            was=code,
            unit=units[code],
            first=names.get(row.get("first") or "", ""),
            last=names.get(row.get("last") or "", ""),
            into=units.get(row.get("into") or "", ""),
        )
        for code, row in spans.items()
        if code in units
    )


def with_codes(draft: LabourDraft) -> LabourDraft:
    """The draft with a code for each new period and indicator that was given none."""
    return replace(
        draft,
        periods=_coded(draft.periods, "P"),
        indicators=_coded(draft.indicators, "I"),
        prizes=_coded(draft.prizes, "W"),
    )


def labour_tree_of(draft: LabourDraft, tree: Mapping[str, Any]) -> dict[str, Any]:
    """The rules with what the draft says; what nobody changed stays as it is.

    Not checked: numbers that are none stay the texts that they are, for a reader to refuse.
    """
    draft = with_codes(draft)
    old = labour_draft_of(tree, {}, [(unit.was, unit.name) for unit in draft.units if unit.was])
    rules = dict(tree)
    put_changes(rules, draft, old)
    known = {period["code"]: period for period in tree["periods"]}
    wholes = {period.was: period.part_of for period in old.periods}
    codes = _codes_by_name(draft.periods, tree["periods"])
    rules["periods"] = [
        row_tree(period, known.get(period.was), period.code) for period in draft.periods
    ]
    for row, drafted in zip(rules["periods"], draft.periods, strict=True):
        if drafted.part_of != wholes.get(drafted.was):
            put(row, "part_of", codes.get(drafted.part_of, drafted.part_of))
    rows = {indicator["code"]: indicator for indicator in tree["indicators"]}
    rules["indicators"] = [
        _indicator_tree(indicator, rows.get(indicator.was)) for indicator in draft.indicators
    ]
    if draft.flags:
        rules.setdefault("flags", {})
    else:
        rules.pop("flags", None)
    prizes = {prize["code"]: prize for prize in tree.get("prizes") or ()}
    put(
        rules,
        "prizes",
        [row_tree(prize, prizes.get(prize.was), prize.code) for prize in draft.prizes],
    )
    groups = {unit.was: unit.group for unit in draft.units if unit.was and unit.group}
    if groups != (tree.get("groups") or {}):
        put(rules, "groups", groups)
    return rules


def departments_in(draft: LabourDraft) -> dict[str, list[str]]:
    """The codes that each department enters, as the rows name it."""
    codes_of: dict[str, list[str]] = {}
    for indicator in with_codes(draft).indicators:
        if indicator.department:
            codes_of.setdefault(indicator.department, []).append(indicator.code)
    return codes_of


def leaves_in(draft: LabourDraft) -> list[tuple[str, str]]:
    """List code and name of each period that no other is part of."""
    draft = with_codes(draft)
    codes = _codes_by_name(draft.periods, ())
    wholes = {codes.get(period.part_of, period.part_of) for period in draft.periods}
    return [(period.code, period.name) for period in draft.periods if period.code not in wholes]


def _indicator_tree(draft: IndicatorDraft, known: Mapping[str, Any] | None) -> dict[str, Any]:
    tree = row_tree(draft, known, draft.code)
    old = None if known is None else draft_from(IndicatorDraft, known)
    same = known is not None and old is not None and old.type == draft.type
    scoring: dict[str, Any] = dict(known["scoring"]) if same and known else {"type": draft.type}
    for name in _OF_KIND.get(draft.type, ()):
        value = getattr(draft, name)
        if not same or value != getattr(old, name):
            rule = rule_fields(IndicatorDraft)[name]
            put(scoring, rule.place.removeprefix("scoring."), rule.file_value(value))
    tree["scoring"] = scoring
    return tree


def _coded(rows: Sequence[Any], letter: str) -> tuple[Any, ...]:
    codes = [row.code for row in rows]
    filled = filled_codes(codes, letter, set(codes), width=2)
    return tuple(replace(row, code=code) for row, code in zip(rows, filled, strict=True))


def _shown_names(periods: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The name of each period where another belongs to it: its code if two share a name."""
    rows = list(periods)
    called = Counter(row["name"] for row in rows)
    codes = {row["code"] for row in rows}
    return {
        row["code"]: row["name"]
        if called[row["name"]] == 1 and row["name"] not in codes
        else row["code"]
        for row in rows
    }


def _codes_by_name(
    periods: Sequence[PeriodDraft], before: Iterable[Mapping[str, Any]]
) -> dict[str, str]:
    """The codes by what somebody may write: a code, a name, or a period's former name."""
    there = {period.code for period in periods}
    codes = {row["name"]: row["code"] for row in before if row["code"] in there}
    codes |= {period.name: period.code for period in reversed(periods) if period.name}
    return codes | {period.code: period.code for period in periods}


_BEGINS = "labour."


def labour_draft_in_force(competition: Competition) -> LabourDraft:
    """The rules in force as the form shows them."""
    rules = labour_rules(competition)
    units = [(unit.code, unit.name) for unit in competition.units]
    return labour_draft_of(plain_rules(rules), rules.departments, units)


def labour_rules_of_draft(competition: Competition, draft: LabourDraft) -> LabourRules:
    """The draft as rules. Raises `RulesRefused` with all that a file could not say either, and
    `RulesMisfit` first where what is gone is used elsewhere.

    Paths are those of a file's `labour`; of a unit and of a department, which a file does not
    have there, `units[0].group` and `indicators[0].department`.
    """
    draft = with_codes(draft)
    before = labour_rules(competition)
    tree = labour_tree_of(draft, plain_rules(before))
    tree.pop("groups", None)
    refuse_misfit(still_used(before.labour, tree))
    problems = list(_odd(draft))
    spans = _spans_of(draft)
    labour = None
    try:
        labour = read_made_up("labour", labour=tree).labour
    except BundleError as error:
        problems += [
            Problem(problem.path.removeprefix(_BEGINS), problem.message)
            for problem in error.problems
        ]
    else:
        assert labour is not None  # the reader makes sure
        problems += long_rule_names(labour, [unit.group for unit in draft.units])
        spanned = LabourRules(labour, spans=spans)
        problems += span_problems(spanned, [unit.name for unit in draft.units])
    if problems or labour is None:
        raise RulesRefused(problems)
    return LabourRules(
        labour,
        departments_in(draft),
        [(unit.name, "" if unit.away else unit.group) for unit in draft.units],
        [unit.name for unit in draft.units if unit.away],
        spans,
    )


def _spans_of(draft: LabourDraft) -> dict[str, UnitSpan]:
    """The spans by units' names; of a period that no name or code is, what was written."""
    codes = _codes_by_name(draft.periods, ())
    return {
        row.unit: UnitSpan(
            first=codes.get(row.first, row.first) or None,
            last=codes.get(row.last, row.last) or None,
            into=row.into or None,
        )
        for row in draft.spans
    }


def _odd(draft: LabourDraft) -> Iterator[Problem]:
    """Find what a file may say and a form may not."""
    for name in ("periods", "indicators", "prizes"):
        for n, drafted in enumerate(getattr(draft, name)):
            if not drafted.name:
                yield Problem(f"{name}[{n}].name", msg("要填"))
    for n, prize in enumerate(draft.prizes):
        if not prize.by:
            yield Problem(f"prizes[{n}].by", msg("选一样"))
    for n, row in enumerate(draft.indicators):
        if len(row.department) > LONGEST_NAME:
            yield Problem(
                f"indicators[{n}].department", msg("最多 %(most)s 个字", most=LONGEST_NAME)
            )
    yield from _odd_spans(draft)
    grouped = any(unit.group for unit in draft.units if not unit.away)
    seen = set[str]()
    for n, unit in enumerate(draft.units):
        if not unit.name:
            yield Problem(f"units[{n}].name", msg("要填"))
        elif len(unit.name) > LONGEST_UNIT:
            yield Problem(f"units[{n}].name", msg("最多 %(most)s 个字", most=LONGEST_UNIT))
        elif unit.name in seen:
            yield Problem(f"units[{n}].name", msg("已经有叫“%(name)s”的单位", name=unit.name))
        seen.add(unit.name)
        if grouped and not unit.group and not unit.away:
            yield Problem(
                f"units[{n}].group", msg("别的单位有组，这家也要写；不参加排名的勾“不参加”")
            )
        if unit.away and not grouped:
            yield Problem(f"units[{n}].group", msg("分了组才能有不参加的单位"))


def _odd_spans(draft: LabourDraft) -> Iterator[Problem]:
    """Find rows without a unit, without a period, or of a unit that has one above."""
    seen = set[str]()
    for n, row in enumerate(draft.spans):
        if not row.unit:
            yield Problem(f"spans[{n}].unit", msg("要填"))
        elif row.unit in seen:
            why = msg("%(unit)s上面有一行了", unit=row.unit)
            yield Problem(f"spans[{n}].unit", why)
        elif not (row.first or row.last):
            yield Problem(f"spans[{n}].last", msg("写第一期，或者最后一期"))
        seen.add(row.unit)


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
    return [n for n, indicator in rows if not indicator.periods or leaf in indicator.periods]


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
        draft.indicators[n].code: value for n, value in tried.items() if n < len(draft.indicators)
    }
    places = {indicator.code: n for n, indicator in enumerate(draft.indicators)}
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
    if tree != standing and any(period["code"] == leaf for period in standing["periods"]):
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
                name=indicator.name,
                full=plain(indicator.max),
                was=_points(was, leaf, indicator.code) if was else None,
                now=_points(now, leaf, indicator.code),
            )
            for indicator in now.field.labour.indicators
        ],
        full=sum((indicator.max for indicator in now.field.labour.indicators), Decimal(0)),
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
        {key: it for key, it in indicator.items() if key != "periods"}
        | {"name": indicator["name"] or indicator["code"]}
        for indicator in tree["indicators"]
        if leaf in (indicator.get("periods") or [leaf])
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

    for indicator in asked:
        code, scoring = indicator["code"], indicator["scoring"]
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
        elif scoring["type"] == "score" and Decimal(value) > (_decimal(str(indicator["max"])) or 0):
            wrong[code] = msg(
                "%(found)s 超过满分 %(most)s", found=value, most=str(indicator["max"])
            )
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


def _steps(outcome: Outcome) -> Iterator[Message]:
    """The steps to the result, a sentence each, without what depends on other units."""
    for step in explain_outcome(outcome, _WHO, _WHO).steps[0].steps:
        if step.kind not in _LEFT_OUT:
            yield step.text


def _points(outcome: Outcome, leaf: str, code: str) -> str | None:
    score = outcome.scores.get((_WHO, leaf, code))
    return None if score is None else show(round_half_up(score, 1, PLACES), PLACES)


def _other(n: int) -> str:
    return f"Y{n}"


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def first_leaf(draft: LabourDraft) -> str:
    """The leaf period that the example begins with; empty while there is none."""
    return next((code for code, _name in leaves_in(draft)), "")
