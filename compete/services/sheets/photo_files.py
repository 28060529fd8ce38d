"""Pictures as they are kept: upright, small, and without what the camera added."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError

from compete.config import Config
from compete.domain.values import msg
from compete.services.kernel import Refused

MOST_PHOTO_BYTES = 3 * 1024 * 1024
LONGEST_SIDE = 1600
"""Pixels of the longer side of what is kept."""

_MOST_PIXELS = 16_000_000
_MOST_PIXELS_OF_JPEG = 60_000_000
"""A JPEG is made small while it is read; of the others every pixel is held at once."""
_one_at_a_time = threading.Lock()
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Picture:
    """A JPEG that shows what was sent, and nothing else of it."""

    data: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The hash that it is kept under."""
        return hashlib.sha256(self.data).hexdigest()


def clean_picture(sent: bytes) -> Picture:
    """What is kept of a picture that was sent: drawn anew, at most 1600 pixels long.

    Place, time and camera, which a tablet writes into its pictures, are left
    out. Raises `Refused`: 413 for more than 3 MB, 415 for anything but a whole
    JPEG, PNG or WebP.
    """
    if len(sent) > MOST_PHOTO_BYTES:
        raise Refused(msg("照片太大了，最多 3 MB"), status=413)
    try:
        with _one_at_a_time, Image.open(BytesIO(sent), formats=_FORMATS) as picture:
            most = _MOST_PIXELS_OF_JPEG if picture.format == "JPEG" else _MOST_PIXELS
            if picture.width * picture.height > most:
                raise Refused(msg("照片太大了，最多 3 MB"), status=413)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            plain = _on_white(ImageOps.exif_transpose(picture))
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(msg("这不是照片，或者没传完整"), status=415) from error
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    plain.save(out, "JPEG", quality=82)
    return Picture(out.getvalue(), plain.width, plain.height)


def store_picture(picture: Picture) -> None:
    """Keep it under its hash; what lies there already is the same picture."""
    path = picture_path(picture.sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(picture.data)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def picture_path(sha256: str) -> Path:
    """Where a picture of that hash lies."""
    config: Config = current_app.extensions["compete.config"]
    return config.data_dir / "photos" / sha256[:2] / f"{sha256}.jpg"


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "P"):
        layer = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return picture.convert("RGB")
