"""Consequences of a publication: worked out with it, and asked about until all are settled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import (
    CONSEQUENCE_MOVES,
    CertificateState,
    CompetitionState,
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
    Revocation,
    db,
)
from compete.services.closing.grade_proposals import lacking_grades, write_grades
from compete.services.kernel import audit
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.registration.carried_modules import voided_since
from compete.services.results.outdated_decisions import Difference, differences
from compete.services.results.snapshots import read_snapshot
from compete.services.results.withdrawn_notices import on_taken_down

_Q = ConsequenceState
_ANNOUNCED = (CompetitionState.NOTICE, CompetitionState.FINAL)
_KEEPS = (_Q.KEEPING, _Q.KEPT)
UNSETTLED = (_Q.OPEN, _Q.KEEPING)
SPEAKS_AGAINST = frozenset({*UNSETTLED, _Q.REPLACED})
"""The states that keep a valid certificate from holding: to be settled, or replaced."""
DOUBTS: Mapping[str, Message] = {"review": msg("复核中"), "replacing": msg("待换发")}
"""The words for such a certificate, by `doubt_about` it."""


def work_out(competition: Competition, publication: Publication, by: Account) -> int:
    """Write down what no longer follows from this publication; inside a unit of work.

    What was settled for the very same difference stays settled, and what was asked for waits on
    for its second person; everything else from earlier versions is overtaken, on record where
    somebody had asked to keep it. Returns how many wait to be settled.
    """
    rows = consequences_of(competition)
    consequences = differences(competition, publication)
    standing = {_key(consequence): consequence for consequence in consequences}
    settled: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for row in rows:
        if row.state is _Q.OVERTAKEN:
            continue
        consequence = standing.get(_key(row))
        still = (
            consequence is not None
            and (consequence.now, consequence.was) == (row.now, row.was)
            and consequence.why.get("ground") == row.why.get("ground")
        )
        same_version = row.publication_id == publication.id
        # A program from before let two keep a grade against its verdict.
        still = still and not (row.state in _KEEPS and against_verdict(row))
        if still and (same_version or row.state is not _Q.OPEN):
            del standing[_key(row)]
        elif _Q.OVERTAKEN in CONSEQUENCE_MOVES[row.state] and not _carried_out(row):
            if row.state is _Q.KEEPING:
                _end_request(row, by)
            if row.state is _Q.KEEPING or (same_version and row.state is not _Q.OPEN):
                settled[_key(row)] = [*(row.earlier or []), settling_of(row)]
            row.state = move(row.state, _Q.OVERTAKEN, CONSEQUENCE_MOVES)
    known = {row.certificate_id: row for row in rows if row.publication_id == publication.id}
    for key, consequence in standing.items():
        certificate = consequence.certificate
        # A certificate has one row of a version: what was found about it before gives way.
        there = known.get(certificate.id) if certificate is not None else None
        row = _row_about(consequence, publication, there)
        row.earlier = settled.get(key) or row.earlier
    _follow_again(competition, consequences)
    db.session.flush()
    return open_consequences(competition)


def _row_about(
    consequence: Difference, publication: Publication, row: Consequence | None
) -> Consequence:
    """The open row of this difference: a new one, or the one that there is of this version."""
    if row is None:
        row = Consequence(
            competition_id=publication.competition_id,
            publication_id=publication.id,
            kind=consequence.kind,
            certificate_id=consequence.certificate.id if consequence.certificate else None,
            entrant_id=consequence.entrant.id if consequence.entrant else None,
            member_id=consequence.member.id if consequence.member else None,
            team_id=consequence.team.id if consequence.team else None,
        )
        db.session.add(row)
    row.was, row.now, row.why = consequence.was, consequence.now, consequence.why
    row.state = _Q.OPEN
    row.settled_by = row.settled_at = row.reason = row.agreed_by = row.agreed_at = None
    return row


def compare_again(competition: Competition, by: Account) -> int:
    """Compare what was certified with the version in force once more; how many wait now.

    For versions that a program without consequences has published. Grades of the version on
    which no decision stands are proposed.
    """
    with changing(competition) as competition:
        publication = latest_publication(competition)
        if publication is None:
            raise Refused(msg("成绩还没公布，没有可以比的"))
        propose_in_force(competition, by)
        waiting = work_out(competition, publication, by)
        after = {"version": publication.version, "waiting": waiting}
        audit.record(competition, by, "consequence.compare", competition.code, after=after)
    return waiting


def propose_in_force(
    competition: Competition, by: Account, of: Collection[str] | None = None
) -> None:
    """Propose what the version in force gives and no decision stands on; inside a unit of work.

    While marks are open or not announced yet nothing is: the next version does. `of` these
    people's codes alone where they are given.
    """
    publication = latest_publication(competition)
    if publication is None or competition.state not in _ANNOUNCED:
        return
    results, but = read_snapshot(publication)[1], voided_since(publication)
    write_grades(competition, lacking_grades(competition, results, of=of, but=but), by)


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


def withdrawn_with_version(*of: ColumnElement[bool]) -> Select[tuple[int | None]]:
    """Certificates that went with a new version; what it gives again is due again. `of` which.

    Not those which two made void while that version was being settled: two give them again.
    """
    return select(Consequence.certificate_id).where(
        *of,
        Consequence.state == _Q.WITHDRAWN,
        Consequence.certificate_id.is_not(None),
        ~exists().where(
            Revocation.certificate_id == Consequence.certificate_id,
            Revocation.agreed.is_(True),
            ~Revocation.again,
        ),
    )


def gives_another_grade(row: Consequence) -> bool:
    """True if the results in force give another grade than the certificate's, to be approved."""
    if row.kind != "grade" or row.now is None:
        return False
    return bool(row.now.get("grade") != row.was.get("grade"))


