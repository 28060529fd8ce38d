"""Documents of applicants: sent by themselves, their unit or the organiser, recognised, given back.

What an application says rests on them. They lie sealed in the file store, are seen by who reviews,
the own unit and the person alone, and go with the personal data.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import msgspec
from sqlalchemy import ColumnElement, func, select

from compete.domain.evaluation.documents import (
    MOST_DOCUMENTS,
    DocumentKind,
    DocumentState,
)
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import ApplicationState, CompetitionState
from compete.models import (
    Account,
    ApplicantDocument,
    Application,
    Competition,
    Entrant,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.fields import Setting, reason_field
from compete.services.kernel.refusal import FieldRefused, Refused, invalid
from compete.services.kernel.transactions import afterwards, changing
from compete.services.registration.document_files import (
    SealedFile,
    forget_sealed,
    read_sealed,
    store_sealed,
)
from compete.services.registration.portraits import drop_of
from compete.services.registration.window import why_units_cannot_enter
from compete.services.sheets.sent_documents import SentDocument, read_document


class DocumentReturn(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a document that is given back."""

    reason: Annotated[str, reason_field(msg("哪里不行，要补什么"), msg("写一下哪里不行、要补什么"))]
    until: Annotated[date | None, Setting(msg("补到哪天"))] = None


Applicant = Entrant | Application
OWN, UNIT, DESK = "own", "unit", "desk"
"""Whence a document comes."""


def documents_of(holder: Applicant) -> Sequence[ApplicantDocument]:
    """List somebody's documents by kind, the oldest first."""
    order = list(DocumentKind)
    rows = db.session.scalars(
        select(ApplicantDocument).where(_of(holder)).order_by(ApplicantDocument.id)
    )
    return sorted(rows, key=lambda row: order.index(row.kind))


@dataclass(frozen=True, slots=True)
class DocumentCount:
    """The counts of somebody's documents: all, those nobody looked at, those given back."""

    all: int
    unseen: int
    returned: int


def count_documents(
    entrants: Collection[int], applications: Collection[int] = ()
) -> Mapping[tuple[str, int], DocumentCount]:
    """Count the documents of who has any, by `("entrant", id)` or `("application", id)`."""
    counts: dict[tuple[str, int], DocumentCount] = {}
    for word, column, wanted in (
        ("entrant", ApplicantDocument.entrant_id, list(entrants)),
        ("application", ApplicantDocument.application_id, list(applications)),
    ):
        for chunk in in_chunks(wanted):
            query = (
                select(
                    column,
                    func.count(),
                    func.count().filter(ApplicantDocument.state == DocumentState.SENT),
                    func.count().filter(ApplicantDocument.state == DocumentState.RETURNED),
                )
                .where(column.in_(chunk))
                .group_by(column)
            )
            counts |= {(word, row[0]): DocumentCount(*row[1:]) for row in db.session.execute(query)}
    return counts


def find_document(holder: Applicant, public_id: str) -> ApplicantDocument | None:
    """Somebody's document of that id, or None."""
    query = select(ApplicantDocument).where(_of(holder), ApplicantDocument.public_id == public_id)
    return db.session.scalar(query)


def content_of(document: ApplicantDocument) -> bytes | None:
    """The document itself; None where its file is gone or is not what it was."""
    return read_sealed(document.file, document.file_key)


def why_no_documents(
    holder: Applicant, source: str, instead: ApplicantDocument | None = None
) -> Message | None:
    """Say why documents of somebody can neither come nor go by this way now; None: they can.

    The organiser can until marks are taken; others as long as people may be entered, and later
    only `instead` of one that was given back, until the day it was given back for.
    """
    competition = holder.competition
    if not competition_kind(competition).has_conditions:
        return msg("这里不收申报材料")
    if isinstance(holder, Entrant) and holder.erased_at is not None:
        return msg("个人资料已经删除，不能再改")
    if settings_of(competition).put_away is not None:
        return msg("这一批已经收起来了")
    if competition.state is not CompetitionState.REGISTERING:
        return msg("已经开考，材料不能再改")
    if source == DESK:
        return None
    if isinstance(holder, Application) and holder.state is ApplicationState.TAKEN_BACK:
        return msg("撤回了，不收材料")
    if isinstance(holder, Application) and holder.entrant_id is not None:
        # The documents went along to the list: one that is kept here nobody would see.
        return msg("刚收进名单了，重新打开这一页再传")
    if why_units_cannot_enter(competition) is None or (instead and _is_asked(instead)):
        return None
    if any(map(_is_asked, documents_of(holder))):
        return msg("申报截止了，只能换退回的，别的找组委会")
    return msg("申报截止了，材料要补找组委会")


