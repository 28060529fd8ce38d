"""小比武: the codes of its judges, its marks as they come in, published and corrected at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.bundle.results import EventResults
from compete.domain.values.messages import Message
from compete.domain.values.numerals import plain
from compete.domain.values.points import shortest
from compete.domain.values.rights import Right
from compete.domain.values.states import HANDED_IN, CompetitionState, SheetState
from compete.models import Competition, Entrant, Event, Judge, Sheet, utc_now
from compete.services.accounts.accounts import known_account_of
from compete.services.accounts.sign_in_cards import one_time_card
from compete.services.certificates.award_certificates import awards_due
from compete.services.certificates.counts import count_certificates
from compete.services.certificates.reissuing import first_award_number
from compete.services.closing.blockers import find_blockers
from compete.services.closing.typed_marks import (
    ABSENT,
    TypedSheet,
    half_absent,
    read_typed,
    sheets_to_type,
    type_marks,
    typed_sheets,
    typists,
    why_not_typed,
)
from compete.services.competitions.small_contest import (
    Finished,
    correct_items,
    correct_small_contest,
    corrects_alone,
    finish_small_contest,
    items_of,
    judges_to_leave_out,
    leave_judge_out,
    renew_code,
    take_start_back,
    why_items_stay,
    why_not_taken_back,
)
from compete.services.competitions.small_correction import (
    AwardChange,
    changes_by_items,
    changes_by_sheets,
)
from compete.services.competitions.small_lines import (
    PointLine,
    answered_items,
    points_faults,
)
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.results.bends import renewed_sheets
from compete.services.results.consequences import open_consequences
from compete.services.rules.rules_saving import RulesRefused
from compete.services.scoring.live import live_results
from compete.services.sheets.absences import excused_sheets
from compete.services.sheets.act_rules import OPEN_STATES
from compete.services.sheets.totals import provisional_total
from compete.services.sheets.values import standing_values
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.guard import may_do
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.competitions.small.read_lines import answers
from compete.web.pages import of_code
from compete.web.pasted_blocks import answer_block
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on, status_of
from compete.web.shapes import Chip, Choice
from compete.web.templating import moment


def _evidences() -> tuple[str, str]:
    return _("当场念的，裁判在"), _("照裁判写的纸录")


def event_of(competition: Competition) -> Event:
    """The event of a small contest."""
    return competition.events[0]


def _module_of_small(event: Event) -> Module:
    """Return its module."""
    return rules_of(event).stages[0].modules[0]


def _codes_page(competition: Competition) -> str:
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


def _card(judge: Judge) -> tuple[str | None, Chip]:
    """The address of the code to scan, None if it was used or is past its time, and its state."""
    account = known_account_of(judge)
    card = one_time_card(account) if account is not None else None
    if card is not None and card.used_at is not None:
        text = _("%(at)s 扫过", at=moment(card.used_at))
        return None, Chip(text=text, kind="ok", icon="check-circle")
    if card is None or (card.expires_at is not None and card.expires_at <= utc_now()):
        return None, Chip(text=_("码过期了"), kind="warn", icon="clock")
    address = public_url("auth.use_link", token=card.token)
    return address, Chip(text=_("还没人扫"), kind="", icon="dashed-circle")


def _marks_page(
    competition: Competition,
    page: str = "marks",
    *,
    typed: Mapping[int, str] | None = None,
    faults: Mapping[int, str] | None = None,
    anew: bool = False,
    **sent: Any,
) -> str:
    """Show everybody's marks; `typed` and `faults` are what could not be stored, by sheet.

    `anew`: what may be typed anew stands in fields. `sent` are `reason`, `evidence`, the `problem`
    with them and whether it `asks_over`.
    """
    event = event_of(competition)
    sheets = sheets_to_type(event)
    live = live_results(competition)
    away = excused_sheets(competition)
    publication = latest_publication(competition)
    judging = competition.state is CompetitionState.JUDGING
    announced = competition.state in (CompetitionState.NOTICE, CompetitionState.FINAL)
    may_type = may_do(Right.LEAD) and why_not_typed(event, current_user) is None
    again = _sheets_typed_anew(competition) if may_type else set()
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
        items=[_item(aspect) for aspect in _module_of_small(event).aspects],
        item_names=[aspect.name for aspect in _module_of_small(event).aspects],
        rows=rows,
        judges=[
            _head(judge, sheets, typists(sheets), {it.id for it in renewed_sheets(competition)})
            for judge in judges_of(sheets)
        ],
        absent_urls={
            judge.name: url_for(
                "organiser.leave_small_judge_out", code=competition.code, judge=judge.code
            )
            for judge in judges_of(sheets)
            if judging and may_type and judge.id in judges_to_leave_out(sheets)
        },
        may_items=judging | announced and why_items_stay(competition, current_user) is None,
        untouched=may_do(Right.LEAD) and why_not_taken_back(competition) is None,
        left=len(left),
        stand=_stand(sheets, left, announced=announced),
        blockers=blockers,
        winners=sum(row["award"] is not None for row in rows),
        set_prizes=sum(award.top or 0 for award in rules_of(event).awards),
        certified=count_certificates(competition).valid,
        owed=owed,
        half_absent=[] if announced else [person.name for person in half_absent(event)],
        version=publication.version if publication is not None else None,
        judging=judging,
        announced=announced,
        anew=anew,
        may_anew=bool(again),
        may_type=bool(fields),
        evidences=[
            Choice(value="", label=_("选一个")),
            *(Choice(value=text, label=text) for text in _evidences()),
        ],
        **{"reason": "", "evidence": "", "problem": None, "asks_over": False} | sent,
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


def _sheets_typed_anew(competition: Competition) -> set[int]:
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
    return _items(_module_of_small(sheet.entrant.event), values) if sheet.state in HANDED_IN else ""


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
) -> dict[int, list[dict[str, Any]]]:
    typed_by = typed_sheets(sheets)
    values = standing_values([sheet.id for sheet in sheets])
    cells: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for sheet in sheets:
        own, module = values.get(sheet.id, {}), _module_of_small(sheet.entrant.event)
        handed_in = sheet.state in HANDED_IN
        total = provisional_total(module, own) if handed_in else None
        stands = _standing_text(sheet, own, away=sheet.id in away)
        cells[sheet.entrant_id].append(
            {
                "sheet": sheet.id,
                "label": _("%(who)s，%(judge)s", who=sheet.entrant.name, judge=sheet.judge.name),
                "total": plain(Decimal(total)) if total is not None else None,
                "points": _items(module, own) if handed_in else "",
                "typed_by": typed_by.get(sheet.id),
                "handed_in": handed_in,
                "begun": sheet.state in (SheetState.BEGUN, SheetState.COMPLETE),
                "open": sheet.id in fields,
                "stands": stands,
                "value": typed.get(sheet.id, stands),
                "fault": faults.get(sheet.id),
            }
        )
    return cells


def _rows(
    people: Mapping[int, Entrant],
    cells: Mapping[int, Sequence[dict[str, Any]]],
    absent: set[int],
    results: EventResults,
    event: Event,
) -> list[dict[str, Any]]:
    standing = {row.entrant: row for row in results.standings}
    names = {award.code: award.name for award in rules_of(event).awards}
    awards = {row.entrant: names[row.award] for row in results.awards or () if row.entrant}
    rows = []
    for number, entrant in people.items():
        # What was sent back, or is not handed in yet, gives no total.
        waits = number not in absent and not all(cell["handed_in"] for cell in cells[number])
        place = None if waits else standing.get(entrant.code)
        rows.append(
            {
                "rank": place.rank if place else None,
                "code": entrant.code,
                "name": entrant.name,
                "unit": entrant.unit.name,
                "absent": number in absent,
                "cells": cells[number],
                "total": place.total if place else None,
                "award": None if waits else awards.get(entrant.code),
            }
        )
    return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0))


def _items(module: Module, values: Mapping[str, Decimal]) -> str:
    """The points of each item, in their order."""
    points = (
        kind_of(aspect).marks(values[aspect.code])
        for aspect in module.aspects
        if aspect.code in values
    )
    return " ".join(shortest(point) or "" for point in points if point is not None)


def _head(
    judge: Judge, sheets: Sequence[Sheet], typed: Collection[int], renewed: Collection[int]
) -> tuple[str, int, int, int, int]:
    """A judge with how many sheets are handed in, and there are; how many are typed, how many came
    by a renewed code."""
    own = [sheet for sheet in sheets if sheet.judge_id == judge.id]
    done = sum(sheet.state in HANDED_IN for sheet in own)
    by_typing, by_renewal = (
        sum(sheet.id in numbers for sheet in own) for numbers in (typed, renewed)
    )
    return judge.name, done, len(own), by_typing, by_renewal


def _stand(sheets: Sequence[Sheet], left: Sequence[Sheet], *, announced: bool) -> Chip:
    if announced:
        return Chip(text=_("已公布"), kind="ok", icon="check-circle")
    if left:
        done = len(sheets) - len(left)
        text = _("到了 %(done)s 张，共 %(all)s 张", done=done, all=len(sheets))
        return Chip(text=text, kind="info", icon="half-circle")
    return Chip(text=_("分都到了"), kind="ok", icon="check-circle")


@face.get("/<code>/small/codes")
@guard.may(Right.GIVE_CARDS)
def small_codes(competition: Competition) -> ResponseReturnValue:
    """A code for each judge, to be scanned by phone."""
    _require_small(competition)
    return _codes_page(competition)


@face.post("/<code>/small/codes/<judge>")
@guard.may(Right.GIVE_CARDS)
@only_once
def renew_small_code(competition: Competition, judge: str) -> ResponseReturnValue:
    """Make another code for a judge; the phone of the code before it is signed out."""
    _require_small(competition)
    holder = of_code(competition.judges, judge)
    renew_code(holder, competition, current_user)
    flash(_("%(name)s 换了新码，旧码登录的手机退出了，评过的分都在", name=holder.name), "ok")
    return redirect(url_for("organiser.small_codes", code=competition.code))


def _absent_page(competition: Competition, judge: str, refused: Refused | None = None) -> str:
    """Ask why a judge did not come; what counts then stands beside it."""
    holder = of_code(competition.judges, judge)
    sheets = sheets_to_type(event_of(competition))
    return render_template(
        "organiser/competitions/small/absent.html",
        competition=competition,
        judge=holder,
        sheets=sum(sheet.judge_id == holder.id for sheet in sheets),
        left=len(judges_of(sheets)) - 1,
        reason=posted_reason(),
        problem=problem_of(refused),
    )


@face.route("/<code>/small/absent/<judge>", methods=["GET", "POST"])
@guard.may(Right.LEAD)
@only_once
@refusal_on(_absent_page)
def leave_small_judge_out(competition: Competition, judge: str) -> ResponseReturnValue:
    """Leave out a judge who never came, with a reason that everybody reads."""
    _require_small(competition)
    if request.method != "POST":
        return _absent_page(competition, judge)
    holder = of_code(competition.judges, judge)
    closed = leave_judge_out(holder, competition, posted_reason(), current_user)
    flash(_("%(name)s 没来，%(n)s 张不评了，照其余裁判的平均算", name=holder.name, n=closed), "ok")
    return redirect(url_for("organiser.small_marks", code=competition.code))


def _take_back_page(competition: Competition, refused: Refused | None = None) -> str:
    return render_template(
        "organiser/competitions/small/take_back.html",
        competition=competition,
        why_not=say(why_not_taken_back(competition)),
        problem=problem_of(refused),
    )


@face.route("/<code>/small/take-back", methods=["GET", "POST"])
@guard.may(Right.LEAD)
@only_once
@refusal_on(_take_back_page)
def take_small_back(competition: Competition) -> ResponseReturnValue:
    """Undo the start while nobody has marked; its form comes back to be mended."""
    _require_small(competition)
    if request.method != "POST":
        return _take_back_page(competition)
    take_start_back(competition, current_user)
    flash(_("撤回了，码都作废。改好再开赛"), "ok")
    return redirect(url_for("organiser.new_small", of=competition.code))


@face.get("/<code>/small")
@guard.may(Right.SEE)
def small_marks(competition: Competition) -> ResponseReturnValue:
    """Show everybody's marks, ranked as they stand."""
    _require_small(competition)
    return _marks_page(competition)


