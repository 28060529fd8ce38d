"""The collector rests while a plan is made, and works again afterwards, come what may."""

from __future__ import annotations

import gc
from datetime import date

import pytest

from compete.sheets.registration import KnownPeople, plan_registration, read_registration
from compete.sheets.resting import passing_over_what_is, resting_collector
from tests.sheets.people import many_rows, port_offer, workbook_of


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


def test_what_is_there_is_looked_at_again_once_it_is_over() -> None:
    there = gc.get_freeze_count()
    gc.unfreeze()
    with passing_over_what_is():
        assert gc.get_freeze_count()
    assert not gc.get_freeze_count()
    gc.freeze()
    with passing_over_what_is():
        pass
    # What a process passes over for good stays so.
    assert gc.get_freeze_count()
    if not there:
        gc.unfreeze()
