"""Stages as a form has them: their modules and parts, who goes on, what is carried along."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from compete.domain.aspects.form_fields import FormField, Own
from compete.domain.aspects.kinds import class_of, every_field, own_texts
from compete.domain.aspects.types import AspectType
from compete.domain.bundle.attempts import BY_ROUNDS
from compete.domain.values.messages import msg
from compete.domain.values.numerals import number_in_text
from compete.services.rules.draft_fields import (
    ChoiceField,
    FlagField,
    Form,
    NoteField,
    NumberField,
    PlaceField,
    RuleField,
    TextField,
    WeightField,
    WholeField,
    coded,
    codes_of,
    draft_field,
    draft_from,
    number,
    put,
    put_at,
    put_changes,
    row_tree,
)
from compete.services.sheets.comments import COMMENTS


@dataclass(frozen=True, slots=True)
class OwnTextsField(RuleField):
    """The fields of a row's type, and of others that it may become."""

    def read(self, form: Form, name: str, old: Any) -> Own:
        row = name.removesuffix(self.name)
        return {
            field.key: text
            for field in every_field()
            if (text := field.tidy(form.get(f"{row}{field.key}", "")))
        }

    def texts(self, now: Own, name: str) -> dict[str, str]:
        row = name.removesuffix(self.name)
        return {f"{row}{field.key}": now.get(field.key, "") for field in every_field()}


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectDraft:
    """A row of a sheet. `was` is the code of the aspect that it changes, empty for a new one."""

    was: str = ""
    criterion: str = draft_field(RuleField, "criterion", msg("项目"))
    name: str = draft_field(RuleField, "name", msg("考核要点"), needed=True)
    type: str = draft_field(
        ChoiceField, "type", msg("类型"), choices="types", needed=True, by_hand=True, start="score"
    )
    max: str = draft_field(NumberField, "max", msg("配分"), needed=True)
    factor: str = draft_field(NumberField, "factor", msg("得分再乘的系数"), unsaid="1", usual="1")
    own: Own = field(default_factory=dict, metadata={"rule": OwnTextsField("own", by_hand=True)})
    unit: str = draft_field(NoteField, "extra.unit", msg("单位"), named="unit")
    hint: str = draft_field(TextField, "extra.hint", msg("评分标准"), named="hint")
    """The text that a judge reads beside it."""
    standard: str = draft_field(RuleField, "standard", msg("职业标准哪一节"))

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        return not (self.was or self.name or self.max or self.criterion)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleDraft:
    """A module with its panel and its sheet."""

    was: str = ""
    name: str = draft_field(RuleField, "name", msg("模块"), needed=True)
    part: int | None = draft_field(PlaceField, "part", msg("属于哪个部分"), choices="parts")
    """The place of its part among the stage's, counted from 0."""
    weight: str = draft_field(WeightField, "weight", msg("权重"), needed=True)
    full: str = draft_field(NumberField, "full", msg("满分"), needed=True)
    pass_: str = draft_field(NumberField, "pass", msg("合格线"))
    size: str = draft_field(WholeField, "panel.size", msg("每名选手几名裁判"), unsaid="1")
    drop_high: str = draft_field(WholeField, "panel.drop_high", msg("去掉几个最高分"), unsaid="0")
    drop_low: str = draft_field(WholeField, "panel.drop_low", msg("去掉几个最低分"), unsaid="0")
    max_spread: str = draft_field(NumberField, "panel.max_spread", msg("裁判最多差几分"))
    combine: str | None = draft_field(
        ChoiceField, "panel.combine", msg("怎么合"), usual="mean", start=None
    )
    at: str | None = draft_field(
        ChoiceField, "panel.at", msg("在哪里合"), usual="sheet", start=None
    )
    min: str | None = draft_field(WholeField, "panel.min", msg("至少几张评分表"), start=None)
    reduced: str | None = draft_field(
        ChoiceField, "panel.reduced", msg("评分表少于人数时"), usual="same", start=None
    )
    """The way marks become one, where, from how many sheets; None: nothing was said of it."""
    review: bool = draft_field(FlagField, "review", msg("综合评审"))
    """True if it is the 综合评审 of an evaluation."""
    comments: bool = draft_field(
        FlagField, f"extra.{COMMENTS}", msg("裁判给选手写评语"), named="comments"
    )
    aspects: tuple[AspectDraft, ...] = ()

    @property
    def is_blank(self) -> bool:
        """True if it is a new one in which nothing was written."""
        bare = all(row.is_blank for row in self.aspects)
        return bare and not (self.was or self.name or self.weight or self.full)


def _module_draft_of(module: Mapping[str, Any], parts: Sequence[str]) -> ModuleDraft:
    """The form's draft of a module from a file; `parts` are the stage's, by code."""
    return draft_from(
        ModuleDraft,
        module,
        part=parts.index(module["part"]) if module.get("part") in parts else None,
        aspects=tuple(map(_aspect, module["aspects"])),
    )


def _aspect(aspect: Mapping[str, Any]) -> AspectDraft:
    return draft_from(AspectDraft, aspect, own=own_texts(aspect))


def module_tree(
    draft: ModuleDraft,
    known: Mapping[str, Any] | None,
    code: str,
    parts: Sequence[str],
    taken: set[str],
) -> dict[str, Any]:
    """The module with what the draft says otherwise; `parts` are the codes that it counts.

    A new aspect takes none of the codes `taken` in the event: by code a tie key adds up.
    """
    old = _module_draft_of(known, ()) if known is not None else ModuleDraft()
    tree = row_tree(draft, known, code)
    put(tree, "part", None if draft.part is None else parts[draft.part])
    panel = dict(tree.get("panel") or {})
    _settle_panel(panel, draft, old)
    if panel != (tree.get("panel") or {}):
        put(tree, "panel", panel)
    aspects = {aspect["code"]: aspect for aspect in known["aspects"]} if known else {}
    tree["aspects"] = list(coded(draft.aspects, aspects, _aspect_tree, "a", taken))
    return tree


