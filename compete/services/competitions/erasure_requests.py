"""Personal data erased by two: one asks, a second agrees; or a person's wish is answered no.

Names give way to pseudonyms, what was personal goes. Units' contacts go with them, and what was
handed in beside a labour competition's values. Results, marks and the chain stay true: codes,
groups, grades and what else results were worked out from stay, and every row that changes is
sealed anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import joinedload

from compete.domain.identity.masks import pseudonym
from compete.domain.kinds.kinds import competition_kind
from compete.domain.registration_columns import BACKGROUND
from compete.domain.values.claim_states import ClaimState
from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Admission,
    Appeal,
    AppealEvidence,
    ApplicantDocument,
    Application,
    Base,
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
    Job,
    JudgeTie,
    Member,
    OutsideResult,
    Portrait,
    PortraitFile,
    PortraitUpload,
    db,
    utc_now,
)
from compete.services.accounts.second_persons import SecondWord, asked_word
from compete.services.appeals.appeal_states import open_appeals, under_appeal
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.retention import (
    erase_contacts,
    erase_notes,
    erase_winners,
    kept_of,
)
from compete.services.directory.person_records import forget_people
from compete.services.jobs.papers.kept import forget_papers_of
from compete.services.jobs.queue import ask_for, open_job
from compete.services.jobs.running import Run, work_for
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import standing_withdrawal
from compete.services.kernel.pinyin import name_key
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.row_seals import delete_noted
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.outbox.messages import erase_messages
from compete.services.registration.badges import new_badge
from compete.services.registration.documents import drop_documents
from compete.services.registration.oversight_reports import erase_reports
from compete.services.registration.people_seals import seal_people
from compete.services.results.consequences import open_consequences
from compete.services.results.snapshots import forget_names
from compete.services.scoring.public_columns import needed_columns
from compete.services.sheets.comments import erase_comments

PART = 100
"""So many people are erased in one unit of work."""
_GONE = (
    *("id_number", "id_hash", "phone", "gender", "post", "months", "certificate", "extra"),
    *BACKGROUND,
)
"""Of an entrant or member. A birth goes too, unless the event's rules ask for it."""
_NOTHING = "{}"
Holder = Entrant | Member | Examinee
R = TypeVar("R", bound=Base)


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
    labour = {"labour": True} if competition_kind(competition).has_periods else {}
    after = {"count": asked.people, "left": left, "all": True, **labour}
    _record(competition, competition.code, holders, after, asked.reason, by)
    return are_last


def erase_person(holder: Holder, reason: str, by: Account) -> int:
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
    _erase_outside(competition, holders)
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
    record = {
        **after,
        "codes": [holder.code for holder in holders],
        "people": seal_people(competition, changed),
    }
    audit.record(competition, by, "entrant.erase", what, after=record, reason=reason)


def _next_part(competition: Competition, most: int) -> tuple[Sequence[Holder], bool]:
    """The next holders to erase, crews before their members; and True if none come after them.

    So as long as anybody is left, somebody counts who is known by name (`kept_of`).
    """
    holders: list[Holder] = []
    for table in (Entrant, Member, Examinee):
        query = (
            select(table)
            .where(table.competition_id == competition.id, table.erased_at.is_(None))
            .order_by(table.id)
            .limit(most + 1 - len(holders))
        )
        holders += db.session.scalars(query)
    return holders[:most], len(holders) <= most


def _erase_examinee(holder: Examinee) -> None:
    """Erase name, number, photo and what they held; unit and grade stay, as with entrants."""
    holder.name = pseudonym(holder.code)
    holder.id_number = holder.id_hash = holder.gender = holder.certificate = holder.photo = None
    holder.erased_at = utc_now()