@face.post("/<code>/small/marks")
@guard.may(Right.LEAD)
@only_once
def type_small_marks(competition: Competition) -> ResponseReturnValue:
    """Write what was typed in the judges' names, all of it or none."""
    _require_small(competition)
    return _write(competition, anew=False)


@face.route("/<code>/small/again", methods=["GET", "POST"])
@guard.may(Right.LEAD)
@only_once
def retype_small_marks(competition: Competition) -> ResponseReturnValue:
    """Type marks again; once sent, if they are published, the next version goes out."""
    _require_small(competition)
    if request.method == "POST":
        return _write(competition, anew=True)
    return _marks_page(competition, anew=True)


@face.post("/<code>/small/blocks")
@guard.may(Right.LEAD)
def read_small_block(competition: Competition) -> ResponseReturnValue:
    """Say what of a pasted block of marks goes where; nothing is written."""
    _require_small(competition)
    return answer_block()


def _write(competition: Competition, *, anew: bool) -> ResponseReturnValue:
    event = event_of(competition)
    typed, faults, rows = _read_cells(competition, anew=anew)
    form = request.form
    reason, evidence = posted_reason(), form.get("evidence", "")
    over = bool(form.get("over"))
    problem, status, asks_over = "", 400, False
    if faults:
        problem = ngettext(
            "有 %(num)s 格要改，一格都没记", "有 %(num)s 格要改，一格都没记", len(faults)
        )
    elif anew and not rows:
        problem = _("一格都没改")
    else:
        words = {"reason": reason, "evidence": evidence, "by": current_user}
        published = anew and latest_publication(competition) is not None
        if published and reason.strip() and evidence and not _looked(competition):
            changes = changes_by_sheets(competition, rows)
            if any(change.loses for change in changes):
                kept = {k: v for k, v in form.items() if k.startswith(("mark-", "was-"))}
                kept |= {"reason": reason, "evidence": evidence}
                return _look_page(competition, changes, "retype_small_marks", kept)
        try:
            if published:
                done = correct_small_contest(competition, rows, **words)
                flash(_went_out(done), "ok")
            else:
                type_marks(event, rows, over=over, **words)
                flash(ngettext("记下 %(num)s 格", "记下 %(num)s 格", len(rows)), "ok")
        except Refused as refused:
            problem, status, asks_over = say(refused.message), status_of(refused), not over
        else:
            return redirect(url_for("organiser.small_marks", code=competition.code))
    page = _marks_page(
        competition,
        typed=typed,
        faults=faults,
        reason=reason,
        evidence=evidence,
        problem=problem,
        asks_over=asks_over and not anew,
        anew=anew,
    )
    return page, status


