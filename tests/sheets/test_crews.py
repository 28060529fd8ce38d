"""Crews in the registration workbook: a row for each member, together or not at all."""

from __future__ import annotations

from datetime import date

from compete.domain.values.kinds import CrewRole
from compete.sheets.registration.people import KnownEntrant, KnownPeople
from compete.sheets.registration.plan import RegistrationPlan, RowStatus
from tests.sheets.people import (
    ID_1,
    ID_2,
    ID_3,
    NOBODY,
    RegistrationRow,
    citizen_id,
    one_row,
    plan_of,
    workbook_of,
)

ID_4 = citizen_id(date(1989, 7, 15), 3)


def member(number: str, name: str, **more: str) -> RegistrationRow:
    return one_row(**({"crew": "海鹰组", "id_number": number, "name": name} | more))


def messages_of(plan: RegistrationPlan) -> list[str]:
    return [str(problem.message) for row in plan.rows for problem in row.problems]


def known_crew(*, closed: bool = False) -> KnownPeople:
    crew = KnownEntrant(
        code="F001", name="海鹰组", event="FORK", unit="U01", id_key=None, is_crew=True
    )
    people = [
        KnownEntrant(
            code=f"F001-{place}",
            name=name,
            event="FORK",
            unit="U01",
            id_key=NOBODY.id_key("citizen_id", number),  # type: ignore[arg-type]
            crew="海鹰组",
            crew_code="F001",
            role=role,
            birth=born,
            gender="male" if place == 1 else "female",
        )
        for place, (name, number, role, born) in enumerate(
            [
                ("甲", ID_1, CrewRole.MAIN, date(1990, 1, 1)),
                ("乙", ID_2, CrewRole.ASSISTANT, date(1985, 12, 31)),
            ],
            start=1,
        )
    ]
    return KnownPeople(NOBODY.id_key, [crew, *people], crews_closed=closed)


def test_rows_of_one_crew_are_put_together() -> None:
    data = workbook_of(
        member(ID_1, "甲"), one_row(id_number=ID_3, name="丙"), member(ID_2, "乙", role="辅助选手")
    )
    plan = plan_of(data)
    assert messages_of(plan) == []
    registrations = [row.registration for row in plan.rows if row.registration]
    assert [
        (registration.code, registration.crew_code, registration.role)
        for registration in registrations
    ] == [
        ("F001-1", "F001", None),
        ("F002", None, None),
        ("F001-2", "F001", CrewRole.ASSISTANT),
    ]


def test_one_alone_is_no_crew_and_a_fault_stops_all_of_it() -> None:
    plan = plan_of(workbook_of(member(ID_1, "甲")))
    assert messages_of(plan) == ["组合 Q4：组合“海鹰组”只有 1 个人，组合要两人以上"]
    plan = plan_of(workbook_of(member(ID_1, "甲"), member(ID_2[:-1] + "9", "乙")))
    assert messages_of(plan)[0] == "组合 Q4：组合里第 5 行有错，改好一起写入"
    assert plan.count(RowStatus.REFUSED) == 2
    # Of another unit it is another crew.
    plan = plan_of(workbook_of(member(ID_1, "甲"), member(ID_2, "乙", unit="江南港")))
    assert [sentence[:4] for sentence in messages_of(plan)] == ["组合 Q", "组合 Q"]
    plan = plan_of(workbook_of(one_row(role="主选手"), member(ID_2, "乙", role="副手")))
    assert messages_of(plan)[:2] == [
        "组合里的职责 R4：写了职责，就要写组合",
        "组合 Q5：组合“海鹰组”只有 1 个人，组合要两人以上",
    ]


def test_the_same_rows_again_change_nothing_and_a_field_changes_a_member() -> None:
    rows = [
        member(ID_1, "甲", unit="海州港"),
        member(ID_2, "乙", unit="海州港", phone="13800000001"),
    ]
    plan = plan_of(workbook_of(*rows), known_crew())
    assert messages_of(plan) == []
    assert [row.status for row in plan.rows] == [RowStatus.UNCHANGED, RowStatus.CHANGED]
    assert [change.column for change in plan.rows[1].changes] == ["phone"]
    registration = plan.rows[1].registration
    assert registration is not None
    assert (registration.code, registration.crew_code) == ("F001-2", "F001")


def test_who_is_in_a_crew_stays_in_it_and_others_may_join_until_judging() -> None:
    rows = [
        member(ID_1, "甲", crew="别的组"),
        member(ID_2, "乙", unit="江南港"),
        member(ID_3, "丙", unit="海州港"),
    ]
    plan = plan_of(workbook_of(*rows), known_crew())
    assert messages_of(plan) == [
        "组合 Q4：已经在组合“海鹰组”里",
        "单位 E5：组合“海鹰组”是海州港的，在它的页上更正",
    ]
    joined = plan.rows[2].registration
    assert joined is not None
    assert (joined.code, joined.crew_code) == ("F001-3", "F001")
    closed = plan_of(workbook_of(rows[2]), known_crew(closed=True))
    assert messages_of(closed) == ["组合 Q4：评分已经开始，组合“海鹰组”不再加人"]
    alone = KnownEntrant(
        code="F009",
        name="丁",
        event="FORK",
        unit="U01",
        id_key=NOBODY.id_key("citizen_id", ID_4),  # type: ignore[arg-type]
    )
    plan = plan_of(workbook_of(member(ID_4, "丁")), KnownPeople(NOBODY.id_key, [alone]))
    assert messages_of(plan) == ["组合 Q4：F009 丁 已经一个人报了名"]


def test_a_row_is_never_taken_for_the_crew_itself() -> None:
    plan = plan_of(workbook_of(one_row(name="海鹰组", code="F001", id_number=ID_3)), known_crew())
    assert messages_of(plan) == ["编号 A4：F001 已经是“海鹰组”的编号"]
