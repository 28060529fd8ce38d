"""Sample data of the page on which award certificates are worded."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from compete.web.organiser.award_words.shapes import (
    Aim,
    AwardWordsPage,
    StyleLink,
    WordField,
)
from compete.web.pages import fields_of
from compete.web.shapes import Choice
from tests.look.people import COMPETITION, SITE
from tests.support.pictures import photo

Sample = dict[str, Any]

SPECIMEN = f"data:image/jpeg;base64,{b64encode(photo(size=(1286, 909))).decode()}"


def award_words() -> Sample:
    """An organiser's words, one of them wrong, and a specimen."""

    def text(key: str, label: str, said: str = "", **other: Any) -> WordField:
        given = {"hint": "不写就照常。", "most": 100, "rows": None, "problem": None} | other
        return WordField(key=key, label=label, text=said, **given)

    return {"site": SITE} | fields_of(
        AwardWordsPage(
            competition=COMPETITION,
            title="获奖证书的样式",
            styles=[
                StyleLink(label="平常的", url="#", current=False),
                StyleLink(label="叉车司机、团体奖项", url="#", current=True),
            ],
            add_url="#",
            style="2",
            aim=Aim(
                event="FORK",
                events=[Choice(value="", label="不限"), Choice(value="FORK", label="叉车司机")],
                sort="team",
                sorts=[Choice(value="", label="不限"), Choice(value="team", label="团体奖项")],
                award="",
                awards=[Choice(value="", label="不限"), Choice(value="一等奖", label="一等奖")],
                problem="这些证书已经另有一种样式，改那一种就行",
            ),
            texts=[
                text("title", "标题", "奖状"),
                text(
                    "sentence",
                    "奖项的句子",
                    "在{竞赛}{赛项}中，{成绩荣获",
                    hint="后面接着大字的奖项。不写就是：在{竞赛}{赛项}中，{成绩}，列{名次}，获",
                    rows=2,
                    problem="大括号里只能写 {竞赛}、{赛项}、{成绩}、{名次}",
                ),
                text("closing", "结尾", "特发此证，以资鼓励。"),
                text("signed", "落款单位", "江苏省总工会\n江苏省人力资源和社会保障厅", rows=3),
            ],
            called="comrade",
            frame="bare",
            seal="1",
            calls=[Choice(value="comrade", label="同志")],
            frames=[Choice(value="bare", label="只印字，印在买来的证书纸上（不印标题和边框）")],
            emblem="",
            emblem_at="top",
            places=[Choice(value="top", label="标题上面")],
            emblem_hint="JPG 或 PNG，最多 3 MB，白底的最好。",
            emblem_problem="这不是 JPG、PNG 图片，或者没传完整",
            second="ab" * 32,
            second_hint="已经有一张，选了新的就换掉。",
            second_problem=None,
            two="1",
            twos=[Choice(value="1", label="印"), Choice(value="0", label="不印")],
            right="1.5",
            down="-2",
            shift_hint="量一量样张差多少，最多 20 毫米；往左、往上写负数。",
            shift_problem=None,
            seals=[Choice(value="1", label="印出盖章处")],
            kinds=[Choice(value="place", label="个人奖项"), Choice(value="team", label="团体奖项")],
            kind="place",
            problem="样张还是原来的，改好再看",
            looked=False,
            issued=43,
            picture_url=SPECIMEN,
            picture_says="个人奖项的样张",
            paper_url="#",
            save_url="#",
        )
    )
