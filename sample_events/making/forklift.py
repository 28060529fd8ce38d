"""sample_events/port-forklift: the competition the first walk goes through."""

from __future__ import annotations

from typing import Any

from making import forklift_marks, forklift_people
from making.forklift_rules import event
from making.forklift_schedule import schedule
from making.notes import invented


def bundle() -> dict[str, Any]:
    """The whole competition with its marks, as the file holds it."""
    return {
        "format": "compete-bundle/1",
        "competition": {
            "code": "FORK-2022",
            "name": "2022年全省港口叉车司机职业技能竞赛",
            "kind": "skills",
            "level": "provincial-2",
            "year": 2022,
            "starts": "2022-09-15",
            "ends": "2022-09-17",
            "host": "省部属企事业工会",
            "series": "全省港口叉车司机职业技能竞赛",
            "venue": "江北港实训场",
            "extra": {
                "note": invented(forklift_people.SEED),
                "contact": "韩平，检录处 0517-0000 0016",
                "place": "江北港实训场 B 区，东门进，先到检录处",
                "bring": ["身份证原件", "参赛证", "反光背心", "安全帽"],
                "schedule": schedule(),
                "demo": _demo(),
            },
        },
        "units": forklift_people.units(),
        "judges": forklift_people.judges(),
        "entrants": forklift_people.entrants(),
        "teams": forklift_people.teams(),
        "events": [event()],
        "marks": forklift_marks.marks(),
        "outcomes": forklift_marks.outcomes(),
        "penalties": forklift_marks.penalties(),
        "times": forklift_marks.times(),
    }


def _demo() -> dict[str, Any]:
    """What is left for the walk to do: see docs/bundle.md, "A demonstration"."""
    return {
        "hold_back": list(forklift_people.HELD_BACK),
        "unmarked": [
            {"module": "driving", "judge": judge, "entrants": ["B38", "B42"]}
            for judge in ("J03", "J04", "J05")
        ],
        "judges": ["J03", "J05"],
        "away": ["J04"],
        "chief": "C01",
    }


CHANGES = {
    "B06": {"phone": "19900008006"},
    "B19": {"phone": "19900008019"},
    "B24": {"grade": "四级/中级工"},
}
"""What the workbook knows better than the bundle: two new telephones and a new grade."""
