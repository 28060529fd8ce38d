"""Jobs whose turns a test takes itself."""

from __future__ import annotations

import pytest

from compete.services.jobs import queue
from compete.services.sheets import counts


class KilledError(SystemExit):
    """The process ends here."""


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody begins by himself: the test takes the turns."""
    monkeypatch.setattr(queue, "wake", lambda _competition: None)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every competition is one that nobody waits for."""
    monkeypatch.setattr(counts, "MOST_AT_ONCE", 0)
