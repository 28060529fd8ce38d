"""Words on the known facts of a competition's draws and of who has a place."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.models import Competition
from compete.services.schedule.drawn_places import DrawnSoFar
from compete.web.organiser.competition_words import without_place
from compete.web.templating import day
from compete.web.words import heads_in


def known_words(competition: Competition, known: DrawnSoFar) -> str:
    """Describe the places, how many people have none, and of which stage after the first."""
    text = _drawn_words(competition, known)
    if not known.stages:
        return text
    return _("%(name)s：%(text)s", name=_("、").join(known.stages), text=text)


def _drawn_words(competition: Competition, known: DrawnSoFar) -> str:
    if not known.expected:
        return _("还没有选手")
    if known.done:
        text = _("%(day)s抽的", day=day(known.last_on))
    elif known.drawn:
        text = _(
            "%(day)s抽了 %(who)s，还有 %(rest)s没抽",
            day=day(known.last_on),
            who=heads_in(known.drawn, competition),
            rest=heads_in(known.expected - known.drawn, competition),
        )
    elif known.last_on:
        text = _(
            "%(day)s抽过，%(who)s都还有模块没抽",
            day=day(known.last_on),
            who=heads_in(known.expected, competition),
        )
    elif known.ended_on:
        text = _("%(day)s抽的那次作废了，等重新抽", day=day(known.ended_on))
    elif known.placed:
        text = _(
            "%(who)s有工位，随文件来的或后来排的，没有抽签的记录",
            who=heads_in(known.placed, competition),
        )
    else:
        text = _("还没抽签")
    left = known.expected - known.drawn if known.last_on else None
    if (known.placed or known.last_on) and known.without_place not in (0, left):
        text += _("；%(who)s还没有工位", who=without_place(competition, known))
    if known.away:
        text += _("；%(who)s缺考或取消成绩，不算", who=heads_in(known.away, competition))
    return text
