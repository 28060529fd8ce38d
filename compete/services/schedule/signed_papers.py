"""Draws that were held on paper and that a supervisor put the own name to."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.values import msg
from compete.models import Event, PaperDraw, db
from compete.services.kernel import Refusal, Refused


class OverPaperError(Refused):
    """A ceremony for a module with a signed draw on paper wants the reason, and has none."""


def require_reason(event: Event, stage: str, module: str, why: str) -> None:
    """Raise `OverPaperError` (INVALID) where the module was drawn on paper, and no reason is given
    for drawing it again. The paper stays on record.
    """
    signed = select(PaperDraw.id).where(
        PaperDraw.event_id == event.id,
        PaperDraw.stage == stage,
        PaperDraw.module == module,
        PaperDraw.signed_by.is_not(None),
    )
    if not why and db.session.scalar(signed.limit(1)) is not None:
        raise OverPaperError(
            msg("这个模块在纸上抽过，监督签了名：再抽一次要写理由，纸上的那次也留着"),
            kind=Refusal.INVALID,
        )
