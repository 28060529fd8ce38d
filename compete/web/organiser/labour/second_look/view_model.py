"""The second look in words: the draw, each square with its evidence, what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.kinds import ScoringType
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import LookResult
from compete.domain.values.rights import Right
from compete.models import SELF, Competition, LabourFinding, LabourLook, LabourValueEntry
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.notes import note_counts, notes_of
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.second_look import (
    LookedSquare,
    counts_of,
    look_of,
    look_rules,
    looked_squares,
    period_name,
    why_no_draw,
    why_not_look,
)
from compete.services.labour.squares import history_of, names_of_writers
from compete.web import guard
from compete.web.organiser.labour.periods.view_model import count_chips
from compete.web.paging import part_of
from compete.web.templating import moment

PAGE_SIZE = 50
_NONE = "—"


def look_page(
    competition: Competition,
    period: str,
    *,
    typed: Mapping[str, object] = MappingProxyType({}),
    said: str = "",
    problem: str | None = None,
) -> str:
    """The second look at a leaf period: its draw, or why there is none yet.

    `typed` is the form of how many squares are drawn, where it was refused.
    """
    look = look_of(competition, period)
    squares = looked_squares(competition, look) if look is not None else []
    why = why_no_draw(competition, period) if look is None else None
    rows, page = part_of(
        list(enumerate(squares, 1)),
        PAGE_SIZE,
        "organiser.second_look",
        code=competition.code,
        period=period,
    )
    files = note_counts(competition, period, {each.indicator.code for _n, each in rows})
    rules = look_rules(competition)
    return render_template(
        "organiser/labour/second_look/look.html",
        competition=competition,
        period=period,
        name=period_name(labour_of(competition), period),
        look=look,
        look_counts=counts_of(look) if look is not None else None,
        rules={"share": plain(rules.share), "least": rules.least, "first": rules.first, **typed},
        # Less is drawn only with a reason once a period is closed.
        asks_why=bool(closed_periods(competition)),
        why_not=why,
        said=said,
        problem=problem,
        counts=count_chips(look) if look is not None else [],
        rows=[
            (place, each, _value(each.row), files.get((each.unit.id, each.indicator.code), 0))
            for place, each in rows
        ],
        page=page if look is not None else None,
        next_url=next_url(competition, period, squares),
    )


def next_url(
    competition: Competition, period: str, squares: Sequence[LookedSquare], after: int = -1
) -> str | None:
    """The next square that nobody looked at and that is for the reader; from the first again."""
    places = [*range(after + 1, len(squares)), *range(after + 1)]
    if not guard.may_do(Right.RECHECK):
        return None
    for place in places:
        square = squares[place]
        if square.finding is None and current_user.id not in square.barred:
            return url_for("organiser.looked_square", period=period, number=place + 1)
    return None


def square_page(
    competition: Competition,
    look: LabourLook,
    place: int,
    *,
    typed: Mapping[str, str] = MappingProxyType({}),
    problem: str | None = None,
) -> str | None:
    """Show one square that was drawn; None for a place that was not."""
    squares = looked_squares(competition, look)
    if not 0 <= place < len(squares):
        return None
    square = squares[place]
    return render_template(
        "organiser/labour/second_look/square.html",
        competition=competition,
        look=look,
        square=square,
        name=period_name(labour_of(competition), look.period),
        number=place + 1,
        of=len(squares),
        facts=_facts(square, look.period),
        evidence=notes_of(square.unit, look.period, square.indicator.code),
        found=_found(square.finding) if square.finding is not None else "",
        results=LookResult,
        asks_target=square.indicator.scoring.type is ScoringType.COMPLETION,
        typed=typed,
        problem=problem,
        why_not=why_not_look(square, competition, current_user),
        next_url=next_url(competition, look.period, squares, place),
    )


def _value(row: LabourValueEntry | None) -> str:
    if row is None or row.value is None:
        return _NONE
    if row.target is None:
        return plain(row.value)
    return _("%(value)s，目标 %(target)s", value=plain(row.value), target=plain(row.target))


def _facts(square: LookedSquare, period: str) -> list[tuple[str, str]]:
    """List the square's value and who put it there, with the unit's own explanation."""
    rows = history_of(square.unit, period, square.indicator.code)
    names = names_of_writers(rows)
    own = next((row for row in rows if row.source == SELF), None)
    facts = [(_("现在的数"), _value(square.row)), (_("满分"), plain(square.indicator.max))]
    if own is not None and own.value is not None:
        facts.append((_("单位自评"), _value(own)))
    row = square.row
    if row is not None:
        if row.reason:
            facts.append((_("原因"), row.reason))
        if row.made_by is not None:
            who = names.get(row.made_by, "")
            facts.append((_("谁填的"), _("%(who)s %(at)s", who=who, at=moment(row.made_at))))
        else:
            facts.append((_("谁填的"), _("随竞赛文件来的")))
    return facts


def _found(finding: LabourFinding) -> str:
    """The value that stood, and the one that the evidence has, where they differ."""
    if finding.result is not LookResult.DIFFERS:
        return ""
    return _(
        "当时是 %(was)s，证据里是 %(found)s",
        was=plain(finding.value) if finding.value is not None else _NONE,
        found=plain(finding.found) if finding.found is not None else _("没有（应当空着）"),
    )
