"""The bar of every page: areas, person, language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.rights import Right
from compete.domain.values.roles import MARKING_ROLES, Role
from compete.language import LANGUAGES, Language
from compete.models import Competition, Membership
from compete.services.accounts.access import may_anywhere, memberships_with
from compete.web.errors import way_back
from compete.web.guard import allowed_url, may_do
from compete.web.language import chosen, say
from compete.web.shown_standings import standings_url
from compete.web.templating import role_word

_WITHOUT_DESK = {
    "entrants": "organiser.entrants",
    "recheck": "organiser.recheck",
    "paper": "organiser.paper",
    "handover": "organiser.handover",
    "coding": "organiser.coding",
    "check_in": "check_in.page",
    "appeals": "organiser.appeals",
    "own_unit": "unit.home",
    "labour_entry": "labour_entry.page",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The signed-in person, as the bar names them."""

    name: str
    role: str
    mark: str
    """The account's own: what a window keeps for one is not shown to another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The `site` of the layouts; an address is None where the reader has no such door."""

    languages: Sequence[tuple[Language, str]]
    """The other languages of the page, each with its switch."""
    query: str | None = None
    """The search text, as it was written."""
    competition: str | None = None
    """The name of the one that the page is about."""
    person: Person | None = None
    """The signed-in person; None if nobody has signed in."""
    urls: Mapping[str, str | None] = field(default_factory=dict)
    """The areas of the bar that are open to the reader, by name: `entrants`."""
    search_url: str | None = None
    home_url: str | None = None
    accounts_url: str | None = None
    second_url: str | None = None
    """The page of possible second persons in the competition that the page is about."""
    directory: bool = False
    """True if the reader may look at the lists of the installation."""


def _languages() -> list[tuple[Language, str]]:
    """The others, with their switches: each leads back to this page, or to that of its form."""
    back = request.full_path.rstrip("?") if request.method == "GET" else way_back() or "/"
    return [
        (language, url_for("auth.language", to=language.code, back=back))
        for language in LANGUAGES.values()
        if language != chosen()
    ]


def _areas(competition: Competition | None) -> dict[str, str | None]:
    """The areas of the bar; nobody is shown a door that is shut to them."""
    if competition is None:
        banks = may_anywhere(current_user, Right.OPEN_BANKS)
        series = may_anywhere(current_user, Right.SERIES)
        rewards = may_anywhere(current_user, Right.KEEP_REWARDS)
        mentors = may_anywhere(current_user, Right.MENTORS)
        return {
            "competitions": url_for("organiser.competitions"),
            "series": url_for("organiser.all_series") if series else None,
            "mentors": url_for("organiser.mentorships") if mentors else None,
            "banks": url_for("organiser.banks") if banks else None,
            "rewards": url_for("organiser.rewards") if rewards else None,
        }
    if competition_kind(competition).has_periods:
        return {
            "competitions": url_for("organiser.competitions"),
            "labour": url_for("organiser.labour"),
            "certificates": allowed_url("organiser.certificates"),
        }
    return {
        "competitions": allowed_url("organiser.overview"),
        "entrants": allowed_url("organiser.entrants"),
        "judges": allowed_url("organiser.judges"),
        "results": standings_url(competition),
        "certificates": allowed_url("organiser.certificates") if competition.events else None,
    }


def _areas_without_desk(competition: Competition) -> dict[str, str | None]:
    """The pages that the table of rights opens to who has no desk."""
    of_labour = competition_kind(competition).has_periods
    return {
        area: allowed_url(page, code=competition.code)
        for area, page in _WITHOUT_DESK.items()
        if of_labour == (area == "labour_entry")
    }


def _accounts_url(competition: Competition | None) -> str | None:
    """Address of accounts and roles: of the competition for its organiser, else of all."""
    if competition is not None and "membership" in g:
        url = allowed_url("organiser.roles")
        if url is not None:
            return url
    return url_for("organiser.accounts") if current_user.is_admin else None


def _role() -> str:
    membership: Membership | None = g.get("membership") or g.get("judging")
    if membership is None:
        return _("管理员") if current_user.is_admin else _general_role()
    if membership.judge is not None and membership.role in MARKING_ROLES:
        return _("裁判 %(code)s", code=membership.judge.code)
    return _of_department(membership)


def _general_role() -> str:
    memberships = memberships_with(current_user, set(Role))
    return _of_department(memberships[0]) if memberships else ""


def _of_department(membership: Membership) -> str:
    """Name the role; for a labour competition's recorder the department, which says more."""
    if membership.department is not None:
        return str(membership.department.name)
    return role_word(membership.role)


def _describe_site() -> Site:
    """The `site` that the layouts want."""
    competition: Competition | None = g.get("competition")
    site = Site(
        languages=_languages(),
        query=request.args.get("q"),
        competition=competition.name if competition else None,
    )
    if not current_user.is_authenticated:
        return site
    site = replace(
        site,
        person=Person(name=current_user.name, role=_role(), mark=str(current_user.id)),
        accounts_url=_accounts_url(competition),
        second_url=allowed_url("organiser.second_person") if competition is not None else None,
        directory=may_anywhere(current_user, Right.DIRECTORY),
    )
    if competition is not None and not may_do(Right.SEE):
        return replace(site, urls=_areas_without_desk(competition))
    searched = competition is not None and competition_kind(competition).of_people
    return replace(
        site,
        urls=_areas(competition),
        home_url=url_for("organiser.competitions"),
        search_url=allowed_url("organiser.entrants") if searched else None,
    )


def init_app(app: Flask) -> None:
    """Give `site`, and the competition of the page, to every template of a request."""

    @app.context_processor
    def provide() -> dict[str, object]:
        return {"site": _describe_site(), "say": say, "competition": g.get("competition")}
