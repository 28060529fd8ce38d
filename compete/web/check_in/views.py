"""The clerk's page, the list that its device keeps, and the acts that the device sends."""

from __future__ import annotations

import msgspec
from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, utc_now
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.outside_json import read_json
from compete.services.registration.portraits import find_shown
from compete.services.safekeeping.generations import generation_now
from compete.services.schedule.check_in_acts import CheckInIn, take_check_ins
from compete.web import guard
from compete.web.assets.packed import packed_data, packed_page
from compete.web.check_in.list_json import changes_since, list_data
from compete.web.errors import answer
from compete.web.headers import with_camera
from compete.web.language import say
from compete.web.portraits import send_kept
from compete.web.script_words import script_words
from compete.web.templating import day

face = Blueprint("check_in", __name__)


class Batch(msgspec.Struct):
    """The body of a call."""

    acts: list[CheckInIn]


@face.get("/check-in/<code>/")
@guard.may(Right.CHECK_IN)
def page(competition: Competition) -> ResponseReturnValue:
    """Find somebody, compare, tick, let in."""
    html = render_template(
        "check_in/check_in.html",
        data=list_data(competition),
        words=script_words("check_in", "judge", "shared"),
        competition=competition.name,
        code=competition.code,
        place=settings_of(competition).place or competition.venue,
        today=day(local_today()),
        judge_id=_mark(competition),
    )
    return with_camera(packed_page(html))


@face.get("/api/check-in/<code>/list")
@guard.may(Right.CHECK_IN)
def people(competition: Competition) -> ResponseReturnValue:
    """The list as it stands on the server; what was recorded since, where the device has one."""
    _same_person(competition)
    known = request.args.get("known", "")
    told = changes_since(competition, known) or list_data(competition)
    return packed_data({**told, "generation": generation_now()})


@face.get("/api/check-in/<code>/photos/<kind>/<int:number>/<mark>.jpg")
@guard.may(Right.CHECK_IN)
def photo(competition: Competition, kind: str, number: int, mark: str) -> ResponseReturnValue:
    """One photo that the list names, as long as it is the one it names."""
    _same_person(competition)
    return send_kept(find_shown(competition, kind, number, mark))


@face.post("/api/check-in/<code>/acts")
@guard.may(Right.CHECK_IN)
def acts(competition: Competition) -> ResponseReturnValue:
    """Take acts in: those stored before count as stored; each refusal has its reason."""
    _same_person(competition)
    batch = read_json(request.get_data(), Batch)
    if batch is None:
        return answer(400, _("这次上传读不懂，检录还在本机"))
    taken = take_check_ins(competition, batch.acts, current_user)
    return jsonify(
        {
            "held": taken.stored,
            "refused": [{"uuid": uuid, "reason": say(why)} for uuid, why in taken.refused],
            "now": utc_now().isoformat(),
            "generation": generation_now(),
        }
    )


def _mark(competition: Competition) -> str:
    """What tells the devices' keepers apart: nobody's acts are sent in another's name."""
    return f"k{competition.id}.{current_user.id}"


def _same_person(competition: Competition) -> None:
    """A page made for one person is answered for that one or not at all."""
    if request.headers.get("X-Judge") not in (None, _mark(competition)):
        abort(403)
