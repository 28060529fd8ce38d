"""Checks on the files that git holds: how long they are, and what must not stand in them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tools.outcome import Outcome

LONGEST = 800
CODE = {".py", ".js", ".css", ".html", ".typ", ".sh"}

# Bracketed letters keep these patterns from finding themselves.
FORBIDDEN = {
    "the address of a package registry": re.compile(
        r"[p]ypi\.org|[p]ythonhosted\.org|registry\.[n]pmjs|[u]npkg\.com|[j]sdelivr\.net"
    ),
    "a path of one person's machine": re.compile(
        r"(?<![\w.])/(?:[r]oot|[h]ome/\w+|[U]sers/\w+|[w]ork/(?:main|shared))(?![\w-])"
    ),
    "an unfinished merge": re.compile(r"^(?:[<]{7} |[>]{7} )", re.MULTILINE),
}


def committed(root: Path) -> list[Path] | None:
    """List the files git holds or would take in, relative to `root`; None outside a checkout."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root,
            capture_output=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    names = sorted(set(listed.decode().split("\0")) - {""})
    return [Path(name) for name in names if (root / name).is_file()]


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def check_length(root: Path) -> Outcome:
    """Find files of code longer than `LONGEST` lines; vendored ones are not ours."""
    names = committed(root)
    if names is None:
        return Outcome(skipped="this is no git checkout")
    lengths = {
        name: len((root / name).read_text(encoding="utf-8").splitlines())
        for name in names
        if name.suffix in CODE and "vendor" not in name.parts
    }
    long = [
        f"{name}: {lines} lines, at most {LONGEST} are wanted"
        for name, lines in lengths.items()
        if lines > LONGEST
    ]
    middle = sorted(lengths.values())[len(lengths) // 2] if lengths else 0
    return Outcome(problems=long, note=f"{len(lengths)} files, median {middle} lines")


def check_words(root: Path) -> Outcome:
    """Find texts that name a registry, somebody's folder, or a merge not finished."""
    names = committed(root)
    if names is None:
        return Outcome(skipped="this is no git checkout")
    problems = []
    for name in names:
        # Files of others stay as they were published; `static/vendor/LIST` vouches for them.
        text = None if "vendor" in name.parts else _text(root / name)
        if text is None:
            continue
        for what, pattern in FORBIDDEN.items():
            problems += [
                f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {what}: {hit.group().strip()}"
                for hit in pattern.finditer(text)
            ]
    return Outcome(problems=problems, note=f"{len(names)} files")
