"""A checklist on the tablet: which checks are met goes along with how many."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from compete.models import Competition, Judge, Sheet, db
from compete.services.accounts.accounts import create_account
from compete.services.judging.act_intake import take_acts
from compete.services.judging.tablet_view import sheet_data
from compete.services.scoring.bundle_out import export_bundle
from compete.services.sheets.act_rules import ActIn
from tests.support.varied import varied, varied_marks


@pytest.fixture
def sheet(load: Callable[..., Competition]) -> Sheet:
    """J1's sheet of P1 in a module with a checklist, with one score on it."""
    marks = [
        m
        for m in varied_marks()
        if m["entrant"] == "C1" or (m["entrant"], m["aspect"]) == ("P1", "a")
    ]
    load(varied(marks))
    sheet_there: Sheet = (
        db.session.query(Sheet)
        .join(Judge, Judge.id == Sheet.judge_id)
        .filter(Judge.code == "J1", Sheet.label == "P1", Sheet.module == "m")
        .one()
    )
    return sheet_there


def say(sheet: Sheet, value: str, note: str | None) -> list[str]:
    act = ActIn(str(uuid4()), sheet.public_id, "mark", "w", value, note=note)
    taken = take_acts(sheet.judge, [act], create_account("周一"))
    db.session.expire_all()
    return [str(reason) for _uuid, reason in taken.refused]


def test_what_is_met_is_kept_shown_and_written_out(sheet: Sheet) -> None:
    assert say(sheet, "2", "met:0,3") == []
    data = sheet_data(sheet)
    aspect = next(aspect for aspect in data["aspects"] if aspect["code"] == "w")
    assert len(aspect["checks"]) == 4
    assert (data["values"]["w"], data["met"]) == ("2", {"w": [0, 3]})
    competition = db.session.get_one(Competition, sheet.competition_id)
    [mark] = [
        mark
        for mark in export_bundle(competition).marks
        if (mark.entrant, mark.aspect) == ("P1", "w")
    ]
    assert mark.extra == {"met": [0, 3]}


def test_a_number_alone_says_nothing_of_which(sheet: Sheet) -> None:
    assert say(sheet, "2", "met:0,3") == []
    assert say(sheet, "3", None) == []
    assert sheet_data(sheet)["met"] == {}


@pytest.mark.parametrize("note", ["met:0", "met:0,0", "met:0,4", "met:"])
def test_checks_that_do_not_fit_the_number_are_refused(sheet: Sheet, note: str) -> None:
    [reason] = say(sheet, "2", note)
    assert "对不上" in reason


def test_loaded_checks_are_shown(sheet: Sheet) -> None:
    crew = db.session.query(Sheet).filter_by(label="C1", module="m").first()
    assert crew is not None
    assert sheet_data(crew)["met"] == {"w": [0, 1, 2, 3]}
