"""审核通过: a reviewer passes who meets everything, many at once or one; undone until seated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Admission, Competition, Entrant, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.audit import Said, record_many
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.last_records import LastDone, last_record, require_last_shown
from compete.services.kernel.participants import standing_withdrawal, withdrawn_codes
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.registration.applicant_eligibility import (
    Meeting,
    conditions_of_entrants,
    who_meets,
)
from compete.services.registration.documents import DocumentCount, count_documents
from compete.services.registration.entrant_lookup import codes_by_number, numbers_of
from compete.services.schedule.admissions import admit, seated_or_marked, standing_among

PASS, PASS_ENDED = "entrant.pass", "entrant.pass_end"
_PART = 100
"""So many are passed in one unit of work, for which nobody else waits long."""


def _why_no_passing(competition: Competition) -> Message | None:
    """Say why nobody is passed any more; None until marks are locked."""
    if competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        return None
    return msg("评分已经锁定，审核不能再改")


_LEFT = msg("已经转出、退出，不用审核；回到这一批再通过")


def why_not_passed(entrant: Entrant) -> Message | None:
    """Say what is still to be done before a reviewer can pass somebody; None for nothing."""
    competition = entrant.competition
    if (closed := _why_no_passing(competition)) is not None:
        return closed
    if standing_withdrawal(entrant) is not None:
        return _LEFT
    state = conditions_of_entrants(competition, [entrant])[entrant.code]
    return _lacking(state.eligible, count_documents([entrant.id]).get(("entrant", entrant.id)))


def _lacking(meets: bool, documents: DocumentCount | None) -> Message | None:
    if not meets:
        return msg("申报条件还差")
    if documents is not None and documents.returned:
        return msg("退回的材料还没补来（%(n)s 份）", n=documents.returned)
    if documents is not None and documents.unseen:
        return msg("有 %(n)s 份材料还没看", n=documents.unseen)
    return None


def ready_people(competition: Competition, level: str = "") -> list[Meeting]:
    """List those whom one press passes, of all levels or of one."""
    if _why_no_passing(competition) is not None:
        return []
    return [it for it in who_meets(competition) if it.ready and level in ("", it.event)]


def mark_of_people(people: Sequence[Meeting]) -> str:
    """What tells these people from others: nobody is passed whom the page did not count."""
    return short_mark([it.entrant for it in people])


def pass_ready(competition: Competition, level: str, seen: str, by: Account) -> int:
    """Pass everybody who meets everything, of all levels or of one; returns how many.

    `seen` is the mark of those whom the page showed. Raises `Refused` (CONFLICT) where they are
    others by now.
    """
    people = ready_people(competition, level)
    if not people or mark_of_people(people) != seen:
        raise Refused(msg("名单刚被别人改过，请再看一遍"))
    at, numbers = utc_now(), sorted(numbers_of(competition, [it.entrant for it in people]))
    for chunk in in_chunks(numbers, _PART):
        _pass(competition, chunk, by, at)
    return len(numbers)


def pass_person(entrant: Entrant, by: Account) -> None:
    """Pass one. Raises `Refused` (CONFLICT) as `why_not_passed` tells, and for who is passed."""
    _pass(entrant.competition, [entrant.id], by, utc_now())


def _pass(competition: Competition, numbers: Sequence[int], by: Account, at: datetime) -> None:
    with changing(competition) as competition:
        query = select(Entrant).where(Entrant.id.in_(numbers))
        people = db.session.scalars(query.order_by(Entrant.code)).all()
        if (closed := _why_no_passing(competition)) is not None:
            raise Refused(closed)
        states = conditions_of_entrants(competition, people)
        standing, documents = standing_among(competition, numbers), count_documents(numbers)
        away = withdrawn_codes(competition)
        for entrant in people:
            if (stands := standing.get(entrant.id)) is not None and stands.counts:
                raise Refused(msg("%(name)s 刚被别人通过了", name=entrant.name))
            counts = documents.get(("entrant", entrant.id))
            why = _LEFT if entrant.code in away else _lacking(states[entrant.code].eligible, counts)
            if why is not None:
                raise Refused(msg("%(name)s 还不能通过：%(why)s", name=entrant.name, why=why))
        admit(competition, numbers, by, at)
        record_many(competition, by, [Said(PASS, it.code, None) for it in people])


def why_pass_stays(entrant: Entrant) -> Message | None:
    """Say why a pass cannot be taken back: a seat, marks; None where it can."""
    if entrant.competition.state is not CompetitionState.REGISTERING:
        return msg("已经开考，通过不能再收回")
    return seated_or_marked([entrant.id]).get(entrant.id)


def take_pass_back(entrant: Entrant, by: Account) -> None:
    """Take the pass of one back. Raises `Refused` (CONFLICT) where none stands, or it stays."""
    with changing(entrant.competition) as competition:
        if (why := why_pass_stays(entrant)) is not None:
            raise Refused(msg("%(name)s %(why)s，通过不能收回", name=entrant.name, why=why))
        standing = standing_among(competition, [entrant.id]).get(entrant.id)
        if standing is None:
            raise Refused(msg("还没有通过，或者已经收回了"))
        _end([standing.admission], by)
        audit.record(competition, by, PASS_ENDED, entrant.code)


def _end(rows: Sequence[Admission], by: Account) -> None:
    for row in rows:
        row.ended_by, row.ended_at = by.id, utc_now()


def end_fallen_passes(competition: Competition, by: Account) -> None:
    """End the passes that fell while people were registered, as judging begins.

    Once it has begun nothing falls any more: who withdrew and returned then would count as passed.
    """
    people = db.session.scalars(select(Entrant.id).where(Entrant.competition_id == competition.id))
    standing = standing_among(competition, people.all())
    fallen = [number for number, it in standing.items() if not it.counts]
    _end([standing[number].admission for number in fallen], by)
    codes = codes_by_number(fallen)
    why = msg("通过以后改过，开考以前没有再通过").render()
    records = [Said(PASS_ENDED, code, None, reason=why) for code in sorted(codes.values())]
    record_many(competition, by, records)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPass(LastDone):
    """The people whom the last press passed, by the numbers of their rows."""

    people: Sequence[int]


def last_pass(competition: Competition) -> LastPass | None:
    """The last press that passed people, while it is the last of the review."""
    entry = last_record(competition, (PASS, PASS_ENDED))
    if entry is None or entry.action != PASS:
        return None
    own = Entrant.competition_id == competition.id, Admission.ended_at.is_(None)
    here = select(Admission.entrant_id).join(Entrant, Entrant.id == Admission.entrant_id)
    pressed = select(func.max(Admission.made_at)).join(Entrant).where(*own).scalar_subquery()
    query = here.where(*own, Admission.made_at == pressed).order_by(Admission.entrant_id)
    people = db.session.scalars(query).all()
    if not people:
        return None
    return LastPass(entry=entry, why_not=_why_press_stays(competition, people), people=people)


def _why_press_stays(competition: Competition, people: Sequence[int]) -> Message | None:
    if competition.state is not CompetitionState.REGISTERING:
        return msg("已经开考，通过不能再收回")
    stay = seated_or_marked(people)
    if not stay:
        return None
    codes = codes_by_number(sorted(stay)[:_NAMED])
    return msg(
        "有 %(n)s 人已经有座位或者有分（%(codes)s），不能一起撤销，到每个人的审核页收回",
        n=len(stay),
        codes=listed(sorted(codes.values())),
    )


_NAMED = 5


def undo_pass(competition: Competition, seen: str, by: Account) -> None:
    """Take the last press back: whom it passed are to be decided again."""
    last = require_last_shown(last_pass(competition), seen)
    for chunk in in_chunks(last.people, _PART):
        with changing(competition) as competition:
            stands = standing_among(competition, chunk)
            _end([it.admission for it in stands.values()], by)
            codes = codes_by_number(chunk)
            record_many(
                competition, by, [Said(PASS_ENDED, codes[number], None) for number in stands]
            )
