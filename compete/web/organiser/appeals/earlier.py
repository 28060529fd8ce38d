"""How like cases went, in words: what was asked, what was decided and why, never whose it was."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.models import Appeal
from compete.services.appeals.precedents import LIKENESS_WORDS, LikeCase, like_cases
from compete.web.appealing.view_model import outcome_text, what_of
from compete.web.language import say
from compete.web.organiser.appeals.shapes import LikeCard, LikeRow
from compete.web.templating import moment

_MOST = 8
"""How many are listed."""


def like_card(appeal: Appeal) -> LikeCard:
    """Those that are nearest, the newest of them first."""
    found = like_cases(appeal, current_user)
    left = len(found) - _MOST
    return LikeCard(
        rows=[_row(case, appeal) for case in found[:_MOST]],
        more=ngettext("另有 %(num)s 件没有列出。", "另有 %(num)s 件没有列出。", left)
        if left > 0
        else None,
    )


def _row(case: LikeCase, beside: Appeal) -> LikeRow:
    earlier = case.appeal
    competition = earlier.entrant.event.competition
    return LikeRow(
        title=_("申诉 %(number)s", number=f"{earlier.number:02}"),
        where=competition.name if competition.id != beside.competition_id else None,
        url=url_for("organiser.appeal", code=competition.code, public_id=earlier.public_id),
        likeness=say(LIKENESS_WORDS[case.likeness]),
        what=what_of(earlier),
        asked=earlier.matter,
        said=outcome_text(earlier) or "",
        reason=case.decision.reason,
        at=moment(case.decided_at),
    )
