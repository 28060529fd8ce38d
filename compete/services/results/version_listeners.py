"""Version listeners: they are told of a new version once it is stored."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from compete.models import Competition, Publication
from compete.services.kernel.versions import is_writing

Told = Callable[[Competition], None]
_told: list[Told] = []
P = ParamSpec("P")


def when_published(listener: Told) -> None:
    """Call it from now on with each competition of which this process publishes a version."""
    if listener not in _told:
        _told.append(listener)


def tell_published(competition: Competition) -> None:
    """A version is stored."""
    for listener in _told:
        listener(competition)


def tells_listeners(act: Callable[P, Publication]) -> Callable[P, Publication]:
    """An act that stores a version; within another's unit of work nothing is stored yet."""

    @wraps(act)
    def telling_act(*args: P.args, **keys: P.kwargs) -> Publication:
        publication = act(*args, **keys)
        if not is_writing():
            tell_published(publication.competition)
        return publication

    return telling_act
