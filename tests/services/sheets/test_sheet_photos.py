"""Photos: drawn anew without what the camera added, kept once, never after a lock."""

from __future__ import annotations

import errno
import struct
from io import BytesIO
from uuid import uuid4

import pytest
from flask import Flask
from PIL import Image

from compete.domain.values.upload_limits import LARGEST_SHEET_PHOTO
from compete.models import AuditEntry, SheetPhoto, db
from compete.services.closing.module_locks import lock_module
from compete.services.kernel import file_store
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.sheets import sheet_photos
from compete.services.sheets.photo_files import (
    LONGEST_SIDE,
    clean_picture,
    is_clean,
    stored_picture,
)
from compete.services.sheets.sheet_photos import keep_photo, photos_of
from tests.support.hostile import packed_text_png
from tests.support.panels import Panel
from tests.support.pictures import photo, picture_file


def put(panel: Panel, data: bytes, uuid: str = "", aspect: str | None = None) -> SheetPhoto:
    return keep_photo(
        panel.sheet("J1"),
        uuid=uuid or str(uuid4()),
        data=data,
        aspect=aspect,
        said_at="2026-09-16T10:20:00Z",
        by=panel.account("J1"),
    )


def test_neither_a_comment_nor_what_follows_a_picture_is_kept() -> None:
    out = BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "JPEG", comment=b"SECRETPLACE")
    picture = out.getvalue()
    kept = clean_picture(picture).data
    assert b"SECRETPLACE" in picture
    assert b"SECRETPLACE" not in kept
    assert is_clean(kept)
    for other in (picture, photo(), photo("PNG"), kept + b"more", kept[:-2], b"\xff\xd8\xff", b""):
        assert not is_clean(other)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_what_is_kept_shows_the_same_and_tells_nothing_else(kind: str) -> None:
    kept = clean_picture(photo(kind))
    with Image.open(BytesIO(kept.data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 480))
        assert dict(picture.getexif()) == {}
        red, _green, blue = picture.convert("RGB").getpixel((100, 200))
        assert red > 200 > 60 > blue
    assert b"SECRETCAM" not in kept.data


@pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
def test_a_turned_picture_stands_upright_and_a_large_one_is_made_smaller(kind: str) -> None:
    kept = clean_picture(photo(kind, size=(1760, 1320), turned=True))
    assert (kept.width, kept.height) == (LONGEST_SIDE * 3 // 4, LONGEST_SIDE)
    with Image.open(BytesIO(kept.data)) as picture:
        top, bottom = (picture.getpixel((600, high)) for high in (100, 1500))
        assert isinstance(top, tuple)
        assert isinstance(bottom, tuple)
        assert top[0] > 200 > 60 > top[2]
        assert bottom[2] > 200 > 60 > bottom[0]


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"", Refusal.WRONG_FORMAT),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Refusal.WRONG_FORMAT),
        (photo()[:700], Refusal.WRONG_FORMAT),
        (photo("HEIF")[:900], Refusal.WRONG_FORMAT),
        (photo("HEIF")[:12] + b"\0" * 900, Refusal.WRONG_FORMAT),
        (photo("PNG") + b"\0" * LARGEST_SHEET_PHOTO, Refusal.TOO_LARGE),
    ],
    ids=["nothing", "a-drawing", "half-a-jpeg", "half-a-heic", "no-heic", "large"],
)
def test_what_is_no_whole_picture_is_refused(sent: bytes, kind: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        clean_picture(sent)
    assert refused.value.kind is kind


def test_a_photo_sent_twice_is_held_once(app: Flask, panel: Panel) -> None:
    uuid = str(uuid4())
    first = put(panel, photo(), uuid, "smooth")
    assert put(panel, photo(), uuid, "smooth").id == first.id
    assert len(photos_of(panel.sheet("J1"))) == 1
    assert picture_file(first.sha256).read_bytes()
    assert picture_file(first.sha256).is_relative_to(app.extensions["compete.config"].data_dir)
    entry = db.session.query(AuditEntry).filter_by(action="photo.add").one()
    assert entry.after["sha256"] == first.sha256
    assert entry.after["aspect"] == "smooth"
    with pytest.raises(Refused, match="编号已经用过"):
        keep_photo(
            panel.sheet("J2"),
            uuid=uuid,
            data=photo(),
            aspect=None,
            said_at=None,
            by=panel.account("J2"),
        )


def test_the_same_picture_twice_is_one_file_and_two_rows(panel: Panel) -> None:
    assert put(panel, photo()).sha256 == put(panel, photo()).sha256
    assert len(photos_of(panel.sheet("J1"))) == 2


def test_a_file_that_was_spoilt_is_put_right_when_the_same_picture_comes_again(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    uuid = str(uuid4())
    kept = put(panel, photo(), uuid)
    path = picture_file(kept.sha256)
    for spoilt in (b"", b"\xff\xd8 another"):
        path.write_bytes(spoilt)
        assert stored_picture(kept.sha256) is None
        put(panel, photo())
        assert stored_picture(kept.sha256) is not None
    # The tablet that sends its own photo again, which is on the sheet already.
    path.unlink()
    assert put(panel, photo(), uuid).id == kept.id
    assert stored_picture(kept.sha256) is not None
    path.write_bytes(b"spoilt")
    assert put(panel, photo("PNG"), uuid).id == kept.id
    assert put(panel, b"no picture", uuid).id == kept.id
    # What cannot be written whole leaves nothing of itself behind.
    monkeypatch.setattr(file_store.os, "fsync", fails)
    with pytest.raises(OSError, match="full"):
        put(panel, photo())
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def fails(_handle: int) -> None:
    raise OSError(errno.ENOSPC, "full")


def test_an_unknown_aspect_and_a_wrong_uuid_are_refused(panel: Panel) -> None:
    with pytest.raises(Refused, match="没有“nothing”这一项"):
        put(panel, photo(), aspect="nothing")
    with pytest.raises(Refused, match="编号不对"):
        put(panel, photo(), uuid="../../etc/passwd")


def test_there_is_an_end_to_the_photos_of_a_sheet(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_photos, "MOST_PHOTOS", 2)
    put(panel, photo())
    put(panel, photo())
    with pytest.raises(Refused, match="最多 2 张照片"):
        put(panel, photo())


def test_nothing_is_added_under_a_lock(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    panel.fill_panel("2", "2", "2", entrant="E2")
    panel.fill_papers()
    lock_module(panel.competition.events[0], "final", "practice", panel.account("C1"))
    with pytest.raises(Refused, match="实操已经锁定，要改先由两个人解锁"):
        put(panel, photo())


def test_a_small_file_with_a_huge_picture_in_it_is_refused() -> None:
    out = BytesIO()
    Image.new("RGBA", (4100, 4000), "white").save(out, "PNG", compress_level=9)
    assert len(out.getvalue()) < LARGEST_SHEET_PHOTO
    with pytest.raises(Refused) as refused:
        clean_picture(out.getvalue())
    assert refused.value.kind is Refusal.TOO_LARGE


def test_a_heic_of_too_many_pixels_is_refused_before_any_is_read() -> None:
    sent = photo("HEIF", size=(64, 64))
    size = struct.pack(">II", 64, 64)
    assert sent.count(b"ispe" + bytes(4) + size) == 1
    huge = sent.replace(size, struct.pack(">II", 8000, 6000))
    with pytest.raises(Refused, match="25 百万像素") as refused:
        clean_picture(huge)
    assert refused.value.kind is Refusal.TOO_LARGE


def test_a_picture_made_to_blow_up_is_refused() -> None:
    for data in (packed_text_png(80_000_000), b"RIFF\xff\xff\xff\xffWEBPVP8X" * 9):
        with pytest.raises(Refused) as refused:
            clean_picture(data)
        assert refused.value.kind is Refusal.WRONG_FORMAT
