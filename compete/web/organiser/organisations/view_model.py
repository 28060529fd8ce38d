"""The tree of organisations in rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.models import Organisation
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
from compete.web.organiser.organisations.shapes import (
    BookRow,
    ConnectedUnit,
    MergedOrganisation,
    OrganisationForm,
    OrganisationPage,
    OrganisationRow,
    TreePage,
    UnitRow,
    UnitsPage,
)
from compete.web.organiser.overview.record_words import record_text
from compete.web.organiser.shapes import Link, competition_link
from compete.web.paging import asked_page, describe_page, part_of
from compete.web.shapes import Choice
from compete.web.templating import moment_said

PAGE_SIZE = 200
UNITS_ON_A_PAGE = 50
NEW = "new"


def tree_page(form: OrganisationForm | None = None) -> TreePage:
    """The tree, or what was looked for in it; what was typed stands where it was typed."""
    query = _query()
    whole = organisation_tree(current_user)
    lines = find_organisations(current_user, query) if query else whole
    shown, page = part_of(lines, PAGE_SIZE, "organiser.organisations", q=query)
    return TreePage(
        rows=[_row(line) for line in shown],
        total=len(whole),
        query=query,
        page=page,
        form=form or OrganisationForm(parent=request.args.get("under", "")),
        places=[Choice(value="", label=_("最上面")), *_choices(whole)],
        add_url=url_for("organiser.new_organisation"),
        search_url=url_for("organiser.organisations"),
        book_url=url_for("organiser.organisations_book", q=query or None),
        units_url=url_for("organiser.organisation_units"),
        people_url=url_for("organiser.people"),
        waiting=count_units_to_connect(current_user),
        longest=LONGEST_ORGANISATION,
    )


def whole_tree() -> list[BookRow]:
    """All of the tree, or all that is looked for in it."""
    above: list[str] = []
    rows = []
    sought = {line.organisation.id for line in find_organisations(current_user, _query())}
    for line in organisation_tree(current_user):
        row = line.organisation
        above[line.depth :] = [row.name]
        if row.id in sought or not _query():
            path = " › ".join(above[: line.depth])
            rows.append(
                BookRow(above=path, name=row.name, credit_code=row.credit_code, units=line.units)
            )
    return rows


def _query() -> str:
    return request.args.get("q", "").strip()[:100]


def organisation_page(
    organisation: Organisation,
    *,
    form: OrganisationForm | None = None,
    problems: Mapping[str, str] | None = None,
) -> OrganisationPage:
    """One of them, with what stands beneath it and what may be done with it."""
    number = organisation.id
    beneath = organisation_tree(current_user, organisation)[1:]
    allowed = may_change(organisation, current_user)
    return OrganisationPage(
        name=organisation.name,
        credit_code=organisation.credit_code,
        path=[_link(above) for above in path_to(organisation)],
        rows=[_row(line, less=1) for line in beneath[:PAGE_SIZE]],
        more=max(0, len(beneath) - PAGE_SIZE),
        units=[
            ConnectedUnit(
                name=unit.name,
                code=unit.code,
                competition=Link(label=competition.name, url=competition_link(competition).url),
                certificates=certificates_by_unit(competition)[unit.id]
                if unit.name != organisation.name
                else 0,
                name_url=url_for("organiser.units", code=competition.code)
                if unit.name != organisation.name
                else None,
                disconnect_url=url_for(
                    "organiser.disconnect", organisation_id=number, unit_id=unit.id
                ),
            )
            for unit, competition in units_connected(organisation, current_user)
        ],
        merged=[
            MergedOrganisation(
                name=row.name,
                credit_code=row.credit_code,
                at=moment_said(row.merged_at),
                part_url=url_for("organiser.part_organisations", organisation_id=row.id)
                if allowed
                else None,
            )
            for row in merged_into(organisation)
        ],
        records=[
            (moment_said(entry.at), record_text(entry, {}))
            for entry in records_of_organisation(organisation)
        ],
        form=form
        or OrganisationForm(name=organisation.name, credit_code=organisation.credit_code or ""),
        places=_choices(places_for(organisation)),
        problems=dict(problems or {}),
        change_url=_act("organiser.changed_organisation", organisation) if allowed else None,
        move_url=_act("organiser.moved_organisation", organisation) if allowed else None,
        merge_url=_act("organiser.merged_organisation", organisation) if allowed else None,
        tree_url=url_for("organiser.organisations"),
        longest=LONGEST_ORGANISATION,
    )


def units_page(
    *,
    chosen: Mapping[int, str] | None = None,
    ticked: Sequence[int] | None = None,
    problem: str | None = None,
) -> UnitsPage:
    """A page of units that are no organisation yet; what was chosen stays chosen."""
    total, number = count_units_to_connect(current_user), asked_page()
    number = min(number, max(1, -(-total // UNITS_ON_A_PAGE)))
    rows = units_to_connect(
        current_user, limit=UNITS_ON_A_PAGE, offset=(number - 1) * UNITS_ON_A_PAGE
    )
    return UnitsPage(
        rows=[_unit_row(row, chosen or {}, ticked) for row in rows],
        page=describe_page(total, number, UNITS_ON_A_PAGE, "organiser.organisation_units"),
        problem=problem,
        connect_url=url_for("organiser.connect", page=number),
        tree_url=url_for("organiser.organisations"),
    )


def _unit_row(
    row: UnitToConnect, chosen: Mapping[int, str], ticked: Sequence[int] | None
) -> UnitRow:
    unit, proposals = row.unit, row.proposals
    sure = bool(proposals) and proposals[0].same_code
    choices = [
        Choice(value=str(it.organisation.id), label=_path_label(it.organisation))
        for it in proposals
    ]
    choices.append(Choice(value=NEW, label=_("新建“%(name)s”", name=unit.name)))
    if sure:
        hint = _("信用代码相同")
    elif proposals:
        hint = _("名称相同")
    else:
        hint = _("名录里还没有")
    return UnitRow(
        number=unit.id,
        name=unit.name,
        credit_code=row.credit_code,
        competition=Link(
            label=row.competition.name,
            url=url_for("organiser.units", code=row.competition.code)
            if row.competition.kind != "labour"
            else competition_link(row.competition).url,
        ),
        choices=choices,
        chosen=chosen.get(unit.id, choices[0].value),
        sure=sure if ticked is None else unit.id in ticked,
        hint=hint,
    )


def _path_label(organisation: Organisation) -> str:
    return " › ".join([*(above.name for above in path_to(organisation)), organisation.name])


def _row(line: OrganisationLine, less: int = 0) -> OrganisationRow:
    row = line.organisation
    return OrganisationRow(
        name=row.name,
        url=url_for("organiser.organisation", organisation_id=row.id),
        credit_code=row.credit_code,
        steps=range(line.depth - less),
        units=line.units,
    )


def _choices(lines: Sequence[OrganisationLine]) -> list[Choice]:
    return [
        Choice(
            value=str(line.organisation.id),
            label="\N{IDEOGRAPHIC SPACE}" * line.depth + line.organisation.name,
        )
        for line in lines
    ]


def _act(endpoint: str, organisation: Organisation) -> str:
    return url_for(endpoint, organisation_id=organisation.id)


def _link(organisation: Organisation) -> Link:
    return Link(
        label=organisation.name,
        url=url_for("organiser.organisation", organisation_id=organisation.id),
    )
