"""Photos as they are sent: one by one, or in a zip that is taken apart with care.

Nothing is written to a disk and no name is used as a path. What is inside each
file is judged by whoever asked for it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from compete.domain.values.messages import Message, ToldError, msg
from compete.domain.values.upload_limits import LARGEST_PORTRAIT, LARGEST_ZIP_UNPACKED, MIB

MOST_FILES = 1000

_ENCRYPTED_FLAG, _UTF8_FLAG = 0x1, 0x800
_LONGEST_NAME = 200
_STARTS = (
    (b"Rar!", msg("这是 RAR。解开以后压成 zip 再传")),
    (b"7z\xbc\xaf", msg("这是 7z。解开以后压成 zip 再传")),
)
_ZIP = b"PK"
_PHOTO_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")
_HEIF_AT_4 = b"ftyp"
# Files that systems put beside those that somebody chose.
_NOT_CHOSEN = re.compile(r"(?i)(^|/)(__MACOSX/|\._[^/]*$|\.ds_store$|thumbs\.db$|desktop\.ini$)")


class PhotoZipError(ToldError):
    """Error: a whole zip is refused; `message` says why and what to do, in the user's words."""


class FileFault(StrEnum):
    """The reasons why a file gives no photo."""

    LARGE = "large"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class ZippedFile:
    """One file: its own name, its bytes or why there are none, and the folders it lies in."""

    name: str
    data: bytes | None = field(repr=False)
    fault: FileFault | None = None
    folder: str = ""


def read_photos(sent: Sequence[tuple[str, bytes]]) -> Iterator[ZippedFile]:
    """Read each photo of the files that were sent, by name: from one zip, or the files themselves.

    Raises `PhotoZipError` as `read_photo_zip` for one file that is no photo, and for a zip
    beside others.
    """
    if len(sent) == 1 and not is_photo(sent[0][1]):
        return read_photo_zip(sent[0][1])
    if len(sent) > MOST_FILES:
        raise PhotoZipError(_too_many())
    if any(content.startswith(_ZIP) for _, content in sent):
        raise PhotoZipError(msg("zip 要单独传，一次一个"))
    return (_single(name, content) for name, content in sent)


def _single(name: str, content: bytes) -> ZippedFile:
    own = "".join(sign for sign in name if sign.isprintable())[-_LONGEST_NAME:] or "?"
    if len(content) > LARGEST_PORTRAIT:
        return ZippedFile(own, None, FileFault.LARGE)
    return ZippedFile(own, content)


def is_photo(content: bytes) -> bool:
    """True if a file begins as a photo does."""
    return content.startswith(_PHOTO_STARTS) or content[4:8] == _HEIF_AT_4


def read_photo_zip(content: bytes) -> Iterator[ZippedFile]:
    """Read each file in the order of the zip, one in memory at a time.

    Raises `PhotoZipError`, before the first, for anything but a zip without a password, of
    at most 1,000 files and 300 MiB unpacked.
    """
    for start, message in _STARTS:
        if content.startswith(start):
            raise PhotoZipError(message)
    # Before a directory is built in memory; photos may hold the mark by chance.
    if content.count(b"PK\x01\x02") > 4 * MOST_FILES:
        raise PhotoZipError(_too_many())
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:
        # A file made to do harm makes the library raise nearly anything.
        raise PhotoZipError(msg("这不是照片或 zip，或者没传完整")) from error
    entries = [entry for entry in archive.infolist() if _is_chosen(entry)]
    if not entries:
        raise PhotoZipError(msg("zip 里没有照片"))
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise PhotoZipError(msg("zip 设了密码，打不开。取消密码再传"))
    if len(entries) > MOST_FILES:
        raise PhotoZipError(_too_many())
    if sum(entry.file_size for entry in entries) > LARGEST_ZIP_UNPACKED:
        raise PhotoZipError(
            msg("zip 解开后超过 %(most)s MB，分几个传", most=LARGEST_ZIP_UNPACKED // MIB)
        )
    return (_read(archive, entry) for entry in entries)


def _too_many() -> Message:
    return msg("一次最多 %(most)s 张照片，分几次传", most=MOST_FILES)


def _is_chosen(entry: zipfile.ZipInfo) -> bool:
    return not entry.is_dir() and not _NOT_CHOSEN.search(entry.filename.replace("\\", "/"))


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> ZippedFile:
    folder, name = _names(entry)
    if entry.file_size > LARGEST_PORTRAIT:
        return ZippedFile(name, None, FileFault.LARGE, folder)
    try:
        with archive.open(entry) as file:
            # Never more than was declared, and that is bounded above.
            data = file.read(LARGEST_PORTRAIT + 1)
    except Exception:
        return ZippedFile(name, None, FileFault.BROKEN, folder)
    if len(data) != entry.file_size:
        return ZippedFile(name, None, FileFault.BROKEN, folder)
    return ZippedFile(name, data, None, folder)


def _names(entry: zipfile.ZipInfo) -> tuple[str, str]:
    """Folders and own name of a file, in the script that they were written in."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_FLAG:
        # Windows in China writes GBK and says nothing of it; the library reads CP437.
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    whole = "".join(sign for sign in name.replace("\\", "/") if sign.isprintable())
    folder, _, last = whole.rpartition("/")
    return folder[-_LONGEST_NAME:], last[-_LONGEST_NAME:] or "?"
