"""The periods of a labour competition in words: the progress of each, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.labour.closed_periods import Shift
from compete.domain.labour.kept_flags import FlagKeep
from compete.domain.labour.shares import before_of
from compete.domain.labour.totals import PLACES
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import (
    CorrectionKind,
    CorrectionState,
    LookResult,
    PeriodState,
)
from compete.domain.values.points import show
from compete.domain.values.rights import Right
from compete.models import Competition, LabourLook, PeriodCorrection, PeriodStand
from compete.services.kernel.competition_settings import FlagDays, FollowUp
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import LONGEST_REASON
from compete.services.labour.after_closing import MOST_WORDS, Followed, followed
from compete.services.labour.closing import (
    UnitChange,
    before_closing,
    unpublished_periods,
    unpublished_units,
)
from compete.services.labour.corrections import (
    correction_title,
    correction_word,
    corrections_of,
    what_it_moves,
)
from compete.services.labour.departments import department_names, departments_of, recorders_of
from compete.services.labour.period_progress import closed_periods, period_stands, state_of
from compete.services.labour.rule_changes import waiting_rules
from compete.services.labour.rules import why_labour_rules_stay
from compete.services.labour.second_look import counts_of, look_of
from compete.services.results.bulletin_corrections import (
    marks_moved,
)
from compete.services.results.snapshots import standing_publications
from compete.services.scoring.journeys import FlagJourney, flag_journey, flag_sorts, kept_after
from compete.services.scoring.live_labour import LabourLive, labour_live
from compete.web import guard
from compete.web.labour_words import periods_words, points_words, told_apart, with_target
from compete.web.language import say
from compete.web.organiser.rules.rule_differences import change_line
from compete.web.organiser.typed_moments import typed_moment
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, problem_of_length
from compete.web.shapes import Chip, Choice, choices
from compete.web.state_chips import state_chip
from compete.web.templating import moment, state_word, zone
from compete.web.words import stretch_words

_NAMED = 8


def months_page(competition: Competition, keep: Mapping[str, object] | None = None) -> str:
    """Every period with its state, what waits to go out, and what has."""
    live = labour_live(competition)
    waiting = periods_words(live.outcome.field.tree, unpublished_periods(competition))
    waiting += units_words(unpublished_units(competition))
    rules = waiting_rules(competition)
    return render_template(
        "organiser/labour/periods/months.html",
        periods=period_rows(competition, live),
        waiting=waiting,
        asked=[
            _correction_card(competition, live, row)
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
    lines = []
    for change in changes[:_NAMED]:
        if change.was is None:
            lines.append(_("新加的单位：%(name)s", name=change.now))
        elif change.now is None:
            lines.append(_("删掉的单位：%(name)s", name=change.was))
        else:
            lines.append(_("单位改名：%(was)s 改为 %(now)s", was=change.was, now=change.now))
    if len(changes) > _NAMED:
        lines.append(_("另有单位 %(n)s 家", n=len(changes) - _NAMED))
    return lines


def period_rows(competition: Competition, live: LabourLive) -> list[dict[str, Any]]:
    """Every period, the whole first: its depth from 0, what is said of closing it."""
    stands, tree = period_stands(competition), live.outcome.field.tree

    def is_open(code: str) -> bool:
        return state_of(stands, code) is PeriodState.OPEN

    def row_of(code: str) -> dict[str, Any]:
        earlier = before_of(live.outcome, code)
        return {
            "code": code,
            "name": tree.periods[code].name,
            "depth": len(list(tree.around(code))) - 1,
            "state": state_of(stands, code),
            "said": "" if is_open(code) else _closed_words(stands[code]),
            # True if it can be closed now.
            "next": is_open(code)
            and not any(map(is_open, tree.parts[code]))
            and (earlier is None or not is_open(earlier)),
        }

    return [row_of(code) for code in tree.from_whole()]


def _closed_words(stand: PeriodStand) -> str:
    text = _(
        "%(at)s %(who)s 结账",
        at=moment(stand.closed_at),
        who=stand.closer.name if stand.closer else "",
    )
    if stand.missing:
        lack = ngettext("缺 %(num)s 个数", "缺 %(num)s 个数", stand.missing)
        text = _("%(said)s，%(lack)s", said=text, lack=lack)
    return text


def month_page(
    competition: Competition,
    period: str,
    refused: Refused | None = None,
    *,
    refused_correction: Refused | None = None,
    after: Mapping[str, object] | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    """Render one period; KeyError for an unknown one. A refused text stays in its form.

    `refused` was closing it, `refused_correction` the correction that was asked for; `typed` is
    one that is not asked for yet.
    """
    if refused_correction is not None:
        typed = typed_correction(request.form)
    live = labour_live(competition)
    stand = period_stands(competition).get(period)
    state = stand.state if stand is not None else PeriodState.OPEN
    is_open = state is PeriodState.OPEN
    return render_template(
        "organiser/labour/periods/month.html",
        code=period,
        name=live.outcome.field.tree.periods[period].name,
        state_now=state,
        closed=_closed_whole(stand) if stand is not None and not is_open else None,
        is_open=is_open,
        before=before_closing(competition, live, period),
        reason=posted_reason() if refused else "",
        problem=problem_of(refused),
        form=_correction_form(competition, live, period, typed or {}, refused_correction)
        if guard.may_do(Right.PUBLISH)
        else None,
        corrections=[
            _correction_card(competition, live, row) for row in corrections_of(competition, period)
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
    text = _closed_words(stand)
    return _("%(said)s：%(why)s", said=text, why=stand.closed_why) if stand.closed_why else text


def after_form(
    competition: Competition,
    live: LabourLive,
    period: str,
    typed: Mapping[str, str] | None = None,
    problem: str | None = None,
) -> dict[str, object] | None:
    """The form as it is written, or as it was `typed`; None where there is nothing to write."""
    if period not in closed_periods(competition):
        return None
    after = followed(competition, live, period)
    if not after.flags and not after.talks:
        return None
    rows = {row.unit: row for row in live.standings[period]}
    journey = flag_journey(competition, live)

    def excuse(unit: str) -> str:
        words = [_("一票否决")] if rows[unit].vetoed else []
        words += [_("黄牌 %(total)s", total=rows[unit].total)] if rows[unit].warned else []
        return _("、").join(words) or _("更正以后没有黄牌和否决了")

    flags = [
        {
            "code": unit,
            "name": live.units[unit],
            "note": rows[unit].group if rows[unit].flag else _("更正以后红旗归了别的单位"),
            # It may stay for good, or somebody has said so.
            "keeps": days.kept is not None or journey.may_keep(period, unit),
            "stays": _stays(journey, period, unit, days),
        }
        for unit, days in after.flags.items()
    ]
    fields = _fields(after)
    if typed is not None:
        fields = {name: typed.get(name, "") for name in fields}
    known = recorders_of(competition)
    return {
        "flags": flags,
        "talks": [(unit, live.units[unit], excuse(unit)) for unit in after.talks],
        "fields": fields,
        # Of the text as it is stored: without blanks at its ends.
        "problems": {
            name: problem_of_length(" ".join(text.split()), MOST_WORDS)
            for name, text in fields.items()
            if name.startswith(("place:", "who:"))
        },
        # The departments, each with the people who enter for it.
        "helpers": [
            row.name + _("、").join(recorder.account.name for recorder in known.get(row.id, ()))
            for row in departments_of(competition)
        ],
        "problem": problem,
    }


def _fields(after: Followed) -> dict[str, str]:
    """Return the present values by the fields' names, days and times as such fields have them."""
    fields = {}
    for unit, days in after.flags.items():
        for name in ("given", "back", "kept"):
            fields[f"{name}:{unit}"] = _day(getattr(days, name))
    for unit, talk in after.talks.items():
        fields |= {
            f"at:{unit}": typed_moment(talk.at),
            f"place:{unit}": talk.place,
            f"by:{unit}": _day(talk.by),
            f"who:{unit}": talk.who,
        }
    return fields


