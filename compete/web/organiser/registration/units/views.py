"""The units of a competition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.domain.values.messages import listed, msg
from compete.domain.values.rights import Right
from compete.models import Competition, Unit
from compete.services.certificates.outdated_units import touched_by_unit
from compete.services.kernel.refusal import Refused
from compete.services.labour.departments import department_links, departments_of, recorders_of
from compete.services.registration.units.links import (
    cancel_link,
    hand_out_links,
    links_of,
    make_link,
    print_unit_links,
    show_link,
)
from compete.services.registration.units.unit_list import (
    LONGEST_UNIT,
    UNIT_ROWS,
    add_units,
    labour_groups,
    plan_units,
    read_unit_names,
    remove_unit,
    rename_unit,
    undo_units,
    unit_lines,
)
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.downloads import send_pdf
from compete.web.kind_words import link_word
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.headed_rows import (
    SentRows,
    brought_rows,
    fields_preview,
    looked_at,
    write_looked_at,
)
from compete.web.organiser.last_act import undone
from compete.web.organiser.list_book import send_list
from compete.web.organiser.registration.units.view_model import (
    competition_home,
    group_fields,
    show_name,
    show_units,
    unit_rows,
)
from compete.web.pages import fields_of, or_404
from compete.web.refusals import status_of


@face.get("/<code>/units")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def units(competition: Competition) -> ResponseReturnValue:
    """The units, and how many each sends; of a labour competition in which group it is ranked."""
    return show_units(competition)


@face.get("/<code>/units/list.xlsx")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def units_workbook(competition: Competition) -> Response:
    """Download the whole list, as it is shown."""
    units = unit_rows(competition, unit_lines(competition))
    heads: list[str] = [_("编号"), _("名称")]
    rows: list[list[Value]] = [[row.unit.code, row.unit.name] for row in units]
    if competition.kind != "labour":
        heads.append(_("选手"))
        rows = [[*cells, row.entrants] for cells, row in zip(rows, units, strict=True)]
    elif labour_groups(competition):
        heads.append(_("组别"))
        rows = [[*cells, row.group] for cells, row in zip(rows, units, strict=True)]
    heads.append(link_word(competition))
    rows = [[*cells, row.link] for cells, row in zip(rows, units, strict=True)]
    return send_list(competition, msg("单位名单"), heads, rows)


@face.post("/<code>/units/add")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
@only_once
def new_units(competition: Competition) -> ResponseReturnValue:
    """A unit for each line that was written; those that are there stay.

    What is more than lines of names is looked at first, as a workbook is.
    """
    typed = request.form.get("names", "")
    try:
        read = read_unit_names(typed)
        if not read.plain and read.rows:
            for told in read.told:
                flash(say(told), "info")
            names = "\n".join([str(UNIT_ROWS.headings["name"]), *(it for _row, it in read.rows)])
            return _preview(competition, brought_rows(UNIT_ROWS, names.encode()), None)
        made = _add(competition, typed.splitlines() if read.plain else [])
    except Refused as refused:
        page = show_units(competition, typed=typed, problem=say(refused.message))
        return page, status_of(refused)
    return _added(competition, made)


@face.route("/<code>/units/upload", methods=["GET", "POST"])
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
@only_once
def upload_units(competition: Competition) -> ResponseReturnValue:
    """A workbook looked at row by row; nothing is written."""
    return looked_at(UNIT_ROWS, partial(_preview, competition))


@face.post("/<code>/units/write")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
@only_once
def write_units(competition: Competition) -> ResponseReturnValue:
    """Write the rows that were looked at onto the list."""

    def written(rows: Sequence[Mapping[str, str]]) -> ResponseReturnValue:
        return _added(competition, _add(competition, [row["name"] for row in rows]))

    preview, plan = partial(_preview, competition), partial(plan_units, competition)
    return write_looked_at(UNIT_ROWS, preview, plan, written)


def _add(competition: Competition, names: Sequence[str]) -> Sequence[Unit]:
    group, new_group = (request.form.get(key, "") for key in ("group", "new_group"))
    return add_units(competition, names, current_user, group=group, new_group=new_group)


def _added(competition: Competition, made: Sequence[Unit]) -> ResponseReturnValue:
    if made:
        flash(_("加了 %(n)s 个单位", n=len(made)), "ok")
    else:
        flash(_("这些单位都在了，没有要加的"), "info")
    return redirect(url_for("organiser.units", code=competition.code))


def _preview(competition: Competition, rows: SentRows, problem: str | None) -> str:
    plan, of = partial(plan_units, competition), competition.code
    page = fields_preview("units", {"name": msg("名称")}, plan, rows, problem, of=of)
    return render_template(
        "organiser/registration/units/upload.html",
        competition=competition_home(competition),
        longest=LONGEST_UNIT,
        of_labour=competition.kind == "labour",
        **group_fields(competition),
        **fields_of(page),
    )


@face.post("/<code>/units/<unit_code>/rename")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def new_unit_name(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """Call one something else."""
    unit, typed = _find_unit(competition, unit_code), request.form.get("name", "")
    try:
        changed = rename_unit(
            unit, competition, typed, current_user, request.form.get("reason", "")
        )
    except Refused as refused:
        problem = say(refused.message)
        page = show_units(competition, typed=typed, problem=problem, renaming=unit_code)
        return page, status_of(refused)
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    if changed and changed.follow:
        flash(_("代表队跟着改名：%(names)s", names=say(listed(changed.follow))), "info")
    if changed and changed.kept:
        flash(_("代表队的名称没有跟着改：%(names)s", names=say(listed(changed.kept))), "info")
    touched = touched_by_unit(unit, competition)
    if changed and (touched.certificates or touched.publication):
        flash(_("下面这些还写着原来的名称"), "info")
        return redirect(url_for("organiser.unit_name", code=competition.code, unit_code=unit_code))
    return redirect(url_for("organiser.units", code=competition.code, opened=unit_code))


@face.get("/<code>/units/<unit_code>/name")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def unit_name(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """Show papers with another name than the unit has now: certificates, badges, the version."""
    return show_name(competition, _find_unit(competition, unit_code))


@face.post("/<code>/units/<unit_code>/remove")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def drop_unit(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """Remove a unit that nobody belongs to."""
    unit = _find_unit(competition, unit_code)
    name = unit.name
    remove_unit(unit, competition, current_user)
    flash(_("删掉了 %(name)s", name=name), "ok")
    return redirect(url_for("organiser.units", code=competition.code))


@face.post("/<code>/units/undo")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
@only_once
def undo_last_units(competition: Competition) -> ResponseReturnValue:
    """Undo the last change of the list."""
    undo = partial(undo_units, competition)
    return undone(undo, "organiser.units", code=competition.code)


def _find_unit(competition: Competition, code: str) -> Unit:
    """The unit of that code; 404 for none."""
    return or_404(next((known for known in competition.units if known.code == code), None))


@face.get("/<code>/units/<unit_code>/link")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def unit_link(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """Show the unit's link while nobody has opened it yet; each look at it is noted."""
    return _page(competition, _find_unit(competition, unit_code))


