"""The big screen and the data it fetches. No cookie, no sign-in; a random link.

Each board's rendering is kept in this process for as long as nothing has changed. A screen asks
every few seconds. What it is told is made once for each change, of anything that the competition's
records tell of, and for each setting of the board; asking again is a look-up of both. The clock
alone is put in anew each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_babel import gettext as _

from compete.documents.standings_list import TableLine
from compete.domain.hall import (
    BoardPhase,
    BoardRow,
    BoardTable,
    SnapshotPurpose,
    opened_rows,
    within,
)
from compete.domain.values.canonical import sealed_text, short_mark
from compete.domain.values.states import CompetitionState
from compete.models import BoardSnapshot, HallBoard, Publication, utc_now
from compete.services.appeals.appeal_states import codes_under_appeal
from compete.services.hall.board_acts import find_board
from compete.services.hall.board_table import names_open
from compete.services.hall.now import AtStation, hall_now
from compete.services.hall.snapshots import (
    latest_snapshot,
    oldest_table_time,
    read_table,
    shown_number,
    shown_snapshot,
)
from compete.services.kernel import audit
from compete.services.kernel.installation import memory_of
from compete.services.kernel.participants import crewed_in
from compete.services.kernel.publications import latest_publication
from compete.services.results.event_lines import table_lines, tables_beside
from compete.services.results.result_stands import stand_of, stand_words
from compete.services.results.snapshots import read_snapshot
from compete.services.sheets.locks_in_force import standing_locks
from compete.web import guard
from compete.web.extensions import limiter
from compete.web.language import say
from compete.web.pages import or_404
from compete.web.templating import clock, day, moment_in_sentence
from compete.web.words import length_words

face = Blueprint("hall", __name__, url_prefix="/hall")


@face.get("/<code>/<token>")
@guard.public
@limiter.limit("600 per minute")
def board(code: str, token: str) -> ResponseReturnValue:
    """Show the screen as it is at this moment; its script keeps it so.

    With `?overlay=now`, `standings` or `next` a lower third of it, to be laid over a film.
    """
    shown = {**_kept_screen(_board(code, token)).screen, "now": _clock_now()}
    part = request.args.get("overlay", "")
    if part in _OVERLAYS:
        return render_template("hall/overlay.html", board=shown, part=part)
    return render_template("hall/board.html", board=shown)


@face.get("/<code>/<token>/data")
@guard.public
@limiter.limit("1200 per minute")
def data(code: str, token: str) -> ResponseReturnValue:
    """Return the same as JSON. An unchanged screen gets a 304 if asked again by its version."""
    kept = _kept_screen(_board(code, token))
    # The clock moves by itself: it is no reason to draw anything anew.
    response = Response(kept.json_at(_clock_now()), mimetype="application/json")
    response.set_etag(kept.tag)
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


def _board(code: str, token: str) -> HallBoard:
    return or_404(find_board(code, token))


PAGE = 9
_OVERLAYS = ("now", "standings", "next")
_EVERY = {BoardPhase.REVEALING: 1}
_USUALLY = 5
_SOON = 30


Shown = dict[str, Any]
"""The whole screen or a part of it, as `hall/board.html` says."""


def _called(board: HallBoard) -> str:
    """Return the counted noun for those in the board's event: contestants or crews."""
    kinds = crewed_in(board.event.competition, board.event)
    return _("个组合") if kinds == {True} else _("位选手")


def _hall_clock(now: datetime) -> Shown:
    """The hall's clock at that moment."""
    return {"ms": _ms(now), "time": clock(now), "day": day(now)}


