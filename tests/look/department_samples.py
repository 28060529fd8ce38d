"""Sample data of the pages of a labour competition's departments."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.web.organiser.departments.shapes import (
    DepartmentForm,
    DepartmentPage,
    DepartmentRow,
    DepartmentsPage,
    IndicatorChoice,
    RecorderCard,
    SignedPeriod,
)
from compete.web.organiser.shapes import Link
from compete.web.pages import fields_of
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]
_ADDRESS = "https://jingsai.example.cn/sign-in/Vt7lqzPq0sX2m4nR8uYc1kJw5eHd"
_NAMES = ("事故预防", "隐患整改率", "教育培训", "应急演练", "产值完成", "实体质量")


def _form(name: str, ticked: int, taken: str | None) -> DepartmentForm:
    return DepartmentForm(
        name=name,
        over="2",
        indicators=[
            IndicatorChoice(
                code=str(place),
                name=each,
                ticked=place < ticked,
                taken=taken if place > 3 else None,
            )
            for place, each in enumerate(_NAMES)
        ],
        problem=None,
        save_url="#",
    )


def departments() -> Sample:
    """Two, one of them without anybody who enters."""
    rows = [
        DepartmentRow(
            name="安全部",
            url="#",
            indicators="事故预防、隐患整改率、教育培训、应急演练",
            recorder="周茹",
            signed="9 月、10 月",
        ),
        DepartmentRow(name="工程部", url="#", indicators="产值完成", recorder=None, signed=""),
    ]
    shown = DepartmentsPage(
        competition=COMPETITION,
        rows=rows,
        form=_form("", 0, "工程部"),
        free="实体质量",
        units_url="#",
        text_url="#",
        book_url="#",
    )
    return {"site": SITE} | fields_of(shown)


def departments_empty() -> Sample:
    """None yet."""
    shown = DepartmentsPage(
        competition=COMPETITION,
        rows=[],
        form=_form("", 0, None),
        free=None,
        units_url="#",
        text_url="#",
        book_url="#",
    )
    return {"site": SITE} | fields_of(shown)


def department() -> Sample:
    """One with two who enter: the link of the first nobody has opened yet."""
    shown = DepartmentPage(
        competition=COMPETITION,
        back=Link(label="部门", url="#"),
        name="安全部",
        form=_form("安全部", 4, "工程部"),
        recorders=[
            RecorderCard(
                name="周茹",
                standing=True,
                address=_ADDRESS,
                picture=Markup(qr_svg(_ADDRESS, "打分链接")),
            ),
            RecorderCard(name="李红", standing=True, address=None, picture=None),
        ],
        recorder="",
        problem=None,
        link_url="#",
        end_url="#",
        end_problem=None,
        signed=[
            SignedPeriod(
                period="9 月", words="周茹 10月5日 16:20 签核，130 家 520 格", back_url="#"
            )
        ],
        back_problem=None,
    )
    return {"site": SITE} | fields_of(shown)
