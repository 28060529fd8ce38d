"""What somebody did over the batches, as 审核 shows it beside the conditions."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Entrant
from compete.services.accounts.access import where_may
from compete.services.registration.earlier_sittings import Taken, history_of
from compete.web.shapes import Chip
from compete.web.verdict_words import verdict_word

_KINDS = {"pass": "ok", "fail": "bad", "dsq": "bad", "absent": "warn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A batch that somebody applied for: its name, its own page, the level, what came of it.

    Without the right to register people there neither the page nor a reason is shown.
    """

    where: str
    url: str | None
    level: str
    attempt: int
    chip: Chip
    why: str


def past_of(entrant: Entrant) -> list[Past]:
    """List the batches of the bearer of this ID number by day; none where there is this one alone.

    This one is among them, so that they are read as one course.
    """
    taken = history_of(entrant)
    if len(taken) < 2:
        return []
    own = where_may(current_user, [it.entrant.competition for it in taken], Right.REGISTER)
    return [_past(it, mine=it.entrant.competition_id in own) for it in taken]


def _past(taken: Taken, *, mine: bool) -> Past:
    there = taken.entrant
    at = url_for("organiser.person", code=there.competition.code, who=there.code)
    return Past(
        where=there.competition.name,
        url=at if mine else None,
        level=there.event.name,
        attempt=taken.attempt,
        chip=_chip(taken),
        why=taken.left.reason if taken.left is not None and mine else "",
    )


def _chip(taken: Taken) -> Chip:
    if taken.left is not None:
        return Chip(text=_("没考就转出、退出"), kind="", icon="clock")
    if not taken.verdict:
        return Chip(text=_("没公布"), kind="")
    return Chip(text=verdict_word(taken.verdict), kind=_KINDS.get(taken.verdict, ""))
