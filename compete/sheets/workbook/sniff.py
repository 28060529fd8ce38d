"""File formats, told by the first bytes and not by the name."""

from __future__ import annotations

from enum import Enum

from compete.domain.values.messages import Message, msg
from compete.sheets.workbook.refusal import WorkbookError

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Names of streams as the OLE directory spells them.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))

_KNOWN_STARTS: tuple[tuple[bytes, Message], ...] = (
    (b"%PDF", msg("这是 PDF 文件，读不了。要 Excel 工作簿（.xlsx）")),
    (b"\xff\xd8\xff", msg("这是照片，读不了。要 Excel 工作簿（.xlsx）")),
    (b"\x89PNG", msg("这是图片，读不了。要 Excel 工作簿（.xlsx）")),
    (b"GIF8", msg("这是图片，读不了。要 Excel 工作簿（.xlsx）")),
    (b"Rar!", msg("这是压缩包，读不了。解压后传里面的 .xlsx")),
    (b"7z\xbc\xaf", msg("这是压缩包，读不了。解压后传里面的 .xlsx")),
    (b"\x1f\x8b", msg("这是压缩包，读不了。解压后传里面的 .xlsx")),
)


class Format(Enum):
    """The formats of sheet files."""

    ZIP = "an archive: .xlsx, .xlsm or .ods"
    OLD = ".xls"
    TEXT = "CSV, tab separated or pasted"


def format_of(data: bytes) -> Format:
    """The format of a file of sheets; `WorkbookError` names what came instead of sheets."""
    if data.startswith(_ZIP):
        return Format.ZIP
    if data.startswith(_OLE) and _ENCRYPTED not in data and any(it in data for it in _OLD_BOOKS):
        return Format.OLD
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    known = any(data.startswith(start) for start, _message in _KNOWN_STARTS)
    other = known or head[:1] == b"<" or data.startswith(_OLE)
    if head and not other and _looks_like_text(head):
        return Format.TEXT
    raise WorkbookError(_what_it_is(data))


def _what_it_is(data: bytes) -> Message:
    if not data.strip():
        return msg("文件是空的，0 字节。重新选一个文件")
    if data.startswith(_OLE):
        return _ole_kind(data)
    for start, message in _KNOWN_STARTS:
        if data.startswith(start):
            return message
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] == b"<":
        return msg("这是网页或 XML，不是 Excel 工作簿。用 Excel 打开，另存为 .xlsx 再传")
    return msg("这不是 Excel 工作簿（.xlsx）。从这里下载一份表，填好再传")


def _ole_kind(data: bytes) -> Message:
    if _ENCRYPTED in data:
        return msg("工作簿设了密码，打不开。在 Excel 里取消密码，存一次再传")
    return msg("这是旧格式的 Office 文件，不是 Excel 工作簿。另存为 .xlsx 再传")


def _looks_like_text(head: bytes) -> bool:
    if b"\x00" in head:
        return head[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-8", "gb18030"):
        try:
            # The sample may end in the middle of a character.
            head[: max(len(head) - 4, 1)].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(head) - 8:
                continue
        return True
    return False
