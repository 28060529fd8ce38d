"""The demonstration as a newcomer starts it: a server of its own, with the links it prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.story.demo import Demo


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """`compete demo` on an empty folder, stopped at the end."""
    running = Demo(tmp_path / "var")
    running.start()
    yield running
    running.stop()
    assert running.verify() == ""


@pytest.fixture(autouse=True)
def _nothing_is_wrong(request: pytest.FixtureRequest) -> None:
    """A story in this process: at its end nothing is found wrong."""
    if "app" in request.fixturenames:
        request.getfixturevalue("sound")
