"""sample_events/yangtze-recovery: eleven teams of four provinces."""

from __future__ import annotations

import random
from typing import Any

from making.notes import invented
from making.people import People
from making.recovery_rules import MACHINES, event

SEED = 1147

PROVINCES = {"SH": "上海市", "JS": "江苏省", "ZJ": "浙江省", "AH": "安徽省"}
TEAMS = {
    "JS1": "江苏交控一队",
    "JS2": "江苏交控二队",
    "JS3": "江苏交控三队",
    "JS4": "江苏地方队",
    "SH1": "上海一队",
    "SH2": "上海二队",
    "ZJ1": "浙江一队",
    "ZJ2": "浙江二队",
    "ZJ3": "浙江三队",
    "AH1": "安徽一队",
    "AH2": "安徽二队",
}
MEMBERS = 3
STRENGTH = {"JS1": 3, "JS2": 3, "JS3": 2, "JS4": 1, "ZJ1": 2, "SH1": 1, "ZJ2": 1}
"""How good a team is; the home province did best on its own machines."""

STOPPED = ("R20", "crane")
"""Who did not finish, and on which machine: nothing was lifted, no time was taken."""

PANELS = {code: [f"{code[0].upper()}{seat}" for seat in (1, 2, 3)] for code, *_ in MACHINES}


def bundle() -> dict[str, Any]:
    """The whole competition with its marks."""
    people = _entrants()
    runs = _runs(people)
    return {
        "format": "compete-bundle/1",
        "competition": {
            "code": "RESCUE-2022",
            "name": "首届长三角清障岗位（救援机械操作员）竞赛",
            "kind": "skills",
            "level": "provincial-1",
            "year": 2022,
            "starts": "2022-11-23",
            "ends": "2022-11-24",
            "host": "沪苏浙皖四省市总工会、江苏省人力资源和社会保障厅",
            "series": "长三角清障岗位（救援机械操作员）竞赛",
            "venue": "靖江",
            "extra": {"note": invented(SEED), "edition": 1, "schedule": _schedule(people)},
        },
        "units": [
            *({"code": code, "name": name} for code, name in PROVINCES.items()),
            *({"code": code, "name": name, "parent": code[:2]} for code, name in TEAMS.items()),
        ],
        "judges": _judges(),
        "entrants": people,
        "teams": [
            {"code": f"T-{code}", "name": name, "event": "RESCUE", "unit": code}
            for code, name in TEAMS.items()
        ],
        "events": [event()],
        "marks": [mark for run in runs for mark in run["marks"]],
        "outcomes": [
            {
                "stage": "final",
                "module": STOPPED[1],
                "entrant": STOPPED[0],
                "status": "dnf",
                "reason": "吊臂报警，规定时间内没有排除",
            },
            {"stage": "final", "entrant": "R33", "status": "dsq", "reason": "替考，取消全部成绩"},
        ],
        "penalties": [
            {
                "stage": "final",
                "module": "rotator",
                "entrant": "R08",
                "seconds": 30,
                "reason": "支腿垫板没放正，加 30 秒",
            },
            {
                "stage": "final",
                "module": "fitness",
                "entrant": "R15",
                "seconds": 3,
                "reason": "压线一次，加 3 秒",
            },
        ],
        "times": [time for run in runs for time in run["times"]],
    }


def _entrants() -> list[dict[str, Any]]:
    people = People(SEED, region=24)
    dice = random.Random(SEED)
    rows: list[dict[str, Any]] = []
    for team in TEAMS:
        for _ in range(MEMBERS):
            person = people.person()
            grade = dice.choice((None, 5, 5, 4, 4, 4, 3))
            rows.append(
                {
                    "code": f"R{len(rows) + 1:02d}",
                    "name": person.name,
                    "event": "RESCUE",
                    "unit": team,
                    "id_number": person.id_number,
                    **({"grade": grade} if grade else {}),
                    "team": f"T-{team}",
                    "phone": person.phone,
                    "gender": person.gender,
                    "birth": person.birth.isoformat(),
                }
            )
    return rows


