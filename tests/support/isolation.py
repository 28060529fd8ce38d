"""Isolation: no test reaches beyond this machine, or reads the settings of its user."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from compete import language


class NetworkForbiddenError(AssertionError):
    """Error: a test tried to reach another machine."""


def is_this_machine(host: object) -> bool:
    """True if a host as given to `connect` is a loopback address or its name."""
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Let connections of this process go to this machine alone."""
    real: Any = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> Any:
        # Connecting a datagram socket sends nothing.
        streams = self.family != socket.AF_UNIX and self.type != socket.SOCK_DGRAM
        if streams and not is_this_machine(address[0]):
            raise NetworkForbiddenError(f"a test tried to reach {address[0]}")
        return real(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture(autouse=True, scope="session")
def _own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Take settings from the test; the data folder is a temporary one."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("COMPETE_")]:
            if not name.startswith(("COMPETE_TEST_", "COMPETE_CHROMIUM", "COMPETE_WITHOUT_")):
                patch.delenv(name)
        patch.setenv("COMPETE_DATA_DIR", str(tmp_path_factory.mktemp("var")))
        yield


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """Put Chinese back after a command that a test told to speak English."""
    yield
    language.use_language(language.FIRST.code)
