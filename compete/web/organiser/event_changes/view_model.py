"""A change of an event's rules in words; who moved once it is in force alone."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import Ladder, grade_label
from compete.domain.values.messages import listed
from compete.domain.values.period_states import CorrectionState
from compete.models import Competition, RuleChange
from compete.services.amending.changes import (
    SEAT_WORDS,
    both_rules,
    may_withdraw,
    rule_changes,
    touched_by,
    why_not_fit,
)
from compete.services.amending.moved_besides import What
from compete.services.amending.seats import SeatState, seats_of
from compete.services.amending.told import NamedBesides, moved_besides_named, moved_people
from compete.services.kernel.event_rules import ladder_of
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.differing import ended_words
from compete.web.organiser.event_changes.differences import differences
from compete.web.organiser.event_changes.shapes import (
    BesidesRow,
    EventChangePage,
    MovedRow,
    MovedTable,
    SeatLine,
)
from compete.web.organiser.event_changes.words import holds_words, touched_words
from compete.web.organiser.events.change_words import change_chip, change_line, change_title
from compete.web.organiser.shapes import Link, competition_link
from compete.web.shapes import Chip
from compete.web.templating import moment

_SHOWN = 200
"""So many who moved stand in the table."""
_NONE = "—"


def describe_event_change(
    competition: Competition,
    change: RuleChange,
    *,
    problem: str | None = None,
    typed: str = "",
    typed_in: str = "",
) -> EventChangePage:
    """One change. Who may agree sees how, all others who can."""
    before, after = both_rules(change)
    event, code = change.event, competition.code
    asked = change.state is CorrectionState.ASKED
    seats = seats_of(change, current_user)
    form = allowed_url("organiser.event_rules", code=code, event=event.code)
    return EventChangePage(
        competition=competition_link(competition),
        event=Link(label=event.name, url=form or ""),
        title=change_title(change),
        below=holds_words(change),
        chip_of=change_chip(change),
        reason=change.reason,
        said=ended_words(change, _("%(at)s 生效", at=moment(change.ended_at))),
        asked=asked,
        touched=list(touched_words(touched_by(change))) if asked else [],
        misfits=[say(why) for why in why_not_fit(change)] if asked else [],
        differences=differences(competition, before, after),
        moved=_moved(change) if change.state is CorrectionState.AGREED else None,
        seats=[_seat(change, seat) for seat in seats],
        people_url=allowed_url("organiser.judges", code=code, people=1)
        if any(seat.vacant for seat in seats)
        else None,
        withdraw_url=url_for("organiser.withdraw_event_change", code=code, number=change.id)
        if asked and may_withdraw(change, current_user)
        else None,
        standings_url=allowed_url("organiser.standings", code=code),
        others=[change_line(each) for each in rule_changes(event) if each.id != change.id],
        problem=problem,
        typed=typed,
        typed_in=typed_in,
    )


def _seat(change: RuleChange, seat: SeatState) -> SeatLine:
    if seat.agreed is not None:
        chip = Chip(text=_("同意了"), kind="ok", icon="check-circle")
        said = _("%(who)s %(at)s 同意", who=seat.agreed.name, at=moment(seat.at))
    elif change.state is not CorrectionState.ASKED:
        chip, said = Chip(text=_("没表态"), kind=""), ""
    else:
        kind, icon = ("bad", "warn") if seat.vacant else ("warn", "clock")
        chip = Chip(text=_("没有人") if seat.vacant else _("还没表态"), kind=kind, icon=icon)
        said = say(seat.why_not) if seat.why_not is not None else ""
    return SeatLine(
        title=say(SEAT_WORDS[seat.seat]),
        chip_of=chip,
        said=said,
        act_url=url_for(
            f"organiser.event_change_{seat.seat.value}",
            code=change.competition.code,
            number=change.id,
        )
        if seat.open
        else None,
        key=seat.seat.value,
    )


def _moved(change: RuleChange) -> MovedTable:
    people = moved_people(change, current_user)
    if people is None:
        return MovedTable(
            rows=[],
            several=False,
            more=0,
            besides=[],
            more_besides=0,
            hidden=_("盲评：锁定评分以后才看得到谁变了"),
        )
    _before, after = both_rules(change)
    besides = moved_besides_named(change, current_user)
    names = {stage.code: stage.name for stage in after.stages}
    return MovedTable(
        rows=[
            MovedRow(
                stage=names.get(each.moved.stage, each.moved.stage),
                number=each.moved.entrant,
                name=each.name,
                unit=each.unit,
                ranks=(_rank(each.moved.ranks[0]), _rank(each.moved.ranks[1])),
                totals=(each.moved.totals[0] or _NONE, each.moved.totals[1] or _NONE),
            )
            for each in people[:_SHOWN]
        ],
        several=len(names) > 1,
        more=max(len(people) - _SHOWN, 0),
        besides=[_besides(each, ladder_of(change.event)) for each in besides[:_SHOWN]],
        more_besides=max(len(besides) - _SHOWN, 0),
        hidden=None,
    )


def _besides(each: NamedBesides, ladder: Ladder) -> BesidesRow:
    moved = each.moved
    words = {
        What.AWARDS: _("奖项"),
        What.TEAM_AWARDS: _("团体奖"),
        What.GRADE: _("拟晋升"),
        What.ITEM: _("单项 %(item)s", item=moved.of),
        What.TEAM: _("团体"),
        What.UNIT: _("单位"),
    }
    return BesidesRow(
        what=words[moved.what],
        name=each.name,
        under=moved.holder,
        was=_said(moved.what, moved.was, ladder),
        now=_said(moved.what, moved.now, ladder),
    )


def _said(what: What, parts: Sequence[str], ladder: Ladder) -> str:
    """Awards by name, a grade in words, else the rank with its score."""
    if not parts:
        return _NONE
    if what in (What.AWARDS, What.TEAM_AWARDS):
        return say(listed(parts))
    if what is What.GRADE:
        return say(grade_label(int(parts[0]) if parts[0].isdecimal() else None, ladder))
    rank, score = parts
    return _("第 %(rank)s，%(score)s", rank=rank or _NONE, score=score)


def _rank(rank: int | None) -> str:
    return _NONE if rank is None else str(rank)
