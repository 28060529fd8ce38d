"""How a bulletin breaks its pages."""

from __future__ import annotations

from datetime import datetime

import pytest

from compete.documents.bulletin import Bulletin, Chapter, render_bulletin
from compete.documents.lists import Column, Row, Section, Stamp
from compete.domain.values.messages import msg
from tests.documents.reading import pages

COLUMNS = (Column(msg("名次"), width=1), Column(msg("单位"), width=3))


def chapter(title: str, of: int, unit: str) -> Chapter:
    rows = [Row((str(place), f"{unit}{place:03d}")) for place in range(1, of + 1)]
    return Chapter(title, before=[f"{of} 家。"], table=Section("", COLUMNS, rows))


@pytest.mark.parametrize("following", [2, 12])
def test_a_heading_is_never_left_behind_without_its_first_rows(following: int) -> None:
    wanted = min(following, 4)
    moved = 0
    for before in range(20, 34):
        bulletin = Bulletin(
            issuer="办公室",
            competition="劳动竞赛",
            issue="",
            period="一季度",
            day="2022年9月16日",
            ticks=10,
            chapters=[chapter("土建名次", before, "土建"), chapter("机电名次", following, "机电")],
            stamp=Stamp(datetime(2022, 9, 16, 18, 20), version=1),
        )
        texts = pages(render_bulletin(bulletin))
        (page,) = [text for text in texts if "机电名次" in text]
        assert page.count("机电0") >= wanted, before
        moved += page is not texts[0] and "土建0" not in page
    assert moved, "in one of them the foot is near"
