"""What an evaluation asks of people beside a contest, and whom it refuses at the door."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from compete.domain import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.registration_columns import OF_EVALUATIONS
from compete.models import Account, Competition
from compete.services.kernel.competition_settings import asked_fields
from compete.services.registration.applicant_eligibility import conditions_of_entrants
from compete.services.registration.corrections import (
    WrongFieldsError,
    correct_person,
    current_fields,
)
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.registration.preview import keep_upload, left_out_in, offer_of, plan_mark
from compete.services.registration.waiting_list import plan_with_places
from compete.services.registration.writing import add_person, write_plan
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.sheets.registration.reading import fields_of_columns
from compete.sheets.registration.template import write_registration_workbook
from tests.sheets.people import own_table
from tests.sheets.reading.files import id_of
from tests.support.evaluation import evaluation
from tests.support.small import small

NEW = {
    "unit": "U",
    "name": "李新",
    "id_number": id_of(1),
    "event": "A",
    "grade": "五级",
    "grade_since": "2020-03-01",
    "months": "5年",
    "papers": "中职毕业 2010-07-01、初级职称 2012-9",
}


@pytest.fixture
def assessed(load: Callable[..., Competition]) -> Competition:
    return load(evaluation())


def added(competition: Competition, by: Account, **fields: str) -> Any:
    return add_person(competition, NEW | fields, by)


@pytest.mark.each_database
def test_what_conditions_look_at_is_entered_and_goes_into_the_file(
    assessed: Competition, organiser: Account
) -> None:
    who = added(assessed, organiser)
    bundle = export_bundle(assessed)
    entrant = next(row for row in bundle.entrants if row.code == who.code)
    assert entrant.grade_since == date(2020, 3, 1)
    assert [(it.kind, str(it.since)) for it in entrant.papers] == [
        ("中职毕业", "2010-07-01"),
        ("初级职称", "2012-09-30"),
    ]
    # It was said after the day on which conditions are looked at, and counts as said then.
    assert entrant.trade is not None
    assert (entrant.trade.months, entrant.trade.at) == (60, date(2026, 5, 10))
    assert read_bundle(write_bundle(bundle)) == bundle
    state = conditions_of_entrants(assessed, [who])[who.code]
    assert state.eligible


CANNOT_BE: list[tuple[dict[str, str], str, str]] = [
    ({"grade": "四级"}, "grade", "已经是"),
    ({"grade": "三级"}, "grade", "已经是"),
    ({"grade": "", "grade_since": "2020-03-01"}, "grade_since", "没有现等级"),
    ({"grade_since": "2020-03"}, "grade_since", "写到日"),
    ({"grade_since": "2026-06-01"}, "grade_since", "2026-05-10"),
    ({"grade_since": "2999-06-01"}, "grade_since", "还没到"),
    ({"papers": "中职毕业"}, "papers", "名称和日期"),
    ({"papers": "中职毕业 2010-13-01"}, "papers", "名称和日期"),
    ({"papers": "中职毕业 2999-01-01"}, "papers", "名称和日期"),
]


def test_what_cannot_be_is_refused_in_its_field(assessed: Competition, organiser: Account) -> None:
    for fields, field, sentence in CANNOT_BE:
        with pytest.raises(WrongFieldsError) as refused:
            added(assessed, organiser, **fields)
        assert sentence in str(refused.value.problems[field]), fields


def test_nobody_is_entered_for_two_levels_of_one_occupation(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = evaluation()
    higher = json.loads(json.dumps(plain["events"][0])) | {"code": "C", "name": "三级", "grade": 3}
    other = json.loads(json.dumps(plain["events"][0])) | {"code": "D", "name": "别的职业"}
    other["occupation"] = {"code": "6-28", "name": "别的"}
    plain["events"] += [higher, other]
    competition = load(plain)
    added(competition, organiser)
    with pytest.raises(WrongFieldsError) as refused:
        added(competition, organiser, event="C")
    assert "只能报一个等级" in str(refused.value.problems["event"])
    added(competition, organiser, event="D")
    # Nor by a correction that makes somebody of another.
    second = added(competition, organiser, event="C", name="王另", id_number=id_of(2))
    with pytest.raises(WrongFieldsError):
        correct_person(second, {"id_number": id_of(1)}, "号码错了", organiser)
    read_bundle(write_bundle(export_bundle(competition)))


def test_corrected_they_count_anew(assessed: Competition, organiser: Account) -> None:
    who = added(assessed, organiser, grade_since="2024-03-01", papers="")
    stands = current_fields(who)
    assert (stands["grade_since"], stands["papers"]) == ("2024-03-01", "")
    assert not conditions_of_entrants(assessed, [who])[who.code].eligible
    typed = stands | {"grade_since": "2021-03-01", "papers": "中专 2010-07-01"}
    plan = correct_person(who, typed, "看了原件", organiser)
    assert plan.after["grade_since"] == "2021-03-01"
    assert plan.after["papers"] == "中专 2010-07-01"
    row = next(
        verdict
        for verdict in verdicts_of(live_results(assessed).results.events[0]).verdicts
        if verdict.entrant == who.code
    )
    assert row.eligible
    with pytest.raises(WrongFieldsError) as refused:
        correct_person(who, current_fields(who) | {"grade": "4"}, "发过证", organiser)
    assert "已经是" in str(refused.value.problems["grade"])


@pytest.mark.parametrize("written", ["中专", "中专毕业证", "中等专业学校毕业", "中专（电大）"])
def test_a_diploma_is_called_as_the_conditions_call_it(
    assessed: Competition, organiser: Account, written: str
) -> None:
    who = added(assessed, organiser, grade_since="2024-03-01", papers=f"{written} 2010-07-01")
    assert [paper["kind"] for paper in who.papers or ()] == ["中专"]
    assert conditions_of_entrants(assessed, [who])[who.code].eligible


def test_the_workbook_has_the_columns_and_brings_them(
    assessed: Competition, organiser: Account
) -> None:
    book = load_workbook(BytesIO(write_registration_workbook(offer_of(assessed))))
    sheet = book["考生"]
    book_text = " ".join(
        str(cell.value) for page in book for row in page.iter_rows() for cell in row
    )
    assert not {word for word in ("赛项", "选手", "参赛", "竞赛", "代表队") if word in book_text}
    row = next(row for row in sheet.iter_rows() if any(c.value == "姓名*" for c in row))
    place = {str(cell.value).rstrip("*"): cell.column for cell in row}
    assert {"取得现等级的日期", "学历和职称"} <= set(place)
    assert not {"组合", "代表队"} & set(place)
    line = sheet.max_row + 1
    texts = {
        "姓名": "李新",
        "证件号码": id_of(1),
        "单位": "一站",
        "申报等级": assessed.events[0].name,
        "现等级": "五级/初级工",
        "取得现等级的日期": "2020-03-01",
        "学历和职称": "中专 2010-07-01",
    }
    for title, text in texts.items():
        sheet.cell(line, place[title], text)
    out = BytesIO()
    book.save(out)
    batch = keep_upload(assessed, "报名.xlsx", out.getvalue(), organiser)
    plan = plan_with_places(batch)
    assert [str(problem.what) for row in plan.rows for problem in row.problems] == []
    write_plan(batch.id, plan_mark(plan), organiser)
    who = next(person for person in everybody(assessed) if person.name == "李新")
    assert who.grade_since == date(2020, 3, 1)
    assert who.papers == [{"kind": "中专", "since": "2010-07-01"}]


@pytest.mark.parametrize(
    ("heads", "level_cells"),
    [
        (("现等级", "等级"), ("五级", "四级")),
        (("技能等级", "申报等级"), ("五级/初级工", "四级/中级工")),
        (("现等级", "申报职业", "拟申报职业技能等级"), ("初级工", "泵站运行工", "中级工")),
        (("等级", "赛项"), ("4", "泵站运行工 四级")),
    ],
)
def test_the_level_in_a_list_is_the_one_applied_for(
    load: Callable[..., Competition],
    organiser: Account,
    heads: tuple[str, ...],
    level_cells: tuple[str, ...],
) -> None:
    plain = evaluation()
    higher = plain["events"][0] | {"code": "C", "name": "泵站运行工 三级", "grade": 3}
    plain |= {
        "events": [plain["events"][0], higher],
        "entrants": plain["entrants"][:1],
        "marks": [it for it in plain["marks"] if it["entrant"] == "P1"],
    }
    assessed = load(plain)
    lines = [("姓名", "证件号码", "单位", *heads), ("李新", id_of(1), "一站", *level_cells)]
    block = "\n".join("\t".join(line) for line in lines).encode()
    batch = keep_upload(assessed, "贴的.txt", block, organiser)
    plan = plan_with_places(batch)
    assert [str(problem.what) for row in plan.rows for problem in row.problems] == []
    (registered,) = [row.registration for row in plan.rows if row.registration]
    grade = 5 if "级" in heads[0] and heads[0] != "等级" else None
    assert (registered.event, registered.grade) == ("A", grade)


def test_a_column_is_nothing_that_an_evaluation_does_not_ask(assessed: Competition) -> None:
    offered = set(fields_of_columns(left_out_in(assessed)))
    assert {"event", "grade", "papers", "role"} <= offered
    assert not {"team", "crew", "crew_role", "promoted"} & offered


def everybody(competition: Competition) -> list[Any]:
    codes = [entrant.code for entrant in export_bundle(competition).entrants]
    return list(entrants_by_code(competition, codes).values())


def test_a_contest_neither_asks_nor_takes_them(
    load: Callable[..., Competition], organiser: Account
) -> None:
    contest = load(small())
    assert not OF_EVALUATIONS & set(asked_fields(contest))
    assert offer_of(contest).left_out >= {"grade_since", "papers"}
    typed = {"unit": "U1", "name": "李新", "id_number": id_of(1), "event": "E"}
    who = add_person(contest, typed | {"grade": "五级", "grade_since": "2020-03-01"}, organiser)
    assert who.grade_since is None


def test_the_example_row_of_the_template_is_one_that_is_taken(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = evaluation()
    # The first event tries people for the lowest grade: its example holds none.
    for grade in (4, 5):
        lower = json.loads(json.dumps(plain))
        lower["competition"] |= {"code": f"EV{grade}", "starts": "2027-05-10"}
        lower["entrants"], lower["marks"] = [], []
        lower["events"] = [lower["events"][0] | {"grade": grade, "apply": []}]
        competition = load(lower)
        book = load_workbook(BytesIO(write_registration_workbook(offer_of(competition))))
        heads, example = (
            [str(cell.value or "") for cell in row] for row in book.worksheets[0].iter_rows(2, 3)
        )
        # As somebody does who takes the row as theirs.
        example[heads.index("编号")] = ""
        example = ["李新" if text == "张示例" else text for text in example]
        table = own_table([head.rstrip("*") for head in heads], example)
        (row,) = plan_with_places(keep_upload(competition, "a.xlsx", table, organiser)).rows
        problems = {problem.column for problem in row.problems} - {"id_number"}
        assert not problems, (grade, [str(problem.message) for problem in row.problems])
