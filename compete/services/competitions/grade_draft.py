"""A grade rule as a form has it: its conditions and what it grants, a text for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compete.services.competitions.draft_parts import number_of, put, put_changed, text_of, whole
from compete.services.competitions.module_draft import tidy_lines

PASS_ALL, PASS_TAKEN, PASS_SOME = "all", "taken", "some"
_LISTS = ("levels", "groups", "awards", "under", "roles")
_WHOLE = ("max_rank", "min_ranked")
_NUMBERS = ("top_percent", "min_total")
_GRANTED = ("to", "up", "floor", "ceiling", "max_step")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeDraft:
    """What is empty, or false, asks nothing and gives nothing."""

    was: str = ""
    cite: str = ""
    levels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    max_rank: str = ""
    awards: tuple[str, ...] = ()
    item: str = ""
    """The code of a single item, or `any`; with `item_rank`."""
    item_rank: str = ""
    top_percent: str = ""
    min_total: str = ""
    passing: str = ""
    """Empty, `all`, `taken`, or `some`: the modules and parts `passed`."""
    passed: tuple[str, ...] = ()
    once_a_year: bool = False
    under: tuple[str, ...] = ()
    at_least: str = ""
    at_most: str = ""
    min_ranked: str = ""
    roles: tuple[str, ...] = ()
    to: str = ""
    up: str = ""
    floor: str = ""
    ceiling: str = ""
    max_step: str = ""
    titles: str = ""
    """A line for each."""

    @property
    def is_blank(self) -> bool:
        """Whether it is a new one in which nothing was written."""
        return self == GradeDraft()


def grade_draft_of(rule: Mapping[str, Any]) -> GradeDraft:
    """What a form shows of a grade rule as a file writes it."""
    when, grant = rule.get("when") or {}, rule.get("grant") or {}
    item, holds = when.get("item") or {}, when.get("holds") or {}
    passed = when.get("pass_modules")
    said: dict[str, Any] = {key: tuple(when.get(key) or ()) for key in _LISTS}
    said |= {key: text_of(when.get(key)) for key in _WHOLE}
    said |= {key: number_of(when.get(key)) for key in _NUMBERS}
    said |= {key: text_of(grant.get(key)) for key in _GRANTED}
    return GradeDraft(
        was=rule["code"],
        cite=" ".join(text_of(rule.get("cite")).split()),
        **said,
        item=text_of(item.get("code")),
        item_rank=text_of(item.get("max_rank")),
        passing="" if not passed else passed if isinstance(passed, str) else PASS_SOME,
        passed=() if isinstance(passed, str) else tuple(passed or ()),
        once_a_year=bool(when.get("once_a_year", False)),
        at_least=text_of(holds.get("at_least")),
        at_most=text_of(holds.get("at_most")),
        titles=tidy_lines("\n".join(grant.get("titles") or ())),
    )


def grade_tree(draft: GradeDraft, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    """The rule with what the draft says otherwise; `code` is that of a new one."""
    old = grade_draft_of(known) if known is not None else GradeDraft()
    tree: dict[str, Any] = dict(known) if known is not None else {"code": code}
    put_changed(tree, draft, old, ("cite",))
    when = dict(tree.get("when") or {})
    _put_conditions(when, draft, old)
    if when != (tree.get("when") or {}):
        put(tree, "when", when)
    grant = dict(tree.get("grant") or {})
    for key in _GRANTED:
        if (said := getattr(draft, key)) != getattr(old, key):
            put(grant, key, None if (key, said) == ("ceiling", "1") else whole(said))
    put_changed(grant, draft, old, ("titles",), str.splitlines)
    tree["grant"] = grant
    return tree


def _put_conditions(when: dict[str, Any], draft: GradeDraft, old: GradeDraft) -> None:
    put_changed(when, draft, old, _LISTS, list)
    put_changed(when, draft, old, _WHOLE, whole)
    put_changed(when, draft, old, _NUMBERS)
    put_changed(when, draft, old, ("once_a_year",), lambda is_so: is_so or None)
    if (draft.passing, draft.passed) != (old.passing, old.passed):
        some = draft.passing == PASS_SOME
        # Some of none is no condition: a reader refuses the empty list.
        put(when, "pass_modules", list(draft.passed) if some else draft.passing, needed=some)
    _put_both(when, "item", {"code": (draft.item, old.item)}, needed=bool(draft.item_rank))
    _put_both(when, "item", {"max_rank": (draft.item_rank, old.item_rank)}, needed=bool(draft.item))
    present = {
        "at_least": (draft.at_least, old.at_least),
        "at_most": (draft.at_most, old.at_most),
    }
    _put_both(when, "holds", present)


def _put_both(
    when: dict[str, Any], key: str, said: Mapping[str, tuple[str, str]], *, needed: bool = False
) -> None:
    """Put what is said otherwise than it was into an object of its own."""
    inner = dict(when.get(key) or {})
    for name, (now, was) in said.items():
        if now != was or (needed and name not in inner):
            put(inner, name, now if name == "code" else whole(now), needed=needed)
    if inner != (when.get(key) or {}):
        put(when, key, inner)
