"""Writers: the people who enter, and their periods; every address of entry asks this first."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, abort, g, request
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.labour.unit_spans import WHOLE, unit_spans
from compete.domain.values.upload_limits import LARGEST_DOCUMENT
from compete.models import Competition, Membership
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.entry import Writer
from compete.services.labour.squares import asked_in, leaves_of
from compete.web.language import say

face = Blueprint("labour_entry", __name__, url_prefix="/labour-entry")


def writer_of(competition: Competition) -> Writer:
    """Return the viewer as a department's recorder or a unit's contact; else 404."""
    membership: Membership | None = g.membership
    if competition_kind(competition).of_people or membership is None:
        abort(404)
    if membership.department is None and membership.unit is None:
        abort(404)
    return Writer(competition, current_user, department=membership.department, unit=membership.unit)


def leaves_of_writer(writer: Writer) -> list[str]:
    """The leaf periods in which the writer has something to enter."""
    labour = labour_of(writer.competition)
    leaves = leaves_of(labour)
    span = unit_spans(labour).get(writer.unit.code, WHOLE) if writer.unit is not None else WHOLE
    return [
        leaf
        for leaf in leaves
        if span.holds(leaves, leaf)
        and any(writer.may(indicator.code) for indicator in asked_in(labour, leaf))
    ]


def entered_leaf(writer: Writer, period: str) -> str:
    """The period, if the writer has something to enter in it; else 404."""
    if period not in leaves_of_writer(writer):
        abort(404)
    return period


def sent_file() -> tuple[str, bytes]:
    """The name and the content of the file that came with a form; empty without one."""
    sent = request.files.get("file")
    if sent is None:
        return "", b""
    return sent.filename or "", sent.stream.read(LARGEST_DOCUMENT + 1)


def answer_json(value: object) -> Response:
    """Answer the page's script; messages in it are told in the reader's language."""
    return Response(msgspec.json.encode(value, enc_hook=say), mimetype="application/json")
