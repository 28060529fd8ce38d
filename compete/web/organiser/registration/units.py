"""A competition's units: listed, added, renamed, taken away; the links of their contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.domain.identity.names import same_name_key
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import listed, msg, some_of
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Certificate, Competition, Publication, Unit
from compete.services.certificates.outdated_names import (
    certificates_by_unit,
    open_renamings,
    touched_by_unit,
)
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.labour.departments import department_links, departments_of, recorders_of
from compete.services.registration.people import count_waiting
from compete.services.registration.units.links import (
    UnitLink,
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
    UnitLine,
    add_units,
    labour_groups,
    last_units_change,
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
from compete.web.certificate_words import shown_number, title_of
from compete.web.downloads import send_pdf
from compete.web.guard import may_do
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
from compete.web.organiser.last_act import LastAct, last_act, undone, when_and_who
from compete.web.organiser.list_book import send_list
from compete.web.organiser.shapes import CompetitionLink, competition_link
from compete.web.pages import fields_of, of_code
from compete.web.paging import part_of
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Choice, choices

PAPERS_SHOWN = 30
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit of the list, and what may be done with it."""

    unit: Unit
    entrants: int
    group: str | None
    """The group in which a labour competition ranks it."""
    typed: str
    """The text in the field of its new name."""
    problem: str | None
    bears: str
    """The papers with the present name, in a sentence; empty for none."""
    old: bool
    """True if something bears another name."""
    removable: bool
    link: str
    """The state of its link, in a word."""


def _show_units(
    competition: Competition, unit_code: str | None = None, refused: Refused | None = None
) -> str:
    """The page; what was typed stands where it was typed: with a unit's code, as its new name.

    The page is that of the unit of the code, or of the one that the address opens.
    """
    lines, q = unit_lines(competition), request.args.get("q", "").strip()
    matching = _units_with(lines, q)
    wanted = unit_code or request.args.get("opened", "")
    at = next((at for at, line in enumerate(matching) if line.unit.code == wanted), None)
    code, adding = competition.code, unit_code is None
    shown, page = part_of(matching, PAGE_SIZE, "organiser.units", opened=at, code=code, q=q)
    rows = unit_rows(competition, shown)
    if not adding:
        typed, problem = request.form.get("name", ""), problem_of(refused)
        rows = [
            replace(row, typed=typed, problem=problem) if row.unit.code == unit_code else row
            for row in rows
        ]
    return _rendered(
        "units",
        competition,
        units=rows,
        page=page,
        count=len(lines),
        q=q,
        typed=request.form.get("names", "") if adding else "",
        problem=problem_of(refused) if adding else None,
        open=_is_open(competition),
        waiting=count_waiting(competition),
        longest=LONGEST_UNIT,
        last=_last(competition),
        **_group_fields(competition),
    )


def unit_rows(competition: Competition, lines: Sequence[UnitLine]) -> list[UnitRow]:
    """Units of the list as they stand."""
    links, publication = links_of(competition), latest_publication(competition)
    named = certificates_by_unit(competition)
    old = {renaming.unit.code for renaming in open_renamings(competition)}
    return [
        UnitRow(
            unit=line.unit,
            entrants=line.entrants,
            group=line.group,
            typed=line.unit.name,
            problem=None,
            bears=_bears(named[line.unit.id], line.entrants, publication),
            old=line.unit.code in old,
            removable=_is_open(competition) and not line.entrants and not line.named,
            link=_link_word(links.get(line.unit.id)),
        )
        for line in lines
    ]


def _is_open(competition: Competition) -> bool:
    """True if units can be added and removed."""
    return competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING)


def _group_fields(competition: Competition) -> dict[str, Sequence[Choice] | str]:
    """The groups that a new unit of a labour competition may be ranked in, and what was sent."""
    return {
        "groups": choices({group: group for group in labour_groups(competition)}),
        "group": request.form.get("group", ""),
        "new_group": request.form.get("new_group", ""),
    }


def _units_with(lines: Sequence[UnitLine], q: str) -> Sequence[UnitLine]:
    """List the units whose name or code has the text, in any case and width."""
    wanted = same_name_key(q)
    units = ((line, line.unit) for line in lines)
    return [
        line
        for line, unit in units
        if any(wanted in same_name_key(text) for text in (unit.name, unit.code))
    ]


