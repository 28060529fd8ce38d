"""Zips that strangers send: names in any script, and what is refused before it is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from compete.sheets import photo_zip
from compete.sheets.photo_zip import FileFault, PhotoZipError, read_photo_zip, read_photos
from tests.support.portraits import zipped


def names(content: bytes) -> list[str]:
    return [entry.name for entry in read_photo_zip(content)]


def why(content: bytes) -> str:
    with pytest.raises(PhotoZipError) as refused:
        list(read_photo_zip(content))
    return str(refused.value)


def test_files_have_their_own_names_and_what_systems_add_is_left_out() -> None:
    content = zipped(
        {
            "照片/B01.jpg": b"1",
            "../../etc/B02.jpg": b"2",
            "C:\\photos\\B03.jpg": b"3",
            "__MACOSX/照片/._B01.jpg": b"x",
            "照片/.DS_Store": b"x",
            "照片/Thumbs.db": b"x",
            "照片/": b"",
        }
    )
    assert names(content) == ["B01.jpg", "B02.jpg", "B03.jpg"]


def test_single_photos_are_taken_by_their_names_and_a_zip_beside_them_is_refused() -> None:
    jpeg, heic = b"\xff\xd8\xff\xe0", b"\0\0\0\x18ftypheic"
    (own,) = read_photos([("B01.jpg", jpeg)])
    assert (own.name, own.data, own.folder) == ("B01.jpg", jpeg, "")
    several = list(read_photos([("B01.jpg", jpeg), ("B02.HEIC", heic), ("list.pdf", b"%PDF")]))
    assert [entry.name for entry in several] == ["B01.jpg", "B02.HEIC", "list.pdf"]
    assert [entry.name for entry in read_photos([("a.zip", zipped({"B03.jpg": jpeg}))])] == [
        "B03.jpg"
    ]
    with pytest.raises(PhotoZipError, match="单独传"):
        read_photos([("B01.jpg", jpeg), ("a.zip", zipped({"B03.jpg": jpeg}))])
    with pytest.raises(PhotoZipError, match="不是照片或 zip"):
        read_photos([("list.pdf", b"%PDF")])


def test_a_name_written_on_windows_in_china_is_read() -> None:
    name = "赵启明.jpg"
    raw, plain = name.encode("gb18030"), b"x" * len(name.encode("gb18030"))
    content = zipped({plain.decode(): b"1"}).replace(plain, raw)
    assert names(content) == [name]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "这不是照片或 zip"),
        (b"Rar!\x1a\x07\x01\x00", "RAR"),
        (zipped({"B01.jpg": b"1"})[:40], "没传完整"),
        (zipped({}), "没有照片"),
        (zipped({"desktop.ini": b"1"}), "没有照片"),
    ],
    # A zip bears the moment it was made at: the workers would not agree on its name.
    ids=["nothing", "rar", "cut-short", "empty", "none-in-it"],
)
def test_what_is_no_zip_of_photos_is_refused_in_words(content: bytes, sentence: str) -> None:
    assert sentence in why(content)


def test_a_zip_with_a_password_is_refused() -> None:
    content = bytearray(zipped({"B01.jpg": b"1"}))
    flags = content.index(b"PK\x01\x02") + 8
    content[flags : flags + 2] = struct.pack("<H", 1)
    assert "密码" in why(bytes(content))


def test_too_many_too_large_and_a_bomb_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    many = zipped({f"{number}.jpg": b"" for number in range(photo_zip.MOST_FILES + 1)})
    assert "最多 1000 张" in why(many)
    monkeypatch.setattr(photo_zip, "LARGEST_ZIP_UNPACKED", 3 * photo_zip.MIB)
    bomb = zipped({f"{number}.jpg": b"\0" * photo_zip.MIB for number in range(4)})
    assert len(bomb) < 10_000
    assert "超过 3 MB" in why(bomb)
    monkeypatch.setattr(photo_zip, "LARGEST_PORTRAIT", 10)
    entries = list(read_photo_zip(zipped({"a.jpg": b"1" * 11, "b.jpg": b"1" * 10})))
    assert [entry.fault for entry in entries] == [FileFault.LARGE, None]


def test_a_file_that_is_not_what_it_says_is_said_and_the_others_stand() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.jpg", b"AAAAAAAA")
        archive.writestr("b.jpg", b"BBBBBBBB")
    content = out.getvalue().replace(b"AAAAAAAA", b"AAAAAAAC")
    entries = list(read_photo_zip(content))
    assert [(entry.name, entry.fault) for entry in entries] == [
        ("a.jpg", FileFault.BROKEN),
        ("b.jpg", None),
    ]
