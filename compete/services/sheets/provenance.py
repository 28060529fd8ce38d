"""Provenance: the way in of standing marks, where no tablet sent them itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from compete.domain.values.messages import Message, listed, msg
from compete.models import Act, db
from compete.services.sheets.values import VALUE_KINDS, last_acts


def brought_marks(sheet_ids: Sequence[int]) -> dict[int, dict[str, Message]]:
    """The aspects of each sheet whose mark somebody brought, with who: R1 田春 代交."""
    if not sheet_ids:
        return {}
    last = last_acts(Act.sheet_id.in_(sheet_ids))
    query = select(Act.sheet_id, Act.aspect, Act.extra).where(
        Act.id.in_(last), Act.kind.in_(VALUE_KINDS), Act.extra.is_not(None)
    )
    marks: dict[int, dict[str, Message]] = {}
    for sheet, aspect, extra in db.session.execute(query).tuples():
        words = _words(extra or {})
        if words is not None and aspect is not None:
            marks.setdefault(sheet, {})[aspect] = words
    return marks


def _words(extra: dict[str, Any]) -> Message | None:
    if extra.get("brought_by"):
        return msg("%(who)s 代交", who=str(extra["brought_by"]))
    if extra.get("from_exam"):
        return msg("机考成绩")
    if extra.get("on_paper"):
        who = " ".join(str(name) for name in extra.get("entered_by") or ())
        if extra.get("from_device"):
            devices = listed(map(str, extra["from_device"]))
            return msg("%(device)s 的读数，%(who)s 核对", device=devices, who=who)
        if extra.get("from_file"):
            return msg("没有密钥的文件，%(who)s 录", who=who)
        return msg("纸质表，%(who)s 录", who=who)
    return None