def _erase_outside(competition: Competition, holders: Sequence[Holder]) -> None:
    """Let nobody be found behind results from outside that were entered here of them."""
    codes = {holder.person_id: holder.code for holder in holders if holder.person_id is not None}
    for row in _those(OutsideResult, OutsideResult.competition_id == competition.id):
        if row.person_id in codes:
            row.name, row.person_id = pseudonym(codes[row.person_id]), None


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
    """Erase photos, evidence of appeals, what units typed, remarks at check-in and about ties,
    and judges' comments; those to a crew with its first member.
    """
    entrants = [holder.id for holder in holders if isinstance(holder, Entrant)]
    members = [holder.id for holder in holders if isinstance(holder, Member)]
    _drop(Portrait, Portrait.entrant_id.in_(entrants) | Portrait.member_id.in_(members))
    drop_documents(ApplicantDocument.entrant_id.in_(entrants))
    for admission in _those(Admission, Admission.entrant_id.in_(entrants)):
        # Its marks tell a birthday to whoever tries them all.
        admission.basis = None
    for application in _those(Application, Application.entrant_id.in_(entrants)):
        _erase_application(application)
    for check_in in _those(CheckIn, CheckIn.entrant_id.in_(entrants), CheckIn.note.is_not(None)):
        check_in.note = None
    crews = [holder.entrant_id for holder in holders if isinstance(holder, Member)]
    erase_comments([*entrants, *crews], utc_now())
    erase_messages([*(f"entrant {it}" for it in entrants), *(f"member {it}" for it in members)])
    appeals = select(Appeal.id).where(Appeal.entrant_id.in_(entrants))
    for piece in _those(AppealEvidence, AppealEvidence.appeal_id.in_(appeals)):
        piece.words, piece.photo, piece.sha256, piece.media = "", None, None, None
    whose = Consent.member_id.in_(members) | (
        Consent.entrant_id.in_(entrants) & Consent.member_id.is_(None)
    )
    for word in _those(Consent, whose, Consent.note.is_not(None)):
        word.note = None
    for tie in _those(JudgeTie, JudgeTie.entrant_id.in_(entrants), JudgeTie.note != ""):
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
    for claim in _those(GradeClaim, whose):
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
    erase_messages([f"application {application.id}"])


def _erase_drafts(competition: Competition) -> None:
    """Erase people entered who never came on the list, and uploads that nobody finished."""
    _drop(Portrait, Portrait.competition_id == competition.id)
    drop_documents(ApplicantDocument.competition_id == competition.id)
    erase_reports(competition)
    of = Application.competition_id == competition.id
    for application in _those(Application, of, Application.cells != _NOTHING):
        _erase_application(application)
    uploads = select(PortraitUpload.id).where(PortraitUpload.competition_id == competition.id)
    batches = select(ImportBatch.id).where(ImportBatch.competition_id == competition.id)
    db.session.execute(delete(PortraitFile).where(PortraitFile.upload_id.in_(uploads)))
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id.in_(batches)))
    for batch in _those(ImportBatch, ImportBatch.competition_id == competition.id):
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


def _those(table: type[R], *which: ColumnElement[bool]) -> Iterable[R]:
    """The rows of a table of which all of this is so."""
    return db.session.scalars(select(table).where(*which))


def _drop(table: type[Portrait] | type[ClaimDocument], which: ColumnElement[bool]) -> None:
    delete_noted(table, db.session.scalars(select(table.id).where(which)).all())


def _overwrite_what_goes() -> None:
    """Overwrite what was deleted: SQLite else leaves it until another row comes to its place."""
    if db.engine.dialect.name == "sqlite":
        db.session.connection().exec_driver_sql("PRAGMA secure_delete = ON")


ERASE = "people.erase"
_DECIDING = ClaimState.unfinished() - {ClaimState.ISSUED}


def erasures_of(competition: Competition) -> Sequence[Erasure]:
    """List all erasures that were asked for, the newest first."""
    return db.session.scalars(
        select(Erasure)
        .where(Erasure.competition_id == competition.id)
        .options(
            joinedload(Erasure.entrant), joinedload(Erasure.member), joinedload(Erasure.examinee)
        )
        .order_by(Erasure.id.desc())
    ).all()


def open_erasure(competition: Competition, holder: Holder | None = None) -> Erasure | None:
    """The erasure that waits for the second person: of everybody, or of this person."""
    return _newest(competition, holder, only_open=True)