def _stays(journey: FlagJourney, period: str, unit: str, days: FlagDays) -> str:
    """Say why its flag may stay for good; or that a correction shortened the rest."""
    words = journey.sentence(period, unit)
    if words is None:
        return ""
    after = journey.after(period)
    if days.kept is not None and (after is None or journey.running(period, unit) < after):
        return _("%(said)s（现在不够连续的期数了）", said=say(words))
    return say(words)


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def read_after(form: Mapping[str, str]) -> Followed:
    """Read the fields. Raises ValueError for what is no day or time."""
    flags, talks = {}, {}
    for name in form:
        key, _colon, unit = name.partition(":")
        if key == "given":
            flags[unit] = FlagDays(
                *(_read_day(form, f"{key}:{unit}") for key in ("given", "back", "kept"))
            )
        elif key == "at":
            text = form[name].strip()
            talks[unit] = FollowUp(
                at=datetime.fromisoformat(text).replace(tzinfo=zone()) if text else None,
                place=" ".join(form.get(f"place:{unit}", "").split()),
                by=_read_day(form, f"by:{unit}"),
                who=" ".join(form.get(f"who:{unit}", "").split()),
            )
    return Followed(flags, talks)


def _read_day(form: Mapping[str, str], name: str) -> date | None:
    text = form.get(name, "").strip()
    return date.fromisoformat(text) if text else None


