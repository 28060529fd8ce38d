"""撤销 by two: one person asks with a reason, a second one agrees, then it is void."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from compete.domain.values import CertificateState, Right, msg
from compete.models import Account, Certificate, Competition, Revocation, db, utc_now
from compete.services.accounts import may, require_second
from compete.services.certificates.rows import revoke_certificate
from compete.services.kernel import Refusal, Refused, audit, for_update, reason_text, unit_of_work
from compete.services.transparency import then_logged


def open_revocations(competition: Competition) -> Sequence[Revocation]:
    """What waits for the second person, the oldest first; what lapsed otherwise is left out."""
    return db.session.scalars(
        select(Revocation)
        .join(Certificate, Certificate.id == Revocation.certificate_id)
        .where(
            Certificate.competition_id == competition.id,
            Certificate.state == CertificateState.VALID,
            Revocation.ended_at.is_(None),
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
        asked = Revocation(certificate=certificate, reason=reason, asked_by=by.id)
        session.add(asked)
        session.flush()
        audit.record(
            certificate.competition,
            by,
            "certificate.ask_revoke",
            certificate.number,
            reason=reason,
        )
    return asked


@then_logged
def agree_revocation(certificate: Certificate, by: Account, *, seen: str | None = None) -> None:
    """The second person's word: the certificate is void. `Refused` for the first one's own.

    `seen` is the mark of what the page showed: to a reason that came later nobody has agreed.
    """
    with unit_of_work():
        asked = _claimed(certificate)
        if seen not in (None, str(asked.id)):
            raise Refused(msg("没有等着同意的撤销，请刷新"))
        competition = certificate.competition
        if by.id == asked.asked_by:
            raise Refused(msg("撤销要两个人，你是提出的人，请另一位来同意"))
        if not may(by, competition, Right.AGREE):
            raise Refused(msg("组委会、裁判长或监督才能同意"), kind=Refusal.FORBIDDEN)
        require_second(asked.asked_by, by)
        asked.agreed, asked.ended_by, asked.ended_at = True, by.id, utc_now()
        revoke_certificate(certificate, asked.reason, by)


def drop_revocation(certificate: Certificate, by: Account) -> None:
    """It is not to be made void after all."""
    with unit_of_work():
        asked = _claimed(certificate)
        asked.agreed, asked.ended_by, asked.ended_at = False, by.id, utc_now()
        audit.record(certificate.competition, by, "certificate.drop_revoke", certificate.number)


def _claimed(certificate: Certificate) -> Revocation:
    for_update(certificate.competition)
    db.session.refresh(certificate)
    asked = _standing(certificate)
    if asked is None or certificate.state is not CertificateState.VALID:
        raise Refused(msg("没有等着同意的撤销，请刷新"))
    return asked


def _standing(certificate: Certificate) -> Revocation | None:
    return db.session.scalar(
        select(Revocation).where(
            Revocation.certificate_id == certificate.id, Revocation.ended_at.is_(None)
        )
    )
