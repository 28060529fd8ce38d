"""Sample data of the hall's big screen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.hall.describe import (
    Banner,
    Done,
    Head,
    HiddenRow,
    Limit,
    NextGroup,
    Now,
    Screen,
    ShownRow,
    Station,
)
from tests.look.people import COMPETITION

# 16 September 2026, 11:52 in the hall.
NOW = 1789530720000
CODES = (
    "K-05 98.40 92.00 100.00",
    "K-31 96.40 90.00 98.00",
    "K-16 95.20 88.00 97.00",
    "K-22 94.60 89.00 96.00",
    "K-40 94.20 91.00 95.00",
    "K-09 94.20 95.00 94.00",
    "K-13 92.20 85.00 94.00",
    "K-37 91.60 86.00 93.00",
    "K-02 91.20 84.00 93.00",
)
GAPS = ("—", "−2.00", "−3.20", "−3.80", "−4.20", "−4.20", "−6.20", "−6.80", "−7.20")
LIMIT = Limit(soon=450, over=480, soon_text="快到 8 分", over_text="过了 8 分")


def rows() -> list[ShownRow]:
    """The nine rows of the picture."""
    found = []
    for n, line in enumerate(CODES):
        code, total, theory, practice = line.split()
        found.append(
            ShownRow(
                rank=n + 1,
                code=code,
                name="",
                unit="",
                gap=GAPS[n],
                values=[theory, practice],
                total=total,
            )
        )
    return found


def station(name: str, code: str, seconds: int | None) -> Station:
    """A station where the watch has run for so long, or is stopped."""
    return Station(
        name=name,
        code=code,
        started=None if seconds is None else NOW - seconds * 1000,
        stopped_text="已停表",
        limit=LIMIT,
    )


def screen(**changes: Any) -> dict[str, Any]:
    """Page 10, with some of it changed."""
    shown = Screen(
        competition=Head(name=COMPETITION.name, note="决赛 · 实操，解密前用加密号"),
        now=Now(ms=NOW, time="11:52", day="9月16日"),
        seconds=3600,
        data_url="/api/hall",
        phase="frozen",
        banner=Banner(
            icon="lock",
            title="封榜",
            text="名次停在 11:42。之后的成绩照常评，14:00 颁奖时揭晓。",
        ),
        code_label="加密号",
        columns=["理论", "实操"],
        rows=rows(),
        page=9,
        newest=None,
        empty="有选手的评分表交齐以后，这里开始排名次。",
        stations=[
            station("1号", "K-44", 378),
            station("2号", "K-27", 342),
            station("3号", "K-11", 475),
            station("4号", "K-08", None),
        ],
        done=Done(count=38, all=45, called="位选手"),
        next_group=NextGroup(title="下一组 12:05 进场", codes=["K-18", "K-21", "K-33", "K-46"]),
    )
    return {"board": replace(shown, **changes)}


def board() -> dict[str, Any]:
    """Page 10."""
    return screen()


def board_revealing() -> dict[str, Any]:
    """The ceremony after three presses."""
    hidden = [HiddenRow(rank=n + 1) for n in range(6)]
    banner = Banner(icon="unlock", title="揭晓", text="从后往前，一名一名来。")
    return screen(phase="revealing", banner=banner, rows=[*hidden, *rows()[6:]], newest=6)


def board_named() -> dict[str, Any]:
    """An open event: people and their units."""
    names = ("赵启明", "欧阳文静", "孙立", "周海燕", "吴国强", "郑春兰", "王志刚", "冯晓")
    named = [
        replace(row, name=name, unit="省港口集团第二装卸公司")
        for row, name in zip(rows(), names, strict=False)
    ]
    return screen(phase="live", banner=None, rows=named, code_label="选手")


def board_empty() -> dict[str, Any]:
    """Page 10 before the first sheet."""
    return screen(phase="live", banner=None, rows=[], stations=[], next_group=None)
