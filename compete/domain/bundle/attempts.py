"""Attempts: modules of a part with `take`, of which the best count."""

from __future__ import annotations

from typing import NamedTuple

from compete.domain.bundle.event_types import Stage


class Attempt(NamedTuple):
    """The place of a module among the attempts of its part, in their order."""

    modules: tuple[str, ...]
    number: int
    """From 1."""
    best: int
    """The number of those that count."""

    @property
    def first(self) -> str:
        """The module of the first attempt."""
        return self.modules[0]

    @property
    def before(self) -> tuple[str, ...]:
        """The modules of the attempts before it."""
        return self.modules[: self.number - 1]

    @property
    def others(self) -> tuple[str, ...]:
        """The modules of all attempts but it."""
        return (*self.before, *self.modules[self.number :])

    @property
    def words(self) -> str:
        """Its number and how many there are, as `1/2`."""
        return f"{self.number}/{len(self.modules)}"


def attempt_in(stage: Stage, module: str) -> Attempt | None:
    """The place of a module among the attempts of its part; None where it is no attempt."""
    takes = {part.code: part.take for part in stage.parts if part.take is not None}
    if not takes:
        return None
    part = next((it.part for it in stage.modules if it.code == module), None)
    take = takes.get(part) if part is not None else None
    if take is None:
        return None
    modules = tuple(it.code for it in stage.modules if it.part == part)
    return Attempt(modules, modules.index(module) + 1, take.best)
