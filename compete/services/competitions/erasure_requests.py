"""Personal data erased by two: one asks, a second agrees; or a person's wish is answered no."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from compete.domain.values.claim_states import ClaimState
from compete.domain.values.days import date_words
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Competition,
    Entrant,
    Erasure,
    Examinee,
    GradeClaim,
    Job,
    Member,
    db,
    utc_now,
)
from compete.services.accounts.second_persons import asked_word
from compete.services.appeals.appeal_states import open_appeals, under_appeal
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.erasure import PART, erase_one, erase_part
from compete.services.competitions.retention import kept_of
from compete.services.jobs.queue import ask_for, open_job
from compete.services.jobs.running import Run, work_for
from compete.services.kernel import audit
from compete.services.kernel.participants import standing_withdrawal
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.results.consequences import open_consequences

ERASE = "people.erase"
Holder = Entrant | Member | Examinee
_DECIDING = ClaimState.unfinished() - {ClaimState.ISSUED}


def erasures_of(competition: Competition) -> Sequence[Erasure]:
    """List all erasures that were asked for, the newest first."""
    return db.session.scalars(
        select(Erasure).where(Erasure.competition_id == competition.id).order_by(Erasure.id.desc())
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


def why_not_one(holder: Holder) -> Message | None:
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
        why = why_not_everybody(competition) if holder is None else why_not_one(holder)
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
        audit.record(
            competition,
            by,
            "erasure.ask",
            holder.code if holder is not None else competition.code,
            after=_whose(competition, holder),
            reason=reason,
        )
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
            asked.people = erase_one(holder, asked.reason, by)
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
    why = why_not_everybody(run.competition)
    if why is not None:
        raise Refused(why)
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


def _require_agreeable(asked: Erasure, by: Account) -> None:
    competition = _claimed(asked)
    own = msg("删除要两个人，你是提出的人，请另一位来同意")
    asked_word(competition, asked.asked_by, own).require(by)
    holder = asked.holder
    why = why_not_everybody(competition) if holder is None else why_not_one(holder)
    if why is not None:
        raise Refused(why)


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
    holder = asked.holder
    audit.record(
        asked.competition,
        by,
        "erasure.refuse" if answer else "erasure.drop",
        holder.code if holder is not None else asked.competition.code,
        after=_whose(asked.competition, holder),
        reason=answer,
    )


def _whose(competition: Competition, holder: Holder | None) -> dict[str, bool]:
    labour = {"labour": True} if competition.kind == Kind.LABOUR else {}
    return {"all": holder is None, **labour}


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
