"""`compete` of a process that has read the program in: each command is a fork of it.

Reading it in is most of what a command costs. The fork has the words, environment, folder and
streams of who asked, and runs the same `main`.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

# What a shell finds under the name of the program.
ASKING = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect({address!r})
    said = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(asked, [said], [0, 1, 2])
    sys.exit((asked.recv(1) or b"\\1")[0])
"""


@contextlib.contextmanager
def warm_program(program: Path) -> Iterator[None]:
    """Lay the program as this file, which asks the process that has read it in."""
    address = f"\0compete-{secrets.token_hex(8)}"
    program.write_text(ASKING.format(python=sys.executable, address=address), encoding="ascii")
    program.chmod(0o755)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.warm", str(listening.fileno())],
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def answer(listening: socket.socket) -> None:
    """Fork for whoever asks, without end."""
    while True:
        asked, _address = listening.accept()
        with asked:
            if not os.fork():
                _run(asked)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _run(asked: socket.socket) -> None:
    from compete.cli import main

    status = 1
    try:
        request, streams, _flags, _address = socket.recv_fds(asked, 2**20, 3)
        words, folder, environment = json.loads(request)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        # The former streams keep what kind of file was theirs.
        sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115
        sys.stderr = open(2, "w", buffering=1)  # noqa: SIM115
        os.setsid()
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["compete", *words]
        status = main()
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
    finally:
        asked.send(bytes([status]))
        os._exit(status)


if __name__ == "__main__":
    for name in ("compete.cli", "compete.web.factory", "compete.web.loaded", "psycopg"):
        import_module(name)
    answer(socket.socket(fileno=int(sys.argv[1])))
