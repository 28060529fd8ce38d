"""Tasks of the chief judge: disputes, what else waits for somebody, and doubtful values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from flask import url_for
from flask_babel import gettext as _

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.marking.apart import Apart
from compete.domain.values.messages import some_of
from compete.domain.values.numerals import AFTER_POINT, EXACTLY
from compete.domain.values.roles import Role
from compete.domain.values.states import DecisionState, SheetState
from compete.models import Competition, LockEntry, Sheet, utc_now
from compete.services.appeals.appeal_states import appeals_of, to_carry_out
from compete.services.closing.penalties_and_outcomes import decision_kind_word, decisions_of
from compete.services.judging.panels.doubts import Implausible, Outlier
from compete.services.judging.panels.judge_progress import sheets_by_row, stations_by_entrant
from compete.services.judging.panels.module_watch import ModuleWatch, panels_of_entrants
from compete.services.judging.panels.reveal import PanelView
from compete.services.judging.recusal import short_panels
from compete.services.judging.sent_back_sheets import reminder_wait, standing_reminders
from compete.services.kernel.event_rules import module_title
from compete.services.sheets.absences import Contradiction, contradictions
from compete.services.sheets.difficulties import unattempted
from compete.services.sheets.locks_in_force import standing_locks
from compete.services.sheets.totals import aspect_marks
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.board_link import board_url, sheet_url
from compete.web.organiser.competition_words import module_names
from compete.web.organiser.judging.doubt_words import look_text, outside_text, recorded_text
from compete.web.organiser.judging.progress.shapes import Dispute, JudgingTask
from compete.web.organiser.places import BoardModule, difficulties_url
from compete.web.templating import moment_in_sentence, plain


def describe_disputes(
    competition: Competition,
    place: BoardModule,
    watch: ModuleWatch,
    *,
    chief: bool,
    named: str = "",
) -> list[Dispute]:
    """Describes the first disputes of a module, the one that has waited longest first.

    `named` is the module's name where it is not the module that the page shows.
    """
    if not watch.disputed:
        return []
    stations = stations_by_entrant(*place.codes)
    views = panels_of_entrants(*place.codes, watch.disputed[:MOST_SHOWN])
    return [
        _dispute(
            competition,
            view,
            " ".join(filter(None, (named, stations.get(view.sheets[0].entrant_id, "")))),
            chief=chief,
        )
        for view in views
        if view.apart
    ]


def oldest_wait(watches: Iterable[ModuleWatch], now: datetime) -> str | None:
    """Tells how long the oldest dispute has waited; None under a minute and for no dispute."""
    times = [at for watch in watches for at in watch.disputes.values() if at is not None]
    if not times:
        return None
    waited = int((now - min(times)).total_seconds() // 60)
    return _("最早的等了 %(n)s 分钟", n=waited) if waited > 0 else None


def describe_tasks(
    competition: Competition,
    place: BoardModule,
    watch: ModuleWatch,
    *,
    acting: bool,
    ruling: bool,
    back: list[Sheet],
) -> list[JudgingTask]:
    """Describes what waits for the chief judge beside disputes.

    That is decisions without a second signature, locks to be opened, decisions on appeals,
    difficulties, short panels, sheets sent back and doubtful values. `back` are the sheets sent
    back in all modules; `ruling` tells whether the viewer may find a doubtful value right.
    """
    return [
        *_contradicted(competition),
        *_decisions(competition),
        *_unlocking(competition),
        *_ordered(competition),
        *_unattempted(place),
        *_short(competition, acting),
        *_returned(competition, back, acting, place),
        # A tablet asks its judge about such a value, paper and files do not: all are listed here.
        *_doubtful(competition, watch.implausible, _("反常"), ruling=ruling),
        *_doubtful(competition, watch.outliers, None, ruling=ruling),
    ]


def _unattempted(place: BoardModule) -> list[JudgingTask]:
    url = difficulties_url(place)
    left = unattempted(*place.codes) if url else ()
    if not left:
        return []
    text = _("还差 %(n)s 人，填了才有得分", n=len(left))
    return [_row(_("难度系数"), _("没填"), text, _("去填"), url)]


def _dispute(competition: Competition, view: PanelView, station: str, *, chief: bool) -> Dispute:
    first, *others = view.apart
    aspects = {aspect.code: aspect for aspect in view.module.aspects}
    aspect = aspects[first.aspect] if first.aspect else None
    text = spread_text(view, first, aspect)
    if others:
        names = [aspects[spread.aspect].name if spread.aspect else _("总分") for spread in others]
        text = _("%(text)s。另有 %(names)s 也超限", text=text, names=_("、").join(names))
    return Dispute(
        where=station or view.module.name,
        name=aspect.name if aspect else _("总分"),
        levels=_levels_of(aspect, view) if aspect else [],
        text=text,
        sheets=view.sheets,
        remark=_remark(view) if chief else None,
        chiefs=_chiefs_of(competition),
    )


def _chiefs_of(competition: Competition) -> str:
    """Names the chief judges, who rule on disputes."""
    chiefs = [judge.name for judge in competition.judges if judge.role is Role.CHIEF]
    return " ".join(chiefs)


def _remark(view: PanelView) -> dict[str, str]:
    """Gives the form's values that ask the panel to mark again: the aspects, and the reason."""
    aspects = {aspect.code: aspect.name for aspect in view.module.aspects}
    named = [spread.aspect for spread in view.apart if spread.aspect]
    reason = _("总分和同组差得多，请再看一次")
    if named:
        names = some_of([aspects[code] for code in named], 3)
        reason = _("“%(name)s”和同组差得多，请再看一次", name=say(names))
    return {"aspects": ",".join(named), "reason": reason}


