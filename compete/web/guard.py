"""Who may open what: deny by default.

Every view carries one guard. A request for a view without one is refused, and
a test walks all routes and fails where none stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_login import current_user

from compete.domain.values import SCORING_ROLES, Role, msg
from compete.models import Competition, Judge, Membership
from compete.services.accounts import (
    find_competition,
    lost_roles,
    membership_of,
    memberships_with,
)
from compete.services.judging import Seat
from compete.services.kernel import Refusal, Refused
from compete.web.extensions import login

LET_IN: Mapping[str, Collection[Role]] = {
    "organiser": {Role.ORGANISER},
    "heads": {Role.ORGANISER, Role.CHIEF},
    "officials": {Role.ORGANISER, Role.CHIEF, Role.SUPERVISOR},
    "checkers": {Role.ORGANISER, Role.CHIEF, Role.SUPERVISOR, Role.RECORDER},
    "chief": {Role.CHIEF},
    "coders": {Role.ORGANISER, Role.CODER},
}

_NOT_OF_LABOUR = msg("劳动竞赛没有这一页：它只有各期的排名，由各单位的得分算出来")

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anyone may open it."""
    view.__dict__["guard"] = "public"
    return view


def signed_in(view: View) -> View:
    """Any account may open it."""
    return _guarded(view, "signed_in", lambda _kwargs: None)


def organiser(view: View) -> View:
    """Organisers of the competition named by `code`, and administrators.

    The view receives `competition` in place of `code`. Who has no part in a
    competition is told that there is none, so that codes cannot be tried out.
    """
    return _of_competition(view, "organiser")


def officials(view: View) -> View:
    """The organiser, the chief judge and the supervisor of the competition."""
    return _of_competition(view, "officials")


def heads(view: View) -> View:
    """The organiser and the chief judge: a supervisor looks on and changes nothing."""
    return _of_competition(view, "heads")


def checkers(view: View) -> View:
    """The officials, and the recorders who enter sheets again."""
    return _of_competition(view, "checkers")


def coders(view: View) -> View:
    """The coders of the competition, and its organiser."""
    return _of_competition(view, "coders")


def chief(view: View) -> View:
    """The chief judge of the competition."""
    return _of_competition(view, "chief")


def of_any_kind(view: View) -> View:
    """A page that a labour competition has as well; it stands above the guard."""
    view.__dict__["of_any_kind"] = True
    return view


def administrator(view: View) -> View:
    """Administrators of the installation; to anybody else there is no such page."""

    def check(_kwargs: dict[str, Any]) -> None:
        if not current_user.is_admin:
            abort(404)

    return _guarded(view, "administrator", check)


def desk(view: View) -> View:
    """Anyone who organises or heads at least one competition, and administrators."""

    def check(_kwargs: dict[str, Any]) -> None:
        officials = LET_IN["officials"]
        if not current_user.is_admin and not memberships_with(current_user, officials):
            _tell_of_no_part()
            abort(403)

    return _guarded(view, "desk", check)


def judge(view: View) -> View:
    """Judges; the view finds the judging membership in `g.judging`.

    A call that names its judge (`X-Judge`) is answered for that judge or not
    at all: a page made for one must not send its marks in another's name.
    """

    def check(_kwargs: dict[str, Any]) -> None:
        said = request.headers.get("X-Judge")
        for membership in memberships_with(current_user, SCORING_ROLES):
            if membership.judge is not None and said in (None, judge_mark(membership.judge)):
                g.judging = membership
                return
        if said is None:
            _tell_of_no_part()
        abort(403)

    return _guarded(view, "judge", check)


def api_judge(view: View) -> View:
    """Judges, found by the service in the transaction that holds their marks.

    The view receives `session_id` and `named`, which says of a judge whether
    the call names that one (as in `judge`), and must hand both on.
    """

    @wraps(view)
    def wrapper(**kwargs: Any) -> Any:
        session_id = session.get("_user_id")
        if not isinstance(session_id, str):
            return login.unauthorized()
        named = named_by(request.headers.get("X-Judge"))
        return view(session_id=session_id, named=named, **kwargs)

    wrapper.__dict__["guard"] = "judge"
    return wrapper  # type: ignore[return-value]


def named_by(said: str | None) -> Callable[[Seat], bool]:
    """Whether a call whose header `X-Judge` says so, or that has none, means a judge."""
    return lambda judge: said in (None, judge_mark(judge))


def may_act() -> bool:
    """Whether who looks at a competition's page may do what `heads` may do."""
    membership: Membership | None = g.get("membership")
    return membership is None or membership.role in LET_IN["heads"]


def may_open(endpoint: str) -> bool:
    """Whether who looks at a competition's page gets past the guard of another of its pages."""
    name: str = current_app.view_functions[endpoint].__dict__["guard"]
    membership: Membership | None = g.get("membership")
    return membership is None or membership.role in LET_IN.get(name, set(Role))


def allowed_url(endpoint: str, **values: Any) -> str | None:
    """The address of a competition's page, or None for who would not be let in."""
    return url_for(endpoint, **values) if may_open(endpoint) else None


def judge_mark(judge: Judge | Seat) -> str:
    """What tells tablets of different judges apart; kept on the tablet beside the marks."""
    return f"{judge.competition_id}.{judge.id}"


def _tell_of_no_part() -> None:
    """Whose last role was taken back is led to the own account, which says so in words.

    The same for any address, so that codes cannot be tried out.
    """
    if request.method != "GET" or request.blueprint == "api" or current_user.is_admin:
        return
    if not memberships_with(current_user, set(Role)) and lost_roles(current_user):
        abort(redirect(url_for("auth.account")))


def _of_competition(view: View, name: str) -> View:
    roles = LET_IN[name]

    def check(kwargs: dict[str, Any]) -> None:
        competition: Competition | None = find_competition(kwargs.pop("code"))
        if competition is None:
            _tell_of_no_part()
            abort(404)
        membership: Membership | None = membership_of(current_user, competition, roles)
        if membership is None and not (current_user.is_admin and Role.ORGANISER in roles):
            _tell_of_no_part()
            abort(404)
        g.competition, g.membership = competition, membership
        if competition.kind == "labour" and "of_any_kind" not in wrapper.__dict__:
            raise Refused(_NOT_OF_LABOUR, kind=Refusal.UNKNOWN)
        kwargs["competition"] = competition

    wrapper = _guarded(view, name, check)
    return wrapper


def _guarded(view: View, name: str, check: Callable[[dict[str, Any]], None]) -> View:
    @wraps(view)
    def wrapper(**kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return login.unauthorized()
        check(kwargs)
        return view(**kwargs)

    wrapper.__dict__["guard"] = name
    return wrapper  # type: ignore[return-value]


def init_app(app: Flask) -> None:
    """Refuse every request whose view carries no guard."""

    @app.before_request
    def refuse_unguarded() -> None:
        if request.endpoint is None or request.endpoint == "static":
            return
        view = current_app.view_functions[request.endpoint]
        if not hasattr(view, "guard"):
            abort(403)