def against_verdict(row: Consequence) -> bool:
    """True if its certificate says a grade that a verdict gives no more, where nothing may stay."""
    given = row.kind == "grade" and (row.now is None or gives_another_grade(row))
    return given and not competition_kind(row.competition).may_keep


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
    numbers = [row.id for row in certificates]
    return {
        number: doubt
        for doubt in DOUBTS
        for number in db.session.scalars(in_doubt(doubt, Certificate.id.in_(numbers)))
    }


def in_doubt(doubt: str, *of: ColumnElement[bool]) -> Select[tuple[int]]:
    """Select the ids of the valid certificates about which there is this one of `DOUBTS`.

    `of` which certificates. What was found or settled last about one is what counts.
    """
    later = aliased(Consequence)
    superseded = exists().where(
        later.certificate_id == Consequence.certificate_id,
        later.id > Consequence.id,
        later.state != _Q.OVERTAKEN,
    )
    states = UNSETTLED if doubt == "review" else SPEAKS_AGAINST.difference(UNSETTLED)
    matters = Certificate.id.in_(
        select(Consequence.certificate_id).where(Consequence.state.in_(states), ~superseded)
    )
    down = on_taken_down()
    doubtful = or_(matters, down) if doubt == "review" else and_(matters, ~down)
    return select(Certificate.id).where(*of, Certificate.state == CertificateState.VALID, doubtful)


def _key(row: Consequence | Difference) -> tuple[object, ...]:
    """The key that tells one difference from another: its certificate, or the approval."""
    if isinstance(row, Consequence):
        certificate, entrant = row.certificate_id, row.entrant_id
    else:
        certificate = row.certificate.id if row.certificate else None
        entrant = row.entrant.id if row.entrant else None
    other = (row.why.get("seq"), row.why.get("distinction")) if certificate is None else None
    return row.kind, certificate, entrant, other


def _carried_out(row: Consequence) -> bool:
    """True if a replacement has been issued already: that is history and stays."""
    return (
        row.state is _Q.REPLACED
        and row.certificate is not None
        and bool(row.certificate.replaced_by)
    )


def settling_of(row: Consequence) -> dict[str, Any]:
    """The decision on the row until now, to be kept beside the new one."""
    return {
        "state": row.state.value,
        "by": row.settler.name if row.settler else None,
        "agreed": row.agreer.name if row.agreer else None,
        "at": row.settled_at.isoformat() if row.settled_at else None,
        "reason": row.reason,
    }


def _end_request(row: Consequence, by: Account) -> None:
    """Write down that nobody can agree any more to keep this one: another outcome is in force."""
    audit.record(
        row.competition,
        by,
        "consequence.lapse",
        row.certificate.number if row.certificate else row.was["name"],
        before={"state": row.state.value},
        after={"state": _Q.OVERTAKEN.value},
        reason=row.reason,
    )


def _follow_again(competition: Competition, changes: Sequence[Difference]) -> None:
    """Grades of which the right certificate is valid need no new approval.

    Another grade had been proposed, or none had been given, until the version gave the old again.
    """
    differing = {
        change.certificate.id
        for change in changes
        if change.certificate is not None
        and (change.now is None or change.now.get("grade") != change.was.get("grade"))
    }
    rows = db.session.execute(
        select(GradeDecision, Certificate.id, Certificate.number)
        .join(
            Certificate,
            (Certificate.entrant_id == GradeDecision.entrant_id)
            & Certificate.member_id.is_not_distinct_from(GradeDecision.member_id),
        )
        .where(
            Certificate.competition_id == competition.id,
            Certificate.kind == "grade",
            Certificate.claim_id.is_(None),
            Certificate.state == CertificateState.VALID,
            GradeDecision.state.in_((GradeState.PROPOSED, GradeState.APPROVED)),
        )
    ).tuples()
    for decision, row, number in rows:
        if row not in differing and CertificateNumber.parse(number).grade == decision.grade:
            decision.state = GradeState.ISSUED


def decision_about(row: Certificate | Consequence) -> GradeDecision | None:
    """The decision on the grade of the person whom a certificate or consequence is about."""
    return db.session.scalar(
        select(GradeDecision).where(
            GradeDecision.entrant_id == row.entrant_id,
            GradeDecision.member_id.is_not_distinct_from(row.member_id),
        )
    )
