"""Erasing what is known of people: names give way to pseudonyms, what was personal goes.

Units' contacts go with them, and what was handed in beside a labour competition's values.
Results, marks and the chain stay true: codes, groups, grades and what else results were
worked out from stay, and every row that changes is sealed anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, delete, select

from compete.domain.entry_fields import BACKGROUND
from compete.domain.identity.masks import pseudonym
from compete.domain.values.kinds import Kind
from compete.models import (
    Account,
    Appeal,
    AppealEvidence,
    Application,
    BoardSnapshot,
    CheckIn,
    ClaimDocument,
    Competition,
    Consent,
    Entrant,
    Erasure,
    Event,
    Examinee,
    GradeClaim,
    HallBoard,
    ImportBatch,
    ImportRow,
    JudgeTie,
    Member,
    Portrait,
    PortraitFile,
    PortraitUpload,
    db,
    utc_now,
)
from compete.services.competitions.labour_people import (
    erase_contacts,
    erase_notes,
    erase_winners,
)
from compete.services.competitions.retention import kept_of
from compete.services.directory.person_records import forget_people
from compete.services.jobs.papers.kept import forget_papers_of
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.pinyin import name_key
from compete.services.kernel.row_seals import delete_noted
from compete.services.registration.badges import new_badge
from compete.services.registration.people_seals import seal_people
from compete.services.results.snapshots import forget_names
from compete.services.scoring.public_columns import needed_columns

PART = 100
"""So many people are erased in one unit of work."""
_GONE = (
    *("id_number", "id_hash", "phone", "gender", "post", "months", "certificate", "extra"),
    *BACKGROUND,
)
"""Of an entrant or member. A birth goes too, unless the event's rules ask for it."""
_NOTHING = "{}"
Holder = Entrant | Member | Examinee


def erase_part(asked: Erasure, by: Account, most: int = PART) -> bool:
    """Erases the next people of a competition for whom `asked` is about everybody.

    Returns whether they were the last. In a unit of work that holds the competition; leaves its
    record. Nobody is met twice, so whoever was broken off goes on where it was.
    """
    competition = asked.competition
    people = kept_of(competition).people
    holders, are_last = _next_part(competition, most)
    _erase(competition, holders, by)
    if are_last:
        _erase_drafts(competition)
        erase_contacts(competition)
        erase_winners(competition)
        erase_notes(competition)
        forget_names(competition, None)
        db.session.flush()
    left = kept_of(competition).people
    asked.people = (asked.people or 0) + people - left
    labour = {"labour": True} if competition.kind == Kind.LABOUR else {}
    after = {"count": asked.people, "left": left, "all": True, **labour}
    _record(competition, competition.code, holders, after, asked.reason, by)
    return are_last


def erase_one(holder: Holder, reason: str, by: Account) -> int:
    """Erase one person; of a crew, one member. In a unit of work that holds the competition."""
    of = holder.entrant if isinstance(holder, Member) else holder
    competition = of.competition
    _erase(competition, [holder], by)
    _forget_where_named(competition)
    forget_names(competition, {holder.code})
    db.session.flush()
    _record(competition, holder.code, [holder], {"count": 1, "all": False}, reason, by)
    return 1


def _erase(competition: Competition, holders: Sequence[Holder], by: Account) -> None:
    _overwrite_what_goes()
    births = {event.id: "birth" in needed_columns(rules_of(event)) for event in competition.events}
    forget_people(competition, holders, by)
    for holder in holders:
        if isinstance(holder, Examinee):
            _erase_examinee(holder)
            continue
        entrant = holder.entrant if isinstance(holder, Member) else holder
        _erase_row(holder, keeps_birth=births[entrant.event_id])
    _erase_beside(holders)
    db.session.flush()


def _record(
    competition: Competition,
    what: str,
    holders: Sequence[Holder],
    after: Mapping[str, object],
    reason: str,
    by: Account,
) -> None:
    changed = {
        holder.entrant_id if isinstance(holder, Member) else holder.id
        for holder in holders
        if not isinstance(holder, Examinee)
    }
    said = {
        **after,
        "codes": [holder.code for holder in holders],
        "people": seal_people(competition, changed),
    }
    audit.record(competition, by, "entrant.erase", what, after=said, reason=reason)


def _next_part(competition: Competition, most: int) -> tuple[Sequence[Holder], bool]:
    """The next holders to erase, crews before their members; and True if none come after them.

    So as long as anybody is left, somebody counts who is known by name (`kept_of`).
    """
    found: list[Holder] = []
    for table in (Entrant, Member, Examinee):
        query = (
            select(table)
            .where(table.competition_id == competition.id, table.erased_at.is_(None))
            .order_by(table.id)
            .limit(most + 1 - len(found))
        )
        found += db.session.scalars(query)
    return found[:most], len(found) <= most


def _erase_examinee(holder: Examinee) -> None:
    """Erase name, number, photo and what they held; unit and grade stay, as with entrants."""
    holder.name = pseudonym(holder.code)
    holder.id_number = holder.id_hash = holder.gender = holder.certificate = holder.photo = None
    holder.erased_at = utc_now()