def _look_page(
    competition: Competition, changes: Sequence[AwardChange], page: str, kept: Mapping[str, str]
) -> str:
    """Show whose award the next version takes away or gives, before `page` sends it out."""
    return render_template(
        "organiser/competitions/small/look.html",
        competition=competition,
        changes=changes,
        version=_next_version(competition),
        page=page,
        kept=kept,
    )


def _next_version(competition: Competition) -> int:
    publication = latest_publication(competition)
    return (publication.version if publication is not None else 0) + 1


def _looked(competition: Competition) -> bool:
    """True if the look at what the next version changes was at this one."""
    return request.form.get("seen") == str(_next_version(competition))


@face.route("/<code>/small/items", methods=["GET", "POST"])
@guard.may(Right.LEAD)
@only_once
def correct_small_items(competition: Competition) -> ResponseReturnValue:
    """Correct what items are called and worth; where it is published the next version goes out."""
    _require_small(competition)
    event = event_of(competition)
    standing = items_of(_module_of_small(event))
    if request.method != "POST":
        return _items_page(competition, standing)
    if request.form.get("rules") != str(event.rules.number):
        newer = _("你打开以后别人改过项目：下面是现在的，看过再改")
        return _items_page(competition, standing, [newer]), 409
    items = answered_items(standing, answers()[1])
    reason = posted_reason()
    if problems := [say(fault) for fault in points_faults(items)]:
        return _items_page(competition, items, problems), 400
    published = latest_publication(competition) is not None
    may_correct = why_items_stay(competition, current_user) is None
    if may_correct and published and reason.strip() and not _looked(competition):
        changes = changes_by_items(competition, items)
        if any(change.loses for change in changes):
            kept = {k: v for k, v in request.form.items() if k not in ("csrf_token", "seen")}
            return _look_page(competition, changes, "correct_small_items", kept)
    try:
        done = correct_items(competition, items, reason, current_user)
    except Refused as refused:
        own = [it.message for it in refused.problems] if isinstance(refused, RulesRefused) else []
        problems = [say(it) for it in own or [refused.message]]
        return _items_page(competition, items, problems), status_of(refused)
    flash(_("改好了，得分都照新的算") if done is None else _went_out(done), "ok")
    return redirect(url_for("organiser.small_marks", code=competition.code))


