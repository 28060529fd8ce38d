"""A prize as a form has it: texts, one for each thing that a form can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from compete.domain.values.numerals import plain
from compete.services.competitions.draft_parts import (
    hundredth,
    number_of,
    put,
    put_changed,
    text_of,
    whole,
)

_USUAL = {"round": "half_up", "scope": "entrants"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardDraft:
    """A prize: for so many, or for a share of those ranked in per cent."""

    was: str = ""
    name: str = ""
    top: str = ""
    percent: str = ""
    round: str = "half_up"
    """How a share is rounded: `floor`, `ceil` or `half_up`."""
    at_least: str = ""
    """The fewest of them, whatever the share is."""
    min_total: str = ""
    within: str = ""
    """By how many points below the last one somebody gets it all the same."""
    pass_modules: str = ""
    """Empty, `all` or `taken`."""
    scope: str = "entrants"
    """`entrants`, `teams` or `items`."""

    @property
    def is_blank(self) -> bool:
        """Whether it is a new row in which nothing was written."""
        typed = self.name or self.top or self.percent or self.at_least or self.min_total
        return not (self.was or typed)


def award_draft_of(award: Mapping[str, Any]) -> AwardDraft:
    """What a form shows of an award as a file writes it."""
    ratio = award.get("ratio")
    return AwardDraft(
        was=award["code"],
        name=award["name"],
        top=text_of(award.get("top")),
        percent="" if ratio is None else plain(Decimal(ratio) * 100),
        **{key: str(award.get(key) or usual) for key, usual in _USUAL.items()},
        at_least=text_of(award.get("at_least")),
        min_total=number_of(award.get("min_total")),
        within=number_of(award.get("within")),
        pass_modules=_passing(award.get("pass_modules")),
    )


def _passing(written: Any) -> str:
    """As a form has it: true says the same as `all`."""
    return str(written) if isinstance(written, str) else "all" if written else ""


def award_tree(draft: AwardDraft, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    """The award with what the draft says otherwise; `code` is that of a new one."""
    old = award_draft_of(known) if known is not None else AwardDraft()
    tree: dict[str, Any] = dict(known) if known is not None else {"code": code}
    put_changed(tree, draft, old if known is not None else None, ("name",), needed=("name",))
    if draft.percent != old.percent:
        put(tree, "ratio", hundredth(draft.percent))
    put_changed(tree, draft, old, ("top", "at_least"), whole)
    put_changed(tree, draft, old, ("min_total", "within"))
    put_changed(tree, draft, old, ("pass_modules",), lambda all_: True if all_ == "all" else all_)
    for key, usual in _USUAL.items():
        if (said := getattr(draft, key)) != getattr(old, key):
            put(tree, key, None if said == usual else said)
    return tree
