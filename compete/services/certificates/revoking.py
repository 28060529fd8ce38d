"""Revoking (撤销) by two, and giving a void one again: one asks, a second agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from compete.domain.identity.certificate_number import spaced_number
from compete.domain.values.messages import msg
from compete.domain.values.states import CertificateState
from compete.models import (
    Account,
    Certificate,
    Competition,
    Entrant,
    OutcomeEntry,
    Revocation,
    db,
    utc_now,
)
from compete.services.accounts.second_persons import SecondWord, asked_word, beside_chief
from compete.services.certificates.award_certificates import withdrawn_in
from compete.services.certificates.entitlements import entitlement_of
from compete.services.certificates.reissuing import check_anew, issue_anew, why_none_to_come
from compete.services.certificates.revocation_requests import end_overtaken, standing_revocation
from compete.services.certificates.rows import is_of_erased, revoke_certificate
from compete.services.closing.penalties_and_outcomes import require_nameless, strike_result
from compete.services.kernel import audit
from compete.services.kernel.public_reasons import check_nobody_named
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.log.sequencing import then_logged
from compete.services.results.snapshots import read_snapshot
from compete.services.results.withdrawn_notices import BY_PLACE


@dataclass(frozen=True, slots=True)
class StillGiven:
    """A void certificate whose place and award the results in force still give."""

    certificate: Certificate
    valid: Sequence[Certificate]
    """The holder's other certificates by place that are valid still."""
    struck: bool
    """True if the result is struck already, so that a new version is all that lacks."""
    restored: bool
    """True if the result was struck and is not any more, so that one may be given again."""


def can_strike(certificate: Certificate) -> bool:
    """True if it rests on one contestant's place, so that the result can be struck with it."""
    return certificate.entrant_id is not None and entitlement_of(certificate).by_place


def ask_revocation(
    certificate: Certificate, reason: str, by: Account, *, strike: bool = False
) -> Revocation:
    """Ask that a certificate be made void; it stays valid until a second person agrees.

    `strike`: the result with it, and all else that the holder has by place. Raises `Refused`
    (INVALID) for a reason that names somebody: everybody may read it.
    """
    reason = reason_text(reason, msg("撤销要写原因，查询的人会看到"))
    check_nobody_named(certificate.competition, reason)
    if strike:
        if certificate.entrant is None or not can_strike(certificate):
            raise Refused(msg("这张证书不是按一名选手的名次发的，只能撤销证书"))
        require_nameless(certificate.entrant, reason)
    with changing(certificate.competition, certificate):
        if certificate.state is not CertificateState.VALID:
            raise Refused(msg("这张证书已经不是有效的了，请刷新"))
        if standing_revocation(certificate) is not None:
            raise Refused(msg("已经有人提出撤销，等第二个人同意"))
        return _ask(certificate, reason, by, again=False, strike=strike)


def ask_again(certificate: Certificate, reason: str, by: Account) -> Revocation:
    """Ask that a void certificate be given again, under a new number, once a second agrees.

    Raises `Refused` for one that is not void, and where none can be issued (`check_anew`).
    """
    with changing(certificate.competition, certificate):
        if certificate.state is not CertificateState.REVOKED:
            raise Refused(msg("这张证书没有撤销，请刷新"))
        reason = check_anew(certificate, reason)
        if standing_revocation(certificate) is not None:
            raise Refused(msg("已经有人提出重新发，等第二个人同意"))
        return _ask(certificate, reason, by, again=True)


@then_logged
def agree_revocation(
    certificate: Certificate, by: Account, *, seen: str | None = None
) -> list[Certificate]:
    """The second person's word: the certificate is void, or given again (`issue_anew`).

    What is returned is new: none, where one was made void. `Refused` for the first one's own
    word, and where none can be issued any more.
    `seen` is the mark of what the page showed: to a reason that came later nobody has agreed.
    """
    with unit_of_work():
        asked = _claimed(certificate)
        if seen not in (None, str(asked.id)):
            raise Refused(msg("没有等着同意的，请刷新"))
        revocation_word(asked).require(by)
        asked.agreed, asked.ended_by, asked.ended_at = True, by.id, utc_now()
        if asked.again:
            return issue_anew(certificate, asked.reason, by)
        if asked.strike:
            _strike(certificate, asked, by)
        else:
            revoke_certificate(certificate, asked.reason, by)
    return []


def revocation_word(asked: Revocation) -> SecondWord:
    """The conditions of agreeing; if the result goes with it one of the two is a chief judge.

    That opens what is announced: as grave as to unlock it.
    """
    own = (
        msg("重新发要两个人，你是提出的人，请另一位来同意")
        if asked.again
        else msg("撤销要两个人，你是提出的人，请另一位来同意")
    )
    competition = asked.certificate.competition
    if asked.strike:
        return replace(beside_chief(competition, asked.asker), grave=True, own=own)
    return asked_word(competition, asked.asked_by, own)


