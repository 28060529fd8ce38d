"""Every upload that takes a sheet, given sheets that are not for it: a sentence, no breakdown."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from werkzeug.test import TestResponse

import compete.web
from compete.domain import read_bundle
from compete.domain.values.roles import BankRole
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.sheets.reading.kinds import KINDS
from tests.services.labour.made_up import made_up
from tests.sheets.people import citizen_id
from tests.support.banks import in_bank, small_bank
from tests.support.evaluation import evaluation
from tests.support.panels import open_panel
from tests.support.portraits import portrait, zipped
from tests.support.rewards import keeper_of_rewards, scheme_of_all
from tests.support.series import series_by
from tests.support.signing_in import signed_in
from tests.web.organiser.rules.test_event_pages import fields
from tests.web.organiser.rules.test_scheme_pages import M
from tests.web.unit.test_unit_pages import by_link

HEADINGS = [
    *(word for kind in KINDS.values() for field in kind.fields for word in field.words.split()[:1]),
    *("姓名", "单位", "编号", "类别", "名称", "赛项", "评分点", "配分", "指标", "项目", "人数"),
]
SHEETS = ("Sheet1", "选手", "单位", "赛项", "评分点", "裁判", "指标", "规则", "部门")


@dataclass(frozen=True)
class Door:
    """Where a sheet is sent, and under which name."""

    address: str
    field: str = "workbook"
    other: tuple[tuple[str, str], ...] = ()


DOORS = {
    "organiser/registration/upload_pages.py": Door("/desk/X/entrants/upload"),
    "unit/upload.py": Door("/unit/X/upload"),
    "organiser/schedule/judges/views.py": Door("/desk/X/judges/upload"),
    "organiser/rewards/points.py": Door("/desk/rewards/1/attendance"),
    "organiser/registration/units.py": Door("/desk/X/units/upload"),
    "organiser/registration/fees.py": Door("/desk/EV/fees"),
    "organiser/directory/experts.py": Door("/desk/experts/upload"),
    "organiser/mentors/mentorships.py": Door("/desk/mentorships/upload"),
    "organiser/directory/occupations.py": Door("/desk/occupations/upload"),
    "organiser/directory/ladders/views.py": Door("/desk/ladders/upload"),
    "organiser/questions/upload.py": Door("/desk/banks/1/upload"),
    "organiser/series/reports.py": Door("/desk/series/1/reports"),
    "organiser/certificates/claims/views.py": Door(
        "/desk/X/claims/others",
        other=(
            ("paper", "citizen_id"),
            ("ground", "direct"),
            ("grade", "4"),
            ("clause", "一"),
            ("facts", "二"),
        ),
    ),
    "organiser/competitions/new/views.py": Door("/desk/new/file", "bundle"),
    "organiser/judging/paper/marks_list.py": Door("/desk/PANEL/marks-list"),
    "organiser/rules/events/views.py": Door("/desk/X/events/rules?event=E", f"{M}.scheme"),
    "labour_entry/workbook.py": Door("/labour-entry/L/二月/workbook", "file"),
    "organiser/labour/head_counts.py": Door(
        "/desk/L/labour/heads/workbook", "book", (("period", "一月"),)
    ),
    "organiser/labour/rules/views.py": Door("/desk/L/labour/rules", "rules"),
}
OF_LABOUR = [name for name, upload in DOORS.items() if "/L/" in upload.address]


def test_no_door_is_forgotten() -> None:
    """What reads a sheet that was sent stands in the list above."""
    folder = Path(compete.web.__file__).parent
    reads = re.compile(r"(?<!def )(?<![\w.])(read_upload|looked_at|WorkbookPages)\(", re.M)
    doors = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if reads.search(path.read_text(encoding="utf-8"))
    }
    # The general ones, through which those go that say so; `receive` calls for the unit.
    general = {"organiser/headed_rows.py", "organiser/catalogue_pages.py"}
    assert doors - general == DOORS.keys() - {"unit/upload.py"}


def book(*rows: list[object], sheet: str = "Sheet1", merged: str = "") -> bytes:
    made = Workbook()
    page = made.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append(row)
    if merged:
        page.merge_cells(merged)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


@cache
def workbooks() -> list[bytes]:
    """Workbooks of no, one and two known headings, an empty one, errors, a merged head, text."""
    dice = random.Random(41)
    return [
        book(),
        book(["甲", "乙"], [1, "#N/A"]),
        book(["姓名", "单位"], ["=1/0", "#REF!"]),
        book(["姓名", None, "单位"], ["张三", "李四", "甲单位"], merged="A1:B1"),
        "姓名,单位\n张三,甲单位\n".encode("gb18030"),
        b"\x00\x01nothing",
        *(
            book([*dice.sample(HEADINGS, number)], ["张三", "#VALUE!"][:number], sheet=sheet)
            for sheet in SHEETS
            for number in (1, 2)
        ),
    ]


def posted(client: FlaskClient, upload: Door, content: bytes) -> TestResponse:
    form = dict(upload.other)
    if upload.field.endswith(".scheme"):
        form = fields(client.get(upload.address).text) | {"act": f"scheme:{M}"}
    data = form | {upload.field: (BytesIO(content), "表.xlsx")}
    return client.post(
        upload.address, data=data, content_type="multipart/form-data", follow_redirects=True
    )


def knock(client: FlaskClient, upload: Door, content: bytes) -> None:
    answer = posted(client, upload, content)
    assert answer.status_code in (200, 400), (upload.address, answer.status_code)
    if answer.status_code == 400:
        message = answer.json["error"] if answer.is_json else answer.text
        assert re.search("[\u4e00-\u9fff]{4}", message)
        assert "出错了" not in message


def client_of(app: Flask, competition: Competition, organiser: Account, name: str) -> FlaskClient:
    """Who sends a sheet at this door of a skills competition."""
    if name == "unit/upload.py":
        return by_link(app, competition, organiser)
    if name == "organiser/questions/upload.py":
        return signed_in(app, in_bank(small_bank(), BankRole.AUTHOR, "author", organiser))
    if name == "organiser/rewards/points.py":
        keeper = keeper_of_rewards()
        scheme_of_all(keeper, create_account("管理员", is_admin=True))
        return signed_in(app, keeper)
    admin = create_account("管理员", is_admin=True)
    if name == "organiser/series/reports.py":
        series_by(admin)
    return signed_in(app, admin)


def at_event(upload: Door, competition: Competition) -> Door:
    """The door with the code of the event, where its address has one.

    Of the panel where it is of that one, which has a module of one mark; of an evaluation too.
    """
    if "/PANEL/" in upload.address:
        open_panel()
    if "/EV/" in upload.address:
        load_bundle(read_bundle(json.dumps(evaluation()).encode()))
    return replace(upload, address=upload.address.replace("=E", f"={competition.events[0].code}"))


@pytest.mark.parametrize("name", [name for name in DOORS if name not in OF_LABOUR])
def test_a_strange_sheet_is_answered_with_a_sentence(
    app: Flask, fresh: Competition, organiser: Account, name: str
) -> None:
    client = client_of(app, fresh, organiser, name)
    app.config["RATELIMIT_ENABLED"] = False
    upload = at_event(DOORS[name], fresh)
    if upload.field.endswith(".scheme"):
        assert f'name="{upload.field}"' in client.get(upload.address).text
    for content in workbooks():
        knock(client, upload, content)


@pytest.mark.parametrize("name", OF_LABOUR)
def test_a_strange_sheet_of_labour_is_answered_with_a_sentence(
    app: Flask, load: Callable[..., Competition], organiser: Account, name: str
) -> None:
    contest = made_up(load, organiser)
    clerk = name.startswith("labour_entry")
    client = signed_in(app, contest.zhou if clerk else create_account("管理员", is_admin=True))
    for content in workbooks():
        knock(client, DOORS[name], content)


@dataclass(frozen=True)
class Sent:
    """A table that a door reads, with a column that it has no use for."""

    head: tuple[object, ...]
    row: tuple[object, ...]
    total: tuple[object, ...] = ("合计", "", 1)
    """A row below it, and what the preview tells of that row."""
    phrase: str = "合计"
    also: tuple[tuple[str, tuple[tuple[object, ...], ...]], ...] = ()
    """Sheets that stand beside it."""

    def book(self) -> bytes:
        """With a title, a sheet without a head and a hidden one."""
        made = Workbook()
        page = made.worksheets[0]
        page.title = "总表"
        rows = (("某某总表",), (*self.head, "星座"), (*self.row, "巨蟹"), self.total)
        sheets = (*self.also, ("随手记", (("下周开会",),)), ("藏起来的", (self.head, self.row)))
        for row in rows:
            page.append(row)
        for name, lines in sheets:
            sheet = made.create_sheet(name)
            for line in lines:
                sheet.append(line)
            sheet.sheet_state = "hidden" if name == "藏起来的" else "visible"
        out = BytesIO()
        made.save(out)
        return out.getvalue()


_PERSON = ("张三", citizen_id(date(1990, 1, 1), 5), "甲单位")
_RULES = Sent(
    ("指标", "满分", "打分办法"),
    ("安全", 100, "直接打分"),
    total=("合计", 100, ""),
    phrase="打分办法",
    also=(("期次", (("期次", "属于"), ("全年", ""), ("一月", "全年"))),),
)
_SCHEME = Sent(("考核要点", "配分", "评分标准"), ("劳保着装", 100, "每处扣 1 分"), ("合计", 90))
SENT = {
    "organiser/registration/upload_pages.py": Sent(("姓名", "身份证号", "单位"), _PERSON),
    "unit/upload.py": Sent(("姓名", "身份证号", "单位"), _PERSON),
    "organiser/schedule/judges/views.py": Sent(
        ("姓名", "单位", "角色"), ("张三", "甲单位", "裁判")
    ),
    "organiser/registration/units.py": Sent(("单位名称", "联系人"), ("丁单位", "张三")),
    "organiser/series/reports.py": Sent(("站名", "场次", "人次"), ("甲区", 3, 1200)),
    "organiser/rewards/points.py": Sent(
        ("姓名", "培训", "日期"), ("赵启明", "安全培训", "2026-03-02")
    ),
    "organiser/registration/fees.py": Sent(("准考证号", "金额"), ("P1", "300")),
    "organiser/directory/experts.py": Sent(("姓名", "单位", "类别"), ("张三", "甲单位", "考评员")),
    "organiser/mentors/mentorships.py": Sent(("组织", "师傅", "徒弟"), ("甲厂", "张三", "李四")),
    "organiser/directory/occupations.py": Sent(("职业名称", "职业编码"), ("起重工", "6-30-05-01")),
    "organiser/questions/upload.py": Sent(
        ("题干", "答案", "鉴定点"), ("交接班要签字", "对", "交接班")
    ),
    "organiser/directory/ladders/views.py": Sent(
        ("等级体系", "等级名称", "归谁"), ("矿上", "一档", "矿业")
    ),
    "organiser/judging/paper/marks_list.py": Sent(("姓名", "成绩", "准考证号"), ("张三", 60, "A1")),
    "organiser/certificates/claims/views.py": Sent(
        ("姓名", "证件号码", "单位"), ("张三", "110101199003070038", "甲单位")
    ),
    "organiser/competitions/new/views.py": _SCHEME,
    "organiser/rules/events/views.py": _SCHEME,
    "labour_entry/workbook.py": Sent(("单位", "安全"), ("甲", 28)),
    "organiser/labour/head_counts.py": Sent(("单位", "参赛人数"), ("甲", 28)),
    "organiser/labour/rules/views.py": _RULES,
}


def tells(answer: TestResponse, sent: Sent) -> None:
    """Every row, column and sheet that was not read stands in the preview."""
    assert answer.status_code in (200, 400), answer.text
    for phrase in ("星座", sent.phrase, "随手记", "藏起来的"):
        assert phrase in answer.text, phrase


def test_every_door_has_a_sheet_to_be_told_of() -> None:
    assert SENT.keys() == DOORS.keys()


@pytest.mark.parametrize("name", [name for name in DOORS if name not in OF_LABOUR])
def test_the_preview_tells_what_was_not_read(
    app: Flask, fresh: Competition, organiser: Account, name: str
) -> None:
    client, upload = client_of(app, fresh, organiser, name), at_event(DOORS[name], fresh)
    tells(posted(client, upload, SENT[name].book()), SENT[name])


@pytest.mark.parametrize("name", OF_LABOUR)
def test_the_preview_of_labour_tells_what_was_not_read(
    app: Flask, load: Callable[..., Competition], organiser: Account, name: str
) -> None:
    contest = made_up(load, organiser)
    clerk = name.startswith("labour_entry")
    client = signed_in(app, contest.zhou if clerk else create_account("管理员", is_admin=True))
    tells(posted(client, DOORS[name], SENT[name].book()), SENT[name])


def test_rules_that_begin_a_competition_tell_what_was_not_read(
    app: Flask, fresh: Competition
) -> None:
    client = signed_in(app, create_account("管理员", is_admin=True))
    sent = replace(_RULES, total=("", "", "", "巨蟹"), phrase="要的列都空着")
    tells(posted(client, DOORS["organiser/competitions/new/views.py"], sent.book()), sent)


def test_every_file_of_a_zip_of_photos_stands_in_its_preview(
    app: Flask, fresh: Competition
) -> None:
    client = signed_in(app, create_account("管理员", is_admin=True))
    draw, shot = random.Random(7), portrait()
    parts = ("P1", "P2", "赵启明", "钱文", "王五", "1", "IMG", "甲单位", "乙单位", "照片", "…")
    files = {}
    for number in range(130):
        path = "/".join(draw.sample(parts, draw.randint(1, 3)))
        end = draw.choice(("jpg", "txt"))
        files[f"{path} {number}.{end}"] = draw.choice((shot, b"none", b"none", b"none"))
    files |= {".藏.jpg": shot, "__MACOSX/._P1.jpg": b"x", "Thumbs.db": b"x"}
    data = {"photos": (BytesIO(zipped(files)), "照片.zip")}
    first = client.post("/desk/X/photos", data=data, follow_redirects=True)
    pages = [first.text, client.get(f"{first.request.path}?page=2").text]
    shown = re.findall('class="hint photo-file">', "".join(pages))
    assert len(shown) == len(files) - 2
