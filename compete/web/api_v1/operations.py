"""Operations of the API: each declared once, for the checks, OpenAPI and the page that explains."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, NoReturn, TypeVar

import msgspec
from flask import Blueprint, Response, make_response, request
from flask_babel import gettext as _

from compete.domain.values.messages import Message
from compete.models import ApiToken, Competition
from compete.services.accounts.api_tokens import (
    Scope,
    good_token,
    is_mistyped,
    note_use,
    token_may,
)
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.results.snapshots import standing_publications
from compete.web import guard
from compete.web.extensions import limiter
from compete.web.problems import Fault, refuse

face = Blueprint("api_v1", __name__, url_prefix="/api/v1")
MOST_ROWS = 1000
_TOKEN = "compete.api_token"
_OF_TOKEN, _OF_ADDRESS = "600 per minute", "120 per minute"
View = TypeVar("View", bound=Callable[..., Any])


class Query(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The parameters of an operation that takes none."""


class PagedQuery(Query, frozen=True, kw_only=True):
    """The parameters of a list."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = 100
    cursor: Annotated[str, msgspec.Meta(max_length=200)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation: what it takes, whom it lets in, what it answers."""

    name: str
    path: str
    scope: Scope | None
    summary: Message
    query: type[Query]
    answer: Any
    example: dict[str, Any]


OPERATIONS: list[Operation] = []


def operation(declared: Operation) -> Callable[[View], View]:
    """Declare a view as an operation: it receives its checked query, and gives its answer."""

    def wrapper(view: View) -> View:
        OPERATIONS.append(declared)

        @wraps(view)
        def checked(**kwargs: Any) -> Response:
            token = asking_token()
            if declared.scope is not None:
                if token is None:
                    refuse(401, _("要带令牌：Authorization: Bearer ct_…"))
                if declared.scope not in token.scopes:
                    refuse(403, _("这个令牌没有权限 %(scope)s", scope=declared.scope.value))
            query = _query_of(declared.query)
            if token is not None:
                note_use(token, request.remote_addr or "")
            response = make_response(msgspec.json.encode(view(query=query, **kwargs)))
            response.mimetype = "application/json"
            return response

        guarded = guard.public if declared.scope is None else guard.by_token
        face.get(declared.path, endpoint=declared.name)(guarded(_over_all(checked)))
        return view

    return wrapper


@face.after_request
def finish(response: Response) -> Response:
    """Add what every answer bears: its mark, the limits, whom browsers may hand it to."""
    if response.status_code == 200:
        response.headers["Cache-Control"] = "private, no-cache"
        response.vary.update(("Authorization", "Accept-Language"))
        response.add_etag()
        response.make_conditional(request)
    if "Authorization" not in request.headers:
        response.headers["Access-Control-Allow-Origin"] = "*"
    limit = limiter.current_limit
    if limit is not None:
        seconds = max(1, int(limit.reset_at - time.time()))
        response.headers["RateLimit-Limit"] = str(limit.limit.amount)
        response.headers["RateLimit-Remaining"] = str(max(0, limit.remaining))
        response.headers["RateLimit-Reset"] = str(seconds)
        if response.status_code == 429:
            response.headers["Retry-After"] = str(seconds)
    return response


def asking_token() -> ApiToken | None:
    """The token of the request, or None for one without; a wrong one ends the request."""
    token = _token_of_request()
    if token is None and "Authorization" in request.headers:
        scheme, _space, text = request.headers["Authorization"].partition(" ")
        if scheme.lower() == "bearer" and is_mistyped(text.strip()):
            refuse(401, _("令牌不完整或者写错了，从头再抄一次"))
        refuse(401, _("令牌不对、过期或者收回了"))
    return token


def seen_competition(code: str) -> Competition:
    """The competition if it is public or the token may see it; else there is none."""
    return _competition(
        code, lambda it: bool(standing_publications(it)) or has_scope(Scope.ADMIN_READ, it)
    )


def own_competition(code: str, scope: Scope) -> Competition:
    """The competition if the token may do there what the scope says; else there is none."""
    return _competition(code, lambda it: has_scope(scope, it))


def has_scope(scope: Scope, competition: Competition) -> bool:
    """True if the request's token may do in the competition what the scope says."""
    token = asking_token()
    return token is not None and token_may(token, scope, competition)


def cursor_after(*key: int) -> str:
    """Write where a list goes on."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def read_cursor(cursor: str | None, numbers: int) -> Sequence[int] | None:
    """Read where a list goes on; None for its beginning."""
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = msgspec.json.decode(text, type=list[Annotated[int, msgspec.Meta(ge=0, le=2**62)]])
    except (binascii.Error, ValueError):
        key = []
    if len(key) != numbers:
        refuse_parameter("cursor", _("cursor 要原样用上一页的 next"))
    return key


def number_after(cursor: str | None) -> int | None:
    """Read the number after which a list goes on; None for its beginning."""
    key = read_cursor(cursor, 1)
    return None if key is None else key[0]


def refuse_parameter(name: str, detail: str) -> NoReturn:
    """End the request for what a parameter of its address says."""
    refuse(400, detail, [Fault(f"?{name}", "parameter", detail)])


def _competition(code: str, is_seen: Callable[[Competition], bool]) -> Competition:
    competition = competition_by_code(code)
    if competition is None or not is_seen(competition):
        refuse(404, _("没有编号为“%(code)s”的竞赛，或者这个令牌看不到", code=code))
    return competition


def _token_of_request() -> ApiToken | None:
    if _TOKEN not in request.environ:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        good = good_token(text.strip()) if scheme.lower() == "bearer" else None
        request.environ[_TOKEN] = good
    token: ApiToken | None = request.environ[_TOKEN]
    return token


def _who() -> str:
    token = _token_of_request()
    return f"token:{token.id}" if token else f"address:{request.remote_addr}"


def _rate() -> str:
    return _OF_TOKEN if _token_of_request() else _OF_ADDRESS


# One count over all operations, not one each.
_over_all = limiter.shared_limit(_rate, scope="api_v1", key_func=_who)


def _query_of(query: type[Query]) -> Query:
    for name, values in request.args.lists():
        if name not in query.__struct_fields__:
            refuse_parameter(name, _("没有参数 %(name)s", name=name))
        if len(values) > 1:
            refuse_parameter(name, _("参数 %(name)s 只能写一次", name=name))
    for name, text in request.args.items():
        try:
            msgspec.convert({name: text}, query, strict=False)
        except msgspec.ValidationError:
            refuse_parameter(name, _("参数 %(name)s 的值不对", name=name))
    return msgspec.convert(request.args.to_dict(), query, strict=False)