def describe_hall(board: HallBoard) -> tuple[Shown, datetime | None]:
    """The screen as it is now, times in milliseconds; when it changes by itself, if it does."""
    snapshot = _snapshot(board)
    table = read_table(snapshot) if snapshot else BoardTable()
    taken_down = stand_of(board.event).withdrawn_why is not None
    # What counts no more is on no screen either, whatever was opened of it.
    rows = () if taken_down else within(table.rows, board.places)
    opened = opened_rows(rows, board.revealed) if _revealing(board) else rows
    competition = board.event.competition
    now = utc_now()
    live = hall_now(board)
    done, everybody = table.done or (live.done, live.all)
    # Behind a code nobody is told who appealed; what was frozen while coded still has codes.
    named = names_open(board.event) and all(row.name for row in rows)
    appealed = codes_under_appeal(competition) if named else frozenset()
    screen = {
        "competition": {"name": competition.name, "note": _note(board, table, now)},
        "now": _hall_clock(now),
        "seconds": _EVERY.get(board.phase, _USUALLY),
        "data_url": url_for("hall.data", code=competition.code, token=board.token),
        "phase": board.phase.value,
        "banner": None if taken_down else _banner(board, snapshot),
        "code_label": _("选手") if named else _("加密号"),
        "columns": list(table.columns),
        "rows": [
            _row(row, _revealing(board), appealed)
            if row
            else {"rank": rows[n].rank, "hidden": True}
            for n, row in enumerate(opened)
        ],
        "page": PAGE,
        "newest": None if taken_down else _newest(board, len(rows)),
        "empty": _("公示已撤下，名次不作数") if taken_down else _empty(board),
        "stations": [_station(station) for station in live.stations],
        "done": {"count": done, "all": everybody, "called": _called(board)},
        "tables": _tables(board),
        "next_group": {
            "title": _("下一组 %(time)s 进场", time=clock(live.next_at)),
            "codes": live.coming[:8],
        }
        if live.coming
        else None,
    }
    return screen, live.next_at


def _revealing(board: HallBoard) -> bool:
    return board.phase is BoardPhase.REVEALING


def _snapshot(board: HallBoard) -> BoardSnapshot | None:
    if board.phase is BoardPhase.LIVE:
        return shown_snapshot(board)
    if board.phase is BoardPhase.FROZEN:
        return latest_snapshot(board, SnapshotPurpose.FROZEN)
    return latest_snapshot(board, SnapshotPurpose.FINAL)


