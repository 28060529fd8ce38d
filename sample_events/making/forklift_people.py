"""Who takes part in the port forklift competition, and who judges it."""

from __future__ import annotations

from typing import Any

from making.people import People

SEED = 2022

UNITS = {
    "U01": "省港口集团",
    "U02": "江南港",
    "U03": "江北港",
    "U04": "海州港",
    "U05": "运河港",
    "U06": "洪泽湖港",
    "U07": "沿江石化港",
    "U08": "沿海散货港",
    "U09": "内河集装箱港",
    "U10": "淮河港",
    "U11": "苏中港",
    "U12": "通江客货港",
}

NAMED = {
    1: "赵启明",
    2: "吕䶮",
    3: "程国栋",
    4: "钱海峰",
    5: "唐文杰",
    7: "孙志远",
    8: "冯建军",
    10: "李晓东",
    11: "郑大伟",
    12: "李浩",
    13: "周学军",
    14: "周一凡",
    21: "林海涛",
    26: "王𠅤",
    33: "陈㛃",
    44: "顾长江",
    45: "丁𠅤",
    46: "苏敏",
}
"""Names that stories are told of, and names that few fonts can write."""

_PLACES = (
    "U01 U01 U01 U02 U02 U02 U03 U03 U03 U04 U04 U04 U05 U05 U05 U07 U07 U07 U07 U06 U06 U06 U06 "
    "U08 U08 U08 U08 U09 U09 U09 U09 U10 U10 U10 U10 U11 U11 U11 U11 U01 U02 U03 U12 U12 U12 U12"
)
PLACES = _PLACES.split()
"""The unit of B01, B02, …, B46."""

HELD_BACK = ("B44", "B45", "B46")
"""Who is not registered yet when the walk begins."""

STATIONS = {
    "1号工位": ("J01", "J02", "J06"),
    "2号工位": ("J03", "J04", "J05"),
    "3号工位": ("J07", "J08", "J09"),
    "4号工位": ("J10", "J11", "J12"),
}
THEORY_JUDGE = "J05"

OFFICIALS = (
    ("C01", "沈国梁", "chief"),
    ("S01", "田春", "supervisor"),
    ("R01", "季红", "recorder"),
    ("K01", "丁一鸣", "coder"),
)
_JUDGES = "万立国 何春兰 许静 高志强 万敏 罗斌 顾海燕 陆文斌 邵军 童建国 倪晓燕 薛永强"
JUDGES = _JUDGES.split()


def code(number: int) -> str:
    """The number on a contestant's badge: B01 …"""
    return f"B{number:02d}"


def entrants() -> list[dict[str, Any]]:
    """All 46, in the order of their codes."""
    people = People(SEED, region=22)
    people.keep_free(*NAMED.values(), *JUDGES)
    rows = []
    for number, unit in enumerate(PLACES, start=1):
        gender = "female" if number in (33, 46) else None
        person = people.person(NAMED.get(number), gender)
        row: dict[str, Any] = {
            "code": code(number),
            "name": person.name,
            "event": "FORK",
            "unit": unit,
            "id_number": person.id_number,
            "grade": _grade(number),
            "promoted": {8: 2022, 30: 2019}.get(number),
            "team": None if number == 15 else f"T{unit[1:]}",
            "phone": person.phone,
            "gender": person.gender,
            "birth": person.birth.isoformat(),
        }
        rows.append({key: value for key, value in row.items() if value is not None})
    return rows


def _grade(number: int) -> int | None:
    """Mostly 中级工; a few stand higher or lower, some have none."""
    special = {2: 3, 3: 2, 5: 3, 9: 5, 17: 3, 24: None, 31: 5, 38: None, 41: 3}
    return special.get(number, 4)


def units() -> list[dict[str, Any]]:
    """The twelve ports."""
    return [{"code": unit, "name": name} for unit, name in UNITS.items()]


def teams() -> list[dict[str, Any]]:
    """One for each unit."""
    return [
        {"code": f"T{unit[1:]}", "name": f"{name}代表队", "event": "FORK", "unit": unit}
        for unit, name in UNITS.items()
    ]


def judges() -> list[dict[str, Any]]:
    """The chief, twelve judges, and those who never mark."""
    rows = [{"code": who, "name": name, "role": role} for who, name, role in OFFICIALS]
    rows[1:1] = [
        {"code": f"J{number:02d}", "name": name, "role": "judge"}
        for number, name in enumerate(JUDGES, start=1)
    ]
    return rows
