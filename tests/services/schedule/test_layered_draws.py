"""Draws in which units are drawn first: held, written to the slots, held again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from compete.cli import main
from compete.domain.ceremonies.checking import check_draw_file
from compete.domain.ceremonies.units_then_people import BY_ROUNDS, IN_A_ROW, final_places
from compete.domain.values.states import CeremonyState
from compete.models import Account, Competition, Slot, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.schedule.draw_ceremonies import ceremonies_of, prepare_draw, retake_list
from compete.services.schedule.draw_lists import LAYERS, STATION, published_file, read_places
from compete.services.schedule.drawn_places import drawn_so_far
from tests.support.drawing import drawn, end, prepared
from tests.support.small import read, small


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(read(small()))


@pytest.fixture
def desk(competition: Competition) -> Account:
    return create_account("吴敏")


def test_what_both_layers_give_is_everybodys_slot_and_the_program_accepts_the_file(
    competition: Competition, desk: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ceremony = drawn(competition, desk, IN_A_ROW)
    file = published_file(ceremony)
    assert file is not None
    assert [draw.layer for draw in file.draws] == ["unit", "person", "person"]
    slots = {slot.entrant.code: slot for slot in db.session.scalars(select(Slot))}
    for row in final_places(file):
        slot = slots[row.code]
        assert (slot.session, slot.station) == (row.place.session, row.place.line)
        assert slot.starts_at is not None
    # Two stations: who comes first of a unit stands beside the second, and not with the others.
    units = {slots[code].starts_at: slots[code].entrant.unit.code for code in slots}
    assert len(units) == 2
    for code, slot in slots.items():
        assert slot.entrant.unit.code == units[slot.starts_at], code
    path = tmp_path / "draw.json"
    path.write_text(ceremony.file or "", encoding="utf-8")
    command = ["verify-draw", str(path)]
    assert main([*command, "--head", ceremony.head or ""]) == 0
    output = capsys.readouterr().out
    assert "E S m person U2：2 个参赛号" in output
    assert "E S m unit：2 个单位" in output
    assert "先是第 1 号单位的" in output
    tree = json.loads(ceremony.file or "")
    tree["draws"][1]["result"].reverse()
    path.write_text(json.dumps(tree), encoding="utf-8")
    assert main(command) == 1
    assert "draws[1].result[0]" in capsys.readouterr().out
    assert drawn_so_far(competition).done
    assert list(verify_chain(competition)) == []
    assert list(check_rows(competition)) == []


def test_a_second_ceremony_of_the_other_kind_counts_on_and_keeps_both(
    competition: Competition, desk: Account
) -> None:
    first = drawn(competition, desk, BY_ROUNDS)
    with pytest.raises(Refused, match="不能再办"):
        prepared(competition, desk)
    end(first, "漏了一人", desk)
    second = drawn(competition, desk, STATION)
    assert (second.number, second.before) == (
        2,
        {"head": first.head, "reason": "漏了一人", "by": "吴敏、监督乙二"},
    )
    assert [ceremony_row.state for ceremony_row in ceremonies_of(competition)] == [
        CeremonyState.DRAWN,
        CeremonyState.ENDED,
    ]
    for ceremony in (first, second):
        file = published_file(ceremony)
        assert file is not None
        assert check_draw_file(file).fits


def test_layers_have_no_rule_and_no_other_names(competition: Competition, desk: Account) -> None:
    places = read_places("1号\n2号", "第1场，2026-09-16 08:40，2，10", "20")

    def prepare(layer: str, **rule: object) -> None:
        event = competition.events[0]
        prepare_draw(event, "S", "m", name="x", places=places, rule=rule, by=desk, layer=layer)

    with pytest.raises(Refused, match="没有这种抽法"):
        prepare("code")
    for layer in LAYERS:
        with pytest.raises(Refused, match="不带规则"):
            prepare(layer, apart=True)
    ceremony = prepared(competition, desk, layer=BY_ROUNDS)
    retake_list(ceremony, desk)
    assert len(ceremony.people) == 4
