"""Consequences of a publication: worked out with it, and asked about until all are settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import (
    CONSEQUENCE_MOVES,
    CertificateState,
    ConsequenceState,
    GradeState,
    move,
)
from compete.models import (
    Account,
    Certificate,
    Competition,
    Consequence,
    GradeDecision,
    Publication,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.results.outdated_decisions import Difference, differences
from compete.services.results.withdrawn_notices import on_taken_down

_Q = ConsequenceState
UNSETTLED = (_Q.OPEN, _Q.KEEPING)
SPEAKS_AGAINST = frozenset({*UNSETTLED, _Q.REPLACED})
"""The states that keep a valid certificate from holding: to be settled, or replaced."""
DOUBTS: Mapping[str, Message] = {"review": msg("复核中"), "replacing": msg("待换发")}
"""The words for such a certificate, by `doubt_about` it."""


def work_out(competition: Competition, publication: Publication) -> int:
    """Write down what no longer follows from this publication; inside a unit of work.

    What was settled for the very same difference stays settled; everything else
    from earlier versions is overtaken. Returns how many wait to be settled.
    """
    earlier = [row for row in consequences_of(competition) if row.state is not _Q.OVERTAKEN]
    consequences = differences(competition, publication)
    standing = {_key(consequence): consequence for consequence in consequences}
    count = 0
    for row in earlier:
        consequence = standing.get(_key(row))
        still = (
            consequence is not None
            and (consequence.now, consequence.was) == (row.now, row.was)
            and consequence.why.get("ground") == row.why.get("ground")
        )
        same_version = row.publication_id == publication.id
        if still and (same_version or row.state in (_Q.KEPT, _Q.REPLACED, _Q.WITHDRAWN)):
            del standing[_key(row)]
        elif _Q.OVERTAKEN in CONSEQUENCE_MOVES[row.state] and not _carried_out(row):
            if row.state is _Q.REPLACED and row.kind == "grade" and consequence is None:
                _follow_again(row)
            row.state = move(row.state, _Q.OVERTAKEN, CONSEQUENCE_MOVES)
    for consequence in standing.values():
        count += 1
        db.session.add(
            Consequence(
                competition_id=competition.id,
                publication_id=publication.id,
                kind=consequence.kind,
                certificate_id=consequence.certificate.id if consequence.certificate else None,
                entrant_id=consequence.entrant.id if consequence.entrant else None,
                member_id=consequence.member.id if consequence.member else None,
                team_id=consequence.team.id if consequence.team else None,
                was=consequence.was,
                now=consequence.now,
                why=consequence.why,
            )
        )
    db.session.flush()
    return count


def compare_again(competition: Competition, by: Account) -> int:
    """Compare what was certified with the version in force once more; how many wait now.

    For versions that a program without consequences has published.
    """
    with changing(competition) as competition:
        publication = latest_publication(competition)
        if publication is None:
            raise Refused(msg("成绩还没公布，没有可以比的"))
        work_out(competition, publication)
        waiting = open_consequences(competition)
        after = {"version": publication.version, "waiting": waiting}
        audit.record(competition, by, "consequence.compare", competition.code, after=after)
    return waiting


def consequences_of(competition: Competition) -> Sequence[Consequence]:
    """List every consequence of every version, in the order in which they were found."""
    return db.session.scalars(
        select(Consequence)
        .where(Consequence.competition_id == competition.id)
        .order_by(Consequence.id)
    ).all()


def open_consequences(competition: Competition) -> int:
    """Count the consequences that wait to be settled."""
    query = select(func.count(Consequence.id)).where(
        Consequence.competition_id == competition.id, Consequence.state.in_(UNSETTLED)
    )
    return db.session.scalar(query) or 0


def consequence_of(certificate: Certificate) -> Consequence | None:
    """The consequence open about a certificate or settled last, or None where nothing ever was."""
    return db.session.scalar(
        select(Consequence)
        .where(Consequence.certificate_id == certificate.id, Consequence.state != _Q.OVERTAKEN)
        .order_by(Consequence.id.desc())
        .limit(1)
    )


def doubt_about(matter: Consequence | None) -> str | None:
    """The one of `DOUBTS` that a finding about a valid certificate raises; None for none."""
    if matter is None or matter.state not in SPEAKS_AGAINST:
        return None
    return "review" if matter.state in UNSETTLED else "replacing"


def doubts_about(certificates: Sequence[Certificate]) -> dict[int, str]:
    """The one of `DOUBTS` for each valid certificate that may not hold, by row.

    Something waits to be settled about it, another is to replace it, or the results that it
    follows were taken down.
    """
    valid = [row.id for row in certificates if row.state is CertificateState.VALID]
    rows = db.session.scalars(
        select(Consequence)
        .where(Consequence.certificate_id.in_(valid), Consequence.state != _Q.OVERTAKEN)
        .order_by(Consequence.id)
    )
    # What was found or settled last is what counts.
    last = {row.certificate_id: doubt_about(row) for row in rows}
    doubts = {number: doubt for number, doubt in last.items() if number is not None and doubt}
    down = db.session.scalars(
        select(Certificate.id).where(Certificate.id.in_(valid), on_taken_down())
    )
    return doubts | dict.fromkeys(down, "review")


def _key(row: Consequence | Difference) -> tuple[object, ...]:
    """The key that tells one difference from another: its certificate, or the approval."""
    if isinstance(row, Consequence):
        certificate, entrant = row.certificate_id, row.entrant_id
    else:
        certificate = row.certificate.id if row.certificate else None
        entrant = row.entrant.id if row.entrant else None
    return row.kind, certificate, entrant, row.why.get("seq") if certificate is None else None


def _carried_out(row: Consequence) -> bool:
    """True if a replacement has been issued already: that is history and stays."""
    return (
        row.state is _Q.REPLACED
        and row.certificate is not None
        and bool(row.certificate.replaced_by)
    )


def _follow_again(row: Consequence) -> None:
    """A grade that was to be replaced is the right one again: it needs no new approval."""
    decision = decision_about(row)
    if decision is not None and decision.state in (GradeState.PROPOSED, GradeState.APPROVED):
        decision.state = GradeState.ISSUED


def decision_about(row: Certificate | Consequence) -> GradeDecision | None:
    """The decision on the grade of the person whom a certificate or consequence is about."""
    return db.session.scalar(
        select(GradeDecision).where(
            GradeDecision.entrant_id == row.entrant_id,
            GradeDecision.member_id.is_not_distinct_from(row.member_id),
        )
    )
