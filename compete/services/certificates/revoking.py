"""撤销 by two, and giving a void one again: one asks with a reason, a second one agrees."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, exists, or_, select

from compete.domain.values import CertificateState, msg
from compete.models import Account, Certificate, Competition, Revocation, db, utc_now
from compete.services.accounts import require_may_agree, require_second
from compete.services.certificates.reissuing import check_anew, issue_anew
from compete.services.certificates.rows import revoke_certificate
from compete.services.kernel import Refusal, Refused, audit, for_update, reason_text, unit_of_work
from compete.services.transparency import then_logged


def open_revocations(competition: Competition) -> Sequence[Revocation]:
    """What waits for the second person, the oldest first; what lapsed otherwise is left out."""
    return db.session.scalars(
        select(Revocation)
        .where(
            Revocation.ended_at.is_(None),
            # Few wait anywhere, and a register may be long: so it is never read from its side.
            exists().where(
                Certificate.id == Revocation.certificate_id,
                Certificate.competition_id == competition.id,
                or_(
                    and_(~Revocation.again, Certificate.state == CertificateState.VALID),
                    and_(Revocation.again, Certificate.state == CertificateState.REVOKED),
                ),
            ),
        )
        .order_by(Revocation.id)
    ).all()


def ask_revocation(certificate: Certificate, reason: str, by: Account) -> Revocation:
    """Ask that a certificate be made void; it stays valid until a second person agrees."""
    reason = reason_text(reason)
    if not reason:
        raise Refused(msg("撤销要写原因，查询的人会看到"), kind=Refusal.INVALID)
    with unit_of_work() as session:
        for_update(certificate.competition)
        session.refresh(certificate)
        if certificate.state is not CertificateState.VALID:
            raise Refused(msg("这张证书已经不是有效的了，请刷新"))
        if _standing(certificate) is not None:
            raise Refused(msg("已经有人提出撤销，等第二个人同意"))
        asked = _ask(certificate, reason, by, again=False)
    return asked


def ask_again(certificate: Certificate, reason: str, by: Account) -> Revocation:
    """Ask that a void certificate be given again, under a new number, once a second agrees.

    Raises `Refused` for one that is not void, and where none can be issued (`check_anew`).
    """
    with unit_of_work() as session:
        for_update(certificate.competition)
        session.refresh(certificate)
        if certificate.state is not CertificateState.REVOKED:
            raise Refused(msg("这张证书没有撤销，请刷新"))
        reason = check_anew(certificate, reason)
        if _standing(certificate) is not None:
            raise Refused(msg("已经有人提出重新发，等第二个人同意"))
        asked = _ask(certificate, reason, by, again=True)
    return asked


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
        competition = certificate.competition
        if by.id == asked.asked_by:
            raise Refused(
                msg("重新发要两个人，你是提出的人，请另一位来同意")
                if asked.again
                else msg("撤销要两个人，你是提出的人，请另一位来同意")
            )
        require_may_agree(by, competition)
        require_second(asked.asked_by, by)
        asked.agreed, asked.ended_by, asked.ended_at = True, by.id, utc_now()
        if asked.again:
            return issue_anew(certificate, asked.reason, by)
        revoke_certificate(certificate, asked.reason, by)
    return []


def drop_revocation(certificate: Certificate, by: Account) -> None:
    """It is not to be made void, or given again, after all."""
    with unit_of_work():
        asked = _claimed(certificate)
        asked.agreed, asked.ended_by, asked.ended_at = False, by.id, utc_now()
        action = "certificate.drop_again" if asked.again else "certificate.drop_revoke"
        audit.record(certificate.competition, by, action, certificate.number)


def _ask(certificate: Certificate, reason: str, by: Account, *, again: bool) -> Revocation:
    asked = Revocation(certificate=certificate, again=again, reason=reason, asked_by=by.id)
    db.session.add(asked)
    db.session.flush()
    action = "certificate.ask_again" if again else "certificate.ask_revoke"
    audit.record(certificate.competition, by, action, certificate.number, reason=reason)
    return asked


def _claimed(certificate: Certificate) -> Revocation:
    for_update(certificate.competition)
    db.session.refresh(certificate)
    asked = _standing(certificate)
    stands = CertificateState.REVOKED if asked and asked.again else CertificateState.VALID
    if asked is None or certificate.state is not stands:
        raise Refused(msg("没有等着同意的，请刷新"))
    return asked


def _standing(certificate: Certificate) -> Revocation | None:
    return db.session.scalar(
        select(Revocation).where(
            Revocation.certificate_id == certificate.id, Revocation.ended_at.is_(None)
        )
    )
