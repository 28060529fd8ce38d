"""A competition begun from a workbook: rules of a labour competition, or a marking scheme."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec
import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compete.domain.bundle.labour_types import Labour
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.drafts import Beginnings, Origin
from compete.services.competitions.templates import labour_templates, make_labour_draft
from compete.services.kernel.event_rules import rules_of
from compete.services.labour.rule_sheets import rules_book
from compete.services.labour.rules import LabourRules, labour_rules
from compete.sheets.scheme_aspects import SchemeAspect, SchemeForm
from compete.sheets.schemes.writing import write_scheme
from tests.sheets.schemes.test_schemes import modules_of_four
from tests.support.every_labour_rule import UNITS, every_labour_rule
from tests.support.hostile import files
from tests.support.signing_in import signed_in

FIELDS = {"name": "新的一年", "code": "N-2027", "year": "", "starts": "2027-01-01", "ends": ""}
FIELDS |= {"level": "provincial-1"}


def made(code: str = "N-2027") -> Competition:
    db.session.expire_all()
    return db.session.query(Competition).filter_by(code=code).one()


def sent(desk: FlaskClient, data: bytes, name: str = "规则.xlsx") -> TestResponse:
    return desk.post("/desk/new/file", data={"bundle": (io.BytesIO(data), name)})


def spoilt(content: bytes, change: Callable[[openpyxl.Workbook], Any]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(*rows: Sequence[Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "维修"
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def desk(app: Flask, here: Flask) -> FlaskClient:
    return signed_in(app, create_account("管理员", is_admin=True))


def all_rules(organiser: Account) -> Competition:
    """A labour competition that says every key of the rules, with departments."""
    rule_tree = every_labour_rule()
    rule_tree.pop("groups")
    # Workbooks have no sheet of prizes yet.
    rule_tree.pop("prizes")
    rules = LabourRules(
        msgspec.convert(rule_tree, type=Labour, strict=False),
        {"安全部": ["a", "b"], "工程部": ["c"]},
        [(name, "土建" if code == "U1" else "机电") for code, name in UNITS],
    )
    return make_labour_draft(
        rules, Beginnings(name="老的", code="OLD"), organiser, Origin.BLANK, "", None
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rules_written_out_and_read_in_here_are_the_same(
    desk: FlaskClient, organiser: Account, lang: str
) -> None:
    for start in (all_rules(organiser), None):
        old = start or make_labour_draft(
            labour_templates()[0].rules,
            Beginnings(name="模板来的", code="T"),
            organiser,
            Origin.BLANK,
            "",
        )
        desk.set_cookie("lang", lang)
        admin = desk.get(f"/desk/{old.code}/labour/rules.xlsx")
        assert admin.status_code == 200
        # Read by somebody who reads in the other language.
        desk.set_cookie("lang", "en" if lang == "zh" else "zh")
        looked = sent(desk, admin.data)
        assert looked.status_code == 302, looked.text
        page = desk.get(looked.location).text
        assert f"<b>{len(labour_rules(old).labour.indicators)}</b>" in page
        assert f'value="{old.name}"' in page, "its name is proposed"
        assert db.session.query(Competition).filter_by(code=f"{old.code}-2").count() == 0
        done = desk.post(looked.location, data=FIELDS | {"code": f"{old.code}-2"})
        assert done.status_code == 302, done.text
        new, old = made(f"{old.code}-2"), made(old.code)
        before, after = labour_rules(old), labour_rules(new)
        assert after.labour == before.labour
        assert after.departments == before.departments
        assert list(after.units) == list(before.units)
        assert (new.name, new.kind, new.level, new.year) == (
            "新的一年",
            "labour",
            "provincial-1",
            2027,
        )
        assert rules_book(new) != b""
        assert desk.get(looked.location).status_code == 410


def test_what_is_wrong_with_rules_is_said_with_its_cell_or_row(
    desk: FlaskClient, organiser: Account
) -> None:
    content = rules_book(all_rules(organiser))

    def cells(book: openpyxl.Workbook) -> None:
        book["指标"]["D3"] = "十分"
        book["指标"]["E4"] = "凭印象"
        book["规则"]["B4"] = "一面半"

    refused = sent(desk, spoilt(content, cells))
    assert "这个文件有 3 处错" in refused.text, "nothing follows from what was not understood"
    assert refused.status_code == 400
    for phrase in (
        "“指标”页 D3 格，“满分”",
        "“十分”不是数",
        "E4 格，“打分办法”",
        "“规则”页 B4 格，“填什么”",
    ):
        assert phrase in refused.text, phrase

    def rows(book: openpyxl.Workbook) -> None:
        book["指标"]["A4"] = book["指标"]["A3"].value
        book["单位"].append([UNITS[0][1], "土建"])
        book["单位"].append(["丁", ""])

    refused = sent(desk, spoilt(content, rows))
    assert refused.status_code == 400
    for phrase in ("“指标”页第 4 行", "“单位”页第 6 行", "在第 3 行有了", "“单位”页第 7 行"):
        assert phrase in refused.text, phrase
    assert "有的单位写了组，有的没有：丁" in refused.text
    no_periods = spoilt(content, lambda book: book.remove(book["期次"]))
    assert "没有找到“期次”和“属于”两列" in sent(desk, no_periods).text
    half = spoilt(content, lambda book: book["规则"].__setitem__("B4", 1.5))
    assert "B4 格" in sent(desk, half).text
    assert db.session.query(Competition).count() == 1


@pytest.mark.parametrize("form", list(SchemeForm))
def test_a_marking_scheme_begins_an_event_with_one_module(
    desk: FlaskClient, form: SchemeForm
) -> None:

    aspects = [
        SchemeAspect(
            name=name, criterion="安全", type="measurement", max=most, hint="看仔细", standard="2.1"
        )
        for name, most in (("安全帽", "5"), ("手套", "2.5"))
    ]
    looked = sent(desk, write_scheme(form, "维修", "拆装", aspects), "维修工.xlsx")
    assert looked.status_code == 302, looked.text
    page = desk.get(looked.location).text
    for phrase in ("维修工", 'value="拆装"', "满分 7.5", "安全帽、手套", "现在还没写入"):
        assert phrase in page, phrase
    assert db.session.query(Competition).count() == 0
    # The event is called by what stands above the scheme or its sheet, not after the file.
    title = "维修" if form is SchemeForm.TRADE else "拆装"
    assert re.search(rf'<input[^>]* name="event"[^>]* value="{title}"', page)
    names = {"event": "  维修  工 ", "module": "拆装"}
    wrong = desk.post(looked.location, data=FIELDS | {"event": " ", "module": "拆" * 201})
    assert (wrong.status_code, "最多 200 个字" in wrong.text) == (400, True)
    assert desk.post(looked.location, data=FIELDS | names | {"code": "x y"}).status_code == 400
    assert desk.post(looked.location, data=FIELDS | names).status_code == 302
    (event,) = made().events
    rules = rules_of(event)
    (stage,) = rules.stages
    (module,) = stage.modules
    assert (event.name, module.name, module.full) == ("维修 工", "拆装", Decimal("7.5"))
    assert [(aspect.name, aspect.criterion, str(aspect.max)) for aspect in module.aspects] == [
        ("安全帽", "安全", "5"),
        ("手套", "安全", "2.5"),
    ]
    assert [award.name for award in rules.awards] != []
    again = desk.get(f"/desk/N-2027/events/rules?event={event.code}")
    assert "安全帽" in again.text


def test_a_scheme_with_a_sheet_for_each_module_begins_an_event_of_all_of_them(
    desk: FlaskClient,
) -> None:
    sums = [["模块", "内容", "配分"], *([f"模块{n}", "实操", 25] for n in (1, 2, 3, 4))]
    looked = sent(desk, modules_of_four(汇总=[*sums, ["合计", "", 100]]), "叉车工.xlsx")
    page = desk.get(looked.location).text
    for phrase in ("模块1（25 分）、模块2（25 分）", "<b>8</b>", "“汇总”页是", "没有再读一遍"):
        assert phrase in page, phrase
    assert 'name="module"' not in page
    assert desk.post(looked.location, data=FIELDS | {"event": "叉车工"}).status_code == 302
    (event,) = made().events
    (stage,) = rules_of(event).stages
    assert [(it.name, it.full, it.weight, len(it.aspects)) for it in stage.modules] == [
        (f"模块{n}", 25, 25, 2) for n in (1, 2, 3, 4)
    ]
    wrong = modules_of_four(模块5=[["项目", "考核要点", "配分"], ["操作", "停车", "很多"]])
    assert "“模块5”页第 2 行" in sent(desk, wrong, "a.xlsx").text


def test_an_event_without_a_title_in_its_workbook_is_asked_for(desk: FlaskClient) -> None:
    header = ["项目", "考核要点", "配分", "评分标准"]
    rows = (header, ["安全", "帽", 5, ""])

    def proposed(content: bytes) -> tuple[str, str]:
        page = desk.get(sent(desk, content, "2027年6月定稿.xlsx").location).text
        hits = [
            re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)
            for name in ("name", "event")
        ]
        assert hits[0] is not None
        assert hits[1] is not None
        return hits[0][1], hits[1][1]

    def unnamed(book: openpyxl.Workbook) -> None:
        book.worksheets[0].title = "Sheet1"

    assert proposed(table(["汽车维修工评分标准表"], *rows)) == ("汽车维修工", "汽车维修工")
    # Where nothing stands above, the competition is called after the file, the event is not.
    assert proposed(table(*rows)) == ("2027年6月定稿", "维修")
    assert proposed(spoilt(table(*rows), unnamed)) == ("2027年6月定稿", "")


def test_what_is_wrong_with_a_scheme_is_said_with_its_row(desk: FlaskClient) -> None:
    header = ["项目", "考核要点", "配分", "评分标准"]
    bad = table(header, ["安全", "帽", "五分半", "扣"], ["安全", "", 5, ""])
    refused = sent(desk, bad, "a.xlsx")
    assert refused.status_code == 400
    assert "“维修”页第 2 行" in refused.text
    # What can be read and cannot be is told along with what cannot be read.
    both = table(
        header, ["安全", "帽", "五分半", "扣"], ["安全", "鞋", -5, ""], ["", "手套", 5, ""]
    )
    page_text = sent(desk, both, "a.xlsx").text
    assert [n in page_text for n in ("“维修”页第 2 行", "“维修”页第 3 行", "第 4 行")] == [
        True,
        True,
        False,
    ]
    long = table(header, ["安全", "帽" * 300, 5, ""])
    assert "“维修”页第 2 行" in sent(desk, long, "a.xlsx").text
    nothing = table(header, ["安全", "帽", 0, ""])
    assert sent(desk, nothing, "a.xlsx").status_code == 400
    guessed = sent(desk, table(header, ["安全", "帽", 5, "看着给"]), "a.xlsx")
    assert "“维修”页第 2 行" in desk.get(guessed.location).text
    assert "没认出怎么给分" in desk.get(guessed.location).text


def test_any_other_workbook_is_told_what_it_is_and_where_it_goes(desk: FlaskClient) -> None:
    people = table(["姓名", "证件号码", "单位"], ["赵一", "", "甲"])
    for sentence, data in (
        ("这是报名表", people),
        ("这是报名表", table(["姓名", "姓名", "单位"])),
        ("没认出这张表", table(["品名", "数量"], ["扳手", 3])),
        ("没认出这张表", table()),
    ):
        refused = sent(desk, data, "表.xlsx")
        assert (refused.status_code, sentence in refused.text) == (400, True), sentence
    for name, data in files():
        for called in {name, "b.xlsx"}:
            refused = sent(desk, data, called)
            assert refused.status_code == 400, called
            assert "没有写入" in refused.text or 'role="alert"' in refused.text
    old = sent(desk, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "规则.xls")
    assert old.status_code == 400
    assert "xlsx" in old.text
