"""A full disk: nothing that a process started can write, until there is room again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.groups import fill_disk

# The one that writes is in a session of its own, as PostgreSQL's processes are.
_TRIES = """
import os, subprocess, sys
writes = '''
import os, sys
os.setsid()
file = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY, 0o600)
for line in sys.stdin:
    try:
        print(os.pwrite(file, b"x" * 10, 8192), flush=True)
    except OSError as error:
        print(error.strerror, flush=True)
'''
sys.exit(subprocess.run([sys.executable, "-c", writes, sys.argv[1]]).returncode)
"""


def test_a_full_disk_is_full_for_all_that_it_started(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _TRIES, str(tmp_path / "file")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as leader:
        assert leader.stdin is not None
        assert leader.stdout is not None

        def answer() -> str:
            assert leader.stdin is not None
            assert leader.stdout is not None
            leader.stdin.write("go\n")
            leader.stdin.flush()
            return leader.stdout.readline().strip()

        try:
            assert answer() == "10"
            fill_disk(leader.pid, full=True)
            assert answer() == "File too large"
            fill_disk(leader.pid, full=False)
            assert answer() == "10"
        finally:
            leader.stdin.close()
            leader.wait(timeout=30)
    assert leader.returncode == 0
