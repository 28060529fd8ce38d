"""Rounds of re-checking in words: the list, and one sheet's two readings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Stage
from compete.domain.recheck import Ruling, Why
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Event, RecheckEntry, RecheckRound
from compete.services.accounts.access import may
from compete.services.closing.recheck import (
    may_enter_recheck,
    overseers,
    why_not_correct,
    why_not_drawn,
    why_not_recheck,
)
from compete.services.closing.recheck_scope import RecheckSettings, has_round, recheck_settings
from compete.services.closing.recheck_state import (
    Difference,
    RecheckLine,
    RecheckStanding,
    RoundState,
    judged_stages,
    recheck_round,
    recheck_state_of,
)
from compete.services.kernel.rows_by_number import find, get_row
from compete.services.scoring.live import live_results
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.asked_cards import asked_terms_card
from compete.web.organiser.judging.progress.shapes import Tick
from compete.web.setting_forms import SettingForm, form_of, why_field
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A sheet of a round."""

    label: str
    module: str
    judge: str
    why: str
    """Why it was taken."""
    key: str
    """The state's key in `_parts/states.html`, and its `word`."""
    word: str
    who: str
    """The person who entered it and when; empty before."""
    url: str | None
    act: str
    """The text of the button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """A stage's round; all but what it is of empty while it is not drawn."""

    event: Event
    stage: Stage
    state: RoundState | None = None
    why_not: str = ""
    """Why it cannot be drawn now; empty where it can."""
    lines: Sequence[LineRow] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    ticks: Sequence[Tick] = ()
    first_url: str | None = None
    """The next sheet for the viewer."""
    when: str = ""
    """The person who drew, and when."""
    top: int = 0
    """The number of contestants taken for their rank."""
    sampled: Sequence[str] = ()

    @property
    def title(self) -> str:
        """The event and the stage."""
        return f"{self.event.name} · {self.stage.name}"


RecheckForm = form_of(RecheckSettings, why=why_field(_l("为什么减少")))
"""The form of the settings, and why less is re-checked."""


def describe_queue(
    competition: Competition,
    typed: Mapping[str, str] | None = None,
    rule: SettingForm | None = None,
) -> str:
    """Render `recheck.html`; `typed` and `rule` are refused forms: of a draw, of the rules."""
    settings = recheck_settings(competition)
    if rule is None:
        rule = RecheckForm(formdata=None)
        rule.show(settings)
    barred = why_not_recheck(competition, current_user)
    oversees = may(current_user, competition, Right.OVERSEE)
    return render_template(
        "organiser/judging/recheck/recheck.html",
        rule=rule,
        stands={key: plain(getattr(settings, key)) for key in ("top", "rest", "limit")},
        required=settings.required,
        drawn_any=has_round(competition),
        by_two=competition.state is not CompetitionState.REGISTERING and settings.required,
        asked=asked_terms_card(competition),
        barred=say(barred),
        rounds=rounds_of(competition),
        oversees=oversees,
        overseers=[]
        if oversees
        else [Choice(value=str(it.id), label=it.name) for it in overseers(competition)],
        typed=typed or {},
    )


def rounds_of(competition: Competition) -> list[RoundRow]:
    """Describe the round of every stage with sheets that are in."""
    stages = judged_stages(competition)
    if not stages:
        return []
    results = live_results(competition).results
    barred = why_not_recheck(competition, current_user) is not None
    return [
        _round(event, stage, recheck_state_of(drawn, results), enters=not barred)
        if (drawn := recheck_round(event, stage.code))
        else RoundRow(
            event=event,
            stage=stage,
            why_not=say(why_not_drawn(event, stage.code, results)) or "",
        )
        for event, stage in stages
    ]


def _round(event: Event, stage: Stage, state: RoundState, *, enters: bool) -> RoundRow:
    """Describe a round; `enters`: whether entering is offered to who looks."""
    round = state.round
    lines = sorted(state.lines, key=lambda line: _ORDER.index(line.standing))
    waiting = [line.entry for line in lines if line.standing is RecheckStanding.WAITING]
    mine = {it.id for it in waiting if enters and may_enter_recheck(it, current_user)}
    first = next((entry for entry in waiting if entry.id in mine), None)
    drawn_by = get_row(Account, round.drawn_by).name
    return RoundRow(
        event=event,
        stage=stage,
        state=state,
        lines=[_line(line, mine) for line in lines],
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
        first_url=url_for("organiser.recheck_sheet", entry_id=first.id) if first else None,
        when=_("%(who)s %(at)s 抽", who=drawn_by, at=moment(round.drawn_at)),
        top=len(_labels(round, Why.TOP)),
        sampled=_labels(round, Why.SAMPLE),
    )


