"""Errors of the API for other systems, as RFC 9457 has them."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import NoReturn

import msgspec
from flask import Request, Response, abort, make_response
from flask_babel import gettext as _

PREFIX = "/api/v1/"


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong in a request, and where."""

    pointer: str
    code: str
    detail: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error; `type` is an address of the documentation."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] = []


def is_for_systems(request: Request) -> bool:
    """True if a request is one to the API for other systems, whatever its address."""
    return request.path.startswith(PREFIX) or request.path == PREFIX.rstrip("/")


def problem(status: int, detail: str, faults: Sequence[Fault] = ()) -> Response:
    """An error as other systems read it."""
    title = HTTPStatus(status).phrase
    body = Problem(f"{PREFIX}docs#status-{status}", title, status, detail, list(faults))
    response = make_response(msgspec.json.encode(body), status)
    response.mimetype = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="compete"'
    return response


def plain_problem(status: int, sentence: str) -> Response:
    """An error outside an operation; `sentence` where the API has no words of its own."""
    words = {
        400: _("请求的格式不对"),
        404: _("没有这个地址，或者这个令牌看不到"),
        405: _("这个地址不收这种请求"),
        413: _("请求太大，最多 2 MB"),
        415: _("只收 application/json"),
        429: _("太频繁了，过 Retry-After 秒再来"),
        500: _("系统出了错，已记下，什么也没有写入"),
    }
    return problem(status, words.get(status, sentence))


def refuse(status: int, detail: str, faults: Sequence[Fault] = ()) -> NoReturn:
    """End the request with an error."""
    abort(problem(status, detail, faults))
