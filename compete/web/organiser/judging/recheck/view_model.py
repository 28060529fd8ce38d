"""Rounds of re-checking in words: the list, and one sheet's two readings."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Stage
from compete.domain.recheck import Ruling, Why
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Event, RecheckEntry
from compete.services.accounts.access import may
from compete.services.closing.recheck import (
    may_enter_recheck,
    overseers,
    why_not_correct,
    why_not_recheck,
)
from compete.services.closing.recheck_scope import has_round, recheck_settings
from compete.services.closing.recheck_state import (
    LEFT_TO_DO,
    Difference,
    RecheckLine,
    RecheckStanding,
    RoundState,
    judged_stages,
    recheck_round,
    recheck_state_of,
)
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.rows_by_number import find, get_row
from compete.services.scoring.live import live_results
from compete.web.language import say
from compete.web.organiser.asked_terms import asked_terms_card
from compete.web.organiser.judging.progress.shapes import Tick
from compete.web.organiser.judging.recheck.shapes import (
    NOTHING_SAID,
    CompetitionHead,
    DrawForm,
    Drawn,
    LineRow,
    Outcome,
    Proof,
    ReadingRow,
    RecheckPage,
    RecheckRule,
    ResultPage,
    RoundRow,
    RulingWords,
)
from compete.web.shapes import Choice
from compete.web.templating import moment, plain

# The look of a line of the list: the state's key in the parts, and its order.
_KEYS = {
    RecheckStanding.DIFFERS: "disputed",
    RecheckStanding.WRONG: "returned",
    RecheckStanding.WAITING: "not_begun",
    RecheckStanding.MENDED: "complete",
    RecheckStanding.MISREAD: "complete",
    RecheckStanding.SAME: "complete",
}
_ORDER = tuple(_KEYS)
# A tick of what is done is solid, like that of a sheet that is in.
_TICKS = _KEYS | dict.fromkeys(
    (RecheckStanding.MENDED, RecheckStanding.MISREAD, RecheckStanding.SAME), "submitted"
)


def _standing_word(standing: RecheckStanding) -> str:
    """Return the words for the outcome of a sheet."""
    return {
        RecheckStanding.WAITING: _("没录"),
        RecheckStanding.SAME: _("一致"),
        RecheckStanding.DIFFERS: _("有出入，等裁定"),
        RecheckStanding.WRONG: _("原表有误，等改正"),
        RecheckStanding.MENDED: _("原表有误，已改正"),
        RecheckStanding.MISREAD: _("复核时看错"),
    }[standing]


def describe_queue(
    competition: Competition,
    *,
    by: Account,
    officiates: bool,
    leads: bool,
    typed: DrawForm = NOTHING_SAID,
) -> RecheckPage:
    """Build `recheck.html`'s page; `officiates` may draw and rule, `leads` set rules."""
    code = competition.code
    settings = recheck_settings(competition)
    stages = judged_stages(competition)
    results = live_results(competition).results if stages else None
    rounds = [(event, stage, recheck_round(event, stage.code)) for event, stage in stages]
    barred = why_not_recheck(competition, by)
    return RecheckPage(
        competition=CompetitionHead(
            name=competition.name,
            url=url_for("organiser.overview", code=code) if officiates else None,
        ),
        rule=RecheckRule(
            required=settings.required,
            top=plain(settings.top),
            rest=plain(settings.rest),
            limit=plain(settings.limit),
            url=url_for("organiser.recheck_rules", code=code)
            if leads and not has_round(competition)
            else None,
            by_two=competition.state is not CompetitionState.REGISTERING and settings.required,
            asked=asked_terms_card(competition),
        ),
        book_url=url_for("organiser.recheck_book", code=code)
        if any(round for _event, _stage, round in rounds)
        else None,
        barred=say(barred) if barred is not None else None,
        rounds=[
            _round(
                competition,
                event,
                stage,
                recheck_state_of(round, results),
                by if barred is None else None,
                officiates,
                typed,
            )
            if round
            else _undrawn(competition, event, stage, by, officiates, typed)
            for event, stage, round in rounds
        ],
    )


