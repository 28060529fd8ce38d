"""The calls of a candidate's page: sit down, the paper, acts, how things stand. JSON both ways."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, jsonify, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.identity.typed_numbers import code_as_typed
from compete.domain.values.numerals import whole_number
from compete.models import ExamDevice, ExamSitting, utc_now
from compete.services.backups.generations import standing
from compete.services.examinations.acts import (
    ExamActIn,
    Reading,
    count_elsewhere,
    device_moment,
    hand_in_words,
    kept_answers,
    last_number,
    take_exam_acts,
)
from compete.services.examinations.paper_content import opened_paper, paper_key, sealed_paper
from compete.services.examinations.seats import (
    Browser,
    Seated,
    SeatLook,
    look_for_seat,
    new_device_name,
    note_heard,
    seated_by,
    sit_down,
    standing_term,
)
from compete.services.examinations.setting_up import place_of_exam, rules_of_exam
from compete.services.examinations.sittings import Standing, standing_of, times_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.kernel.untrusted_json import read_json
from compete.web import guard
from compete.web.errors import answer
from compete.web.extensions import limiter, who_asks
from compete.web.kept_acts import in_order
from compete.web.language import say

face = Blueprint("exam_api", __name__, url_prefix="/api/exam")

_SEAT, _DEVICE = "exam_seat", "exam_device"
_MOST_WAITING, _MOST_NUMBER = 99_999, 2**31 - 1


class SeatBody(msgspec.Struct):
    """The body of `POST /api/exam/seat`; `secret` is 32 hexadecimal digits that the page made."""

    competition: str
    number: str
    code: str
    confirm: bool = False
    secret: str | None = None


class ActsBody(msgspec.Struct):
    """The body of `POST /api/exam/acts`."""

    acts: list[ExamActIn]


def _whose_seat() -> str:
    return f"exam:{str(session.get(_SEAT, ''))[:16]}:{who_asks()}"


def _typed_number() -> str:
    """Count a number however it is typed; by address, so that nobody elsewhere can lock it."""
    body = read_json(request.get_data(), SeatBody)
    number = f":{code_as_typed(body.number[:80])}" if body else ""
    return f"exam:{who_asks()}{number}"


def _clock() -> Reading | None:
    """What the device's clock says as it sends, and the last act that it has made."""
    moment, _space, number = request.headers.get("X-Clock", "").partition(" ")
    at, count = device_moment(moment), whole_number(number, _MOST_NUMBER)
    return Reading(at, count) if at is not None and count is not None else None


def _waiting() -> int | None:
    """How many acts the device says it still keeps."""
    return whole_number(request.headers.get("X-Waiting", ""), _MOST_WAITING)


def _own_seat() -> Seated | ResponseReturnValue:
    """The seat of this browser, or the answer for one that has none, or another's page."""
    seated = seated_by(session.get(_SEAT))
    if seated is None:
        return answer(401, _("先坐下：写编号和考场码"))
    if request.headers.get("X-Sitting", seated.sitting.public_id) != seated.sitting.public_id:
        return jsonify(error=_("这台机器上坐的是别人了"), over=True), 403
    return seated


def _moment() -> dict[str, Any]:
    return {"now": utc_now().isoformat(timespec="milliseconds")}


def _when(sitting: ExamSitting) -> dict[str, Any]:
    return {**_moment(), **standing(sitting.examination.competition_id)}


def _person(sitting_or_look: ExamSitting | SeatLook) -> dict[str, Any]:
    entrant = sitting_or_look.entrant
    return {
        "name": entrant.name,
        "number": entrant.code,
        "unit": entrant.unit.name,
        "photo": None,
    }


def _place(sitting_or_look: ExamSitting | SeatLook) -> dict[str, Any]:
    room = sitting_or_look.room
    return {"room": room.station, "session": room.session, "seat": sitting_or_look.seat}


def _state(seated: Seated) -> dict[str, Any]:
    """How the sitting stands for this device: state, times, what was added, the key while open."""
    sitting, now = seated.sitting, utc_now()
    times = times_of([sitting])[sitting.id]
    stands = Standing.MOVED if seated.is_moved else standing_of(sitting, times, now)
    if stands is Standing.EXPECTED:
        stands = Standing.WAITING
    handed_in = sitting.handed_in_at
    elsewhere = standing_term(sitting) if stands is Standing.MOVED else None
    return {
        "state": stands.value,
        "place_now": _place_now(sitting, elsewhere),
        "reason": sitting.void_reason,
        "starts_at": times.starts_at.isoformat() if times.starts_at else None,
        "ends_at": times.ends_at.isoformat(timespec="milliseconds") if times.ends_at else None,
        "seconds_left": times.left(now),
        "grants": [
            {"seconds": it.seconds, "reason": it.reason, "at": it.made_at.isoformat()}
            for it in times.grants
        ],
        "key": paper_key(sitting) if stands is Standing.OPEN else None,
        "handed_in": {"at": handed_in.isoformat(), "hash": hand_in_words(sitting)}
        if handed_in
        else None,
        **_when(sitting),
    }


