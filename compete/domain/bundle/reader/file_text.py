"""The text in the bytes of a file."""

from compete.domain.bundle.problems import Problems
from compete.domain.values.messages import msg

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""The mark that some programs put before UTF-8; it means nothing there."""


def file_text(data: bytes, problems: Problems) -> str:
    """The text of a file without its mark. Raises `BundleError` if it is empty or not UTF-8."""
    if not data.strip():
        problems.add("", msg("文件是空的"))
        problems.refuse()
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        problems.add("", msg("第 %(byte)s 个字节不是 UTF-8", byte=error.start + 1))
        problems.refuse()
        raise
