"""Who goes up: put forward into the event further up, declines, ties, rulings, and begun."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from compete.domain.series.reading import read_series
from compete.domain.series.reckoning import series_results
from compete.domain.series.results import BerthResults, RowState
from compete.domain.series.types import BerthTies
from compete.domain.values.kinds import Level
from compete.domain.values.series_states import NominationStep
from compete.domain.values.states import ApplicationState
from compete.models import Account, Application, Competition, Nomination, SeriesBerth, db
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.acceptance import accept_people
from compete.services.registration.self_entry.confirmation import assign_unit
from compete.services.registration.withdrawals import return_person, withdraw_person
from compete.services.series.berths import (
    BerthFields,
    add_berth,
    begin_final,
    berth_code,
    erase_berth,
    settle,
    whole_series,
)
from compete.services.series.nominating import answer, put_forward, to_forward
from compete.services.series.series_file import take_out_series
from tests.support.announced import announce
from tests.support.series import node_here, node_in, series_by
from tests.support.small import all_marks, small

pytestmark = pytest.mark.each_database

ACCEPTED, DECLINED, CLEARED, INELIGIBLE = (
    NominationStep.ACCEPTED,
    NominationStep.DECLINED,
    NominationStep.CLEARED,
    NominationStep.INELIGIBLE,
)
Load = Callable[..., Competition]


def berth_above(
    source: Competition, target: Competition | None, by: Account, **fields: Any
) -> SeriesBerth:
    """Places from a competition here to what is above, here or elsewhere."""
    series = series_by(by, level=Level.PROVINCIAL_1)
    if target is None:
        above = node_in(series, "全国赛", by, level=Level.NATIONAL_1)
        event = "PUMP"
    else:
        above = node_here(series, target, by)
        event = target.events[0].code
    node = node_here(series, source, by, under=above)
    wanted = {"places": 1} | fields
    return add_berth(node, source.events[0].code, above, event, BerthFields(**wanted), by)


def result_of(berth: SeriesBerth) -> BerthResults:
    return whole_series(berth.series).results()[berth_code(berth.id)]


def states(berth: SeriesBerth) -> list[RowState]:
    return [row.state for row in result_of(berth).rows]


def people(berth: SeriesBerth) -> list[str]:
    return [row.person for row in result_of(berth).rows]


def target_of(load: Load) -> Competition:
    plain = small()
    plain["competition"] |= {"code": "ABOVE", "name": "全国决赛", "level": "national-1"}
    return load(plain | {"entrants": [], "teams": [], "marks": []})


def applications(competition: Competition) -> list[Application]:
    query = select(Application).where(Application.competition_id == competition.id)
    return list(db.session.scalars(query.order_by(Application.id)))


def test_nobody_goes_before_results_are_published(judged: Competition, organiser: Account) -> None:
    berth = berth_above(judged, None, organiser)
    assert result_of(berth).rows == []
    with pytest.raises(Refused, match="没有等着推荐的人"):
        put_forward(berth, organiser)
    announce(judged, organiser)
    assert states(berth)[0] is RowState.PROPOSED


def test_one_press_writes_applications_above_and_its_organiser_takes_them(
    judged: Competition, load: Load, organiser: Account
) -> None:
    above = target_of(load)
    berth = berth_above(judged, above, organiser, places=2, substitutes=1)
    announce(judged, organiser)
    done = put_forward(berth, organiser)
    assert (done.sent, list(done.left)) == (2, [])
    rows = applications(above)
    assert [row.name for row in rows] == ["赵启明", "钱文"]
    assert {row.state for row in rows} == {ApplicationState.SUBMITTED}
    assert {row.unit.name if row.unit else None for row in rows} == {"甲单位"}
    assert not to_forward(berth, whole_series(berth.series))
    taken = accept_people(above, {row.public_id: row.version for row in rows}, organiser)
    assert [row.name for row in taken.entrants] == ["赵启明", "钱文"]
    assert states(berth) == [
        RowState.ACCEPTED,
        RowState.ACCEPTED,
        RowState.SUBSTITUTE,
        RowState.BELOW,
    ]
    with pytest.raises(Refused, match="先请那边的组委会办退赛"):
        answer(berth, people(berth)[0], DECLINED, "出差", organiser)


def test_who_leaves_the_list_above_gives_way_to_the_next(
    judged: Competition, load: Load, organiser: Account
) -> None:
    above = target_of(load)
    berth = berth_above(judged, above, organiser, places=1, substitutes=1)
    announce(judged, organiser)
    put_forward(berth, organiser)
    (row,) = applications(above)
    (entrant,) = accept_people(above, {row.public_id: row.version}, organiser).entrants
    withdraw_person(entrant, "家里有事", organiser)
    first, second, *_rest = people(berth)
    assert states(berth)[:2] == [RowState.DECLINED, RowState.PROPOSED]
    declined = next(it for it in whole_series(berth.series).file.nominations if it.person == first)
    assert declined.reason == "家里有事"
    # It can be said at the source too, where nothing is to be taken back any more.
    answer(berth, first, DECLINED, "家里有事", organiser)
    assert [it.person for it in to_forward(berth, whole_series(berth.series))] == [second]
    put_forward(berth, organiser)
    assert [it.name for it in applications(above)] == ["赵启明", "钱文"]
    answer(berth, first, CLEARED, "", organiser)
    assert states(berth)[0] is RowState.PROPOSED


def test_a_withdrawal_that_is_taken_back_above_gives_the_place_back(
    judged: Competition, load: Load, organiser: Account
) -> None:
    above = target_of(load)
    berth = berth_above(judged, above, organiser, places=1, substitutes=1)
    announce(judged, organiser)
    put_forward(berth, organiser)
    (row,) = applications(above)
    (entrant,) = accept_people(above, {row.public_id: row.version}, organiser).entrants
    withdraw_person(entrant, "家里有事", organiser)
    assert states(berth)[:2] == [RowState.DECLINED, RowState.PROPOSED]
    return_person(entrant, organiser)
    assert states(berth)[:2] == [RowState.ACCEPTED, RowState.SUBSTITUTE]


def test_whose_unit_is_not_known_above_waits_for_it_to_be_said(
    judged: Competition, load: Load, organiser: Account
) -> None:
    above = target_of(load)
    with unit_of_work():
        for unit in db.session.get_one(Competition, above.id).units:
            unit.name = f"别的{unit.code}"
    berth = berth_above(judged, above, organiser)
    announce(judged, organiser)
    put_forward(berth, organiser)
    (row,) = applications(above)
    assert row.unit is None
    left = accept_people(above, {row.public_id: row.version}, organiser).left
    assert "先定是哪个单位的" in str(left[0].why)
    assert assign_unit(row, "", row.version, organiser).name == "甲单位"
    db.session.refresh(row)
    assert accept_people(above, {row.public_id: row.version}, organiser).entrants


def test_who_declines_is_taken_back_above_and_the_next_comes_up(
    judged: Competition, load: Load, organiser: Account
) -> None:
    above = target_of(load)
    berth = berth_above(judged, above, organiser, places=1, substitutes=1)
    announce(judged, organiser)
    put_forward(berth, organiser)
    first, second, *_rest = people(berth)
    with pytest.raises(FieldRefused, match="写为什么"):
        answer(berth, first, DECLINED, " ", organiser)
    answer(berth, first, DECLINED, "出差", organiser)
    assert [row.state for row in applications(above)] == [ApplicationState.TAKEN_BACK]
    assert [row.person for row in to_forward(berth, whole_series(berth.series))] == [second]
    put_forward(berth, organiser)
    answer(berth, second, ACCEPTED, "", organiser)
    assert states(berth)[:2] == [RowState.DECLINED, RowState.ACCEPTED]
    answer(berth, first, CLEARED, "", organiser)
    assert states(berth)[:2] == [RowState.PROPOSED, RowState.SUBSTITUTE]
    assert [row.marked for row in result_of(berth).rows][:2] == [False, True]


def test_who_is_ruled_out_gives_way(judged: Competition, organiser: Account) -> None:
    berth = berth_above(judged, None, organiser)
    announce(judged, organiser)
    first = people(berth)[0]
    answer(berth, first, INELIGIBLE, "已调管理岗", organiser)
    assert states(berth)[:2] == [RowState.INELIGIBLE, RowState.PROPOSED]
    assert result_of(berth).rows[0].short == ["ruled"]
    with pytest.raises(Refused, match="没有给这个人的名额"):
        answer(berth, first, ACCEPTED, "", organiser)
    with pytest.raises(Refused, match="不在这个赛项的名次里"):
        answer(berth, "P999", DECLINED, "出差", organiser)
    with pytest.raises(Refused, match="没有要撤回的"):
        answer(berth, people(berth)[2], CLEARED, "", organiser)


def test_equals_at_the_last_place_wait_until_somebody_decides(
    load: Load, organiser: Account
) -> None:
    plain = small()
    plain["marks"] = [
        {**row, "entrant": "P2"} if row["entrant"] == "P1" else row
        for row in all_marks()
        if row["entrant"] != "P2"
    ] + [row for row in all_marks() if row["entrant"] == "P1"]
    tied = load(plain)
    berth = berth_above(tied, None, organiser)
    announce(tied, organiser)
    first, second, *_rest = people(berth)
    assert states(berth)[:2] == [RowState.UNDECIDED, RowState.UNDECIDED]
    with pytest.raises(Refused, match="没有等着推荐的人"):
        put_forward(berth, organiser)
    with pytest.raises(FieldRefused, match="写凭什么定的"):
        settle(berth, [second, first], " ", organiser)
    with pytest.raises(Refused, match="一人一位"):
        settle(berth, [second, second], "加赛", organiser)
    with pytest.raises(Refused, match="一人一位"):
        settle(berth, [second, people(berth)[2]], "加赛", organiser)
    settle(berth, [second, first], "加赛", organiser)
    assert [row.person for row in to_forward(berth, whole_series(berth.series))] == [second]
    settle(berth, [first, second], "加赛录反了", organiser)
    assert [row.person for row in to_forward(berth, whole_series(berth.series))] == [first]


def test_once_the_final_has_begun_nobody_is_exchanged(
    judged: Competition, organiser: Account
) -> None:
    berth = berth_above(judged, None, organiser)
    announce(judged, organiser)
    put_forward(berth, organiser)
    first = people(berth)[0]
    answer(berth, first, ACCEPTED, "", organiser)
    begin_final(berth, organiser)
    with pytest.raises(Refused, match="已经写了开赛"):
        begin_final(berth, organiser)
    with pytest.raises(Refused, match="不再推荐"):
        put_forward(berth, organiser)
    assert states(berth) == [RowState.ACCEPTED, *[RowState.BELOW] * 3]


def test_places_are_refused_that_the_format_forbids(
    judged: Competition, organiser: Account
) -> None:
    series = series_by(organiser, level=Level.PROVINCIAL_1)
    node = node_here(series, judged, organiser)
    firm = node_in(series, "公司", organiser)
    single = BerthFields(places=1)
    event = judged.events[0].code
    with pytest.raises(Refused, match="更低的级别"):
        add_berth(node, event, firm, "PUMP", single, organiser)
    with pytest.raises(Refused, match="推荐到自己这里"):
        add_berth(node, event, node, event, single, organiser)
    with pytest.raises(FieldRefused, match="选一个赛项"):
        add_berth(node, "NONE", firm, "PUMP", single, organiser)
    with pytest.raises(Refused, match="推荐也在那边办"):
        add_berth(firm, event, node, event, single, organiser)
    above = node_in(series, "全国赛", organiser, level=Level.NATIONAL_1)
    with pytest.raises(Refused, match="写去哪个赛项"):
        add_berth(node, event, above, " ", single, organiser)
    with pytest.raises(FieldRefused, match="一起写"):
        add_berth(node, event, above, "PUMP", BerthFields(places=1, age_to=35), organiser)
    berth = add_berth(node, event, above, "PUMP", single, organiser)
    with pytest.raises(Refused, match="已经有了"):
        add_berth(node, event, above, "PUMP", single, organiser)
    erase_berth(berth, organiser)
    assert db.session.scalars(select(SeriesBerth)).all() == []


def test_conditions_and_a_unit_s_places_are_the_domain_s(
    judged: Competition, organiser: Account
) -> None:
    fields = {"places": 2, "per_unit": 1, "max_rank": 3, "ties": BerthTies.INCLUDE}
    berth = berth_above(judged, None, organiser, **fields)
    announce(judged, organiser)
    assert states(berth) == [
        RowState.PROPOSED,
        RowState.OVER_QUOTA,
        RowState.PROPOSED,
        RowState.INELIGIBLE,
    ]


def test_the_file_comes_to_the_same(judged: Competition, organiser: Account) -> None:
    berth = berth_above(judged, None, organiser, places=2, min_total="10", at_least="5")
    announce(judged, organiser)
    file = read_series(take_out_series(berth.series, organiser))
    assert series_results(file).berths == [result_of(berth)]


@pytest.fixture
def announced_berth(judged: Competition, organiser: Account) -> SeriesBerth:
    berth = berth_above(judged, None, organiser, places=2, substitutes=1)
    announce(judged, organiser)
    return berth


STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(NominationStep)), max_size=10)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whoever_declines_in_whatever_order_the_best_eligible_go(
    announced_berth: SeriesBerth, organiser: Account, steps: list[tuple[int, NominationStep]]
) -> None:
    berth = announced_berth
    with unit_of_work() as session:
        for row in session.scalars(select(Nomination)).all():
            session.delete(row)
    order = people(berth)
    out: set[str] = set()
    for place, step in steps:
        person = order[place]
        try:
            if step is NominationStep.PROPOSED:
                put_forward(berth, organiser)
                continue
            answer(berth, person, step, "一个原因", organiser)
        except Refused:
            continue
        out.discard(person)
        if step in (DECLINED, INELIGIBLE):
            out.add(person)
    while waiting := to_forward(berth, whole_series(berth.series)):
        put_forward(berth, organiser)
        assert waiting
    for row in result_of(berth).rows:
        if row.state is RowState.PROPOSED:
            answer(berth, row.person, ACCEPTED, "", organiser)
    accepted = [row.person for row in result_of(berth).rows if row.state is RowState.ACCEPTED]
    assert accepted == [person for person in order if person not in out][:2]
