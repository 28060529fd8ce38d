"""Documents of an applicant: which kinds there are, and what becomes of one."""

from __future__ import annotations

from enum import StrEnum

from compete.domain.values.messages import Message, msg


class DocumentKind(StrEnum):
    """A kind of document that an application rests on."""

    IDENTITY = "identity"
    YEARS = "years"
    GRADE = "grade"
    SCHOOLING = "schooling"
    PLEDGE = "pledge"
    OTHER = "other"


class DocumentState(StrEnum):
    """How far a document is: nobody looked, somebody recognised it, or gave it back."""

    SENT = "sent"
    RECOGNISED = "recognised"
    RETURNED = "returned"


KIND_WORDS: dict[DocumentKind, Message] = {
    DocumentKind.IDENTITY: msg("身份证"),
    DocumentKind.YEARS: msg("工作年限证明"),
    DocumentKind.GRADE: msg("现等级证书"),
    DocumentKind.SCHOOLING: msg("学历证书"),
    DocumentKind.PLEDGE: msg("承诺书"),
    DocumentKind.OTHER: msg("别的材料"),
}
MOST_DOCUMENTS = 20
"""Of one person: each kind with several pages."""
