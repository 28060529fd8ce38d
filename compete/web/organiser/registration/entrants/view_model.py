"""The list of contestants as the desk shows it: one page of those that were asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template, request, url_for
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
from compete.web.organiser.list_book import AT_ONCE, ENTRANTS_BOOK, long_list, sentences
from compete.web.organiser.registration.person.finding import FILTERS
from compete.web.paging import asked_page, describe_page
from compete.web.shapes import choices
from compete.web.words import group_word

PAGE_SIZE = 50
_RETURNING = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrantRow:
    """A contestant in the list."""

    row: Entrant
    members: str
    """The members of a crew; empty for a person."""
    grade: str
    id_masked: str
    away: bool
    """True if they withdrew."""
    warnings: Sequence[str]


def show_entrants(
    competition: Competition,
    *,
    ticked: Collection[str] = (),
    reason: str = "",
    problem: str = "",
) -> str:
    """List the contestants of the request: searched, filtered, sorted and paged in the database.

    What was ticked and typed stands where it was.
    """
    code = competition.code
    wanted = {key: request.args.get(key, "").strip() for key in FILTERS}
    found = find_entrants(competition, page=asked_page(), page_size=PAGE_SIZE, **wanted)
    asked = {key: text for key, text in wanted.items() if text}
    rows = _rows(competition, found.rows)
    away = {row.row.code for row in rows if row.away}
    withdraws = competition.state is CompetitionState.REGISTERING and len(away) < len(rows)
    returns = bool(away) and competition.state in _RETURNING
    page = {"page": request.args["page"]} if request.args.get("page") else {}
    return render_template(
        "organiser/registration/entrants.html",
        entrants=rows,
        ticked=ticked,
        tickable={row.row.code for row in rows if (returns if row.away else withdraws)},
        withdraws=withdraws,
        returns=returns,
        reason=reason,
        problem=problem,
        filters=wanted,
        kept=_query(asked),
        asked=_query(asked | page),
        units=choices({unit.code: unit.name for unit in competition.units}),
        events=choices({event.code: event.name for event in competition.events}),
        everyone=found.everyone,
        page=describe_page(
            found.total, found.page, PAGE_SIZE, "organiser.entrants", code=code, **wanted
        ),
        forms=FORM_TITLES,
        has_groups=found.has_groups,
        group_word=group_word,
        sorts=_sorts(asked),
    )


def _query(asked: Mapping[str, str]) -> str:
    return f"?{urlencode(asked)}" if asked else ""


@printed_as(
    ENTRANTS_BOOK, at_once=AT_ONCE, keys=lambda asked: numbers_listed(asked.competition, **asked.of)
)
def _book(asked: Asked, numbers: Sequence[int]) -> bytes:
    """The list as a workbook, those whom the request asked for, on all pages."""

    def read(part: Sequence[int]) -> list[Sequence[Value]]:
        return [
            [
                *(who.code, who.name, row.members, who.unit.name, who.event.name),
                *(group_word(who.group), row.grade, row.id_masked),
                *(_("已退赛") if row.away else "", sentences(row.warnings)),
            ]
            for row in _rows(asked.competition, rows_listed(Entrant, part))
            for who in [row.row]
        ]

    return long_list(asked, msg("选手"), _heads, numbers, read)


def _heads() -> list[str]:
    heads = (_("编号"), _("姓名"), _("成员"), _("单位"), _("赛项"), _("组别"), _("等级"))
    return [*heads, _("证件号码"), _("参赛"), _("还要看的")]


def _rows(competition: Competition, found: Sequence[Entrant]) -> list[EntrantRow]:
    away = withdrawn_codes(competition)
    marks = marks_of_people(competition, found) if has_portraits(competition) else None
    unmet = _unmet(competition, found)
    return [
        EntrantRow(
            row=row,
            members=_("、").join(member.name for member in row.members),
            grade="" if row.members else say(grade_label(row.grade, ladder_of(row.event))),
            id_masked=mask_id(row.id_number) if row.id_number else "",
            away=row.code in away,
            warnings=[
                *([] if _numbered(row) else [_("没有证件号码，发证前要补")]),
                *unmet.get(row.id, ()),
                *([_("没有照片")] if _lacks_photo(row, marks) else []),
            ],
        )
        for row in found
    ]


def _sorts(asked: Mapping[str, str]) -> dict[str, tuple[str, str | None]]:
    """Return each column's head: a link to this order, or to the other; and how it is sorted now.

    `ascending` or `descending` where it is, else None.
    """
    now, here = asked.get("sort", ListOrder.NUMBER), url_for("organiser.entrants")
    return {
        order.value: (
            here + _query({**asked, "sort": f"-{order}" if now == order else order.value}),
            {order.value: "ascending", f"-{order}": "descending"}.get(now),
        )
        for order in ListOrder
    }


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
