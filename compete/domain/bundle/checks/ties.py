"""Checks of tie keys: each must name something in one of the event's stages."""

from collections.abc import Iterable
from typing import Any

from compete.domain.bundle.checks.codes import nowhere, unknown_tie
from compete.domain.bundle.event_types import Event, Part, Stage
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.versions import Version
from compete.domain.values.messages import msg

_AGES = ("age:older", "age:younger")
_BEST = ("best", "best_rank")


class Names:
    """The names that keys of an event can use; `whole` unless part of it was unreadable."""

    def __init__(self, event: Event, version: Version) -> None:
        self.added_times = version.added_times
        modules = [module for stage in event.stages for module in stage.modules]
        parts = [part for stage in event.stages for part in stage.parts]
        aspects = [aspect for module in modules for aspect in module.aspects]
        codes = {module.code for module in modules}
        self.of_kind: dict[str, set[Any]] = {
            "module": codes,
            "time": codes,
            "part": {part.code for part in parts},
            "aspect": {aspect.code for aspect in aspects},
            "criterion": {aspect.criterion for aspect in aspects} - {None},
            "stage": {stage.code for stage in event.stages},
        }
        if version.next_attempts:
            self.of_kind["next"] = {
                part.code
                for stage in event.stages
                for part in stage.parts
                if _has_next(stage, part)
            }
        self.with_pass = {module.code for module in modules if module.pass_ is not None}
        self.with_pass |= {part.code for part in parts if part.pass_ is not None}
        lists: list[Any] = [event.stages, *(stage.modules for stage in event.stages)]
        lists += [stage.parts for stage in event.stages]
        lists += [module.aspects for module in modules]
        lists += [[module.part for module in modules], [part.take for part in parts]]
        self.whole = not any(codes is UNREADABLE or UNREADABLE in codes for codes in lists)

    def has(self, kind: str, name: str) -> bool:
        """True if there is such a thing, or could be; times of modules may be added up."""
        if not self.whole or name in self.of_kind[kind]:
            return True
        if kind != "time" or not self.added_times:
            return False
        parts = name.split("+")
        apart = len(parts) > 1 and len(set(parts)) == len(parts)
        return name == "all" or (apart and self.of_kind[kind].issuperset(parts))


def _has_next(stage: Stage, part: Part) -> bool:
    """True if some attempts of the part do not count."""
    if part is UNREADABLE or part.take in (None, UNREADABLE) or part.take.best is UNREADABLE:
        return False
    attempts = [module for module in stage.modules if module.part == part.code]
    return part.take.best < len(attempts)


def note_ties(ties: Iterable[str], names: Names, path: str, problems: Problems) -> None:
    """The keys that separate entrants."""
    for index, key in enumerate(ties):
        if key is not UNREADABLE and key not in _AGES:
            _note_named(key, tuple(names.of_kind), names, f"{path}[{index}]", problems)


def note_team_ties(ties: Iterable[str], names: Names, path: str, problems: Problems) -> None:
    """The keys that separate teams."""
    for index, key in enumerate(ties):
        if key is not UNREADABLE and key not in _BEST:
            _note_named(key, ("module", "time"), names, f"{path}[{index}]", problems)


def _note_named(
    key: str, kinds: tuple[str, ...], names: Names, path: str, problems: Problems
) -> None:
    kind, colon, name = key.partition(":")
    if not colon or kind not in kinds:
        allowed = (
            *(f"{kind_word}:…" for kind_word in kinds),
            *(_AGES if "part" in kinds else _BEST),
        )
        problems.add(path, unknown_tie(key, allowed))
    elif not names.has(kind, name):
        problems.add(path, nowhere(key, msg("这个赛项的各个赛段")))
