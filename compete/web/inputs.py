"""What may stand in an address or a form at all, before any view looks at it."""

from __future__ import annotations

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

_FORM = "application/x-www-form-urlencoded"


class RowNumber(IntegerConverter):
    """A number that a database can hold; any other is no address of ours."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**62)


def init_app(app: Flask) -> None:
    """Refuse NUL characters: no text of ours has one, and PostgreSQL keeps none.

    Must come before the views are registered, whose addresses use the numbers.
    """
    app.url_map.converters["int"] = RowNumber

    @app.before_request
    def refuse_nul() -> None:
        texts = [request.path, *request.args, *request.args.values()]
        if request.mimetype == _FORM:
            texts += request.form.values()
        if any("\0" in text for text in texts):
            abort(400)
