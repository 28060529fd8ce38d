"""The poster that leads people to the page on which they enter themselves."""

from __future__ import annotations

from compete.documents.poster import Poster, render_poster
from tests.documents.reading import A4, page_sizes, pages

POSTER = Poster(
    competition="2022年全省港口叉车司机职业技能竞赛",
    host="省部属企事业工会",
    qr_url="https://jingsai.example.cn/p/FORK-2022/enter",
    typed="https://jingsai.example.cn/p/FORK-2022/enter",
    until="报名到 9月1日 17:00",
    events=("叉车司机", "门座式起重机司机"),
    contact="韩平，0517-0000 0016",
)


def test_one_page_says_what_it_is_and_until_when() -> None:
    printed = render_poster(POSTER)
    (page,) = pages(printed)
    for words in (POSTER.competition, "扫码报名", "报名到9月1日17:00", "门座式起重机司机", "韩平"):
        assert words in page
    assert "FORK-2022/enter" in page
    assert page_sizes(printed) == A4
