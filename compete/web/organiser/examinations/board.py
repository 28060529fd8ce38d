"""The invigilator's board of a room, and what is done from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, ExamRoom, ExamSitting
from compete.services.accounts.access import may
from compete.services.examinations.board import RoomBoard, SeatRow, board_of
from compete.services.examinations.rooms import (
    TimeFields,
    add_time,
    close_room,
    reopen_room,
    room_name,
    room_of_exam,
    start_room,
)
from compete.services.examinations.seats import (
    let_in_late,
    move_device,
    undo_hand_in,
    void_sitting,
)
from compete.services.examinations.setting_up import place_of_exam, rules_of_exam
from compete.services.examinations.sittings import Standing
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.examinations.exam import exam_or_404
from compete.web.organiser.live_parts import live_parts
from compete.web.pages import fields_of, or_404
from compete.web.posted import posted_number, posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import SettingForm, act_form, typed_act
from compete.web.templating import clock

_PARTS = ("counts", "seats", "rows", "troubles")
_CHIPS: dict[Standing, str] = {
    Standing.EXPECTED: "",
    Standing.WAITING: "info",
    Standing.OPEN: "ok",
    Standing.HANDED_IN: "ok",
    Standing.OVER: "warn",
    Standing.VOID: "bad",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """What the board shows and follows."""

    competition: Competition
    exam: Any
    room: ExamRoom
    name: str
    board: RoomBoard
    rows: list[tuple[SeatRow, str, str, list[str]]]
    """Each seat with its state in a word, the kind of that chip, and what is said of it."""
    ends_at: datetime | None
    """When the last of those who sit ends."""
    left: int
    """The minutes until then."""
    silent: int
    """Of how many who sit nothing was heard lately."""
    nobody: bool
    """True if nobody has sat down yet."""
    updated: str
    leads: bool


def _words(row: SeatRow, room: ExamRoom) -> str:
    words = {
        Standing.EXPECTED: _("缺考") if room.closed_at else _("没到"),
        Standing.WAITING: _("坐下了"),
        Standing.OPEN: _("在考"),
        Standing.HANDED_IN: _("交卷了"),
        Standing.OVER: _("时间到"),
        Standing.VOID: _("作废"),
    }
    return words[row.standing]


def _notes(row: SeatRow) -> list[str]:
    notes = []
    if row.standing is Standing.OPEN and not row.device:
        notes.append(_("在换机，等他坐下"))
    if row.is_silent and row.heard_at is not None:
        notes.append(_("%(time)s 以后没有消息", time=clock(row.heard_at)))
    if row.is_away:
        notes.append(_("离开了考试页面"))
    elif row.left:
        notes.append(ngettext("离开过 %(num)s 次", "离开过 %(num)s 次", row.left))
    if row.waiting:
        notes.append(_("机器上还有 %(n)s 条没送到", n=row.waiting))
    if row.is_idle:
        notes.append(_("10 分钟没有动"))
    if row.added:
        notes.append(_("加了 %(n)s 分钟", n=row.added))
    if row.sitting.let_in:
        notes.append(_("迟到放进来的"))
    return notes


def _page(competition: Competition, room: ExamRoom) -> BoardPage:
    board = board_of(room)
    running = [it for it in board.rows if it.standing is Standing.OPEN]
    last = max(running, key=lambda it: it.seconds_left or 0, default=None)
    return BoardPage(
        competition=competition,
        exam=room.examination,
        room=room,
        name=room_name(room) or _("考场"),
        board=board,
        rows=[(row, _words(row, room), _CHIPS[row.standing], _notes(row)) for row in board.rows],
        ends_at=last.ends_at if last is not None else None,
        left=((last.seconds_left or 0) + 59) // 60 if last is not None else 0,
        silent=sum(it.is_silent and it.is_troubled for it in board.rows),
        nobody=board.count(Standing.EXPECTED) == len(board.rows),
        updated=clock(board.at),
        leads=may(current_user, competition, Right.LEAD),
    )


def _room(competition: Competition, number: int, room_number: int) -> ExamRoom:
    return or_404(room_of_exam(exam_or_404(competition, number), room_number))


def _show_board(
    competition: Competition, number: int, room_number: int, refused: Refused | None = None
) -> str:
    room = _room(competition, number, room_number)
    return render_template(
        "organiser/examinations/board.html",
        **fields_of(_page(competition, room)),
        place=place_of_exam(room.examination),
        rules=rules_of_exam(room.examination),
        time_form=_time_form(refused),
        live_url=url_for("organiser.exam_board_live", number=number, room_number=room_number),
        exam_url=public_url("exam.page", code=competition.code),
        problem=problem_of(refused),
    )


def _time_form(refused: Refused | None) -> SettingForm:
    return act_form(TimeFields, refused)


@face.get("/<code>/exams/<int:number>/rooms/<int:room_number>")
@guard.may(Right.INVIGILATE)
def exam_board(competition: Competition, number: int, room_number: int) -> ResponseReturnValue:
    """Who sits in the room, how far they are, who is in trouble."""
    return _show_board(competition, number, room_number)


@face.get("/<code>/exams/<int:number>/rooms/<int:room_number>/live")
@guard.only_watches
@guard.may(Right.INVIGILATE)
def exam_board_live(competition: Competition, number: int, room_number: int) -> ResponseReturnValue:
    """The parts that change."""
    room = _room(competition, number, room_number)
    folder = "organiser/examinations"
    return live_parts(competition, folder, _PARTS, lambda: _page(competition, room))


def _back(number: int, room_number: int) -> ResponseReturnValue:
    return redirect(url_for("organiser.exam_board", number=number, room_number=room_number))


@face.post("/<code>/exams/<int:number>/rooms/<int:room_number>/start")
@guard.may(Right.INVIGILATE)
@only_once
@refusal_on(_show_board)
def start_exam_room(competition: Competition, number: int, room_number: int) -> ResponseReturnValue:
    """Begin."""
    n = start_room(_room(competition, number, room_number), current_user)
    flash(_("开考了，%(n)s 人", n=n), "ok")
    return _back(number, room_number)


@face.post("/<code>/exams/<int:number>/rooms/<int:room_number>/time")
@guard.may(Right.INVIGILATE)
@only_once
@refusal_on(_show_board)
def add_room_time(competition: Competition, number: int, room_number: int) -> ResponseReturnValue:
    """Add time to the room, or to one who sits there."""
    room = _room(competition, number, room_number)
    alone = _sitting(room, posted_number("who")) if posted_number("who") > 0 else None
    wanted = typed_act(TimeFields)
    add_time([room], wanted.minutes, wanted.reason, current_user, alone=alone)
    flash(_("加了 %(n)s 分钟", n=wanted.minutes), "ok")
    return _back(number, room_number)


@face.post("/<code>/exams/<int:number>/rooms/<int:room_number>/close")
@guard.may(Right.INVIGILATE)
@refusal_on(_show_board)
def close_exam_room(competition: Competition, number: int, room_number: int) -> ResponseReturnValue:
    """Close it once nobody sits there."""
    close_room(_room(competition, number, room_number), current_user)
    flash(_("考场收了"), "ok")
    return _back(number, room_number)


@face.post("/<code>/exams/<int:number>/rooms/<int:room_number>/reopen")
@guard.may(Right.INVIGILATE)
@refusal_on(_show_board)
def reopen_exam_room(
    competition: Competition, number: int, room_number: int
) -> ResponseReturnValue:
    """Open a room again that was closed because nobody came."""
    reopen_room(_room(competition, number, room_number), current_user)
    flash(_("考场重开了，考场码是新的"), "ok")
    return _back(number, room_number)


@face.post("/<code>/exams/<int:number>/rooms/<int:room_number>/move")
@guard.may(Right.INVIGILATE)
@only_once
@refusal_on(_show_board)
def move_candidate(competition: Competition, number: int, room_number: int) -> ResponseReturnValue:
    """Free somebody of the device at which they sit."""
    row = _sitting(_room(competition, number, room_number), posted_number("who"))
    move_device(row, posted_reason(), current_user)
    flash(_("%(name)s 可以换一台坐下，答过的都在", name=row.entrant.name), "ok")
    return _back(number, room_number)


@face.post("/<code>/exams/<int:number>/rooms/<int:room_number>/let-in")
@guard.may(Right.INVIGILATE)
@only_once
@refusal_on(_show_board)
def let_candidate_in(
    competition: Competition, number: int, room_number: int
) -> ResponseReturnValue:
    """Let somebody in who is later than the rule allows."""
    row = _sitting(_room(competition, number, room_number), posted_number("who"))
    let_in_late(row, posted_reason(), current_user)
    flash(_("%(name)s 可以坐下了", name=row.entrant.name), "ok")
    return _back(number, room_number)


@face.post("/<code>/exams/<int:number>/rooms/<int:room_number>/go-on")
@guard.may(Right.INVIGILATE)
@only_once
@refusal_on(_show_board)
def let_candidate_go_on(
    competition: Competition, number: int, room_number: int
) -> ResponseReturnValue:
    """Let somebody go on who handed in by mistake."""
    row = _sitting(_room(competition, number, room_number), posted_number("who"))
    undo_hand_in(row, posted_reason(), current_user)
    flash(_("%(name)s 可以接着考", name=row.entrant.name), "ok")
    return _back(number, room_number)


@face.post("/<code>/exams/<int:number>/rooms/<int:room_number>/void")
@guard.may(Right.LEAD)
@only_once
@refusal_on(_show_board)
def void_candidate(competition: Competition, number: int, room_number: int) -> ResponseReturnValue:
    """Make a sitting void."""
    row = _sitting(_room(competition, number, room_number), posted_number("who"))
    void_sitting(row, posted_reason(), current_user)
    flash(_("%(name)s 的考试作废了", name=row.entrant.name), "ok")
    return _back(number, room_number)


def _sitting(room: ExamRoom, number: int) -> ExamSitting:
    """Somebody's sitting in the room."""
    rows = {row.sitting.id: row.sitting for row in board_of(room).rows}
    return or_404(rows.get(number))