def spread_text(view: PanelView, spread: Apart, aspect: Aspect | None) -> str:
    """Tells a spread: `3 位裁判评 3、1、1，差 2 档，上限 1 档`; values before a difficulty."""
    judged = aspect is not None and kind_of(aspect).levels is not None
    numbers = [_number(view, sheet, aspect) for sheet in view.sheets]
    known = [number for number in numbers if number is not None]
    shown, apart = shown_apart(known, spread.limit or Decimal(0)) if known else ([], "—")
    difficulty = view.attempted.get(aspect.code) if aspect is not None else None
    if aspect is not None and difficulty is not None:
        there = [view.values[sheet.id].get(aspect.code) for sheet in view.sheets]
        shown = [plain(number) for number in there if number is not None]
    texts = iter(shown)
    given = _("、").join("—" if number is None else next(texts) for number in numbers)
    text = _("%(n)s 位裁判评 %(given)s", n=len(view.sheets), given=given)
    if difficulty is not None:
        text += _("，乘难度系数 %(difficulty)s", difficulty=plain(difficulty))
    if spread.limit is None:
        return text + _("，要求一致")
    limit = plain(spread.limit)
    if judged:
        return text + _("，差 %(apart)s 档，上限 %(limit)s 档", apart=apart, limit=limit)
    return text + _("，差 %(apart)s 分，上限 %(limit)s 分", apart=apart, limit=limit)


def shown_apart(numbers: Sequence[Decimal], limit: Decimal) -> tuple[list[str], str]:
    """Shows numbers further apart than `limit` in hundredths, and how far apart they are.

    It takes more places where hundredths would not show that.

    >>> shown_apart([Decimal(20), Decimal("4.7619047619")], Decimal(2))
    (['20', '4.76'], '15.24')
    >>> shown_apart([Decimal(3), Decimal("0.9999")], Decimal(2))
    (['3', '0.9999'], '2.0001')
    """
    for places in range(2, AFTER_POINT + 1):
        unit = Decimal(1).scaleb(-places)
        shown = [number.quantize(unit, ROUND_HALF_UP, EXACTLY) for number in numbers]
        apart = max(shown) - min(shown)
        if apart > limit:
            break
    return [plain(number) for number in shown], plain(apart)