def _is_asked(row: ApplicantDocument) -> bool:
    """True while another is to come for one that was given back."""
    today = local_time(utc_now()).date()
    return row.state is DocumentState.RETURNED and (row.until is None or today <= row.until)


def put_document(
    holder: Applicant,
    kind: DocumentKind,
    sent: bytes,
    source: str,
    by: Account | None,
    instead_of: str | None = None,
) -> ApplicantDocument:
    """Keep a document that was sent; with `instead_of` in the place of one that was given back.

    Raises `Refused`: TOO_LARGE or WRONG_FORMAT for the file, CONFLICT where none can come now;
    `StoreAwayError`.
    """
    if not sent:
        raise FieldRefused("document", msg("还没选照片或 PDF"))
    document = read_document(sent)
    _exchanged(holder, source, instead_of)
    # Before anything is claimed: a store that answers late holds nobody else up.
    sealed = store_sealed(document.content)
    try:
        return _put(holder, kind, document, sealed, source, by, instead_of)
    except Refused:
        forget_sealed(sealed.file)
        raise


def _put(
    holder: Applicant,
    kind: DocumentKind,
    document: SentDocument,
    sealed: SealedFile,
    source: str,
    by: Account | None,
    instead_of: str | None,
) -> ApplicantDocument:
    with changing(holder.competition, holder) as competition:
        before = _exchanged(holder, source, instead_of)
        there = documents_of(holder)
        if any(row.sha256 == document.sha256 and row.kind is kind for row in there):
            raise FieldRefused("document", msg("这一份已经传过了"))
        if len(there) - (before is not None) >= MOST_DOCUMENTS:
            raise Refused(msg("一个人最多 %(most)s 份材料，删掉没用的再传", most=MOST_DOCUMENTS))
        if before is not None:
            _drop([before])
        row = _row_of(competition, holder, kind, document, sealed)
        row.source, row.made_by = source, by.id if by is not None else None
        db.session.add(row)
        _record("put", holder, row, by, {"replaced": True} if before is not None else {})
    return row


def _exchanged(holder: Applicant, source: str, key: str | None) -> ApplicantDocument | None:
    """The document in whose place one comes, or None. Raises `Refused` where none can come."""
    before = find_document(holder, key) if key else None
    if before is not None and before.state is DocumentState.RECOGNISED:
        raise Refused(msg("这一份刚被认可了，不用再传"))
    if (why := why_no_documents(holder, source, before)) is not None:
        raise Refused(why)
    return before


def _row_of(
    competition: Competition,
    holder: Applicant,
    kind: DocumentKind,
    document: SentDocument,
    sealed: SealedFile,
) -> ApplicantDocument:
    return ApplicantDocument(
        public_id=secrets.token_hex(8),
        competition_id=competition.id,
        kind=kind,
        file=sealed.file,
        file_key=sealed.key,
        sha256=document.sha256,
        media=document.media,
        size=len(document.content),
        **{_column(holder): holder.id},
    )


def remove_document(
    document: ApplicantDocument, holder: Applicant, source: str, by: Account | None
) -> None:
    """Take a document away. Raises `Refused` (CONFLICT) where it was recognised, or is no more."""
    with changing(holder.competition, holder):
        row = find_document(holder, document.public_id)
        why = why_no_documents(holder, source)
        if row is None:
            raise Refused(msg("这一份刚被删掉了"))
        if why is not None:
            raise Refused(why)
        if row.state is DocumentState.RECOGNISED:
            raise Refused(msg("认可了的材料不能删，先收回认可"))
        _record("remove", holder, row, by, {})
        _drop([row])


def recognise_document(document: ApplicantDocument, holder: Applicant, by: Account) -> None:
    """Recognise a document: what is said rests on it."""
    _decide(document, holder, DocumentState.RECOGNISED, None, None, by)


def take_recognition_back(document: ApplicantDocument, holder: Applicant, by: Account) -> None:
    """Look at a document once more, recognised or given back."""
    _decide(document, holder, DocumentState.SENT, None, None, by)


