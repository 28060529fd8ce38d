"""Every kind of competition, and which one a competition is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from compete.domain.kinds.contest import CONTEST
from compete.domain.kinds.description import KindDescription
from compete.domain.kinds.evaluation import EVALUATION
from compete.domain.kinds.labour_competition import LABOUR_COMPETITION
from compete.domain.values.kinds import Kind

KINDS: Mapping[Kind, KindDescription] = MappingProxyType(
    {description.kind: description for description in (CONTEST, LABOUR_COMPETITION, EVALUATION)}
)


class _OfKind(Protocol):
    """A competition, as a file or as a row."""

    @property
    def kind(self) -> str: ...


def kind_of(competition: _OfKind) -> KindDescription:
    """The description of a competition's kind."""
    return KINDS[Kind(competition.kind)]
