"""Question banks (题库): the syllabus, questions in versions, reviews, uses, looks, practice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.exam.answers import QuestionKind
from compete.domain.exam.bank import Pool, QuestionState
from compete.domain.exam.syllabus import Importance
from compete.domain.values.examination_states import BankRequestKind
from compete.domain.values.roles import BankRole
from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, Name, ref, utc_now
from compete.models.enums import enum_text
from compete.models.types import EncryptedBytes, EncryptedText, UtcDateTime

_STANDS = text("ended_at IS NULL")
_ONE_STANDS = text("ended_at IS NULL AND kind <> 'file'")


class QuestionBank(Base):
    """A bank of the installation, for one occupation and grade as a rule.

    `about` are the keys of its file that nobody checks: grade, edition, source, occupation, extra.
    `sha256` is that of the file that it was made of; until `brought_at` it comes in by parts, and
    nobody is shown it.
    """

    __tablename__ = "question_bank"
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[Name]
    about: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sha256: Mapped[str] = mapped_column(String(64))
    brought_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)


class BankPart(Base):
    """What somebody may do in a bank: 命题, 审题, 组卷 or 保密."""

    __tablename__ = "bank_part"
    __table_args__ = (
        Index(
            "uq_bank_part",
            *("bank_id", "account_id", "role"),
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    bank_id: Mapped[int] = ref("question_bank")
    account_id: Mapped[int] = ref("account")
    role: Mapped[BankRole] = mapped_column(enum_text(BankRole))
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship(foreign_keys=[account_id])


class SyllabusNode(Base):
    """A scope (鉴定范围), which has a weight, or a point (鉴定点), which has an importance.

    `weight` is as the file writes it; `position` keeps the file's order.
    """

    __tablename__ = "syllabus_node"
    __table_args__ = (UniqueConstraint("bank_id", "code"),)
    id: Mapped[Id]
    bank_id: Mapped[int] = ref("question_bank")
    parent_id: Mapped[int | None] = ref("syllabus_node")
    code: Mapped[str] = mapped_column(String(100))
    name: Mapped[Name]
    weight: Mapped[str | None] = mapped_column(String(40))
    importance: Mapped[Importance | None] = mapped_column(enum_text(Importance))
    position: Mapped[int]
    extra: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)


class Question(Base):
    """A question (试题) on a point; what is asked stands in its versions, of which the last counts.

    `words` are the folded texts of the last version, by which it is looked for.
    """

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("bank_id", "code"),
        Index("ix_question_bank_id_state", "bank_id", "state"),
    )
    id: Mapped[Id]
    bank_id: Mapped[int] = ref("question_bank")
    node_id: Mapped[int] = ref("syllabus_node")
    code: Mapped[str] = mapped_column(String(100))
    kind: Mapped[QuestionKind] = mapped_column(enum_text(QuestionKind))
    family: Mapped[str | None] = mapped_column(String(100))
    pool: Mapped[Pool] = mapped_column(enum_text(Pool), default=Pool.SECRET)
    state: Mapped[QuestionState] = mapped_column(
        enum_text(QuestionState), default=QuestionState.DRAFT
    )
    version: Mapped[int] = mapped_column(default=1)
    words: Mapped[str] = mapped_column(Text, default="")
    extra: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    bank: Mapped[QuestionBank] = relationship()
    node: Mapped[SyllabusNode] = relationship()


class QuestionVersion(Base):
    """A question as it was worded; rows are added, never changed.

    `asked` is what a candidate may see: stem, options, pictures, and the predicted difficulty.
    `answer` is sealed: key, deviations, explanation, guide, as JSON. `sha256` is that of both, as
    the file has them.
    """

    __tablename__ = "question_version"
    __table_args__ = (UniqueConstraint("question_id", "number"),)
    id: Mapped[Id]
    question_id: Mapped[int] = ref("question")
    number: Mapped[int]
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    answer: Mapped[str] = mapped_column(EncryptedText)
    sha256: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    maker: Mapped[Account | None] = relationship(foreign_keys=[made_by])


class QuestionPicture(Base):
    """A picture of a bank's questions, by the `name` of its marks; a version's `media` have it.

    The file lies in the store under `file`, the hash of what lies there, sealed with a key of its
    own. `sha256` is over the picture, a JPEG drawn anew.
    """

    __tablename__ = "question_picture"
    __table_args__ = (UniqueConstraint("bank_id", "name"),)
    id: Mapped[Id]
    bank_id: Mapped[int] = ref("question_bank")
    name: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(64))
    file_key: Mapped[bytes] = mapped_column(EncryptedBytes)
    size: Mapped[int]
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)


class QuestionReview(Base):
    """A review of a version by who did not write it; two that agree put it in use."""

    __tablename__ = "question_review"
    __table_args__ = (UniqueConstraint("version_id", "made_by"),)
    id: Mapped[Id]
    version_id: Mapped[int] = ref("question_version")
    agrees: Mapped[bool]
    note: Mapped[str] = mapped_column(String(500), default="")
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    reviewer: Mapped[Account] = relationship(foreign_keys=[made_by])


class QuestionUse(Base):
    """A day on which a question was used, and in which paper if that is known."""

    __tablename__ = "question_use"
    id: Mapped[Id]
    question_id: Mapped[int] = ref("question")
    day: Mapped[date]
    paper: Mapped[str | None] = mapped_column(String(200))


class QuestionLook(Base):
    """A look at secret questions: who, when, on which page, and which questions stood there.

    `questions` are their numbers, each between commas; of a look at a paper there are none, since
    they would tell what is in it: its sealed content says so.
    """

    __tablename__ = "question_look"
    id: Mapped[Id]
    bank_id: Mapped[int] = ref("question_bank")
    account_id: Mapped[int] = ref("account")
    way: Mapped[str] = mapped_column(String(20))
    questions: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant] = mapped_column(default=utc_now)
    paper_id: Mapped[int | None] = ref("exam_paper")
    account: Mapped[Account] = relationship(foreign_keys=[account_id])


class PaperTable(Base):
    """A table that papers of a bank are put together by (组卷方案), as its file says it.

    It is never changed: another of the same code takes its place, and this one has ended.
    """

    __tablename__ = "paper_table"
    __table_args__ = (
        Index(
            "uq_paper_table",
            *("bank_id", "code"),
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    bank_id: Mapped[int] = ref("question_bank")
    code: Mapped[str] = mapped_column(String(100))
    name: Mapped[Name]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bank: Mapped[QuestionBank] = relationship()
    maker: Mapped[Account] = relationship(foreign_keys=[made_by])


class ExamPaper(Base):
    """A paper (试卷) that was put together by a table; it is never changed.

    `content` is its file, sealed: it says which questions stand in it, and from which seed anybody
    with the bank would come to the same. `used_on` is the day on which it was sat.
    """

    __tablename__ = "exam_paper"
    id: Mapped[Id]
    bank_id: Mapped[int] = ref("question_bank")
    table_id: Mapped[int] = ref("paper_table")
    is_met: Mapped[bool]
    content: Mapped[str] = mapped_column(EncryptedText)
    sha256: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    used_on: Mapped[date | None]
    used_by: Mapped[int | None] = ref("account")
    bank: Mapped[QuestionBank] = relationship()
    table: Mapped[PaperTable] = relationship()
    maker: Mapped[Account] = relationship(foreign_keys=[made_by])

    @property
    def name(self) -> str:
        """What it is called: its table's code, and its number."""
        return f"{self.table.code}-{self.id}"


