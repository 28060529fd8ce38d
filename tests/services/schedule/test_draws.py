"""Draws: what is fixed when, which openings count, and what is written where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace as replace_struct
from sqlalchemy import select

from compete.cli import main
from compete.domain.ceremonies.checking import Checked, check_draw_file
from compete.domain.ceremonies.holding import seal_share
from compete.domain.values.states import CeremonyState
from compete.models import (
    Account,
    AuditEntry,
    Competition,
    DrawCeremony,
    Entrant,
    OutcomeEntry,
    Slot,
    db,
)
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import local_time
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.rules.rules_saving import draft_in_force, save_rules
from compete.services.schedule.draw_ceremonies import (
    add_seal,
    discard_draw,
    fix_openings,
    open_party,
    publish_head,
    remove_seal,
    retake_list,
    void_draw,
)
from compete.services.schedule.draw_lists import PlacesError, published_file, read_places
from compete.services.schedule.drawn_places import drawn_so_far, enter_paper_draw
from compete.services.scoring.bundle_out import export_bundle
from tests.services.schedule.test_check_in import planned
from tests.support.drawing import NAMES, drawn, end, hand_in, openings_of, prepared, published
from tests.support.judging import seat_and_open
from tests.support.small import read, small


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(read(small()))


@pytest.fixture
def desk(competition: Competition) -> Account:
    return create_account("吴敏")


def actions() -> list[str]:
    rows = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq))
    return [action for action in rows if action.startswith("draw.")]


def test_a_ceremony_gives_everybody_a_place_and_its_file_is_accepted(
    competition: Competition, desk: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ceremony = drawn(competition, desk)
    assert ceremony.state is CeremonyState.DRAWN
    file = published_file(ceremony)
    assert file is not None
    assert check_draw_file(file).fits
    assert [party.opened for party in file.parties] == [True, False]
    slots = {slot.entrant.code: slot for slot in db.session.scalars(select(Slot))}
    places = {place.code: place for place in file.draws[0].places}
    for row in file.draws[0].result:
        slot, place = slots[row.code], places[row.place]
        assert (slot.session, slot.station) == (place.session, place.line)
        assert slot.starts_at is not None
        assert slot.check_in_at is not None
        assert (slot.starts_at - slot.check_in_at).total_seconds() == 20 * 60
    (tmp_path / "draw.json").write_text(ceremony.file or "", encoding="utf-8")
    command = ["verify-draw", str(tmp_path / "draw.json"), "--head", ceremony.head or ""]
    assert main(command) == 0
    assert "一致" in capsys.readouterr().out
    assert actions() == [
        "draw.prepare",
        *["draw.seal"] * 3,
        *("draw.head", "draw.opening", "draw.openings", "draw.opening", "draw.result"),
    ]
    assert list(verify_chain(competition)) == []
    assert list(check_rows(competition)) == []


def test_an_opening_that_is_not_the_sealed_one_counts_as_none_and_is_on_record(
    competition: Competition, desk: Account
) -> None:
    ceremony, parties = published(competition, desk)
    opened = open_party(ceremony, NAMES[0], "别的签", parties[0].key or "", desk)
    assert opened.why is not None
    assert "对不上" in str(opened.why)
    assert "draw.opening_refused" in actions()
    assert ceremony.shares[0].refused_at is not None
    assert ceremony.shares[0].share is None
    hand_in(ceremony, parties[0], desk)
    with pytest.raises(Refused, match="已经拆了"):
        open_party(ceremony, NAMES[0], parties[0].share or "", parties[0].key or "", desk)
    with pytest.raises(Refused, match="先公布拆签值"):
        open_party(ceremony, NAMES[2], parties[2].share or "", parties[2].key or "", desk)
    fix_openings(ceremony, desk)
    with pytest.raises(Refused, match="不能再拆"):
        open_party(ceremony, NAMES[1], parties[1].share or "", parties[1].key or "", desk)
    assert open_party(ceremony, NAMES[2], "x", "y", desk).why is not None
    assert ceremony.state is CeremonyState.FIXED
    assert db.session.scalar(select(Slot)) is None


def test_a_share_is_opened_however_long_it_is_and_whatever_lines_it_has(
    competition: Competition, desk: Account
) -> None:
    ceremony = prepared(competition, desk)
    share = "江北潮平\n" * 400
    ceremony_key = (ceremony.name, ceremony.number)
    long = [seal_share(*ceremony_key, name, share, bytes(16)) for name in NAMES]
    for party in long:
        add_seal(ceremony, party.name, party.seal, spare=party.name == NAMES[-1], by=desk)
    publish_head(ceremony, desk)
    refused = open_party(ceremony, NAMES[0], "长" * 10_001, long[0].key or "", desk)
    assert "签最长 10000 个字，这里是 10001 个" in str(refused.why)
    for party in long:
        if party.name == NAMES[-1]:
            fix_openings(ceremony, desk)
        hand_in(ceremony, party, desk)
    file = published_file(ceremony)
    assert file is not None
    assert check_draw_file(file).fits
    assert file.parties[0].share == share


def test_nothing_is_published_before_it_can_be_and_nothing_changes_after(
    competition: Competition, desk: Account
) -> None:
    ceremony = prepared(competition, desk)
    party, other, spare = openings_of(ceremony)
    with pytest.raises(Refused, match="两方以上"):
        publish_head(ceremony, desk)
    with pytest.raises(Refused, match="64 位"):
        add_seal(ceremony, "组委会", "abc", spare=False, by=desk)
    add_seal(ceremony, party.name, f" {party.seal.upper()} ", spare=False, by=desk)
    with pytest.raises(Refused, match="已经交过"):
        add_seal(ceremony, party.name, party.seal, spare=False, by=desk)
    add_seal(ceremony, spare.name, spare.seal, spare=True, by=desk)
    with pytest.raises(Refused, match="只有一个"):
        add_seal(ceremony, "又一个", spare.seal, spare=True, by=desk)
    with pytest.raises(Refused, match=f"是“{party.name}”交过的"):
        add_seal(ceremony, "抄来的", party.seal, spare=False, by=desk)
    add_seal(ceremony, "写错的", other.seal, spare=False, by=desk)
    remove_seal(ceremony, "写错的", desk)
    add_seal(ceremony, other.name, other.seal, spare=False, by=desk)
    with unit_of_work() as session:
        session.delete(session.scalars(select(Entrant).where(Entrant.code == "P4")).one())
        audit.record(competition, desk, "test", "P4")
    with pytest.raises(Refused, match="名单变了"):
        publish_head(ceremony, desk)
    retake_list(ceremony, desk)
    publish_head(ceremony, desk)
    with pytest.raises(Refused, match="封存值已经公布，不能再交封签：这一次没有“来晚的”的签"):
        add_seal(ceremony, "来晚的", "0" * 64, spare=False, by=desk)
    assert [person["code"] for person in ceremony.people] == ["P1", "P2", "P3"]
    for act in (lambda: retake_list(ceremony, desk), lambda: discard_draw(ceremony, desk)):
        with pytest.raises(Refused, match="下一步"):
            act()
    with pytest.raises(Refused, match="作废"):
        prepared(competition, desk)


def test_nobody_opens_or_no_spare_makes_it_void_and_the_next_names_the_one_before(
    competition: Competition, desk: Account
) -> None:
    first, _parties = published(competition, desk)
    fix_openings(first, desk)
    assert first.state is CeremonyState.VOID
    second, parties = published(competition, desk)
    assert second.number == 2
    assert second.before == {"head": first.head, "reason": "没有一方拆签", "by": "吴敏"}
    hand_in(second, parties[0], desk)
    fix_openings(second, desk)
    with pytest.raises(Refused, match="理由"):
        void_draw(second, " ", desk)
    void_draw(second, "公证员没来", desk)
    for ceremony in (first, second):
        file = published_file(ceremony)
        assert file is not None
        assert file.void
        (difference,) = check_draw_file(file).differences
        assert difference.what == Checked.VOID
    assert db.session.scalar(select(Slot)) is None
    assert not drawn_so_far(competition).done
    third = drawn(competition, desk)
    assert (third.number, drawn_so_far(competition).done) == (3, True)
    end(third, "漏了一人", desk)
    assert not drawn_so_far(competition).done
    fourth = prepared(competition, desk)
    assert fourth.before is not None
    assert fourth.before["reason"] == "漏了一人"
    gone = fourth.id
    discard_draw(fourth, desk)
    assert db.session.scalar(select(DrawCeremony).where(DrawCeremony.number == 4)) is None
    # It was never held: the next is the fourth again, at an address of its own.
    again = prepared(competition, desk)
    assert (again.number, again.id > gone) == (4, True)


def test_who_has_sheets_cannot_be_drawn_any_more(competition: Competition, desk: Account) -> None:
    seat_and_open(competition, desk)
    with pytest.raises(Refused, match="评分表"):
        prepared(competition, desk)


def test_a_draw_on_paper_stands_for_those_who_have_a_place(
    competition: Competition, desk: Account
) -> None:
    event = competition.events[0]
    words: dict[str, Any] = {"drawn_on": "2026-09-15", "supervisor": "田春", "by": desk}
    with pytest.raises(Refused, match="还没有人有工位"):
        enter_paper_draw(event, "S", "m", **words)
    with unit_of_work() as session:
        for entrant in session.scalars(select(Entrant).where(Entrant.code != "P4")):
            session.add(Slot(entrant_id=entrant.id, stage="S", module="m", station="1号"))
        audit.record(competition, desk, "test", "")
    so_far = drawn_so_far(competition)
    assert (so_far.expected, so_far.placed, so_far.drawn, so_far.done) == (4, 3, 0, False)
    with pytest.raises(Refused, match="2026-09-16"):
        enter_paper_draw(event, "S", "m", **words | {"drawn_on": "昨天"})
    enter_paper_draw(event, "S", "m", **words)
    so_far = drawn_so_far(competition)
    assert (so_far.drawn, str(so_far.last_on), so_far.done) == (3, "2026-09-15", False)
    with unit_of_work() as session:
        away = session.scalars(select(Entrant).where(Entrant.code == "P4")).one()
        session.add(OutcomeEntry(entrant_id=away.id, stage="S", status="dns", reason="病"))
        audit.record(competition, desk, "test", "")
    so_far = drawn_so_far(competition)
    assert (so_far.done, so_far.away) == (True, 1)
    # Whom another module has a station for, and did not draw, is not drawn yet.
    with unit_of_work() as session:
        of_t = session.scalars(select(Entrant).where(Entrant.code == "P1")).one()
        session.add(Slot(entrant_id=of_t.id, stage="S", module="t", station="2号"))
        audit.record(competition, desk, "test", "")
    so_far = drawn_so_far(competition)
    assert (so_far.placed, so_far.drawn, so_far.done) == (3, 0, False)
    enter_paper_draw(event, "S", "t", **words)
    assert drawn_so_far(competition).drawn == 1
    with pytest.raises(Refused, match="2999年1月1日 还没到"):
        enter_paper_draw(event, "S", "m", **words | {"drawn_on": "2999-01-01"})


@pytest.mark.parametrize(
    ("stations", "sessions", "check_in", "field", "fault"),
    [
        ("", "第1场，2026-09-16 08:40，2，10", "", "stations", "工位"),
        ("1号\n1号", "第1场，2026-09-16 08:40，2，10", "", "stations", "同名"),
        ("1号", "", "", "sessions", "场次"),
        ("1号", "第1场，明天，2，10", "", "sessions", "第 1 行"),
        ("1号", "甲，2026-09-16 08:40，2，10\n乙，2026-09-16 09:40，0，10", "", "sessions", "第 2"),
        ("1号", "甲，2026-09-16 08:40，1，1\n甲，2026-09-16 09:40，1，1", "", "sessions", "同名"),
        ("1号", "甲，2026-09-16 08:40，1，1", "早点", "check_in", "分钟"),
        ("1号\n2号", "甲，2026-09-16 08:40，4000，1", "", "sessions", "太多"),
        ("1\x07号", "甲，2026-09-16 08:40，1，1", "", "stations", "看不见"),
    ],
)
def test_lines_that_make_no_places_are_told_by_field(
    here: Flask, stations: str, sessions: str, check_in: str, field: str, fault: str
) -> None:
    with pytest.raises(PlacesError) as refused:
        read_places(stations, sessions, check_in)
    assert fault in str(refused.value.faults[field])


def test_sessions_that_share_the_stations_do_not_overlap(here: Flask) -> None:
    lines = "乙，2026-09-16 09:00，2，10\n甲，2026-09-16 08:40，{}，10"
    with pytest.raises(PlacesError) as refused:
        read_places("1号", lines.format(4), "")
    assert "乙 09:00 开始，甲 要到 09:20 才完" in str(refused.value.faults["sessions"])
    assert len(read_places("1号", lines.format(2), "").places) == 4


def test_turns_are_counted_over_all_sessions(here: Flask) -> None:
    lines = "甲，2026-09-16 08:40，2，10\n乙, 2026-09-16 10:00, 1, 0"
    layout = read_places("1号\n2号", lines, "")
    assert [place["code"] for place in layout.places] == ["1-1", "2-1", "1-2", "2-2", "1-3", "2-3"]
    assert (layout.times["1-2"]["starts"] or "")[11:16] == "08:50"
    assert layout.times["1-3"]["ends"] is None


@pytest.mark.parametrize("starts", ["9999-12-31 23:50", "0001-01-01 00:10", "0001-01-01 09:00"])
def test_a_session_at_the_calendars_end_is_not_understood(starts: str) -> None:
    with pytest.raises(PlacesError) as refusal:
        read_places("1号", f"第1场，{starts}，2，10", "20")
    assert set(refusal.value.faults) == {"sessions"}


@pytest.mark.parametrize("opened", [0, 1])
def test_a_module_with_a_draw_stays_in_the_rules(
    competition: Competition, desk: Account, opened: int
) -> None:
    event = competition.events[0]
    ceremony, parties = published(competition, desk)
    for party in parties[:opened]:
        hand_in(ceremony, party, desk)
    draft = draft_in_force(event)
    left = tuple(
        replace(module, weight="100") for module in draft.stages[0].modules if module.was != "m"
    )
    without = replace(draft, stages=(replace(draft.stages[0], modules=left),), ties=("time:t",))
    with pytest.raises(Refused, match="有抽签“小赛抽签”"):
        save_rules(event, without, event.rules.number, desk)
    assert event.rules.number == 1
    end(ceremony, "不抽了", desk)
    assert save_rules(event, without, event.rules.number, desk) == 2


def test_the_file_that_goes_out_has_the_places_that_were_drawn(here: Flask) -> None:
    plain = planned()
    plain["competition"]["extra"]["schedule"][0]["judges"] = ["J1"]
    plain["competition"]["extra"]["schedule"][1]["entrants"].append("P9")
    competition = load_bundle(read(plain))
    drawn(competition, create_account("吴敏"))
    out = export_bundle(competition)
    drawn_slots = {
        (code, it["session"], it["station"], it.get("check_in"), it["starts"])
        for it in out.competition.extra["schedule"]  # type: ignore[index]
        for code in it["entrants"]
    }
    slots = {
        (
            slot.entrant.code,
            slot.session,
            slot.station,
            f"{local_time(slot.check_in_at):%Y-%m-%dT%H:%M}" if slot.check_in_at else None,
            f"{local_time(slot.starts_at):%Y-%m-%dT%H:%M}" if slot.starts_at else None,
        )
        for slot in db.session.scalars(select(Slot))
    }
    late = ("P9", "第2场", "2号", "2026-09-16T14:00", "2026-09-16T14:30")
    assert drawn_slots == slots | {late}
    assert {
        it["station"]
        for it in out.competition.extra["schedule"]  # type: ignore[index]
        if "J1" in it["judges"]
    } == {"2号"}
    assert list(check_rows(competition)) == []


def test_a_draw_without_a_plan_goes_out_with_the_file_and_comes_back(
    competition: Competition, desk: Account
) -> None:
    drawn(competition, desk)
    places = select(Entrant.code, Slot.session, Slot.station, Slot.starts_at).join(
        Slot, Slot.entrant_id == Entrant.id
    )
    before = set(db.session.execute(places.order_by(Slot.id)).tuples())
    out = export_bundle(competition)
    again = load_bundle(replace_struct(out, competition=replace_struct(out.competition, code="X2")))
    after = places.where(Entrant.competition_id == again.id)
    assert set(db.session.execute(after).tuples()) == before