def _settle_panel(panel: dict[str, Any], draft: ModuleDraft, old: ModuleDraft) -> None:
    """Settle a panel's fields that follow from what was said of others."""
    size, least = panel.get("size", 1), panel.get("min")
    same = draft.min in (None, old.min)
    if same and isinstance(least, int) and isinstance(size, int) and size < least:
        # Fewer judges were asked for, and nothing was said of this: all of them are.
        del panel["min"]
    own_way = draft.combine not in (None, old.combine or "mean")
    if (draft.drop_high, draft.drop_low) != (old.drop_high, old.drop_low) and not own_way:
        if (draft.drop_high or "0", draft.drop_low or "0") != ("0", "0"):
            panel["combine"] = "trimmed_mean"
        elif panel.get("combine") == "trimmed_mean":
            del panel["combine"]


def _aspect_tree(draft: AspectDraft, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    old = _aspect(known) if known is not None else AspectDraft(type="")
    tree = row_tree(draft, known, code)
    if draft.type != old.type:
        for other in _fields_of(old.type):
            for key in other.file_values(""):
                tree.pop(key, None)
        tree["type"] = draft.type
    for own in _fields_of(draft.type):
        text = draft.own.get(own.key, "")
        if known is None and own.key == "step" and not text:
            text = _whole_step(draft.max)
        if draft.type != old.type or text != old.own.get(own.key, ""):
            for key, value in own.file_values(text).items():
                put_at(tree, key, value)
    return tree


def _whole_step(most: str) -> str:
    """The largest usual step by which full marks can be given, where nobody said one."""
    points = number_in_text(most)
    if points is None:
        return ""
    return next((step for step in ("1", "0.5", "0.1") if points % Decimal(step) == 0), "")


def _fields_of(written: str) -> Sequence[FormField]:
    """The fields of a type; none for one that there is not."""
    return class_of(AspectType(written)).fields if written in set(AspectType) else ()


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
    name: str = draft_field(RuleField, "name", msg("部分"), needed=True)
    weight: str = draft_field(WeightField, "weight", msg("权重"), needed=True)
    full: str = draft_field(NumberField, "full", msg("满分"), needed=True)
    pass_: str = draft_field(NumberField, "pass", msg("合格线"))
    take: str = draft_field(WholeField, "take.best", msg("取最好的几次"), msg("都算就空着"))
    """How many of its modules count, which are then attempts of one thing."""
    rounds: bool = draft_field(
        FlagField, f"extra.{BY_ROUNDS}", msg("一轮一轮地叫"), named="rounds", tells_no=False
    )

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        return not (self.was or self.name or self.weight or self.full or self.pass_ or self.take)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDraft:
    """A stage. Without `top` and `per_unit` all the ranked go on; without any of the three
    texts of `carry` nothing is carried along."""

    was: str = ""
    name: str = draft_field(RuleField, "name", msg("赛段名称"), needed=True)
    modules: tuple[ModuleDraft, ...] = ()
    parts: tuple[PartDraft, ...] = ()
    top: str = draft_field(WholeField, "advance.top", msg("前几名进下一赛段"))
    per_unit: str = draft_field(
        WholeField, "advance.per_unit", msg("每个单位最多进几名"), msg("空着不限")
    )
    advance_ties: str = draft_field(
        ChoiceField, "advance.ties", msg("末位同名次的"), usual="include"
    )
    """Of who shares the last place that goes on: `include` or `cut`."""
    carry_from: int | None = draft_field(
        PlaceField, "carry.from", msg("带上哪个赛段的总成绩"), choices="stages"
    )
    """The place of the stage that a total is carried from, counted from 0."""
    carry_weight: str = draft_field(
        FactorField, "carry.weight", msg("那个赛段的乘多少"), by_hand=True
    )
    carry_own: str = draft_field(FactorField, "carry.own", msg("本赛段的乘多少"), by_hand=True)

    @property
    def is_blank(self) -> bool:
        """True if it is a new one in which nothing was written."""
        return not (self.was or self.name or self.modules or self.parts)

    @property
    def module_names(self) -> list[str]:
        """The names of its modules; of several attempts also which, as `1/2`."""
        taken = {n for n, part in enumerate(self.parts) if part.take}
        return names_with_attempts([(it.name, it.part) for it in self.modules], taken)

    @property
    def in_points(self) -> bool:
        """True if its total is points as they were given, no share of 100, as `Stage` has it."""
        weighed = [it for it in self.modules if it.weight]
        total = sum((number_in_text(it.weight) or Decimal(0) for it in weighed), Decimal(0))
        alone = not self.parts and self.carry_from is None and total not in (0, 100)
        return alone and all(number_in_text(it.weight) == number_in_text(it.full) for it in weighed)


def names_with_attempts(
    modules: Sequence[tuple[str, Hashable]], taken: Collection[Hashable]
) -> list[str]:
    """The names of modules, each given with its part; of several attempts also which, as `1/2`.

    `taken` are the parts of which the best attempts count.
    """
    of = Counter(part for _name, part in modules)
    seen: Counter[Hashable] = Counter()
    names = []
    for name, part in modules:
        seen[part] += 1
        names.append(f"{name} {seen[part]}/{of[part]}" if name and part in taken else name)
    return names


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
        modules=tuple(_module_draft_of(it, part_codes) for it in stage["modules"]),
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
    put_changes(tree, draft, None if known is None else old)
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
