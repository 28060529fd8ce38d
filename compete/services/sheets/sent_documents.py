"""A document that somebody sends, a PDF or a photo: how large, and of what kind it may be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from compete.domain.values.messages import msg
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.sheets.pdf_parts import is_active
from compete.services.sheets.photo_files import clean_picture

LARGEST_DOCUMENT = 10 * 1024 * 1024
PDF, JPEG = "application/pdf", "image/jpeg"


@dataclass(frozen=True, slots=True)
class SentDocument:
    """What is kept, and of which media type."""

    content: bytes
    media: str

    @property
    def sha256(self) -> str:
        """The hash of what is kept, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def read_document(sent: bytes, largest: int = LARGEST_DOCUMENT) -> SentDocument:
    """A whole PDF without anything active in it, as it is; or a photo, drawn anew.

    Raises `Refused`: TOO_LARGE, or WRONG_FORMAT for anything else.
    """
    if len(sent) > largest:
        most = largest // 1024 // 1024
        raise Refused(msg("文件太大了，最多 %(most)s MB", most=most), kind=Refusal.TOO_LARGE)
    if not sent.startswith(b"%PDF-"):
        try:
            return SentDocument(clean_picture(sent, largest).data, JPEG)
        except Refused as refused:
            if refused.kind is not Refusal.WRONG_FORMAT:
                raise
            why = msg("这不是 PDF 或照片，或者没传完整")
            raise Refused(why, kind=Refusal.WRONG_FORMAT) from refused
    if b"%%EOF" not in sent[-2048:]:
        raise Refused(msg("这个 PDF 没传完整"), kind=Refusal.WRONG_FORMAT)
    if is_active(sent):
        why = msg(
            "这个 PDF 里有脚本、附件、密码，或者会自己打开网址、文件，提交表单，请打印成 PDF 再传"
        )
        raise Refused(why, kind=Refusal.WRONG_FORMAT)
    return SentDocument(sent, PDF)
