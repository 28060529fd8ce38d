"""The drill's own tools: a cable that is cut and mended, and how a gap is told."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from tests.drill.hosts import gap
from tests.drill.machines import Cable


def test_a_gap_is_the_longest_time_without_any_between_two_moments() -> None:
    moments = [12.0, 1.0, 5.0, 6.0, 20.0]
    assert gap(moments, 0.0, 13.0) == 6.0
    assert gap(moments, 4.0, 6.5) == 1.0
    assert gap([], 3.0, 7.0) == 4.0


def test_a_cable_carries_late_and_when_it_is_cut_not_at_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_echo, args=(server,), daemon=True).start()
        cable = Cable(server.getsockname()[1])
        try:
            with socket.create_connection(("127.0.0.1", cable.port), timeout=5) as line:
                assert _answer(line) == b"x"
                cable.delay = 0.2
                begun = time.monotonic()
                assert _answer(line) == b"x"
                # There and back.
                assert time.monotonic() - begun >= 0.4
                cable.delay = 0.0
                cable.cut()
                with pytest.raises(OSError, match="ended"):
                    _answer(line)
            with (
                pytest.raises(OSError, match="ended"),
                socket.create_connection(("127.0.0.1", cable.port), timeout=5) as line,
            ):
                _answer(line)
            cable.mend()
            with socket.create_connection(("127.0.0.1", cable.port), timeout=5) as line:
                assert _answer(line) == b"x"
        finally:
            cable.close()


def _answer(line: socket.socket) -> bytes:
    try:
        line.sendall(b"x")
        if not (answer := line.recv(1)):
            raise ConnectionError("no answer")
    except OSError as error:
        raise OSError("ended") from error
    return answer


def _echo(server: socket.socket) -> None:
    while True:
        try:
            line, _address = server.accept()
        except OSError:
            return
        threading.Thread(target=_echo_one, args=(line,), daemon=True).start()


def _echo_one(line: socket.socket) -> None:
    with line:
        while data := line.recv(100):
            line.sendall(data)