def _judges() -> list[dict[str, Any]]:
    people = People(SEED + 1, region=25)
    codes = ["C1", "P1", "S1", *(judge for panel in PANELS.values() for judge in panel)]
    roles = {"C1": "chief", "S1": "supervisor"}
    return [
        {"code": code, "name": people.person().name, "role": roles.get(code, "judge")}
        for code in dict.fromkeys(codes)
    ]


def _runs(people: list[dict[str, Any]]) -> list[dict[str, list[dict[str, Any]]]]:
    dice = random.Random(SEED)
    return [_run(dice, one["code"], STRENGTH.get(one["unit"], 0)) for one in people]


def _run(dice: random.Random, who: str, strength: int) -> dict[str, list[dict[str, Any]]]:
    """One contestant's marks; a stronger team makes fewer faults and is quicker."""
    marks = [_mark(who, "theory", "P1", "paper", f"{dice.randint(124 + 6 * strength, 190) / 2:g}")]
    times = []
    for machine, _, full_at, zero_at in MACHINES:
        slow = dice.uniform(0.0, 0.75 - 0.2 * strength)
        seconds = round(full_at + (zero_at - full_at) * slow) - dice.randint(0, 20)
        faults = dice.randint(0, 5 - strength)
        steady = min(3, dice.randint(1, 2) + (1 if strength > 1 else 0))
        guard = dice.random() < 0.85 + 0.05 * strength
        if (who, machine) != STOPPED:
            times.append({"stage": "final", "module": machine, "entrant": who, "seconds": seconds})
        for judge in PANELS[machine]:
            wrote = {
                "guard": guard,
                "faults": faults + dice.choice((0, 0, 0, 1)),
                "steady": steady - dice.choice((0, 0, 1)),
                "time": seconds,
            }
            if (who, machine) == STOPPED:
                del wrote["steady"], wrote["time"]
            marks += [
                _mark(who, machine, judge, f"{machine}-{aspect}", value)
                for aspect, value in wrote.items()
            ]
    marks += [
        _mark(who, "fitness", "P1", "carry", f"{dice.randint(380, 560) / 10:.1f}"),
        _mark(who, "fitness", "P1", "push-ups", dice.randint(48, 96)),
    ]
    return {"marks": marks, "times": times}


def _mark(who: str, module: str, judge: str, aspect: str, value: Any) -> dict[str, Any]:
    return {
        "stage": "final",
        "module": module,
        "entrant": who,
        "judge": judge,
        "aspect": aspect,
        "value": value,
    }


def _schedule(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Theory for all at once, then the three machines by turns, fitness last."""
    everybody = [one["code"] for one in people]
    day = "2022-11-24T"
    entries = [
        _entry("theory", "理论考试", "2022-11-23T14:00", "2022-11-23T15:30", "考场", everybody)
    ]
    starts = ("08:30", "10:30", "13:30")
    ends = ("10:20", "12:20", "15:20")
    for turn in range(3):
        for at, (machine, name, _, _) in enumerate(MACHINES):
            third = (turn + at) % 3
            who = everybody[third::3]
            entries.append(
                _entry(machine, f"第{turn + 1}场", day + starts[turn], day + ends[turn], name, who)
            )
    entries.append(_entry("fitness", "体能测试", day + "15:40", day + "17:00", "训练场", everybody))
    return entries


def _entry(
    module: str, session: str, starts: str, ends: str, station: str, who: list[str]
) -> dict[str, Any]:
    return {
        "event": "RESCUE",
        "stage": "final",
        "module": module,
        "session": session,
        "check_in": starts,
        "starts": starts,
        "ends": ends,
        "station": station,
        "judges": PANELS.get(module, ["P1"]),
        "entrants": who,
    }
