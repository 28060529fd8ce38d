"""The periods of a labour competition in words: the progress of each, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.labour.shares import before_of
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.period_states import PeriodState
from compete.domain.values.rights import Right
from compete.models import Competition, PeriodStand
from compete.services.labour.closing import (
    UnitChange,
    before_closing,
    unpublished_periods,
    unpublished_units,
)
from compete.services.labour.corrections import corrections_of
from compete.services.labour.period_progress import period_stands, state_of
from compete.services.labour.rule_changes import waiting_rules
from compete.services.labour.second_look import look_of
from compete.services.results.snapshots import standing_publications
from compete.services.scoring.live_labour import LabourLive, labour_live
from compete.web import guard
from compete.web.labour_words import periods_words
from compete.web.organiser.labour.periods.after import after_form
from compete.web.organiser.labour.periods.corrections import correction_card, correction_form
from compete.web.organiser.labour.periods.flag_keeping import flag_keep_form
from compete.web.organiser.labour.periods.looks import count_chips
from compete.web.organiser.labour.periods.shapes import (
    AfterForm,
    CorrectionForm,
    FlagKeepForm,
    PeriodRow,
)
from compete.web.organiser.rules.rule_differences import change_line
from compete.web.shapes import Chip
from compete.web.templating import moment

_NAMED = 8


def months_page(competition: Competition, keep: FlagKeepForm | None = None) -> str:
    """Every period with its state, what waits to go out, and what has."""
    live = labour_live(competition)
    waiting = periods_words(live.outcome.field.tree, unpublished_periods(competition))
    waiting += units_words(unpublished_units(competition))
    rules = waiting_rules(competition)
    return render_template(
        "organiser/labour/periods/months.html",
        competition=competition,
        periods=period_rows(competition, live),
        waiting=waiting,
        asked=[
            correction_card(competition, live, row)
            for row in corrections_of(competition)
            if row.ended_at is None
        ],
        rules=change_line(rules) if rules is not None else None,
        keep=keep or flag_keep_form(competition, live),
        versions=[
            (version, hash_phrase(bytes.fromhex(version.sha256)))
            for version in standing_publications(competition)
        ],
    )


def units_words(changes: Sequence[UnitChange]) -> list[str]:
    """Say which changes of units the rules do not know yet, a sentence each; the first few."""
    said = []
    for change in changes[:_NAMED]:
        if change.was is None:
            said.append(_("新加的单位：%(name)s", name=change.now))
        elif change.now is None:
            said.append(_("删掉的单位：%(name)s", name=change.was))
        else:
            said.append(_("单位改名：%(was)s 改为 %(now)s", was=change.was, now=change.now))
    if len(changes) > _NAMED:
        said.append(_("另有单位 %(n)s 家", n=len(changes) - _NAMED))
    return said


def period_rows(competition: Competition, live: LabourLive) -> list[PeriodRow]:
    """Every period, the whole first."""
    stands, tree = period_stands(competition), live.outcome.field.tree

    def is_open(code: str) -> bool:
        return state_of(stands, code) is PeriodState.OPEN

    def row_of(code: str) -> PeriodRow:
        earlier = before_of(live.outcome, code)
        return PeriodRow(
            code,
            tree.periods[code].name,
            len(list(tree.around(code))) - 1,
            state_of(stands, code),
            "" if is_open(code) else _closed_words(stands[code]),
            is_open(code)
            and not any(map(is_open, tree.parts[code]))
            and (earlier is None or not is_open(earlier)),
        )

    return [row_of(code) for code in tree.from_whole()]


def _closed_words(stand: PeriodStand) -> str:
    said = _(
        "%(at)s %(who)s 结账",
        at=moment(stand.closed_at),
        who=stand.closer.name if stand.closer else "",
    )
    if stand.missing:
        lack = ngettext("缺 %(num)s 个数", "缺 %(num)s 个数", stand.missing)
        said = _("%(said)s，%(lack)s", said=said, lack=lack)
    return said


def month_page(
    competition: Competition,
    period: str,
    *,
    reason: str = "",
    problem: str | None = None,
    form: CorrectionForm | None = None,
    after: AfterForm | None = None,
) -> str:
    """Render one period; KeyError for an unknown one. A refused text stays in its form."""
    live = labour_live(competition)
    stand = period_stands(competition).get(period)
    state = stand.state if stand is not None else PeriodState.OPEN
    is_open = state is PeriodState.OPEN
    return render_template(
        "organiser/labour/periods/month.html",
        competition=competition,
        code=period,
        name=live.outcome.field.tree.periods[period].name,
        state_now=state,
        closed=_closed_whole(stand) if stand is not None and not is_open else None,
        is_open=is_open,
        before=before_closing(competition, live, period),
        reason=reason,
        problem=problem,
        form=(form or correction_form(competition, live, period))
        if guard.may_do(Right.PUBLISH)
        else None,
        corrections=[
            correction_card(competition, live, row) for row in corrections_of(competition, period)
        ],
        # In a period made of others nothing is entered.
        look=None
        if is_open or not live.outcome.field.tree.is_leaf(period)
        else _look_chips(competition, period),
        after=after or after_form(competition, live, period),
    )


def _look_chips(competition: Competition, period: str) -> list[Chip]:
    """Show the progress of the second look; nothing while nothing was drawn."""
    look = look_of(competition, period)
    return count_chips(look) if look is not None else []


def _closed_whole(stand: PeriodStand) -> str:
    said = _closed_words(stand)
    return _("%(said)s：%(why)s", said=said, why=stand.closed_why) if stand.closed_why else said
