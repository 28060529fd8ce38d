"""Which certificate the server shows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from compete.tls.authority import Identity, make_authority, make_leaf
from compete.tls.files import pem, write
from compete.tls.listening import Certificates

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> Identity:
    return make_authority(NOW)


@pytest.fixture
def shown(authority: Identity, tmp_path: Path) -> Path:
    path = tmp_path / "server.pem"
    write(path, pem(make_leaf(authority, ["localhost"], NOW)))
    return path


def test_a_renewed_certificate_is_shown_from_the_next_connection_on(
    authority: Identity, shown: Path
) -> None:
    certificates = Certificates(shown)
    first = certificates.context()
    assert certificates.context() is first
    write(shown, pem(make_leaf(authority, ["localhost"], NOW)))
    second = certificates.context()
    assert second is not first
    for spoiled in (shown.unlink, lambda: shown.write_bytes(b"scribble")):
        spoiled()
        assert certificates.context() is second
