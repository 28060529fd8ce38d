"""Old rules beside new ones, and what became of a change that others have to agree to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from compete.domain.grades.ladder import NATIONAL, Ladder, grade_label
from compete.domain.values.messages import listed
from compete.domain.values.period_states import CorrectionState
from compete.models import LabourRuleChange, RuleChange
from compete.services.labour.rule_changes import rules_version
from compete.services.rules.changes import SeatState
from compete.services.rules.taking_effect import NamedBesides, What
from compete.web.language import say
from compete.web.shapes import Chip
from compete.web.templating import moment


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One thing that is other than before; `was` or `now` is empty where there is none."""

    what: str
    part: str
    """The changed part: its maximum, its department; empty for the whole."""
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceGroup:
    """Differences of a kind: indicators, periods, settings, units."""

    title: str
    rows: Sequence[DifferenceRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A change that was asked for, in the list of them."""

    title: str
    url: str
    state: Chip
    said: str


class Said(NamedTuple):
    """A thing of the rules: its name, and the words of each part."""

    name: str
    parts: Mapping[str, str]


def difference_rows(was: Mapping[str, Said], now: Mapping[str, Said]) -> list[DifferenceRow]:
    """List what is new, gone or different, by codes: the present first, then the gone."""
    rows: list[DifferenceRow] = []
    for code in [*now, *(code for code in was if code not in now)]:
        if code not in was:
            rows.append(DifferenceRow(now[code].name, _("新加的"), "", _whole(now[code])))
        elif code not in now:
            rows.append(DifferenceRow(was[code].name, _("去掉的"), _whole(was[code]), ""))
        else:
            old, new = was[code].parts, now[code].parts
            rows += [
                DifferenceRow(now[code].name, part, old.get(part, ""), new.get(part, ""))
                for part in [*new, *(part for part in old if part not in new)]
                if old.get(part, "") != new.get(part, "")
            ]
    return rows


AnyChange = RuleChange | LabourRuleChange


def change_title(change: AnyChange) -> str:
    """Name the change by its version, if it has one."""
    if isinstance(change, LabourRuleChange):
        return _("第 %(n)s 版规则", n=change.number) if change.number else _("改规则")
    if change.number:
        return _("%(event)s 第 %(n)s 版规则", event=change.event.name, n=change.number)
    return _("%(event)s 改规则", event=change.event.name)


def change_chip(change: AnyChange) -> Chip:
    """Show its state in a coloured frame."""
    if isinstance(change, LabourRuleChange):
        now, waits = rules_version(change.competition), _("等第二个人同意")
    else:
        now, waits = change.event.rules.number, _seats_words(change)
    if change.number is not None and change.number < now:
        return Chip(text=_("已被换下，现在是第 %(n)s 版", n=now), kind="", icon="undo")
    match change.state:
        case CorrectionState.ASKED:
            return Chip(text=waits, kind="warn", icon="clock")
        case CorrectionState.AGREED:
            return Chip(text=_("已生效"), kind="ok", icon="check-circle")
    if change.ended_why is None:
        return Chip(text=_("已撤回"), kind="", icon="undo")
    return Chip(text=_("没同意"), kind="bad", icon="ban")


def change_line(change: AnyChange) -> ChangeLine:
    """Describe a change, as a list has it."""
    page = "rule_change" if isinstance(change, LabourRuleChange) else "event_change"
    return ChangeLine(
        title=change_title(change),
        url=url_for(f"organiser.{page}", code=change.competition.code, number=change.id),
        state=change_chip(change),
        said=_(
            "%(who)s %(at)s 提出：%(why)s",
            who=change.asker.name,
            at=moment(change.asked_at),
            why=change.reason,
        ),
    )


def seat_chip(state: CorrectionState, seat: SeatState) -> Chip:
    """Show in a coloured frame how one of the two seats stands to a change in that state."""
    if seat.agreed is not None:
        return Chip(text=_("同意了"), kind="ok", icon="check-circle")
    if state is not CorrectionState.ASKED:
        return Chip(text=_("没表态"), kind="")
    kind, icon = ("bad", "warn") if seat.vacant else ("warn", "clock")
    return Chip(text=_("没有人") if seat.vacant else _("还没表态"), kind=kind, icon=icon)


def _seats_words(change: RuleChange) -> str:
    if change.chief_by is not None:
        return _("等监督同意")
    return _("等裁判长同意") if change.supervisor_by is not None else _("等裁判长、监督同意")


def ended_words(change: AnyChange, agreed: str) -> list[str]:
    """Say who asked for a change and who ended it, when, why; `agreed` is said once it holds."""
    lines = [_("%(who)s %(at)s 提出", who=change.asker.name, at=moment(change.asked_at))]
    if change.ender is None:
        return lines
    who, at = change.ender.name, moment(change.ended_at)
    if change.state is CorrectionState.AGREED:
        lines.append(agreed)
    elif change.ended_why is not None:
        lines.append(_("%(who)s %(at)s 没同意：%(why)s", who=who, at=at, why=change.ended_why))
    else:
        lines.append(_("%(who)s %(at)s 撤回", who=who, at=at))
    return lines


def _whole(described: Said) -> str:
    """Return all of a thing but its name, which stands before it."""
    return _("；").join(
        _("%(part)s：%(words)s", part=part, words=words)
        for part, words in described.parts.items()
        if words and words != described.name
    )


MoveRow = tuple[NamedBesides, str, str, str]
"""A move besides people's totals and ranks: what moved, what it was and what it is."""
_NONE = "—"


def move_rows(besides: Sequence[NamedBesides], ladder: Ladder = NATIONAL) -> list[MoveRow]:
    """The moves in words."""
    return [(beside, *_move_words(beside, ladder)) for beside in besides]


def _move_words(beside: NamedBesides, ladder: Ladder) -> tuple[str, str, str]:
    """What moved, what it was and what it is."""
    moved = beside.moved
    words = {
        What.AWARDS: _("奖项"),
        What.TEAM_AWARDS: _("团体奖"),
        What.GRADE: _("拟晋升"),
        What.ITEM: _("单项 %(item)s", item=moved.of),
        What.TEAM: _("团体"),
        What.UNIT: _("单位"),
        What.TABLE: moved.of,
    }
    was, now = (_outcome_words(moved.what, parts, ladder) for parts in (moved.was, moved.now))
    return words[moved.what], was, now


def _outcome_words(what: What, parts: Sequence[str], ladder: Ladder) -> str:
    """Awards by name, a grade in words, else the rank with its score."""
    if not parts:
        return _NONE
    if what in (What.AWARDS, What.TEAM_AWARDS):
        return say(listed(parts))
    if what is What.GRADE:
        return say(grade_label(int(parts[0]) if parts[0].isdecimal() else None, ladder))
    rank, score = parts
    return _("第 %(rank)s，%(score)s", rank=rank or _NONE, score=score or _NONE)