def prizes_still_given(competition: Competition) -> list[StillGiven]:
    """List void certificates whose prize by place the results still give, the oldest first.

    Neither what went with a version, which is due again with it, nor where another is valid.
    """
    void = db.session.scalars(
        select(Certificate)
        .where(
            Certificate.competition_id == competition.id,
            Certificate.state == CertificateState.REVOKED,
            Certificate.id.not_in(withdrawn_in(competition)),
            BY_PLACE,
        )
        .order_by(Certificate.id)
    )
    return [
        _still_given(certificate)
        for certificate in void
        if not certificate.replaced_by
        and not is_of_erased(certificate)
        and why_none_to_come(certificate) is None
    ]


def drop_revocation(certificate: Certificate, by: Account) -> None:
    """Drop the revocation: it is not to be made void, or given again, after all."""
    with unit_of_work():
        asked = _claimed(certificate)
        asked.agreed, asked.ended_by, asked.ended_at = False, by.id, utc_now()
        action = "certificate.drop_again" if asked.again else "certificate.drop_revoke"
        audit.record(certificate.competition, by, action, certificate.number)


def _ask(
    certificate: Certificate, reason: str, by: Account, *, again: bool, strike: bool = False
) -> Revocation:
    # A program from before may have left one open that cannot come to be any more.
    end_overtaken(certificate, by, msg("证书的状态变了，同意不了了"))
    asked = Revocation(
        certificate=certificate, again=again, strike=strike, reason=reason, asked_by=by.id
    )
    db.session.add(asked)
    db.session.flush()
    action = "certificate.ask_again" if again else "certificate.ask_revoke"
    after = {"strike": True} if strike else None
    audit.record(
        certificate.competition, by, action, certificate.number, after=after, reason=reason
    )
    return asked


def _strike(certificate: Certificate, asked: Revocation, by: Account) -> None:
    """The result and every certificate by place go together."""
    entrant = certificate.entrant
    publication = latest_publication(certificate.competition)
    assert entrant is not None
    assert publication is not None
    rows = [row for event in read_snapshot(publication)[1].events for row in event.standings]
    stage = next(row.stage for row in rows if row.entrant == entrant.code)
    evidence = msg("连同证书 %(number)s 一起撤销", number=certificate.number).render()
    strike_result(entrant, stage, asked.reason, evidence, asked.asker, by)
    together = msg("连同 %(number)s 一起，已经撤销", number=spaced_number(certificate.number))
    for valid in _by_place(entrant):
        end_overtaken(valid, by, together)
        revoke_certificate(valid, asked.reason, by)


def _by_place(entrant: Entrant) -> Sequence[Certificate]:
    """The valid certificates that rest on the entrant's place."""
    query = select(Certificate).where(
        Certificate.entrant_id == entrant.id,
        Certificate.state == CertificateState.VALID,
        BY_PLACE,
    )
    return db.session.scalars(query.order_by(Certificate.id)).all()


def is_cleared(certificate: Certificate) -> bool:
    """True if it was void as its result was struck, and the result is not struck any more.

    Whoever reads why it was void would read an accusation that was taken back.
    """
    if certificate.entrant_id is None:
        return False
    struck = db.session.scalar(
        select(OutcomeEntry.id).where(
            OutcomeEntry.entrant_id == certificate.entrant_id,
            OutcomeEntry.status == "dsq",
            OutcomeEntry.withdrawn_at.is_not(None),
            OutcomeEntry.reason == certificate.revoke_reason,
        )
    )
    return struck is not None and _still_given(certificate).restored


def _still_given(certificate: Certificate) -> StillGiven:
    entrant = certificate.entrant
    if entrant is None:
        return StillGiven(certificate=certificate, valid=[], struck=False, restored=False)
    query = select(OutcomeEntry.withdrawn_at).where(
        OutcomeEntry.entrant_id == entrant.id, OutcomeEntry.status == "dsq"
    )
    ended = db.session.scalars(query).all()
    struck = None in ended
    return StillGiven(
        certificate=certificate,
        valid=_by_place(entrant),
        struck=struck,
        restored=bool(ended) and not struck,
    )


def _claimed(certificate: Certificate) -> Revocation:
    for_update(certificate.competition)
    db.session.refresh(certificate)
    asked = standing_revocation(certificate)
    if asked is None:
        raise Refused(msg("没有等着同意的，请刷新"))
    return asked
