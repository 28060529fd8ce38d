"""The demonstration as a newcomer starts it: a server of its own, with the links it prints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.story.demo import Demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`compete demo` on an empty folder, stopped at the end."""
    running = Demo(tmp_path_factory.mktemp("demo") / "var")
    running.start()
    yield running
    running.stop()
