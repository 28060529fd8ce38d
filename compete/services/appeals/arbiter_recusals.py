"""Recusals of arbiters (回避): who steps aside from an appeal, and for what reason."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import AppealState
from compete.models import Account, Appeal, Membership, Recusal, Sheet, db
from compete.services.accounts.access import parts_in

FIRST, SECOND = 1, 2


def instance_of(appeal: Appeal) -> int | None:
    """The instance whose turn it is: the first, the second, or None."""
    return {AppealState.FILED: FIRST, AppealState.SECOND: SECOND}.get(appeal.state)


def those_aside(appeal: Appeal) -> list[tuple[str, Message]]:
    """List the arbiters whose turn it is and who step aside, with the reason."""
    instance = instance_of(appeal) or FIRST
    roles = ("arbiter",) if instance == FIRST else ("head_arbiter",)
    people = db.session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.competition_id == appeal.competition_id, Membership.role.in_(roles))
        .order_by(Account.id)
    ).unique()
    reasons = [(person.name, stands_aside(appeal, person)) for person in people]
    return [(name, why) for name, why in reasons if why is not None]


def stands_aside(appeal: Appeal, by: Account) -> Message | None:
    """Say why this arbiter has no part in this appeal; None: has one."""
    entrant = appeal.entrant
    if by.id in (appeal.filed_by, *(row.added_by for row in appeal.evidence)):
        return msg("回避：这件申诉是他提的")
    for part in parts_in(by, appeal.competition):
        if entrant.unit_id in (part.unit_id, part.judge.unit_id if part.judge else None):
            return msg("回避：和选手同一单位")
        if part.judge is None:
            continue
        judged = select(Sheet.id).where(
            Sheet.entrant_id == entrant.id, Sheet.judge_id == part.judge.id
        )
        if db.session.scalar(judged.limit(1)) is not None:
            return msg("回避：评过这名选手")
        recused = select(Recusal.id).where(
            Recusal.judge_id == part.judge.id,
            (Recusal.entrant_id == entrant.id) | (Recusal.unit_id == entrant.unit_id),
        )
        if db.session.scalar(recused.limit(1)) is not None:
            return msg("回避：已经登记了回避")
    if appeal.state is AppealState.SECOND:
        first = [row for row in appeal.decisions if row.instance == FIRST and row.stood_at]
        if any(by.id in (row.made_by, row.agreed_by) for row in first):
            return msg("回避：一审是他定的")
    return None
