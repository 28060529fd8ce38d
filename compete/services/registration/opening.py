"""Judging begins: what was declared gives way to what certificates of this installation say.

What fell or was not decided by then does not count later, when nobody can decide it any more.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from compete.domain.kinds.kinds import competition_kind
from compete.domain.registration_columns import form_text
from compete.domain.values.messages import msg
from compete.models import Account, Competition, Entrant, db
from compete.services.directory.issued_here import IssuedHere
from compete.services.kernel import audit
from compete.services.kernel.audit import Said
from compete.services.kernel.participants import takes_part
from compete.services.kernel.transactions import changing
from compete.services.registration.level_exemptions import drop_asked_exemptions
from compete.services.registration.passing import end_fallen_passes
from compete.services.registration.people_seals import seal_people
from compete.services.registration.preview import id_key
from compete.services.schedule.allocation import open_judging


def begin_judging(competition: Competition, by: Account, reason: str = "") -> int:
    """Begin judging on the grades that are in force now. Returns the number of sheets made.

    Raises `Refused` as `open_judging` does.
    """
    with changing(competition) as competition:
        end_fallen_passes(competition, by)
        drop_asked_exemptions(competition, by)
        _take_issued_grades(competition, by)
        return open_judging(competition, by, reason)


def _take_issued_grades(competition: Competition, by: Account) -> None:
    """Write into each entrant the grade issued here since they were registered, and its day.

    Results count the years from what stands in the entrant.
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
        grade = issued.of_key(codes[row.event_id], row.id_hash or "")
        if grade is None:
            continue
        declared, certified = (row.grade, row.grade_since), grade.over(row.grade, row.grade_since)
        if certified == declared:
            continue
        row.grade, row.grade_since = certified
        changed.append(row.id)
        reason = msg("登记以后本系统发了证书，年限从发证那天算").render()
        before, after = _recorded(*declared), _recorded(*certified)
        records.append(Said("entrant.correct", row.code, after, before=before, reason=reason))
    if not records:
        return
    db.session.flush()
    # One seal covers them all: it stands in the last.
    last = records.pop()
    records.append(last._replace(after={**last.after, "people": seal_people(competition, changed)}))
    audit.record_many(competition, by, records)


def _recorded(grade: int | None, since: date | None) -> dict[str, object]:
    texts = {"grade": form_text("grade", grade), "grade_since": form_text("grade_since", since)}
    return {key: text or None for key, text in texts.items()}
