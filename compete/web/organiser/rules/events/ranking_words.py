"""Words on how people, teams and units are ranked, as in the form of rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from compete.domain.bundle.event_types import Event
from compete.services.competitions.ranking_draft import RankingDraft
from compete.web.organiser.rules.events.shapes import Words
from compete.web.organiser.rules.events.tie_words import time_words


def ranking_words(rules: Event, draft: RankingDraft, *, newest: bool) -> Words:
    """Return all words, and those of the draft besides.

    `newest`: as the newest version of the file has them.
    """
    by_code = "ordinal/code" if newest else "ordinal"
    mode = {"half_up": _("四舍五入"), "down": _("截去")} if newest or draft.mode else {}
    reduced = {"same": _("照样合"), "mean": _("改成平均")}
    if newest:
        reduced["scale"] = _("相加的，按人数折算")
    return {
        "on": {"rounded": _("公布的总成绩"), "exact": _("没有取整的总成绩")},
        "style": {
            "competition": _("1、2、2、4"),
            "dense": _("1、2、2、3"),
            by_code: _("1、2、3、4，还一样的按编号"),
        },
        "mode": mode,
        "method": {"sum": _("相加"), "mean": _("平均")},
        "units_by": {
            "": _("不排"),
            "points": _("名次换成积分，加起来"),
            "medals": _("先比第 1 名几个，再比第 2、第 3"),
        },
        "team_ties": _team_ties(rules, draft.team_ties),
        "combine": {
            "mean": _("平均"),
            "median": _("中位数"),
            "trimmed_mean": _("去掉高低再平均"),
            "sum": _("相加"),
            "agreed": _("必须一致"),
        },
        "at": {"sheet": _("每人先加成一个分，再合"), "aspect": _("逐个评分点合")},
        "reduced": reduced,
    }


def _team_ties(rules: Event, chosen: Sequence[str]) -> Mapping[str, str]:
    found = {
        "": _("不再比"),
        "best": _("队里最高总成绩高的队在前"),
        "best_rank": _("队里最好名次靠前的队在前"),
    }
    for stage in rules.stages:
        for module in stage.modules:
            found[f"module:{module.code}"] = _("%(name)s成绩之和高的在前", name=module.name)
            found |= time_words(
                [module], lambda name: _("%(name)s用时之和短的在前", name=name), chosen
            )
    for key in chosen:
        found.setdefault(key, key)
    return found
