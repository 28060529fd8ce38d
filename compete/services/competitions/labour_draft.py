"""A labour competition's rules as a form has them: texts, one for each thing that it can show."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from compete.domain.labour.self_assessment import SELF_ASSESSED
from compete.services.competitions.draft_fields import (
    ChainField,
    ChoiceField,
    FlagField,
    Form,
    ListField,
    NumberField,
    RuleField,
    UnsaidField,
    WholeField,
    draft_from,
    put_said,
    row_tree,
    rule_fields,
    told,
)
from compete.services.competitions.draft_parts import number_of, put
from compete.services.labour.rules import LabourRules

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

    def said(self, now: Any) -> list[str]:
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

    def written(self, now: Any) -> Any:
        return _APART.split(now.strip()) if now else now


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDraft:
    """A period; `part_of` is the name or the code of the whole, empty for the whole itself."""

    was: str = ""
    code: str = told(RuleField, "code", by_hand=True)
    name: str = told(RuleField, "name", needed=True)
    part_of: str = told(RuleField, "part_of", by_hand=True)
    weight: str = told(NumberField, "weight")

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
    code: str = told(RuleField, "code", by_hand=True)
    heading: str = told(RuleField, "heading")
    name: str = told(RuleField, "name", needed=True)
    max: str = told(NumberField, "max", needed=True)
    type: str = told(ChoiceField, "scoring.type", by_hand=True, start="score")
    cap: str = told(NumberField, "scoring.cap", by_hand=True)
    zero_at: str = told(NumberField, "scoring.zero_at", by_hand=True)
    full_at: str = told(NumberField, "scoring.full_at", by_hand=True)
    points: str = told(PointsField, "scoring.points", by_hand=True)
    places: str = told(RanksField, "scoring.points", named="scoring.places", by_hand=True)
    better: str = told(UnsaidField, "scoring.better", usual="higher", by_hand=True)
    department: str = told(RuleField, "department", by_hand=True)
    periods: tuple[str, ...] = told(PeriodsField, "periods")
    own: bool = told(FlagField, f"extra.{SELF_ASSESSED}", named="own", usually=True)
    """True if units assess themselves in it."""

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        return not (self.was or self.code or self.name or self.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraft:
    """A unit with the group that it is ranked in; one that is `away` takes no part."""

    was: str = ""
    name: str = told(RuleField, "name")
    group: str = told(RuleField, "group")
    away: bool = told(FlagField, "away")

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        return not (self.was or self.name or self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabourDraft:
    """A labour draft: all that the form shows. `ties` are codes of indicators."""

    periods: tuple[PeriodDraft, ...] = ()
    indicators: tuple[IndicatorDraft, ...] = ()
    adjust_cap: str = told(NumberField, "adjust_cap")
    missing: str = told(ChoiceField, "missing", usual="blocks")
    veto_rank: str = told(ChoiceField, "veto_rank", usual="none")
    ties: tuple[str, ...] = told(TiesField, "ties")
    flags: bool = told(FlagField, "flags", by_hand=True)
    """True if there are flags at all; the four below say how."""
    count: str = told(WholeField, "flags.count")
    min: str = told(NumberField, "flags.min")
    min_leaves: str = told(WholeField, "flags.min_leaves")
    flag_periods: tuple[str, ...] = told(PeriodsField, "flags.periods")
    warn_below: str = told(NumberField, "warn_below")
    units: tuple[UnitDraft, ...] = ()


def plain_rules(rules: LabourRules) -> dict[str, Any]:
    """The rules as a file writes them, without what was entered."""
    bare = msgspec.structs.replace(rules.labour, values=(), adjustments=(), vetoes=())
    found: dict[str, Any] = json.loads(msgspec.json.encode(bare))
    return found


def labour_draft_of(
    tree: Mapping[str, Any],
    departments: Mapping[str, Sequence[str]],
    units: Iterable[tuple[str, str]],
) -> LabourDraft:
    """The form's draft of labour rules from a file; `units` are codes and names."""
    whose = {code: name for name, codes in departments.items() for code in codes}
    names = _shown_names(tree["periods"])
    groups = tree.get("groups")
    return draft_from(
        LabourDraft,
        tree,
        periods=tuple(
            draft_from(PeriodDraft, each, part_of=names.get(each.get("part_of") or "", ""))
            for each in tree["periods"]
        ),
        indicators=tuple(
            draft_from(IndicatorDraft, each, department=whose.get(each["code"], ""))
            for each in tree["indicators"]
        ),
        flags=tree.get("flags") is not None,
        units=tuple(
            UnitDraft(
                was=code,
                name=name,
                group=(groups or {}).get(code, ""),
                away=bool(groups) and code not in (groups or {}),
            )
            for code, name in units
        ),
    )


