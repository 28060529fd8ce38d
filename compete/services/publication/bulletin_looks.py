"""What a bulletin says of the second look: how much was drawn, and what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from compete.domain.values.messages import Message, msg
from compete.domain.values.period_states import LookResult
from compete.models import Competition, LabourLook, db


def look_lines(competition: Competition, leaves: Sequence[tuple[str, str]]) -> list[Message]:
    """A sentence for each leaf period (code and name) of which squares were drawn, in order."""
    looks = db.session.scalars(
        select(LabourLook)
        .where(
            LabourLook.competition_id == competition.id,
            LabourLook.period.in_([code for code, _name in leaves]),
        )
        .options(selectinload(LabourLook.findings))
        .order_by(LabourLook.id)
    )
    by_period = {look.period: look for look in looks}
    return [
        _line(by_period[code], name, alone=len(leaves) == 1)
        for code, name in leaves
        if code in by_period
    ]


def _line(look: LabourLook, name: str, *, alone: bool) -> Message:
    newest = {(row.unit_id, row.indicator): row.result for row in look.findings}
    found = Counter(newest.values())
    numbers = {
        "pool": sum(len(codes) for codes in look.pool.values()),
        "drawn": len(look.drawn),
        "agrees": found[LookResult.AGREES],
        "differs": found[LookResult.DIFFERS],
        "unproven": found[LookResult.UNPROVEN],
        "left": len(look.drawn) - len(newest),
    }
    if not alone:
        return msg(
            "%(period)s二次抽查：%(pool)s 格里抽 %(drawn)s 格，一致 %(agrees)s，"
            "不一致 %(differs)s，没有证据 %(unproven)s，还没核 %(left)s。",
            period=name,
            **numbers,
        )
    return msg(
        "二次抽查：%(pool)s 格里抽 %(drawn)s 格，一致 %(agrees)s，不一致 %(differs)s，"
        "没有证据 %(unproven)s，还没核 %(left)s。种子 %(seed)s，谁都能重抽。",
        seed=look.seed,
        **numbers,
    )
