"""Keep a filled database of a landed version, for the tests of upgrades.

    python -m tools.leave_behind [COMMIT]

The commit's own code runs `tests/migrations/leaving.py` on a database of its own;
what it leaves is packed into `tests/migrations/data/COMMIT.sqlite.xz`. It runs with
the packages of today's `.venv`.
"""

from __future__ import annotations

import argparse
import hashlib
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "migrations" / "data"
DAY = Path("tests") / "migrations" / "leaving.py"
KEYS = {
    "COMPETE_FIELD_KEY": "ab" * 32,
    "COMPETE_LOG_KEY": "cd" * 32,
    "COMPETE_SECRET_KEY": "x" * 40,
}


def main() -> int:
    """Keep it; exit status 1 where there is one already, or the commit cannot walk the day."""
    parser = argparse.ArgumentParser(description="Keep a filled database of a landed version")
    parser.add_argument("commit", nargs="?", default="HEAD")
    commit = _git("rev-parse", "--short=7", parser.parse_args().commit).decode().strip()
    kept = DATA / f"{commit}.sqlite.xz"
    if kept.exists():
        print(f"{kept.relative_to(ROOT)} is there already; it is never made anew", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / "code"
        there.mkdir()
        subprocess.run(["tar", "-x", "-C", there], input=_git("archive", commit), check=True)
        if not (there / DAY).exists():
            shutil.copy(ROOT / DAY, there / DAY)
        data = Path(folder) / "data"
        done = subprocess.run(
            [sys.executable, "-m", ".".join(DAY.with_suffix("").parts)],
            cwd=there,
            env={**os.environ, **KEYS, "COMPETE_DATA_DIR": str(data), "PYTHONPATH": str(there)},
            check=False,
        )
        if done.returncode:
            return 1
        small = Path(folder) / "small.sqlite"
        with closing(sqlite3.connect(data / "compete.sqlite")) as database:
            database.execute("VACUUM INTO ?", (str(small),))
        kept.write_bytes(lzma.compress(small.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{kept.relative_to(ROOT)}: {kept.stat().st_size} bytes; write into SUMS of its test:")
    print(f'    "{kept.name}": "{hashlib.sha256(kept.read_bytes()).hexdigest()[:12]}",')
    return 0


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True).stdout


if __name__ == "__main__":
    sys.exit(main())
