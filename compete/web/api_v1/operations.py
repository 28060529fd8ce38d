"""Operations of the API: each declared once, for the checks, OpenAPI and the page that explains."""

from __future__ import annotations

import base64
import binascii
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial, wraps
from typing import Annotated, Any, Generic, Literal, NoReturn, TypeVar

import msgspec
from flask import Blueprint, Response, make_response, request
from flask_babel import gettext as _

from compete.domain.values.messages import Message, listed
from compete.models import ApiToken, Competition
from compete.server.answers import Followed
from compete.services.accounts.api_answers import acting_through, answered_once
from compete.services.accounts.api_tokens import (
    Scope,
    good_token,
    is_mistyped,
    note_use,
    record_people_read,
    token_may,
)
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.row_faults import RowFaultsError
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.snapshots import standing_publications
from compete.web import guard
from compete.web.extensions import csrf, limiter
from compete.web.language import say
from compete.web.problems import Fault, refuse
from compete.web.refusals import status_of

face = Blueprint("api_v1", __name__, url_prefix="/api/v1")
# Called by tokens alone, never by a session: there is no form to forge.
csrf.exempt(face)
NDJSON = "application/x-ndjson"
MOST_ROWS = 1000
LONGEST_KEY = 255
MOST_BYTES = 2 * 1024 * 1024
_EARLIEST, _LATEST = 1970, 2200
"""The years that an instant of a request may be in."""
_TOKEN = "compete.api_token"
_OF_TOKEN, _OF_ADDRESS = "600 per minute", "120 per minute"
View = TypeVar("View", bound=Callable[..., Any])
Row = TypeVar("Row")
Listed = TypeVar("Listed")
Text = Annotated[str, msgspec.Meta(max_length=500)]
Instant = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^\d{4}-\d\d-\d\dT[0-9:.]{5,15}(Z|[+-]\d\d:\d\d)$",
        extra_json_schema={"format": "date-time"},
    ),
]
"""An instant as text, with its zone."""
_ENCODER = msgspec.json.Encoder()
_WHERE = re.compile(r"^(?P<why>.*?)(?: - at `\$(?P<place>.*)`)?$", re.S)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


