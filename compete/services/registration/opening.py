"""Judging begins: what was declared gives way to what certificates of this installation say.

What fell or was not decided by then does not count later, when nobody can decide it any more.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from compete.domain.kinds.kinds import competition_kind
from compete.domain.registration_columns import form_text
from compete.domain.values.messages import Message, msg, some_of
from compete.models import Account, Competition, Entrant, db
from compete.services.directory.issued_here import IssuedHere
from compete.services.kernel import audit
from compete.services.kernel.audit import Said
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.registration.applicant_eligibility import who_meets
from compete.services.registration.level_exemptions import drop_asked_exemptions
from compete.services.registration.passing import end_fallen_passes
from compete.services.registration.people_seals import seal_people
from compete.services.registration.preview import id_key
from compete.services.schedule.allocation import open_judging


def begin_judging(competition: Competition, by: Account, reason: str = "") -> int:
    """Begin judging on the grades that are in force now. Returns the number of sheets made.

    Raises `Refused` while somebody was not passed, and as `open_judging` does.
    """
    with changing(competition) as competition:
        if why := why_review_first(competition):
            raise Refused(why)
        end_fallen_passes(competition, by)
        drop_asked_exemptions(competition, by)
        _take_issued_grades(competition, by)
        return open_judging(competition, by, reason)


def why_review_first(competition: Competition) -> Message | None:
    """Say who was not passed (审核通过) and would be judged all the same; None for nobody."""
    if not competition_kind(competition).has_review:
        return None
    waiting = [it.entrant for it in who_meets(competition) if not it.passed]
    if not waiting:
        return None
    return msg(
        "还有 %(n)s 人没有通过审核：%(codes)s。先通过，或者转下一批",
        n=len(waiting),
        codes=some_of(waiting, _NAMED),
    )


_NAMED = 5


def _take_issued_grades(competition: Competition, by: Account) -> None:
    """Write into each entrant the grade issued here since they were registered, and its day.

    One whose certificate was made void since is taken out. Results count the years from what
    stands in the entrant.
    """
    if not competition_kind(competition).has_conditions:
        return
    codes = {event.id: event.code for event in competition.events}
    query = select(Entrant).where(
        Entrant.competition_id == competition.id, takes_part(), Entrant.id_hash.is_not(None)
    )
    people = db.session.scalars(query.order_by(Entrant.id)).all()
    issued = IssuedHere(competition, id_key)
    issued.expect_keys(row.id_hash for row in people if row.id_hash)
    changed, records = [], []
    for row in people:
        event, key = codes[row.event_id], row.id_hash or ""
        grade, declared = issued.of_key(event, key), (row.grade, row.grade_since)
        void = issued.void_of_key(event, key, *declared)
        counts = (None, None) if void is not None else declared
        certified = grade.over(*counts) if grade is not None else counts
        if certified == declared:
            continue
        row.grade, row.grade_since = certified
        changed.append(row.id)
        reason = (_VOID if void is not None else _ISSUED).render()
        before, after = _recorded(*declared), _recorded(*certified)
        records.append(Said("entrant.correct", row.code, after, before=before, reason=reason))
    if not records:
        return
    db.session.flush()
    # One seal covers them all: it stands in the last.
    last = records.pop()
    records.append(last._replace(after={**last.after, "people": seal_people(competition, changed)}))
    audit.record_many(competition, by, records)


_ISSUED = msg("登记以后本系统发了证书，年限从发证那天算")
_VOID = msg("登记的现等级是本系统发的证书，已经撤销，不能算")


def _recorded(grade: int | None, since: date | None) -> dict[str, object]:
    texts = {"grade": form_text("grade", grade), "grade_since": form_text("grade_since", since)}
    return {key: text or None for key, text in texts.items()}
