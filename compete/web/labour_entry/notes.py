"""Evidence and comments on a square: added, taken back, handed out, to its two sides alone."""

from __future__ import annotations

import msgspec
from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, LabourNote
from compete.services.kernel.untrusted_json import read_json
from compete.services.labour.entry import Writer
from compete.services.labour.notes import add_note, find_note, may_read, notes_of, withdraw_note
from compete.web import guard
from compete.web.downloads import send_file_bytes
from compete.web.errors import answer
from compete.web.extensions import limiter
from compete.web.labour_entry.writers import answer_json, entered_leaf, face, sent_file, writer_of
from compete.web.templating import moment
from compete.web.upload_limit_words import size_words


class BackBody(msgspec.Struct):
    """The body of `POST …/back`."""

    reason: str


def note_line(writer: Writer, note: LabourNote) -> dict[str, str | bool]:
    """Return a comment or a file as its page shows it; `mine` if the viewer made it."""
    shown = note.filename and note.withdrawn_at is None
    code = writer.competition.code
    return {
        "uuid": note.uuid,
        "text": _("保存期到了，已经删除") if note.erased_at is not None else note.text or "",
        "name": note.filename or "",
        "url": url_for("labour_entry.evidence", code=code, uuid=note.uuid) if shown else "",
        "photo": note.media == "image/jpeg",
        "size": size_words(max(note.size, 1024)) if note.size else "",
        "by": note.maker.name,
        "when": moment(note.made_at),
        "own": note.own,
        "mine": note.made_by == writer.account.id,
        # Why it was taken back.
        "gone": note.withdrawn_why or "",
    }


@face.post("/<code>/<period>/notes")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.limit("60 per minute", key_func=lambda: f"notes:{current_user.get_id()}")
def add(competition: Competition, period: str) -> ResponseReturnValue:
    """Keep a comment or a file: multipart with `unit`, `indicator`, `uuid`, `text`, `file`."""
    writer = writer_of(competition)
    period = entered_leaf(writer, period)
    form, (filename, content) = request.form, sent_file()
    note = add_note(
        writer,
        period,
        (form.get("unit", ""), form.get("indicator", "")),
        uuid=form.get("uuid", ""),
        text=form.get("text", ""),
        filename=filename,
        content=content,
    )
    return _answer(writer, note)


@face.post("/<code>/<period>/notes/<uuid>/back")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.limit("60 per minute")
def take_back(competition: Competition, period: str, uuid: str) -> ResponseReturnValue:
    """Take the own comment or file back: `{reason}`."""
    writer = writer_of(competition)
    note = _note(writer, uuid)
    body = read_json(request.get_data(), BackBody)
    if body is None:
        return answer(400, _("这次提交不完整，再试一次"))
    if note.period != entered_leaf(writer, period):
        abort(404)
    note = withdraw_note(writer, note, body.reason)
    return _answer(writer, note)


@face.get("/<code>/evidence/<uuid>")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
def evidence(competition: Competition, uuid: str) -> Response:
    """A file of a square that is the reader's."""
    return send_evidence(_note(writer_of(competition), uuid))


def send_evidence(note: LabourNote) -> Response:
    """The file, to be opened; 404 where there is none, or it was taken back."""
    if note.withdrawn_at is not None:
        abort(404)
    return send_evidence_file(note.document, note.filename, note.media)


def send_evidence_file(document: bytes | None, filename: str | None, media: str | None) -> Response:
    """A file of evidence, a photo to be looked at; 404 where there is none."""
    if document is None or media is None:
        abort(404)
    sent = send_file_bytes(document, filename or "", media, show=media == "image/jpeg")
    sent.headers["Cache-Control"] = "private, no-store"
    return sent


def _note(writer: Writer, uuid: str) -> LabourNote:
    note = find_note(writer.competition, uuid)
    if note is None or not may_read(writer, note):
        abort(404)
    return note


def _answer(writer: Writer, note: LabourNote) -> Response:
    """Answer with all notes of the square, and how many of them stand."""
    notes = notes_of(note.unit, note.period, note.indicator)
    standing = sum(written.withdrawn_at is None for written in notes)
    return answer_json(
        {"notes": [note_line(writer, written) for written in notes], "standing": standing}
    )
