"""What a change of an event's rules scores anew and what became of it, in words."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.values.period_states import CorrectionState
from compete.models import RuleChange
from compete.services.amending.scored_anew import Redone, Touched


def holds_words(change: RuleChange) -> str:
    """By which rules all is scored."""
    if change.state is CorrectionState.ASKED:
        return _("裁判长和监督都同意才生效；生效以前都照原来的规则算。")
    if change.number is None:
        return _("规则没有变。")
    newest = change.event.rules.number
    if change.number < newest:
        return _("后来又换了，现在照第 %(n)s 版算。", n=newest)
    return _("名次、成绩、奖项都照这一版算。")


def touched_words(found: Touched) -> Iterator[str]:
    """What is scored anew: how many, never whose."""
    if found.sheets:
        yield ngettext("%(num)s 张评分表的得分重新算", "%(num)s 张评分表的得分重新算", found.sheets)
    if Redone.TOTALS in found.redone:
        yield ngettext(
            "%(num)s 名评过的选手，总成绩和名次重新算",
            "%(num)s 名评过的选手，总成绩和名次重新算",
            found.people,
        )
    elif Redone.RANKS in found.redone:
        yield ngettext(
            "%(num)s 名评过的选手，名次重新排",
            "%(num)s 名评过的选手，名次重新排",
            found.people,
        )
    words = {
        Redone.TEAMS: _("团体名次"),
        Redone.UNITS: _("单位名次"),
        Redone.ITEMS: _("单项名次"),
        Redone.AWARDS: _("奖项"),
        Redone.GRADES: _("拟晋升"),
    }
    rest = [words[kind] for kind in found.redone if kind in words]
    if rest:
        yield _("重新定：%(what)s", what=_("、").join(rest))
    if not found.redone and not found.sheets:
        yield _("只改文字，一个分也不重新算")
    if found.signed:
        yield ngettext(
            "%(num)s 张签过名的评分表得分会变，签名作废，要裁判重新签",
            "%(num)s 张签过名的评分表得分会变，签名作废，要裁判重新签",
            found.signed,
        )
