"""Words of choices in the form of tables over several events, and a table in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.values.kinds import AwardScope
from compete.models import Competition
from compete.services.kernel.event_rules import rules_of
from compete.services.rules.overall_draft import OverallDraft


def table_choices() -> Mapping[str, Mapping[str, str]]:
    """The words of each list of choices."""
    return {
        "who": {"units": _("单位"), "delegations": _("代表团（单位最上面的那一级）")},
        "by": {
            "": _("选一样"),
            "ranks": _("名次积分"),
            "awards": _("得的奖项"),
            "medals": _("第 1、2、3 名的个数"),
            "totals": _("总成绩"),
            "scaled": _("标准分"),
        },
        "shared": {"full": _("各得这一名的分"), "average": _("平分占着的几名的分")},
        "method": {"sum": _("相加"), "mean": _("取平均")},
        "ties": {
            "": _("不再比"),
            "medals": _("第 1 名多的在前，再比第 2、第 3 名"),
            "best": _("最高的一个分高的在前"),
            "events": _("有分的赛项多的在前"),
        },
    }


def award_names(competition: Competition) -> dict[str, str]:
    """The personal awards of all events by their codes; names that differ beside each other."""
    names: dict[str, list[str]] = {}
    for event in competition.events:
        for award in rules_of(event).awards:
            if award.scope is AwardScope.ENTRANTS:
                names.setdefault(award.code, []).append(award.name)
    return {code: _("、").join(dict.fromkeys(own)) for code, own in names.items()}


def table_sentence(competition: Competition, draft: OverallDraft) -> str:
    """Say in a sentence whom a table ranks, by what, over how many events."""
    words, count = table_choices(), len(draft.events or competition.events)
    return _(
        "排%(who)s，按%(by)s，算 %(events)s",
        who=words["who"].get(draft.who, draft.who),
        by=words["by"].get(draft.by, draft.by),
        events=ngettext("%(num)s 个赛项", "%(num)s 个赛项", count),
    )
