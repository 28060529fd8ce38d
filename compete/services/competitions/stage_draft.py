"""Stages as a form has them: their modules and parts, who goes on, what is carried along."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from compete.domain.values.messages import msg
from compete.services.competitions.draft_fields import (
    ChoiceField,
    Form,
    NumberField,
    PlaceField,
    RuleField,
    WeightField,
    WholeField,
    draft_from,
    number,
    put_said,
    row_tree,
    told,
)
from compete.services.competitions.draft_parts import codes_of, put
from compete.services.competitions.module_draft import ModuleDraft, module_draft_of, module_tree

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) ?%")


@dataclass(frozen=True, slots=True)
class FactorField(NumberField):
    """A factor as it is typed; of so many percent the factor that they are."""

    def tidy(self, form: Form, name: str) -> str:
        text = number(form, name)
        share = _PERCENT.fullmatch(text)
        return f"{(Decimal(share[1]) / 100).normalize():f}" if share else text


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDraft:
    """A part's draft: modules whose joint score is itself published."""

    was: str = ""
    name: str = told(RuleField, "name", msg("部分"), needed=True)
    weight: str = told(WeightField, "weight", msg("权重"), needed=True)
    full: str = told(NumberField, "full", msg("满分"), needed=True)
    pass_: str = told(NumberField, "pass", msg("合格线"))

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        return not (self.was or self.name or self.weight or self.full or self.pass_)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDraft:
    """A stage. Without `top` and `per_unit` all the ranked go on; without any of the three
    texts of `carry` nothing is carried along."""

    was: str = ""
    name: str = told(RuleField, "name", msg("赛段名称"), needed=True)
    modules: tuple[ModuleDraft, ...] = ()
    parts: tuple[PartDraft, ...] = ()
    top: str = told(WholeField, "advance.top", msg("前几名进下一赛段"))
    per_unit: str = told(WholeField, "advance.per_unit", msg("每个单位最多进几名"), msg("空着不限"))
    advance_ties: str = told(ChoiceField, "advance.ties", msg("末位同名次的"), usual="include")
    """Of who shares the last place that goes on: `include` or `cut`."""
    carry_from: int | None = told(
        PlaceField, "carry.from", msg("带上哪个赛段的总成绩"), choices="stages"
    )
    """The place of the stage that a total is carried from, counted from 0."""
    carry_weight: str = told(FactorField, "carry.weight", msg("那个赛段的乘多少"), by_hand=True)
    carry_own: str = told(FactorField, "carry.own", msg("本赛段的乘多少"), by_hand=True)

    @property
    def is_blank(self) -> bool:
        """True if it is a new one in which nothing was written."""
        return not (self.was or self.name or self.modules or self.parts)


def stage_drafts_of(stages: Sequence[Mapping[str, Any]]) -> tuple[StageDraft, ...]:
    """The form's drafts of stages from a file."""
    codes = [stage["code"] for stage in stages]
    return tuple(_stage(stage, codes) for stage in stages)


def stage_trees(
    drafts: Sequence[StageDraft], stages: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The stages with what the drafts say otherwise."""
    known = {stage["code"]: stage for stage in stages}
    codes = codes_of(drafts, known, "s", set(known))
    # A tie key means the modules of one code in all stages: new ones bear codes of their own.
    taken = {it["code"] for stage in stages for it in (*stage["modules"], *stage.get("parts", ()))}
    taken |= {row["code"] for stage in stages for it in stage["modules"] for row in it["aspects"]}
    return [
        _tree(draft, known.get(draft.was), code, codes, taken)
        for draft, code in zip(drafts, codes, strict=True)
    ]


def with_new_stage(
    stages: Sequence[StageDraft], place: int, names: Sequence[str] = ()
) -> tuple[StageDraft, ...]:
    """The stages and a new one before that at `place`, by the first of the `names` that is free."""
    shifted = [
        replace(stage, carry_from=stage.carry_from + 1)
        if stage.carry_from is not None and stage.carry_from >= place
        else stage
        for stage in stages
    ]
    taken = {stage.name for stage in stages}
    name = next((name for name in names if name not in taken), "")
    new = StageDraft(name=name, modules=(ModuleDraft(),))
    return (*shifted[:place], new, *shifted[place:])


def _stage(stage: Mapping[str, Any], codes: Sequence[str]) -> StageDraft:
    start = (stage.get("carry") or {}).get("from")
    parts = stage.get("parts") or ()
    part_codes = [part["code"] for part in parts]
    return draft_from(
        StageDraft,
        stage,
        modules=tuple(module_draft_of(it, part_codes) for it in stage["modules"]),
        parts=tuple(draft_from(PartDraft, part) for part in parts),
        carry_from=codes.index(start) if start in codes else None,
    )


def _tree(
    draft: StageDraft,
    known: Mapping[str, Any] | None,
    code: str,
    codes: Sequence[str],
    taken: set[str],
) -> dict[str, Any]:
    old = _stage(known, ()) if known is not None else StageDraft()
    before = known or {"modules": (), "parts": ()}
    tree = dict(before) | {"code": code}
    put_said(tree, draft, None if known is None else old)
    parts = {part["code"]: part for part in before.get("parts") or ()}
    part_codes = codes_of(draft.parts, parts, "p", taken)
    modules = {module["code"]: module for module in before["modules"]}
    tree["modules"] = [
        module_tree(module, modules.get(module.was), own, part_codes, taken)
        for module, own in zip(
            draft.modules, codes_of(draft.modules, modules, "m", taken), strict=True
        )
    ]
    rows = zip(draft.parts, part_codes, strict=True)
    put(tree, "parts", [row_tree(part, parts.get(part.was), own) for part, own in rows])
    if not (draft.top or draft.per_unit):
        tree.pop("advance", None)
    _put_carry(tree, draft, old, codes)
    return tree


def _put_carry(
    tree: dict[str, Any], draft: StageDraft, old: StageDraft, codes: Sequence[str]
) -> None:
    if draft.carry_from is None and not (draft.carry_weight or draft.carry_own):
        tree.pop("carry", None)
        return
    carry = dict(tree.get("carry") or {})
    carry["from"] = "" if draft.carry_from is None else codes[draft.carry_from]
    for key, name in (("weight", "carry_weight"), ("own", "carry_own")):
        if "carry" not in tree or getattr(draft, name) != getattr(old, name):
            put(carry, key, getattr(draft, name), needed=True)
    tree["carry"] = carry
