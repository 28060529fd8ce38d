"""What is handed in is what the judge saw, also where the judge has a second tablet."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from compete.domain.values.states import SheetState
from compete.models import Account, Act, Competition, db
from compete.services.sheets.act_rules import UNTOUCHED, ActIn
from tests.support.judging import Tablet, seat_and_open

SEEN = {"a": "30.0", "f": "1", "y": True}


@pytest.fixture
def tablet(fresh: Competition, organiser: Account) -> Tablet:
    """The tablets of J1, with every aspect of the first sheet marked."""
    seat_and_open(fresh, organiser)
    tablet = Tablet(fresh)
    tablet.send(*tablet.full()[:-1])
    return tablet


def submit(tablet: Tablet, seen: object) -> ActIn:
    return tablet.act("submit", note=json.dumps(seen))


def without_faults(tablet: Tablet) -> list[ActIn]:
    """The sheet handed in with no fault counted."""
    return [tablet.mark("f", "0", note=UNTOUCHED), submit(tablet, SEEN | {"f": "0"})]


@pytest.mark.each_database
def test_what_another_tablet_changed_is_not_handed_in_unseen(tablet: Tablet) -> None:
    tablet.send(tablet.mark("f", "2"))
    refusal = tablet.refusal(submit(tablet, SEEN))
    assert refusal == "f在另一台平板上改过，请看过再提交"
    assert tablet.sheet().state is SheetState.COMPLETE
    assert tablet.values() == {"a": "30", "f": "2", "y": "1"}
    tablet.send(submit(tablet, SEEN | {"f": "2"}))
    assert tablet.sheet().state is SheetState.SUBMITTED


@pytest.mark.each_database
def test_acts_of_the_same_call_come_before_and_what_was_seen_stays_on_record(
    tablet: Tablet,
) -> None:
    seen = SEEN | {"a": "31.5", "y": False}
    taken = tablet.send(tablet.mark("a", "31.50"), tablet.mark("y", False), submit(tablet, seen))
    assert taken.refused == []
    kept = db.session.scalars(select(Act.note).where(Act.kind == "submit")).one()
    assert json.loads(kept or "") == seen


@pytest.mark.parametrize("note", [None, "", "{}", "[]", "nothing", '{"a": {"deep": 1}}'])
def test_a_page_that_does_not_say_what_was_seen_hands_in_as_before(
    tablet: Tablet, note: str | None
) -> None:
    tablet.send(tablet.act("submit", note=note))
    assert tablet.sheet().state is SheetState.SUBMITTED


@pytest.mark.parametrize("seen", [{"a": "30"}, SEEN | {"y": "yes"}, SEEN | {"f": "x" * 50}])
def test_what_does_not_name_every_value_is_not_what_stands(
    tablet: Tablet, seen: dict[str, object]
) -> None:
    assert "在另一台平板上改过" in tablet.refusal(submit(tablet, seen))


def test_no_faults_counted_here_do_not_wipe_out_those_counted_there(tablet: Tablet) -> None:
    tablet.send(tablet.mark("f", "2"))
    assert tablet.refusal(tablet.mark("f", "0", note=UNTOUCHED)) == "另一台平板上记了 2"
    assert len(tablet.send(*without_faults(tablet)).refused) == 2
    assert tablet.values()["f"] == "2"
    tablet.send(tablet.act("clear", aspect="f"))
    assert tablet.send(*without_faults(tablet)).refused == []
    assert tablet.values()["f"] == "0"
    assert tablet.sheet().state is SheetState.SUBMITTED
