"""The list of contestants page by page, the registration workbook, badges and forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.grades.ladder import grade_label
from compete.domain.identity.masks import mask_id
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Entrant, Member
from compete.services.jobs.papers.kinds import ENTRANTS_BOOK, Asked, printed_as
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.participants import withdrawal_word, withdrawals_of
from compete.services.kernel.refusal import Refused
from compete.services.registration.badges import BADGES
from compete.services.registration.eligibility import people_of
from compete.services.registration.exemptions import still_unfit
from compete.services.registration.people import (
    ListOrder,
    find_entrants,
    numbers_listed,
    rows_listed,
)
from compete.services.registration.portraits import has_portraits, marks_of_people
from compete.services.registration.preview import offer_of
from compete.services.registration.printed_forms import FORM_TITLES, PEOPLE_FORM
from compete.services.registration.withdrawals import return_people_to_list, withdraw_people
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.applicant_conditions import not_admitted
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.list_book import AT_ONCE, long_list, sentences
from compete.web.organiser.registration.person.acts import (
    tell_beside,
    tell_free_place,
    tell_stayed,
)
from compete.web.organiser.registration.person.finding import FILTERS, list_filters
from compete.web.paging import asked_page, describe_page
from compete.web.posted import posted_people, posted_reason
from compete.web.refusals import problem_of, refusal_on
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
    away: str
    """True if they withdrew."""
    warnings: Sequence[str]


def _show_entrants(competition: Competition, refused: Refused | None = None) -> str:
    """List the contestants of the request: searched, filtered, sorted and paged in the database.

    What was ticked and typed stands where it was.
    """
    code, posted = competition.code, request.method == "POST"
    asked = list_filters()
    wanted = dict.fromkeys(FILTERS, "") | asked
    listed = find_entrants(competition, page=asked_page(), page_size=PAGE_SIZE, **wanted)
    rows = _rows(competition, listed.rows)
    away = {row.row.code for row in rows if row.away}
    withdraws = competition.state is CompetitionState.REGISTERING and len(away) < len(rows)
    returns = bool(away) and competition.state in _RETURNING
    page = {"page": request.args["page"]} if request.args.get("page") else {}
    return render_template(
        "organiser/registration/entrants.html",
        entrants=rows,
        ticked=posted_people() if posted else request.args.get("ticked", "").split(),
        tickable={row.row.code for row in rows if (returns if row.away else withdraws)},
        withdraws=withdraws,
        returns=returns,
        reason=posted_reason(),
        problem=problem_of(refused),
        filters=wanted,
        kept=_query(asked),
        asked=_query(asked | page),
        units=choices({unit.code: unit.name for unit in competition.units}),
        events=choices({event.code: event.name for event in competition.events}),
        everyone=listed.everyone,
        page=describe_page(
            listed.total, listed.page, PAGE_SIZE, "organiser.entrants", code=code, **wanted
        ),
        forms=FORM_TITLES,
        has_groups=listed.has_groups,
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
                *(row.away, sentences(row.warnings)),
            ]
            for row in _rows(asked.competition, rows_listed(Entrant, part))
            for who in [row.row]
        ]

    return long_list(asked, msg("选手"), _heads, numbers, read)


def _heads() -> list[str]:
    heads = (_("编号"), _("姓名"), _("成员"), _("单位"), _("赛项"), _("组别"), _("现等级"))
    return [*heads, _("证件号码"), _("参赛"), _("还要看的")]


def _rows(competition: Competition, people: Sequence[Entrant]) -> list[EntrantRow]:
    away = withdrawals_of(people)
    marks = marks_of_people(competition, people) if has_portraits(competition) else None
    unmet = _unmet(competition, people)
    turned_away = not_admitted(competition, people)
    return [
        EntrantRow(
            row=row,
            members=_("、").join(member.name for member in row.members),
            grade="" if row.members else say(grade_label(row.grade, ladder_of(row.event))),
            id_masked=mask_id(row.id_number) if row.id_number else "",
            away=say(withdrawal_word(away[row.id])) if row.id in away else "",
            warnings=[
                *([] if _numbered(row) else [_("没有证件号码，发证前要补")]),
                *(
                    [_("没有准考证：%(why)s", why=turned_away[row.code])]
                    if row.code in turned_away
                    else []
                ),
                *unmet.get(row.id, ()),
                *([_("没有照片")] if _lacks_photo(row, marks) else []),
            ],
        )
        for row in people
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
    kind = "member" if row.members else "entrant"
    return any((kind, person.id) not in marks for person in people_of(row))


def _numbered(row: Entrant) -> bool:
    """True if everybody who may get a certificate has an ID number."""
    return all(person.id_number for person in people_of(row))


def _unmet(competition: Competition, rows: Sequence[Entrant]) -> dict[int, list[str]]:
    """Return the unmet conditions that nobody waived, by row."""
    unmet: dict[int, list[str]] = {}
    for unfit in still_unfit(competition, rows):
        holder = unfit.holder
        number = holder.entrant_id if isinstance(holder, Member) else holder.id
        unmet.setdefault(number, []).extend(say(finding.sentence) for finding in unfit.findings)
    return unmet


@face.get("/<code>/entrants")
@guard.may(Right.REGISTER)
def entrants(competition: Competition) -> ResponseReturnValue:
    """List the contestants: searched, filtered, sorted and paged in the database."""
    return _show_entrants(competition)


@face.post("/<code>/entrants/withdraw")
@guard.may(Right.REGISTER)
@refusal_on(_show_entrants)
def withdraw_ticked(competition: Competition) -> ResponseReturnValue:
    """Withdraw the ticked people, for one reason."""
    codes, reason = posted_people(), posted_reason()
    done, stayed = withdraw_people(competition, dict.fromkeys(codes, reason), current_user)
    if done:
        n = len(done)
        flash(
            ngettext(
                "%(num)s 人退赛了，还勾着，按错了可以撤回",
                "%(num)s 人退赛了，还勾着，按错了可以撤回",
                n,
            ),
            "ok",
        )
    tell_stayed(stayed)
    if not done:
        # Ticks and reason stay as they were.
        return _show_entrants(competition)
    tell_free_place(competition)
    return redirect(_list_url(competition, done))


@face.post("/<code>/entrants/return")
@guard.may(Right.REGISTER)
@refusal_on(_show_entrants)
def return_ticked(competition: Competition) -> ResponseReturnValue:
    """Take back the withdrawals of the ticked people; name those who have their places."""
    codes = posted_people()
    done, stayed, beside = return_people_to_list(competition, codes, current_user)
    if done:
        n = len(done)
        flash(ngettext("%(num)s 人回到名单了", "%(num)s 人回到名单了", n), "ok")
    tell_stayed(stayed)
    tell_beside(beside)
    return redirect(_list_url(competition))


def _list_url(competition: Competition, ticked: Sequence[Entrant] = ()) -> str:
    """Address of the list as it was asked for, with those ticked who can be taken back."""
    asked = list_filters() | {"page": request.args.get("page", "")}
    asked["ticked"] = " ".join(person.code for person in ticked)
    kept = {key: text for key, text in asked.items() if text}
    return url_for("organiser.entrants", code=competition.code) + _query(kept)


@face.get("/<code>/entrants/list.xlsx")
@guard.may(Right.REGISTER)
def entrants_book(competition: Competition) -> ResponseReturnValue:
    """The list as it is shown, searched, filtered and sorted, with all its pages."""
    name = f"{say(msg('选手'))}_{competition.name}.xlsx"
    return print_or_follow(competition, ENTRANTS_BOOK, name, **list_filters())


@face.get("/<code>/entrants/workbook.xlsx")
@guard.may(Right.REGISTER)
def workbook(competition: Competition) -> Response:
    """The empty registration workbook of this competition."""
    from compete.sheets.registration.template import write_registration_workbook

    content = write_registration_workbook(offer_of(competition))
    return send_workbook(content, f"报名表_{competition.name}.xlsx")


@face.get("/<code>/badges.pdf")
@guard.may(Right.REGISTER)
def badges(competition: Competition) -> ResponseReturnValue:
    """Everybody's badge, eight on a page."""
    return print_or_follow(competition, BADGES, f"{_('参赛证')}_{competition.name}.pdf")


@face.get("/<code>/forms/<form>.pdf")
@guard.may(Right.PRINT_FORMS)
def people_form(competition: Competition, form: str) -> ResponseReturnValue:
    """A form to sign on at the venue."""
    if form not in FORM_TITLES:
        abort(404)
    filename = f"{say(FORM_TITLES[form])}_{competition.name}.pdf"
    return print_or_follow(competition, PEOPLE_FORM, filename, form=form)
