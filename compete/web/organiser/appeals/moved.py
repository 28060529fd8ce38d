"""Whom a decision moves, in words; nobody sees it before the decision stands."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.models import Appeal
from compete.services.appeals import standing_decision
from compete.services.publication import ChangedLine, Line, Moved, moved_by_appeal
from compete.services.sheets import may_see_names
from compete.web.language import say
from compete.web.organiser.appeals.shapes import MovedCard, MovedCell, MovedRow


def moved_card(appeal: Appeal) -> MovedCard:
    """The card as it stands: shut, to be asked for, or with those who are moved."""
    locked = _locked(appeal)
    if locked is not None:
        return MovedCard(locked=locked, ask_url=None, note="", rows=[])
    if "moved" not in request.args:
        url = url_for(
            "organiser.appeal",
            code=appeal.competition.code,
            public_id=appeal.public_id,
            moved=1,
            _anchor="moved",
        )
        return MovedCard(locked=None, ask_url=url, note="", rows=[])
    moved = moved_by_appeal(appeal)
    assert moved is not None
    return MovedCard(
        locked=None,
        ask_url=None,
        note=_note(moved),
        rows=[_row(line) for line in moved.lines],
    )


def _locked(appeal: Appeal) -> str | None:
    if standing_decision(appeal) is None:
        return _("定下来以前看不到：仲裁只看事情本身")
    if not may_see_names(appeal.competition, [appeal.entrant.event], current_user):
        return _("盲评：锁定评分以后才能看名次和姓名")
    return None


def _note(moved: Moved) -> str:
    if moved.unknown:
        return _("决定里没有写改成几，裁判长执行以后才算得出。下面是现在和公布的差别。")
    if moved.supposed:
        return _("照决定改了以后会是这样，现在还没改。")
    if not moved.lines:
        return _("名次、成绩、奖项和等级都不变。")
    n = len(moved.lines)
    return ngettext("%(num)s 行和公布的不一样", "%(num)s 行和公布的不一样", n)


def _row(line: ChangedLine) -> MovedRow:
    shown = line.now or line.was
    assert shown is not None
    return MovedRow(
        name=shown.name,
        code=line.code,
        cells=[
            MovedCell(was=was, now=now)
            for was, now in zip(_cells(line.was), _cells(line.now), strict=True)
        ],
    )


def _cells(line: Line | None) -> tuple[str, str, str, str]:
    """Total, rank, awards, new grades."""
    if line is None:
        return "—", "—", "—", "—"
    return (
        line.total or "—",
        str(line.rank) if line.rank is not None else "—",
        _("、").join(line.awards) or "—",
        say(line.grade) if line.grade else "—",
    )
