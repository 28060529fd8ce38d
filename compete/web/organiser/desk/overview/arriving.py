"""The step of checking in: what the records say, and nothing that they do not."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from compete.domain.values.messages import Message
from compete.models import Competition
from compete.services.competitions.overview import Overview
from compete.services.schedule.arrivals import ArrivalState
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.desk.overview.shapes import Step
from compete.web.templating import sentence
from compete.web.words import heads_in

_A = ArrivalState
ABSENT_NAMED = 2


def check_in_step(competition: Competition, seen: Overview) -> Step:
    """Step of checking in: it counts records alone, and claims nothing that nobody wrote down."""
    absent = _absent_words(competition, seen.absent)
    url = allowed_url("organiser.arrivals")
    if seen.arrivals is None:
        note = _note(_("没有记录"), absent)
        return Step(
            name=_("检录"), state="later", count=0, of=seen.entrants, unit="", note=note, url=url
        )
    present, late, expected, untimed, gone = (
        seen.arrivals[state] for state in (_A.PRESENT, _A.LATE, _A.EXPECTED, _A.UNTIMED, _A.ABSENT)
    )
    everybody = seen.arrivals.total()
    notes = [
        _("%(who)s没到时间", who=heads_in(expected, competition)) if expected else "",
        _("%(who)s没排时间，还没检录", who=heads_in(untimed, competition)) if untimed else "",
        _("%(who)s过了时间没检录", who=heads_in(late, competition)) if late else "",
        absent,
    ]
    return Step(
        name=_("检录"),
        state="done" if present + gone == everybody else "later",
        count=present,
        of=everybody,
        # Who has several sessions checks in for each.
        unit="" if everybody == seen.entrants else _("人次"),
        note=_note(*notes),
        url=url,
    )


def _note(*notes: str) -> str:
    return sentence(_("；").join(text for text in notes if text))


def _absent_words(competition: Competition, absent: Sequence[Message | str]) -> str:
    if not absent:
        return ""
    count = heads_in(len(absent), competition)
    who = _("、").join(say(name) for name in absent[:ABSENT_NAMED])
    if len(absent) > ABSENT_NAMED:
        return _("%(count)s缺考：%(who)s 等", count=count, who=who)
    return _("%(count)s缺考：%(who)s", count=count, who=who)
