"""特准 by two for who does not meet a level's conditions: one asks, another agrees, in public."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Entrant, Exemption, db, utc_now
from compete.services.accounts.second_persons import SecondWord, asked_word, is_linked
from compete.services.kernel import audit
from compete.services.kernel.exempted import LEVEL
from compete.services.kernel.participants import standing_withdrawal, takes_part
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.applicant_eligibility import conditions_of_entrants

_OPEN = Exemption.rule == LEVEL, Exemption.ended_at.is_(None)


def level_exemption(entrant: Entrant) -> Exemption | None:
    """What was asked for somebody, or stands; None for nothing."""
    query = select(Exemption).where(Exemption.entrant_id == entrant.id, *_OPEN)
    return db.session.scalar(query.options(joinedload(Exemption.maker)))


def asked_level_exemptions(competition: Competition) -> Sequence[Exemption]:
    """List what one person asked for and nobody has agreed to or dropped."""
    if not competition_kind(competition).has_review:
        return []
    query = (
        select(Exemption)
        .join(Entrant, Entrant.id == Exemption.entrant_id)
        .where(Entrant.competition_id == competition.id, takes_part())
        .where(*_OPEN, Exemption.agreed_at.is_(None))
    )
    return db.session.scalars(query.order_by(Exemption.id)).all()


def drop_asked_exemptions(competition: Competition, by: Account) -> None:
    """Drop what was asked for and nobody agreed to: once judging has begun nobody can any more."""
    for row in asked_level_exemptions(competition):
        row.ended_by, row.ended_at = by.id, utc_now()
        audit.record(competition, by, "entrant.level_exempt_drop", row.entrant.code)


def level_exemption_word(row: Exemption) -> SecondWord:
    """The conditions of agreeing: another who leads or oversees."""
    own = msg("是你提出的，请另一位来定")
    linked = is_linked("exempt")
    return asked_word(row.entrant.competition, row.made_by, own, linked=linked)


def why_no_level_exemption(entrant: Entrant) -> Message | None:
    """Say why nobody can be let in without the conditions now; None where somebody can ask."""
    if entrant.competition.state is not CompetitionState.REGISTERING:
        return msg("已经开考，特准不能再定")
    if standing_withdrawal(entrant) is not None:
        return msg("%(code)s 已经退赛了", code=entrant.code)
    state = conditions_of_entrants(entrant.competition, [entrant])[entrant.code]
    if state.barred is not None:
        return msg("已经有这一级或者更高的证书，不能特准")
    if level_exemption(entrant) is None and state.eligible:
        return msg("条件符合，不用特准")
    return None


def ask_level_exemption(entrant: Entrant, reason: str, by: Account) -> Exemption:
    """Ask that somebody may try the level without meeting a line of its conditions.

    Raises `Refused`: INVALID without a reason, CONFLICT as `why_no_level_exemption` tells, and
    where somebody asked already.
    """
    reason = reason_text(reason, msg("特准要写原因"))
    with changing(entrant.competition, entrant) as competition:
        if (why := why_no_level_exemption(entrant)) is not None:
            raise Refused(why)
        if level_exemption(entrant) is not None:
            raise Refused(msg("已经有人提出特准了"))
        row = Exemption(entrant_id=entrant.id, rule=LEVEL, reason=reason, made_by=by.id)
        db.session.add(row)
        audit.record(competition, by, "entrant.level_exempt_ask", entrant.code, reason=reason)
    return row


def agree_level_exemption(row: Exemption, by: Account) -> None:
    """The second person's word: the conditions count as met. Everybody reads that, and why.

    Raises `Refused` for the first one's own word, once judging has begun, and where it was
    agreed to or dropped meanwhile.
    """
    with changing(row.entrant.competition, row) as competition:
        if row.ended_at is not None or row.agreed_at is not None:
            raise Refused(msg("刚被别人定了，刷新看看"))
        if (why := why_no_level_exemption(row.entrant)) is not None:
            raise Refused(why)
        level_exemption_word(row).require(by)
        row.agreed_by, row.agreed_at = by.id, utc_now()
        after = {"level": row.entrant.event.name}
        audit.record(
            *(competition, by, "entrant.level_exempt", row.entrant.code),
            after=after,
            reason=row.reason,
            bends=True,
        )


def end_level_exemption(row: Exemption, by: Account) -> None:
    """Drop what was asked, or take back what two agreed to, which falls with the pass.

    Raises `Refused` (CONFLICT) once judging has begun, and where it ended meanwhile.
    """
    with changing(row.entrant.competition, row) as competition:
        if competition.state is not CompetitionState.REGISTERING:
            raise Refused(msg("已经开考，特准不能再定"))
        if row.ended_at is not None:
            raise Refused(msg("刚被别人定了，刷新看看"))
        row.ended_by, row.ended_at = by.id, utc_now()
        action = (
            "entrant.level_exempt_end" if row.agreed_at is not None else "entrant.level_exempt_drop"
        )
        audit.record(competition, by, action, row.entrant.code)
