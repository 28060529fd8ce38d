"""Sample data of a labour competition's published pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.documents.standings_list import DistinctionLine
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of
from compete.web.public.labour import Edition, Group, LabourPage, LabourUrls
from compete.web.public.results_shapes import Chip, StoredHash, VersionLink
from tests.look.labour_samples import standings
from tests.look.people import SITE

Sample = dict[str, Any]


def published() -> Sample:
    """A quarter of two groups, of which one leaves its flag vacant; with a note and awards."""
    shared = standings()
    rows = [replace(row, spark=[]) for row in shared["rows"]]
    others = [replace(row, flag=False, result=None, move=None) for row in rows[1:3]]
    flags = [replace(flag, notes=[]) for flag in shared["flags"]]
    vacant = replace(flags[0], group="机电组", name=None, text="没有够 90 分又没被否决的单位")
    page = LabourPage(
        heading="2022年交通强省重点工程劳动竞赛（六比六赛）",
        subheading="三季度",
        title="三季度排名",
        people="上报 12,940 人（2 家没报）",
        wholes=shared["periods"],
        parts=[
            View(label=label, url="#", current=False)
            for label in ("三季度月度考核", "7 月", "8 月", "9 月", "三季度检查")
        ],
        columns=shared["columns"],
        leaders=shared["leaders"],
        groups=[
            Group(
                name="土建组",
                rows=rows,
                people="上报 9,862 人",
                tie=shared["tie"],
                trend=shared["trend"],
            ),
            Group(name="机电组", rows=others, people=None, tie=None),
        ],
        flags=[*flags, vacant],
        lifted=shared["lifted"],
        distinctions=[
            DistinctionLine("先进集体", "二标钢筋班", "二标"),
            DistinctionLine("建功标兵", "王*", "一标"),
        ],
        edition=Edition(
            chips=[
                Chip(text="第 2 版", kind="ok", icon=None),
                Chip(text="2022年10月12日 16:20 公布", kind="", icon=None),
            ],
            note="三标 8 月隐患整改率抄错，更正",
            superseded=None,
            corrected=None,
            bends=["2026年11月5日：二次抽查改少：1%、至少 10 格（吴敏）。理由：节前公布"],
            versions=[VersionLink(label="第 1 版", url="#")],
            hash=StoredHash(words="海棠 石桥 青鸟 麦穗", when="10月12日 16:20 存档", record=None),
        ),
        urls=LabourUrls(
            bundle="#",
            results="#",
            book="#",
            bulletin="#",
            bulletin_book="#",
            wall="#",
            look="#",
            proof="#",
        ),
    )
    return fields_of(page) | {"site": SITE}


def published_old() -> Sample:
    """A version that another follows, of one group, with nothing beside it."""
    shown = published()
    first = replace(shown["groups"][0], name=None, people=None, tie=None)
    none: Sample = {
        "people": None,
        "leaders": [],
        "parts": [],
        "flags": [],
        "lifted": [],
        "distinctions": [],
    }
    edition = replace(shown["edition"], note=None, corrected="公布以后更正过，还没公布新的一版")
    urls = replace(shown["urls"], look=None)
    return {**shown, **none, "groups": [first], "edition": edition, "urls": urls}