def last_erasure(competition: Competition, holder: Holder) -> Erasure | None:
    """The last erasure asked for about a person."""
    return _newest(competition, holder, only_open=False)


def why_not_everybody(competition: Competition) -> Message | None:
    """Say why the data of all cannot be erased now; None where they can."""
    kept = kept_of(competition)
    if not kept.people:
        return msg("没有还留着姓名的人")
    if kept.until is None:
        return msg("竞赛还没有结束，资料还要用")
    if not kept.is_past:
        return msg("保存到 %(day)s，还没到期", day=date_words(kept.until))
    return _unfinished(competition)


def why_not_erasable(holder: Holder) -> Message | None:
    """Say why one person's data cannot be erased now, as the person is told; None if they can.

    Before the keeping time is over they can once the competition is, and of who withdrew.
    """
    if holder.erased_at is not None:
        return msg("个人资料已经删除")
    if isinstance(holder, Examinee):
        return _why_not_examinee(holder)
    entrant = holder.entrant if isinstance(holder, Member) else holder
    competition = entrant.competition
    if isinstance(holder, Entrant) and holder.members:
        return msg("组合没有个人资料，按成员办")
    if entrant.id in under_appeal(competition):
        return msg("申诉还没有办完，要凭资料核对")
    if standing_withdrawal(entrant) is not None:
        return None
    if competition.state is not CompetitionState.FINAL and not is_put_away(competition):
        return msg("竞赛还没有结束，检录、成绩和申诉都要凭资料核对。可以先退赛")
    return None


def _why_not_examinee(holder: Examinee) -> Message | None:
    """Say why an examinee stays: the grade is not decided yet. None: they can go."""
    query = select(GradeClaim.id).where(
        GradeClaim.examinee_id == holder.id, GradeClaim.state.in_(_DECIDING)
    )
    if db.session.scalar(query.limit(1)) is not None:
        return msg("等级认定还没有办完，要凭资料核对")
    return None


def ask_erasure(
    competition: Competition, holder: Holder | None, reason: str, by: Account
) -> Erasure:
    """Ask for the data of all, or of one person, to be erased; nothing goes before a second agrees.

    `reason` says why, or how the person asked. A person's wish that cannot be met now is written
    down and answered at once (`answer`). Raises `Refused` (INVALID) without a reason, (CONFLICT)
    where all cannot be erased, or it is asked already.
    """
    reason = reason_text(reason, msg("要写原因"))
    with unit_of_work() as session:
        competition = for_update(competition)
        if open_erasure(competition, holder) is not None:
            raise Refused(msg("已经有人提出，等第二个人同意"))
        why = why_not_everybody(competition) if holder is None else why_not_erasable(holder)
        if why is not None and (holder is None or holder.erased_at is not None):
            raise Refused(why)
        asked = Erasure(competition_id=competition.id, reason=reason, asked_by=by.id)
        if isinstance(holder, Member):
            asked.member_id, asked.entrant_id = holder.id, holder.entrant_id
        elif isinstance(holder, Examinee):
            asked.examinee_id = holder.id
        elif holder is not None:
            asked.entrant_id = holder.id
        session.add(asked)
        session.flush()
        _record_wish(asked, "erasure.ask", reason, by)
        if why is not None:
            _end(asked, str(why), by)
    return asked


def agree_erasure(asked: Erasure, by: Account) -> int | Job:
    """The second person's word: the data go, and how many people's they were.

    Of many people by a job, which is returned; agreed to again, it goes on where one was stopped.
    Raises `Refused` for the first one's own word, and where something has come between.
    """
    competition = asked.competition
    if asked.holder is None and kept_of(competition).people > PART:
        return ask_for(
            *(competition, ERASE, by, str(asked.id)),
            still=lambda _competition: _require_agreeable(asked, by),
        )
    with unit_of_work():
        _require_agreeable(asked, by)
        holder = asked.holder
        if holder is not None:
            asked.people = erase_person(holder, asked.reason, by)
        else:
            while not erase_part(asked, by):
                pass
        _agree(asked, by)
    return asked.people or 0


