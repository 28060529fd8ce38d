"""Photos of people and zips of them, as they are sent."""

from __future__ import annotations

import io
import zipfile
from typing import IO

from tests.support.pictures import photo

PORTRAIT = (360, 480)


def portrait(shade: int = 0, size: tuple[int, int] = PORTRAIT) -> bytes:
    """Make an upright photo with maker and place in it; another `shade` is another photo."""
    wide, high = size
    return photo(size=(wide, high + shade))


def zipped(files: dict[str, bytes]) -> bytes:
    """Make a zip of these, by their paths."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def sent(
    data: bytes, name: str = "IMG_0001.JPG", field: str = "photo"
) -> dict[str, tuple[IO[bytes], str]]:
    """Make the part of a form that brings a file."""
    return {field: (io.BytesIO(data), name)}
