"""A small contest in words and figures: its draft, its codes, its marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import render_template
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.bundle.results import EventResults
from compete.domain.values.numerals import plain
from compete.domain.values.points import shortest
from compete.domain.values.rights import Right
from compete.domain.values.states import HANDED_IN, CompetitionState, SheetState
from compete.models import Competition, Entrant, Event, Judge, Sheet, utc_now
from compete.services.accounts.accounts import known_account_of
from compete.services.accounts.sign_in_cards import one_time_card
from compete.services.certificates.award_certificates import awards_due
from compete.services.certificates.counts import count_certificates
from compete.services.closing.blockers import find_blockers
from compete.services.closing.typed_marks import (
    ABSENT,
    half_absent,
    sheets_to_type,
    typed_sheets,
    typists,
    why_not_typed,
)
from compete.services.competitions.small_closing import corrects_alone
from compete.services.competitions.small_contest import SmallContest
from compete.services.competitions.small_lines import odd_people, total_of
from compete.services.kernel.event_rules import rules_of
from compete.services.results.consequences import open_consequences
from compete.services.results.snapshots import latest_publication
from compete.services.scoring.live import live_results
from compete.services.sheets.absences import excused_sheets
from compete.services.sheets.act_rules import OPEN_STATES
from compete.services.sheets.totals import provisional_total
from compete.services.sheets.values import standing_values
from compete.web.addresses import public_url
from compete.web.guard import may_do
from compete.web.language import say
from compete.web.shapes import Chip, Choice
from compete.web.templating import moment

_FIELDS = ("name", "day", "people", "points", "judges", "prizes")
"""The fields in the order of the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkCell:
    """A judge's sheet of somebody: its total, or the field in which it is typed."""

    sheet: int
    label: str
    total: str | None
    items: str
    """The points of each item, as they are typed."""
    typed_by: str | None
    handed_in: bool
    begun: bool
    open: bool
    """True if it is typed in here."""
    value: str
    """The value typed and not stored yet, or to be typed again."""
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """Somebody with every judge's mark."""

    rank: int | None
    code: str
    name: str
    unit: str
    absent: bool
    cells: Sequence[MarkCell]
    total: str | None
    award: str | None


def _evidences() -> tuple[str, str]:
    return _("当场念的，裁判在"), _("照裁判写的纸录")


