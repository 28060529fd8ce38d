"""What the page of a competition's details says of sessions that are on none of its days."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from compete.models import Account, Competition, Entrant, Slot, db
from compete.services.kernel import last_record, unit_of_work, verify_chain
from compete.services.schedule import planned_sessions
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
    with unit_of_work():
        person = db.session.scalars(db.select(Entrant)).first()
        assert person is not None
        db.session.add(Slot(entrant_id=person.id, stage="final", module="task"))
    assert "已经有人排了场次" in desk.get("/desk/X/details").text
    assert desk.post(url, data={"days": "26"}).status_code == 409
    assert list(verify_chain(competition)) == []
