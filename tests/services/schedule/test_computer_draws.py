"""电脑随机抽: what is out before it is drawn, what its file says, and how it is put an end to."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from compete.cli import main
from compete.domain.ceremonies.checking import check_draw_file
from compete.domain.values.roles import Role
from compete.domain.values.states import CeremonyState
from compete.models import (
    Account,
    AuditEntry,
    Competition,
    DrawCeremony,
    DrawShare,
    Entrant,
    Slot,
    db,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.loading import load_bundle
from compete.services.competitions.pending_approvals import asked_by
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import Timetable
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.schedule.draw_ceremonies import (
    draw_now,
    fix_openings,
    open_party,
    prepare_draw,
    seal_list,
    void_draw,
)
from compete.services.schedule.draw_ends import agree_end, end_draw, keep_draw
from compete.services.schedule.draw_lists import places_of, published_file
from compete.services.schedule.drawn_places import placed_in
from compete.services.schedule.slots import planned_sessions
from compete.services.schedule.station_moves import swap_people
from compete.services.schedule.timetables import lay_out, rule_of
from tests.support.drawing import hold
from tests.support.small import read, small

PLAN = Timetable(stations="1号\n2号", sessions="第1场，2026-09-16 08:40，2，10")


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(read(small()))


@pytest.fixture
def desk(competition: Competition) -> Account:
    return create_account("吴敏")


@pytest.fixture
def supervisor(competition: Competition) -> Account:
    account = create_account("田春")
    grant_role(account, competition, Role.SUPERVISOR)
    return account


def sealed(competition: Competition, by: Account) -> DrawCeremony:
    places, rule = places_of(PLAN), rule_of(PLAN)
    event = competition.events[0]
    return seal_list(event, "S", "m", name="小赛抽签", places=places, rule=rule, by=by)


def test_the_list_is_out_before_the_press_and_the_shares_with_the_result(
    competition: Competition, desk: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ceremony = sealed(competition, desk)
    file = published_file(ceremony)
    assert file is not None
    assert [party.share for party in (*file.parties, file.spare)] == [None] * 3
    assert db.session.scalar(select(Slot)) is None
    head = ceremony.head
    draw_now(ceremony, desk)
    assert (ceremony.state, ceremony.head) == (CeremonyState.DRAWN, head)
    assert len(db.session.scalars(select(Slot)).all()) == 4
    written = tmp_path / "draw.json"
    written.write_text(ceremony.file or "")
    main(["verify-draw", str(written), "--head", head or "", "--openings", ceremony.openings or ""])
    assert "一致" in capsys.readouterr().out
    acts = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    steps = ["draw.head", "draw.opening", "draw.opening", "draw.openings", "draw.opening"]
    assert [act for act in acts if act.startswith("draw.")][-6:] == [*steps, "draw.result"]
    assert list(check_rows(competition.id)) == []
    assert list(verify_chain(competition)) == []


def test_what_the_server_keeps_is_nowhere_to_be_read_before(
    competition: Competition, desk: Account
) -> None:
    ceremony = sealed(competition, desk)
    kept = [share.kept or "" for share in ceremony.shares]
    raw = db.session.connection().exec_driver_sql("SELECT kept FROM draw_share").scalars().all()
    for secret in kept:
        key, text = secret.split("\n")
        assert (len(key), len(text)) == (32, 32)
        assert not any(word.encode() in bytes(row) for word in (key, text) for row in raw)
        assert text not in (ceremony.file or "")
    assert len(set(kept)) == 3


def test_a_press_that_broke_off_is_gone_on_with(competition: Competition, desk: Account) -> None:
    ceremony = sealed(competition, desk)
    first = ceremony.shares[0]
    key, text = (first.kept or "").split("\n")
    open_party(ceremony, first.name, text, key, desk)
    for act in (
        lambda: fix_openings(ceremony, desk),
        lambda: void_draw(ceremony, "不要这个结果", desk),
    ):
        with pytest.raises(Refused):
            act()
    draw_now(ceremony, desk)
    file = published_file(ceremony)
    assert file is not None
    assert check_draw_file(file).fits
    with pytest.raises(Refused):
        draw_now(ceremony, desk)


def test_a_draw_stands_until_a_second_person_agrees_and_the_next_counts_on(
    competition: Competition, desk: Account, supervisor: Account
) -> None:
    ceremony = sealed(competition, desk)
    with pytest.raises(Refused, match="请写理由"):
        end_draw(ceremony, " ", desk)
    named = competition.events[0]
    who = db.session.scalars(select(Entrant).filter_by(event_id=named.id)).first()
    assert who is not None
    with pytest.raises(Refused, match="谁都看得到"):
        end_draw(ceremony, f"{who.name}没抽", desk)
    end_draw(ceremony, "试试手气", desk)
    assert ceremony.state is CeremonyState.OPENING
    with pytest.raises(Refused, match="等另一个人同意"):
        draw_now(ceremony, desk)
    keep_draw(ceremony, supervisor)
    draw_now(ceremony, desk)
    with pytest.raises(Refused, match="没有人提"):
        agree_end(ceremony, supervisor)
    end_draw(ceremony, "漏了一人", desk)
    assert [act.key for act in asked_by(competition, desk)] == [f"draw:{ceremony.id}"]
    with pytest.raises(Refused, match="不归你办"):
        agree_end(ceremony, desk)
    assert ceremony.state is CeremonyState.DRAWN
    agree_end(ceremony, supervisor)
    assert ceremony.state is CeremonyState.ENDED
    again = sealed(competition, desk)
    assert (again.number, again.before) == (
        2,
        {"head": ceremony.head, "reason": "漏了一人", "by": "吴敏、田春"},
    )
    assert list(check_rows(competition.id)) == []


def test_a_ceremony_of_parties_is_not_drawn_by_a_press(
    competition: Competition, desk: Account
) -> None:
    event, places = competition.events[0], places_of(PLAN)
    ceremony = prepare_draw(event, "S", "m", name="小赛抽签", places=places, rule={}, by=desk)
    with pytest.raises(Refused, match="各方拆签"):
        draw_now(ceremony, desk)
    hold(ceremony, desk)
    assert db.session.scalars(select(DrawShare.kept).where(DrawShare.kept.is_not(None))).all() == []


def test_a_rule_that_units_first_make_needless_is_left_out(competition: Competition) -> None:
    lay_out(competition.events[0], "S", "m", PLAN, create_account("吴敏"))
    assert rule_of(PLAN) == {"apart": True}
    layered = Timetable(stations="1号", sessions="甲，2026-09-16 08:40，4，10", layer="round")
    assert rule_of(layered) == {}


def test_two_people_of_different_sessions_change_places_and_the_plan_follows(
    competition: Competition, desk: Account
) -> None:
    event = competition.events[0]
    plan = Timetable(
        stations="1号\n2号", sessions="甲，2026-09-16 08:40，1，10\n乙，2026-09-16 09:40，1，10"
    )
    places = places_of(plan)
    ceremony = seal_list(event, "S", "m", name="小赛抽签", places=places, rule={}, by=desk)
    draw_now(ceremony, desk)

    def sessions() -> dict[str, str | None]:
        return {person.code: slot.session for person, slot in placed_in(event, "S", "m")}

    before = sessions()
    early, late = (
        next(person for person, slot in placed_in(event, "S", "m") if slot.session == session)
        for session in ("甲", "乙")
    )
    swap_people(early, late, "S", "m", "设备不合", desk)
    assert sessions() == before | {early.code: "乙", late.code: "甲"}
    planned = {
        code: row["session"]
        for row in planned_sessions(competition)
        for code in row["entrants"]
        if row["module"] == "m"
    }
    assert planned == sessions()