def _error(event: Event, stage: Stage, typed: DrawForm) -> str | None:
    return typed.error if (typed.event, typed.stage) == (event.code, stage.code) else None


def _undrawn(
    competition: Competition,
    event: Event,
    stage: Stage,
    by: Account,
    officiates: bool,
    typed: DrawForm,
) -> RoundRow:
    error = _error(event, stage, typed)
    oversees = may(by, competition, Right.OVERSEE)
    return RoundRow(
        said=typed.said if error else "",
        oversees=oversees,
        overseers=[]
        if oversees
        else [Choice(value=str(it.id), label=it.name) for it in overseers(competition)],
        overseer=typed.overseer if error else "",
        error=error,
        title=f"{event.name} · {stage.name}",
        draw_url=url_for(
            "organiser.recheck_draw", code=competition.code, event=event.code, stage=stage.code
        )
        if officiates
        else None,
        drawn=None,
        lines=[],
    )


def _round(
    competition: Competition,
    event: Event,
    stage: Stage,
    state: RoundState,
    by: Account | None,
    officiates: bool,
    typed: DrawForm,
) -> RoundRow:
    """Describe a round; `by`: the person to whom entering is offered, or nobody."""
    code, round = competition.code, state.round
    lines = sorted(state.lines, key=lambda line: _ORDER.index(line.standing))
    waiting = [line.entry for line in lines if line.standing is RecheckStanding.WAITING]
    first = next((entry for entry in waiting if _may(entry, by)), None)
    sampled = {e.sheet.label for e in round.entries if e.why is Why.SAMPLE}
    top = {e.sheet.label for e in round.entries if e.why is Why.TOP}
    person = get_row(Account, round.drawn_by)
    drawn = Drawn(
        done=state.done,
        left=state.count(*LEFT_TO_DO),
        rate=f"{float(state.rate):.1f}",
        wrong=state.wrong,
        limit=plain(round.error_limit),
        forced=round.forced_at is not None,
        counts={
            key: sum(1 for line in lines if _TICKS[line.standing] == key)
            for key in dict.fromkeys(_TICKS.values())
        },
        ticks=[
            Tick(
                state=_TICKS[line.standing],
                label=f"{line.entry.sheet.label} {_standing_word(line.standing)}",
                url=None,
            )
            for line in sorted(lines, key=lambda line: _ORDER[::-1].index(line.standing))
        ],
        first_url=_entry_url("organiser.recheck_sheet", code, first) if first else None,
        moved=_("、").join(state.moved),
        add_url=url_for("organiser.recheck_add", code=code, event=event.code, stage=stage.code)
        if state.moved and officiates
        else None,
        proof=Proof(
            seed=round.seed,
            said=round.seed_from,
            when=_("%(who)s %(at)s 抽", who=person.name, at=moment(round.drawn_at)),
            top=len(top),
            sampled=_("、").join(sorted(sampled)),
            of=len(round.ranking),
        ),
    )
    return RoundRow(
        title=f"{event.name} · {stage.name}",
        said="",
        error=_error(event, stage, typed),
        draw_url=None,
        drawn=drawn,
        lines=[_line(code, line, by, officiates) for line in lines],
    )


def _may(entry: RecheckEntry, by: Account | None) -> bool:
    return by is not None and may_enter_recheck(entry, by)


