"""A ceremony as the bytes of its file."""

from __future__ import annotations

import msgspec

from compete.domain.ceremonies.types import DrawFile


def write_draw_file(file: DrawFile) -> bytes:
    """Write the file as JSON for people too: indented, Chinese as it is. Keys left out stay out."""
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"
