"""Every kind of competition, and which one a competition is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from compete.domain.kinds.contest import CONTEST
from compete.domain.kinds.description import KindDescription
from compete.domain.kinds.evaluation import EVALUATION
from compete.domain.kinds.labour_competition import LABOUR_COMPETITION
from compete.domain.kinds.practice import PRACTICE
from compete.domain.values.kinds import Kind

KINDS: Mapping[Kind, KindDescription] = MappingProxyType(
    {it.kind: it for it in (CONTEST, LABOUR_COMPETITION, EVALUATION, PRACTICE)}
)


class _OfKind(Protocol):
    """A competition, as a file or as a row."""

    @property
    def kind(self) -> str: ...


def competition_kind(competition: _OfKind) -> KindDescription:
    """The description of a competition's kind."""
    return KINDS[Kind(competition.kind)]


def kinds_where(holds: Callable[[KindDescription], bool]) -> list[Kind]:
    """List the kinds of which that holds; for queries."""
    return [kind for kind, description in KINDS.items() if holds(description)]
