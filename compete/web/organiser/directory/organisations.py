"""The tree of organisations: seen, added to, renamed, moved, merged, and units connected to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.models import Competition, Organisation, Unit
from compete.services.certificates.outdated_names import certificates_by_unit
from compete.services.directory.loop_stages import LoopStages, name_stages, stages_of
from compete.services.directory.merged import records_about, standing
from compete.services.directory.organisations import (
    OrganisationFields,
    UnitToConnect,
    add_organisation,
    change_organisation,
    connect_units,
    count_units_to_connect,
    disconnect_unit,
    merge_organisations,
    move_organisation,
    part_organisation,
    unit_of_own,
    units_connected,
    units_to_connect,
)
from compete.services.directory.tree import (
    OrganisationLine,
    Tree,
    may_change,
    merged_into,
    named_among,
    organisation_tree,
    organisations_by_number,
    path_to,
    places_for,
)
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.rows_by_number import find
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list
from compete.web.organiser.log.record_words import record_text
from compete.web.organiser.shapes import competition_link
from compete.web.pages import or_404
from compete.web.paging import asked_page, asked_text, describe_page, part_of
from compete.web.posted import posted_numbers, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act
from compete.web.shapes import Choice, choices
from compete.web.templating import moment_in_sentence

PAGE_SIZE = 200
UNITS_ON_A_PAGE = 50
NEW = "new"


def _show_tree(refused: Refused | None = None) -> str:
    """The tree, or what was looked for in it; what was typed stands where it was typed."""
    query = asked_text()
    whole = organisation_tree(current_user)
    lines = named_among(whole, query) if query else whole
    shown, page = part_of(lines, PAGE_SIZE, "organiser.organisations", q=query)
    return render_template(
        "organiser/directory/organisations/tree.html",
        lines=shown,
        total=len(whole),
        query=query,
        page=page,
        form=act_form(OrganisationFields, refused),
        parent=request.values.get("parent") or request.args.get("under", ""),
        problem=problem_of(refused),
        places=_places(whole),
        waiting=count_units_to_connect(current_user),
    )


def _tree_rows() -> list[list[Value]]:
    """List the tree, or the rows found in it, each with the one above it."""
    above: list[str] = []
    rows: list[list[Value]] = []
    whole = organisation_tree(current_user)
    sought = {line.organisation.id for line in named_among(whole, asked_text())}
    for line in whole:
        row = line.organisation
        above[line.depth :] = [row.name]
        if row.id in sought or not asked_text():
            path = " › ".join(above[: line.depth])
            rows.append([path, row.name, row.credit_code or "", line.units])
    return rows


def _organisation_page(
    organisation_id: int, refused: Refused | None = None, *, act: str = ""
) -> ResponseReturnValue:
    """Show one organisation, with those beneath it and what may be done with it.

    The `act` that was refused has its words where its form stands.
    """
    organisation = _organisation_or_404(organisation_id)
    if organisation.merged_into_id is not None:
        if refused:
            # Merged in another tab meanwhile; the page of the one for which it counts says so.
            flash(say(refused.message), "warn")
        number = standing(organisation).id
        return redirect(url_for("organiser.organisation", organisation_id=number))
    tree = Tree.read()
    beneath = organisation_tree(current_user, organisation, tree)[1:]
    return render_template(
        "organiser/directory/organisations/organisation.html",
        organisation=organisation,
        path=path_to(organisation),
        lines=beneath[:PAGE_SIZE],
        more=max(0, len(beneath) - PAGE_SIZE),
        units=[
            (unit, competition, _certificates(unit, competition, organisation))
            for unit, competition in units_connected(organisation, current_user)
        ],
        merged=[(row, moment_in_sentence(row.merged_at)) for row in merged_into(organisation)],
        records=[
            (moment_in_sentence(entry.at), record_text(entry, {}))
            for entry in records_about(organisation)
        ],
        form=act_form(OrganisationFields, refused, organisation, here=act == "change"),
        stages=act_form(LoopStages, refused, stages_of(organisation), here=act == "stages"),
        places=_places(places_for(organisation, tree)),
        problems={act: problem_of(refused)},
        may_change=may_change(organisation, current_user, tree),
    )


def _certificates(unit: Unit, competition: Competition, organisation: Organisation) -> int:
    """Count the certificates with the unit's name, if that is not the organisation's."""
    same = unit.name == organisation.name
    return 0 if same else certificates_by_unit(competition)[unit.id]


def _show_units(refused: Refused | None = None) -> str:
    """A page of units that are no organisation yet; what was chosen stays chosen."""
    chosen = _chosen_places() if refused else None
    total, number = count_units_to_connect(current_user), asked_page()
    number = min(number, max(1, -(-total // UNITS_ON_A_PAGE)))
    rows = units_to_connect(
        current_user, limit=UNITS_ON_A_PAGE, offset=(number - 1) * UNITS_ON_A_PAGE
    )
    return render_template(
        "organiser/directory/organisations/units.html",
        rows=[_unit_row(row, chosen) for row in rows],
        page=describe_page(total, number, UNITS_ON_A_PAGE, "organiser.organisation_units"),
        problem=problem_of(refused),
    )


def _unit_row(row: UnitToConnect, chosen: Mapping[int, str] | None) -> dict[str, Any]:
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
    return {
        "to_connect": row,
        "competition_url": _units_url(row.competition),
        "choices": options,
        "chosen": (chosen or {}).get(number, options[0].value),
        "sure": sure if chosen is None else number in chosen,
        "hint": hint,
    }


def _units_url(competition: Competition) -> str:
    if competition_kind(competition).has_periods:
        return competition_link(competition).url
    return url_for("organiser.units", code=competition.code)


def _path_label(organisation: Organisation) -> str:
    return " › ".join([*(above.name for above in path_to(organisation)), organisation.name])


def _places(lines: Sequence[OrganisationLine]) -> list[Choice]:
    """List the places it may have, and those it may be merged into."""
    return choices(
        {
            line.organisation.id: "\N{IDEOGRAPHIC SPACE}" * line.depth + line.organisation.name
            for line in lines
        }
    )


_UNKNOWN = msg("名录里没有这个组织，重新选一个")


@face.get("/organisations")
@guard.may(Right.DIRECTORY)
def organisations() -> ResponseReturnValue:
    """The tree, and what is looked for in it."""
    return _show_tree()


@face.get("/organisations/list.xlsx")
@guard.may(Right.DIRECTORY)
def organisations_book() -> Response:
    """Download the tree, or the rows found in it, each with the one above it."""
    heads = (_("上级"), _("名称"), _("统一社会信用代码"), _("单位"))
    return send_list(None, msg("组织"), heads, _tree_rows())


@face.post("/organisations")
@guard.may(Right.DIRECTORY)
@only_once
@refusal_on(_show_tree)
def new_organisation() -> ResponseReturnValue:
    """Add one place to the tree."""
    typed = typed_act(OrganisationFields)
    under = _chosen_organisation(posted_text("parent"))
    row = add_organisation(typed.name, typed.credit_code or "", under, by=current_user)
    flash(_("加了 %(name)s", name=row.name), "ok")
    return redirect(url_for("organiser.organisation", organisation_id=row.id))


@face.get("/organisations/units")
@guard.may(Right.DIRECTORY)
def organisation_units() -> ResponseReturnValue:
    """Show units of own competitions that are no organisation yet, with proposals."""
    return _show_units()


@face.post("/organisations/units")
@guard.may(Right.DIRECTORY)
@refusal_on(_show_units)
def connect() -> ResponseReturnValue:
    """Connect the units that are ticked, or (`all`) all that stand on the page."""
    places = _chosen_places().items()
    choices = {number: _chosen_organisation(text, new=NEW) for number, text in places}
    connected, made = connect_units(current_user, choices)
    flash(_("连上了 %(n)s 个单位，新建 %(made)s 个组织", n=connected, made=made), "ok")
    return redirect(url_for("organiser.organisation_units"))


@face.get("/organisations/<int:organisation_id>")
@guard.may(Right.DIRECTORY)
def organisation(organisation_id: int) -> ResponseReturnValue:
    """Show one organisation; instead of a merged one, that for which it counts."""
    return _organisation_page(organisation_id)


@face.post("/organisations/<int:organisation_id>/change")
@guard.may(Right.DIRECTORY)
@refusal_on(partial(_organisation_page, act="change"))
def changed_organisation(organisation_id: int) -> ResponseReturnValue:
    """Change the name or credit code."""
    row = _organisation_or_404(organisation_id)
    typed = typed_act(OrganisationFields)
    changed = change_organisation(row, typed.name, typed.credit_code or "", current_user)
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    left = [unit for unit, _of in units_connected(row, current_user) if unit.name != row.name]
    if changed and left:
        flash(_("竞赛里还是当时名称的单位在下面，要改就逐个去改"), "info")
    return redirect(url_for("organiser.organisation", organisation_id=organisation_id))


@face.post("/organisations/<int:organisation_id>/stages")
@guard.may(Right.DIRECTORY)
@refusal_on(partial(_organisation_page, act="stages"))
def staged_organisation(organisation_id: int) -> ResponseReturnValue:
    """Name the stages of its loop."""
    row = _organisation_or_404(organisation_id)
    changed = name_stages(row, typed_act(LoopStages), current_user)
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for("organiser.organisation", organisation_id=organisation_id))


@face.post("/organisations/<int:organisation_id>/move")
@guard.may(Right.DIRECTORY)
@refusal_on(partial(_organisation_page, act="move"))
def moved_organisation(organisation_id: int) -> ResponseReturnValue:
    """Move it under another, with all beneath it."""
    row = _organisation_or_404(organisation_id)
    move_organisation(row, _chosen_organisation(posted_text("parent")), current_user)
    flash(_("移好了"), "ok")
    return redirect(url_for("organiser.organisation", organisation_id=organisation_id))


@face.post("/organisations/<int:organisation_id>/merge")
@guard.may(Right.DIRECTORY)
@refusal_on(partial(_organisation_page, act="merge"))
def merged_organisation(organisation_id: int) -> ResponseReturnValue:
    """Let it count for another."""
    row = _organisation_or_404(organisation_id)
    into = _chosen_organisation(posted_text("into"))
    if into is None:
        raise invalid(_UNKNOWN)
    merge_organisations(row, into, current_user)
    flash(_("合并了。在这一页可以撤销"), "ok")
    return redirect(url_for("organiser.organisation", organisation_id=into.id))


@face.post("/organisations/<int:organisation_id>/part")
@guard.may(Right.DIRECTORY)
def part_organisations(organisation_id: int) -> ResponseReturnValue:
    """Take a merger back."""
    row = _organisation_or_404(organisation_id)
    part_organisation(row, current_user)
    flash(_("撤销了合并，它的单位和下级都跟着回来了"), "ok")
    return redirect(url_for("organiser.organisation", organisation_id=organisation_id))


@face.post("/organisations/<int:organisation_id>/units/<int:unit_id>/disconnect")
@guard.may(Right.DIRECTORY)
def disconnect(organisation_id: int, unit_id: int) -> ResponseReturnValue:
    """Let a unit of an own competition be no organisation again."""
    row = or_404(unit_of_own(unit_id, current_user))
    disconnect_unit(row, current_user)
    flash(_("%(name)s 不再连着这个组织", name=row.name), "ok")
    return redirect(url_for("organiser.organisation", organisation_id=organisation_id))


def _organisation_or_404(number: int) -> Organisation:
    return or_404(find(Organisation, number))


def _chosen_organisation(text: str, new: str = "") -> Organisation | None:
    """Return the organisation chosen in a list; None for a new one, or for the top."""
    if text == new:
        return None
    number = whole_number(text) or 0
    row = organisations_by_number([number]).get(number)
    if row is None:
        raise invalid(_UNKNOWN)
    return row


def _chosen_places() -> dict[int, str]:
    """Return the place chosen for each unit that is to be connected."""
    whole = posted_text("all") == "1"
    numbers = filter(None, posted_numbers("number" if whole else "unit"))
    return {number: request.form.get(f"to-{number}", NEW) for number in numbers}
