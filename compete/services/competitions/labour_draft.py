"""A labour competition's rules as a form has them: texts, one for each thing that it can show."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from compete.domain.labour.self_assessment import SELF_ASSESSED, with_self_assessed
from compete.services.competitions.draft_parts import (
    number_of,
    put,
    put_changed,
    text_of,
    whole,
)
from compete.services.labour.known_rules import LabourRules

_APART = re.compile(r"[\s、，,;；]+")
_TIE = "indicator:"
_OF_KIND: dict[str, tuple[str, ...]] = {
    "score": (),
    "completion": ("cap",),
    "linear": ("zero_at", "full_at"),
    "deduction": ("points",),
    "rank": ("points", "better"),
}
"""The keys that mean something for each kind of scoring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDraft:
    """A period; `part_of` is the name or the code of the whole, empty for the whole itself."""

    was: str = ""
    code: str = ""
    name: str = ""
    part_of: str = ""
    weight: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it is a new row in which nothing was written."""
        return not (self.was or self.code or self.name or self.part_of or self.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorDraft:
    """An indicator: fields of every kind of scoring, of which `type` says which count.

    `points` is for each fault, `places` the points of each rank with blanks between;
    `periods` are codes of leaves, none for all.
    """

    was: str = ""
    code: str = ""
    heading: str = ""
    name: str = ""
    max: str = ""
    type: str = "score"
    cap: str = ""
    zero_at: str = ""
    full_at: str = ""
    points: str = ""
    places: str = ""
    better: str = ""
    department: str = ""
    periods: tuple[str, ...] = ()
    own: bool = True
    """Whether units assess themselves in it."""

    @property
    def is_blank(self) -> bool:
        """Whether it is a new row in which nothing was written."""
        return not (self.was or self.code or self.name or self.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraft:
    """A unit with the group that it is ranked in; one that is `away` takes no part."""

    was: str = ""
    name: str = ""
    group: str = ""
    away: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it is a new row in which nothing was written."""
        return not (self.was or self.name or self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabourDraft:
    """All that the form shows. `ties` are codes of indicators."""

    periods: tuple[PeriodDraft, ...] = ()
    indicators: tuple[IndicatorDraft, ...] = ()
    adjust_cap: str = ""
    missing: str = "blocks"
    veto_rank: str = "none"
    ties: tuple[str, ...] = ()
    flags: bool = False
    """Whether there are flags at all; the four below say how."""
    count: str = ""
    min: str = ""
    min_leaves: str = ""
    flag_periods: tuple[str, ...] = ()
    warn_below: str = ""
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
    """What a form shows of rules as a file writes them; `units` are codes and names."""
    whose = {code: name for name, codes in departments.items() for code in codes}
    names = _shown_names(tree["periods"])
    flags, groups = tree.get("flags"), tree.get("groups")
    return LabourDraft(
        periods=tuple(
            PeriodDraft(
                was=each["code"],
                code=each["code"],
                name=each["name"],
                part_of=names.get(each.get("part_of") or "", ""),
                weight=number_of(each.get("weight")),
            )
            for each in tree["periods"]
        ),
        indicators=tuple(_indicator(each, whose) for each in tree["indicators"]),
        adjust_cap=number_of(tree.get("adjust_cap")),
        missing=str(tree.get("missing") or "blocks"),
        veto_rank=str(tree.get("veto_rank") or "none"),
        ties=tuple(key.removeprefix(_TIE) for key in tree.get("ties") or ()),
        flags=flags is not None,
        count=text_of((flags or {}).get("count")),
        min=number_of((flags or {}).get("min")),
        min_leaves=text_of((flags or {}).get("min_leaves")),
        flag_periods=tuple((flags or {}).get("periods") or ()),
        warn_below=number_of(tree.get("warn_below")),
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
    known = {each["code"]: each for each in tree["periods"]}
    stood = {each.was: each for each in old.periods}
    codes = _codes_by_name(draft.periods, tree["periods"])
    found["periods"] = [
        _period_tree(each, known.get(each.was), stood.get(each.was), codes)
        for each in draft.periods
    ]
    rows = {each["code"]: each for each in tree["indicators"]}
    was = {each.was: each for each in old.indicators}
    found["indicators"] = [
        _indicator_tree(each, rows.get(each.was), was.get(each.was)) for each in draft.indicators
    ]
    put_changed(found, draft, old, ("adjust_cap", "warn_below"))
    if draft.missing != old.missing:
        put(found, "missing", None if draft.missing == "blocks" else draft.missing)
    if draft.veto_rank != old.veto_rank:
        put(found, "veto_rank", None if draft.veto_rank == "none" else draft.veto_rank)
    if draft.ties != old.ties:
        put(found, "ties", [_TIE + code for code in draft.ties])
    _put_flags(found, draft, old)
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
    """Code and name of each period that no other is part of."""
    draft = with_codes(draft)
    codes = _codes_by_name(draft.periods, ())
    wholes = {codes.get(each.part_of, each.part_of) for each in draft.periods}
    return [(each.code, each.name) for each in draft.periods if each.code not in wholes]


def _indicator(each: Mapping[str, Any], whose: Mapping[str, str]) -> IndicatorDraft:
    scoring = each["scoring"]
    points = scoring.get("points")
    listed = isinstance(points, list)
    return IndicatorDraft(
        was=each["code"],
        code=each["code"],
        heading=text_of(each.get("heading")),
        name=each["name"],
        max=number_of(each["max"]),
        type=str(scoring["type"]),
        cap=number_of(scoring.get("cap")),
        zero_at=number_of(scoring.get("zero_at")),
        full_at=number_of(scoring.get("full_at")),
        points="" if listed else number_of(points),
        places=" ".join(map(number_of, points or ())) if listed else "",
        better=text_of(scoring.get("better")),
        department=whose.get(each["code"], ""),
        periods=tuple(each.get("periods") or ()),
        own=(each.get("extra") or {}).get(SELF_ASSESSED) is not False,
    )


def _period_tree(
    draft: PeriodDraft,
    known: Mapping[str, Any] | None,
    old: PeriodDraft | None,
    codes: Mapping[str, str],
) -> dict[str, Any]:
    tree: dict[str, Any] = dict(known) if known is not None else {"code": draft.code}
    put_changed(tree, draft, old, ("name",), needed=("name",))
    put_changed(tree, draft, old, ("part_of",), lambda said: codes.get(said, said))
    put_changed(tree, draft, old, ("weight",))
    return tree


def _indicator_tree(
    draft: IndicatorDraft, known: Mapping[str, Any] | None, old: IndicatorDraft | None
) -> dict[str, Any]:
    tree: dict[str, Any] = dict(known) if known is not None else {"code": draft.code}
    put_changed(tree, draft, old, ("name", "max"), needed=("name", "max"))
    put_changed(tree, draft, old, ("heading",))
    put_changed(tree, draft, old, ("periods",), list)
    if old is None or draft.own != old.own:
        put(tree, "extra", with_self_assessed(tree.get("extra"), draft.own))
    same = known is not None and old is not None and old.type == draft.type
    scoring: dict[str, Any] = dict(known["scoring"]) if same and known else {"type": draft.type}
    for key in _OF_KIND.get(draft.type, ()):
        field = "places" if (draft.type, key) == ("rank", "points") else key
        said = getattr(draft, field)
        if old is None or not same or said != getattr(old, field):
            put(scoring, key, _APART.split(said.strip()) if field == "places" and said else said)
    tree["scoring"] = scoring
    return tree


def _put_flags(tree: dict[str, Any], draft: LabourDraft, old: LabourDraft) -> None:
    if not draft.flags:
        tree.pop("flags", None)
        return
    flags = dict(tree.get("flags") or {})
    before = old if old.flags else None
    put_changed(flags, draft, before, ("count", "min_leaves"), whole)
    put_changed(flags, draft, before, ("min",))
    if before is None or draft.flag_periods != before.flag_periods:
        put(flags, "periods", list(draft.flag_periods))
    tree["flags"] = flags


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
    """How each period is named where another belongs to it: by its code where two share a name."""
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
    """Codes by what somebody may write: a code, a name, or what a period was called before."""
    there = {each.code for each in periods}
    found = {each["name"]: each["code"] for each in before if each["code"] in there}
    found |= {each.name: each.code for each in reversed(periods) if each.name}
    return found | {each.code: each.code for each in periods}
