"""Why a sheet is closed: its judge withdrew, or another took it over."""

from __future__ import annotations

from sqlalchemy import Connection, select

from compete.domain.values import Message, msg
from compete.models import AuditEntry, Judge, Sheet


def why_closed(connection: Connection, sheet_id: int) -> Message:
    """Of a sheet that is withdrawn, what became of it; `E1 已经由 张三 接替`."""
    label, module, competition_id, code = connection.execute(
        select(Sheet.label, Sheet.module, Sheet.competition_id, Judge.code)
        .join(Judge, Judge.id == Sheet.judge_id)
        .where(Sheet.id == sheet_id)
    ).one()
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