def with_codes(draft: LabourDraft) -> LabourDraft:
    """The draft with a code for each new period and indicator that was given none."""
    return replace(
        draft,
        periods=_coded(draft.periods, "P"),
        indicators=_coded(draft.indicators, "I"),
    )


def labour_tree_of(draft: LabourDraft, tree: Mapping[str, Any]) -> dict[str, Any]:
    """The rules with what the draft says; what nobody changed stays as it is.

    Not checked: numbers that are none stay the texts that they are, for a reader to refuse.
    """
    draft = with_codes(draft)
    old = labour_draft_of(tree, {}, [(each.was, each.name) for each in draft.units if each.was])
    found = dict(tree)
    put_said(found, draft, old)
    known = {each["code"]: each for each in tree["periods"]}
    wholes = {each.was: each.part_of for each in old.periods}
    codes = _codes_by_name(draft.periods, tree["periods"])
    found["periods"] = [row_tree(each, known.get(each.was), each.code) for each in draft.periods]
    for row, each in zip(found["periods"], draft.periods, strict=True):
        if each.part_of != wholes.get(each.was):
            put(row, "part_of", codes.get(each.part_of, each.part_of))
    rows = {each["code"]: each for each in tree["indicators"]}
    found["indicators"] = [_indicator_tree(each, rows.get(each.was)) for each in draft.indicators]
    if draft.flags:
        found.setdefault("flags", {})
    else:
        found.pop("flags", None)
    groups = {each.was: each.group for each in draft.units if each.was and each.group}
    if groups != (tree.get("groups") or {}):
        put(found, "groups", groups)
    return found


def departments_in(draft: LabourDraft) -> dict[str, list[str]]:
    """The codes that each department enters, as the rows name it."""
    found: dict[str, list[str]] = {}
    for each in with_codes(draft).indicators:
        if each.department:
            found.setdefault(each.department, []).append(each.code)
    return found


def leaves_in(draft: LabourDraft) -> list[tuple[str, str]]:
    """List code and name of each period that no other is part of."""
    draft = with_codes(draft)
    codes = _codes_by_name(draft.periods, ())
    wholes = {codes.get(each.part_of, each.part_of) for each in draft.periods}
    return [(each.code, each.name) for each in draft.periods if each.code not in wholes]


def _indicator_tree(draft: IndicatorDraft, known: Mapping[str, Any] | None) -> dict[str, Any]:
    tree = row_tree(draft, known, draft.code)
    old = None if known is None else draft_from(IndicatorDraft, known)
    same = known is not None and old is not None and old.type == draft.type
    scoring: dict[str, Any] = dict(known["scoring"]) if same and known else {"type": draft.type}
    for name in _OF_KIND.get(draft.type, ()):
        said = getattr(draft, name)
        if not same or said != getattr(old, name):
            each = rule_fields(IndicatorDraft)[name]
            put(scoring, each.place.removeprefix("scoring."), each.said(said))
    tree["scoring"] = scoring
    return tree


def _coded(rows: Sequence[Any], letter: str) -> tuple[Any, ...]:
    taken = {each.code for each in rows}
    found = []
    for number, each in enumerate(rows, start=1):
        if each.code:
            found.append(each)
            continue
        free = number
        while (code := f"{letter}{free:02}") in taken:
            free += 1
        taken.add(code)
        found.append(replace(each, code=code))
    return tuple(found)


def _shown_names(periods: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The name of each period where another belongs to it: its code if two share a name."""
    rows = list(periods)
    called = Counter(each["name"] for each in rows)
    codes = {each["code"] for each in rows}
    return {
        each["code"]: each["name"]
        if called[each["name"]] == 1 and each["name"] not in codes
        else each["code"]
        for each in rows
    }


def _codes_by_name(
    periods: Sequence[PeriodDraft], before: Iterable[Mapping[str, Any]]
) -> dict[str, str]:
    """The codes by what somebody may write: a code, a name, or a period's former name."""
    there = {each.code for each in periods}
    found = {each["name"]: each["code"] for each in before if each["code"] in there}
    found |= {each.name: each.code for each in reversed(periods) if each.name}
    return found | {each.code: each.code for each in periods}