def flag_keep_form(
    competition: Competition,
    live: LabourLive,
    typed: Mapping[str, str] | None = None,
    problem: str | None = None,
    reason_problem: str | None = None,
) -> dict[str, object] | None:
    """The form as it stands, or as it was `typed`; None where no flags go one after another."""
    sorts = flag_sorts(live)
    if not sorts:
        return None
    names = live.labour.period_names
    keep = kept_after(competition, live.labour)
    stands = next((sort for sort in sorts if keep is not None and keep.of in sort), None)
    text = _("红旗一直流动，哪家都不永久保留")
    if keep is not None and stands is not None:
        text = _(
            "%(stretch)s，连续 %(n)s 期得旗的可以永久保留",
            stretch=stretch_words(names[stands[0]], names[stands[-1]]),
            n=keep.after,
        )
    if typed is None:
        after = str(keep.after) if keep is not None and stands is not None else ""
        typed = {"after": after, "of": (stands or sorts[0])[0]}
    return {
        "after": typed.get("after", ""),
        "of": typed.get("of", ""),
        # The sorts of periods, by the first of each.
        "sorts": [
            Choice(
                value=sort[0],
                label=_(
                    "%(stretch)s，%(n)s 期",
                    stretch=stretch_words(names[sort[0]], names[sort[-1]]),
                    n=len(sort),
                ),
            )
            for sort in sorts
        ],
        "said": text,
        # None while one person alone may set it.
        "reason": typed.get("reason", "") if why_labour_rules_stay(competition) else None,
        "problem": problem,
        "reason_problem": reason_problem,
    }


def read_flag_keep(form: Mapping[str, str]) -> FlagKeep | None:
    """Read the typed number, None for an empty one. Raises ValueError for what is no number."""
    text = form.get("after", "").strip()
    return FlagKeep(int(text), form.get("of", "")) if text else None


def count_chips(look: LabourLook) -> list[Chip]:
    """Show the progress of the look, a chip for each number that is not 0."""
    counts = counts_of(look)
    chips = [
        state_chip(result, _("%(word)s %(n)s", word=state_word(result), n=number))
        for result in LookResult
        if (number := counts[result])
    ]
    if left := counts["left"]:
        chips.append(Chip(text=_("还没核 %(n)s", n=left), kind="", icon="clock"))
    return chips


SHOWN = 12
"""The most units that moved on a card, the unit itself first."""
_NONE = "—"


