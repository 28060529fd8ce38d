import os
import socket

import pytest

from tests.support.isolation import NetworkForbiddenError, is_this_machine


def test_another_machine_cannot_be_reached() -> None:
    with socket.socket() as caller, pytest.raises(NetworkForbiddenError, match=r"192\.0\.2\.1"):
        caller.connect(("192.0.2.1", 80))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as caller:
        caller.connect(server.getsockname())


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_loopback_is_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "2001:db8::1"])
def test_anything_else_is_not(host: str) -> None:
    assert not is_this_machine(host)


def test_the_data_folder_is_not_the_one_of_the_checkout() -> None:
    assert "pytest" in os.environ["COMPETE_DATA_DIR"]
