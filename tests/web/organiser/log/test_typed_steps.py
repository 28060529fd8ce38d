"""What was typed in steps reads as one change; the chain keeps each step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from compete.models import AuditEntry
from compete.web.organiser.log.record_words import record_text
from compete.web.organiser.log.typed_steps import joined_steps

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def step(minute: int, before: Any, after: Any, who: str = "吴敏", **more: Any) -> AuditEntry:
    return AuditEntry(
        seq=minute,
        at=NOON + timedelta(minutes=minute),
        actor=who,
        actor_id=len(who) + ord(who[0]),
        subject="X",
        before=before,
        after=after,
        **{"action": "competition.change"} | more,
    )


def test_steps_of_one_person_read_as_one_change(app: Flask) -> None:
    steps = [
        step(0, {"venue": None}, {"venue": "第"}),
        step(1, {"venue": "第"}, {"venue": "第三码头"}),
        step(9, {"host": "港口"}, {"host": "省总"}),
        step(10, {"host": "省总"}, {"host": "港口"}),
    ]
    with app.test_request_context():
        (merged_step,) = joined_steps(reversed(steps))
        assert merged_step.at == steps[-1].at
        assert record_text(merged_step, {}) == "吴敏 改竞赛资料：地点 空 → 第三码头"
        back = joined_steps(
            [step(1, {"venue": "b"}, {"venue": "a"}), step(0, {"venue": "a"}, {"venue": "b"})]
        )
        assert record_text(next(back), {}) == "吴敏 改竞赛资料，又改回去了"


def test_a_rest_another_person_and_a_button_begin_another_change() -> None:
    was, now = {"venue": "a"}, {"venue": "b"}
    for steps in (
        [step(0, was, now), step(11, now, was)],
        [step(0, was, now), step(1, now, was, who="李刚")],
        [step(0, was, now, action="unit.rename"), step(1, now, was, action="unit.rename")],
        [step(0, was, now), step(1, was, now, action="units.window"), step(2, now, was)],
    ):
        assert list(joined_steps(reversed(steps))) == steps[::-1]


def test_versions_in_a_row_are_told_by_the_last_one(app: Flask) -> None:
    made = [
        step(
            n,
            {"version": n, "rules": f"{n}"},
            {"version": n + 1, "rules": f"{n + 1}"},
            action="event.rules",
        )
        for n in range(1, 6)
    ]
    with app.test_request_context():
        (merged_step,) = joined_steps(reversed(made))
        assert record_text(merged_step, {"X": "叉车"}) == "吴敏 改 叉车 的规则，存为第 6 版"
        assert merged_step.before == {"version": 1, "rules": "1"}
