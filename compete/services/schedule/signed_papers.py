"""Draws that were held on paper and that a supervisor put the own name to."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.models import Event, PaperDraw, db
from compete.services.kernel.module_keys import of_event


def why_over_paper(event: Event, stage: str, module: str) -> Message | None:
    """Say that the module was drawn on paper and a new draw wants a reason; else None.

    The paper stays on record.
    """
    signed = select(PaperDraw.id).where(
        of_event(PaperDraw, event, stage, module), PaperDraw.signed_by.is_not(None)
    )
    if db.session.scalar(signed.limit(1)) is None:
        return None
    return msg("这个模块在纸上抽过，监督签了名：再抽一次要写理由，纸上的那次也留着")