class Query(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The parameters of an operation that takes none."""


class PagedQuery(Query, frozen=True, kw_only=True):
    """The parameters of a list."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = 100
    cursor: Annotated[str, msgspec.Meta(max_length=200)] | None = None


class Page(msgspec.Struct, Generic[Row], frozen=True):
    """A part of a list; `next` is the cursor of the part after it."""

    data: list[Row]
    next: str | None


@dataclass(frozen=True, slots=True)
class Tagged:
    """An answer with a mark of all that it is made of, which changes with it."""

    value: Any
    tag: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of an answer that goes on: what there is, and a call for what came since.

    The call is made outside the request; it gives None at the end.
    """

    first: list[Any]
    more: Callable[[], list[Any] | None]


class WrittenRowOut(msgspec.Struct, frozen=True):
    """The result of a row of what is written all or none."""

    row: int
    """Its place in what was sent, from 0."""
    result: Literal["changed", "unchanged"]


class WrittenRowsOut(msgspec.Struct, frozen=True):
    """The results of the rows, in their order."""

    data: list[WrittenRowOut]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an operation is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation: what it takes, whom it lets in, what it answers.

    `body` is the type of what is sent, with an example of it in `sent`. One whose `media` is
    `NDJSON` gives a list of its answers, each a line.
    """

    name: str
    path: str
    scope: Scope | None
    summary: Message
    query: type[Query] = Query
    answer: Any
    example: dict[str, Any]
    method: Literal["GET", "POST", "PUT", "PATCH"] = "GET"
    body: Any = None
    sent: Any = None
    media: str = "application/json"


OPERATIONS: list[Operation] = []


def operation(declared: Operation) -> Callable[[View], View]:
    """Declare a view as an operation: it receives query and body, checked, and gives its answer."""

    def wrapper(view: View) -> View:
        OPERATIONS.append(declared)

        @wraps(view)
        def checked(**kwargs: Any) -> Response:
            token = asking_token()
            if declared.scope is not None:
                require_scope(declared.scope)
            kwargs["query"] = _query_of(declared.query)
            if declared.body is not None:
                kwargs["body"] = _body_of(declared)
            if token is not None:
                note_use(token, request.remote_addr or "")
            try:
                answer = _answer_of(declared, token, lambda: view(**kwargs))
            except RowFaultsError as refused:
                faults = [
                    Fault(f"/{fault.row}/{fault.field}", fault.code, say(fault.what))
                    for fault in refused.faults
                ]
                late = refused.kind is Refusal.CONFLICT
                refuse(409 if late else 422, say(refused.message), faults)
            except Refused as refused:
                # What is malformed was refused before.
                is_rule = refused.kind is Refusal.INVALID
                refuse(422 if is_rule else status_of(refused), say(refused.message))
            response = make_response(answer.content)
            if answer.more is not None:
                # Whole for who asks for the beginning alone, else passed on as it is.
                response = Response(direct_passthrough=True)
                response.response = Followed(answer.content, answer.more)
            response.mimetype = declared.media
            if answer.tag is not None:
                response.set_etag(answer.tag)
            return response

        guarded = guard.public if declared.scope is None else guard.by_token
        methods = [declared.method]
        face.add_url_rule(declared.path, declared.name, guarded(over_all(checked)), methods=methods)
        return view

    return wrapper


@face.after_request
def finish(response: Response) -> Response:
    """Add what every answer bears: its mark, the limits, whom browsers may hand it to."""
    if response.direct_passthrough:
        response.headers["Cache-Control"] = "no-store"
        # A proxy before us is not to wait for its end.
        response.headers["X-Accel-Buffering"] = "no"
    elif response.status_code == 200 and request.method in ("GET", "HEAD"):
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


def accepted_types(declared: Operation) -> list[str]:
    """The media types in which an operation may be sent its body."""
    patches = ["application/merge-patch+json"] if declared.method == "PATCH" else []
    return ["application/json", *patches]


def asking_token() -> ApiToken | None:
    """The token of the request, or None for one without; a wrong one ends the request."""
    token = _token_of_request()
    if token is None and "Authorization" in request.headers:
        scheme, _space, text = request.headers["Authorization"].partition(" ")
        if scheme.lower() == "bearer" and is_mistyped(text.strip()):
            refuse(401, _("令牌不完整或者写错了，从头再抄一次"))
        refuse(401, _("令牌不对、过期或者收回了"))
    return token


def require_scope(scope: Scope) -> None:
    """End the request of who brings no token, or one without this scope."""
    token = asking_token()
    if token is None:
        refuse(401, _("要带令牌：Authorization: Bearer ct_…"))
    if scope not in token.scopes:
        refuse(403, _("这个令牌没有权限 %(scope)s", scope=scope.value))


def seen_competition(code: str, *also: Scope) -> Competition:
    """The competition if it is public or the token may see it; else there is none.

    A token may see it by `admin:read`, or by one of the scopes that do `also`.
    """
    return _competition(
        code,
        lambda it: (
            bool(standing_publications(it))
            or any(has_scope(scope, it) for scope in (Scope.ADMIN_READ, *also))
        ),
    )


def own_competition(code: str, scope: Scope) -> Competition:
    """The competition if the token may do there what the scope says; else there is none."""
    return _competition(code, lambda it: has_scope(scope, it))


def bearer() -> str:
    """The token as the request bears it, to be asked about again; empty without one."""
    return request.headers.get("Authorization", "").partition(" ")[2].strip()


def has_scope(scope: Scope, competition: Competition) -> bool:
    """True if the request's token may do in the competition what the scope says."""
    token = asking_token()
    return token is not None and token_may(token, scope, competition)


def reads_people(competition: Competition, *, count: int) -> bool:
    """True if the request's token reads names and ID numbers unmasked; that is on record then."""
    token = asking_token()
    if token is None or not has_scope(Scope.PEOPLE_READ, competition):
        return False
    record_people_read(token, competition, count=count)
    return True


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


def written_rows(new: Sequence[bool]) -> WrittenRowsOut:
    """The results of rows of which these were new."""
    return WrittenRowsOut(
        [
            WrittenRowOut(place, "changed" if is_new else "unchanged")
            for place, is_new in enumerate(new)
        ]
    )


def number_text(value: str | float | None) -> str:
    """A number as somebody would type it; a text as it is, nothing for none."""
    if value is None:
        return ""
    return value if isinstance(value, str) else format(Decimal(str(value)), "f")


def usable_instant(at: datetime) -> datetime:
    """An instant as it is; ValueError for one that no clock of today's could say."""
    try:
        year = at.astimezone(UTC).year
    except OverflowError:
        year = 0
    if not _EARLIEST <= year <= _LATEST:
        raise ValueError(at)
    return at


def instant_of(name: str, text: str | None) -> datetime | None:
    """Read an instant of a request's address; None where there is none."""
    if text is None:
        return None
    try:
        return usable_instant(datetime.fromisoformat(text))
    except ValueError:
        refuse_parameter(name, _("%(name)s 要写成 2026-09-18T00:00:00Z", name=name))


def require_same(tag: str) -> None:
    """End the request where it does not say that it changes what now has this mark."""
    seen = request.if_match
    if "If-Match" not in request.headers:
        refuse(428, _("改之前先读，再带上读到的 ETag：If-Match"))
    if not seen.contains(tag):
        refuse(412, _("你读了以后别人改过，再读一次再改"))


def part_of(
    rows: Sequence[Listed], query: PagedQuery, key: Callable[[Listed], int]
) -> tuple[Sequence[Listed], str | None]:
    """As many rows as are wanted, and the cursor after them where there are more."""
    shown = rows[: query.limit]
    return shown, cursor_after(key(shown[-1])) if len(rows) > query.limit else None


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


over_all = limiter.shared_limit(_rate, scope="api_v1", key_func=_who)
"""Counts a view's calls with those of every other of the API: one count, not one each."""


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


@dataclass(frozen=True, slots=True)
class _Written:
    content: bytes
    tag: str | None = None
    more: Callable[[], bytes | None] | None = None


def _answer_of(declared: Operation, token: ApiToken | None, view: Callable[[], Any]) -> _Written:
    """The answer, written; what writes does so in one transaction, and once for one key."""
    if token is None:
        return _written(declared, view())
    with acting_through(token):
        if declared.method == "GET":
            return _written(declared, view())
        key = request.headers.get("Idempotency-Key", "")
        if declared.method != "POST" or not key:
            with unit_of_work():
                return _written(declared, view())
        if len(key) > LONGEST_KEY:
            refuse(400, _("Idempotency-Key 最长 %(n)s 个字", n=LONGEST_KEY))
        wanted = f"{declared.name} {request.full_path}\n".encode() + request.get_data()
        content = answered_once(token, key, wanted, lambda: _written(declared, view()).content)
        return _Written(content)


def _written(declared: Operation, answer: Any) -> _Written:
    tag = None
    if isinstance(answer, Tagged):
        answer, tag = answer.value, answer.tag
    if isinstance(answer, Lines):
        return _Written(_ENCODER.encode_lines(answer.first), more=partial(_more_of, answer.more))
    if declared.media == NDJSON:
        return _Written(_ENCODER.encode_lines(answer), tag)
    return _Written(_ENCODER.encode(answer), tag)


def _more_of(more: Callable[[], list[Any] | None]) -> bytes | None:
    lines = more()
    return None if lines is None else _ENCODER.encode_lines(lines)


def _body_of(declared: Operation) -> Any:
    kinds = accepted_types(declared)
    if request.mimetype not in kinds:
        refuse(415, _("只收 %(kinds)s", kinds=say(listed(kinds))))
    request.max_content_length = MOST_BYTES
    try:
        return msgspec.json.decode(request.get_data(), type=declared.body)
    except msgspec.ValidationError as error:
        match = _WHERE.match(str(error))
        place = (match["place"] or "") if match else ""
        pointer = "".join(f"/{name or number}" for name, number in _STEP.findall(place))
        name = re.search(r"field `(\w+)`", str(error))
        if name is not None:
            pointer += f"/{name[1]}"
        where = pointer or "/"
        detail = _("%(place)s 的值不对，或者缺了、多了这一项", place=where)
        refuse(400, detail, [Fault(pointer, "malformed", detail)])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        refuse(400, _("内容不是 UTF-8 的 JSON"))
