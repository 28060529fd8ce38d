"""The installation that the services run in: its settings, its addresses, its memory.

Whoever puts an application together says so once (`settle_installation`); from then on
an installation is known by the database that the session at hand speaks to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Protocol, TypeVar, cast
from weakref import WeakKeyDictionary, WeakMethod

from sqlalchemy import Engine

from compete.config import Config
from compete.documents.fonts import FontBook, load_fonts
from compete.models import db

T = TypeVar("T")


class Page(Enum):
    """The pages whose full address stands on paper, or is told to another system."""

    BADGE = auto()
    ENTER = auto()
    RESULTS = auto()
    SIGN_IN = auto()
    SHEET = auto()
    VERIFY = auto()
    COMPETITION = auto()
    PUBLISHED_VERSION = auto()
    DESK = auto()
    DESK_HOME = auto()
    MESSAGES_OFF = auto()
    RECORD = auto()


class Addresses(Protocol):
    """The function that gives the full address of a page."""

    def __call__(self, page: Page, **values: Any) -> str: ...


@dataclass(frozen=True, eq=False)
class Installation:
    """An installation: settings, the way to a page's address, and what the process remembers.

    `inside` gives a thread of its own a session on the installation's database.
    """

    config: Config
    addresses: Addresses
    inside: Callable[[], AbstractContextManager[Any]]
    memory: dict[str, Any] = field(default_factory=dict)


_INSTALLATIONS: WeakKeyDictionary[Engine, Installation] = WeakKeyDictionary()


def settle_installation(
    config: Config, addresses: Addresses, inside: Callable[[], AbstractContextManager[Any]]
) -> None:
    """Say what the session's database belongs to; `inside` is a method of the application.

    The application is not kept by this: with it its database would never be let go.
    """
    method = WeakMethod(inside)

    def open_inside() -> AbstractContextManager[Any]:
        here = method()
        assert here is not None, "the application is gone"
        return here()

    _INSTALLATIONS[db.engine] = Installation(config, addresses, open_inside)


def installation_here() -> Installation:
    """The one that the session's database belongs to; KeyError where none was settled."""
    return _INSTALLATIONS[db.engine]


def config_here() -> Config:
    """The installation's settings."""
    return installation_here().config


def fonts() -> FontBook:
    """The shipped fonts and the installation's own."""
    return load_fonts(config_here().font_dir)


def address_of(page: Page, **values: Any) -> str:
    """The full address of a page, for paper."""
    return installation_here().addresses(page, **values)


_SITE: ContextVar[str] = ContextVar("site", default="")


def site_here() -> str:
    """The prefix of a page's path where a job works for who came by it; else empty."""
    return _SITE.get()


@contextmanager
def reached_at(site: str) -> Iterator[None]:
    """Give pages, inside the block, the addresses by which somebody came who waits for a job."""
    token = _SITE.set(site)
    try:
        yield
    finally:
        _SITE.reset(token)


def memory_of(name: str, make: Callable[[], T]) -> T:
    """The installation's own memory of that name in this process; made when first asked for."""
    memory = installation_here().memory
    if name not in memory:
        memory.setdefault(name, make())
    return cast(T, memory[name])