def _items_page(
    competition: Competition, items: Sequence[PointLine], problems: Sequence[str] = ()
) -> str:
    publication = latest_publication(competition)
    why_not = why_items_stay(competition, current_user)
    return render_template(
        "organiser/competitions/small/items.html",
        competition=competition,
        rules=event_of(competition).rules.number,
        items=items,
        problems=[say(why_not)] if why_not else problems,
        why_not=why_not,
        reason=posted_reason(),
        version=publication.version if publication is not None else None,
    )


def _read_cells(
    competition: Competition, *, anew: bool
) -> tuple[dict[int, str], dict[int, str], list[TypedSheet]]:
    """Read by sheet what was typed and what is wrong with it, and what is to be written."""
    event = event_of(competition)
    module, sheets = _module_of_small(event), sheets_to_type(event)
    may_anew = _sheets_typed_anew(competition) if anew else set()
    away, values = excused_sheets(competition), standing_values([it.id for it in sheets])
    typed: dict[int, str] = {}
    faults: dict[int, str] = {}
    read: dict[int, TypedSheet] = {}
    for sheet in sheets:
        text = request.form.get(f"mark-{sheet.id}", "").strip()
        was = request.form.get(f"was-{sheet.id}")
        now = _standing_text(sheet, values.get(sheet.id, {}), away=sheet.id in away)
        moved = was is not None and was != now
        # What somebody else wrote there since stays where nothing else was typed.
        if not text or (moved and text == was):
            continue
        typed[sheet.id] = text
        if moved and text != now:
            faults[sheet.id] = _(
                "你打开以后别人改成了“%(now)s”，你写的还没记：要用你的，再按一次", now=now
            )
            continue
        if sheet.state not in OPEN_STATES and sheet.id not in may_anew:
            faults[sheet.id] = _(
                "%(name)s 已经交了，“%(text)s”没记", name=sheet.judge.name, text=text[:40]
            )
            continue
        mark = read_typed(module, text)
        if isinstance(mark, Message):
            faults[sheet.id] = say(mark)
        else:
            read[sheet.id] = TypedSheet(sheet, mark)
    marked = {it.sheet.entrant_id for it in read.values() if it.values is not None}
    for number, row in read.items():
        if row.values is None and row.sheet.entrant_id in marked:
            faults[number] = _("别的格有分：没来的，每格都写“缺考”")
    rows = [
        row
        for number, row in read.items()
        if not anew or row.changes(values.get(number, {}), away=number in away)
    ]
    return typed, faults, rows


def _went_out(done: Finished) -> str:
    """Say what follows from a version: certificates issued, and withdrawn."""
    text = _("公布了第 %(n)s 版，发了 %(issued)s 张奖状", n=done.version, issued=len(done.issued))
    if not done.withdrawn:
        return text
    return _("%(said)s，收回 %(n)s 张", said=text, n=done.withdrawn)


def _publish_page(competition: Competition, refused: Refused | None = None) -> str:
    number = first_award_number(competition)
    return _marks_page(competition, "publish", problem=problem_of(refused), first_number=number)


@face.route("/<code>/small/publish", methods=["GET", "POST"])
@guard.may(Right.PUBLISH)
@only_once
@refusal_on(_publish_page)
def publish_small(competition: Competition) -> ResponseReturnValue:
    """Show the last look; once sent, places are public and certificates can be printed."""
    _require_small(competition)
    if request.method != "POST":
        return _publish_page(competition)
    absent = bool(request.form.get("absent"))
    done = finish_small_contest(competition, current_user, absent=absent)
    flash(_went_out(done), "ok")
    return redirect(url_for("organiser.small_marks", code=competition.code))


def _require_small(competition: Competition) -> None:
    if not settings_of(competition).small:
        abort(404)