class BankRequest(Base):
    """What takes two in a bank: one asks, a second person agrees, or it is dropped.

    A file of the bank, or of a `paper` in a `form`; a seal over a paper until `opens_at`, its
    opening, a paper made void; a `question` let go into the practice pool. `ended_at`: it was
    dropped, or is over: the file fetched, the seal opened, the rest as it was agreed to.
    """

    __tablename__ = "bank_request"
    __table_args__ = (
        Index(
            "uq_bank_request_paper",
            *("paper_id", "kind"),
            unique=True,
            sqlite_where=_ONE_STANDS,
            postgresql_where=_ONE_STANDS,
        ),
        Index(
            "uq_bank_request_question",
            *("question_id", "kind"),
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    bank_id: Mapped[int] = ref("question_bank")
    kind: Mapped[BankRequestKind] = mapped_column(enum_text(BankRequestKind))
    paper_id: Mapped[int | None] = ref("exam_paper")
    question_id: Mapped[int | None] = ref("question")
    form: Mapped[str | None] = mapped_column(String(10))
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")
    asked_by: Mapped[int] = ref("account")
    asked_at: Mapped[Instant] = mapped_column(default=utc_now)
    agreed_by: Mapped[int | None] = ref("account")
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bank: Mapped[QuestionBank] = relationship()
    paper: Mapped[ExamPaper | None] = relationship()
    question: Mapped[Question | None] = relationship()
    asker: Mapped[Account] = relationship(foreign_keys=[asked_by])

    @property
    def waits(self) -> bool:
        """True while a second person may agree."""
        return self.agreed_at is None and self.ended_at is None


class Practice(Base):
    """A bank's practice questions, or those of one scope, for whoever has the link (开放练习).

    It is closed and opened again under the same link: what hangs on the wall stays right.
    """

    __tablename__ = "practice"
    id: Mapped[Id]
    bank_id: Mapped[int] = ref("question_bank")
    node_id: Mapped[int | None] = ref("syllabus_node")
    link: Mapped[str] = mapped_column(String(40), unique=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    bank: Mapped[QuestionBank] = relationship()
    node: Mapped[SyllabusNode | None] = relationship()


class PracticeDay(Base):
    """How many sets were taken on a day; nothing of who took them."""

    __tablename__ = "practice_day"
    __table_args__ = (UniqueConstraint("practice_id", "day"),)
    id: Mapped[Id]
    practice_id: Mapped[int] = ref("practice")
    day: Mapped[date]
    sets: Mapped[int]
