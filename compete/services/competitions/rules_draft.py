"""An event's rules as a form has them: texts, one for each thing that a form can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compete.domain.aspects import AspectType
from compete.services.competitions.award_draft import AwardDraft, award_draft_of, award_tree
from compete.services.competitions.draft_parts import coded, number_of, put, text_of, whole
from compete.services.competitions.item_draft import ItemDraft, item_draft_of, item_tree
from compete.services.competitions.ranking_draft import (
    RankingDraft,
    put_ranking,
    ranking_draft_of,
)

_USUAL_RANKING = RankingDraft()
KEPT_RULES = "kept"
"""Of grade rules: as they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectDraft:
    """A row of a sheet. `was` is the code of the aspect that it changes, empty for a new one."""

    was: str = ""
    name: str = ""
    criterion: str = ""
    type: str = "score"
    max: str = ""
    factor: str = "1"
    standard: str = ""
    step: str = ""
    points: str = ""
    full_at: str = ""
    zero_at: str = ""
    levels: str = ""
    """What each level of a judgement means, a line each, from 0."""
    bands: str = ""
    """A line for each band: the deviation and its marks."""
    checks: str = ""
    better: str = ""
    """Of what is compared with the best: `lower` or `higher`."""
    unit: str = ""
    hint: str = ""
    """What a judge reads beside it."""

    @property
    def is_blank(self) -> bool:
        """Whether it is a new row in which nothing was written."""
        return not (self.was or self.name or self.max or self.criterion)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleDraft:
    """A module with its panel and its sheet."""

    was: str = ""
    name: str = ""
    weight: str = ""
    full: str = ""
    pass_: str = ""
    size: str = "1"
    drop_high: str = "0"
    drop_low: str = "0"
    max_spread: str = ""
    combine: str | None = None
    at: str | None = None
    min: str | None = None
    reduced: str | None = None
    """How marks become one, where, from how many sheets; None: nothing was said of it."""
    aspects: tuple[AspectDraft, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether it is a new one in which nothing was written."""
        bare = all(row.is_blank for row in self.aspects)
        return bare and not (self.was or self.name or self.weight or self.full)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDraft:
    """A stage; forms change its name and modules alone."""

    name: str
    modules: tuple[ModuleDraft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesDraft:
    """All that a form shows of an event."""

    name: str
    occupation_code: str = ""
    occupation_name: str = ""
    occupation_track: str = ""
    blind: bool = False
    stages: tuple[StageDraft, ...]
    ties: tuple[str, ...] = ()
    ranking: RankingDraft = _USUAL_RANKING
    items: tuple[ItemDraft, ...] = ()
    awards: tuple[AwardDraft, ...] = ()
    grades: str = KEPT_RULES
    """`kept`, the name of a pack, or empty for none."""


_TEXTS = ("name", "criterion", "max", "standard")
OF_TYPE: Mapping[str, Sequence[str]] = {
    AspectType.SCORE: ("step",),
    AspectType.JUDGEMENT: ("levels",),
    AspectType.MEASUREMENT: ("bands",),
    AspectType.CHECKLIST: ("checks",),
    AspectType.DEDUCTION: ("points",),
    AspectType.TIME: ("full_at", "zero_at"),
    AspectType.RELATIVE: ("better",),
}
"""Which fields of a row mean something for which type."""
_PANEL = {"combine": "mean", "at": "sheet", "min": "", "reduced": "same"}
"""Keys of a panel and what holds where they are not written."""
_KEYS_OF_FIELDS = {"levels": ("scale",), "bands": ("bands",), "checks": ("checks",)}


def draft_of(event: Mapping[str, Any]) -> RulesDraft:
    """What a form shows of rules as a file writes them."""
    occupation = event.get("occupation") or {}
    return RulesDraft(
        name=event["name"],
        occupation_code=text_of(occupation.get("code")),
        occupation_name=text_of(occupation.get("name")),
        occupation_track=text_of(occupation.get("track")),
        blind=bool((event.get("extra") or {}).get("blind", False)),
        stages=tuple(
            StageDraft(name=stage["name"], modules=tuple(map(_module, stage["modules"])))
            for stage in event["stages"]
        ),
        ties=tuple((event.get("ranking") or {}).get("ties") or ()),
        ranking=ranking_draft_of(event),
        items=tuple(map(item_draft_of, event.get("items") or ())),
        awards=tuple(map(award_draft_of, event.get("awards") or ())),
    )


def tree_of(draft: RulesDraft, event: Mapping[str, Any]) -> dict[str, Any]:
    """The rules with what the draft says; what no form shows, or nobody changed, stays as it is.

    Not checked: numbers that are none stay the texts that they are, for a reader to refuse.
    """
    old = draft_of(event)
    tree: dict[str, Any] = dict(event)
    if draft.name != old.name:
        tree["name"] = draft.name
    _put_occupation(tree, draft, old)
    if draft.blind != old.blind:
        extra = {key: it for key, it in (tree.get("extra") or {}).items() if key != "blind"}
        put(tree, "extra", extra | ({"blind": True} if draft.blind else {}))
    tree["stages"] = [
        _stage(stage, known) for stage, known in zip(draft.stages, event["stages"], strict=True)
    ]
    if draft.ties != old.ties:
        ranking = dict(event.get("ranking") or {})
        put(ranking, "ties", list(draft.ties))
        put(tree, "ranking", ranking)
    put_ranking(tree, draft.ranking, event)
    if draft.items != old.items:
        items = {item["code"]: item for item in event.get("items") or ()}
        put(tree, "items", list(coded(draft.items, items, item_tree, "item")))
    if draft.awards != old.awards:
        awards = {award["code"]: award for award in event.get("awards") or ()}
        put(tree, "awards", list(coded(draft.awards, awards, award_tree, "award")))
    if draft.grades != KEPT_RULES:
        put(tree, "grades", draft.grades)
    return tree


def tidy_lines(text: str) -> str:
    """The lines in which anything stands, without blanks around them."""
    return "\n".join(line for raw in text.splitlines() if (line := raw.strip()))


def _module(module: Mapping[str, Any]) -> ModuleDraft:
    panel = module.get("panel") or {}
    return ModuleDraft(
        was=module["code"],
        name=module["name"],
        weight=number_of(module["weight"]),
        full=number_of(module["full"]),
        pass_=number_of(module.get("pass")),
        size=str(panel.get("size", 1)),
        drop_high=str(panel.get("drop_high", 0)),
        drop_low=str(panel.get("drop_low", 0)),
        max_spread=number_of(panel.get("max_spread")),
        combine=str(panel.get("combine") or "mean"),
        at=str(panel.get("at") or "sheet"),
        min=text_of(panel.get("min")),
        reduced=str(panel.get("reduced") or "same"),
        aspects=tuple(map(_aspect, module["aspects"])),
    )


def _aspect(aspect: Mapping[str, Any]) -> AspectDraft:
    bands, extra = aspect.get("bands") or (), aspect.get("extra") or {}
    return AspectDraft(
        was=aspect["code"],
        name=aspect["name"],
        criterion=text_of(aspect.get("criterion")),
        type=aspect["type"],
        max=number_of(aspect["max"]),
        factor=number_of(aspect.get("factor")) or "1",
        standard=text_of(aspect.get("standard")),
        step=number_of(aspect.get("step")),
        points=number_of(aspect.get("points")),
        full_at=number_of(aspect.get("full_at")),
        zero_at=number_of(aspect.get("zero_at")),
        levels="\n".join(map(str, extra.get("descriptors") or ())),
        bands="\n".join(f"{number_of(it['within'])} {number_of(it['marks'])}" for it in bands),
        checks="\n".join(aspect.get("checks") or ()),
        better=aspect.get("better") or ("lower" if aspect["type"] == "relative" else ""),
        unit=" ".join(text_of(extra.get("unit")).split()),
        hint=tidy_lines(text_of(extra.get("hint"))),
    )


def _put_occupation(tree: dict[str, Any], draft: RulesDraft, old: RulesDraft) -> None:
    keys = ("code", "name", "track")
    occupation = dict(tree.get("occupation") or {})
    for key in keys:
        name = f"occupation_{key}"
        if getattr(draft, name) != getattr(old, name):
            put(occupation, key, getattr(draft, name))
    if not any(occupation.get(key) for key in keys):
        occupation = {}
    put(tree, "occupation", occupation)


def _stage(draft: StageDraft, stage: Mapping[str, Any]) -> dict[str, Any]:
    known = {module["code"]: module for module in stage["modules"]}
    modules = list(coded(draft.modules, known, _module_tree, "m"))
    return {**stage, "name": draft.name, "modules": modules}


def _module_tree(draft: ModuleDraft, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    old = _module(known) if known is not None else ModuleDraft()
    tree: dict[str, Any] = dict(known) if known is not None else {"code": code}
    for key, name in (("name", "name"), ("weight", "weight"), ("full", "full"), ("pass", "pass_")):
        if known is None or getattr(draft, name) != getattr(old, name):
            put(tree, key, getattr(draft, name), needed=key != "pass")
    panel = dict(tree.get("panel") or {})
    for key in ("size", "drop_high", "drop_low"):
        if getattr(draft, key) != getattr(old, key):
            put(panel, key, whole(getattr(draft, key)))
    for key, usual in _PANEL.items():
        said = getattr(draft, key)
        if said is not None and said != (getattr(old, key) or usual):
            put(panel, key, "" if said == usual else whole(said))
    size, least = panel.get("size", 1), panel.get("min")
    same = draft.min in (None, old.min)
    if same and isinstance(least, int) and isinstance(size, int) and size < least:
        # Fewer judges were asked for, and nothing was said of this: all of them are.
        del panel["min"]
    if draft.max_spread != old.max_spread:
        put(panel, "max_spread", draft.max_spread)
    own_way = draft.combine not in (None, old.combine or _PANEL["combine"])
    if (draft.drop_high, draft.drop_low) != (old.drop_high, old.drop_low) and not own_way:
        if (draft.drop_high or "0", draft.drop_low or "0") != ("0", "0"):
            panel["combine"] = "trimmed_mean"
        elif panel.get("combine") == "trimmed_mean":
            del panel["combine"]
    if panel != (tree.get("panel") or {}):
        put(tree, "panel", panel)
    aspects = {aspect["code"]: aspect for aspect in known["aspects"]} if known else {}
    tree["aspects"] = list(coded(draft.aspects, aspects, _aspect_tree, "a"))
    return tree


def _aspect_tree(draft: AspectDraft, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    old = _aspect(known) if known is not None else AspectDraft(type="")
    tree: dict[str, Any] = dict(known) if known is not None else {"code": code}
    for key in _TEXTS:
        if known is None or getattr(draft, key) != getattr(old, key):
            put(tree, key, getattr(draft, key), needed=key in ("name", "max"))
    if draft.type != old.type:
        for field in OF_TYPE.get(old.type, ()):
            for key in _KEYS_OF_FIELDS.get(field, (field,)):
                tree.pop(key, None)
        tree["type"] = draft.type
    if draft.factor != old.factor:
        put(tree, "factor", "" if draft.factor == "1" else draft.factor)
    extra = dict(tree.get("extra") or {})
    for key in ("unit", "hint"):
        if getattr(draft, key) != getattr(old, key):
            put(extra, key, getattr(draft, key))
    if extra != (tree.get("extra") or {}):
        put(tree, "extra", extra)
    for field in OF_TYPE.get(draft.type, ()):
        if draft.type != old.type or getattr(draft, field) != getattr(old, field):
            _put_of_type(tree, field, getattr(draft, field))
    return tree


def _put_of_type(tree: dict[str, Any], field: str, text: str) -> None:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    match field:
        case "levels":
            extra = dict(tree.get("extra") or {})
            put(extra, "descriptors", lines)
            put(tree, "extra", extra)
            # Without words there is the usual scale of 0 to 3.
            put(tree, "scale", len(lines) - 1 if lines else None)
        case "bands":
            cut = [line.replace("，", " ").replace(",", " ").split() for line in lines]
            put(
                tree,
                "bands",
                [{"within": line[0], "marks": " ".join(line[1:])} for line in cut if line],
            )
        case "checks":
            put(tree, "checks", lines)
        case _:
            put(tree, field, text)