def _correction_form(
    competition: Competition,
    live: LabourLive,
    period: str,
    typed: Mapping[str, str],
    refused: Refused | None = None,
) -> dict[str, object]:
    """The form for one more, empty or as it was typed, with what stands in its square."""
    asked = live.outcome.field.asked.get(period)
    kinds = choices(
        {
            CorrectionKind.VALUE: _("改一个数"),
            CorrectionKind.EMPTY: _("去掉一个数（变成缺）"),
            CorrectionKind.ADJUSTMENT: _("加减分"),
            CorrectionKind.VETO: _("一票否决"),
            CorrectionKind.LIFT: _("解除一票否决"),
        }
    )
    closed = period in closed_periods(competition)
    named = told_apart(
        [
            indicator
            for indicator in live.labour.indicators
            if closed and indicator.code in (asked or ())
        ],
        live.labour.period_names,
        department_names(competition),
    )
    long = problem_of_length(typed.get("reason", ""), LONGEST_REASON)
    return {
        # Values stand in leaves alone, and are simply entered while the period is open.
        "kinds": kinds if asked is not None and closed else kinds[2:],
        "units": [
            Choice(value=unit.code, label=unit.name)
            for unit in live.bundle.units
            if unit.code in live.outcome.field.group_of
        ],
        "indicators": choices(named),
        "typed": typed,
        "stands": _square_words(live, period, typed),
        "problem": problem_of(refused) if long is None else None,
        "reason_problem": long,
    }


def _square_words(live: LabourLive, period: str, typed: Mapping[str, str]) -> str | None:
    """Say what stands in the typed square, and what it gives; None while none is chosen."""
    square = typed.get("unit", ""), period, typed.get("indicator", "")
    field = live.outcome.field
    if square[0] not in field.group_of or square[2] not in field.asked.get(period, ()):
        return None
    names = {
        "unit": live.units[square[0]],
        "indicator": live.labour.indicator_names[square[2]],
    }
    value = field.values.get(square)
    if value is None:
        return _("%(unit)s %(indicator)s现在没有数", **names)
    return _(
        "%(unit)s %(indicator)s现在是 %(value)s，得 %(points)s 分",
        **names,
        value=with_target(plain(value.value), value.target),
        points=points_words(live.outcome.scores[square]),
    )


def typed_correction(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the correction that a form or an address asks for."""
    fields = ("kind", "unit", "indicator", "points", "target", "reason")
    return {name: sent.get(name, "") for name in fields}


def _correction_card(
    competition: Competition, live: LabourLive, row: PeriodCorrection
) -> dict[str, object]:
    """Describe one correction, the first units that it moved and how many `more` it did.

    Those who may agree see the button, all others see who can.
    """
    asked = row.state is CorrectionState.ASKED
    why_not = correction_word(row).why_not(current_user) if asked else None
    shifts = [] if row.state is CorrectionState.DROPPED else what_it_moves(competition, row)
    in_order = sorted(shifts, key=lambda shift: (shift.unit != row.unit.code, _step(shift)))
    return {
        "row": row,
        "title": say(correction_title(live, row)),
        "said": _correction_words(row),
        "shifts": shift_rows(live, in_order[:SHOWN]),
        "more": len({shift.unit for shift in in_order[SHOWN:]}),
        "waits": asked,
        "why_not": say(why_not),
    }


def _step(shift: Shift) -> int:
    """Sort key: those that moved most places first."""
    was, now = shift.ranks
    return -abs((was or 0) - (now or 0))


def _correction_words(row: PeriodCorrection) -> str:
    asked = _("%(who)s %(at)s 提出", who=row.asker.name, at=moment(row.asked_at))
    if row.ender is None:
        return asked
    if row.state is CorrectionState.AGREED:
        ended = _("%(who)s %(at)s 同意", who=row.ender.name, at=moment(row.ended_at))
    else:
        ended = _("%(who)s %(at)s 不更正了", who=row.ender.name, at=moment(row.ended_at))
    return _("%(first)s，%(second)s", first=asked, second=ended)


def shift_rows(live: LabourLive, shifts: Sequence[Shift]) -> list[dict[str, object]]:
    """Describe the moves of a unit in a period in words, before and after.

    `also` are flag, warning and incident, where these are others.
    """
    periods = live.outcome.field.tree.periods
    return [
        {
            "period": periods[shift.period].name if shift.period in periods else shift.period,
            "unit": live.units.get(shift.unit, shift.unit),
            "totals": [_NONE if it is None else show(it, PLACES) for it in shift.totals],
            "ranks": [_NONE if it is None else str(it) for it in shift.ranks],
            "also": [say(mark) for mark in marks_moved(shift)],
        }
        for shift in shifts
    ]
