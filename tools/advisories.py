"""Advisories: look pinned packages up in a public list of weaknesses, where it can be reached."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.outcome import Outcome

PATIENCE = 120  # seconds
UNREACHABLE = ("connection", "timed out", "timeout", "proxy", "resolve", "unreachable", "service")


def check(root: Path) -> Outcome:
    """Fail for a pinned version with a published weakness; skip without the network."""
    words = ["-r", "requirements-dev.txt", "--disable-pip", "--require-hashes"]
    words += ["--progress-spinner", "off", "--vulnerability-service", "osv", "--timeout", "5"]
    program = str(Path(sys.executable).with_name("pip-audit"))
    try:
        done = subprocess.run(
            [program, *words],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(skipped=f"the list did not answer within {PATIENCE} s")
    if not done.returncode:
        return Outcome(note="none known")
    lines = done.stdout.strip().splitlines()
    if lines:
        return Outcome(problems=lines)
    complaint = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    if any(word in complaint.lower() for word in UNREACHABLE):
        return Outcome(skipped="the list cannot be reached from here")
    return Outcome(problems=[complaint])
