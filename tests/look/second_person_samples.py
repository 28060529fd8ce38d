"""The page of the second person, with everything on it."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.second_person.shapes import PaperRow, SameDayUrls, SecondPage, SecondRow
from compete.web.pages import fields_of
from compete.web.shapes import Choice
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]


def second_person() -> Sample:
    """One who counts, one who does not yet; a paper that is open, one that is late, one done."""

    def paper(what: str, text: str, *, open_: bool = True, late: bool = False) -> PaperRow:
        return PaperRow(
            what=what,
            who="沈国梁（凭吴敏发的卡） 签字，吴敏 14:20 交",
            text=text,
            open=open_,
            late=late,
            photo_url="#",
            countersign_url="#" if open_ and not late else None,
            why_not="这是你提的" if late else "",
        )

    page = SecondPage(
        competition=COMPETITION,
        now="现在能当第二个人的：卞志强；沈国梁要到11月27日 08:10以后",
        rows=[
            SecondRow(
                name="卞志强",
                able=True,
                text="",
                grave="提前定为最终成绩、免复核、公布以后解锁不能单独算",
            ),
            SecondRow(
                name="沈国梁",
                able=False,
                text="沈国梁的登录卡是你发的，不满 24 小时，11月27日 08:10 以后才能当第二个人",
                grave="",
            ),
        ],
        here_until="15:10",
        secret="密码",
        acts=[Choice(value="lock:1", label="解锁“决赛 实操”")],
        people=[Choice(value="2", label="沈国梁（凭吴敏发的卡）")],
        together_acts=[Choice(value="lock:1", label="解锁“决赛 实操”（只能和卞志强）")],
        together_people=[Choice(value="2", label="沈国梁（凭吴敏发的卡）")],
        papers=[
            paper("解锁“决赛 实操”", "11月27日 14:20 前补签"),
            paper("解锁“决赛 理论”", "11月25日 14:20 前补签", late=True),
            paper("扣罚：E01", "卞志强 11月26日 10:02 补签", open_=False),
        ],
        urls=SameDayUrls(present="#", in_person="#", on_paper="#"),
        chosen="",
        problem=None,
    )
    return {"site": SITE} | fields_of(page)