def _row(row: BoardRow, revealing: bool, appealed: frozenset[str]) -> Shown:
    """Build a row; while the first is hidden, no distance is shown that would tell its total."""
    parted = _("同分，看%(what)s", what=gettext(row.parted)) if row.parted and not revealing else ""
    best = _("目前最好，做了 %(n)s 次", n=row.so_far) if row.so_far else ""
    beside = [row.unit, _("申诉中") if row.number in appealed else "", best, parted]
    return {
        "rank": row.rank,
        "code": row.number,
        "name": row.name,
        "unit": " · ".join(filter(None, beside)),
        # Equal totals in different places have a distance, and say what parted them.
        "gap": "—" if revealing else row.gap or ("0" if row.parted else "—"),
        "values": list(row.values),
        "notes": [gettext(note) if note else "" for note in row.notes],
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
        note = _("%(what)s，晚 %(late)s 显示", what=note, late=length_words(board.delay_seconds))
    return " · ".join(part for part in (note, _stand_words(board)) if part)


def _stand_words(board: HallBoard) -> str:
    """Say how final the results are: the announced stand, else that they are provisional."""
    stand, competition = stand_of(board.event), board.event.competition
    if stand.withdrawn_why:
        return _("公示已撤下，名次不作数")
    publication = latest_publication(competition)
    if publication is None or not (stand.is_announced or stand.stands):
        return _("暂定")
    if not _holds(publication):
        return _("暂定，以公布的成绩为准")
    return say(stand_words(stand))


def _holds(publication: Publication) -> bool:
    """True if nothing was opened or locked anew since that could make other results of it."""
    competition = publication.competition
    return competition.state is not CompetitionState.JUDGING and all(
        lock.locked_at <= publication.published_at for lock in standing_locks(competition)
    )


def _tables(board: HallBoard) -> list[Shown]:
    """The announced tables over several events that count the board's.

    None while a ceremony keeps the event's places to itself, and none that holds no more.
    """
    stand, publication = stand_of(board.event), latest_publication(board.event.competition)
    if publication is None or board.phase not in (BoardPhase.LIVE, BoardPhase.OPENED):
        return []
    if not (stand.is_announced or stand.stands) or not _holds(publication):
        return []
    bundle, _results = read_snapshot(publication)
    places = table_lines(bundle, tables_beside(publication, board.event.code))
    return [
        {"name": name, "rows": [_place_in_table(line) for line in lines]}
        for name, lines in groupby(places, key=lambda line: line.table)
    ]


def _place_in_table(line: TableLine) -> Shown:
    medals = " · ".join(filter(None, (line.first, line.second, line.third)))
    return {
        "rank": "—" if line.rank is None else str(line.rank),
        "name": line.name,
        "value": line.value or medals or "—",
    }


def _banner(board: HallBoard, snapshot: BoardSnapshot | None) -> Shown | None:
    at = moment_in_sentence(snapshot.taken_at) if snapshot else "—"
    if board.phase is BoardPhase.FROZEN:
        text = _("名次停在 %(at)s。之后的成绩照常评。", at=at)
        if board.opens_at:
            text = _(
                "名次停在 %(at)s。之后的成绩照常评，%(opens)s 颁奖时揭晓。",
                at=at,
                opens=moment_in_sentence(board.opens_at),
            )
        return {"icon": "lock", "title": _("封榜"), "text": text}
    if board.phase is BoardPhase.REVEALING:
        return {"icon": "unlock", "title": _("揭晓"), "text": _("从后往前，一名一名来。")}
    if board.phase is BoardPhase.OPENED:
        return {
            "icon": "trophy",
            "title": _("已揭晓"),
            "text": _("%(at)s 揭晓，是最后的名次。", at=moment_in_sentence(board.opened_at)),
        }
    return None


def _empty(board: HallBoard) -> str:
    """Say why there is no row yet."""
    since = oldest_table_time(board)
    if board.phase is BoardPhase.LIVE and board.delay_seconds and since:
        starts = since + timedelta(seconds=board.delay_seconds)
        if starts > utc_now():
            late = length_words(board.delay_seconds)
            return _("晚 %(late)s 显示，%(at)s 开始有。", late=late, at=clock(starts))
    return _("有选手的评分表交齐以后，这里开始排名次。")


def _station(station: AtStation) -> Shown:
    return {
        "name": station.station,
        "code": station.number,
        "started": None if station.stopped else _ms(station.started),
        "stopped_text": _("已停表"),
        "limit": None
        if station.full_at is None or station.stopped
        else _limit(int(station.full_at)),
    }


def _limit(seconds: int) -> Shown:
    whole = seconds % 60 == 0
    figure = _("%(n)s 分", n=seconds // 60) if whole else _("%(n)s 秒", n=seconds)
    return {
        "soon": seconds - _SOON,
        "over": seconds,
        "soon_text": _("快到 %(limit)s", limit=figure),
        "over_text": _("过了 %(limit)s", limit=figure),
    }


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


_MEMORY = "hall screens"
# Watches that are forgotten leave the screen by themselves.
_LONGEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KeptScreen:
    """A screen, and its JSON without the clock; `tag` is the mark of that."""

    version: tuple[object, ...]
    until: datetime
    screen: Shown
    lasting: bytes
    tag: str

    def json_at(self, now: Shown) -> bytes:
        """Return the whole JSON with the present clock."""
        return b'{"now":' + sealed_text(now) + b"," + self.lasting[1:]


def _kept_screen(board: HallBoard) -> KeptScreen:
    """The board's screen; its own clock may be up to a minute old."""
    kept = memory_of(_MEMORY, dict[tuple[int, str], KeptScreen])
    place = (board.id, str(get_locale()))
    version = _version(board)
    kept_screen = kept.get(place)
    if kept_screen is None or kept_screen.version != version or kept_screen.until <= utc_now():
        until = utc_now() + _LONGEST
        screen, moves_at = describe_hall(board)
        lasting = {key: value for key, value in screen.items() if key != "now"}
        kept_screen = KeptScreen(
            version=version,
            until=min(until, moves_at) if moves_at else until,
            screen=screen,
            lasting=sealed_text(lasting),
            tag=short_mark(lasting),
        )
        kept[place] = kept_screen
    return kept_screen


def _version(board: HallBoard) -> tuple[object, ...]:
    """Return the version of a rendering: another one wherever it would look different."""
    shown = shown_number(board) if board.phase is BoardPhase.LIVE else None
    competition = board.event.competition
    return (
        audit.count(competition),
        shown,
        competition.state,
        competition.name,
        board.token,
        board.delay_seconds,
        board.places,
        board.stations,
        board.phase,
        board.opens_at,
        board.revealed,
        board.opened_at,
    )


def _clock_now() -> Shown:
    """Return the clock that is put into a kept screen."""
    return _hall_clock(utc_now())
