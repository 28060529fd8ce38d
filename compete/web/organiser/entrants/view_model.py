"""The list of contestants as the desk shows it: one page of those that were asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _

from compete.domain.grades.ladder import grade_label
from compete.domain.identity.masks import mask_id
from compete.domain.values.messages import msg
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Entrant, Member
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.participants import withdrawn_codes
from compete.services.registration.exemptions import still_unfit
from compete.services.registration.list_pages import numbers_listed, rows_listed
from compete.services.registration.people import ListOrder, find_entrants
from compete.services.registration.portraits import has_portraits, marks_of_people
from compete.services.registration.printed_forms import FORM_TITLES
from compete.sheets.workbook.tables import Value
from compete.web.language import say
from compete.web.organiser.entrants.shapes import (
    EntrantColumns,
    EntrantRow,
    EntrantsPage,
    EntrantUrls,
    SortLink,
)
from compete.web.organiser.list_book import AT_ONCE, ENTRANTS_BOOK, long_list, sentences
from compete.web.organiser.person.finding import FILTERS
from compete.web.organiser.shapes import Link, competition_link
from compete.web.paging import asked_page, describe_page
from compete.web.shapes import Choice
from compete.web.words import group_word

PAGE_SIZE = 50
_RETURNING = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


def entrants_page(
    competition: Competition,
    *,
    ticked: Collection[str] = (),
    reason: str = "",
    problem: str = "",
) -> EntrantsPage:
    """List the contestants of the request: searched, filtered, sorted and paged in the database.

    What was ticked and typed stands where it was.
    """
    code = competition.code
    wanted = {key: request.args.get(key, "").strip() for key in FILTERS}
    found = find_entrants(competition, page=asked_page(), page_size=PAGE_SIZE, **wanted)
    asked = {key: text for key, text in wanted.items() if text}
    kept = f"?{urlencode(asked)}" if asked else ""
    several_events = len(competition.events) > 1
    rows = _rows(competition, found.rows, kept)
    away = {row.number for row in rows if row.withdrawn}
    withdraws = competition.state is CompetitionState.REGISTERING and len(away) < len(rows)
    returns = bool(away) and competition.state in _RETURNING
    page = {"page": request.args["page"]} if request.args.get("page") else {}
    on = f"?{urlencode(asked | page)}" if asked or page else ""
    return EntrantsPage(
        competition=competition_link(competition),
        entrants=rows,
        ticked=set(ticked) & {row.number for row in rows},
        tickable={row.number for row in rows if (returns if row.withdrawn else withdraws)},
        reason=reason,
        problem=problem,
        filters=wanted,
        units=[Choice(value=unit.code, label=unit.name) for unit in competition.units],
        events=[Choice(value=event.code, label=event.name) for event in competition.events],
        total=found.total,
        everyone=found.everyone,
        page=describe_page(
            found.total, found.page, PAGE_SIZE, "organiser.entrants", code=code, **wanted
        ),
        urls=EntrantUrls(
            upload=url_for("organiser.upload", code=code),
            add=url_for("organiser.new_entrant", code=code),
            template=url_for("organiser.workbook", code=code),
            book=url_for("organiser.entrants_book", code=code) + kept,
            withdraw=url_for("organiser.withdraw_ticked", code=code) + on if withdraws else "",
            bring_back=url_for("organiser.return_ticked", code=code) + on if returns else "",
            badges=url_for("organiser.badges", code=code),
            self=url_for("organiser.entrants", code=code),
            units=url_for("organiser.units", code=code),
            applications=url_for("organiser.applications", code=code),
            photos=url_for("organiser.portraits", code=code),
            self_entry=url_for("organiser.self_entry", code=code),
            conditions=url_for("organiser.entry_conditions", code=code),
            forms=[
                Link(
                    label=say(title),
                    url=url_for("organiser.people_form", code=code, form=str(form)),
                )
                for form, title in FORM_TITLES.items()
            ],
        ),
        columns=EntrantColumns(group=found.has_groups, event=several_events),
        sorts=_sorts(competition, wanted),
    )


@printed_as(
    ENTRANTS_BOOK, at_once=AT_ONCE, keys=lambda asked: numbers_listed(asked.competition, **asked.of)
)
def _book(asked: Asked, numbers: Sequence[int]) -> bytes:
    """The list as a workbook, those whom the request asked for, on all pages."""

    def read(part: Sequence[int]) -> list[Sequence[Value]]:
        return [
            [
                *(row.number, row.name, row.members, row.unit, row.event, row.group, row.grade),
                *(row.id_masked or "", row.state or "", sentences(row.warnings)),
            ]
            for row in _rows(asked.competition, rows_listed(Entrant, part))
        ]

    return long_list(asked, msg("选手"), _heads, numbers, read)


def _heads() -> list[str]:
    heads = (_("编号"), _("姓名"), _("成员"), _("单位"), _("赛项"), _("组别"), _("等级"))
    return [*heads, _("证件号码"), _("参赛"), _("还要看的")]


def _rows(
    competition: Competition, found: Sequence[Entrant], kept: str | None = None
) -> list[EntrantRow]:
    """Build the rows of the list; without `kept` there are no links to anybody's page."""
    code = competition.code
    away = withdrawn_codes(competition)
    marks = marks_of_people(competition, found) if has_portraits(competition) else None
    unmet = _unmet(competition, found)
    return [
        EntrantRow(
            number=row.code,
            name=row.name,
            members=_("、").join(member.name for member in row.members),
            unit=row.unit.name,
            event=row.event.name,
            group=group_word(row.group),
            grade="" if row.members else say(grade_label(row.grade, ladder_of(row.event))),
            id_masked=mask_id(row.id_number) if row.id_number else None,
            state=_("已退赛") if row.code in away else None,
            withdrawn=row.code in away,
            url=url_for("organiser.person", code=code, who=row.code) + kept
            if kept is not None
            else "",
            warnings=[
                *([] if _numbered(row) else [_("没有证件号码，发证前要补")]),
                *unmet.get(row.id, ()),
                *([_("没有照片")] if _lacks_photo(row, marks) else []),
            ],
        )
        for row in found
    ]


