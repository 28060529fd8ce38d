"""Portraits as they go on paper: upright, small, and without what the camera added."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING

from compete.documents.errors import PhotoUnreadable

if TYPE_CHECKING:
    from PIL import Image

ONE_INCH = (295, 413)
"""Pixels of a 1-inch portrait (25 × 35 mm) at 300 dots per inch."""

_MAX_PIXELS = 60_000_000
_READY_WIDTH, _READY_SHAPE = 450, 0.01
"""Up to this wide, and this near to 1-inch shape, a plain JPEG goes on paper as it is."""


_MORE = {"exif", "comment", "icc_profile", "photoshop", "xmp", "mp"}
"""Data that a plain JPEG does not bring along."""


def portrait(data: bytes, who: str) -> bytes:
    """Make a JPEG of 1-inch shape and about that size, cropped about the centre.

    One that is so already, as people's photos are kept, stays as it is. Place and
    camera, which a telephone writes into its pictures, are left out.
    Raises `PhotoUnreadable` naming `who` for anything but a whole JPEG or PNG.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise PhotoUnreadable(who)
            if _is_ready(picture):
                # Check that it is whole: read to its end, of its points only every eighth.
                picture.draft("RGB", (1, 1))
                picture.load()
                return data
            picture.draft("RGB", (ONE_INCH[0] * 2, ONE_INCH[1] * 2))
            upright = ImageOps.exif_transpose(picture)
            plain = _on_white(upright)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoUnreadable(who) from error
    fitted = ImageOps.fit(plain, ONE_INCH, method=Image.Resampling.LANCZOS)
    out = BytesIO()
    fitted.save(out, "JPEG", quality=90)
    return out.getvalue()


def _is_ready(picture: Image.Image) -> bool:
    shape = picture.width / picture.height - ONE_INCH[0] / ONE_INCH[1]
    plain = picture.format == "JPEG" and picture.mode == "RGB" and not picture.info.keys() & _MORE
    return plain and picture.width <= _READY_WIDTH and abs(shape) < _READY_SHAPE


def portrait_svg(data: bytes, who: str) -> str:
    """Put the portrait into an SVG, which travels as text among the data of a document."""
    return _in_svg(portrait(data, who), *ONE_INCH)


def picture_svg(jpeg: bytes) -> str:
    """Put any whole JPEG into an SVG, as it is."""
    return sized_svg(jpeg)[0]


def sized_svg(jpeg: bytes) -> tuple[str, int]:
    """Put any whole JPEG into an SVG, as it is; with the pixels of its width."""
    from PIL import Image

    with Image.open(BytesIO(jpeg), formats=("JPEG",)) as picture:
        return _in_svg(jpeg, *picture.size), picture.width


def _in_svg(data: bytes, width: int, height: int) -> str:
    jpeg = b64encode(data).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{jpeg}"/></svg>'
    )


def _on_white(picture: Image.Image) -> Image.Image:
    """Put a picture on white, as the regulation asks, without transparency."""
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "P"):
        layer = picture.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("RGB")
    return picture.convert("RGB")
