"""Vendored files: check that the ones under static/vendor are those that LIST names.

Each line of `static/vendor/LIST` that is neither empty nor begins with `#` names
a file, its version, its licence and its SHA-256, separated by white space.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from tools.outcome import Outcome

SHA256 = re.compile(r"\b[0-9a-f]{64}\b")


def check(root: Path) -> Outcome:
    """Check that every file is listed, every listed file is there, and checksums agree."""
    folder = root / "static" / "vendor"
    if not folder.is_dir():
        return Outcome(note="there are none")
    listing = folder / "LIST"
    if not listing.is_file():
        return Outcome(problems=["static/vendor/LIST is missing"])
    wanted: dict[str, str] = {}
    problems = []
    for number, line in enumerate(listing.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, *rest = line.split()
        checksum = SHA256.search(line)
        if checksum is None or len(rest) < 3:
            problems.append(f"LIST:{number}: file, version, licence and SHA-256 are wanted")
            continue
        wanted[name] = checksum.group()
    there = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != listing
    }
    problems += [f"{name}: listed, but not there" for name in wanted.keys() - there.keys()]
    problems += [f"{name}: there, but not listed" for name in there.keys() - wanted.keys()]
    problems += [
        f"{name}: its SHA-256 is not the one listed"
        for name in wanted.keys() & there.keys()
        if hashlib.sha256(there[name].read_bytes()).hexdigest() != wanted[name]
    ]
    return Outcome(problems=sorted(problems), note=f"{len(wanted)} files")
