"""Nothing twice: nobody has the same grade in two ways, by a place, on a ground or elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from compete.domain.bundle.event_types import Occupation
from compete.domain.identity.occupations import same_occupation
from compete.domain.values.claim_states import GROUND_WORDS, ClaimState
from compete.domain.values.messages import msg
from compete.domain.values.states import GradeState
from compete.models import (
    Certificate,
    Entrant,
    Examinee,
    GradeClaim,
    GradeDecision,
    Member,
    db,
)
from compete.services.awards.holders import whose
from compete.services.directory.occupations.claims import occupation_of
from compete.services.directory.registered_grades import HeldGrade, grades_of_people
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused

_DONE_WITH = (GradeState.REFUSED, GradeState.REVOKED)


def check_once(claims: Sequence[GradeClaim]) -> None:
    """Raise `Refused` for the first who has the grade by another way, or is about to.

    Of a competition nobody has two for one occupation, under whatever number of the list; and
    nobody gets one that a valid certificate of any competition gives already, or that was
    approved in another. What gives it is read once for all of them.
    """
    if not claims:
        return
    by_place, proposed = _by_place(claims), _proposed(claims)
    keys = [key for claim in claims if (key := claim.person.id_hash) is not None]
    # Of this competition what has no certificate yet is among the two above.
    known = {
        key: [it for it in grades if it.number or it.competition != claims[0].person.competition_id]
        for key, grades in grades_of_people(keys, approved=True).items()
    }
    for claim in claims:
        for raised in (*by_place[claim.holder], *by_place[claim.person.id_hash]):
            occupation = rules_of(raised.event).occupation
            own = whose(raised.person) == claim.holder
            if own or _is_same(occupation_of(claim), occupation):
                why = msg("%(name)s 按名次已经拟晋升，不能再按别的依据认定", name=claim.person.name)
                raise Refused(why)
        for other in (*proposed[claim.holder], *proposed[claim.person.id_hash]):
            if other is claim:
                continue
            if other.holder == claim.holder or _is_same(occupation_of(claim), occupation_of(other)):
                ground = GROUND_WORDS[other.ground]
                raise Refused(
                    msg("%(name)s 已经提出过%(ground)s", name=claim.person.name, ground=ground)
                )
        require_no_double_grade(claim, known, None)


def require_no_double_grade(
    claim: GradeClaim, known: Mapping[str, Sequence[HeldGrade]], old: Certificate | None
) -> None:
    """Raise `Refused` where anything but `old` gives the grade, or a higher one.

    `known` is what `grades_of_people` gave.
    """
    person, occupation = claim.person, occupation_of(claim)
    if occupation is None or person.id_hash is None:
        return
    for grade in known.get(person.id_hash, ()):
        if grade.covers(occupation, claim.grade) and (old is None or grade.row != old.id):
            reason = grade.why_not(person.name)
            if grade.number is not None:
                reason = msg("%(why)s。证书上的姓名、号码要更正的，在登记册里换发", why=reason)
            raise Refused(reason)


_Key = str | None
_Row = TypeVar("_Row", GradeClaim, GradeDecision)


def _by_place(claims: Sequence[GradeClaim]) -> Mapping[_Key, Sequence[GradeDecision]]:
    """What raises people by a place, by holder and by the look-up key of the ID number."""
    decisions: list[GradeDecision] = []
    for holders in _tables(claims, GradeDecision.entrant_id, GradeDecision.member_id):
        query = (
            select(GradeDecision)
            .where(holders, GradeDecision.state.not_in(_DONE_WITH))
            .options(
                joinedload(GradeDecision.event),
                joinedload(GradeDecision.entrant),
                joinedload(GradeDecision.member),
            )
        )
        decisions += db.session.scalars(query)
    return _by_key(decisions, lambda decision: whose(decision.person))


def _proposed(claims: Sequence[GradeClaim]) -> Mapping[_Key, Sequence[GradeClaim]]:
    """The claims open on a ground, these themselves among them, by holder and by key."""
    columns = GradeClaim.entrant_id, GradeClaim.member_id, GradeClaim.examinee_id
    open_claims = dict.fromkeys(claims)
    for holders in _tables(claims, *columns):
        query = (
            select(GradeClaim)
            .where(holders, GradeClaim.state.in_(ClaimState.unfinished()))
            .options(
                joinedload(GradeClaim.event),
                joinedload(GradeClaim.entrant),
                joinedload(GradeClaim.member),
                joinedload(GradeClaim.examinee),
            )
        )
        open_claims |= dict.fromkeys(db.session.scalars(query))
    return _by_key(open_claims, lambda claim: claim.holder)


def _by_key(rows: Iterable[_Row], holder: Callable[[_Row], str]) -> defaultdict[_Key, list[_Row]]:
    by_key: defaultdict[_Key, list[_Row]] = defaultdict(list)
    for row in rows:
        by_key[holder(row)].append(row)
        if row.person.id_hash is not None:
            by_key[row.person.id_hash].append(row)
    return by_key


def _tables(
    claims: Sequence[GradeClaim],
    entrant: InstrumentedAttribute[Any],
    member: InstrumentedAttribute[Any],
    examinee: InstrumentedAttribute[Any] | None = None,
) -> Iterator[ColumnElement[bool]]:
    """The conditions by which these people's rows are found: by who they are and by ID number."""
    competition = claims[0].person.competition_id
    keys = sorted({key for claim in claims if (key := claim.person.id_hash) is not None})
    sought: list[tuple[Any, type[Entrant | Member | Examinee]]] = [
        (entrant, Entrant),
        (member, Member),
    ]
    if examinee is not None:
        sought.append((examinee, Examinee))
    for column, table in sought:
        own = sorted({claim.person.id for claim in claims if isinstance(claim.person, table)})
        # An entrant with members is a crew, which is nobody.
        alone = member.is_(None) if table is Entrant else true()
        for chunk in in_chunks(own):
            yield column.in_(chunk) & alone
        for some in in_chunks(keys):
            here = table.competition_id == competition, table.id_hash.in_(some)
            yield column.in_(select(table.id).where(*here)) & alone


def _is_same(occupation: Occupation | None, other: Occupation | None) -> bool:
    return (
        occupation is not None
        and other is not None
        and same_occupation(occupation.code, occupation.name, other.code, other.name)
        and occupation.track == other.track
    )
