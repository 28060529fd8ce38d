"""Samples of the list of contestants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.organiser.entrants.shapes import EntrantColumns, EntrantRow, EntrantUrls, SortLink
from compete.web.organiser.shapes import Link
from compete.web.shapes import Choice
from tests.look.people import COMPETITION, SITE, page

Sample = dict[str, Any]


def entrants() -> Sample:
    """The list of contestants, second page of three."""
    names = ("赵启明", "吕䂮", "程国栋", "李晓东", "周一凡", "孙志远", "钱海峰", "唐文杰")
    return {
        "site": SITE,
        "competition": COMPETITION,
        "everyone": 46,
        "total": 46,
        "columns": EntrantColumns(group=True, event=False),
        "sorts": {
            "number": SortLink(url="#", state="ascending"),
            "name": SortLink(url="#", state=None),
            "unit": SortLink(url="#", state=None),
        },
        "filters": {"q": "", "unit": "", "event": "", "sort": ""},
        "ticked": {"B04"},
        "tickable": {f"B{n:02}" for n in range(1, 9)},
        "reason": "",
        "problem": "退赛要写原因",
        "units": [Choice(value="1", label="省港口集团"), Choice(value="2", label="江北港")],
        "events": [Choice(value="1", label="叉车司机")],
        "entrants": [
            EntrantRow(
                number=f"B{n:02}",
                name=name,
                members="梁一、梁二" if n == 2 else "",
                unit="省港口集团",
                group="职工",
                url="#",
                grade="四级/中级工",
                id_masked="3200**********0012",
                event="叉车司机",
                state="已退赛" if n == 4 else None,
                withdrawn=n == 4,
                warnings=["缺 1 寸照片"] if n == 3 else [],
            )
            for n, name in enumerate(names, 1)
        ],
        "page": page(2, 3),
        "urls": EntrantUrls(
            upload="#",
            add="#",
            template="#",
            badges="#",
            self="#",
            units="#",
            applications="#",
            self_entry="#",
            photos="#",
            conditions="#",
            forms=[Link(label="签到表", url="#")],
            withdraw="#",
            bring_back="#",
        ),
    }


def entrants_empty() -> Sample:
    """The list before anyone has registered."""
    urls = replace(entrants()["urls"], withdraw="", bring_back="")
    nobody = {"everyone": 0, "entrants": [], "page": None, "problem": "", "urls": urls}
    return entrants() | nobody
