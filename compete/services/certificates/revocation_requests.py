"""Requests to make a certificate void or to give it again: which wait, and how others end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select

from compete.domain.identity.certificate_number import spaced_number
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState
from compete.models import Account, Certificate, Competition, Revocation, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused

_V = CertificateState


def open_revocations(competition: Competition) -> Sequence[Revocation]:
    """List the requests that wait for the second person, oldest first, without lapsed ones."""
    return db.session.scalars(
        select(Revocation)
        .where(
            Revocation.ended_at.is_(None),
            # Few wait anywhere, and a register may be long: so it is never read from its side.
            exists().where(
                Certificate.id == Revocation.certificate_id,
                Certificate.competition_id == competition.id,
                _can_come_to_be(),
            ),
        )
        .order_by(Revocation.id)
    ).all()


def standing_revocation(certificate: Certificate) -> Revocation | None:
    """The request that waits for the second person on this certificate, or None."""
    return db.session.scalar(
        select(Revocation)
        .join(Certificate, Certificate.id == Revocation.certificate_id)
        .where(
            Revocation.certificate_id == certificate.id,
            Revocation.ended_at.is_(None),
            _can_come_to_be(),
        )
    )


def why_wait(certificate: Certificate) -> Message | None:
    """Say that somebody asks to make it void, so that it may not go out of force otherwise."""
    asked = standing_revocation(certificate)
    return None if asked is None or asked.again else _first(certificate)


def check_none_asked(competition: Competition, going: Iterable[Certificate]) -> None:
    """Raise `Refused` if somebody asks to make one of these void that go out of force otherwise.

    A result to be struck would be forgotten with the certificate through which it was asked.
    """
    numbers = {certificate.id for certificate in going}
    for asked in open_revocations(competition) if numbers else ():
        if not asked.again and asked.certificate_id in numbers:
            raise Refused(_first(asked.certificate))


def end_overtaken(certificate: Certificate, by: Account, why: Message) -> None:
    """End what is asked about a certificate without a word of two, on record with the reason.

    Inside a unit of work. Of what programs from before left open, too.
    """
    asked = db.session.scalar(
        select(Revocation).where(
            Revocation.certificate_id == certificate.id, Revocation.ended_at.is_(None)
        )
    )
    if asked is not None:
        _end(asked, by, why)


def end_given_again(competition: Competition, issued: Sequence[Certificate], by: Account) -> None:
    """End the requests to give a void one again whose place one of these takes; on record."""
    for asked in open_revocations(competition):
        old = asked.certificate
        new = next((new for new in issued if _takes_the_place(new, old)), None)
        if asked.again and new is not None:
            _end(asked, by, msg("已经发了 %(number)s", number=spaced_number(new.number)))


def _takes_the_place(new: Certificate, old: Certificate) -> bool:
    """True if it is for the same prize of the same holder, or of a member of the same crew."""
    if (old.entrant_id, old.team_id) != (new.entrant_id, new.team_id):
        return False
    own = f"{old.prize}/{new.member.code}" if new.member is not None else None
    return new.prize == old.prize or (new.kind == old.kind == "award" and new.prize == own)


def _end(asked: Revocation, by: Account, why: Message) -> None:
    asked.agreed, asked.ended_by, asked.ended_at = False, by.id, utc_now()
    audit.record(
        asked.certificate.competition,
        by,
        "certificate.end_again" if asked.again else "certificate.end_revoke",
        asked.certificate.number,
        before={"strike": True} if asked.strike else None,
        after={"asked_by": asked.asker.name},
        reason=why.render(),
    )
    # A certificate has one that is open at most.
    db.session.flush()


def _can_come_to_be() -> ColumnElement[bool]:
    """The condition on its certificate: valid to be made void, or void to be given again."""
    return or_(
        and_(~Revocation.again, Certificate.state == _V.VALID),
        and_(Revocation.again, Certificate.state == _V.REVOKED),
    )


def _first(certificate: Certificate) -> Message:
    return msg(
        "有人提出撤销 %(number)s，等第二个人同意。先在登记册里点它的“去定”：同意，或者“不撤销了”",
        number=spaced_number(certificate.number),
    )