@face.post("/<code>/units/<unit_code>/link")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
@only_once
def new_unit_link(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """A new one; an earlier one ends."""
    unit, contact = _find_unit(competition, unit_code), request.form.get("contact", "")
    try:
        make_link(unit, competition, contact, current_user)
    except Refused as refused:
        return _page(competition, unit, contact, say(refused.message)), status_of(refused)
    return redirect(url_for("organiser.unit_link", code=competition.code, unit_code=unit_code))


@face.post("/<code>/units/<unit_code>/link/cancel")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def end_unit_link(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """End a unit's link: it opens nothing any more."""
    unit = _find_unit(competition, unit_code)
    cancel_link(unit, competition, current_user)
    flash(_("%(unit)s 的链接作废了", unit=unit.name), "ok")
    return redirect(url_for("organiser.unit_link", code=competition.code, unit_code=unit_code))


@face.post("/<code>/units/links.pdf")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def unit_links(competition: Competition) -> Response:
    """Print a card for each unit, made if there is none: an act, so no address to look at."""
    what = "自评链接" if competition.kind == "labour" else "报名链接"
    return send_pdf(
        print_unit_links(competition, current_user, gettext), f"{what}_{competition.name}.pdf"
    )


@face.post("/<code>/units/links")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def unit_links_text(competition: Competition) -> str:
    """The links that nobody opened yet as one text, departments' first; missing ones are made."""
    lines, lacking = [], []
    if competition.kind == "labour" and guard.may_do(Right.SET_UP):
        recorders = recorders_of(competition)
        for row in departments_of(competition):
            own = recorders.get(row.id, [])
            tokens = department_links(row, competition, current_user)
            for recorder in own:
                if token := tokens.get(recorder.account.id):
                    address, who = public_url("auth.use_link", token=token), recorder.account.name
                    lines.append(_("%(name)s %(who)s：%(at)s", name=row.name, who=who, at=address))
            if not any(recorder.standing for recorder in own):
                lacking.append(row)
    for each in hand_out_links(competition, current_user, "show"):
        lines.append(_("%(unit)s：%(at)s", unit=each.unit, at=each.address))
    return render_template(
        "organiser/registration/units/links.html",
        competition=competition_home(competition),
        code=competition.code,
        of_labour=competition.kind == "labour",
        text="\n".join(lines),
        lacking=lacking,
    )


def _page(
    competition: Competition, unit: Unit, contact: str | None = None, problem: str | None = None
) -> str:
    link = links_of(competition).get(unit.id)
    standing = link is not None and link.standing
    token = show_link(unit, competition, current_user) if standing else None
    address = public_url("auth.use_link", token=token) if token else None
    return render_template(
        "organiser/registration/units/link.html",
        competition=competition_home(competition),
        code=competition.code,
        of_labour=competition.kind == "labour",
        unit=unit,
        address=address,
        picture=Markup(qr_svg(address, link_word(competition))) if address else None,
        link=link,
        standing=standing,
        contact=contact if contact is not None else link.contact if link is not None else "",
        problem=problem,
    )