def _number(seated: Seated) -> int:
    return last_number(seated.sitting, seated.term.device)


def _place_now(sitting: ExamSitting, elsewhere: ExamDevice | None) -> dict[str, Any] | None:
    return {"seat": sitting.seat, "device": elsewhere.device} if elsewhere is not None else None


def _whole(seated: Seated) -> ResponseReturnValue:
    sitting = seated.sitting
    examination, rules = sitting.examination, rules_of_exam(sitting.examination)
    place = place_of_exam(examination)
    kept = kept_answers(sitting, seated.term.device)
    paper = sealed_paper(sitting)
    return jsonify(
        {
            "sitting": {
                "id": sitting.public_id,
                "blind": sitting.blind,
                "form": sitting.form,
                "device": seated.term.device,
                "person": _person(sitting),
                "place": _place(sitting),
            },
            "exam": {
                "name": place.title,
                "minutes": rules.minutes,
                "questions": paper["questions"],
                "points": f"{place.aspect.max:f}",
            },
            "late_minutes": rules.late_minutes,
            "paper": {"address": "/api/exam/paper", "sha256": paper["sha256"]},
            "answers": kept.answers,
            "flags": kept.flags,
            "number": kept.number,
            "elsewhere": kept.elsewhere,
            **_state(seated),
        }
    )


@face.post("/seat")
@guard.public
@limiter.limit("30 per 5 minutes", key_func=_typed_number)
def seat() -> ResponseReturnValue:
    """Look who would sit down here; with `confirm`, bind the candidate to this browser."""
    body = read_json(request.get_data(), SeatBody)
    if body is None:
        return answer(400, _("这次提交不完整，再试一次"))
    competition = competition_by_code(body.competition)
    if competition is None:
        return answer(404, _("没有这个竞赛"))
    try:
        look = look_for_seat(competition, body.number, body.code)
        if not body.confirm:
            name = place_of_exam(look.room.examination).title
            return jsonify(
                person=_person(look), place=_place(look), exam={"name": name}, **_moment()
            )
        device, clock = session.get(_DEVICE) or new_device_name(), _clock()
        at = clock.at if clock else None
        token = sit_down(look, Browser(device, session.get(_SEAT), body.secret, at))
    except Refused as refused:
        return answer(422, say(refused.message))
    seated = seated_by(token)
    assert seated is not None, "sat down just now"
    session.permanent = True
    session[_SEAT], session[_DEVICE] = token, seated.term.device
    return _whole(seated)


@face.get("/sitting")
@guard.public
@guard.only_watches
@limiter.limit("600 per minute", key_func=_whose_seat)
def sitting() -> ResponseReturnValue:
    """All that the page needs: who sits here, how things stand, what the server holds."""
    seated = _own_seat()
    if not isinstance(seated, Seated):
        return seated
    note_heard(seated, _waiting())
    return _whole(seated)


@face.get("/standing")
@guard.public
@guard.only_watches
@limiter.limit("600 per minute", key_func=_whose_seat)
def standing_now() -> ResponseReturnValue:
    """How things stand, without what was answered: what a page asks while somebody answers.

    It asks for all there is once `elsewhere` is another number.
    """
    seated = _own_seat()
    if not isinstance(seated, Seated):
        return seated
    note_heard(seated, _waiting())
    elsewhere = count_elsewhere(seated.sitting, seated.term.device)
    return jsonify({"number": _number(seated), "elsewhere": elsewhere, **_state(seated)})


@face.get("/paper")
@guard.public
@limiter.limit("120 per minute", key_func=_whose_seat)
def paper() -> ResponseReturnValue:
    """The sealed paper; with `open`, for browsers that cannot open it, in plain from the start."""
    seated = _own_seat()
    if not isinstance(seated, Seated):
        return seated
    row = seated.sitting
    if request.args.get("open"):
        times = times_of([row])[row.id]
        if seated.is_moved or standing_of(row, times, utc_now()) is not Standing.OPEN:
            return answer(409, _("现在不在考试"))
        return Response(opened_paper(row.examination, row.form), mimetype="application/json")
    sealed = sealed_paper(row)
    response = jsonify(nonce=sealed["nonce"], sealed=sealed["sealed"])
    response.set_etag(sealed["sha256"])
    return response.make_conditional(request)


@face.post("/acts")
@guard.public
@limiter.limit("600 per minute", key_func=_whose_seat)
def acts() -> ResponseReturnValue:
    """Take acts in: those stored before count as held; each refusal has its reason."""
    seated = _own_seat()
    if not isinstance(seated, Seated):
        return seated
    body = read_json(request.get_data(), ActsBody)
    if body is None:
        return answer(400, _("这次上传读不懂，答案还在本机"))
    taken = take_exam_acts(seated, in_order(body.acts), _clock(), _waiting())
    return jsonify(
        {
            "held": taken.stored,
            "refused": [{"uuid": uuid, "reason": say(why)} for uuid, why in taken.refused],
            "number": _number(seated),
            **_state(seated),
        }
    )
