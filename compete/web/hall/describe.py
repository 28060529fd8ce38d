"""The big screen in words: everything on it is a finished text, and nothing else is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.domain.hall import (
    BoardPhase,
    BoardRow,
    BoardTable,
    SnapshotPurpose,
    opened_rows,
    within,
)
from compete.models import BoardSnapshot, HallBoard, utc_now
from compete.services.hall import (
    AtStation,
    first_taken,
    hall_now,
    latest_snapshot,
    names_open,
    read_table,
    shown_snapshot,
)
from compete.web.templating import clock, day

PAGE = 9
_EVERY = {BoardPhase.REVEALING: 1}
_USUALLY = 5
_SOON = 30


def describe_hall(board: HallBoard) -> dict[str, Any]:
    """What `hall/board.html` and its script want; times are in milliseconds."""
    snapshot = _snapshot(board)
    table = read_table(snapshot) if snapshot else BoardTable()
    rows = within(table.rows, board.places)
    opened = opened_rows(rows, board.revealed) if _revealing(board) else rows
    competition = board.event.competition
    now = utc_now()
    live = hall_now(board)
    return {
        "competition": {"name": competition.name, "note": _note(board, table, now)},
        "now": {"ms": _ms(now), "time": clock(now), "day": day(now)},
        "seconds": _EVERY.get(board.phase, _USUALLY),
        "data_url": url_for("hall.data", code=competition.code, token=board.token),
        "phase": board.phase.value,
        "banner": _banner(board, snapshot),
        "code_label": _("选手") if names_open(board.event) else _("加密号"),
        "columns": list(table.columns),
        "rows": [
            _row(row, _revealing(board)) if row else {"rank": rows[n].rank, "hidden": True}
            for n, row in enumerate(opened)
        ],
        "page": PAGE,
        "newest": _newest(board, len(rows)),
        "empty": _empty(board),
        "stations": [_station(station) for station in live.stations],
        "done": {"count": live.done, "all": live.all},
        "next_group": {
            "title": _("下一组 %(time)s 进场", time=clock(live.next_at)),
            "codes": live.coming[:8],
        }
        if live.coming
        else None,
    }


def _revealing(board: HallBoard) -> bool:
    return board.phase is BoardPhase.REVEALING


def _snapshot(board: HallBoard) -> BoardSnapshot | None:
    if board.phase is BoardPhase.LIVE:
        return shown_snapshot(board)
    if board.phase is BoardPhase.FROZEN:
        return latest_snapshot(board, SnapshotPurpose.FROZEN)
    return latest_snapshot(board, SnapshotPurpose.FINAL)


def _row(row: BoardRow, revealing: bool) -> dict[str, Any]:
    """A row; while the first is still hidden, how far behind one is would tell its total."""
    return {
        "rank": row.rank,
        "code": row.number,
        "name": row.name,
        "unit": row.unit,
        "gap": "—" if revealing else row.gap or "—",
        "values": list(row.values),
        "total": row.total,
    }


def _newest(board: HallBoard, rows: int) -> int | None:
    """The place in the list of the row that the last press opened."""
    if not _revealing(board) or not board.revealed:
        return None
    return max(0, rows - board.revealed)


def _note(board: HallBoard, table: BoardTable, now: datetime) -> str:
    parts = [board.event.name]
    if table.stage:
        parts.append(table.stage)
    note = " · ".join(parts)
    if not names_open(board.event):
        note = _("%(what)s，解密前用加密号", what=note)
    if board.phase is BoardPhase.LIVE and board.delay_seconds:
        note = _("%(what)s，晚 %(late)s 显示", what=note, late=_late(board.delay_seconds))
    return note


def _late(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return _("%(n)s 秒", n=rest)
    return _("%(n)s 分", n=minutes) if not rest else _("%(m)s 分 %(s)s 秒", m=minutes, s=rest)


def _banner(board: HallBoard, snapshot: BoardSnapshot | None) -> dict[str, str] | None:
    at = clock(snapshot.taken_at) if snapshot else "—"
    if board.phase is BoardPhase.FROZEN:
        text = _("名次停在 %(at)s。之后的成绩照常评。", at=at)
        if board.opens_at:
            text = _(
                "名次停在 %(at)s。之后的成绩照常评，%(opens)s 颁奖时揭晓。",
                at=at,
                opens=clock(board.opens_at),
            )
        return {"icon": "lock", "title": _("封榜"), "text": text}
    if board.phase is BoardPhase.REVEALING:
        return {
            "icon": "unlock",
            "title": _("揭晓"),
            "text": _("从后往前，一名一名来。"),
        }
    if board.phase is BoardPhase.OPENED:
        return {
            "icon": "trophy",
            "title": _("已揭晓"),
            "text": _("%(at)s 揭晓，是最后的名次。", at=clock(board.opened_at)),
        }
    return None


def _empty(board: HallBoard) -> str:
    """Why there is no row yet."""
    since = first_taken(board)
    if board.phase is BoardPhase.LIVE and board.delay_seconds and since:
        starts = since + timedelta(seconds=board.delay_seconds)
        if starts > utc_now():
            late = _late(board.delay_seconds)
            return _("晚 %(late)s 显示，%(at)s 开始有。", late=late, at=clock(starts))
    return _("有选手的评分表交齐以后，这里开始排名次。")


def _station(station: AtStation) -> dict[str, Any]:
    """A station without the time that runs there: the screen counts it from `started`."""
    shown: dict[str, Any] = {
        "name": station.station,
        "code": station.number,
        "started": None if station.stopped else _ms(station.started),
        "stopped_text": _("已停表"),
        "limit": None,
    }
    if station.full_at is not None and not station.stopped:
        limit = int(station.full_at)
        whole = limit % 60 == 0
        figure = _("%(n)s 分", n=limit // 60) if whole else _("%(n)s 秒", n=limit)
        shown["limit"] = {
            "soon": limit - _SOON,
            "over": limit,
            "soon_text": _("快到 %(limit)s", limit=figure),
            "over_text": _("过了 %(limit)s", limit=figure),
        }
    return shown


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
