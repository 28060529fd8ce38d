"""Pictures as cameras make them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image
from pillow_heif import register_heif_opener

from compete.services.kernel.installation import config_here
from compete.services.sheets.photo_files import picture_name

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def picture_file(sha256: str) -> Path:
    """The file of a kept picture, in the data folder of the installation at hand."""
    return config_here().data_dir / picture_name(sha256)


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), *, turned: bool = False) -> bytes:
    """Make a picture, half red and half blue; a JPEG and a HEIF carry maker and place."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[MAKER] = "SECRETCAM"
    exif[GPS] = {1: "N", 2: (31.0, 12.0, 0.0)}
    if turned:
        exif[ORIENTATION] = 6
    out = BytesIO()
    if kind == "HEIF":
        register_heif_opener()
    if kind in ("JPEG", "HEIF"):
        picture.save(out, kind, exif=exif.tobytes(), quality=90)
    else:
        picture.save(out, kind)
    return out.getvalue()


def grainy(size: tuple[int, int] = (1600, 1200)) -> bytes:
    """Make a JPEG as large as one of a real hall: 1600 by 1200 pixels are more than 1 MB."""
    out = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()
