"""Stages as a form has them: their modules and parts, who goes on, what is carried along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from compete.services.competitions.draft_parts import (
    codes_of,
    number_of,
    put,
    put_changed,
    text_of,
    whole,
)
from compete.services.competitions.module_draft import (
    NEEDED,
    TOLD,
    ModuleDraft,
    module_draft_of,
    module_tree,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDraft:
    """Modules whose joint score is itself published."""

    was: str = ""
    name: str = ""
    weight: str = ""
    full: str = ""
    pass_: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it is a new row in which nothing was written."""
        return not (self.was or self.name or self.weight or self.full or self.pass_)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDraft:
    """A stage. Without `top` and `per_unit` all the ranked go on; without any of the three
    texts of `carry` nothing is carried along."""

    was: str = ""
    name: str = ""
    modules: tuple[ModuleDraft, ...] = ()
    parts: tuple[PartDraft, ...] = ()
    top: str = ""
    per_unit: str = ""
    advance_ties: str = "include"
    """Of who shares the last place that goes on: `include` or `cut`."""
    carry_from: int | None = None
    """Which stage, counted from 0."""
    carry_weight: str = ""
    carry_own: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it is a new one in which nothing was written."""
        return not (self.was or self.name or self.modules or self.parts)


def stage_drafts_of(stages: Sequence[Mapping[str, Any]]) -> tuple[StageDraft, ...]:
    """What a form shows of stages as a file writes them."""
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
    advance, carry = stage.get("advance") or {}, stage.get("carry") or {}
    parts = stage.get("parts") or ()
    start = carry.get("from")
    return StageDraft(
        was=stage["code"],
        name=stage["name"],
        modules=tuple(
            module_draft_of(it, [part["code"] for part in parts]) for it in stage["modules"]
        ),
        parts=tuple(map(_part, parts)),
        top=text_of(advance.get("top")),
        per_unit=text_of(advance.get("per_unit")),
        advance_ties=str(advance.get("ties") or "include"),
        carry_from=codes.index(start) if start in codes else None,
        carry_weight=number_of(carry.get("weight")),
        carry_own=number_of(carry.get("own")),
    )


def _part(part: Mapping[str, Any]) -> PartDraft:
    return PartDraft(
        was=part["code"],
        name=part["name"],
        weight=number_of(part.get("weight")),
        full=number_of(part["full"]),
        pass_=number_of(part.get("pass")),
    )


def _tree(
    draft: StageDraft,
    known: Mapping[str, Any] | None,
    code: str,
    codes: Sequence[str],
    taken: set[str],
) -> dict[str, Any]:
    before = known or {"modules": (), "parts": ()}
    old = _stage(known, ()) if known is not None else StageDraft()
    tree: dict[str, Any] = {**(known or {"code": code}), "name": draft.name}
    parts = {part["code"]: part for part in before.get("parts") or ()}
    part_codes = codes_of(draft.parts, parts, "p", taken)
    modules = {module["code"]: module for module in before["modules"]}
    tree["modules"] = [
        module_tree(module, modules.get(module.was), own, part_codes, taken)
        for module, own in zip(
            draft.modules, codes_of(draft.modules, modules, "m", taken), strict=True
        )
    ]
    put(
        tree,
        "parts",
        [
            _part_tree(part, parts.get(part.was), own)
            for part, own in zip(draft.parts, part_codes, strict=True)
        ],
    )
    _put_advance(tree, draft, old)
    _put_carry(tree, draft, old, codes)
    return tree


def _part_tree(draft: PartDraft, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    old = _part(known) if known is not None else None
    tree: dict[str, Any] = dict(known) if known is not None else {"code": code}
    put_changed(tree, draft, old, TOLD, needed=NEEDED)
    return tree


def _put_advance(tree: dict[str, Any], draft: StageDraft, old: StageDraft) -> None:
    if not (draft.top or draft.per_unit):
        tree.pop("advance", None)
        return
    advance = dict(tree.get("advance") or {})
    put_changed(advance, draft, old, ("top", "per_unit"), whole)
    if draft.advance_ties != old.advance_ties:
        usual = draft.advance_ties == "include"
        put(advance, "ties", None if usual else draft.advance_ties)
    tree["advance"] = advance


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
