"""A year's series of a province: what 61 unions report of their own contests, and one final.

The counts are of events held elsewhere: sessions and people, never names. Their sums are the
province's figures of the year; the final's theory was sat by 570, of whom 348 passed and four
went to the nation's.
"""

from __future__ import annotations

from random import Random
from typing import Any

from making import evaluation

SEED = 20250601
SESSIONS, PEOPLE = 2_000, 1_860_000
SAT, PASSED, SENT = 570, 348, 4
ROOT, FINAL, NATION = "全省职工劳动和技能竞赛", "全省灌排泵站运行工决赛理论考试", "全国水利行业决赛"
MENTORS = ("柏树清", "苗长河", "时建业", "岑广源")
VISITS = ("2026-01-15", "2026-02-10", "2026-03-12")

_CITIES = (
    *("滨江", "江口", "沙洲", "东塘", "白塔", "云湖", "临河", "南陵", "青浦桥"),
    *("石梁", "安阳港", "长泰", "新平"),
)
_TRADES = (
    *("水利", "交通", "电力", "建设", "港航", "化工", "机冶", "煤炭", "邮电", "轻工", "纺织"),
    *("金融", "卫生", "教育", "农林", "海运", "民航", "国防", "商贸", "环保"),
)
_FIRMS = (
    *("港口集团", "交通控股", "水利工程公司", "电力公司", "钢铁集团", "化工集团", "船舶集团"),
    *("建工集团", "地铁集团", "水务集团", "能源集团", "盐业集团", "农垦集团", "机场集团"),
    *("铁路集团", "纺织集团", "矿务集团", "通信公司", "邮政公司", "粮食集团", "燃气集团"),
    *("高速公路公司", "造纸集团", "重工集团", "仪表集团", "制药集团", "汽车集团", "林业集团"),
)


def series() -> dict[str, Any]:
    """The series, what came of a winner outside, and mentors with their pupils."""
    return {
        "series": {
            "name": "2025 年全省职工劳动和技能竞赛",
            "year": 2025,
            "organiser": "省总工会",
            "level": "provincial-1",
        },
        "nodes": [
            {"name": NATION, "level": "national-2", "organiser": ""},
            {"name": ROOT, "level": "provincial-1", "organiser": "省总工会"},
        ],
        "reports": _reports(),
        "outside": {
            "contest": "全国水利行业职业技能竞赛",
            "host": "全国水利行业竞赛组委会",
            "level": "national-2",
            "day": "2023-11-18",
            "event": "泵站运行工",
            "rank": 4,
            "entered": 62,
            "document": "水竞组〔2023〕9号",
        },
        "pairs": _pairs(),
        "visits": [{"day": day, "text": "跟班看了一次开停机，讲了故障处理"} for day in VISITS],
        "ended": "2026-03-31",
    }


def _reports() -> list[dict[str, str]]:
    """A row each, as unions send them: by the keys of the columns."""
    unions = [
        *((f"{name}市总工会", "市级") for name in _CITIES),
        *((f"省{name}工会", "省级二类") for name in _TRADES),
        *((f"省{name}工会委员会", "企业") for name in _FIRMS),
    ]
    chance = Random(SEED)
    weights = [chance.uniform(1, 12) * (3 if level == "市级" else 1) for _name, level in unions]
    sessions, people = _shared(SESSIONS - 1, weights), _shared(PEOPLE - SAT, weights)
    return [
        *(
            _row(name, ROOT, level, sessions[at], people[at], f"2025-11-{at % 28 + 1:02}", name)
            for at, (name, level) in enumerate(unions)
        ),
        _row(FINAL, ROOT, "省级一类", 1, SAT, "2025-09-20", "决赛组委会")
        | {"examined": str(SAT), "passed": str(PASSED)},
        _row(NATION, "", "国家级二类", 1, SENT, "2025-11-20", "省代表队"),
    ]


def _row(
    name: str, parent: str, level: str, sessions: int, people: int, day: str, by: str
) -> dict[str, str]:
    counts = {"sessions": str(sessions), "people": str(people)}
    return {"name": name, "parent": parent, "level": level, **counts, "day": day, "told_by": by}


def _pairs() -> list[dict[str, str]]:
    """Mentors of people of the evaluation: in each of the largest units one, with two pupils."""
    bundle = evaluation.bundle()
    units = {it["code"]: it["name"] for it in bundle["units"]}
    people: dict[str, list[str]] = {}
    for it in bundle["entrants"]:
        if it["event"] == "PUMP-5":
            people.setdefault(units[it["unit"]], []).append(it["name"])
    largest = sorted(people, key=lambda unit: (-len(people[unit]), unit))[: len(MENTORS)]
    return [
        {
            **{"organisation": unit, "mentor": mentor, "mentor_unit": unit, "mentor_grade": "技师"},
            **{"pupil": pupil, "pupil_unit": unit, "target_grade": "中级工"},
            **{"occupation": "灌排泵站运行工", "starts": "2026-01-01", "until": "2026-12-31"},
            "aims": "能独立开停机，会查一般故障",
            "document": f"师徒〔2026〕{2 * at + place}号",
        }
        for at, (unit, mentor) in enumerate(zip(largest, MENTORS, strict=True))
        for place, pupil in enumerate(people[unit][:2], 1)
    ]


def _shared(total: int, weights: list[float]) -> list[int]:
    """Share a whole number by weights, at least one each; the first takes what rounding leaves."""
    spare = total - len(weights)
    parts = [1 + int(spare * weight / sum(weights)) for weight in weights]
    parts[0] += total - sum(parts)
    return parts
