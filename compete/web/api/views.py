"""What the tablet's scripts call: acts in, sheets out. JSON both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import msgspec
from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.models import utc_now
from compete.services.judging import (
    NotTheJudgeError,
    Seat,
    SignedOutError,
    find_sheet,
    give_key,
    holds_key,
    note_contact,
    take_batch,
)
from compete.services.kernel import read_json
from compete.services.safekeeping import generation_now
from compete.services.sheets import ActIn
from compete.web import guard
from compete.web.api.rate_limit import MOST_A_MINUTE, RateLimit
from compete.web.errors import answer, sentence_for
from compete.web.extensions import limiter
from compete.web.judge.sheet_json import short_answer, whole_home, whole_sheet
from compete.web.judge.views import this_judge
from compete.web.language import say

face = Blueprint("api", __name__, url_prefix="/api")


def heard() -> None:
    """Note that this judge's tablet is there.

    `X-Waiting` says how many acts it has not sent yet; the chief judge sees it.
    """
    waiting = request.headers.get("X-Waiting", "")
    known = waiting.isascii() and waiting.isdigit() and len(waiting) < 6
    note_contact(this_judge(), int(waiting) if known else None)


class When(TypedDict):
    """The moment of an answer, and the generation of the database that gave it."""

    now: str
    generation: str


def when() -> When:
    """What a tablet sets its watch by, and tells a restored database by."""
    return {"now": utc_now().isoformat(), "generation": generation_now()}


_rate_limit = RateLimit(MOST_A_MINUTE)


class Batch(msgspec.Struct):
    """The body of a call of `POST /api/acts`."""

    acts: list[ActIn]


@face.post("/acts")
@limiter.exempt
@guard.api_judge
def acts(session_id: str, named: Callable[[Seat], bool]) -> ResponseReturnValue:
    """Take acts in: those stored before count as held; each refusal has its reason."""
    if not _rate_limit.take(session_id):
        return answer(429, sentence_for(429))
    batch = read_json(request.get_data(), Batch)
    if batch is None:
        return answer(400, _("这次上传读不懂，分数还在本机"))
    try:
        taken, person = take_batch(session_id, batch.acts, named)
    except SignedOutError:
        return answer(401, _("请重新登录，分数都在本机"))
    except NotTheJudgeError:
        return answer(403, sentence_for(403))
    said = {
        "held": taken.stored,
        "refused": [{"uuid": uuid, "reason": say(reason)} for uuid, reason in taken.refused],
        "sheets": {
            public_id: short_answer(sheet, person.id) for public_id, sheet in taken.sheets.items()
        },
        **when(),
    }
    return Response(msgspec.json.encode(said), mimetype="application/json")


class KeyBody(msgspec.Struct):
    """The body of `POST /api/key`."""

    tablet: str | None = None


@face.post("/key")
@guard.judge
@limiter.limit("60 per minute", key_func=lambda: f"key:{current_user.get_id()}")
def key() -> ResponseReturnValue:
    """The key by which this tablet proves what it hands over: `{"tablet", "key"}`.

    `{"tablet"}` alone where the key of the name that was sent still holds.
    """
    body = read_json(request.get_data(), KeyBody)
    if body is None:
        return answer(400, _("这次提交不完整，再试一次"))
    if body.tablet is not None and holds_key(this_judge(), body.tablet):
        return jsonify(tablet=body.tablet)
    made = give_key(this_judge(), current_user)
    return jsonify(tablet=made.name, key=made.key)


@face.get("/home")
@guard.judge
def home() -> ResponseReturnValue:
    """The judge's sheets as they stand on the server."""
    heard()
    return jsonify({**whole_home(this_judge()), **when()})


@face.get("/sheets/<public_id>")
@guard.judge
def sheet(public_id: str) -> ResponseReturnValue:
    """One sheet of this judge; another's is not found."""
    heard()
    found = find_sheet(this_judge(), public_id)
    if found is None:
        abort(404)
    return jsonify({**whole_sheet(found, current_user), **when()})
