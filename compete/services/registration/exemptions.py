"""Exemptions (特准): an organiser's leave, with a reason, for who does not meet a condition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.eligibility import Finding, Rule
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Entrant, Exemption, Member, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.eligibility import Unfit, findings_of, people_of, unfit_among
from compete.services.registration.preview import check_registration_open

_Whose = tuple[int, int | None, str]
"""The entrant, the member of a crew, the rule."""


@dataclass(frozen=True, slots=True)
class HeldRule:
    """A rule held against a person, and the word that waives it, if one stands."""

    holder: Entrant | Member
    finding: Finding
    exemption: Exemption | None


def rules_for_entrant(entrant: Entrant) -> list[HeldRule]:
    """List every rule of the event for the person, or for each member of a crew in turn."""
    standing = _standing_exemptions([entrant])
    return [
        HeldRule(person, finding, standing.get(_exemption_key(person, finding.rule)))
        for person in people_of(entrant)
        for finding in findings_of(person)
    ]


def still_unfit(competition: Competition, entrants: Sequence[Entrant]) -> list[Unfit]:
    """List those of these who break a rule that nobody waived, with those rules."""
    return without_exempted(unfit_among(competition, entrants))


def without_exempted(unfit: Sequence[Unfit]) -> list[Unfit]:
    """The same without what was waived."""
    standing = _standing_exemptions({_entrant_of(unmet.holder) for unmet in unfit})
    left = []
    for row in unfit:
        rules = [it for it in row.findings if _exemption_key(row.holder, it.rule) not in standing]
        if rules:
            left.append(Unfit(row.holder, rules))
    return left


def _standing_exemptions(entrants: Collection[Entrant]) -> Mapping[_Whose, Exemption]:
    """The exemptions of these people that were not taken back."""
    query = select(Exemption).where(Exemption.ended_at.is_(None))
    query = query.options(joinedload(Exemption.maker))
    rows = rows_among(query, Exemption.entrant_id, sorted(entrant.id for entrant in entrants))
    return {(row.entrant_id, row.member_id, row.rule): row for row in rows}


def exempt_person(holder: Entrant | Member, rule: Rule, reason: str, by: Account) -> Exemption:
    """Let somebody take part who breaks a rule.

    Raises `Refused`: INVALID without a reason, CONFLICT where the rule is met or waived
    already, and once marks are locked.
    """
    reason = reason_text(reason, msg("特准要写原因"))
    entrant = _entrant_of(holder)
    with changing(entrant.competition) as competition:
        check_registration_open(competition)
        db.session.refresh(holder)
        broken = {finding.rule: finding for finding in findings_of(holder) if not finding.fits}
        if rule not in broken:
            raise Refused(msg("这一条已经符合了，不用特准"))
        if _exemption_key(holder, rule) in _standing_exemptions([entrant]):
            raise Refused(msg("这一条已经特准了"))
        row = write_exemptions(competition, holder, [broken[rule]], reason, by)[0]
    return row


def write_exemptions(
    competition: Competition,
    holder: Entrant | Member,
    broken: Iterable[Finding],
    reason: str,
    by: Account,
) -> list[Exemption]:
    """A row and a record for each rule; inside a unit of work."""
    rows = []
    for finding in broken:
        row = Exemption(
            entrant_id=_entrant_of(holder).id,
            member_id=holder.id if isinstance(holder, Member) else None,
            rule=finding.rule.value,
            reason=reason,
            made_by=by.id,
        )
        db.session.add(row)
        rows.append(row)
        after = {"rule": finding.rule.value}
        audit.record(competition, by, "entrant.exempt", holder.code, after=after, reason=reason)
    return rows


def why_exemption_stands(competition: Competition) -> Message | None:
    """Say why a word that was given cannot be taken back; None before judging."""
    if competition.state is CompetitionState.REGISTERING:
        return None
    return msg("评分已经开始，特准不能收回，要取消资格由裁判长定")


def end_exemption(holder: Entrant | Member, rule: Rule, by: Account) -> None:
    """Take the word back: the person is unfit again, and stays on the list.

    Raises `Refused` (CONFLICT) where nothing stands, and once judging has begun.
    """
    entrant = _entrant_of(holder)
    with changing(entrant.competition) as competition:
        why = why_exemption_stands(competition)
        if why is not None:
            raise Refused(why)
        row = _standing_exemptions([entrant]).get(_exemption_key(holder, rule))
        if row is None:
            raise Refused(msg("这一条没有特准，或者已经收回了"))
        row.ended_at, row.ended_by = utc_now(), by.id
        before = {"rule": rule.value}
        audit.record(competition, by, "entrant.exempt_end", holder.code, before=before)


def _exemption_key(holder: Entrant | Member, rule: Rule) -> _Whose:
    if isinstance(holder, Member):
        return holder.entrant_id, holder.id, rule.value
    return holder.id, None, rule.value


def _entrant_of(holder: Entrant | Member) -> Entrant:
    return holder.entrant if isinstance(holder, Member) else holder
