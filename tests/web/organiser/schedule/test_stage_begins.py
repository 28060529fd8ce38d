"""What is said where a later stage begins: of which event, who goes on, what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

from flask import Flask

from compete.domain.values.states import SheetState
from compete.models import Account, Act, Assignment, Competition, Sheet, db
from compete.services.appeals.windows import items_of
from compete.services.closing.grade_decisions import published_decisions
from compete.services.closing.module_locks import lock_module
from compete.services.hall.board_table import board_table
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import Coding, change_settings
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.changed_lines import lines_of_event
from compete.services.results.snapshots import read_snapshot
from compete.services.schedule.allocation import assign_judges
from compete.services.schedule.arrivals import ArrivalState, arrivals_of, count_whole, occasions_of
from compete.services.schedule.drawn_places import drawn_now, drawn_so_far
from compete.services.sheets.blind_codes import drawn_codes
from compete.web.organiser.results.confirmation.going_out import code_names, extra_words
from tests.domain.scoring.build import event, mark, module, stage
from tests.support.announced import announce
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
        plan_words = extra_words(plan, code_names(read(plain)))
    assert "1 赛段：赛段A；1 模块：理论" in plan_words
    assert "2 赛段：赛段B；2 模块：答辩" in plan_words


def test_a_total_of_the_preliminary_is_called_so_where_the_next_version_takes_it_for_the_final(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = begun(load, organiser)
    with unit_of_work() as session:
        judge = next(it for it in made.judges if it.code == "J1")
        for code, value in (("P1", 50), ("P2", 40)):
            own = {"entrant_id": person(code).id, "stage": "B", "judge_id": judge.id}
            sheet = db.session.scalars(db.select(Sheet).filter_by(**own)).one()
            session.add(
                Act(
                    uuid=str(uuid4()),
                    kind="mark",
                    value=Decimal(value),
                    sheet_id=sheet.id,
                    judge_id=judge.id,
                    aspect="a",
                )
            )
            sheet.state = SheetState.SUBMITTED
        audit.record(made, organiser, "acts.take", "B", after={"sheets": []})
    announce(made, organiser)
    page = app.test_client().get(f"/c/{person('P3').badge_token}").text
    # More points than the winner's, of another stage.
    assert "赛段A 总分" in page
    assert "70.00" in page
    publication = latest_publication(made)
    assert publication is not None
    (event_lines,) = (
        lines_of_event(bundle, results.events[0], {}, published_decisions({}))
        for bundle, results in [read_snapshot(publication)]
    )
    stage_totals = {
        code: (line.stage, line.total) for (_event, code, _team), line in event_lines.items()
    }
    assert stage_totals["P1"] == (None, "50.00")
    assert stage_totals["P3"] == ("赛段A", "70.00")


def test_the_card_of_the_draws_is_of_the_stage_at_which_the_event_is(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = begun(load, organiser)
    for code, at in (("P1", "A"), ("P3", "A"), ("P1", "B")):
        place(code, at, "1号")
    known = drawn_now(made)
    assert (known.expected, known.placed, known.without_place) == (2, 1, 1)
    assert known.stages == ("赛段B",)
    assert drawn_so_far(made).expected == 4
    assert "赛段B：1 人有工位" in signed_in(app, organiser).get("/desk/X/").text


def test_who_shares_the_last_rank_is_named_in_or_out(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    for code, ties, sentence in (
        ("X", "include", "末位同名次的 2 人都进"),
        ("Y", "cut", "1 人和进的人同名次，照规则不进"),
    ):
        points = {"P1": "90", "P2": "80", "P3": "80", "P4": "60"}
        plain = small([mark(who, value, stage_code="A") for who, value in points.items()])
        plain["competition"]["code"] = code
        first = stage(module(), code="A", advance={"top": 2, "ties": ties})
        plain["events"] = [event(first, stage(module(), code="B"))]
        made = load(plain)
        with unit_of_work() as session:
            judge = next(it for it in made.judges if it.code == "J1")
            at = {"stage": "B", "module": "m", "station": ""}
            session.add(Assignment(event_id=made.events[0].id, judge_id=judge.id, **at))
        lock_module(made.events[0], "A", "m", organiser)
        page = desk.get(f"/desk/{code}/next-stage").text
        assert sentence in page
        assert "P3 孙䶮" in page


def test_the_first_stage_is_said_before_judging_begins(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small()
    plain["events"] = [event(stage(module(), code="A"), stage(module(), code="B"))]
    made = load(plain)
    judge = next(it for it in made.judges if it.code == "J1")
    assign_judges(made.events[0], "A", "m", [(judge, "")], organiser)
    assert "先评：赛段A" in signed_in(app, organiser).get("/desk/X/open").text


def test_the_board_of_a_final_has_a_column_for_what_the_preliminary_brings(
    load: Callable[..., Competition], organiser: Account
) -> None:
    points = {"P1": "90", "P2": "80", "P3": "70", "P4": "60"}
    plain = small([mark(who, value, stage_code="A") for who, value in points.items()])
    plain["marks"] += [mark("P1", "50", stage_code="B"), mark("P2", "70", stage_code="B")]
    later = stage(module(), code="B", carry={"from": "A", "weight": "0.3", "own": "0.7"})
    plain["events"] = [event(stage(module(), code="A", advance={"top": 2}), later)]
    made = load(plain)
    table = board_table(made, made.events[0])
    assert table.columns == ("赛段A", "模块m")
    assert [(row.number, row.values, row.total) for row in table.rows] == [
        ("P2", ("80.00", "70.00"), "73.00"),
        ("P1", ("90.00", "50.00"), "62.00"),
    ]


def test_what_can_be_appealed_against_is_told_apart_by_its_stage(
    load: Callable[..., Competition], organiser: Account
) -> None:
    begun(load, organiser)
    names = [item.name for item in items_of(person("P1"), aspects=False)]
    assert names == ["赛段A 模块m", "赛段B 模块m"]
    stayed = [item.name for item in items_of(person("P3"), aspects=False)]
    assert stayed == ["赛段A 模块m"]
