"""The filled house, and a screen that shows its pages."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.look.house import House, Screen


@pytest.fixture(scope="session")
def filled(
    tmp_path_factory: pytest.TempPathFactory,
    lay_tables: Callable[[Path], None],
    worker_keys: dict[str, str],
) -> Path:
    """The folder of a filled installation; whichever worker wants it first makes it for all."""
    from tests.look.house import fill
    from tests.support.application import lay_keys
    from tests.support.worked_out import shared_folder

    shared = shared_folder(tmp_path_factory, "filled-house")
    made, own = shared / "made", tmp_path_factory.mktemp("house") / "var"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            lay_tables(shared / "var")
            lay_keys(shared / "var", worker_keys)
            fill(shared / "var")
            (shared / "var").rename(made)
    shutil.copytree(made, own)
    return own


@pytest.fixture(scope="session")
def house(filled: Path) -> House:
    """The application on a filled database."""
    from tests.look.house import House

    return House(filled)


@pytest.fixture(scope="module")
def screen(house: House, chromium: Browser) -> Iterator[Screen]:
    """One screen for all tests of a file."""
    from tests.look.house import screen_of

    with screen_of(house, chromium) as screen:
        yield screen


@pytest.fixture
def shown(screen: Screen) -> Iterator[Screen]:
    """The screen, emptied afterwards; no script may have complained."""
    yield screen
    screen.forget()
    complaints = screen.visitor.unexpected()
    screen.visitor.complaints.clear()
    screen.visitor.expected.clear()
    assert complaints == []