def _labels(round: RecheckRound, why: Why) -> list[str]:
    return sorted({entry.sheet.label for entry in round.entries if entry.why is why})


def _line(line: RecheckLine, mine: Collection[int]) -> LineRow:
    entry, sheet = line.entry, line.entry.sheet
    waiting = line.standing is RecheckStanding.WAITING
    return LineRow(
        label=sheet.label,
        module=line.module.name,
        judge=f"{sheet.judge.code} {sheet.judge.name}",
        why={Why.TOP: _("名次在前"), Why.SAMPLE: _("抽到"), Why.ALL: _("全部复核")}[entry.why],
        key=_KEYS[line.standing],
        word=_standing_word(line.standing),
        who="" if waiting else _entered(entry),
        url=url_for("organiser.recheck_sheet", entry_id=entry.id)
        if entry.id in mine
        else allowed_url("organiser.recheck_result", entry_id=entry.id)
        if not waiting
        else None,
        act={RecheckStanding.WAITING: _("录"), RecheckStanding.DIFFERS: _("去裁定")}.get(
            line.standing, _("看")
        ),
    )


def _entered(entry: RecheckEntry) -> str:
    return f"{entry.person.name} {moment(entry.entered_at)}" if entry.person else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """An aspect as it was read twice, and as it stands now."""

    name: str
    entered: str
    found: str
    now: str
    """The judge's present value."""
    ruling: str | None
    """The value of the chief judge's ruling, which stands above it; on no judge's paper."""
    differs: bool


def describe_result(competition: Competition, entry: RecheckEntry) -> str:
    """Render `organiser/judging/recheck/result.html`."""
    line = recheck_state_of(entry.round).line_of(entry)
    differing = {difference.aspect.code: difference for difference in line.differences}
    rulings = {ruling.aspect: ruling.value for ruling in line.rulings}
    waits = line.standing is RecheckStanding.DIFFERS
    own = entry.entered_by == current_user.id
    ruler = find(Account, entry.ruled_by)
    return render_template(
        "organiser/judging/recheck/result.html",
        sheet=entry.sheet,
        outcome=(_KEYS[line.standing], _standing_word(line.standing)),
        person=_entered(entry),
        rows=[
            _reading(aspect, entry, differing.get(aspect.code), rulings.get(aspect.code))
            for aspect in line.module.aspects
        ],
        ruling=_ruling_words(
            *(entry.ruling, ruler.name if ruler else "", entry.ruled_at, entry.ruling_reason)
        )
        if entry.ruling
        else None,
        earlier=[
            _ruling_words(
                *(
                    earlier["ruling"],
                    earlier["by"],
                    datetime.fromisoformat(earlier["at"]),
                    earlier["reason"],
                )
            )
            for earlier in entry.earlier or []
        ],
        correct_url=url_for("organiser.recheck_correct", entry_id=entry.id)
        if why_not_correct(entry, current_user) is None
        else None,
        correct_to=(Ruling.MISREAD if entry.ruling is Ruling.ERROR else Ruling.ERROR).value,
        rule_url=url_for("organiser.recheck_rule", entry_id=entry.id)
        if waits and not own
        else None,
        own=waits and own,
        locked=competition.state is CompetitionState.LOCKED,
    )


def _ruling_words(ruling: str, who: str, at: datetime | None, reason: str | None) -> str:
    """Say which reading was ruled to be wrong, by whom, when and why."""
    return _(
        "%(who)s %(when)s 裁定：%(text)s。%(reason)s",
        who=who,
        when=moment(at),
        text=_("原表有误") if ruling == Ruling.ERROR else _("复核时看错"),
        reason=reason,
    )


def _reading(
    aspect: Aspect, entry: RecheckEntry, difference: Difference | None, ruling: Decimal | None
) -> ReadingRow:
    entered = (entry.entered or {}).get(aspect.code)
    first = (entry.found or {}).get(aspect.code)
    return ReadingRow(
        name=aspect.name,
        entered=_value_text(aspect, entered),
        found=_value_text(aspect, first),
        now=_value_text(
            aspect,
            f"{difference.found:f}" if difference and difference.found is not None else first,
        ),
        ruling=None if ruling is None else _value_text(aspect, f"{ruling:f}"),
        differs=difference is not None,
    )


def _value_text(aspect: Aspect, text: str | None) -> str:
    if text is None:
        return "—"
    if kind_of(aspect).is_yes_no:
        return _("是") if Decimal(text) else _("否")
    unit = (aspect.extra or {}).get("unit") or ""
    return f"{plain(Decimal(text))} {unit}".strip()
