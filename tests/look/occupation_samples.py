"""The catalogue of occupations, to be looked at."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.headed_rows import PlannedRow
from compete.web.organiser.occupations.shapes import (
    OccupationForm,
    OccupationPage,
    OccupationRow,
    OccupationsPage,
)
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of
from compete.web.paging import Paging
from compete.web.shapes import Choice
from tests.look.people import SITE
from tests.look.rows_preview import looked_at

Sample = dict[str, Any]
_LONG = "港口集装箱自动化远程操控" * 5
_FORM = OccupationForm(
    values={"name": _LONG, "code": "6-30", "edition": "2015", "tracks": f"{_LONG}、甲"},
    faults={"code": "写成 6-30-05-01 这样，还不知道就空着"},
    editions=[Choice(value=year, label=f"{year} 年版") for year in ("2022", "2015", "1999")],
    confidences=[Choice(value="", label="看编码：有就较可靠"), Choice(value="待核", label="待核")],
    flags=[Choice(value="", label="没有"), Choice(value="L", label="绿色职业")],
    url="#",
)


def _row(name: str, code: str, tracks: str = "", *, moved: str = "", sure: bool = True) -> Any:
    return OccupationRow(
        name=name,
        url="#",
        code=code,
        edition="1999 年版" if moved else "2015 年版",
        flags="绿色职业" if tracks else "",
        moved=moved,
        tracks=tracks,
        confidence="可靠" if sure else "待核",
        to_check=not sure,
        note="" if sure else "2022 年版新增，编码待核",
    )


def catalogue() -> Sample:
    """For an administrator; the form was refused once."""
    page = OccupationsPage(
        rows=[
            _row("起重装卸机械操作工", "6-30-05-01", "叉车司机、门座起重机司机"),
            _row("焊工", "6-04-02-05", moved="新编码 6-18-02-04"),
            _row("甲", "", "甲", sure=False),
            _row(_LONG, "", _LONG, sure=False),
        ],
        page=Paging(number=1, pages=2, total=61, previous_url=None, next_url="#"),
        query="gong",
        edition="",
        editions=[Choice(value="", label="全部版本")],
        view="standing",
        views=[
            View(label="使用中", url="#", current=True),
            View(label="待核", url="#", current=False),
            View(label="已停用", url="#", current=False),
        ],
        form=_FORM,
        problem="有 1 处要改",
        search_url="#",
        upload_url="#",
        workbook_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def single() -> Sample:
    """One row, with its form."""
    page = OccupationPage(
        name=_LONG,
        closed=False,
        form=_FORM,
        facts=[("职业编码", "6-30-05-01")],
        problem=None,
        close_url="#",
        reopen_url=None,
        back_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def closed() -> Sample:
    """One that is closed, for an administrator."""
    page = OccupationPage(
        name="焊工",
        closed=True,
        form=None,
        facts=[("职业编码", "6-04-02-05"), ("版本", "1999")],
        problem=None,
        close_url=None,
        reopen_url="#",
        back_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def uploaded() -> Sample:
    """A workbook with a row that cannot be written."""
    texts = (_LONG, "6-30-05-01", "2015", "叉车司机", "可靠", "", "", "")
    return looked_at(
        ["职业名称", "职业编码", "版本", "工种", "可信度", "标志", "新版编码", "说明"],
        PlannedRow(number="4", state="refused", texts=texts, told=["版本：写 1999、2015 或 2022"]),
        PlannedRow(number="3", state="changed", texts=texts, told=["职业名称：原来是 电工"]),
        PlannedRow(number="2", state="added", texts=texts, told=[]),
        more=12,
    )
