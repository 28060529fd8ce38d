"""The words of the rules workbook: known in Chinese, written in the reader's language."""

from __future__ import annotations

from compete.domain.values.kinds import Missing, ScoringType, VetoRank
from compete.domain.values.messages import Message, msg


def _texts(*words: Message) -> tuple[str, ...]:
    """The words of the workbook in Chinese, by which code knows them; readers may see others."""
    return tuple(word.text for word in words)


CODE, HEADING, NAME, MAX, KIND = _texts(
    msg("代号"), msg("比什么"), msg("指标"), msg("满分"), msg("打分办法")
)
EACH, ZERO, FULL, CAP, PLACES, LOWER = _texts(
    *(msg("每处扣分"), msg("0 分线"), msg("满分线"), msg("完成率封顶")),
    *(msg("名次得分"), msg("越低越好")),
)
DEPARTMENT, ASKED, OWN = _texts(msg("打分部门"), msg("哪些期"), msg("单位自评"))
PERIOD, PART_OF, WEIGHT = _texts(msg("期次"), msg("属于"), msg("权重"))
RULE, SAID = _texts(msg("规则"), msg("填什么"))
UNIT, GROUP = _texts(msg("单位"), msg("组"))
PRIZE, BY, IN, TOP, FLOOR = _texts(
    msg("单项奖"), msg("按什么比"), msg("评哪一期"), msg("每组取几名"), msg("最低分")
)
FIRST, FINAL, INTO = _texts(msg("第一期"), msg("最后一期"), msg("以后并入"))
KINDS = dict(
    zip(
        (
            *(ScoringType.SCORE, ScoringType.DEDUCTION, ScoringType.COMPLETION),
            *(ScoringType.LINEAR, ScoringType.RANK),
        ),
        _texts(
            *(msg("直接打分"), msg("按处扣分"), msg("按完成率")),
            *(msg("按区间"), msg("按名次")),
        ),
        strict=True,
    )
)
VETOED, LAST, KEPT, UNRANKED = _texts(
    *(msg("一票否决的单位"), msg("排在同组最后"), msg("照总分排")),
    msg("不排名次"),
)
VETO_WORDS = {VetoRank.NONE: UNRANKED, VetoRank.LAST: LAST, VetoRank.KEEP: KEPT}
CAPPED, FLAGS, LEAST, LEAVES, FLAGGED, WARNED, LACKING, TIES = _texts(
    *(msg("加分最多"), msg("每组几面红旗"), msg("红旗最低分"), msg("至少参加几期才有红旗")),
    *(msg("哪些期发红旗"), msg("低于多少黄牌"), msg("缺数"), msg("同分先比哪些指标")),
)
BLOCKS, ZEROES, YES, NO = _texts(msg("没有总分"), msg("按 0 分"), msg("是"), msg("否"))
MISSING_WORDS = {Missing.BLOCKS: BLOCKS, Missing.ZERO: ZEROES}
INDICATOR_COLUMNS = (
    *(CODE, HEADING, NAME, MAX, KIND, EACH, ZERO, FULL, CAP, PLACES, LOWER, DEPARTMENT, ASKED, OWN),
)
PRIZE_COLUMNS = (CODE, PRIZE, BY, IN, TOP, FLOOR)
PERIOD_COLUMNS = (CODE, PERIOD, PART_OF, WEIGHT)
WORDS = (
    *(*INDICATOR_COLUMNS, NO),
    *(PERIOD, PART_OF, WEIGHT, RULE, SAID, UNIT, GROUP, *KINDS.values()),
    *(FIRST, FINAL, INTO, PRIZE, BY, IN, TOP, FLOOR),
    *(CAPPED, FLAGS, LEAST, LEAVES, FLAGGED, WARNED, LACKING, TIES, BLOCKS, ZEROES, YES),
    *(VETOED, LAST, KEPT, UNRANKED),
)
"""All that a workbook says in the reader's language and is read in every one."""
