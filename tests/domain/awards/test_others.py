"""Titles that ministries, provinces and unions give are known by their names."""

from __future__ import annotations

import pytest

from compete.domain.awards.others import is_of_others

OF_OTHERS = (
    *("全国技术能手", "江苏省技能大师", "全省技能状元", "大国工匠", "浙江工匠", "五一劳动奖章"),
    *("全国工人先锋号", "全国劳动模范", "市级劳模", "先进工作者", "三八红旗手"),
)
OWN = ("一等奖", "优秀选手", "技术标兵", "优秀组织单位", "最佳新人", "岗位能手")


@pytest.mark.parametrize("title", OF_OTHERS)
def test_a_title_of_another_body_is_taken_for_one(title: str) -> None:
    assert is_of_others(title)


@pytest.mark.parametrize("title", OWN)
def test_an_organisers_own_is_not(title: str) -> None:
    assert not is_of_others(title)
