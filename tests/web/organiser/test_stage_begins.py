"""What is said where a later stage begins: of which event, who goes on, what it lacks."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from compete.models import Account, Assignment, Competition, db
from compete.services.closing import lock_module
from compete.services.kernel import Coding, change_settings, unit_of_work
from compete.services.schedule import ArrivalState, arrivals_of, count_whole, occasions_of
from compete.services.sheets import drawn_codes
from compete.web.organiser.confirming.extras import code_names, extra_words
from tests.domain.scoring.build import event, module, stage
from tests.support.signing_in import signed_in
from tests.support.small import read, small
from tests.support.two_stages import begun, person, place, two_stages

PAGE = "/desk/X/next-stage"


def test_judges_are_given_where_they_are_seated(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = two_stages(load)
    lock_module(made.events[0], "A", "m", organiser)
    with unit_of_work() as session:
        session.delete(db.session.scalars(db.select(Assignment).filter_by(stage="B")).one())
    page = signed_in(app, organiser).get(PAGE).text
    assert "还没有裁判：赛段B 模块m" in page
    assert "/desk/X/seating?module=E%7CB%7Cm" in page


def test_a_module_that_there_is_not_is_not_shown_as_another(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    two_stages(load)
    desk = signed_in(app, organiser)
    for page in ("locks", "progress", "seating"):
        assert desk.get(f"/desk/X/{page}?module=E|C|m").status_code == 404, page
        assert desk.get(f"/desk/X/{page}").status_code == 200, page


def test_what_has_no_place_yet_is_said_before_it_is_too_late_to_draw(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = two_stages(load)
    lock_module(made.events[0], "A", "m", organiser)
    desk = signed_in(app, organiser)
    place("P1", "B", "1号")
    assert "还没有场次和工位：赛段B 模块m" in desk.get(PAGE).text
    place("P2", "B", "2号")
    page = desk.get(PAGE).text
    assert "各模块的场次和工位都有了" in page
    assert "去抽签" not in page


def test_of_a_blind_event_whose_codes_are_kept_the_codes_go_on(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = two_stages(load, extra={"blind": True})
    (event,) = made.events
    desk = signed_in(app, organiser)
    with unit_of_work():
        change_settings(made, coding={"E": Coding(keepers=("K1",))})
    lock_module(event, "A", "m", organiser)
    codes = drawn_codes(event)
    page = desk.get(PAGE).text
    assert [codes[person(code).id] in page for code in ("P1", "P2", "P3", "P4")] == [
        True,
        True,
        False,
        False,
    ]
    assert "赵启明" not in page
    assert "/standings" not in page
    # Codes are opened after the last stage: the step does not wait for them.
    assert "开始评“赛段B”" in desk.get("/desk/X/").text


def test_who_is_in_a_later_stage_without_a_plan_checks_in_for_it(
    load: Callable[..., Competition], organiser: Account
) -> None:
    made = begun(load, organiser)
    assert [it.stage for it in occasions_of(person("P1"))] == ["A", "B"]
    assert [it.stage for it in occasions_of(person("P3"))] == ["A"]
    assert sum(it.occasion.stage == "B" for it in arrivals_of(made)) == 2
    assert count_whole(made) == {ArrivalState.UNTIMED: 6}
    place("P1", "B", "1号", session="决赛一场")
    db.session.expire_all()
    assert [(it.stage, it.session) for it in occasions_of(person("P1"))] == [("B", "决赛一场")]


def test_a_module_of_the_plan_bears_the_name_it_has_in_its_stage(here: Flask) -> None:
    plain = small()
    first = stage(module() | {"name": "理论"}, code="A")
    plain["events"] = [event(first, stage(module() | {"name": "答辩"}, code="B"))]
    plan = [
        {"event": "E", "stage": "A", "module": "m"},
        {"event": "E", "stage": "B", "module": "m"},
    ]
    with here.test_request_context():
        told = extra_words(plan, code_names(read(plain)))
    assert "1 赛段：赛段A；1 模块：理论" in told
    assert "2 赛段：赛段B；2 模块：答辩" in told