def return_document(
    document: ApplicantDocument, holder: Applicant, typed: DocumentReturn, by: Account
) -> None:
    """Give a document back: why, and until which day another is to come.

    Raises `FieldRefused` for a day that is over.
    """
    if typed.until is not None and typed.until < local_time(utc_now()).date():
        raise FieldRefused("until", msg("补到哪天不能是过去的日子"))
    _decide(document, holder, DocumentState.RETURNED, typed.reason, typed.until, by)


def _decide(
    document: ApplicantDocument,
    holder: Applicant,
    state: DocumentState,
    reason: str | None,
    until: date | None,
    by: Account,
) -> None:
    with changing(holder.competition, holder) as competition:
        row = find_document(holder, document.public_id)
        if row is None:
            raise Refused(msg("这一份刚被删掉了"))
        if competition.state is not CompetitionState.REGISTERING:
            raise Refused(msg("已经开考，材料不能再改"))
        if (row.state is DocumentState.SENT) is (state is DocumentState.SENT):
            raise Refused(_decided_meanwhile(row))
        row.state, row.reason, row.until = state, reason, until
        row.decided_by, row.decided_at = by.id, utc_now()
        after = {"until": until.isoformat()} if until is not None else {}
        _record(state.value, holder, row, by, after, reason)


def _decided_meanwhile(row: ApplicantDocument) -> Message:
    """What another decided of it since the page was opened, which stands."""
    who = row.decider.name if row.decider is not None else ""
    if row.state is DocumentState.RECOGNISED:
        return msg("%(who)s 刚认可了这一份，要改先改回没看", who=who)
    if row.state is DocumentState.RETURNED:
        return msg("%(who)s 刚退回了这一份，要改先改回没看", who=who)
    return msg("这一份已经改回没看了")


def hand_over_documents(application: Application, to: Entrant) -> None:
    """The documents go with the person who is accepted; in a unit of work that records it."""
    for row in documents_of(application):
        row.application_id, row.entrant_id = None, to.id


def give_documents_back(entrants: Mapping[int, Application]) -> None:
    """They go back to what was handed in, by the entrants' numbers; in such a unit of work."""
    for row in _rows(ApplicantDocument.entrant_id.in_(list(entrants))):
        row.application_id, row.entrant_id = entrants[row.entrant_id or 0].id, None


def drop_documents(whose: ColumnElement[bool]) -> None:
    """Documents go with who is erased; in a unit of work that records it."""
    _drop(_rows(whose))
    db.session.flush()


def drop_files_of(application: Application) -> None:
    """Photo and documents of somebody who is dropped go too; in a unit of work that records it."""
    drop_of(application)
    drop_documents(_of(application))


def _drop(rows: Collection[ApplicantDocument]) -> None:
    """Take rows away, and the files that no document of another batch names."""
    own, files = {row.id for row in rows}, {row.file for row in rows}
    for chunk in in_chunks(list(files)):
        query = select(ApplicantDocument.id, ApplicantDocument.file)
        for number, file in db.session.execute(query.where(ApplicantDocument.file.in_(chunk))):
            if number not in own:
                files.discard(file)
    for row in rows:
        db.session.delete(row)
    afterwards(lambda: forget_sealed(*sorted(files)))


def _rows(whose: ColumnElement[bool]) -> Sequence[ApplicantDocument]:
    return db.session.scalars(select(ApplicantDocument).where(whose)).all()


def _column(holder: Applicant) -> str:
    return "entrant_id" if isinstance(holder, Entrant) else "application_id"


def _of(holder: Applicant) -> ColumnElement[bool]:
    if isinstance(holder, Entrant):
        return ApplicantDocument.entrant_id == holder.id
    return ApplicantDocument.application_id == holder.id


def _record(
    act: str,
    holder: Applicant,
    row: ApplicantDocument,
    by: Account | None,
    content: Mapping[str, object],
    reason: str | None = None,
) -> None:
    """Record by number alone: who never comes on the list shall not stand in the chain."""
    after = {"kind": row.kind.value, "document": row.sha256, **content}
    if isinstance(holder, Entrant):
        action, subject = f"document.{act}", holder.code
    else:
        action, subject = f"application.document_{act}", holder.competition.code
        after["application"] = holder.public_id
    audit.record(holder.competition, by, action, subject, after=after, reason=reason)


def kind_of(word: str) -> DocumentKind:
    """The kind that a form names. Raises `Refused` (INVALID) for any other."""
    try:
        return DocumentKind(word)
    except ValueError:
        raise invalid(msg("选一下是哪一样材料")) from None
