"""A single item (单项) as a form has it: what is ranked beside the event, and its ties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compete.services.competitions.draft_parts import put_changed


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """A module or part of the last stage, `of` by its code, that is ranked by itself."""

    was: str = ""
    name: str = ""
    of: str = ""
    ties: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether it is a new row in which nothing was written."""
        return not (self.was or self.name or self.of)


def item_draft_of(item: Mapping[str, Any]) -> ItemDraft:
    """What a form shows of a single item as a file writes it."""
    return ItemDraft(
        was=item["code"],
        name=item["name"],
        of=item["of"],
        ties=tuple(item.get("ties") or ()),
    )


def item_tree(draft: ItemDraft, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    """The item with what the draft says otherwise; `code` is that of a new one."""
    old = item_draft_of(known) if known is not None else ItemDraft()
    tree: dict[str, Any] = dict(known) if known is not None else {"code": code}
    told = ("name", "of")
    put_changed(tree, draft, old if known is not None else None, told, needed=told)
    put_changed(tree, draft, old, ("ties",), list)
    return tree
