"""What commands print: sentences, lines of foreign texts, and why nothing was done."""

from __future__ import annotations

import sys
from typing import TextIO

from compete.domain.values.messages import Message
from compete.language import say


def tell(message: Message) -> None:
    """Print a sentence on standard output."""
    print(say(message))


def warn(message: Message) -> None:
    """Print a sentence on standard error."""
    print(say(message), file=sys.stderr)


def refuse(message: Message, status: int = 2) -> int:
    """Say on standard error why nothing is done; return the exit status."""
    warn(message)
    return status


def print_line(line: str | Message, file: TextIO | None = None) -> None:
    """Print one line, whatever texts of a file are in it and whatever the terminal can show."""
    line, file = say(line) if isinstance(line, Message) else line, file or sys.stdout
    clean = "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in line
    )
    encoding = file.encoding or "utf-8"
    print(clean.encode(encoding, "backslashreplace").decode(encoding), file=file)
