"""Draws that were held on paper and that a supervisor put the own name to."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.values import Right, msg
from compete.models import Account, Event, PaperDraw, db
from compete.services.accounts import may
from compete.services.kernel import Refusal, Refused


class OverPaperError(Refused):
    """A ceremony for a module with a signed draw on paper wants the reason, and has none."""


def signer_of(paper: PaperDraw) -> Account | None:
    """The supervisor who put the name to it with the own account, or None."""
    signer = db.session.get_one(Account, paper.made_by)
    return signer if may(signer, paper.event.competition, Right.OVERSEE) else None


def require_reason(event: Event, stage: str, module: str, why: str) -> None:
    """Raise `OverPaperError` (INVALID) where the module was drawn on paper, and no reason is given
    for drawing it again. The paper stays on record.
    """
    papers = db.session.scalars(
        select(PaperDraw).where(
            PaperDraw.event_id == event.id, PaperDraw.stage == stage, PaperDraw.module == module
        )
    )
    if not why and any(signer_of(paper) for paper in papers):
        raise OverPaperError(
            msg("这个模块在纸上抽过，监督签了名：再抽一次要写理由，纸上的那次也留着"),
            kind=Refusal.INVALID,
        )
