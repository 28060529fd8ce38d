"""A mark of direction in what is typed would have the rest of a record read backwards."""

from __future__ import annotations

from io import BytesIO

from flask import Flask, request


def test_a_form_is_read_without_marks_that_turn_what_comes_after(app: Flask) -> None:
    typed = {"reason": "林\u202e海\u2066涛·\u200d\n二", "again": ["甲", "\u2069乙"]}
    for file in ({}, {"photo": (BytesIO(b"x"), "x.png")}):
        with app.test_request_context("/", method="POST", data=typed | file):
            assert request.form["reason"].splitlines() == ["林海涛·\u200d", "二"]
            assert request.form.getlist("again") == ["甲", "乙"]
            assert bool(request.files) == bool(file)
