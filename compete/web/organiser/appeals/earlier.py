"""How like cases went, in words: what was asked, what was decided and why, never whose it was."""

from __future__ import annotations

from collections.abc import Iterable

from compete.models import Appeal
from compete.services.appeals.precedents import LIKENESS_WORDS, LikeCase
from compete.web.appealing.view_model import outcome_text, what_of
from compete.web.language import say
from compete.web.organiser.appeals.shapes import LikeRow

MOST_LIKE = 8
"""How many are listed."""


def like_rows(appeal: Appeal, found: Iterable[LikeCase]) -> list[LikeRow]:
    """Those that are nearest, the newest of them first."""
    return [_row(case, appeal) for case in found]


def _row(case: LikeCase, beside: Appeal) -> LikeRow:
    earlier = case.appeal
    competition = earlier.entrant.event.competition
    return LikeRow(
        case=case,
        where=competition.name if competition.id != beside.competition_id else None,
        likeness=say(LIKENESS_WORDS[case.likeness]),
        what=what_of(earlier),
        said=outcome_text(earlier) or "",
    )
