"""What the page of a competition's details says of sessions that are on none of its days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask

from compete.commands.verify import all_faults
from compete.domain.values import CheckInKind
from compete.models import Account, CheckIn, Competition, Entrant, Slot, db
from compete.services.kernel import last_record, local_time, unit_of_work, verify_chain
from compete.services.schedule import planned_sessions
from compete.services.schedule.slots import follow_in_plan
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small
from tests.web.organiser.test_details_page import saved


def test_sessions_on_none_of_the_days_are_said_beside_the_dates(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    at = {"event": "E", "stage": "final", "module": "task", "entrants": [], "judges": []}
    plan = [at | {"starts": f"2022-09-{day}T09:00"} for day in (14, 20, 20)]
    competition = load(small(all_marks()))
    with unit_of_work():
        kept = competition.extra or {}
        about = kept.get("competition") or {}
        competition.extra = kept | {"competition": about | {"schedule": plan}}
    desk = signed_in(app, organiser)
    page = saved(desk, starts="2022-09-14", ends="2022-09-15")
    assert "日程里有 2 场不在这几天：2022年9月20日" in page
    assert "/desk/X/hall" in page
    assert "评分已经开始，日程不能整个移" in page
    assert "不在这几天" not in saved(desk, ends="2022-09-20")


def test_the_whole_plan_moves_by_the_days_of_the_competition_and_back(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """As far as the first day was moved, though no session is on it; until somebody has a place."""
    at = {"event": "E", "stage": "final", "module": "task", "entrants": [], "judges": ["J1"]}
    plan = [
        at | {"check_in": f"2022-09-{day}T08:30", "starts": f"2022-09-{day}T09:00"}
        for day in (15, 16)
    ]
    competition = load(small())
    with unit_of_work():
        kept = competition.extra or {}
        about = kept.get("competition") or {}
        competition.extra = kept | {"competition": about | {"schedule": plan}}
    desk = signed_in(app, organiser)
    url = "/desk/X/details/move-plan"

    def stands() -> list[tuple[str, str, list[str]]]:
        db.session.expire_all()
        sessions = planned_sessions(competition)
        return [(it["check_in"], it["starts"], it["judges"]) for it in sessions]

    assert "日程整个" not in saved(desk, starts="2022-09-14", ends="2022-09-17")
    # Two days of sessions come within no one day.
    assert "整个移也移不进这几天" in saved(desk, ends="2022-09-14")
    # Typed one after the other: the last day first.
    saved(desk, ends="2022-10-13")
    page = saved(desk, starts="2022-10-10")
    assert "日程整个往后移 26 天" in page
    before = stands()
    assert desk.post(url, data={"days": "25"}).status_code == 409
    assert stands() == before
    assert desk.post(url, data={"days": "26"}).status_code == 302
    assert stands() == [
        ("2022-10-11T08:30", "2022-10-11T09:00", ["J1"]),
        ("2022-10-12T08:30", "2022-10-12T09:00", ["J1"]),
    ]
    page = desk.get("/desk/X/details").text
    assert "不在这几天" not in page
    assert "：日程整个往后移 26 天" in page
    mark = str(last_record(competition, ["schedule.move_all"]).seq)
    assert desk.post(f"{url}/undo", data={"change": "0"}).status_code == 409
    assert desk.post(f"{url}/undo", data={"change": mark}).status_code == 302
    assert stands() == before
    assert list(verify_chain(competition)) == []


def test_who_has_a_place_moves_along_until_somebody_came(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """Put off after the draw: everybody's own times are those of the plan again."""
    competition = load(small())
    with unit_of_work():
        people = db.session.scalars(db.select(Entrant).order_by(Entrant.code)).all()[:2]
        for hour, person in enumerate(people):
            at = datetime(2022, 9, 14, 1 + hour, tzinfo=UTC)
            slot = Slot(entrant_id=person.id, stage="S", module="m", station="1")
            slot.check_in_at, slot.starts_at = at - timedelta(minutes=30), at
            db.session.add(slot)
        db.session.flush()
        follow_in_plan(competition.events[0], "S", "m")
    desk, url = signed_in(app, organiser), "/desk/X/details/move-plan"

    def stands() -> list[tuple[str, str]]:
        db.session.expire_all()
        rows = db.session.scalars(db.select(Slot).order_by(Slot.starts_at))
        return [
            (local_time(row.starts_at).isoformat()[:16], it["starts"])
            for row, it in zip(rows, planned_sessions(competition), strict=True)
            if row.starts_at
        ]

    saved(desk, starts="2022-09-14", ends="2022-09-14")
    before = stands()
    assert before == [("2022-09-14T09:00",) * 2, ("2022-09-14T10:00",) * 2]
    saved(desk, ends="2022-09-21")
    assert "日程整个往后移 7 天" in saved(desk, starts="2022-09-21")
    assert desk.post(url, data={"days": "7"}).status_code == 302
    assert stands() == [("2022-09-21T09:00",) * 2, ("2022-09-21T10:00",) * 2]
    mark = str(last_record(competition, ["schedule.move_all"]).seq)
    assert desk.post(f"{url}/undo", data={"change": mark}).status_code == 302
    assert stands() == before
    assert list(verify_chain(competition)) == []
    assert all_faults() == []
    with unit_of_work():
        came = CheckIn(uuid="0" * 36, competition_id=competition.id, entrant_id=people[0].id)
        came.stage, came.kind, came.account_id = "S", CheckInKind.PASSED, organiser.id
        came.said_at = at
        db.session.add(came)
    assert "已经有人检录，日程不能整个移" in desk.get("/desk/X/details").text
    assert desk.post(url, data={"days": "7"}).status_code == 409
