"""Guards: who may open what, deny by default.

Every view carries one guard. A request for a view without one is refused, and
a test walks all routes and fails where none stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, TypeAlias, TypeVar

from flask import (
    Flask,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask_login import current_user

from compete.domain.kinds.kinds import KINDS, kinds_where
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg
from compete.domain.values.rights import HOLDERS, Right, roles_for
from compete.domain.values.roles import Role
from compete.models import Competition, Judge
from compete.services.accounts.access import may_anywhere, memberships_with, parts_in
from compete.services.accounts.revoked_roles import lost_roles
from compete.services.judging.act_batches import Seat
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.rows_by_number import competition_by_code
from compete.web.errors import seat_is_over
from compete.web.extensions import csrf, limiter, login, who_asks
from compete.web.homes import home_of

EVERY_KIND = frozenset(Kind)
ANY_KIND = frozenset(kinds_where(lambda kind: kind.has_results))
"""Every kind of which something comes: a practice has pages of its own, and few others."""
SKILLS, LABOUR, EVALUATIONS = (
    frozenset({kind}) for kind in (Kind.SKILLS, Kind.LABOUR, Kind.EVALUATION)
)
PRACTICES = EVERY_KIND - ANY_KIND
_OF_PEOPLE = SKILLS | EVALUATIONS

_ONLY_READS = msg("您的职责只看和打印，这件事请组委会办")

LIST_OF_THE_DESK = "organiser.competitions"

AnyView: TypeAlias = Callable[..., Any]
View = TypeVar("View", bound=AnyView)


@dataclass(frozen=True, slots=True)
class Parts:
    """The roles of whoever looks at a competition's page."""

    roles: frozenset[Role]
    administrator: bool


def public(view: View) -> View:
    """Anyone may open it."""
    view.__dict__["guard"] = "public"
    return view


def public_post(
    rate: str | Callable[[], str], whose: Callable[[], str] = who_asks
) -> Callable[[AnyView], AnyView]:
    """Anyone may send it, so often: who is in no session has no token to check."""

    def guarded(view: AnyView) -> AnyView:
        csrf.exempt(view)
        return public(limiter.limit(rate, key_func=whose)(view))

    return guarded


def by_token(view: View) -> View:
    """Other systems, by a token whose scopes the operation checks before it does anything."""
    view.__dict__["guard"] = "token"
    return view


def only_watches(view: View) -> View:
    """Mark a view that an open page calls by itself: it does not keep the session from idling."""
    view.__dict__["watches"] = True
    return view


def is_watching() -> bool:
    """True if the request is one that an open page makes by itself."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and "watches" in view.__dict__


def may(
    right: Right, of: frozenset[Kind] | None = None, *, instead: str | None = None
) -> Callable[[View], View]:
    """Guard a view by a right of the table of `compete.domain.values.rights`.

    Where the address names a competition (`code`) the right is done in it, and the view
    receives `competition` in its place. Who has no part in a competition is told that
    there is none, so that codes cannot be tried out.

    `of` are the kinds of competition that have the page, else those of people. An evaluation may
    have another page `instead`: callers are led there.
    """

    def guarded(view: View) -> View:
        if right is Right.MARK:
            return _guarded(view, right, _check_judge)
        if "competition" in signature(view).parameters:
            guarded = _of_competition(view, right, of or _OF_PEOPLE, instead)
            guarded.__dict__["kinds"] = of or _OF_PEOPLE
        else:
            guarded = _guarded(view, right, lambda _kwargs: _check_anywhere(right))
        guarded.__dict__["instead"] = instead
        return guarded

    return guarded


def page_instead(endpoint: str) -> str | None:
    """Return the page that an evaluation has instead of a page of contests, or None."""
    page: str | None = current_app.view_functions[endpoint].__dict__.get("instead")
    return page


def _check_anywhere(right: Right) -> None:
    if not may_anywhere(current_user, right):
        _tell_of_no_part()
        if right is not Right.OPEN_DESK:
            abort(404)
        # A coder, a clerk or a judge who comes to the list is led to the own page.
        if request.endpoint == LIST_OF_THE_DESK:
            abort(redirect(home_of(current_user)))
        abort(403)


def _check_judge(_kwargs: dict[str, Any]) -> None:
    """Put the judging membership into `g.judging` for the view.

    A call that names its judge (`X-Judge`) is answered for that judge or not
    at all: a page made for one must not send its marks in another's name.
    """
    header = request.headers.get("X-Judge")
    for membership in memberships_with(current_user, roles_for(Right.MARK)):
        if membership.judge is not None and header in (None, judge_mark(membership.judge)):
            g.judging = membership
            return
    if header is None:
        _tell_of_no_part()
    elif has_lost_seat():
        abort(make_response(seat_is_over(403)))
    abort(403)


def has_lost_seat() -> bool:
    """True if a call names a judge (`X-Judge`) of a competition whose part the account lost:
    who was replaced in one may still be signed in for another.
    """
    competition, _point, _judge = request.headers.get("X-Judge", "").partition(".")
    if not current_user.is_authenticated or not competition:
        return False
    return any(str(lost.competition.id) == competition for lost in lost_roles(current_user))


def api_judge(view: View) -> View:
    """Judges, found by the service in the transaction that holds their marks.

    The view receives `session_id` and `named`, which says of a judge whether
    the call names that one (as in `_check_judge`), and must hand both on.
    """

    @wraps(view)
    def wrapper(**kwargs: Any) -> Any:
        session_id = session.get("_user_id")
        if not isinstance(session_id, str):
            return login.unauthorized()
        named = named_by(request.headers.get("X-Judge"))
        return current_app.ensure_sync(view)(session_id=session_id, named=named, **kwargs)

    wrapper.__dict__["guard"] = Right.MARK
    return wrapper  # type: ignore[return-value]


def named_by(header: str | None) -> Callable[[Seat], bool]:
    """Return a test: does a call with this `X-Judge` header, or without one, mean a judge?"""
    return lambda judge: header in (None, judge_mark(judge))


@contextmanager
def as_in(competition: Competition, roles: frozenset[Role]) -> Iterator[None]:
    """Rights and addresses as on a page of this competition, for a page that tells of several."""
    g.competition = competition
    g.parts = Parts(roles, administrator=current_user.is_admin)
    try:
        yield
    finally:
        del g.competition, g.parts


def may_do(right: Right) -> bool:
    """True if whoever looks at a competition's page has the right in that competition."""
    parts: Parts | None = g.get("parts")
    return parts is None or HOLDERS[right].of(parts.roles, administrator=parts.administrator)


