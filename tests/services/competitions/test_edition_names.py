"""The name of the next edition: number raised, year moved, doubts said."""

from __future__ import annotations

from datetime import date

import pytest

from compete.services.competitions.editions import name_doubts, next_name


@pytest.mark.parametrize(
    ("was", "had", "year", "now"),
    [
        ("2022年全省叉车竞赛", 2022, 2023, "2023年全省叉车竞赛"),
        ("2022年全省叉车竞赛", 2022, 2026, "2026年全省叉车竞赛"),
        ("2022年全省第十二届叉车竞赛", 2022, 2023, "2023年全省第十三届叉车竞赛"),
        ("首届长三角清障竞赛", 2023, 2024, "第二届长三角清障竞赛"),
        ("第9届电工竞赛", None, 2024, "第10届电工竞赛"),
        ("第 19 届电工竞赛", 2022, 2024, "第 20 届电工竞赛"),
        ("第九届", 2022, 2023, "第十届"),
        ("第十届", 2022, 2023, "第十一届"),
        ("第十九届", 2022, 2023, "第二十届"),
        ("第九十九届", 2022, 2023, "第一百届"),
        ("第一百届", 2022, 2023, "第一百〇一届"),
        ("第一百零九届", 2022, 2023, "第一百一十届"),
        ("二〇二二年焊工竞赛", 2022, 2026, "二〇二六年焊工竞赛"),
        ("2022—2023年度劳动竞赛", 2023, 2024, "2023—2024年度劳动竞赛"),
        # The name's own year counts where the edition bears none, or another.
        ("2022年焊工竞赛", None, 2026, "2026年焊工竞赛"),
        ("2021年焊工竞赛（2022年补办）", 2022, 2023, "2022年焊工竞赛（2023年补办）"),
        ("焊工竞赛12022号", 2022, 2023, "2023年焊工竞赛12022号"),
        # Batches are counted in each year, and on where the name bears none.
        ("2026年第三批认定", 2026, 2026, "2026年第四批认定"),
        ("2026年第 9 批认定", 2026, 2026, "2026年第 10 批认定"),
        ("2026年第三批认定", 2026, 2027, "2027年第一批认定"),
        ("泵站运行工第12批", 2026, 2027, "泵站运行工第13批"),
        ("2026年第三届大赛第一批认定", 2026, 2026, "2026年第三届大赛第二批认定"),
        ("2026年第三届大赛第二批认定", 2026, 2027, "2027年第四届大赛第一批认定"),
    ],
)
def test_number_and_year_go_on(was: str, had: int | None, year: int, now: str) -> None:
    assert next_name(was, had, year).name == now


@pytest.mark.parametrize(
    ("was", "had", "year", "doubt"),
    [
        ("焊工竞赛", 2022, 2023, "前面加了年份"),
        ("第十二届焊工竞赛", 2022, 2026, "隔了 4 年"),
        ("2022年第十二届焊工竞赛", 2022, 2026, "隔了 4 年"),
        ("2022—2023年度竞赛", 2023, 2024, "2 个年份"),
        ("第一届运动会第三届焊工竞赛", 2022, 2023, "几处"),
        ("2021年焊工竞赛", 2022, 2023, "年度却是 2022"),
        ("2022年焊工竞赛", 2022, 2023, ""),
        ("2026年第三批认定", 2026, 2026, ""),
        ("第一批和第二批认定", 2026, 2026, "第几批"),
    ],
)
def test_what_is_doubtful_is_said(was: str, had: int, year: int, doubt: str) -> None:
    doubts = "".join(message.text % message.params for message in next_name(was, had, year).doubts)
    assert (doubt in doubts) if doubt else not doubts


def test_a_name_that_does_not_fit_its_year_is_noticed() -> None:
    was = "2022年第十二届焊工竞赛"
    assert not name_doubts("2026年第十三届焊工竞赛", was, 2026, date(2026, 5, 6))
    assert not name_doubts("焊工大赛", was, 2026)
    assert not name_doubts(was.replace("十二", "十三"), was, None)
    assert len(name_doubts(was, was, 2026)) == 2
    assert len(name_doubts("2026年第十二届焊工竞赛", was, 2026)) == 1
    assert name_doubts("2026年第三批焊工认定", "2026年第三批认定", 2026)
    assert not name_doubts("2026年第四批认定", "2026年第三批认定", 2026)
    assert not name_doubts("2027年第一批认定", "2026年第一批认定", 2027)
    for starts in (date(2025, 12, 1), date(2027, 1, 5)):
        assert len(name_doubts("2026年第十三届焊工竞赛", was, 2026, starts)) == 1
