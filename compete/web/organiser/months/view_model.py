"""The periods of a labour competition in words: how far each is, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.labour.shares import before_of
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import some_of
from compete.domain.values.period_states import PeriodState
from compete.domain.values.rights import Right
from compete.models import Competition, PeriodStand
from compete.services.labour.closing import Lack, before_closing
from compete.services.labour.correcting import corrections_of
from compete.services.labour.look_draws import look_of
from compete.services.labour.publishing import UnitChange, unpublished_periods, unpublished_units
from compete.services.labour.rule_changes import waiting_rules
from compete.services.labour.stands import period_stands, state_of
from compete.services.publication.snapshots import standing_publications
from compete.services.scoring.live_labour import LabourLive, labour_live
from compete.web import guard
from compete.web.guard import allowed_url
from compete.web.labour_words import periods_words
from compete.web.language import say
from compete.web.organiser.labour_rules.words import change_line
from compete.web.organiser.months.after import after_form
from compete.web.organiser.months.corrections import correction_card, correction_form
from compete.web.organiser.months.flag_keeping import flag_keep_form
from compete.web.organiser.months.looks import count_chips
from compete.web.organiser.months.shapes import (
    AfterForm,
    CorrectionForm,
    FlagKeepForm,
    LackRow,
    LookCard,
    MonthsPage,
    MonthsUrls,
    PeriodPage,
    PeriodRow,
    VersionRow,
)
from compete.web.organiser.shapes import competition_link
from compete.web.shapes import Chip
from compete.web.templating import moment, state_word

_KINDS = {
    PeriodState.OPEN: ("", "half-circle"),
    PeriodState.CLOSED: ("accent", "lock"),
    PeriodState.PUBLISHED: ("ok", "check-circle"),
    PeriodState.CORRECTED: ("warn", "pencil"),
}
_NAMED = 8


def describe_months(competition: Competition, keep: FlagKeepForm | None = None) -> MonthsPage:
    """Every period with its state, what waits to go out, and what has."""
    live = labour_live(competition)
    stands = period_stands(competition)
    tree = live.outcome.field.tree
    waiting = periods_words(tree, unpublished_periods(competition))
    waiting += units_words(unpublished_units(competition))
    asked = [row for row in corrections_of(competition) if row.ended_at is None]
    versions = standing_publications(competition)
    rules = waiting_rules(competition)
    return MonthsPage(
        competition=competition_link(competition),
        periods=[_period_row(competition, live, stands, code) for code in tree.from_whole()],
        waiting=waiting,
        asked=[correction_card(competition, live, row) for row in asked],
        rules=change_line(rules) if rules is not None else None,
        keep=keep or flag_keep_form(competition, live),
        versions=[
            VersionRow(
                label=_("第 %(n)s 版", n=version.version),
                words=hash_phrase(bytes.fromhex(version.sha256)),
                said=_("%(at)s：%(note)s", at=moment(version.published_at), note=version.note)
                if version.note
                else moment(version.published_at),
                url=url_for("public.standings", code=competition.code, version=version.version),
            )
            for version in versions
        ],
        urls=MonthsUrls(
            publish=allowed_url("organiser.confirm_publish_months", code=competition.code)
            if waiting
            else None,
            public=url_for("public.standings", code=competition.code) if versions else None,
            late=url_for("organiser.late", code=competition.code),
            changes=url_for("organiser.labour_changes", code=competition.code),
            book=url_for("organiser.months_book", code=competition.code),
            back=url_for("organiser.labour", code=competition.code),
        ),
    )


def units_words(changes: Sequence[UnitChange]) -> list[str]:
    """What the version in force does not know of the units yet, a sentence each; the first few."""
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


def _period_row(
    competition: Competition, live: LabourLive, stands: dict[str, PeriodStand], code: str
) -> PeriodRow:
    tree = live.outcome.field.tree
    state = state_of(stands, code)
    earlier = before_of(live.outcome, code)
    is_next = (
        state is PeriodState.OPEN
        and all(state_of(stands, part) is not PeriodState.OPEN for part in tree.parts[code])
        and (earlier is None or state_of(stands, earlier) is not PeriodState.OPEN)
    )
    return PeriodRow(
        name=tree.periods[code].name,
        url=url_for("organiser.month", code=competition.code, period=code),
        depth=len(list(tree.around(code))) - 1,
        chip=state_chip(state),
        said=_closed_words(stands[code]) if state is not PeriodState.OPEN else "",
        next=is_next,
        bulletin_url=url_for("organiser.labour_bulletin", code=competition.code, period=code),
    )


def state_chip(state: PeriodState) -> Chip:
    """A period's state in a coloured frame."""
    kind, icon = _KINDS[state]
    return Chip(text=state_word(state), kind=kind, icon=icon)


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


def describe_month(
    competition: Competition,
    period: str,
    *,
    reason: str = "",
    problem: str | None = None,
    form: CorrectionForm | None = None,
    after: AfterForm | None = None,
) -> PeriodPage:
    """One period; KeyError for an unknown one. What was refused stays in its form."""
    live = labour_live(competition)
    stand = period_stands(competition).get(period)
    state = stand.state if stand is not None else PeriodState.OPEN
    found = before_closing(competition, live, period)
    is_open = state is PeriodState.OPEN
    may_close = is_open and not found.blockers and guard.may_do(Right.PUBLISH)
    return PeriodPage(
        competition=competition_link(competition),
        back_url=url_for("organiser.months", code=competition.code),
        name=live.outcome.field.tree.periods[period].name,
        chip_of=state_chip(state),
        closed=_closed_whole(stand) if stand is not None and not is_open else None,
        is_open=is_open,
        blockers=[say(blocker) for blocker in found.blockers] if is_open else [],
        missing=_lacks(found.missing),
        away=_lacks(found.away),
        count=found.count,
        wants_reason=found.wants_reason,
        close_url=url_for("organiser.close_month", code=competition.code, period=period)
        if may_close
        else None,
        reason=reason,
        problem=problem,
        form=(form or correction_form(competition, live, period))
        if guard.may_do(Right.PUBLISH)
        else None,
        corrections=[
            correction_card(competition, live, row) for row in corrections_of(competition, period)
        ],
        bulletin_url=url_for("organiser.labour_bulletin", code=competition.code, period=period),
        standings_url=url_for("organiser.labour", code=competition.code, period=period),
        look=_look_card(competition, live, period) if not is_open else None,
        after=after or after_form(competition, live, period),
    )


def _look_card(competition: Competition, live: LabourLive, period: str) -> LookCard | None:
    """None for a period made of others, in which nothing is entered."""
    if not live.outcome.field.tree.is_leaf(period):
        return None
    look = look_of(competition, period)
    return LookCard(
        url=url_for("organiser.second_look", code=competition.code, period=period),
        chips=count_chips(look) if look is not None else [],
    )


def _closed_whole(stand: PeriodStand) -> str:
    said = _closed_words(stand)
    return _("%(said)s：%(why)s", said=said, why=stand.closed_why) if stand.closed_why else said


def _lacks(lacks: list[Lack]) -> list[LackRow]:
    return [
        LackRow(
            what=_("%(period)s %(indicator)s", period=lack.period, indicator=lack.indicator)
            if lack.indicator
            else lack.period,
            units=say(some_of(lack.units, _NAMED)),
            count=len(lack.units),
        )
        for lack in lacks
    ]
