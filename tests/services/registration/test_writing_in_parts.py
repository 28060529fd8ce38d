"""A workbook of many people is written in parts: none keeps the lock long, and nothing is lost."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from compete.domain.values.states import ImportState
from compete.models import Account, Competition, Entrant, ImportBatch, db
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.write_holds import forget_holds, longest_holds
from compete.services.registration import writing
from compete.services.registration.people_seals import check_people
from compete.services.registration.preview import plan_mark
from compete.services.registration.waiting_list import plan_with_places
from compete.services.registration.writing import write_plan
from tests.services.registration.test_registration import row, sent
from tests.sheets.people import citizen_id
from tests.support.write_holds import short_holds

PEOPLE = 350


def many(fresh: Competition, organiser: Account, people: int = PEOPLE) -> ImportBatch:
    rows = [
        row(f"张{chr(0x4E00 + n)}", citizen_id(date(1980, 1, 1), n + 10)) for n in range(people)
    ]
    return sent(fresh, rows, organiser)


def test_each_part_is_a_short_hold_and_all_are_there(
    here: Flask, fresh: Competition, organiser: Account
) -> None:
    batch = many(fresh, organiser)
    mark = plan_mark(plan_with_places(batch))
    forget_holds()
    with short_holds(PEOPLE):
        plan = write_plan(batch.id, mark, organiser)
    assert len(plan.to_write) == PEOPLE
    assert db.session.query(Entrant).count() == PEOPLE + 4
    assert batch.state is ImportState.WRITTEN
    assert batch.written == PEOPLE
    assert all(hold.where for hold in longest_holds())
    assert list(verify_chain(fresh)) == []
    assert list(check_people(fresh)) == []


def test_what_breaks_off_in_the_middle_is_gone_on_with(
    here: Flask, fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = many(fresh, organiser)
    mark = plan_mark(plan_with_places(batch))
    parts: list[int] = []
    real = writing.write_rows

    def dies(*given: object, **named: object) -> object:
        parts.append(1)
        if len(parts) == 3:
            raise RuntimeError("power cut")
        return real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "write_rows", dies)
    with pytest.raises(RuntimeError):
        write_plan(batch.id, mark, organiser)
    monkeypatch.undo()
    assert db.session.query(Entrant).count() == 204
    assert (batch.state, batch.written) == (ImportState.PREVIEWED, 200)
    rest = plan_with_places(batch)
    assert len(rest.to_write) == PEOPLE - 200
    write_plan(batch.id, plan_mark(rest), organiser)
    assert db.session.query(Entrant).count() == PEOPLE + 4
    assert batch.state is ImportState.WRITTEN
    assert list(check_people(fresh)) == []


def test_who_changes_the_list_meanwhile_stops_it_and_how_far_it_came_is_told(
    here: Flask, fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = many(fresh, organiser)
    mark = plan_mark(plan_with_places(batch))
    seals = iter([*({"entrants": str(n)} for n in (0, 0, 1, 2)), *({"entrants": "x"},) * 9])
    monkeypatch.setattr(writing, "newest_seal", lambda _it: next(seals))
    with pytest.raises(Refused, match="写了 100 行"):
        write_plan(batch.id, mark, organiser)
    assert batch.state is ImportState.PREVIEWED
