"""Photo files: the kinds of pictures that are taken, and kept upright and stripped."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from compete.domain.values.messages import Message, msg
from compete.domain.values.upload_limits import LARGEST_SHEET_PHOTO, MIB
from compete.services.kernel.file_store import PHOTOS, store_here
from compete.services.kernel.refusal import Refusal, Refused

if TYPE_CHECKING:
    from PIL import Image

LONGEST_SIDE = 1600
"""Pixels of the longer side of what is kept."""

_MOST_PIXELS = 16_000_000
_MOST_PIXELS_OF_JPEG = 60_000_000
_MOST_PIXELS_OF_HEIF = 25_000_000
"""A JPEG is made small while it is read; of the others every pixel is held at once. Telephones
that write HEIC take 24 million unless told to take more."""
HEIF = frozenset(
    (*(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), b"mif1", b"msf1")
)
"""The text at the ninth byte of a HEIC or HEIF."""
_COMMENT, _FIRST_OF_OTHERS, _LAST_OF_OTHERS, _PICTURE = 0xFE, 0xE1, 0xEF, 0xDA
_END = b"\xff\xd9"
"""The start of a JPEG's parts; of those for other programs only JFIF's (0xE0) is ours."""
_HASH = re.compile("[0-9a-f]{64}")
_one_at_a_time = threading.Lock()
_MOST_PIXELS_OF = {"JPEG": _MOST_PIXELS_OF_JPEG, "HEIF": _MOST_PIXELS_OF_HEIF}
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")


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


def clean_picture(sent: bytes, most_bytes: int = LARGEST_SHEET_PHOTO) -> Picture:
    """Clean a picture that was sent: it is drawn anew, at most 1600 pixels long.

    Place, time and camera, which a tablet writes into its pictures, are left
    out. Raises `Refused`: TOO_LARGE for more than `most_bytes` or too many pixels,
    WRONG_FORMAT for anything but a whole JPEG, PNG, WebP or HEIC.
    """
    if len(sent) > most_bytes:
        most_mb = most_bytes // MIB
        too_large = msg("照片太大了，最多 %(most)s MB", most=most_mb)
        raise Refused(too_large, kind=Refusal.TOO_LARGE)
    from PIL import Image, ImageOps

    if is_heif(sent):
        from pillow_heif import register_heif_opener

        # A small picture inside may show something else.
        register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    try:
        with _one_at_a_time, Image.open(BytesIO(sent), formats=_FORMATS) as picture:
            most = _MOST_PIXELS_OF.get(picture.format or "", _MOST_PIXELS)
            if picture.width * picture.height > most:
                raise Refused(_too_many(most), kind=Refusal.TOO_LARGE)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            plain = _on_white(ImageOps.exif_transpose(picture))
    except Refused:
        raise
    except Exception as error:
        # A file made to do harm makes the library raise nearly anything: a text packed to
        # blow up raises ValueError, a broken table struct.error. None of them is a photo.
        raise Refused(msg("这不是照片，或者没传完整"), kind=Refusal.WRONG_FORMAT) from error
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    # The library would write a comment that it read back into what it writes.
    plain.info = {}
    out = BytesIO()
    plain.save(out, "JPEG", quality=82)
    return Picture(out.getvalue(), plain.width, plain.height)


def is_heif(sent: bytes) -> bool:
    """True if it says of itself that it is a HEIC or HEIF."""
    return sent[4:8] == b"ftyp" and sent[8:12] in HEIF


def _too_many(pixels: int) -> Message:
    return msg("照片太大了，最多 %(most)s 百万像素，缩小再传", most=pixels // 1_000_000)


def is_clean(kept: bytes) -> bool:
    """True if a picture is as `clean_picture` makes them: a JPEG and not a byte beside it."""
    if not kept.startswith(b"\xff\xd8"):
        return False
    place = 2
    while kept[place : place + 1] == b"\xff" and place + 4 <= len(kept):
        mark = kept[place + 1]
        if mark == _COMMENT or _FIRST_OF_OTHERS <= mark <= _LAST_OF_OTHERS:
            return False
        if mark == _PICTURE:
            return kept.find(_END, place) == len(kept) - len(_END)
        place += 2 + int.from_bytes(kept[place + 2 : place + 4], "big")
    return False


def store_picture(picture: Picture) -> None:
    """Keep it under its hash, also in the place of a spoilt file that bears the same name."""
    if stored_picture(picture.sha256) is None:
        store_here().write(picture_name(picture.sha256), picture.data)


def stored_picture(sha256: str) -> bytes | None:
    """The picture of that hash; None where there is none, or where another lies in its place."""
    if not _HASH.fullmatch(sha256):
        return None
    kept = store_here().read(picture_name(sha256))
    if kept is None or hashlib.sha256(kept).hexdigest() != sha256:
        return None
    return kept


def picture_name(sha256: str) -> str:
    """The name in the file store of a picture of that hash."""
    return f"{PHOTOS}{sha256[:2]}/{sha256}.jpg"


def _on_white(picture: Image.Image) -> Image.Image:
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "P"):
        layer = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return picture.convert("RGB")
