"""The table of ladders: filled once, corrected, closed, brought as rows, copied into events."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from flask import Flask

from compete.domain.grades.ladder import NATIONAL, ladder_in, read_ladder
from compete.models import Account, AuditEntry, Competition, GradeLadder, Organisation, db
from compete.services.accounts.accounts import create_account
from compete.services.directory.ladders.copies_in_events import (
    events_with,
    ladder_differs,
    ladder_to_take,
    ladders_offered,
)
from compete.services.directory.ladders.fields import LadderTexts, ladder_of_row, rows_of, texts_of
from compete.services.directory.ladders.table import (
    LADDERS,
    NATIONAL_KEY,
    LadderView,
    fill_ladders,
    find_ladders,
    plan_ladders,
)
from compete.services.directory.organisations import add_organisation
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused, WrongFieldsError
from compete.services.kernel.transactions import unit_of_work
from tests.support.small import small


def rung(name: str, grade: str = "", **more: str) -> Mapping[str, str]:
    return {"rung": name, "grade": grade, **more}


def written(*rungs: Mapping[str, str], name: str = "运行员", whose: str = "") -> LadderTexts:
    return LadderTexts(name=name, whose=whose, rungs=list(enumerate(rungs, 1)))


OWN = written(rung("一级运行员", "5"), rung("二级运行员", "4", code="YX-2"), rung("首席运行员"))


@pytest.fixture
def admin(here: Flask) -> Account:
    with unit_of_work():
        fill_ladders()
    return create_account("管理员", is_admin=True)


def shipped() -> GradeLadder:
    (row,) = [row for row in find_ladders() if row.key == NATIONAL_KEY]
    return row


@pytest.mark.each_database
def test_the_national_one_is_there_once_and_every_change_is_told(admin: Account) -> None:
    assert ladder_of_row(shipped()).rungs == NATIONAL.rungs
    with unit_of_work():
        fill_ladders()
    assert len(find_ladders()) == 1
    assert ladders_offered() == [], "as it ships it is what an event has without choosing"
    row = LADDERS.add(OWN, admin)
    own = ladder_of_row(row)
    assert [it.key for it in own.rungs] == ["L5", "YX-2", "R2"]
    assert LADDERS.change(row, texts_of(row), admin) is False
    better = written(*(rung_words for _n, rung_words in OWN.rungs), rung("特级运行员", order="2.5"))
    assert LADDERS.change(row, better, admin) is True
    assert [it.name for it in ladder_of_row(row).rungs][2:] == ["特级运行员", "首席运行员"]
    LADDERS.close(row, admin)
    LADDERS.close(row, admin)
    assert (find_ladders(LadderView.CLOSED), ladders_offered()) == ([row], [])
    with pytest.raises(Refused, match="停用了"):
        LADDERS.change(row, OWN, admin)
    other = LADDERS.add(OWN, admin)
    with pytest.raises(Refused, match="已经有叫"):
        LADDERS.reopen(row, admin)
    LADDERS.close(other, admin)
    LADDERS.reopen(row, admin)
    assert ladders_offered() == [row]
    actions = [
        entry.action
        for entry in db.session.query(AuditEntry).order_by(AuditEntry.seq)
        if entry.action.startswith("ladder.")
    ]
    acts = ("shipped", "add", "change", "close", "add", "close", "reopen")
    assert actions == [f"ladder.{act}" for act in acts]
    assert list(verify_chain(None)) == []


def test_what_cannot_be_is_refused_with_its_line(admin: Account) -> None:
    for texts, field, why in (
        (written(rung("甲", "5"), name=""), "name", "名称要写"),
        (written(rung("甲", "5"), whose="没有的厂"), "whose", "组织里没有“没有的厂”"),
        (written(rung("", "5")), "rungs", "第 1 行要写等级名称"),
        (written(rung("甲", "5"), rung("乙", "5")), "rungs", "第 2 行：要从低到高写"),
        (written(rung("甲", "9")), "rungs", "第 1 行：相当于哪一级"),
        (written(rung("甲", "5", order="后面")), "rungs", "第 1 行：顺序写数字"),
        (written(rung("甲", "5", code="编 码")), "rungs", "第 1 行的编码用字母和数字"),
        (written(rung("甲|乙", "5")), "rungs", "第 1 行的名称里不能有"),
        (written(rung("甲", "5", code="x"), rung("乙", code="x")), "rungs", "编码“x”前面写过了"),
        (written(rung("甲")), "rungs", "至少有一级"),
    ):
        with pytest.raises(WrongFieldsError) as refused:
            LADDERS.add(texts, admin)
        assert why in str(refused.value.faults[field])
    with pytest.raises(Refused, match="由管理员改"):
        LADDERS.add(OWN, create_account("别人"))


def test_an_employers_stands_under_its_organisation(admin: Account) -> None:
    plant = add_organisation("江苏水源", "", None, admin)
    assert isinstance(plant, Organisation)
    row = LADDERS.add(written(rung("甲", "5"), whose=" 江苏 水源"), admin)
    assert row.organisation == plant
    assert rows_of(row)[0]["whose"] == "江苏水源"
    add_organisation("江苏水源", "", plant, admin)
    with pytest.raises(WrongFieldsError) as refused:
        LADDERS.change(row, written(rung("乙", "5"), whose="江苏水源"), admin)
    assert "写统一社会信用代码" in str(refused.value.faults["whose"])


def test_rows_of_a_workbook_are_looked_at_and_written_together(admin: Account) -> None:
    row = LADDERS.add(OWN, admin)
    kept = [rung_row for ladder in find_ladders() for rung_row in rows_of(ladder)]
    assert all(plan.changes == {} for plan in plan_ladders(list(enumerate(kept, 2))))
    assert LADDERS.write(kept, admin) == (0, 0)
    changed = [
        dict(rung_row, rung=rung_row["rung"].replace("一级运行员", "初级运行员"))
        for rung_row in kept
    ]
    fresh = [{"name": "焊工等级", "rung": name, "grade": it} for name, it in (("焊一", "四级"),)]
    plans = plan_ladders(list(enumerate([*changed, *fresh], 2)))
    assert [(plan.texts.name, plan.changes is None) for plan in plans] == [
        ("新八级工", False),
        ("运行员", False),
        ("焊工等级", True),
    ]
    with pytest.raises(Refused, match="一行都没有写"):
        LADDERS.write([*changed, *fresh, {"name": "空的", "rung": "甲"}], admin)
    assert LADDERS.write([*changed, *fresh], admin) == (1, 1)
    assert ladder_of_row(row).rungs[0].name == "初级运行员"
    assert list(verify_chain(None)) == []


def test_an_event_has_a_copy_as_of_that_day_and_knows_where_it_differs(
    admin: Account, load: Callable[..., Competition]
) -> None:
    row = LADDERS.add(OWN, admin)
    taken = ladder_to_take(row.key)
    assert taken is not None
    extra = {"ladder": {"id": row.key, "name": row.name, "rungs": row.rungs}}
    competition = load(small(event={"extra": extra}))
    (event,) = competition.events
    assert ladder_in(rules_of(event)) == taken
    assert ladder_differs(taken) is None
    assert events_with(row, admin) == [event]
    assert events_with(row, create_account("过路人")) == []
    assert events_with(shipped(), admin) == []
    LADDERS.change(row, written(rung("运行一", "5"), rung("运行二", "4")), admin)
    now = ladder_differs(ladder_in(rules_of(event)))
    assert now is not None
    assert [it.name for it in now.rungs] == ["运行一", "运行二"]
    assert ladder_in(rules_of(event)) == taken
    assert ladder_differs(read_ladder("运行员", "5 甲", "elsewhere")) is None
    assert ladder_differs(read_ladder("运行员", "5 甲")) is None
