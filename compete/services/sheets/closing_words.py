"""Closing words: a sheet's judge withdrew, another took it over, or nobody is waited for."""

from __future__ import annotations

from sqlalchemy import Connection, select

from compete.domain.values.messages import Message, msg
from compete.models import AuditEntry, Judge, Sheet
from compete.services.sheets.stage_closings import closed_in, followings, not_in_stage


def why_closed(connection: Connection, sheet_id: int) -> Message:
    """Say what became of a sheet that is withdrawn; `E1 已经由 张三 接替`."""
    label, module, competition_id, code, public_id = connection.execute(
        select(Sheet.label, Sheet.module, Sheet.competition_id, Judge.code, Sheet.public_id)
        .join(Judge, Judge.id == Sheet.judge_id)
        .where(Sheet.id == sheet_id)
    ).one()
    if public_id in closed_in(connection.scalars(followings(competition_id))):
        return not_in_stage(label)
    replaced = connection.execute(
        select(AuditEntry.after)
        .where(
            AuditEntry.competition_id == competition_id,
            AuditEntry.action == "judge.replace",
            AuditEntry.subject == code,
        )
        .order_by(AuditEntry.id.desc())
    )
    for (after,) in replaced:
        if module in (after or {}).get("sheets", {}).get(label, ()):
            name = select(Judge.name).where(
                Judge.competition_id == competition_id, Judge.code == after["judge"]
            )
            successor = connection.execute(name).scalar_one_or_none()
            return msg(
                "%(code)s 已经由 %(name)s 接替", code=label, name=successor or after["judge"]
            )
    return msg("%(code)s 裁判 %(judge)s 已经回避", code=label, judge=code)
