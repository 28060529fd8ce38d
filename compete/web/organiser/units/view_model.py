"""A competition's units in rows."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from compete.domain.values.messages import listed, some_of
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Certificate, Competition, Publication, Unit
from compete.services.certificates.touched_units import (
    certificates_by_unit,
    open_renamings,
    touched_by_unit,
)
from compete.services.kernel.finding import find
from compete.services.publication.snapshots import latest_publication
from compete.services.registration.handed_in import count_waiting
from compete.services.units.links import UnitLink, links_of
from compete.services.units.listing import LONGEST_UNIT, UnitLine, labour_groups, unit_lines
from compete.services.units.taken_back import last_units_change
from compete.sheets.texts import same_name_key
from compete.web.certificate_words import shown_number, title_of
from compete.web.guard import may_do
from compete.web.language import say
from compete.web.organiser.last_act import LastAct, last_act, when_and_who
from compete.web.organiser.shapes import CompetitionLink, Link, competition_link
from compete.web.organiser.units.shapes import NamePage, OldPaper, UnitRow, UnitsPage
from compete.web.paging import part_of
from compete.web.shapes import Choice

PAPERS_SHOWN = 30
PAGE_SIZE = 100


def units_page(
    competition: Competition,
    *,
    typed: str = "",
    problem: str | None = None,
    renaming: str | None = None,
    group: str = "",
    new_group: str = "",
    q: str = "",
    opened: str = "",
    whole: bool = False,
) -> UnitsPage:
    """The page; what was typed stands where it was typed, of one unit where `renaming` names it.

    `q` is what is looked for; the page is that of the unit `renaming` or `opened` unless the
    address asks for another. `whole`: all units on one page, for a workbook.
    """
    code, of_labour = competition.code, competition.kind == "labour"
    open_ = competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING)
    lines = unit_lines(competition)
    found = _found(lines, q)
    wanted = renaming or opened
    at = next((at for at, line in enumerate(found) if line.unit.code == wanted), None)
    size = len(lines) + 1 if whole else PAGE_SIZE
    shown, page = part_of(found, size, "organiser.units", opened=at, code=code, q=q)
    rows, links = [], links_of(competition)
    named, publication = certificates_by_unit(competition), latest_publication(competition)
    old = {renaming.unit.code for renaming in open_renamings(competition)}
    for line in shown:
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
                rename_url=url_for("organiser.new_unit_name", code=code, unit_code=line.unit.code),
                bears=_bears(named[line.unit.id], line.entrants, publication),
                old_url=url_for("organiser.unit_name", code=code, unit_code=line.unit.code)
                if line.unit.code in old
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
        page=page,
        count=len(lines),
        q=q,
        search_url=url_for("organiser.units", code=code),
        typed=typed if adding else "",
        problem=problem if adding else None,
        add_url=url_for("organiser.new_units", code=code) if open_ else None,
        closed=""
        if open_
        else _("评分已经锁定，单位不能再加、不能再删；改名要写原因，公布过的再公布新的一版"),
        rows_url=url_for("organiser.upload_units", code=code) if open_ else None,
        upload_url=None if of_labour else url_for("organiser.upload", code=code),
        applications_url=None if of_labour else url_for("organiser.applications", code=code),
        waiting=count_waiting(competition),
        links_url=url_for("organiser.unit_links", code=code),
        text_url=url_for("organiser.unit_links_text", code=code),
        book_url=url_for("organiser.units_workbook", code=code),
        longest=LONGEST_UNIT,
        of_labour=of_labour,
        groups=group_choices(competition),
        group=group,
        new_group=new_group,
        last=_last(competition),
    )


def group_choices(competition: Competition) -> list[Choice]:
    """The groups that a new unit of a labour competition may be ranked in."""
    return [Choice(value=each, label=each) for each in labour_groups(competition)]


def _found(lines: Sequence[UnitLine], q: str) -> Sequence[UnitLine]:
    """Whose name or code has it, in whichever case and width it was typed."""
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
    """What bears the present name and will not follow by itself."""
    if publication is None and not certificates:
        return ""
    found = [_("已发的证书 %(n)s 张", n=certificates)] if certificates else []
    if publication is not None:
        found.append(_("公布的第 %(n)s 版", n=publication.version))
    if people:
        found.append(_("印好的参赛证 %(n)s 张", n=people))
    return _("%(what)s上是现在的名称，改名以后一样一样换", what=say(listed(found)))


def name_page(competition: Competition, unit: Unit) -> NamePage:
    """What bears another name than the unit has now."""
    code, touched = competition.code, touched_by_unit(unit, competition)
    shown = [find(Certificate, row) for row in touched.certificates[:PAPERS_SHOWN]]
    publication = touched.publication
    announced = competition.state in (CompetitionState.NOTICE, CompetitionState.FINAL)
    people = next(line.entrants for line in unit_lines(competition) if line.unit.id == unit.id)
    touches = bool(touched.certificates or publication)
    return NamePage(
        competition=competition_home(competition),
        back=Link(label=_("单位名单"), url=url_for("organiser.units", code=code)),
        name=unit.name,
        papers=[
            OldPaper(
                number=shown_number(paper),
                title=title_of(paper),
                holder=paper.face["name"],
                said=paper.face.get("unit") or paper.face["name"],
                url=url_for(
                    "organiser.certificates",
                    code=code,
                    open=paper.id,
                    _anchor=f"certificate-{paper.id}",
                ),
            )
            for paper in shown
            if paper is not None
        ],
        more=len(touched.certificates) - len(shown),
        badges=people if touches else 0,
        version=publication.version if publication else None,
        published_name=touched.published_name,
        publish_url=url_for("organiser.publish_corrected_names", code=code)
        if publication is not None and announced and may_do(Right.PUBLISH)
        else None,
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
