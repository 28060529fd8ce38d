"""Parts of a page that follow what is recorded: rendered again only where something was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flask import jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_login import current_user

from compete.models import Competition, utc_now
from compete.services.kernel import audit
from compete.web.pages import fields_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def live_parts(
    competition: Competition,
    folder: str,
    parts: Sequence[str],
    describe: Callable[[], DataclassInstance],
) -> ResponseReturnValue:
    """The parts as `{"parts": {name: HTML}}`, each from `FOLDER/_NAME.html`.

    The tag (ETag) is made of the audit chain's length and the minute, since who is
    late follows from the clock: while nothing is written, asking costs next to
    nothing (304). The page's script keeps the tag; no cache keeps the names.
    """
    locale = get_locale()
    tag = "-".join(
        (
            str(audit.count(competition)),
            utc_now().strftime("%d%H%M"),
            str(current_user.id),
            locale.language if locale else "zh",
        )
    )
    if tag in request.if_none_match:
        answer = make_response("", 304)
    else:
        live = fields_of(describe())
        answer = jsonify(
            parts={part: render_template(f"{folder}/_{part}.html", **live) for part in parts}
        )
    answer.set_etag(tag)
    return answer