def erasing_job(asked: Erasure) -> Job | None:
    """The job that is at it, or None."""
    return open_job(asked.competition, ERASE, str(asked.id))


@work_for(ERASE)
def _erase_everybody(run: Run) -> None:
    number = int(db.session.get_one(Job, run.job_id).what)
    refuse_if(why_not_everybody(run.competition))
    total = kept_of(run.competition).people + (db.session.get_one(Erasure, number).people or 0)
    while True:
        gone = db.session.get_one(Erasure, number).people or 0
        run.step(msg("删除个人资料"), gone, total)
        with run.writing() as session:
            asked = session.get_one(Erasure, number, populate_existing=True)
            if erase_part(asked, run.by, run.portion):
                _agree(asked, run.by)
                run.finish(number=asked.people)
                return
            run.keep(asked.people or 0)
        db.session.rollback()


def erasure_word(asked: Erasure) -> SecondWord:
    """The conditions of agreeing to an erasure."""
    own = msg("删除要两个人，你是提出的人，请另一位来同意")
    return asked_word(asked.competition, asked.asked_by, own)


def _require_agreeable(asked: Erasure, by: Account) -> None:
    competition = _claimed(asked)
    erasure_word(asked).require(by)
    holder = asked.holder
    refuse_if(why_not_everybody(competition) if holder is None else why_not_erasable(holder))


def _agree(asked: Erasure, by: Account) -> None:
    asked.agreed, asked.ended_by, asked.ended_at = True, by.id, utc_now()


def refuse_erasure(asked: Erasure, answer: str, by: Account) -> None:
    """Refuse an erasure: taken back by who asked without an answer, else with an answer.

    Raises `Refused` (INVALID) where another than who asked gives no answer.
    """
    answer = reason_text(answer)
    with unit_of_work():
        _claimed(asked)
        if asked.people or erasing_job(asked) is not None:
            raise Refused(msg("已经同意，删了一部分，只能删完"))
        if not answer and by.id != asked.asked_by:
            raise invalid(msg("不删要写理由，本人看得到"))
        _end(asked, answer or None, by)


def _end(asked: Erasure, answer: str | None, by: Account) -> None:
    asked.agreed, asked.answer = False, answer
    asked.ended_by, asked.ended_at = by.id, utc_now()
    db.session.flush()
    _record_wish(asked, "erasure.refuse" if answer else "erasure.drop", answer, by)


def _record_wish(asked: Erasure, action: str, reason: str | None, by: Account) -> None:
    competition, holder = asked.competition, asked.holder
    labour = {"labour": True} if competition_kind(competition).has_periods else {}
    code = holder.code if holder is not None else competition.code
    after = {"all": holder is None, **labour}
    audit.record(competition, by, action, code, after=after, reason=reason)


def _unfinished(competition: Competition) -> Message | None:
    if open_appeals(competition, None):
        return msg("申诉还没有办完，要凭资料核对")
    if open_consequences(competition):
        return msg("新版成绩牵动的证书还没有处理完")
    return None


def _claimed(asked: Erasure) -> Competition:
    competition = for_update(asked.competition)
    db.session.refresh(asked)
    if asked.ended_at is not None:
        raise Refused(msg("已经有人办了，请刷新"))
    return competition


def _newest(competition: Competition, holder: Holder | None, *, only_open: bool) -> Erasure | None:
    query = select(Erasure).where(Erasure.competition_id == competition.id)
    if holder is None:
        query = query.where(Erasure.entrant_id.is_(None), Erasure.examinee_id.is_(None))
    elif isinstance(holder, Examinee):
        query = query.where(Erasure.examinee_id == holder.id)
    elif isinstance(holder, Member):
        query = query.where(Erasure.member_id == holder.id)
    else:
        query = query.where(Erasure.entrant_id == holder.id, Erasure.member_id.is_(None))
    if only_open:
        query = query.where(Erasure.ended_at.is_(None))
    return db.session.scalar(query.order_by(Erasure.id.desc()).limit(1))
