"""No two tests of this machine are given one port."""

from __future__ import annotations

import pytest

from tests.support import ports


def test_a_port_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "RANGE", range(20_000, 20_200))
    given = [ports.free_port() for _ in range(40)]
    assert len(set(given)) == len(given)
