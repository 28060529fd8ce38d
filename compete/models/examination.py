"""The theory examination in a hall: rooms, sittings, devices, acts, corrected keys, essays."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from compete.domain.values.examination_states import KeyState, SittingState
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Competition, Event, Judge
from compete.models.entrant import Entrant
from compete.models.enums import enum_text
from compete.models.question import ExamPaper, Question
from compete.models.types import EncryptedText, Points, UtcDateTime

_STANDS = text("ended_at IS NULL")


class Examination(Base):
    """The examination (考试) of one module of an event, on screen, by a paper of a question bank.

    `content` is what the paper says in words of the exam's file, with its keys, as of the day on
    which it was set up: sections, questions, forms, and what candidates are shown. `papers` are
    those by form, {nonce, sealed, sha256, questions}, each sealed with a key of `paper_keys`.
    `rules` are the settings of the examination. `file_sha256` is that of its file as the
    marks were last taken out of it; `forms` how each form measured then. `essays_at`: when
    its essays were last given to markers.
    """

    __tablename__ = "examination"
    __table_args__ = (
        Index(
            "uq_examination",
            *("event_id", "stage", "module"),
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int] = ref("event")
    stage: Mapped[Code]
    module: Mapped[Code]
    paper_id: Mapped[int] = ref("exam_paper")
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    content: Mapped[str] = deferred(mapped_column(EncryptedText, nullable=False))
    papers: Mapped[dict[str, Any]] = deferred(mapped_column(JSON, nullable=False))
    paper_keys: Mapped[str] = deferred(mapped_column(EncryptedText, nullable=False))
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    marked_by: Mapped[int | None] = ref("account")
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forms: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    essays_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    event: Mapped[Event] = relationship()
    paper: Mapped[ExamPaper] = relationship()
    maker: Mapped[Account] = relationship(foreign_keys=[made_by])


class ExamRoom(Base):
    """A room in one session of an examination: open for candidates to sit down, begun, closed.

    `session` and `station` are the plan's. `code` is what candidates type, as long as it is open.
    """

    __tablename__ = "exam_room"
    __table_args__ = (UniqueConstraint("examination_id", "session", "station"),)
    id: Mapped[Id]
    examination_id: Mapped[int] = ref("examination")
    session: Mapped[str] = mapped_column(String(80))
    station: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(6))
    opened_by: Mapped[int] = ref("account")
    opened_at: Mapped[Instant] = mapped_column(default=utc_now)
    started_by: Mapped[int | None] = ref("account")
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = ref("account")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    examination: Mapped[Examination] = relationship()


class ExamSitting(Base):
    """One person's sitting, under a blind code in the exam's file.

    `ends_at` is without the time that was added. `handed_in_at`, by which `device` after which
    act of it: cleared where the head lets somebody go on. `let_in` says why somebody came in
    later than the rule allows.
    """

    __tablename__ = "exam_sitting"
    __table_args__ = (
        UniqueConstraint("examination_id", "entrant_id"),
        UniqueConstraint("examination_id", "blind"),
    )
    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    examination_id: Mapped[int] = ref("examination")
    room_id: Mapped[int] = ref("exam_room")
    entrant_id: Mapped[int] = ref("entrant")
    blind: Mapped[str] = mapped_column(String(8))
    form: Mapped[str] = mapped_column(String(100))
    seat: Mapped[int | None]
    state: Mapped[SittingState] = mapped_column(
        enum_text(SittingState), default=SittingState.EXPECTED
    )
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_in_device: Mapped[str | None] = mapped_column(String(20))
    handed_in_number: Mapped[int | None]
    let_in: Mapped[str | None] = mapped_column(String(500))
    void_reason: Mapped[str | None] = mapped_column(String(500))
    examination: Mapped[Examination] = relationship()
    room: Mapped[ExamRoom] = relationship()
    entrant: Mapped[Entrant] = relationship()


class ExamDevice(Base):
    """A term of a sitting at a device: from when on, and until the invigilator moved them.

    `clock_at` is what its clock said then. A device bears one name in a sitting, also where it
    comes back. `token_hash` finds the term that a browser's session is of.
    """

    __tablename__ = "exam_device"
    id: Mapped[Id]
    sitting_id: Mapped[int] = ref("exam_sitting")
    device: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clock_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waiting: Mapped[int | None]
    sitting: Mapped[ExamSitting] = relationship()


class ExamAct(Base):
    """An act of a candidate: an answer, a question to look at again, the page left, hand-in.

    `uuid` was made on the device: what is sent twice is one row. `number` is the device's own
    count in the sitting. `said_at` is the device's time; `clock_at` and `clock_number` are what
    its clock and count were as it was sent: a reading of its clock. Rows are never changed.
    """

    __tablename__ = "exam_act"
    __table_args__ = (UniqueConstraint("sitting_id", "device", "number"),)
    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    sitting_id: Mapped[int] = ref("exam_sitting")
    device: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    item: Mapped[str | None] = mapped_column(String(100))
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clock_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clock_number: Mapped[int | None]


class ExamGrant(Base):
    """Time added, to a whole room or to one sitting; an end never moves earlier."""

    __tablename__ = "exam_grant"
    id: Mapped[Id]
    room_id: Mapped[int] = ref("exam_room")
    sitting_id: Mapped[int | None] = ref("exam_sitting")
    seconds: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    maker: Mapped[Account] = relationship(foreign_keys=[made_by])


class ExamKey(Base):
    """A key put right, or a question struck out: one asks, another agrees.

    `content` is {key, tolerance, relative} or {struck}, as the exam's file has it, sealed.
    """

    __tablename__ = "exam_key"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    examination_id: Mapped[int] = ref("examination")
    question: Mapped[str] = mapped_column(String(100))
    content: Mapped[str] = mapped_column(EncryptedText)
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[KeyState] = mapped_column(enum_text(KeyState), default=KeyState.ASKED)
    asked_by: Mapped[int] = ref("account")
    asked_at: Mapped[Instant] = mapped_column(default=utc_now)
    agreed_by: Mapped[int | None] = ref("account")
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    examination: Mapped[Examination] = relationship()
    asker: Mapped[Account] = relationship(foreign_keys=[asked_by])
    agreer: Mapped[Account | None] = relationship(foreign_keys=[agreed_by])


class ExamMarker(Base):
    """A marker (评卷人) of an examination's essays: a judge or examiner, until `ended_at`."""

    __tablename__ = "exam_marker"
    __table_args__ = (
        Index(
            "uq_exam_marker",
            *("examination_id", "judge_id"),
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    examination_id: Mapped[int] = ref("examination")
    judge_id: Mapped[int] = ref("judge")
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    examination: Mapped[Examination] = relationship()
    judge: Mapped[Judge] = relationship()


class ExamEssay(Base):
    """An essay that counts in a sitting, as it was given to markers, who know no name.

    Where another answer comes to count, this one has ended and that one is given out.
    """

    __tablename__ = "exam_essay"
    __table_args__ = (
        Index(
            "uq_exam_essay",
            *("sitting_id", "question"),
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    examination_id: Mapped[int] = ref("examination")
    sitting_id: Mapped[int] = ref("exam_sitting")
    question: Mapped[str] = mapped_column(String(100))
    answer: Mapped[str] = deferred(mapped_column(EncryptedText, nullable=False))
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    examination: Mapped[Examination] = relationship()
    sitting: Mapped[ExamSitting] = relationship()


class ExamMark(Base):
    """A marker's points for an essay. Never changed: a correction is a further row."""

    __tablename__ = "exam_mark"
    id: Mapped[Id]
    essay_id: Mapped[int] = ref("exam_essay")
    judge_id: Mapped[int] = ref("judge")
    points: Mapped[Decimal] = mapped_column(Points)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)


class QuestionFigure(Base):
    """How a question of a bank measured in an examination, as its marks were taken out.

    `figures`, sealed, are {share, correlation, unanswered, options, flags, struck} as the
    results' file has them. Of several rows of one examination the last counts.
    """

    __tablename__ = "question_figure"
    id: Mapped[Id]
    question_id: Mapped[int] = ref("question")
    examination_id: Mapped[int] = ref("examination")
    version: Mapped[int]
    day: Mapped[date]
    paper: Mapped[str] = mapped_column(String(200))
    people: Mapped[int]
    figures: Mapped[str] = mapped_column(EncryptedText)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    question: Mapped[Question] = relationship()
