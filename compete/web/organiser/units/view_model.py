"""A competition's units in rows."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from compete.domain.values import CompetitionState
from compete.models import Competition
from compete.services.registration import (
    LONGEST_UNIT,
    UnitLink,
    count_waiting,
    labour_groups,
    links_of,
    unit_lines,
)
from compete.web.organiser.shapes import Choice, CompetitionLink, competition_link
from compete.web.organiser.units.shapes import UnitRow, UnitsPage


def units_page(
    competition: Competition,
    *,
    typed: str = "",
    problem: str | None = None,
    renaming: str | None = None,
    group: str = "",
) -> UnitsPage:
    """The page; what was typed stands where it was typed, of one unit where `renaming` names it."""
    code, of_labour = competition.code, competition.kind == "labour"
    open_ = competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING)
    rows, links = [], links_of(competition)
    for line in unit_lines(competition):
        mine = line.unit.code == renaming
        removable = open_ and not line.entrants and not line.named
        rows.append(
            UnitRow(
                code=line.unit.code,
                name=line.unit.name,
                typed=typed if mine else line.unit.name,
                problem=problem if mine else None,
                entrants=line.entrants,
                group=line.group,
                people_url=url_for("organiser.entrants", code=code, unit=line.unit.code)
                if not of_labour
                else None,
                rename_url=url_for("organiser.new_unit_name", code=code, unit_code=line.unit.code)
                if open_
                else None,
                remove_url=url_for("organiser.drop_unit", code=code, unit_code=line.unit.code)
                if removable
                else None,
                link=_link_word(links.get(line.unit.id)),
                link_url=url_for("organiser.unit_link", code=code, unit_code=line.unit.code),
            )
        )
    adding = renaming is None
    return UnitsPage(
        competition=competition_home(competition),
        units=rows,
        typed=typed if adding else "",
        problem=problem if adding else None,
        add_url=url_for("organiser.new_units", code=code) if open_ else None,
        closed=""
        if open_
        else _(
            "评分已经锁定，单位不能再改。要改名，先解锁评分，改好再锁定；公布过的，再公布新的一版"
        ),
        upload_url=None if of_labour else url_for("organiser.upload", code=code),
        applications_url=None if of_labour else url_for("organiser.applications", code=code),
        waiting=count_waiting(competition),
        links_url=url_for("organiser.unit_links", code=code),
        longest=LONGEST_UNIT,
        of_labour=of_labour,
        groups=[Choice(value=each, label=each) for each in labour_groups(competition)],
        group=group,
    )


def competition_home(competition: Competition) -> CompetitionLink:
    """Its name and first page: a labour competition's are its ranks."""
    if competition.kind != "labour":
        return competition_link(competition)
    return CompetitionLink(
        name=competition.name, url=url_for("organiser.labour", code=competition.code)
    )


def link_word(competition: Competition) -> str:
    """What the links of its units are for."""
    return _("自评链接") if competition.kind == "labour" else _("报名链接")


def _link_word(link: UnitLink | None) -> str:
    if link is None:
        return _("发链接")
    if not link.standing:
        return _("不能用了")
    return _("打开过") if link.opened else _("没打开过")
