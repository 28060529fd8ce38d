"""What the page of a competition's details says of sessions that are on none of its days."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from werkzeug.test import TestResponse

from compete.commands.verify import all_faults
from compete.domain.values.states import CheckInKind
from compete.models import Account, CheckIn, Competition, Entrant, Slot, db
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import local_time
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.last_records import last_record
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.slots import follow_in_plan, planned_sessions
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small
from tests.web.organiser.competitions.test_details_page import saved


def test_sessions_on_none_of_the_days_are_said_beside_the_dates(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    at = {"event": "E", "stage": "final", "module": "task", "entrants": [], "judges": []}
    # Two turns at two stations of a session, and one that has no name.
    named = at | {"session": "第1场"}
    plan = [at | {"starts": "2022-09-14T09:00"}, at | {"starts": "2022-09-20T14:00"}]
    plan += [
        named | {"station": station, "starts": f"2022-09-20T{hour}"}
        for station in ("1号", "2号")
        for hour in ("09:00", "09:30")
    ]
    competition = load(small(all_marks()))
    with unit_of_work():
        kept = competition.extra or {}
        about = kept.get("competition") or {}
        competition.extra = kept | {"competition": about | {"schedule": plan}}
    desk = signed_in(app, organiser)
    page = saved(desk, starts="2022-09-14", ends="2022-09-15")
    assert "日程里有 2 场不在这几天：2022年9月20日" in page
    assert "/desk/X/sessions" in page
    assert "评分已经开始，日程不能再移" in page
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
    assert "已经有人检录，日程不能再移" in desk.get("/desk/X/details").text
    assert desk.post(url, data={"days": "7"}).status_code == 409


def test_one_session_moves_with_its_turns_and_its_people_and_back(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """To another day too; nobody is put at two places, and what was typed wrongly stays."""
    competition = load(small())
    event = competition.events[0]
    stage = rules_of(event).stages[0]
    task, other = stage.code, "n"
    with unit_of_work():
        competition.starts = competition.ends = date(2022, 9, 14)
        people = db.session.scalars(db.select(Entrant).order_by(Entrant.code)).all()[:2]
        turns = [(people[0], 1, "第1场"), (people[1], 2, "第1场"), (people[0], 6, "第2场")]
        for n, (person, hour, name) in enumerate(turns):
            at = datetime(2022, 9, 15, hour, tzinfo=UTC)
            slot = Slot(entrant_id=person.id, stage=task, module="m" if n < 2 else "m2")
            slot.station, slot.session = f"{n % 2}号", name
            slot.check_in_at, slot.starts_at = at - timedelta(minutes=30), at
            db.session.add(slot)
        sits = Slot(entrant_id=people[1].id, stage=task, module=other, station="考场")
        sits.starts_at = datetime(2022, 9, 14, 3, tzinfo=UTC)
        sits.ends_at = datetime(2022, 9, 14, 4, tzinfo=UTC)
        db.session.add(sits)
        db.session.flush()
        for module in ("m", "m2", other):
            follow_in_plan(event, task, module)
    desk, url = signed_in(app, organiser), "/desk/X/sessions"

    def stands() -> list[str]:
        db.session.expire_all()
        slots = db.session.scalars(db.select(Slot).where(Slot.module != other).order_by(Slot.id))
        return [f"{local_time(slot.starts_at):%d %H:%M}" for slot in slots if slot.starts_at]

    page = desk.get(url).text
    assert page.count("不在竞赛的这几天") == 2
    assert "日程里有 2 场不在这几天" in desk.get("/desk/X/details").text
    assert "2022年9月15日 09:00，最后一轮 10:00" in page
    before, plan = stands(), planned_sessions(competition)
    first = hidden(page, "session")[1]

    def moved(at: str) -> TestResponse:
        return desk.post(url, data={"session": first, "at": at})

    wrong = moved("morgen")
    assert (wrong.status_code, 'value="morgen"' in wrong.text) == (400, True)
    assert moved("2022-09-15T09:00").status_code == 400
    # The second turn would be while its person sits elsewhere.
    taken = moved("2022-09-14T10:30")
    assert (taken.status_code, people[1].name in taken.text) == (409, True)
    assert "那时在别处" in taken.text
    assert stands() == before
    assert moved("2022-09-14T08:10").status_code == 302
    assert stands() == ["14 08:10", "14 09:10", "15 14:00"]
    starts = {(it.get("session"), it["starts"]) for it in planned_sessions(competition)}
    assert ("第1场", "2022-09-14T09:10") in starts
    assert moved("2022-09-14T07:00").status_code == 409
    page = desk.get(url).text
    assert page.count("不在竞赛的这几天") == 1
    assert "从 2022-09-15 09:00 移到 2022-09-14 08:10" in page
    mark = hidden(page, "change")[0]
    assert desk.post(f"{url}/undo", data={"change": "0"}).status_code == 409
    assert desk.post(f"{url}/undo", data={"change": mark}).status_code == 302
    assert (stands(), planned_sessions(competition)) == (before, plan)
    assert "移到 2022-09-14 08:10" in desk.get("/desk/X/").text
    assert list(verify_chain(competition)) == []


def hidden(page: str, name: str) -> list[str]:
    """What the page's hidden fields of a name say."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page)
