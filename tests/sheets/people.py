"""Offers, people and workbooks for the tests. All are invented: region 3200xx is not issued."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from compete.domain.identity.citizen_id import citizen_check_digit
from compete.domain.identity.papers import Paper
from compete.sheets.registration.people import (
    KnownEntrant,
    KnownPeople,
    OfferedEvent,
    OfferedTeam,
    OfferedUnit,
    RegistrationOffer,
)
from compete.sheets.registration.plan import RegistrationPlan
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.reading import read_registration
from compete.sheets.registration.template import write_registration_workbook

RegistrationRow: TypeAlias = dict[str, str]
"""What stands in a row of the workbook, by the keys of its columns."""
TODAY = date(2022, 9, 8)
PORTS = ("海州港", "江南港", "江北港", "运河港", "沿江石化港", "省港口集团")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = "一二三四五六七八九十百千甲乙丙丁"

NOBODY = KnownPeople(lambda paper, number: f"{paper}:{number}")


def citizen_id(birth: date, serial: int) -> str:
    """A number with a right check digit; an odd `serial` below 1000 makes a man's."""
    first_17 = f"320000{birth:%Y%m%d}{serial:03d}"
    return first_17 + citizen_check_digit(first_17)


ID_1 = citizen_id(date(1990, 1, 1), 1)
ID_2 = citizen_id(date(1985, 12, 31), 2)
ID_3 = citizen_id(date(1988, 7, 15), 1)


def port_offer(units: int = 0) -> RegistrationOffer:
    """The port forklift competition, with further units if wanted."""
    names = [*PORTS, *(f"第{number}港务公司" for number in range(len(PORTS) + 1, units + 1))]
    return RegistrationOffer(
        competition="2022年全省港口叉车司机职业技能竞赛",
        events=(
            OfferedEvent("FORK", "叉车司机", "F"),
            OfferedEvent("CRANE", "门座式起重机司机", "C"),
        ),
        units=tuple(OfferedUnit(f"U{n:02d}", name) for n, name in enumerate(names, start=1)),
        teams=(
            OfferedTeam("T01", "海州港代表队", "FORK", "U01"),
            OfferedTeam("T02", "江南港代表队", "FORK", "U02"),
        ),
    )


def one_row(**other: str) -> RegistrationRow:
    """A row without fault, but for what is given."""
    fields = {"name": "赵启明", "id_number": ID_1, "unit": "海州港", "event": "叉车司机"}
    return RegistrationRow(**{**fields, **other})


def many_rows(people: int, offer: RegistrationOffer) -> list[RegistrationRow]:
    """Rows as an organiser has them, each person another."""
    rows = []
    for number in range(people):
        birth = date(1970, 1, 1) + timedelta(days=number % 10_000)
        serial = 1 + 2 * (number // 10_000)
        name = SURNAMES[number % 16] + GIVEN[number // 16 % 16] + GIVEN[number // 256 % 16]
        rows.append(
            RegistrationRow(
                name=name,
                paper="居民身份证",
                id_number=citizen_id(birth, serial),
                unit=offer.units[number % len(offer.units)].name,
                gender="男",
                birth=birth.isoformat() if number % 2 else f"{birth:%Y.%m}",
                event=offer.events[0].name,
                team=f"{number % 40}队" if number % 3 else "",
                group="职工",
                grade="四级/中级工" if number % 2 else "五级/初级工",
                phone=f"138{number:08d}",
            )
        )
    return rows


def workbook_of(*rows: RegistrationRow) -> bytes:
    """The template of `port_offer` with these rows from row 4 on."""
    return write_registration_workbook(port_offer(), rows)


def plan_of(data: bytes, known: KnownPeople = NOBODY, **options: Any) -> RegistrationPlan:
    """Read and plan."""
    return plan_registration(read_registration(data), port_offer(), known, today=TODAY, **options)


def entrants_of(plan: RegistrationPlan, id_key: Callable[[Paper, str], str]) -> list[KnownEntrant]:
    """Everybody the plan writes, as the database would know them afterwards."""
    return [
        KnownEntrant(
            code=r.code,
            name=r.name,
            event=r.event,
            unit=r.unit,
            id_key=id_key(r.paper, r.id_number),
            gender=r.gender,
            birth=r.birth,
            team=r.team,
            group=r.group,
            grade=r.grade,
            phone=r.phone,
            promoted=r.promoted,
        )
        for row in plan.rows
        if (r := row.registration) is not None
    ]


def known_after(plan: RegistrationPlan) -> KnownPeople:
    """The same, ready for the next plan."""
    return KnownPeople(NOBODY.id_key, entrants_of(plan, NOBODY.id_key))


def offer_after(plan: RegistrationPlan) -> RegistrationOffer:
    """The offer with the units and teams that the plan makes."""
    offer = port_offer()
    return RegistrationOffer(
        offer.competition,
        offer.events,
        (*offer.units, *(OfferedUnit(u.code, u.name) for u in plan.new_units)),
        (*offer.teams, *(OfferedTeam(t.code, t.name, t.event, t.unit) for t in plan.new_teams)),
    )


def raw_workbook(sheets: Mapping[str, Iterable[Sequence[Any]]], change: Any = None) -> bytes:
    """A workbook of somebody's own making, cell by cell; `change` may alter it before saving."""
    book = openpyxl.Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    book.remove(first)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def shared_text_table(*rows: Sequence[str]) -> bytes:
    """As `own_table`, by a writer that keeps each text once, as Excel does."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("选手")
    for number, row in enumerate((HEADER, *rows)):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


HEADER = ("姓名", "证件号码", "单位", "赛项", "出生年月", "证件类型", "性别", "手机", "编号")


def own_table(*rows: Sequence[Any], change: Any = None) -> bytes:
    """A workbook not from our template: `HEADER` in row 1, people from row 2."""
    return raw_workbook({"选手": [HEADER, *rows]}, change)


def reasons(plan: RegistrationPlan, row: int = 0) -> list[str]:
    """The sentences of one row, counted from 0."""
    return [str(problem.message) for problem in plan.rows[row].problems]


def notes(plan: RegistrationPlan, row: int = 0) -> list[str]:
    """What is remarked on one row, counted from 0."""
    return [str(note) for note in plan.rows[row].notes]


def passport_row(**other: str) -> RegistrationRow:
    """Somebody with a passport."""
    fields = {"paper": "护照", "id_number": "E12345678", "birth": "1990-01-01", "gender": "女"}
    return one_row(**{**fields, **other})