def _last(competition: Competition) -> LastAct | None:
    last = last_units_change(competition)
    if last is None:
        return None
    parts = {**when_and_who(last), "names": say(some_of(last.names))}
    if last.action == "unit.add":
        text = _("%(at)s %(who)s加了 %(names)s", **parts)
    elif last.action == "unit.remove":
        text = _("%(at)s %(who)s删掉了 %(names)s", **parts)
    else:
        text = _("%(at)s %(who)s把 %(was)s 改名为 %(names)s", **parts, was=last.was)
    return last_act(last, text, url_for("organiser.undo_last_units", code=competition.code))


def _bears(certificates: int, people: int, publication: Publication | None) -> str:
    """Name the papers with the present name, which will not follow by themselves."""
    if publication is None and not certificates:
        return ""
    papers = [_("已发的证书 %(n)s 张", n=certificates)] if certificates else []
    if publication is not None:
        papers.append(_("公布的第 %(n)s 版", n=publication.version))
    if people:
        papers.append(_("印好的参赛证 %(n)s 张", n=people))
    return _("%(what)s上是现在的名称，改名以后一样一样换", what=say(listed(papers)))


def _show_name(competition: Competition, unit: Unit) -> str:
    """Show the papers with another name than the unit has now."""
    touched = touched_by_unit(unit, competition)
    shown = [find(Certificate, row) for row in touched.certificates[:PAPERS_SHOWN]]
    publication = touched.publication
    announced = competition.state in (CompetitionState.NOTICE, CompetitionState.FINAL)
    people = next(line.entrants for line in unit_lines(competition) if line.unit.id == unit.id)
    touches = bool(touched.certificates or publication)
    return _rendered(
        "name",
        competition,
        name=unit.name,
        papers=[(paper, shown_number(paper), title_of(paper)) for paper in shown if paper],
        more=len(touched.certificates) - len(shown),
        badges=people if touches else 0,
        version=publication.version if publication else None,
        published_name=touched.published_name,
        may_publish=publication is not None and announced and may_do(Right.PUBLISH),
    )


def _rendered(template: str, competition: Competition, /, **more: Any) -> str:
    """Render a page about units; the first page of a labour competition are its ranks."""
    home, of_labour = competition_link(competition), competition_kind(competition).has_periods
    if of_labour:
        ranks = url_for("organiser.labour", code=competition.code)
        home = CompetitionLink(name=competition.name, url=ranks)
    here = {"competition": home, "code": competition.code, "of_labour": of_labour}
    return render_template(f"organiser/registration/units/{template}.html", **(here | more))


def _link_word(link: UnitLink | None) -> str:
    if link is None:
        return _("发链接")
    if not link.standing:
        return _("不能用了")
    return _("打开过") if link.opened else _("没打开过")


@face.get("/<code>/units")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def units(competition: Competition) -> ResponseReturnValue:
    """The units, and how many each sends; of a labour competition in which group it is ranked."""
    return _show_units(competition)


@face.get("/<code>/units/list.xlsx")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def units_workbook(competition: Competition) -> Response:
    """Download the whole list, as it is shown."""
    units = unit_rows(competition, unit_lines(competition))
    heads: list[str] = [_("编号"), _("名称")]
    rows: list[list[Value]] = [[row.unit.code, row.unit.name] for row in units]
    if competition_kind(competition).of_people:
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
@refusal_on(_show_units)
def new_units(competition: Competition) -> ResponseReturnValue:
    """A unit for each line that was written; those that are there stay.

    What is more than lines of names is looked at first, as a workbook is.
    """
    typed = request.form.get("names", "")
    read = read_unit_names(typed)
    if not read.plain and read.rows:
        for note in read.notices:
            flash(say(note), "info")
        names = "\n".join([str(UNIT_ROWS.headings["name"]), *(it for _row, it in read.rows)])
        return _preview(competition, brought_rows(UNIT_ROWS, names.encode()), None)
    made = _add(competition, typed.splitlines() if read.plain else [])
    return _flash_added(competition, made)


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

    def write_rows(rows: Sequence[Mapping[str, str]]) -> ResponseReturnValue:
        return _flash_added(competition, _add(competition, [row["name"] for row in rows]))

    preview, plan = partial(_preview, competition), partial(plan_units, competition)
    return write_looked_at(UNIT_ROWS, preview, plan, write_rows)


