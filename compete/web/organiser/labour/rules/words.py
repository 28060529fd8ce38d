"""Rules of a labour competition in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle.labour_types import Labour
from compete.domain.labour.kept_flags import FlagKeep, flag_keep_of, says_flag_keep
from compete.domain.values.kinds import Missing, VetoRank
from compete.domain.values.numerals import plain
from compete.services.labour.rule_words import VETO_WORDS


def fact_words(
    labour: Labour, names: Mapping[str, str], vetoed: VetoRank | None = None
) -> list[tuple[str, str]]:
    """List the facts that hold for all indicators, each with its name; `names` are periods by code.

    `vetoed` is what becomes of a vetoed unit's rank where the file's version says another.
    """
    facts = []
    if labour.adjust_cap is not None:
        facts.append((_("加分最多"), plain(labour.adjust_cap)))
    flags = labour.flags
    if flags is not None:
        facts += [
            (_("流动红旗"), _("每组 %(n)s 面", n=flags.count)),
            (_("红旗最低分"), plain(flags.min)),
            (_("至少参加"), ngettext("%(num)s 期", "%(num)s 期", flags.min_leaves)),
            (
                _("哪些期发红旗"),
                _("、").join(names.get(code, code) for code in flags.periods) or _("每一期"),
            ),
        ]
    if says_flag_keep(labour):
        facts.append((_("红旗永久保留"), _keep_words(flag_keep_of(labour), names)))
    if labour.warn_below is not None:
        facts.append((_("低于多少黄牌"), plain(labour.warn_below)))
    missing = _("没有总分") if labour.missing is Missing.BLOCKS else _("按 0 分")
    facts.append((_("缺数"), missing))
    facts.append((_("一票否决的单位"), _(VETO_WORDS[vetoed or labour.veto_rank])))
    indicators = {each.code: each.name for each in labour.indicators}
    ties = [key.removeprefix("indicator:") for key in labour.ties]
    if ties:
        named = [indicators.get(code, code) for code in ties]
        said = _("、").join(dict.fromkeys(named))
        if len(set(named)) < len(named):
            # Scored otherwise from a period on: two indicators of one name, one after another.
            said = _("%(names)s（中间换过打分办法的，先比换以前各期的，再比换以后的）", names=said)
        facts.append((_("同分先比"), said))
    for prize in labour.prizes:
        of, _by, name = prize.by.partition(":")
        what = indicators.get(name, name) if of == "indicator" else name
        period = names.get(prize.period, prize.period) if prize.period else _("全部期次")
        words = _("%(period)s比%(named)s，每组前 %(n)s 名", period=period, named=what, n=prize.top)
        if prize.min is not None:
            words = _("%(said)s，至少 %(least)s 分", said=words, least=plain(prize.min))
        facts.append((prize.name, words))
    return facts


def _keep_words(keep: FlagKeep | None, names: Mapping[str, str]) -> str:
    """Say after how many in a row a flag may be kept."""
    if keep is None:
        return _("红旗一直流动，哪家都不永久保留")
    period = names.get(keep.of, keep.of)
    return _("%(period)s这样的期次，连续 %(n)s 期得旗的可以永久保留", period=period, n=keep.after)
