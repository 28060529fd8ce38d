"""Limits on addresses and forms, before any view looks at them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import IO, Any

from flask import Flask, Request, abort, current_app, request
from flask_login import current_user
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from compete.services.kernel.edit_conflicts import page_showed

MANY_FIELDS = {"organiser.event_rules": 12_000}
"""Forms with more fields than others: so many parts may come with a file."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_LONG_FORMS = frozenset({"organiser.event_rules"})
"""The rules of an event go with the workbook that is read into them, each field a part."""
_MOST_PARTS = 10_000
FORM_BYTES, STRANGERS_FORM_BYTES = 256 * 1024, 32 * 1024
"""Bytes of a typed form at most: it is shown again if it is refused. Long forms are let
in up to the setting of the application."""
_LEAST_BUFFER = 128 * 1024
"""Werkzeug reads files 64 KB at a time through the buffer that it holds to the bound of fields."""


class RowNumber(IntegerConverter):
    """A number that a database can hold; any other is no address of ours."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**62)


class CodeInAddress(UnicodeConverter):
    """A text as one part of an address, whatever signs it has.

    Servers read `%2F` as a slash and browsers `%2E%2E` as the folder above, so a slash is
    written `~1`, a dot of a part that is dots alone `~2`, and a tilde before a digit `~0`.
    """

    def to_python(self, value: str) -> str:
        """The text that an address means."""
        return _ESCAPED.sub(lambda match: _MEANT[match[1]], value)

    def to_url(self, value: str) -> str:
        """The text as it stands in an address."""
        text = _AMBIGUOUS.sub("~0", str(value)).replace("/", "~1")
        return super().to_url(text if text.strip(".") else text.replace(".", "~2"))


_MEANT = {"0": "~", "1": "/", "2": "."}
_ESCAPED = re.compile("~([012])")
_AMBIGUOUS = re.compile("~(?=[012])")


_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks of direction: what comes after one is read backwards, on a page, in a record, on paper."""


class _Fields(FormDataParser):
    """Typed fields, without invisible marks that turn what comes after them."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        """The fields and files of a form; no file of one that is refused stays open."""
        opened: list[IO[bytes]] = []
        make, kept = self.stream_factory, set[IO[bytes]]()

        def remembered(*about: Any, **named: Any) -> IO[bytes]:
            opened.append(make(*about, **named))
            return opened[-1]

        self.stream_factory = remembered
        try:
            rest, form, files = super().parse(stream, mimetype, content_length, options)
            kept = {file.stream for _name, file in files.items(multi=True)}
        finally:
            for file in opened:
                if file not in kept:
                    file.close()
        if any(not text.isascii() and _TURNING.search(text) for _name, text in _form_pairs(form)):
            form = self.cls([(name, _TURNING.sub("", text)) for name, text in _form_pairs(form)])
        return rest, form, files


def _form_pairs(form: MultiDict[str, str]) -> Iterable[tuple[str, str]]:
    return form.items(multi=True)


class _Request(Request):
    form_data_parser_class = _Fields

    def __init__(self, environ: dict[str, Any], populate_request: bool = True) -> None:
        super().__init__(environ, populate_request)
        # To a view HEAD is GET: what is not GET it takes for an act, which no token guards here.
        if self.method == "HEAD":
            self.method = "GET"


def init_app(app: Flask) -> None:
    """Let long forms in, without marks that turn what is typed; refuse NUL characters.

    No text of ours has one, and PostgreSQL keeps none.

    Must come before the views are registered, whose addresses use the numbers and codes.
    """
    app.request_class = _Request
    app.url_map.converters |= {
        "int": RowNumber,
        "default": CodeInAddress,
        "string": CodeInAddress,
    }

    @app.before_request
    def refuse_no_host() -> None:
        # Empty where the head's host is none: no address could be made of it.
        if not request.host:
            abort(400)

    @app.before_request
    def take_many_fields() -> None:
        if request.endpoint in MANY_FIELDS:
            request.max_form_parts = MANY_FIELDS[request.endpoint]

    @app.before_request
    def allow_long_forms() -> None:
        # Reading so many parts takes time, which strangers are not given.
        if request.endpoint in _LONG_FORMS and current_user.is_authenticated:
            request.max_form_parts = _MOST_PARTS

    @app.before_request
    def bound_what_is_typed() -> None:
        # Before anything reads the form: what it says comes back to whoever sent it.
        if request.mimetype not in _FORMS:
            return
        known = current_user.is_authenticated
        if not (known and request.endpoint in MANY_FIELDS):
            request.max_form_memory_size = FORM_BYTES if known else STRANGERS_FORM_BYTES
        if request.mimetype == _FORMS[0]:
            # Here Werkzeug asks for the size of all that is sent alone.
            request.max_content_length = request.max_form_memory_size
        elif _is_readable():
            _read_fields()

    @app.before_request
    def refuse_nul() -> None:
        texts = [request.path, *request.args, *request.args.values()]
        if request.mimetype in _FORMS and _is_readable():
            texts += [*request.form, *request.form.values()]
            texts += [file.filename or "" for file in request.files.values()]
        # A part of a form may come without a name.
        if any("\0" in (text or "") for text in texts):
            abort(400)

    @app.before_request
    def take_what_the_page_showed() -> None:
        readable = request.mimetype in _FORMS and _is_readable()
        page_showed(request.form.get("shown", "") if readable else "")


def _is_readable() -> bool:
    """Say whether all that is sent may be read; if not, the page it was sent to tells so."""
    most: int = current_app.config["MAX_CONTENT_LENGTH"]
    return (request.content_length or 0) <= most


def _read_fields() -> None:
    """Read fields and files; raise `RequestEntityTooLarge` for a field beyond the bound."""
    most = request.max_form_memory_size
    if most is None:
        return
    request.max_form_memory_size = max(most, _LEAST_BUFFER)
    try:
        fields = request.form
    finally:
        request.max_form_memory_size = most
    if any(len(text.encode("utf-8", "replace")) > most for text in fields.values()):
        raise RequestEntityTooLarge