def _erase_row(holder: Entrant | Member, *, keeps_birth: bool) -> None:
    holder.name = pseudonym(holder.code)
    for column in _GONE:
        setattr(holder, column, None)
    if not keeps_birth:
        holder.birth = None
    holder.erased_at = utc_now()
    if isinstance(holder, Entrant):
        holder.name_key = name_key(holder.name)
    # A badge that hangs somewhere opens nobody's results any more.
    holder.badge_token, holder.badge_hash = new_badge()


def _erase_beside(holders: Sequence[Holder]) -> None:
    """Erase photos, evidence of appeals, what units typed, remarks at check-in and about ties."""
    entrants = [holder.id for holder in holders if isinstance(holder, Entrant)]
    members = [holder.id for holder in holders if isinstance(holder, Member)]
    _drop(Portrait, Portrait.entrant_id.in_(entrants) | Portrait.member_id.in_(members))
    for application in db.session.scalars(
        select(Application).where(Application.entrant_id.in_(entrants))
    ):
        _erase_application(application)
    for check_in in db.session.scalars(
        select(CheckIn).where(CheckIn.entrant_id.in_(entrants), CheckIn.note.is_not(None))
    ):
        check_in.note = None
    for piece in db.session.scalars(
        select(AppealEvidence)
        .join(Appeal, Appeal.id == AppealEvidence.appeal_id)
        .where(Appeal.entrant_id.in_(entrants))
    ):
        piece.words, piece.photo, piece.sha256, piece.media = "", None, None, None
    whose = Consent.member_id.in_(members) | (
        Consent.entrant_id.in_(entrants) & Consent.member_id.is_(None)
    )
    for word in db.session.scalars(select(Consent).where(whose, Consent.note.is_not(None))):
        word.note = None
    for tie in db.session.scalars(
        select(JudgeTie).where(JudgeTie.entrant_id.in_(entrants), JudgeTie.note != "")
    ):
        tie.note = ""
    _erase_evidence(
        entrants, members, [holder.id for holder in holders if isinstance(holder, Examinee)]
    )


def _erase_evidence(
    entrants: Sequence[int], members: Sequence[int], examinees: Sequence[int]
) -> None:
    """Erase the evidence for grades on other grounds than a place; ground and clause stay.

    A document that speaks for others too stays until the last of them is erased.
    """
    whose = GradeClaim.member_id.in_(members) | GradeClaim.examinee_id.in_(examinees)
    whose |= GradeClaim.entrant_id.in_(entrants) & GradeClaim.member_id.is_(None)
    documents = set()
    for claim in db.session.scalars(select(GradeClaim).where(whose)):
        documents.add(claim.document_id)
        claim.facts, claim.document_id = "", None
        claim.theory = claim.practice = claim.review = claim.assessed_on = None
    db.session.flush()
    used = select(GradeClaim.document_id).where(GradeClaim.document_id.is_not(None))
    _drop(ClaimDocument, ClaimDocument.id.in_(documents) & ClaimDocument.id.not_in(used))


def _erase_application(application: Application) -> None:
    whose = application.entrant_id
    entrant = db.session.get(Entrant, whose) if whose is not None else None
    code = entrant.code if entrant is not None else application.public_id[:6]
    application.name, application.cells = pseudonym(code), _NOTHING
    application.id_hash = application.reason = application.link_hash = None


def _erase_drafts(competition: Competition) -> None:
    """Erase people entered who never came on the list, and uploads that nobody finished."""
    _drop(Portrait, Portrait.competition_id == competition.id)
    for application in db.session.scalars(
        select(Application).where(
            Application.competition_id == competition.id, Application.cells != _NOTHING
        )
    ):
        _erase_application(application)
    uploads = select(PortraitUpload.id).where(PortraitUpload.competition_id == competition.id)
    batches = select(ImportBatch.id).where(ImportBatch.competition_id == competition.id)
    db.session.execute(delete(PortraitFile).where(PortraitFile.upload_id.in_(uploads)))
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id.in_(batches)))
    for batch in db.session.scalars(
        select(ImportBatch).where(ImportBatch.competition_id == competition.id)
    ):
        batch.content = batch.summary = batch.answers = None
    _forget_where_named(competition)


def _forget_where_named(competition: Competition) -> None:
    """Drop the wall's tables and papers that wait to be fetched: both are made again."""
    forget_papers_of(competition)
    boards = (
        select(HallBoard.id)
        .join(Event, Event.id == HallBoard.event_id)
        .where(Event.competition_id == competition.id)
    )
    db.session.execute(delete(BoardSnapshot).where(BoardSnapshot.board_id.in_(boards)))


def _drop(table: type[Portrait] | type[ClaimDocument], which: ColumnElement[bool]) -> None:
    delete_noted(table, db.session.scalars(select(table.id).where(which)).all())


def _overwrite_what_goes() -> None:
    """Overwrite what was deleted: SQLite else leaves it until another row comes to its place."""
    if db.engine.dialect.name == "sqlite":
        db.session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
