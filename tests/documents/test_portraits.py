from io import BytesIO

import pytest
from PIL import Image

from compete.documents.badges import Badge, render_badges
from compete.documents.errors import NothingPrinted, PhotoUnreadable
from compete.documents.portraits import ONE_INCH, portrait

GPS_BLOCK = 0x8825
ORIENTATION = 0x0112
TURNED_RIGHT = 6


def photo(size: tuple[int, int] = (600, 800), form: str = "JPEG", **save: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "steelblue").save(out, form, **save)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("size", [(600, 800), (1000, 300), (60, 80)])
def test_a_portrait_has_the_size_of_one_inch(size: tuple[int, int]) -> None:
    assert opened(portrait(photo(size), "甲")).size == ONE_INCH


def test_a_photo_as_it_is_kept_goes_on_paper_unchanged() -> None:
    kept = photo((413, 578))
    assert portrait(kept, "甲") == kept
    exif = Image.Exif()
    exif[0x010F] = "SomeCamera"
    for other in (photo((413, 578), exif=exif), photo((413, 578), comment=b"here")):
        assert portrait(other, "甲") != other
    with pytest.raises(PhotoUnreadable):
        portrait(kept[: len(kept) // 2], "甲")


def test_where_a_picture_was_taken_is_left_out() -> None:
    exif = Image.Exif()
    exif.get_ifd(GPS_BLOCK)[1] = "N"
    exif[0x010F] = "SomeCamera"
    assert b"SomeCamera" in photo(exif=exif)
    assert b"SomeCamera" not in portrait(photo(exif=exif), "甲")
    assert not opened(portrait(photo(exif=exif), "甲")).getexif()


def test_a_picture_taken_sideways_is_set_upright() -> None:
    picture = Image.new("RGB", (800, 600), "white")
    picture.paste("black", (0, 0, 400, 600))
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    upright = opened(portrait(out.getvalue(), "甲")).convert("L")
    assert upright.getpixel((147, 40)) < 40
    assert upright.getpixel((147, 370)) > 215


def test_what_is_transparent_becomes_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (300, 400), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(portrait(out.getvalue(), "甲")).convert("L").getpixel((9, 9)) > 250


@pytest.mark.parametrize(
    "data",
    [b"", b"not a picture", photo()[:200], photo(form="GIF")],
    ids=["empty", "text", "cut off", "a GIF"],
)
def test_what_is_not_a_whole_jpeg_or_png_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(PhotoUnreadable, match="吕㛃：照片打不开"):
        portrait(data, "吕㛃")


def test_the_photo_is_set_into_the_badge() -> None:
    plain = Badge("吕㛃", "省港口集团", "叉车司机", "B02", "https://example.cn/a/x")
    pictured = Badge(
        "吕㛃", "省港口集团", "叉车司机", "B02", "https://example.cn/a/x", photo=photo()
    )
    assert b"/DCTDecode" not in render_badges([plain], competition="赛")
    assert b"/DCTDecode" in render_badges([pictured], competition="赛")


def test_a_bad_photo_stops_the_badges_and_names_the_person() -> None:
    bad = Badge("何卫东", "江北港", "叉车司机", "B03", "https://example.cn/a/x", photo=b"oops")
    with pytest.raises(NothingPrinted, match="何卫东：照片打不开"):
        render_badges([bad], competition="赛")
