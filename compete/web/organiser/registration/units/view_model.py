"""A competition's units in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import render_template, request, url_for
from flask_babel import gettext as _

from compete.domain.values.messages import listed, some_of
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Certificate, Competition, Publication, Unit
from compete.services.certificates.outdated_units import (
    certificates_by_unit,
    open_renamings,
    touched_by_unit,
)
from compete.services.kernel.rows_by_number import find
from compete.services.registration.submitted_people import count_waiting
from compete.services.registration.units.links import UnitLink, links_of
from compete.services.registration.units.unit_list import (
    LONGEST_UNIT,
    UnitLine,
    labour_groups,
    last_units_change,
    unit_lines,
)
from compete.services.results.snapshots import latest_publication
from compete.sheets.texts import same_name_key
from compete.web.certificate_words import shown_number, title_of
from compete.web.guard import may_do
from compete.web.language import say
from compete.web.organiser.last_act import LastAct, last_act, when_and_who
from compete.web.organiser.shapes import CompetitionLink, competition_link
from compete.web.paging import part_of
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


def show_units(
    competition: Competition,
    *,
    typed: str = "",
    problem: str | None = None,
    renaming: str | None = None,
) -> str:
    """The page; what was typed stands where it was typed, of one unit where `renaming` names it.

    The page is that of the unit `renaming`, or of the one that the address opens.
    """
    lines, q = unit_lines(competition), request.args.get("q", "").strip()
    found = _found(lines, q)
    wanted = renaming or request.args.get("opened", "")
    at = next((at for at, line in enumerate(found) if line.unit.code == wanted), None)
    code, adding = competition.code, renaming is None
    shown, page = part_of(found, PAGE_SIZE, "organiser.units", opened=at, code=code, q=q)
    rows = unit_rows(competition, shown)
    if not adding:
        rows = [
            replace(row, typed=typed, problem=problem) if row.unit.code == renaming else row
            for row in rows
        ]
    return render_template(
        "organiser/registration/units/units.html",
        competition=competition_home(competition),
        code=code,
        units=rows,
        page=page,
        count=len(lines),
        q=q,
        typed=typed if adding else "",
        problem=problem if adding else None,
        open=_is_open(competition),
        waiting=count_waiting(competition),
        longest=LONGEST_UNIT,
        of_labour=competition.kind == "labour",
        last=_last(competition),
        **group_fields(competition),
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


def group_fields(competition: Competition) -> dict[str, Sequence[Choice] | str]:
    """The groups that a new unit of a labour competition may be ranked in, and what was sent."""
    return {
        "groups": choices({each: each for each in labour_groups(competition)}),
        "group": request.form.get("group", ""),
        "new_group": request.form.get("new_group", ""),
    }


def _found(lines: Sequence[UnitLine], q: str) -> Sequence[UnitLine]:
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
    told = {**when_and_who(last), "names": say(some_of(last.names))}
    if last.action == "unit.add":
        said = _("%(at)s %(who)s加了 %(names)s", **told)
    elif last.action == "unit.remove":
        said = _("%(at)s %(who)s删掉了 %(names)s", **told)
    else:
        said = _("%(at)s %(who)s把 %(was)s 改名为 %(names)s", **told, was=last.was)
    return last_act(last, said, url_for("organiser.undo_last_units", code=competition.code))


def _bears(certificates: int, people: int, publication: Publication | None) -> str:
    """Name the papers with the present name, which will not follow by themselves."""
    if publication is None and not certificates:
        return ""
    found = [_("已发的证书 %(n)s 张", n=certificates)] if certificates else []
    if publication is not None:
        found.append(_("公布的第 %(n)s 版", n=publication.version))
    if people:
        found.append(_("印好的参赛证 %(n)s 张", n=people))
    return _("%(what)s上是现在的名称，改名以后一样一样换", what=say(listed(found)))


def show_name(competition: Competition, unit: Unit) -> str:
    """Show the papers with another name than the unit has now."""
    touched = touched_by_unit(unit, competition)
    shown = [find(Certificate, row) for row in touched.certificates[:PAPERS_SHOWN]]
    publication = touched.publication
    announced = competition.state in (CompetitionState.NOTICE, CompetitionState.FINAL)
    people = next(line.entrants for line in unit_lines(competition) if line.unit.id == unit.id)
    touches = bool(touched.certificates or publication)
    return render_template(
        "organiser/registration/units/name.html",
        competition=competition_home(competition),
        code=competition.code,
        name=unit.name,
        papers=[(paper, shown_number(paper), title_of(paper)) for paper in shown if paper],
        more=len(touched.certificates) - len(shown),
        badges=people if touches else 0,
        version=publication.version if publication else None,
        published_name=touched.published_name,
        may_publish=publication is not None and announced and may_do(Right.PUBLISH),
    )


def competition_home(competition: Competition) -> CompetitionLink:
    """Return its name and first page: a labour competition's are its ranks."""
    if competition.kind != "labour":
        return competition_link(competition)
    return CompetitionLink(
        name=competition.name, url=url_for("organiser.labour", code=competition.code)
    )


def _link_word(link: UnitLink | None) -> str:
    if link is None:
        return _("发链接")
    if not link.standing:
        return _("不能用了")
    return _("打开过") if link.opened else _("没打开过")
