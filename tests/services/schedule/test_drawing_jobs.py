"""Seats of many drawn by a job: as on the page, taken up again, ended on the way."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from compete.domain.ceremonies.checking import check_draw_file
from compete.domain.values.states import CeremonyState, JobState
from compete.models import Account, Competition, DrawCeremony, Job, Room, Slot, db
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.schedule import draw_ceremonies, drawing_jobs
from compete.services.schedule.day_plan import draw_days, plan_mark, seatless
from compete.services.schedule.draw_ends import agree_end, end_draw
from compete.services.schedule.draw_lists import published_file
from compete.services.schedule.drawing_jobs import draw_days_or_ask, why_not_drawn
from compete.services.schedule.plan_grid import plan_of
from tests.services.jobs.conftest import KilledError
from tests.services.schedule.test_day_plan import slots_of
from tests.support.kind_walks import second_organiser
from tests.support.passing import passed
from tests.support.roomed import centre, doubled_seats, lay_in, make_rooms

Load = Callable[..., Competition]
PEOPLE = {"A": 70, "B": 50}
NAMES = {f"{event}|s|theory": f"认定 {event} 理论" for event in PEOPLE}
MORNING = "2026-12-07 09:00"


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """No thread begins with a job: the test does."""
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    monkeypatch.setattr(drawing_jobs, "MOST_AT_ONCE", 100)


@pytest.fixture
def evaluation(load: Load, organiser: Account) -> Competition:
    evaluation = passed(load(centre(people=PEOPLE)))
    rooms = make_rooms(organiser, 大教室=80, 小教室=50)
    lay_in(evaluation, "1", MORNING, [*rooms.values()], organiser)
    return evaluation


def asked(competition: Competition, by: Account, why: str = "") -> Job:
    job = draw_days_or_ask(competition, NAMES, by, plan_mark(competition), why)
    assert isinstance(job, Job)
    return job


def seats(competition: Competition) -> list[tuple[str, str | None, int | None]]:
    return [(it.entrant.code, it.station, it.seat) for it in slots_of(competition, "theory")]


def files(competition: Competition) -> list[str | None]:
    query = select(DrawCeremony.file).where(DrawCeremony.competition_id == competition.id)
    return list(db.session.scalars(query.order_by(DrawCeremony.id)))


def test_a_job_draws_what_the_page_draws_with_the_same_proof(
    evaluation: Competition,
    load: Load,
    organiser: Account,
    asleep: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = passed(load(centre("EV2", PEOPLE)))
    rooms = db.session.scalars(select(Room)).all()
    lay_in(other, "1", "2026-12-09 09:00", [*rooms], organiser)

    def chance() -> SimpleNamespace:
        numbers = count(1)
        return SimpleNamespace(
            token_hex=lambda n: f"{next(numbers):0{2 * n}x}",
            token_bytes=lambda n: next(numbers).to_bytes(n, "big"),
        )

    monkeypatch.setattr(draw_ceremonies, "secrets", chance())
    assert draw_days(evaluation, NAMES, organiser) == 2
    monkeypatch.setattr(draw_ceremonies, "secrets", chance())
    job = asked(other, organiser)
    assert do_next(other.id)
    job = db.session.get_one(Job, job.id, populate_existing=True)
    assert (job.state, job.result) == (JobState.DONE, {"number": 120, "modules": 2})
    assert seats(other) == seats(evaluation)
    assert files(other) == files(evaluation)
    for draw in db.session.scalars(select(DrawCeremony)):
        file = published_file(draw)
        assert file is not None
        assert not check_draw_file(file).differences
    assert [*verify_chain(other)] == []


def test_a_draw_that_is_killed_while_seats_are_written_goes_on(
    evaluation: Competition, organiser: Account, asleep: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(evaluation, organiser)
    parts, put = [], drawing_jobs.put_places

    def dies_once(*place: object) -> None:
        parts.append(len(place[3]))  # type: ignore[arg-type]
        if len(parts) == 2:
            raise KilledError
        put(*place)  # type: ignore[arg-type]

    monkeypatch.setattr(drawing_jobs, "put_places", dies_once)
    with pytest.raises(KilledError):
        do_next(evaluation.id)
    db.session.rollback()
    # Some sit by now: nobody is offered another's seat meanwhile.
    assert 0 < len(slots_of(evaluation, "theory")) < 70
    assert seatless(evaluation) == []
    assert do_next(evaluation.id)
    assert len(slots_of(evaluation, "theory")) == 120
    assert doubled_seats(slots_of(evaluation, "theory")) == []
    assert plan_of(evaluation).to_draw == 0
    assert max(parts) <= 50
    assert [*verify_chain(evaluation)] == []


def test_a_draw_that_broke_off_and_is_ended_leaves_no_seats(
    evaluation: Competition,
    organiser: Account,
    asleep: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked(evaluation, organiser)
    parts, put = [], drawing_jobs.put_places

    def dies(*place: object) -> None:
        parts.append(place)
        if len(parts) == 2:
            raise KilledError
        put(*place)  # type: ignore[arg-type]

    monkeypatch.setattr(drawing_jobs, "put_places", dies)
    with pytest.raises(KilledError):
        do_next(evaluation.id)
    db.session.rollback()
    draw = db.session.scalars(select(DrawCeremony)).one()
    assert draw.state is CeremonyState.FIXED
    assert slots_of(evaluation, "theory")
    end_draw(draw, "停电了", organiser)
    agree_end(draw, second_organiser(evaluation, organiser))
    assert slots_of(evaluation, "theory") == []


def test_somebody_in_two_places_is_told_where_the_job_was_asked_for(
    load: Load, organiser: Account, asleep: None
) -> None:
    bundle = centre(people=PEOPLE)
    bundle["events"][1]["occupation"] = {"code": "6-29", "name": "电工"}
    for row in bundle["entrants"]:
        if row["code"] in ("A0001", "B0001"):
            row |= {"name": "王一", "id_number": "320101199001011235"}
    evaluation = passed(load(bundle))
    rooms = make_rooms(organiser, 大教室=80, 小教室=50)
    lay_in(evaluation, "1", MORNING, [*rooms.values()], organiser)
    asked(evaluation, organiser)
    assert do_next(evaluation.id)
    why = why_not_drawn(evaluation)
    assert why is not None
    assert "王一" in why.render()
    assert len(slots_of(evaluation, "theory")) == 70


def test_a_job_is_asked_for_what_was_shown_alone(
    evaluation: Competition, organiser: Account, asleep: None
) -> None:
    with pytest.raises(Refused, match="别人刚改过"):
        draw_days_or_ask(evaluation, NAMES, organiser, "0" * 16)
    assert db.session.scalar(select(func.count(Slot.id))) == 0
