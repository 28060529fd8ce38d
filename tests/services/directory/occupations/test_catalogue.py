"""The catalogue of occupations: filled once, found by what people type, corrected, told."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain.bundle import event_types
from compete.models import Account, Occupation, db
from compete.services.directory.occupations.catalogue import (
    OCCUPATIONS,
    OccupationView,
    find_occupations,
    plan_occupations,
)
from compete.services.directory.occupations.fields import fields_of
from compete.services.directory.occupations.proposals import (
    is_code_unsure,
    occupation_hints,
    printed_code,
    propose_occupations,
)
from compete.services.directory.occupations.shipped import fill_catalogue, shipped_occupations
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused, WrongFieldsError
from compete.services.kernel.transactions import unit_of_work

ROW = {
    "name": "叉车修理工",
    "code": "6-31-01-09",
    "edition": "2015",
    "tracks": "电动叉车、内燃叉车",
}


@pytest.fixture
def admin(here: Flask) -> Account:
    with unit_of_work() as session:
        fill_catalogue()
        session.add(account := Account(name="管理员", is_admin=True))
        session.flush()
    return account


def by_code(code: str) -> Occupation:
    return db.session.scalars(select(Occupation).where(Occupation.code == code)).one()


def hint_texts(code: str, name: str) -> list[str]:
    return [str(hint) for hint in occupation_hints(event_types.Occupation(code=code, name=name))]


def test_each_that_ships_can_be_written_and_comes_once(admin: Account) -> None:
    shipped = shipped_occupations()
    assert len({key for key, _texts in shipped}) == len(shipped)
    assert find_occupations()[1] == len(shipped)
    welder, toll = by_code("6-18-02-04"), by_code("4-02-02-06")
    OCCUPATIONS.change(toll, fields_of(toll) | {"code": "4-02-02-07"}, admin)
    OCCUPATIONS.close(welder, admin)
    with unit_of_work():
        fill_catalogue()
    # Neither the old code nor the closed one is brought again.
    assert db.session.scalar(select(Occupation.id).where(Occupation.code == "4-02-02-06")) is None
    assert find_occupations(view=OccupationView.CLOSED)[0] == [welder]
    assert find_occupations()[1] == len(shipped) - 1


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("typed", "code", "track"),
    [
        ("叉车", "6-30-05-01", "叉车司机"),
        ("chache", "6-30-05-01", "叉车司机"),
        ("CCSJ", "6-30-05-01", "叉车司机"),
        ("qizhong", "6-30-05-01", ""),
        ("岸桥", "6-30-05-01", ""),
        ("６—３０-05", "6-30-05-01", ""),
        ("hangong", "6-18-02-04", ""),
        ("daolu", "", "道路清障员"),
    ],
)
def test_what_people_type_is_proposed(typed: str, code: str, track: str) -> None:
    first = propose_occupations(typed)[0]
    assert (first.occupation.code, first.track) == (code, track)


@pytest.mark.usefixtures("admin")
def test_an_old_code_comes_after_the_one_that_it_became_and_names_it() -> None:
    new, old = (occupation for occupation in propose_occupations("焊工") if not occupation.track)
    assert (new.occupation.code, new.newer) == ("6-18-02-04", None)
    assert (old.occupation.code, old.newer) == ("6-04-02-05", new.occupation)
    assert propose_occupations(" ") == []
    assert propose_occupations("%") == []


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("code", "name", "differences"),
    [
        ("6-30-05-01", "起重装卸机械操作工", []),
        ("6-28-03-03 L", "工业废水处理工", []),
        ("6-04-02-05", "焊工", ["6-04-02-05 是 1999 年版的编码，2015 年版改成 6-18-02-04 焊工"]),
        ("待核", "焊工", ["职业目录里“焊工”的编码是 6-18-02-04（2015 年版）"]),
        ("待核", "灌排泵站运行工", ["“灌排泵站运行工”的编码在职业目录里也还待核"]),
        ("待核", "某工", ["职业目录里没有“某工”。名称写对了就不用管"]),
        ("8-99-99-99", "某工", ["职业目录里没有 8-99-99-99。编码写对了就不用管"]),
        (
            "4-02-02-06",
            "公路收费及监控员",
            ["4-02-02-06 在职业目录里还待核，证书和拟晋升名单上不印编码"],
        ),
        (
            "6-31-01-03",
            "叉车司机",
            [
                "职业目录里 6-31-01-03（2015 年版）是“电工”，这里写的是“叉车司机”",
                "“叉车司机”是“起重装卸机械操作工”的工种："
                "职业写 起重装卸机械操作工，工种写 叉车司机",
            ],
        ),
    ],
)
def test_an_event_is_told_where_it_differs(code: str, name: str, differences: list[str]) -> None:
    assert hint_texts(code, name) == differences


@pytest.mark.usefixtures("here")
def test_an_empty_catalogue_says_nothing_and_doubts_nothing() -> None:
    assert hint_texts("8-99-99-99", "某工") == []
    assert occupation_hints(None) == []
    assert printed_code("8-99-99-99") == "8-99-99-99"


def test_a_code_to_check_is_printed_nowhere(admin: Account) -> None:
    assert is_code_unsure("4-02-02-06")
    assert printed_code("4-02-02-06") is None
    assert printed_code("待核") is None
    assert printed_code("6-18-02-04") == "6-18-02-04"
    toll = by_code("4-02-02-06")
    OCCUPATIONS.change(toll, fields_of(toll) | {"confidence": "可靠"}, admin)
    assert printed_code("4-02-02-06") == "4-02-02-06"


def test_one_is_added_changed_closed_and_reopened_under_seal(admin: Account) -> None:
    made = OCCUPATIONS.add(ROW, admin)
    assert (made.confidence, made.tracks) == ("M", ["电动叉车", "内燃叉车"])
    with pytest.raises(Refused, match="已经有 6-31-01-09 叉车修理工"):
        OCCUPATIONS.add(ROW | {"name": "别的"}, admin)
    assert not OCCUPATIONS.change(made, ROW | {"confidence": "较可靠"}, admin)
    OCCUPATIONS.close(made, admin)
    with pytest.raises(Refused, match="停用了"):
        OCCUPATIONS.change(made, ROW | {"note": "x"}, admin)
    other = OCCUPATIONS.add(ROW | {"name": "后来的"}, admin)
    with pytest.raises(Refused, match="后来的"):
        OCCUPATIONS.reopen(made, admin)
    OCCUPATIONS.close(other, admin)
    OCCUPATIONS.reopen(made, admin)
    assert [row.name for row in find_occupations("6-31-01-09")[0]] == ["叉车修理工"]
    assert list(verify_chain(None)) == []


def test_who_is_no_administrator_changes_nothing(admin: Account) -> None:
    with unit_of_work() as session:
        session.add(other := Account(name="组委会"))
        session.flush()
    welder = by_code("6-18-02-04")
    for act in (
        lambda: OCCUPATIONS.add(ROW, other),
        lambda: OCCUPATIONS.change(welder, ROW, other),
        lambda: OCCUPATIONS.close(welder, other),
        lambda: OCCUPATIONS.reopen(welder, other),
        lambda: OCCUPATIONS.write([ROW], other),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.kind is Refusal.FORBIDDEN


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("name", "", "要写"),
        ("name", "长" * 101, "最多 100 个字，现在是 101 个"),
        ("code", "6-30-5", "写成 6-30-05-01 这样"),
        ("edition", "2010", "写 1999、2015 或 2022"),
        ("tracks", "长" * 61, "最多 60 个字，现在是 61 个"),
        ("tracks", "、".join(map(str, range(41))), "最多 40 样，现在是 41 样"),
        ("confidence", "也许", "写可靠"),
        ("flags", "X", "写 L"),
        ("newer", "6-31-01-09", "和职业编码一样"),
        ("note", "\u202e", "看不见"),
    ],
)
def test_what_cannot_stand_there_is_told_at_its_field(
    admin: Account, field: str, text: str, message: str
) -> None:
    with pytest.raises(WrongFieldsError) as refused:
        OCCUPATIONS.add(ROW | {field: text}, admin)
    assert list(refused.value.faults) == [field]
    assert message in str(refused.value.faults[field])


def test_flags_behind_a_code_are_kept(admin: Account) -> None:
    made = OCCUPATIONS.add(ROW | {"code": "6-31-01-09 l/s"}, admin)
    assert (made.code, made.flags) == ("6-31-01-09", "LS")


def test_a_workbook_adds_corrects_and_leaves_the_rest(admin: Account) -> None:
    before = find_occupations()[1]
    pump = {"name": "灌排泵站运行工", "code": "4-09-01-04", "edition": "2015"}
    rows = [ROW, pump, fields_of(by_code("6-18-02-04"))]
    planned = plan_occupations(list(enumerate(rows, 2)))
    assert [plan.changes for plan in planned] == [
        None,
        # What stood there without a code gets it.
        {"code": "", "confidence": "待核"},
        {},
    ]
    assert OCCUPATIONS.write(rows, admin) == (1, 1)
    assert find_occupations()[1] == before + 1
    assert by_code("4-09-01-04").origin == "pump-station"
    twice = plan_occupations([(2, ROW), (3, ROW | {"name": "又一个"})])
    assert [str(why) for why in twice[1].faults.values()] == ["和第 2 行是同一个"]
    OCCUPATIONS.add({"name": "焊工甲", "edition": "2015"}, admin)
    nameless = {"name": "焊工甲", "edition": "2015"}
    twice = plan_occupations([(2, nameless), (3, nameless | {"code": "6-18-02-99"})])
    assert [str(why) for why in twice[1].faults.values()] == ["和第 2 行是同一个"]
    assert twice[0].faults == {}
    with pytest.raises(Refused, match="一行都没有写"):
        OCCUPATIONS.write([ROW | {"note": "新"}, {"name": ""}], admin)
    assert by_code("6-31-01-09").note == ""
