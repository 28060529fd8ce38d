"""Words on the people a decision moves; nobody sees them before the decision stands."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.models import Appeal
from compete.services.appeals.appeal_states import standing_decision
from compete.services.results.changed_lines import ChangedLine, Line
from compete.services.results.moves_by_appeals import Moved, moved_by_appeal
from compete.services.sheets.blind_codes import may_see_names
from compete.web.language import say
from compete.web.organiser.appeals.shapes import MovedCard, MovedCell, MovedSide

_NONE = "—"


def moved_card(appeal: Appeal) -> MovedCard:
    """The card as it stands: shut, to be asked for, or with those who are moved."""
    locked = _locked(appeal)
    if locked is not None:
        return MovedCard(locked=locked)
    if "moved" not in request.args:
        return MovedCard(can_ask=True)
    moved = moved_by_appeal(appeal)
    assert moved is not None
    return MovedCard(
        note=_note(moved),
        count=_count(_people(moved)),
        rows=[_row(line) for line in _people(moved)],
        sides=_sides(moved),
    )


def _people(moved: Moved) -> list[ChangedLine]:
    return [line for line in moved.lines if not line.is_team]


def _locked(appeal: Appeal) -> str | None:
    if standing_decision(appeal) is None:
        return _("定下来以前看不到：仲裁只看事情本身")
    if not may_see_names(appeal.competition, [appeal.entrant.event], current_user):
        return _("盲评：锁定评分以后才能看名次和姓名")
    return None


def _note(moved: Moved) -> str:
    if moved.unknown:
        return _("决定里没有写改成几，裁判长执行以后才算得出。下面是现在和公布的差别。")
    if moved.supposed and not _people(moved):
        return _("照决定改了，选手的名次、成绩、奖项和等级都不变。")
    if moved.supposed:
        return _("照决定改了以后会是这样，现在还没改。")
    if not moved.lines:
        return _("名次、成绩、奖项和等级都不变。")
    n = len(_people(moved))
    if not n:
        return _("选手的名次、成绩、奖项和等级都不变。")
    return ngettext("%(num)s 行和公布的不一样", "%(num)s 行和公布的不一样", n)


def _count(people: list[ChangedLine]) -> str | None:
    """Count the people who change rank, and those who change award or grade."""
    if not people:
        return None
    ranks = sum(_rank(line.was) != _rank(line.now) for line in people)
    awards = sum(_cells(line.was)[2:] != _cells(line.now)[2:] for line in people)
    return _("换名次的 %(ranks)s 人，换奖项或等级的 %(awards)s 人", ranks=ranks, awards=awards)


def _sides(moved: Moved) -> list[MovedSide]:
    """List teams and grades, if the event has them: also those that stay."""
    sides = []
    if moved.teams:
        lines = [line for line in moved.lines if line.is_team]
        items = [item for item in map(_team, lines) if item is not None]
        note: str | None = _("和公布的一样") if moved.unknown else _("团体名次都不变")
        if any(_rank(line.was) != _rank(line.now) for line in lines) or (moved.unknown and items):
            note = None
        sides.append(MovedSide(label=_("团体"), note=note, items=items))
    if moved.grades:
        items = [item for item in map(_grade_of, _people(moved)) if item is not None]
        note = _("和公布的一样") if moved.unknown else _("等级都不变")
        sides.append(MovedSide(label=_("等级"), note=None if items else note, items=items))
    return sides


def _team(line: ChangedLine) -> tuple[str, Sequence[MovedCell]] | None:
    """Return a team's name and the values that move: total, rank and awards."""
    was_total, _was_rank, was_awards, _no = _cells(line.was)
    now_total, _now_rank, now_awards, _no = _cells(line.now)
    cells = (
        MovedCell(was=was_total, now=now_total),
        MovedCell(was=_rank_said(line.was), now=_rank_said(line.now)),
        MovedCell(was=was_awards, now=now_awards),
    )
    moving = [cell for cell in cells if not cell.same]
    return (_line_of(line).name, moving) if moving else None


def _grade_of(line: ChangedLine) -> tuple[str, Sequence[MovedCell]] | None:
    cell = MovedCell(was=_cells(line.was)[3], now=_cells(line.now)[3])
    return None if cell.same else (_line_of(line).name, [cell])


def _rank(line: Line | None) -> int | None:
    return line.rank if line is not None else None


def _rank_said(line: Line | None) -> str:
    rank = _rank(line)
    return _("第 %(n)s", n=rank) if rank is not None else _("没有名次")


def _line_of(line: ChangedLine) -> Line:
    shown = line.now or line.was
    assert shown is not None
    return shown


def _row(line: ChangedLine) -> tuple[str, str, Sequence[MovedCell]]:
    was, now = _cells(line.was), _cells(line.now)
    return (
        _line_of(line).name,
        line.code,
        [
            _total_cell(was[0], now[0]),
            _rank_cell(line, was[1], now[1]),
            *(_won_cell(line, old, new) for old, new in zip(was[2:], now[2:], strict=True)),
        ],
    )


def _total_cell(was: str, now: str) -> MovedCell:
    before, after = (Decimal(text) if text != _NONE else None for text in (was, now))
    if before is None or after is None or before == after:
        return MovedCell(was=was, now=now)
    by = abs(after - before)
    gain = after > before
    words = _("多 %(points)s", points=by) if gain else _("少 %(points)s", points=by)
    return MovedCell(was=was, now=now, gain=gain, moved=words)


def _rank_cell(line: ChangedLine, was: str, now: str) -> MovedCell:
    before, after = _rank(line.was), _rank(line.now)
    if before is None or after is None or before == after:
        gain = None if before == after else after is not None
        return MovedCell(was=was, now=now, gain=gain)
    by, gain = abs(after - before), after < before
    words = (
        ngettext("升 %(num)s 位", "升 %(num)s 位", by)
        if gain
        else ngettext("降 %(num)s 位", "降 %(num)s 位", by)
    )
    return MovedCell(was=was, now=now, gain=gain, moved=words)


def _won_cell(line: ChangedLine, was: str, now: str) -> MovedCell:
    """Compare an award or a grade: its worth goes by the place it was won with."""
    if was == now:
        return MovedCell(was=was, now=now)
    if _NONE in (was, now):
        gain: bool | None = was == _NONE
        return MovedCell(was=was, now=now, gain=gain, moved=_("得到") if gain else _("没有了"))
    gain = _rank_cell(line, was, now).gain
    return MovedCell(
        was=was, now=now, gain=gain, moved="" if gain is None else _("升") if gain else _("降")
    )


def _cells(line: Line | None) -> tuple[str, str, str, str]:
    """Total, rank, awards, new grades."""
    if line is None:
        return _NONE, _NONE, _NONE, _NONE
    return (
        line.total or _NONE,
        str(line.rank) if line.rank is not None else _NONE,
        _("、").join(line.awards) or _NONE,
        say(line.grade) if line.grade else _NONE,
    )