def draft_parts(wanted: SmallContest, faults: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """The form as it reads so far, with the sheet that a judge would have."""
    good = [person for person in wanted.people if person.fault is None]
    marked = [point for point in wanted.marked if point.fault is None]
    return {
        "people": len(wanted.people),
        "points": len(wanted.points),
        "total": plain(total_of(marked)),
        "judges": wanted.judges,
        "prizes": sum(wanted.prizes),
        "first": good[0] if good else None,
        "phone": marked,
        "faults": faults,
        "odd": [say(it) for it in odd_people(wanted.people)],
        "first_wrong": next((name for name in _FIELDS if name in faults), None),
    }


def event_of(competition: Competition) -> Event:
    """The event of a small contest."""
    return competition.events[0]


def module_of_small(event: Event) -> Module:
    """Return its module."""
    return rules_of(event).stages[0].modules[0]


def codes_page(competition: Competition) -> str:
    """Show the codes, the order of appearance, and blank sheets for those without a phone."""
    sheets = sheets_to_type(event_of(competition))
    return render_template(
        "organiser/competitions/small/codes.html",
        competition=competition,
        cards=[(judge, *_card(judge)) for judge in judges_of(sheets)],
        order={sheet.entrant.code: sheet.entrant.name for sheet in sheets},
    )


def judges_of(sheets: Sequence[Sheet]) -> list[Judge]:
    """List the judges who mark, in the order of their codes."""
    return sorted({sheet.judge for sheet in sheets}, key=lambda judge: judge.code)


def _card(judge: Judge) -> tuple[Markup | None, Chip]:
    """The code to scan, None if it was used or is past its time, and its state."""
    account = known_account_of(judge)
    card = one_time_card(account) if account is not None else None
    if card is not None and card.used_at is not None:
        said = _("%(at)s 扫过", at=moment(card.used_at))
        return None, Chip(text=said, kind="ok", icon="check-circle")
    if card is None or (card.expires_at is not None and card.expires_at <= utc_now()):
        return None, Chip(text=_("码过期了"), kind="warn", icon="clock")
    return _picture(card.token), Chip(text=_("还没人扫"), kind="", icon="dashed-circle")


def _picture(token: str) -> Markup:
    return Markup(qr_svg(public_url("auth.use_link", token=token), _("登录码")))


def marks_page(
    competition: Competition,
    page: str = "marks",
    *,
    typed: Mapping[int, str] | None = None,
    faults: Mapping[int, str] | None = None,
    reason: str = "",
    evidence: str = "",
    problem: str | None = None,
    asks_over: bool = False,
    anew: bool = False,
) -> str:
    """Show everybody's marks; `typed` and `faults` are what could not be stored, by sheet.

    `anew`: what may be typed anew stands in fields.
    """
    event = event_of(competition)
    sheets = sheets_to_type(event)
    live = live_results(competition)
    away = excused_sheets(competition)
    publication = latest_publication(competition)
    judging = competition.state is CompetitionState.JUDGING
    announced = competition.state in (CompetitionState.NOTICE, CompetitionState.FINAL)
    may_type = may_do(Right.LEAD) and why_not_typed(event, current_user) is None
    again = sheets_typed_anew(competition) if may_type else set()
    waiting = {it.id for it in sheets if judging and may_type and _waits(it, away)}
    fields = again if anew else waiting
    cells = _cells(sheets, away, fields, typed or {}, faults or {})
    people = {sheet.entrant_id: sheet.entrant for sheet in sheets}
    absent = {sheet.entrant_id for sheet in sheets if sheet.id in away}
    rows = _rows(people, cells, absent, live.event(event.code), event)
    left = [sheet for sheet in sheets if _waits(sheet, away)]
    blockers = (
        [] if announced else [say(it.what) for it in find_blockers(competition, live.results)]
    )
    owed = open_consequences(competition) + _due(competition) if announced else 0
    return render_template(
        f"organiser/competitions/small/{page}.html",
        competition=competition,
        people=len(people),
        items=[_item(aspect) for aspect in module_of_small(event).aspects],
        rows=rows,
        judges=[_head(judge, sheets, typists(sheets)) for judge in judges_of(sheets)],
        left=len(left),
        stand=_stand(sheets, left, announced=announced),
        blockers=blockers,
        winners=sum(row.award is not None for row in rows),
        certified=count_certificates(competition).valid,
        owed=owed,
        half_absent=[] if announced else [person.name for person in half_absent(event)],
        version=publication.version if publication is not None else None,
        judging=judging,
        announced=announced,
        anew=anew,
        may_anew=bool(again),
        may_type=bool(fields),
        reason=reason,
        evidence=evidence,
        evidences=[
            Choice(value="", label=_("选一个")),
            *(Choice(value=text, label=text) for text in _evidences()),
        ],
        problem=problem,
        asks_over=asks_over,
    )


def _item(aspect: Aspect) -> str:
    if aspect.type != "deduction" or aspect.points is None or aspect.max is None:
        return aspect.name
    return _(
        "%(name)s（写得分，满分 %(max)s，每次扣 %(off)s；写次数的写“1次”）",
        name=aspect.name,
        max=plain(aspect.max),
        off=plain(aspect.points),
    )


def sheets_typed_anew(competition: Competition) -> set[int]:
    """Return the sheets this person may retype: their own, and all once it is published."""
    sheets = sheets_to_type(event_of(competition))
    if latest_publication(competition) is not None:
        alone = corrects_alone(competition, current_user)
        return {sheet.id for sheet in sheets} if alone else set()
    if competition.state is not CompetitionState.JUDGING:
        return set()
    away = excused_sheets(competition)
    own = {number for number, typist in typists(sheets).items() if typist == current_user.id}
    return own | {it.id for it in sheets if it.id in away and it.state in OPEN_STATES}


def _standing_text(sheet: Sheet, values: Mapping[str, Decimal], *, away: bool) -> str:
    """Text of a cell as it is typed: the points of each item, or 缺考."""
    if away:
        return ABSENT
    return _items(module_of_small(sheet.entrant.event), values) if sheet.state in HANDED_IN else ""


def _waits(sheet: Sheet, away: Collection[int]) -> bool:
    return sheet.state in OPEN_STATES and sheet.id not in away


def _due(competition: Competition) -> int:
    return sum(len(names) for names in awards_due(competition))


def _cells(
    sheets: Sequence[Sheet],
    away: Collection[int],
    fields: Collection[int],
    typed: Mapping[int, str],
    faults: Mapping[int, str],
) -> dict[int, list[MarkCell]]:
    typed_by = typed_sheets(sheets)
    values = standing_values([sheet.id for sheet in sheets])
    cells: dict[int, list[MarkCell]] = defaultdict(list)
    for sheet in sheets:
        own, module = values.get(sheet.id, {}), module_of_small(sheet.entrant.event)
        handed_in = sheet.state in HANDED_IN
        total = provisional_total(module, own) if handed_in else None
        stands = _standing_text(sheet, own, away=sheet.id in away)
        cells[sheet.entrant_id].append(
            MarkCell(
                sheet=sheet.id,
                label=_("%(who)s，%(judge)s", who=sheet.entrant.name, judge=sheet.judge.name),
                total=plain(Decimal(total)) if total is not None else None,
                items=_items(module, own) if handed_in else "",
                typed_by=typed_by.get(sheet.id),
                handed_in=handed_in,
                begun=sheet.state in (SheetState.BEGUN, SheetState.COMPLETE),
                open=sheet.id in fields,
                value=typed.get(sheet.id, stands),
                fault=faults.get(sheet.id),
            )
        )
    return cells


def _rows(
    people: Mapping[int, Entrant],
    cells: Mapping[int, Sequence[MarkCell]],
    absent: set[int],
    results: EventResults,
    event: Event,
) -> list[MarkRow]:
    standing = {row.entrant: row for row in results.standings}
    names = {award.code: award.name for award in rules_of(event).awards}
    awards = {row.entrant: names[row.award] for row in results.awards or () if row.entrant}
    rows = []
    for number, entrant in people.items():
        # What was sent back, or is not handed in yet, gives no total.
        waits = number not in absent and not all(cell.handed_in for cell in cells[number])
        place = None if waits else standing.get(entrant.code)
        rows.append(
            MarkRow(
                rank=place.rank if place else None,
                code=entrant.code,
                name=entrant.name,
                unit=entrant.unit.name,
                absent=number in absent,
                cells=cells[number],
                total=place.total if place else None,
                award=None if waits else awards.get(entrant.code),
            )
        )
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0))


def _items(module: Module, values: Mapping[str, Decimal]) -> str:
    """The points of each item, in their order."""
    points = (
        kind_of(aspect).marks(values[aspect.code])
        for aspect in module.aspects
        if aspect.code in values
    )
    return " ".join(shortest(point) or "" for point in points if point is not None)


def _head(
    judge: Judge, sheets: Sequence[Sheet], typed: Collection[int]
) -> tuple[str, int, int, int]:
    """A judge with how many sheets are handed in, how many there are, and how many are typed."""
    own = [sheet for sheet in sheets if sheet.judge_id == judge.id]
    done = sum(sheet.state in HANDED_IN for sheet in own)
    return judge.name, done, len(own), sum(sheet.id in typed for sheet in own)


def _stand(sheets: Sequence[Sheet], left: Sequence[Sheet], *, announced: bool) -> Chip:
    if announced:
        return Chip(text=_("已公布"), kind="ok", icon="check-circle")
    if left:
        done = len(sheets) - len(left)
        said = _("到了 %(done)s 张，共 %(all)s 张", done=done, all=len(sheets))
        return Chip(text=said, kind="info", icon="half-circle")
    return Chip(text=_("分都到了"), kind="ok", icon="check-circle")