def _add(competition: Competition, names: Sequence[str]) -> Sequence[Unit]:
    group, new_group = (request.form.get(key, "") for key in ("group", "new_group"))
    return add_units(competition, names, current_user, group=group, new_group=new_group)


def _flash_added(competition: Competition, made: Sequence[Unit]) -> ResponseReturnValue:
    if made:
        flash(_("加了 %(n)s 个单位", n=len(made)), "ok")
    else:
        flash(_("这些单位都在了，没有要加的"), "info")
    return redirect(url_for("organiser.units", code=competition.code))


def _preview(competition: Competition, rows: SentRows, problem: str | None) -> str:
    plan, of = partial(plan_units, competition), competition.code
    page = fields_preview("units", {"name": msg("名称")}, plan, rows, problem, of=of)
    here = {
        "longest": LONGEST_UNIT,
        "most_rows": UNIT_ROWS.most,
        **_group_fields(competition),
        **fields_of(page),
    }
    return _rendered("upload", competition, **here)


@face.post("/<code>/units/<unit_code>/rename")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
@refusal_on(_show_units)
def new_unit_name(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """Call one something else."""
    unit, typed = of_code(competition.units, unit_code), request.form.get("name", "")
    changed = rename_unit(unit, competition, typed, current_user, request.form.get("reason", ""))
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
    return _show_name(competition, of_code(competition.units, unit_code))


@face.post("/<code>/units/<unit_code>/remove")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def drop_unit(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """Remove a unit that nobody belongs to."""
    unit = of_code(competition.units, unit_code)
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


def _page(competition: Competition, unit_code: str, refused: Refused | None = None) -> str:
    unit = of_code(competition.units, unit_code)
    link = links_of(competition).get(unit.id)
    standing = link is not None and link.standing
    token = show_link(unit, competition, current_user) if standing else None
    address = public_url("auth.use_link", token=token) if token else None
    stands = link.contact if link is not None else ""
    return _rendered(
        "link",
        competition,
        unit=unit,
        address=address,
        picture=Markup(qr_svg(address, link_word(competition))) if address else None,
        link=link,
        standing=standing,
        contact=request.form.get("contact", "") if refused else stands,
        problem=problem_of(refused),
    )


@face.get("/<code>/units/<unit_code>/link")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def unit_link(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """Show the unit's link while nobody has opened it yet; each look at it is noted."""
    return _page(competition, unit_code)


@face.post("/<code>/units/<unit_code>/link")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
@only_once
@refusal_on(_page)
def new_unit_link(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """A new one; an earlier one ends."""
    unit, contact = of_code(competition.units, unit_code), request.form.get("contact", "")
    make_link(unit, competition, contact, current_user)
    return redirect(url_for("organiser.unit_link", code=competition.code, unit_code=unit_code))


@face.post("/<code>/units/<unit_code>/link/cancel")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def end_unit_link(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """End a unit's link: it opens nothing any more."""
    unit = of_code(competition.units, unit_code)
    cancel_link(unit, competition, current_user)
    flash(_("%(unit)s 的链接作废了", unit=unit.name), "ok")
    return redirect(url_for("organiser.unit_link", code=competition.code, unit_code=unit_code))


@face.post("/<code>/units/links.pdf")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def unit_links(competition: Competition) -> Response:
    """Print a card for each unit, made if there is none: an act, so no address to look at."""
    what = "自评链接" if competition_kind(competition).has_periods else "报名链接"
    return send_pdf(
        print_unit_links(competition, current_user, gettext), f"{what}_{competition.name}.pdf"
    )


@face.post("/<code>/units/links")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def unit_links_text(competition: Competition) -> str:
    """The links that nobody opened yet as one text, departments' first; missing ones are made."""
    lines, lacking = [], []
    if competition_kind(competition).has_periods and guard.may_do(Right.SET_UP):
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
    for unit, address in hand_out_links(competition, current_user, "show"):
        lines.append(_("%(unit)s：%(at)s", unit=unit.name, at=address))
    return _rendered("links", competition, text="\n".join(lines), lacking=lacking)