def may_open(endpoint: str) -> bool:
    """True if whoever looks at a competition's page gets past the guard of another of its pages.

    Nobody does where its kind has no such page.
    """
    view = current_app.view_functions[endpoint].__dict__
    here: Competition | None = g.get("competition")
    if here is not None and Kind(here.kind) not in view.get("kinds", EVERY_KIND):
        return False
    return may_do(view["guard"])


def allowed_url(endpoint: str, **values: Any) -> str | None:
    """Address of a competition's page, or None for those who would not be let in."""
    return url_for(endpoint, **values) if may_open(endpoint) else None


def judge_mark(judge: Judge | Seat) -> str:
    """Return a mark that tells tablets of different judges apart; kept there with the marks."""
    return f"{judge.competition_id}.{judge.id}"


def _tell_of_no_part() -> None:
    """Lead an account that lost its last role to its own page, which says so in words.

    The same for any address, so that codes cannot be tried out.
    """
    if request.method != "GET" or request.blueprint == "api" or current_user.is_admin:
        return
    if not memberships_with(current_user, set(Role)) and lost_roles(current_user):
        abort(redirect(url_for("auth.account")))


def _of_competition(view: View, right: Right, of: frozenset[Kind], instead: str | None) -> View:
    def check(kwargs: dict[str, Any]) -> None:
        competition: Competition | None = competition_by_code(kwargs.pop("code"))
        if competition is None:
            _tell_of_no_part()
            abort(404)
        own = parts_in(current_user, competition)
        parts = Parts(frozenset(part.role for part in own), administrator=current_user.is_admin)
        holders, administrator = HOLDERS[right], parts.administrator
        if not holders.of(parts.roles, administrator=administrator):
            _tell_of_no_part()
            abort(404)
        acting = request.method not in ("GET", "HEAD")
        if acting and not holders.of(parts.roles, administrator=administrator, acting=True):
            raise Refused(_ONLY_READS, kind=Refusal.FORBIDDEN)
        g.competition, g.parts = competition, parts
        # Of several the one that may do most: the roles stand in that order.
        g.membership = next((part for part in own if part.role in roles_for(right)), None)
        kind = Kind(competition.kind)
        if kind not in of:
            if KINDS[kind].gives_verdicts and instead is not None:
                event = request.args.get("event")
                abort(redirect(url_for(instead, code=competition.code, event=event)))
            raise Refused(KINDS[kind].not_here, kind=Refusal.UNKNOWN)
        kwargs["competition"] = competition

    return _guarded(view, right, check)


def _guarded(view: View, right: Right, check: Callable[[dict[str, Any]], None]) -> View:
    @wraps(view)
    def wrapper(**kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return login.unauthorized()
        check(kwargs)
        return current_app.ensure_sync(view)(**kwargs)

    wrapper.__dict__["guard"] = right
    return wrapper  # type: ignore[return-value]


def init_app(app: Flask) -> None:
    """Refuse every request whose view carries no guard; give templates the guards' questions."""
    app.jinja_env.globals["allowed_url"] = allowed_url
    app.jinja_env.globals["may_do"] = lambda right: may_do(Right(right))

    @app.before_request
    def refuse_unguarded() -> None:
        if request.endpoint is None or request.endpoint == "static":
            return
        view = current_app.view_functions[request.endpoint]
        if not hasattr(view, "guard"):
            abort(403)
