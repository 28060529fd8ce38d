"""A single item (单项) as a form has it: what is ranked beside the event, and its ties."""

from __future__ import annotations

from dataclasses import dataclass

from compete.domain.values.messages import msg
from compete.services.competitions.draft_fields import ChainField, ChoiceField, RuleField, told


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """A module or part of the last stage, `of` by its code, that is ranked by itself."""

    was: str = ""
    name: str = told(RuleField, "name", msg("单项"), needed=True)
    of: str = told(ChoiceField, "of", msg("比什么"), choices="items", needed=True)
    ties: tuple[str, ...] = told(ChainField, "ties", msg("同分先比什么"))

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        return not (self.was or self.name or self.of)
