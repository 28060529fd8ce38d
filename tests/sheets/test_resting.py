"""The collector rests while a plan is made, and works again afterwards, come what may."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date

import pytest

from compete.sheets import resting
from compete.sheets.registration.people import KnownPeople
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.reading import read_registration
from compete.sheets.resting import passing_over_what_is, resting_collector
from tests.sheets.people import many_rows, port_offer, workbook_of


@pytest.fixture(autouse=True)
def _at_work() -> Iterator[None]:
    """A command run by an earlier test of this process may have switched it off for good."""
    was = gc.isenabled()
    gc.enable()
    yield
    if not was:
        gc.disable()


def test_it_rests_until_the_last_is_done() -> None:
    assert gc.isenabled()
    with resting_collector():
        with resting_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_sets_it_going_again() -> None:
    with pytest.raises(ValueError, match="broken"), resting_collector():
        raise ValueError("broken")
    assert gc.isenabled()


def test_one_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with resting_collector():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_plan_is_made_in_one_go() -> None:
    offer = port_offer()
    table = read_registration(workbook_of(*many_rows(3, offer)))
    seen = []

    def key(paper: object, number: str) -> str:
        seen.append(gc.isenabled())
        return number

    plan_registration(table, offer, KnownPeople(key), today=date(2022, 9, 8))
    assert seen == [False] * 3
    assert gc.isenabled()


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that passes over nothing yet."""
    there = gc.get_freeze_count()
    gc.unfreeze()
    monkeypatch.setattr(resting, "_for_good", False)
    yield
    gc.unfreeze()
    if there:
        gc.freeze()


@pytest.mark.usefixtures("fresh")
def test_what_is_there_is_looked_at_again_once_it_is_over() -> None:
    for _twice in range(2):
        with passing_over_what_is():
            with passing_over_what_is():
                assert gc.get_freeze_count()
            assert gc.get_freeze_count()
        assert not gc.get_freeze_count()


@pytest.mark.usefixtures("fresh")
def test_what_a_process_passes_over_for_good_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    gc.freeze()
    with passing_over_what_is():
        pass
    assert gc.get_freeze_count()
    # To count them takes longer than a small competition takes to load.
    monkeypatch.setattr(gc, "get_freeze_count", lambda: pytest.fail("counted again"))
    with passing_over_what_is():
        pass
