"""The bar of every page: areas, person, language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.roles import MARKING_ROLES, Role
from compete.language import LANGUAGES
from compete.models import Competition, Membership
from compete.services.accounts.access import may_anywhere, memberships_with
from compete.web.guard import allowed_url, may_do
from compete.web.language import chosen, say
from compete.web.shown_standings import standings_url
from compete.web.templating import role_word

_OF_EVENTS = ("results", "certificates")
"""Areas with nothing in them while a competition has no event."""

# Without a desk, a viewer has those of these pages that the table of rights opens, alone.
_WITHOUT_DESK = {
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
class LanguageLink:
    """Another language of the page, as its readers call it."""

    tag: str
    name: str
    short: str
    """The same where there is little room."""
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The `site` of the layouts; an address is None where the reader has no such door."""

    urls: dict[str, str]
    """The areas of the bar that are open to the reader, by name: `entrants`."""
    search_url: str | None
    query: str | None
    """The search text, as it was written."""
    competition: str | None
    """The name of the one that the page is about."""
    person: Person | None
    """The signed-in person; None if nobody has signed in."""
    languages: list[LanguageLink]
    sign_out_url: str
    home_url: str | None
    accounts_url: str | None
    bodies_url: str | None
    occupations_url: str | None
    ladders_url: str | None
    calendar_url: str | None
    organisations_url: str | None
    account_url: str
    second_url: str | None = None
    """The page of possible second persons in the competition that the page is about."""


def _languages() -> list[LanguageLink]:
    """The others, with their switches: each leads back to this page."""
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return [
        LanguageLink(
            tag=language.tag,
            name=language.name,
            short=language.short,
            url=url_for("auth.language", to=language.code, back=back),
        )
        for language in LANGUAGES.values()
        if language != chosen()
    ]


def _areas(competition: Competition | None) -> dict[str, str]:
    urls = {"competitions": url_for("organiser.competitions")}
    if competition is None:
        return urls
    code = competition.code
    if competition.kind == "labour":
        papers = allowed_url("organiser.certificates", code=code)
        labour = {"labour": url_for("organiser.labour", code=code)}
        return urls | labour | ({"certificates": papers} if papers else {})
    pages = {
        "competitions": "organiser.overview",
        "entrants": "organiser.entrants",
        "judges": "organiser.judges",
        "certificates": "organiser.certificates",
    }
    if not competition.events:
        pages = {area: page for area, page in pages.items() if area not in _OF_EVENTS}
    # Nobody is shown a door that is shut to them.
    doors = {area: allowed_url(page, code=code) for area, page in pages.items()}
    doors["results"] = standings_url(competition)
    return urls | {area: url for area, url in doors.items() if url is not None}


def _accounts_url(competition: Competition | None) -> str | None:
    """Address of accounts and roles: of the competition for its organiser, else of all."""
    if competition is not None and "membership" in g:
        found = allowed_url("organiser.roles", code=competition.code)
        if found is not None:
            return found
    return url_for("organiser.accounts") if current_user.is_admin else None


def _role() -> str:
    membership: Membership | None = g.get("membership") or g.get("judging")
    if membership is None:
        return _("管理员") if current_user.is_admin else _general_role()
    if membership.judge is not None and membership.role in MARKING_ROLES:
        return _("裁判 %(code)s", code=membership.judge.code)
    return _of_department(membership)


def _general_role() -> str:
    found = memberships_with(current_user, set(Role))
    return _of_department(found[0]) if found else ""


def _of_department(membership: Membership) -> str:
    """Name the role; for a labour competition's recorder the department, which says more."""
    if membership.department is not None:
        return str(membership.department.name)
    return role_word(membership.role)


def _describe_site() -> Site:
    """The `site` that the layouts want."""
    competition: Competition | None = g.get("competition")
    site = Site(
        urls={},
        search_url=None,
        query=request.args.get("q"),
        competition=competition.name if competition else None,
        person=None,
        languages=_languages(),
        sign_out_url=url_for("auth.sign_out"),
        home_url=None,
        accounts_url=None,
        bodies_url=None,
        occupations_url=None,
        ladders_url=None,
        calendar_url=None,
        organisations_url=None,
        account_url=url_for("auth.account"),
    )
    if not current_user.is_authenticated:
        return site
    directory = may_anywhere(current_user, Right.DIRECTORY)
    site = replace(
        site,
        person=Person(name=current_user.name, role=_role(), mark=str(current_user.id)),
        accounts_url=_accounts_url(competition),
        bodies_url=url_for("organiser.all_bodies") if current_user.is_admin else None,
        calendar_url=url_for("organiser.calendar") if current_user.is_admin else None,
        organisations_url=url_for("organiser.organisations") if directory else None,
        occupations_url=url_for("organiser.occupations") if directory else None,
        ladders_url=url_for("organiser.ladders") if directory else None,
        second_url=allowed_url("organiser.second_person", code=competition.code)
        if competition is not None
        else None,
    )
    if competition is not None and not may_do(Right.SEE):
        code = competition.code
        of_labour = competition.kind == "labour"
        doors = {
            area: allowed_url(page, code=code)
            for area, page in _WITHOUT_DESK.items()
            if of_labour == (area == "labour_entry")
        }
        return replace(site, urls={area: url for area, url in doors.items() if url is not None})
    return replace(
        site,
        urls=_areas(competition),
        home_url=url_for("organiser.competitions"),
        search_url=allowed_url("organiser.entrants", code=competition.code)
        if competition is not None and competition.kind != "labour"
        else None,
    )


def init_app(app: Flask) -> None:
    """Give `site`, and the competition of the page, to every template of a request."""

    @app.context_processor
    def provide() -> dict[str, object]:
        return {"site": _describe_site(), "say": say, "competition": g.get("competition")}
