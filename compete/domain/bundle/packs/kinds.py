"""Packs: rules with a name, a source, an edition, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from compete.domain.bundle.event_types import Award
from compete.domain.bundle.grade_types import GradeRule
from compete.domain.values.messages import Message, msg


class Status(StrEnum):
    """The trust that a pack deserves. An organiser checks all but `sourced` before use."""

    SOURCED = "sourced"
    """The wording was seen in a public page."""
    MEMORY = "memory"
    """From general knowledge."""
    ASSUMED = "assumed"
    """A setting to begin with, where no regulation was found."""


_STATUS_NAMES = {
    Status.SOURCED: msg("有出处"),
    Status.MEMORY: msg("凭记忆，用前核对"),
    Status.ASSUMED: msg("暂定，用前核对"),
}


def status_name(status: Status) -> Message:
    """The status in the reader's language."""
    return _STATUS_NAMES[status]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The fields of every pack. `name` is what a bundle or a command calls it."""

    name: str
    title: str
    edition: str
    status: Status
    source: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GradePack(Pack):
    """Grade rules, usable by name as an event's `grades`.

    `presumes` is what the rules take for granted and no file can show: the
    organiser is asked for it before a grade is approved by them.
    """

    rules: tuple[GradeRule, ...]
    presumes: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TiePack(Pack):
    """A usual chain of tie keys.

    `keys` name the module or part of practical work `{practical}` and the
    theory `{theory}`, which each event calls by codes of its own.
    """

    keys: tuple[str, ...]
    for_teams: bool = False

    def keys_for(self, *, practical: str = "practical", theory: str = "theory") -> tuple[str, ...]:
        """The chain for an event in which the two modules bear these codes."""
        return tuple(key.format(practical=practical, theory=theory) for key in self.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPack(Pack):
    """A usual row of awards, from the highest down."""

    awards: tuple[Award, ...]