def _number(view: PanelView, sheet: Sheet, aspect: Aspect | None) -> Decimal | None:
    """Gives the number that is compared: the rung, the marks, or the sheet's total."""
    values = view.values[sheet.id]
    if aspect is None:
        total = view.total(sheet)
        return Decimal(total) if total else None
    if aspect.code not in values:
        return None
    kind = kind_of(aspect)
    if (difficulty := view.attempted.get(aspect.code)) is not None:
        return values[aspect.code] * difficulty
    if kind.levels is not None or not kind.is_judges_alone:
        return values[aspect.code]
    marks = aspect_marks(aspect, values[aspect.code])
    if marks is None:
        return None
    return Decimal(marks.numerator) / Decimal(marks.denominator) / aspect.factor


def _levels_of(aspect: Aspect, view: PanelView) -> list[tuple[str, Sequence[str]]]:
    """Gives the ladder with the judges on each rung; empty for an aspect without levels."""
    return [
        (
            label,
            [
                sheet.judge.code
                for sheet in view.sheets
                if view.values[sheet.id].get(aspect.code) == rung
            ],
        )
        for rung, label in enumerate(kind_of(aspect).level_labels())
    ]


def _row(code: str, word: str, text: str, label: str | None, url: str | None) -> JudgingTask:
    return JudgingTask(
        code=code, where="", state="missing", word=word, text=text, label=label, url=url
    )


def _decisions(competition: Competition) -> list[JudgingTask]:
    url = url_for("organiser.decisions")
    return [
        _row(
            say(
                decision_kind_word(decision.kind, decision.entrant, decision.stage, decision.module)
            ),
            _("等第二人确认"),
            _("%(who)s 提的：%(why)s", who=decision.proposer.name, why=decision.reason),
            label=_("去确认"),
            url=f"{url}#decision-{decision.id}",
        )
        for decision in decisions_of(competition)
        if decision.state is DecisionState.PROPOSED
    ]


def _contradicted(competition: Competition) -> list[JudgingTask]:
    """Lists sheets that came in for who had been recorded as absent, or as waiving the attempt."""
    url = url_for("organiser.decisions")
    return [
        _row(
            late.sheet.label,
            _("评分对不上"),
            late_sheet_words(late),
            label=_("去定"),
            url=f"{url}#outcome-{late.outcome.id}",
        )
        for late in contradictions(competition)
    ]


def late_sheet_words(late: Contradiction) -> str:
    """Says which judge's sheet came after which absence or waiver."""
    sheet, outcome = late.sheet, late.outcome
    place = sheet.entrant, outcome.stage, outcome.module
    return _(
        "记了%(what)s以后，裁判 %(judge)s %(name)s 评了“%(module)s”",
        what=say(decision_kind_word(outcome.status, *place)),
        judge=sheet.judge.code,
        name=sheet.judge.name,
        module=module_title(sheet.entrant.event, sheet.stage, sheet.module),
    )


def _unlocking(competition: Competition) -> list[JudgingTask]:
    names = module_names(competition)
    return [
        _row(
            " ".join(filter(None, (names["/".join(place_of(lock))], lock.session))),
            _("申请解锁"),
            _("%(who)s：%(why)s", who=lock.asker.name, why=lock.asked_why or ""),
            label=_("去看"),
            url=locks_url(lock),
        )
        for lock in standing_locks(competition)
        if lock.asker is not None
    ]


def _ordered(competition: Competition) -> list[JudgingTask]:
    """Lists the arbiters' decisions that are not put onto the sheets yet."""
    return [
        _row(
            _("申诉 %(number)s", number=f"{appeal.number:02}"),
            _("等裁判长执行"),
            _(
                "%(who)s %(module)s",
                who=appeal.entrant.code,
                module=module_title(appeal.entrant.event, appeal.stage, appeal.module),
            ),
            label=_("去看"),
            url=allowed_url("organiser.appeal", public_id=appeal.public_id),
        )
        for appeal in appeals_of(competition)
        if to_carry_out(appeal)
    ]


