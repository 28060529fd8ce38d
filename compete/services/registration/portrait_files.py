"""Photos of people as they are kept: drawn anew, of 1-inch shape, and nothing else of them."""

from __future__ import annotations

from enum import StrEnum
from io import BytesIO

from compete.domain.values.messages import Message, msg
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.sheets.photo_files import clean_picture, is_heif

MOST_PORTRAIT_BYTES = 10 * 1024 * 1024
"""Of one photo as it is sent: a phone's largest."""
PORTRAIT_SIZE = (413, 578)
"""Pixels of what is kept at most: 1-inch shape (5:7), sharp on a badge and on a tablet."""

_LEAST_WIDTH, _LEAST_HEIGHT = 150, 200
_SLIMMEST, _WIDEST = 0.55, 1.0
"""Width to height. A 1-inch photo is 0.71; a phone held upright takes 0.56 to 0.75."""
_CENTRE = (0.5, 0.35)
"""The point around which the surplus is cut off evenly: a head stands above the middle."""


class PortraitFault(StrEnum):
    """The fault for which a picture is no photo of a person that can be kept."""

    LARGE = "large"
    BROKEN = "broken"
    HEIC = "heic"
    SMALL = "small"
    SHAPE = "shape"


FAULTS: dict[PortraitFault, Message] = {
    PortraitFault.LARGE: msg(
        "照片太大了，最多 %(most)s MB。缩小再传", most=MOST_PORTRAIT_BYTES // 1024**2
    ),
    PortraitFault.BROKEN: msg("这不是照片，或者没传完整。要 JPG、PNG、WebP 或 HEIC"),
    PortraitFault.HEIC: msg("这张 HEIC 照片打不开，或者没传完整。另存成 JPG 再传"),
    PortraitFault.SMALL: msg(
        "照片太小，印出来看不清。至少 %(wide)s×%(high)s 像素",
        wide=_LEAST_WIDTH,
        high=_LEAST_HEIGHT,
    ),
    PortraitFault.SHAPE: msg("照片要竖的，像一寸照那样，宽比高约 5:7"),
}
_KINDS = {
    PortraitFault.LARGE: Refusal.TOO_LARGE,
    PortraitFault.BROKEN: Refusal.WRONG_FORMAT,
    PortraitFault.HEIC: Refusal.WRONG_FORMAT,
    PortraitFault.SMALL: Refusal.INVALID,
    PortraitFault.SHAPE: Refusal.INVALID,
}


def try_portrait(sent: bytes) -> bytes | PortraitFault:
    """The JPEG that is kept of a picture that was sent, or why none is.

    Upright, cut to 1-inch shape, without place, time and camera.
    """
    try:
        picture = clean_picture(sent, MOST_PORTRAIT_BYTES)
    except Refused as refused:
        if refused.kind is Refusal.TOO_LARGE:
            return PortraitFault.LARGE
        return PortraitFault.HEIC if is_heif(sent) else PortraitFault.BROKEN
    if picture.width < _LEAST_WIDTH or picture.height < _LEAST_HEIGHT:
        return PortraitFault.SMALL
    if not _SLIMMEST <= picture.width / picture.height <= _WIDEST:
        return PortraitFault.SHAPE
    from PIL import Image, ImageOps

    with Image.open(BytesIO(picture.data)) as whole:
        wide, high = PORTRAIT_SIZE
        # Never made larger than it came.
        scale = min(1.0, whole.width / wide, whole.height / high)
        size = (round(wide * scale), round(high * scale))
        fitted = ImageOps.fit(whole, size, method=Image.Resampling.LANCZOS, centering=_CENTRE)
    fitted.info = {}
    out = BytesIO()
    fitted.save(out, "JPEG", quality=88)
    return out.getvalue()


def clean_portrait(sent: bytes) -> bytes:
    """Clean a photo as `try_portrait`. `Refused`: TOO_LARGE, WRONG_FORMAT, or INVALID for size."""
    found = try_portrait(sent)
    if isinstance(found, PortraitFault):
        raise Refused(FAULTS[found], kind=_KINDS[found])
    return found
