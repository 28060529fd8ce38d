"""The calls of the tablet's scripts: acts in, sheets out. JSON both ways."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.services.judging.act_batches import NotTheJudgeError, Seat, SignedOutError
from compete.services.judging.tablet_contact import note_contact
from compete.services.judging.tablet_keys import give_key, holds_key
from compete.services.judging.tablet_view import find_sheet
from compete.services.kernel.untrusted_json import read_json
from compete.web import guard
from compete.web.api.acts_call import (
    OUTCOME,
    Batch,
    Outcome,
    answer_body,
    outcome_of,
    rate_limit,
    when,
)
from compete.web.errors import answer, seat_is_over, sentence_for, sign_in_again
from compete.web.extensions import limiter
from compete.web.judge.sheet_json import whole_home, whole_sheet
from compete.web.judge.views import this_judge
from compete.web.kept_acts import REACHED
from compete.web.pages import or_404

face = Blueprint("api", __name__, url_prefix="/api")


def _note_tablet() -> None:
    """Note that this judge's tablet is there.

    `X-Waiting` says how many acts it has not sent yet; the chief judge sees it.
    """
    note_contact(this_judge(), whole_number(request.headers.get("X-Waiting", ""), 99_999))


@face.post("/acts")
@limiter.exempt
@guard.api_judge
def acts(session_id: str, named: Callable[[Seat], bool]) -> ResponseReturnValue:
    """Take acts in: those stored before count as held; each refusal has its reason."""
    outcome: Outcome | None = request.environ.get(OUTCOME)
    if outcome is None:
        if not rate_limit.take(session_id):
            return answer(429, sentence_for(429))
        batch = read_json(request.get_data(), Batch)
        if batch is None:
            return answer(400, _("这次上传读不懂，分数还在本机"))
        outcome = outcome_of(session_id, batch, named, request.headers.get(REACHED))
    if isinstance(outcome, SignedOutError):
        return sign_in_again()
    if isinstance(outcome, NotTheJudgeError):
        return seat_is_over(403) if guard.has_lost_seat() else answer(403, sentence_for(403))
    if isinstance(outcome, Exception):
        raise outcome
    return Response(answer_body(*outcome), mimetype="application/json")


class KeyBody(msgspec.Struct):
    """The body of `POST /api/key`."""

    tablet: str | None = None


@face.post("/key")
@guard.may(Right.MARK)
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
@guard.may(Right.MARK)
def home() -> ResponseReturnValue:
    """The judge's sheets as they stand on the server."""
    _note_tablet()
    return jsonify({**whole_home(this_judge()), **when(this_judge().competition_id)})


@face.get("/sheets/<public_id>")
@guard.may(Right.MARK)
def sheet(public_id: str) -> ResponseReturnValue:
    """Return one sheet of this judge; another's is not found."""
    _note_tablet()
    own_sheet = or_404(find_sheet(this_judge(), public_id))
    return jsonify({**whole_sheet(own_sheet, current_user), **when(this_judge().competition_id)})
