"""A ceremony as the bytes of its file."""

from __future__ import annotations

import json

import msgspec

from compete.domain.ceremonies.types import DrawFile


def write_draw_file(file: DrawFile) -> bytes:
    """Write the file as JSON for people too: indented, Chinese as it is. Keys left out stay out."""
    tree = msgspec.to_builtins(file)
    return json.dumps(tree, ensure_ascii=False, indent=1).encode() + b"\n"
