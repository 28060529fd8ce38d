"""The tree of organisations in rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.models import Competition, Organisation, Unit
from compete.services.certificates.touched_units import certificates_by_unit
from compete.services.directory.organisations import LONGEST_ORGANISATION
from compete.services.directory.tree import (
    OrganisationLine,
    find_organisations,
    may_change,
    merged_into,
    organisation_tree,
    path_to,
    places_for,
    records_of_organisation,
)
from compete.services.directory.unit_links import (
    UnitToConnect,
    count_units_to_connect,
    units_connected,
    units_to_connect,
)
from compete.sheets.workbook.tables import Value
from compete.web.organiser.overview.record_words import record_text
from compete.web.organiser.shapes import competition_link
from compete.web.paging import asked_page, describe_page, part_of
from compete.web.shapes import Choice, choices
from compete.web.templating import moment_said

PAGE_SIZE = 200
UNITS_ON_A_PAGE = 50
NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationForm:
    """What is typed of an organisation, and what is wrong with it."""

    name: str = ""
    credit_code: str = ""
    parent: str = ""
    problem: str | None = None
    code_problem: str | None = None
    """What is wrong with the credit code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit that is no organisation yet."""

    to_connect: UnitToConnect
    competition_url: str
    choices: Sequence[Choice]
    chosen: str
    sure: bool
    """Whether it is ticked from the start: its credit code says which it is."""
    hint: str


def show_tree(form: OrganisationForm | None = None) -> str:
    """The tree, or what was looked for in it; what was typed stands where it was typed."""
    query = _query()
    whole = organisation_tree(current_user)
    lines = find_organisations(current_user, query) if query else whole
    shown, page = part_of(lines, PAGE_SIZE, "organiser.organisations", q=query)
    return render_template(
        "organiser/organisations/tree.html",
        lines=shown,
        total=len(whole),
        query=query,
        page=page,
        form=form or OrganisationForm(parent=request.args.get("under", "")),
        places=_places(whole),
        waiting=count_units_to_connect(current_user),
        longest=LONGEST_ORGANISATION,
    )


def tree_rows() -> list[list[Value]]:
    """All of the tree, or all that is looked for in it, each with what it stands beneath."""
    above: list[str] = []
    rows: list[list[Value]] = []
    sought = {line.organisation.id for line in find_organisations(current_user, _query())}
    for line in organisation_tree(current_user):
        row = line.organisation
        above[line.depth :] = [row.name]
        if row.id in sought or not _query():
            path = " › ".join(above[: line.depth])
            rows.append([path, row.name, row.credit_code or "", line.units])
    return rows


def _query() -> str:
    return request.args.get("q", "").strip()[:100]


def show_organisation(
    organisation: Organisation,
    form: OrganisationForm | None = None,
    problems: Mapping[str, str] | None = None,
) -> str:
    """One of them, with what stands beneath it and what may be done with it."""
    beneath = organisation_tree(current_user, organisation)[1:]
    stands = OrganisationForm(name=organisation.name, credit_code=organisation.credit_code or "")
    return render_template(
        "organiser/organisations/organisation.html",
        organisation=organisation,
        path=path_to(organisation),
        lines=beneath[:PAGE_SIZE],
        more=max(0, len(beneath) - PAGE_SIZE),
        units=[
            (unit, competition, _certificates(unit, competition, organisation))
            for unit, competition in units_connected(organisation, current_user)
        ],
        merged=[(row, moment_said(row.merged_at)) for row in merged_into(organisation)],
        records=[
            (moment_said(entry.at), record_text(entry, {}))
            for entry in records_of_organisation(organisation)
        ],
        form=form or stands,
        places=_places(places_for(organisation)),
        problems=problems or {},
        may_change=may_change(organisation, current_user),
        longest=LONGEST_ORGANISATION,
    )


def _certificates(unit: Unit, competition: Competition, organisation: Organisation) -> int:
    """How many bear the unit's name, where that is not the organisation's."""
    same = unit.name == organisation.name
    return 0 if same else certificates_by_unit(competition)[unit.id]


def show_units(
    chosen: Mapping[int, str] | None = None,
    ticked: Sequence[int] | None = None,
    problem: str | None = None,
) -> str:
    """A page of units that are no organisation yet; what was chosen stays chosen."""
    total, number = count_units_to_connect(current_user), asked_page()
    number = min(number, max(1, -(-total // UNITS_ON_A_PAGE)))
    rows = units_to_connect(
        current_user, limit=UNITS_ON_A_PAGE, offset=(number - 1) * UNITS_ON_A_PAGE
    )
    return render_template(
        "organiser/organisations/units.html",
        rows=[_unit_row(row, chosen or {}, ticked) for row in rows],
        page=describe_page(total, number, UNITS_ON_A_PAGE, "organiser.organisation_units"),
        problem=problem,
    )


def _unit_row(
    row: UnitToConnect, chosen: Mapping[int, str], ticked: Sequence[int] | None
) -> UnitRow:
    number, proposals = row.unit.id, row.proposals
    sure = bool(proposals) and proposals[0].same_code
    offered = {it.organisation.id: _path_label(it.organisation) for it in proposals}
    options = choices({**offered, NEW: _("新建“%(name)s”", name=row.unit.name)})
    if sure:
        hint = _("信用代码相同")
    elif proposals:
        hint = _("名称相同")
    else:
        hint = _("名录里还没有")
    return UnitRow(
        to_connect=row,
        competition_url=_units_url(row.competition),
        choices=options,
        chosen=chosen.get(number, options[0].value),
        sure=sure if ticked is None else number in ticked,
        hint=hint,
    )


def _units_url(competition: Competition) -> str:
    if competition.kind == "labour":
        return competition_link(competition).url
    return url_for("organiser.units", code=competition.code)


def _path_label(organisation: Organisation) -> str:
    return " › ".join([*(above.name for above in path_to(organisation)), organisation.name])


def _places(lines: Sequence[OrganisationLine]) -> list[Choice]:
    """Where one may stand, and what one may be merged into."""
    return choices(
        {
            line.organisation.id: "\N{IDEOGRAPHIC SPACE}" * line.depth + line.organisation.name
            for line in lines
        }
    )