def ordered_places(competition: Competition) -> set[tuple[int, str, str]]:
    """Finds event, stage and module of the decisions on appeals that are not carried out yet."""
    return {
        (appeal.entrant.event_id, appeal.stage, appeal.module)
        for appeal in appeals_of(competition)
        if to_carry_out(appeal)
    }


def place_of(lock: LockEntry) -> tuple[str, str, str]:
    """The codes of event, stage and module that a lock is for."""
    return lock.event.code, lock.stage, lock.module


def locks_url(lock: LockEntry) -> str:
    """The address of a lock: the card 锁定 of its module's board."""
    return f"{board_url(lock.event, lock.stage, lock.module)}#locks"


def _short(competition: Competition, acting: bool) -> list[JudgingTask]:
    return [
        _row(
            short_panel.sheet.label,
            _("裁判不够"),
            _(
                "回避以后剩 %(left)s 位，至少要 %(least)s 位",
                left=short_panel.left,
                least=short_panel.least,
            ),
            label=_("补裁判") if acting else None,
            url=url_for("organiser.recusals") if acting else None,
        )
        for short_panel in short_panels(competition)
    ]


def _returned(
    competition: Competition, back: list[Sheet], acting: bool, shown: BoardModule
) -> list[JudgingTask]:
    """Lists sheets sent back and not handed in again; who is `acting` may remind the judge."""
    reminded, now = standing_reminders(back), utc_now()
    return [
        JudgingTask(
            code=sheet.label,
            where=" ".join(
                filter(
                    None,
                    (
                        "" if _is_of(sheet, shown) else _title(sheet),
                        _("裁判 %(code)s %(name)s", code=sheet.judge.code, name=sheet.judge.name),
                    ),
                )
            ),
            state=sheet.state.value,
            text=_why_back(sheet),
            label=_("看评分表"),
            url=sheet_url(competition, sheet),
            reminded=moment_in_sentence(reminded[sheet.id]) if sheet.id in reminded else None,
            public_id=sheet.public_id,
            may_remind=acting,
            wait=ceil(reminder_wait(sheet, now).total_seconds()),
        )
        for sheet in back
    ]


def _is_of(sheet: Sheet, place: BoardModule) -> bool:
    return (sheet.entrant.event_id, sheet.stage, sheet.module) == place.row


def _title(sheet: Sheet) -> str:
    return module_title(sheet.entrant.event, sheet.stage, sheet.module)


def _why_back(sheet: Sheet) -> str:
    why = sheet.return_reason or ""
    return why if sheet.state is SheetState.RETURNED else _("退回后在改，还没交：%(why)s", why=why)


MOST_SHOWN = 20
"""The most disputes and odd sheets on the page; the rest follow when these are settled."""


def describe_right(watch: ModuleWatch, *, ruling: bool) -> list[tuple[Sheet, str, str | None]]:
    """Lists the values looked at and found right, by whom and when; the last first."""
    first = watch.found_right[:MOST_SHOWN]
    sheets = sheets_by_row([doubt.sheet for doubt in first])
    return [
        (
            sheet,
            _("%(what)s。%(look)s", what=recorded_text(sheet, doubt), look=look_text(look)),
            (look.aspect or "") if ruling else None,
        )
        for doubt in first
        if (sheet := sheets.get(doubt.sheet)) and (look := watch.looked_at(doubt))
    ]


def _doubtful(
    competition: Competition,
    doubts: Sequence[Implausible | Outlier],
    word: str | None,
    *,
    ruling: bool,
) -> list[JudgingTask]:
    first = doubts[:MOST_SHOWN]
    sheets = sheets_by_row([doubt.sheet for doubt in first])
    return [
        JudgingTask(
            code=sheet.label,
            where=recorded_text(sheet, doubt),
            state="odd",
            text=outside_text(doubt),
            word=word,
            label=_("看评分表"),
            url=sheet_url(competition, sheet),
            public_id=sheet.public_id,
            right={"aspect": doubt.key[1] or "", "value": plain(doubt.number)} if ruling else None,
        )
        for doubt in first
        if (sheet := sheets.get(doubt.sheet))
    ]
