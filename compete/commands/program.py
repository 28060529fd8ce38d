"""The program's name as it was called, for sentences that tell somebody to run it again."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

NAME = "compete"


def called_as() -> str:
    """`compete` where a shell finds this program by that name, else its path as it was called.

    In a checkout that is `.venv/bin/compete`: the bare name is not on the path there.
    """
    path = Path(sys.argv[0])
    if path.name != NAME or not path.is_file():
        return NAME
    command = shutil.which(NAME)
    if command is not None and path.samefile(command):
        return NAME
    return shlex.quote(sys.argv[0])
