"""A small contest in words and figures: its draft, its codes, its marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from flask import url_for
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
from compete.web.guard import allowed_url, may_do
from compete.web.language import say
from compete.web.organiser.shapes import competition_link
from compete.web.organiser.small.shapes import (
    CodeCard,
    CodesPage,
    Draft,
    InOrder,
    JudgeHead,
    MarkCell,
    MarkRow,
    MarksPage,
    MarksUrls,
    PhonePoint,
)
from compete.web.shapes import Chip, Choice
from compete.web.templating import moment

_FIELDS = ("name", "day", "people", "points", "judges", "prizes")
"""The fields in the order of the form."""


def _evidences() -> tuple[str, str]:
    return _("当场念的，裁判在"), _("照裁判写的纸录")


def draft_of(wanted: SmallContest, faults: Mapping[str, Sequence[str]]) -> Draft:
    """The form as it reads so far, with the sheet that a judge would have."""
    good = [person for person in wanted.people if person.fault is None]
    marked = [point for point in wanted.marked if point.fault is None]
    return Draft(
        people=len(wanted.people),
        points=len(wanted.points),
        total=plain(total_of(marked)),
        judges=wanted.judges,
        prizes=sum(wanted.prizes),
        first=good[0].name if good else "",
        first_unit=good[0].unit if good else "",
        phone=[
            PhonePoint(
                name=point.name,
                most=plain(point.most),
                off=plain(point.off) if point.off is not None else None,
            )
            for point in marked
        ],
        faults=faults,
        odd=[say(it) for it in odd_people(wanted.people)],
        first_wrong=next((name for name in _FIELDS if name in faults), None),
    )


def event_of(competition: Competition) -> Event:
    """The event of a small contest."""
    return competition.events[0]


def module_of_small(event: Event) -> Module:
    """Return its module."""
    return rules_of(event).stages[0].modules[0]


def codes_page(competition: Competition) -> CodesPage:
    """Show the codes, the order of appearance, and blank sheets for those without a phone."""
    event, code = event_of(competition), competition.code
    sheets = sheets_to_type(event)
    cards = [_card(competition, judge) for judge in judges_of(sheets)]
    people = {sheet.entrant.code: sheet.entrant.name for sheet in sheets}
    return CodesPage(
        competition=competition_link(competition),
        cards=cards,
        order=[InOrder(number=number, name=name) for number, name in people.items()],
        marks_url=url_for("organiser.small_marks", code=code),
        blank_url=url_for("organiser.blank_sheets", code=code),
        refreshes=any(card.code for card in cards),
    )


def judges_of(sheets: Sequence[Sheet]) -> list[Judge]:
    """List the judges who mark, in the order of their codes."""
    return sorted({sheet.judge for sheet in sheets}, key=lambda judge: judge.code)


def _card(competition: Competition, judge: Judge) -> CodeCard:
    account = known_account_of(judge)
    card = one_time_card(account) if account is not None else None
    open_still = card is not None and card.used_at is None
    late = card is not None and card.expires_at is not None and card.expires_at <= utc_now()
    if card is not None and card.used_at is not None:
        state = Chip(text=_("%(at)s 扫过", at=moment(card.used_at)), kind="ok", icon="check-circle")
    elif card is None or late:
        state = Chip(text=_("码过期了"), kind="warn", icon="clock")
    else:
        state = Chip(text=_("还没人扫"), kind="", icon="dashed-circle")
    return CodeCard(
        name=judge.name,
        code=_picture(card.token) if card is not None and open_still and not late else None,
        state=state,
        renew_url=url_for("organiser.renew_small_code", code=competition.code, judge=judge.code),
    )


def _picture(token: str) -> Markup:
    return Markup(qr_svg(public_url("auth.use_link", token=token), _("登录码")))


def marks_page(
    competition: Competition,
    *,
    typed: Mapping[int, str] | None = None,
    faults: Mapping[int, str] | None = None,
    reason: str = "",
    evidence: str = "",
    problem: str | None = None,
    asks_over: bool = False,
    anew: bool = False,
) -> MarksPage:
    """Show everybody's marks; `typed` and `faults` are what could not be stored, by sheet.

    `anew`: what may be typed anew stands in fields.
    """
    event, code = event_of(competition), competition.code
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
    certified = count_certificates(competition).valid
    type_url = "organiser.retype_small_marks" if anew else "organiser.type_small_marks"
    return MarksPage(
        competition=competition_link(competition),
        people=len(people),
        items=[_item(aspect) for aspect in module_of_small(event).aspects],
        rows=rows,
        judges=[_head(judge, sheets, typists(sheets)) for judge in judges_of(sheets)],
        left=len(left),
        sheets=len(sheets),
        stand=_stand(sheets, left, announced=announced),
        blockers=blockers,
        winners=sum(row.award is not None for row in rows),
        certified=certified,
        owed=owed,
        half_absent=[] if announced else [person.name for person in half_absent(event)],
        version=publication.version if publication is not None else None,
        announced=announced,
        anew=anew,
        reason=reason,
        evidence=evidence,
        evidences=[
            Choice(value="", label=_("选一个")),
            *(Choice(value=text, label=text) for text in _evidences()),
        ],
        problem=problem,
        asks_over=asks_over,
        urls=MarksUrls(
            codes=allowed_url("organiser.small_codes", code=code) if judging else None,
            here=url_for("organiser.small_marks", code=code),
            whole=url_for("organiser.overview", code=code, all=1),
            type=url_for(type_url, code=code) if fields else None,
            anew=url_for("organiser.retype_small_marks", code=code) if again else None,
            publish=None
            if blockers or (announced and not owed)
            else allowed_url("organiser.publish_small", code=code),
            certificates=allowed_url("organiser.print_all", code=code, kind="award")
            if certified and announced
            else None,
            public=url_for("public.standings", code=code) if publication is not None else None,
        ),
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


def _head(judge: Judge, sheets: Sequence[Sheet], typed: Collection[int]) -> JudgeHead:
    own = [sheet for sheet in sheets if sheet.judge_id == judge.id]
    return JudgeHead(
        name=judge.name,
        done=sum(sheet.state in HANDED_IN for sheet in own),
        all=len(own),
        typed=sum(sheet.id in typed for sheet in own),
    )


def _stand(sheets: Sequence[Sheet], left: Sequence[Sheet], *, announced: bool) -> Chip:
    if announced:
        return Chip(text=_("已公布"), kind="ok", icon="check-circle")
    if left:
        done = len(sheets) - len(left)
        said = _("到了 %(done)s 张，共 %(all)s 张", done=done, all=len(sheets))
        return Chip(text=said, kind="info", icon="half-circle")
    return Chip(text=_("分都到了"), kind="ok", icon="check-circle")