def _sorts(competition: Competition, wanted: Mapping[str, str]) -> dict[str, SortLink]:
    """Return the link of each column's head: this order, or the other if it is the present one."""
    now = wanted["sort"] or ListOrder.NUMBER
    found = {}
    for order in ListOrder:
        wants = f"-{order}" if now == order else str(order)
        asked = {key: text for key, text in wanted.items() if text} | {"sort": wants}
        found[order.value] = SortLink(
            url=f"{url_for('organiser.entrants', code=competition.code)}?{urlencode(asked)}",
            state={order: "ascending", f"-{order}": "descending"}.get(now),
        )
    return found


def _lacks_photo(row: Entrant, marks: Mapping[tuple[str, int], str] | None) -> bool:
    """True if anybody of the row has no photo, while others of the competition have one."""
    if marks is None:
        return False
    if row.members:
        return any(("member", member.id) not in marks for member in row.members)
    return ("entrant", row.id) not in marks


def _numbered(row: Entrant) -> bool:
    """True if everybody who may get a certificate has an ID number."""
    return all(member.id_number for member in row.members) if row.members else bool(row.id_number)


def _unmet(competition: Competition, rows: Sequence[Entrant]) -> dict[int, list[str]]:
    """Return the unmet conditions that nobody waived, by row."""
    found: dict[int, list[str]] = {}
    for unfit in still_unfit(competition, rows):
        holder = unfit.holder
        number = holder.entrant_id if isinstance(holder, Member) else holder.id
        found.setdefault(number, []).extend(say(each.sentence) for each in unfit.findings)
    return found