def _line(code: str, line: RecheckLine, by: Account | None, officiates: bool) -> LineRow:
    entry, sheet = line.entry, line.entry.sheet
    waiting = line.standing is RecheckStanding.WAITING
    return LineRow(
        label=sheet.label,
        module=line.module.name,
        judge=f"{sheet.judge.code} {sheet.judge.name}",
        why={Why.TOP: _("名次在前"), Why.SAMPLE: _("抽到"), Why.ALL: _("全部复核")}[entry.why],
        key=_KEYS[line.standing],
        word=_standing_word(line.standing),
        who=f"{entry.person.name} {moment(entry.entered_at)}"
        if entry.person and not waiting
        else "",
        url=_entry_url("organiser.recheck_sheet", code, entry)
        if waiting and _may(entry, by)
        else _entry_url("organiser.recheck_result", code, entry)
        if not waiting and officiates
        else None,
        act={RecheckStanding.WAITING: _("录"), RecheckStanding.DIFFERS: _("去裁定")}.get(
            line.standing, _("看")
        ),
    )


def describe_result(competition: Competition, entry: RecheckEntry, by: Account) -> ResultPage:
    """Build the page of `organiser/judging/recheck/result.html`."""
    line = recheck_state_of(entry.round).line_of(entry)
    code = competition.code
    differing = {difference.aspect.code: difference for difference in line.differences}
    rulings = {each.aspect: each.value for each in line.rulings}
    return ResultPage(
        competition=CompetitionHead(
            name=competition.name, url=url_for("organiser.recheck", code=code)
        ),
        code=entry.sheet.label,
        module=module_title(entry.sheet.entrant.event, entry.sheet.stage, entry.sheet.module),
        judge=f"{entry.sheet.judge.code} {entry.sheet.judge.name}",
        outcome=Outcome(key=_KEYS[line.standing], word=_standing_word(line.standing)),
        person=f"{entry.person.name} {moment(entry.entered_at)}" if entry.person else "",
        rows=[
            _reading(aspect, entry, differing.get(aspect.code), rulings.get(aspect.code))
            for aspect in line.module.aspects
        ],
        ruling=RulingWords(
            text=_ruling_text(entry.ruling.value),
            who=_name_of(entry.ruled_by),
            when=moment(entry.ruled_at),
            reason=entry.ruling_reason,
        )
        if entry.ruling
        else None,
        earlier=[
            RulingWords(
                text=_ruling_text(said["ruling"]),
                who=said["by"],
                when=moment(datetime.fromisoformat(said["at"])),
                reason=said["reason"],
            )
            for said in entry.earlier or []
        ],
        correct_url=_entry_url("organiser.recheck_correct", code, entry)
        if why_not_correct(entry, by) is None
        else None,
        correct_to=(Ruling.MISREAD if entry.ruling is Ruling.ERROR else Ruling.ERROR).value,
        rule_url=_entry_url("organiser.recheck_rule", code, entry)
        if line.standing is RecheckStanding.DIFFERS and entry.entered_by != by.id
        else None,
        own=line.standing is RecheckStanding.DIFFERS and entry.entered_by == by.id,
        locked=competition.state.value == "locked",
    )


def _ruling_text(ruling: str) -> str:
    return _("原表有误") if ruling == Ruling.ERROR.value else _("复核时看错")


def _reading(
    aspect: Aspect, entry: RecheckEntry, found: Difference | None, ruling: Decimal | None
) -> ReadingRow:
    entered = (entry.entered or {}).get(aspect.code)
    first = (entry.found or {}).get(aspect.code)
    return ReadingRow(
        name=aspect.name,
        entered=_shown(aspect, entered),
        found=_shown(aspect, first),
        now=_shown(aspect, f"{found.found:f}" if found and found.found is not None else first),
        ruling=None if ruling is None else _shown(aspect, f"{ruling:f}"),
        differs=found is not None,
    )


def _shown(aspect: Aspect, text: str | None) -> str:
    if text is None:
        return "—"
    if kind_of(aspect).is_yes_no:
        return _("是") if Decimal(text) else _("否")
    unit = (aspect.extra or {}).get("unit") or ""
    return f"{plain(Decimal(text))} {unit}".strip()


def _entry_url(endpoint: str, code: str, entry: RecheckEntry) -> str:
    return url_for(endpoint, code=code, entry_id=entry.id)


def _name_of(account: int | None) -> str:
    found = find(Account, account)
    return found.name if found else ""
