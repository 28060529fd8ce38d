"""A module, its panel and its sheet as a form has them: texts, one for each thing shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from compete.domain.aspects.form_fields import FormField, Own
from compete.domain.aspects.kinds import class_of, own_texts
from compete.domain.aspects.types import AspectType
from compete.services.competitions.draft_parts import (
    coded,
    number_of,
    put,
    put_changed,
    text_of,
    whole,
)


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
    own: Own = field(default_factory=dict)
    """What stands in the fields of its type, and of others that it may become."""
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
    part: int | None = None
    """Which of the stage's parts it belongs to, counted from 0."""
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
    review: bool = False
    """Whether it is the 综合评审 of an evaluation."""
    aspects: tuple[AspectDraft, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether it is a new one in which nothing was written."""
        bare = all(row.is_blank for row in self.aspects)
        return bare and not (self.was or self.name or self.weight or self.full)


NEEDED = ("name", "weight", "full")
TOLD = (*NEEDED, "pass")
"""What a module and a part say of themselves, and what of it each has to say."""
_TEXTS = ("name", "criterion", "max", "standard")
_PANEL = {"combine": "mean", "at": "sheet", "min": "", "reduced": "same"}
"""Keys of a panel and what holds where they are not written."""


def tidy_lines(text: str) -> str:
    """The lines in which anything stands, without blanks around them."""
    return "\n".join(line for raw in text.splitlines() if (line := raw.strip()))


def module_draft_of(module: Mapping[str, Any], parts: Sequence[str]) -> ModuleDraft:
    """What a form shows of a module as a file writes it; `parts` are the stage's, by code."""
    panel = module.get("panel") or {}
    return ModuleDraft(
        was=module["code"],
        name=module["name"],
        part=parts.index(module["part"]) if module.get("part") in parts else None,
        weight=number_of(module.get("weight")),
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
        review=bool(module.get("review")),
        aspects=tuple(map(_aspect, module["aspects"])),
    )


def _aspect(aspect: Mapping[str, Any]) -> AspectDraft:
    extra = aspect.get("extra") or {}
    return AspectDraft(
        was=aspect["code"],
        name=aspect["name"],
        criterion=text_of(aspect.get("criterion")),
        type=aspect["type"],
        max=number_of(aspect["max"]),
        factor=number_of(aspect.get("factor")) or "1",
        standard=text_of(aspect.get("standard")),
        own=own_texts(aspect),
        unit=" ".join(text_of(extra.get("unit")).split()),
        hint=tidy_lines(text_of(extra.get("hint"))),
    )


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
    old = module_draft_of(known, ()) if known is not None else ModuleDraft()
    tree: dict[str, Any] = dict(known) if known is not None else {"code": code}
    put_changed(tree, draft, old if known is not None else None, TOLD, needed=NEEDED)
    put(tree, "part", None if draft.part is None else parts[draft.part])
    put(tree, "review", draft.review or "")
    panel = dict(tree.get("panel") or {})
    put_changed(panel, draft, old, ("size", "drop_high", "drop_low"), whole)
    for key, usual in _PANEL.items():
        said = getattr(draft, key)
        if said is not None and said != (getattr(old, key) or usual):
            put(panel, key, "" if said == usual else whole(said))
    size, least = panel.get("size", 1), panel.get("min")
    same = draft.min in (None, old.min)
    if same and isinstance(least, int) and isinstance(size, int) and size < least:
        # Fewer judges were asked for, and nothing was said of this: all of them are.
        del panel["min"]
    put_changed(panel, draft, old, ("max_spread",))
    own_way = draft.combine not in (None, old.combine or _PANEL["combine"])
    if (draft.drop_high, draft.drop_low) != (old.drop_high, old.drop_low) and not own_way:
        if (draft.drop_high or "0", draft.drop_low or "0") != ("0", "0"):
            panel["combine"] = "trimmed_mean"
        elif panel.get("combine") == "trimmed_mean":
            del panel["combine"]
    if panel != (tree.get("panel") or {}):
        put(tree, "panel", panel)
    aspects = {aspect["code"]: aspect for aspect in known["aspects"]} if known else {}
    tree["aspects"] = list(coded(draft.aspects, aspects, _aspect_tree, "a", taken))
    return tree


def _aspect_tree(draft: AspectDraft, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    old = _aspect(known) if known is not None else AspectDraft(type="")
    tree: dict[str, Any] = dict(known) if known is not None else {"code": code}
    start = old if known is not None else None
    put_changed(tree, draft, start, _TEXTS, needed=("name", "max"))
    if draft.type != old.type:
        for other in _fields_of(old.type):
            for key in other.said(""):
                tree.pop(key, None)
        tree["type"] = draft.type
    if draft.factor != old.factor:
        put(tree, "factor", "" if draft.factor == "1" else draft.factor)
    extra = dict(tree.get("extra") or {})
    put_changed(extra, draft, old, ("unit", "hint"))
    if extra != (tree.get("extra") or {}):
        put(tree, "extra", extra)
    for own in _fields_of(draft.type):
        text = draft.own.get(own.key, "")
        if known is None and own.key == "step" and not text:
            text = _whole_step(draft.max)
        if draft.type != old.type or text != old.own.get(own.key, ""):
            for key, value in own.said(text).items():
                _put_within(tree, key, value)
    return tree


def _whole_step(most: str) -> str:
    """The largest usual step by which full marks can be given, where nobody said one."""
    try:
        points = Decimal(most)
    except InvalidOperation:
        return ""
    return next((step for step in ("1", "0.5", "0.1") if points % Decimal(step) == 0), "")


def _fields_of(written: str) -> Sequence[FormField]:
    """The fields of a type; none for one that there is not."""
    return class_of(AspectType(written)).fields if written in set(AspectType) else ()


def _put_within(tree: dict[str, Any], key: str, value: Any) -> None:
    """Put it there; `a.b` is a key within what the key `a` has."""
    head, dot, rest = key.partition(".")
    if dot:
        inner = dict(tree.get(head) or {})
        put(inner, rest, value)
        put(tree, head, inner)
    else:
        put(tree, key, value)
