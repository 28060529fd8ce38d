"""Re-checking by rule: the draw, the blind second reading, the ruling, and when all are forced."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from compete.domain.recheck import Ruling, Why, recheck_draw
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import (
    Account,
    AuditEntry,
    Competition,
    Entrant,
    PenaltyEntry,
    RecheckEntry,
    RecheckRound,
    Sheet,
    db,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.pins import WrongPin, set_pin
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.recheck import (
    LookAgainError,
    add_moved,
    draw_recheck,
    enter_recheck,
    overseer_by_pin,
    overseers,
    rule_difference,
)
from compete.services.closing.recheck_scope import (
    RecheckSettings,
    change_recheck_settings,
    recheck_settings,
)
from compete.services.closing.recheck_state import (
    RecheckStanding,
    RoundState,
    recheck_blockers,
    recheck_state_of,
    stage_sheets,
)
from compete.services.competitions.details import agree_terms, change_recheck
from compete.services.competitions.loading import load_bundle
from compete.services.judging.act_intake import take_acts
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel.fields import read_texts
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.bends import bends_of
from compete.services.results.public_rechecks import live_recheck_lines, recheck_lines
from compete.services.results.publishing import publish
from compete.services.results.snapshots import read_snapshot, snapshot_files
from compete.services.scoring.live import live_results
from compete.services.sheets.act_rules import ActIn
from compete.services.sheets.values import standing_values
from tests.support.begun import Begin, copied
from tests.support.contest import contest
from tests.support.signing_in import official


@pytest.fixture
def load(here: Flask, begin: Begin) -> Callable[..., Competition]:
    def run(**keys: Any) -> Competition:
        keys = {"code": "CUP", "level": "provincial-2", "entrants": 10} | keys
        begin(f"recheck {keys}", lambda: load_bundle(contest(**keys)))
        return db.session.query(Competition).filter_by(code=keys["code"]).one()

    return run


@pytest.fixture
def competition(load: Callable[..., Competition]) -> Competition:
    return load()


@pytest.fixture
def organiser(here: Flask) -> Account:
    return create_account("吴敏")


def drawn(competition: Competition, digits: str = "8848") -> RecheckRound:
    event = competition.events[0]

    def draw() -> None:
        draw_recheck(event, "final", official(competition, "S1"), digits)

    copied(f"{digits} drawn for {event.id}", draw)
    return db.session.query(RecheckRound).filter_by(event_id=event.id).one()


def recorder(entry: RecheckEntry) -> Account:
    return official(entry.round.event.competition, "R1")


def truth(entry: RecheckEntry) -> dict[str, Decimal]:
    return standing_values([entry.sheet_id])[entry.sheet_id]


def otherwise(entry: RecheckEntry) -> dict[str, Decimal]:
    """The same but for one aspect."""
    values = truth(entry)
    first = next(iter(values))
    return values | {first: values[first] + Decimal("0.5")}


def differ(entry: RecheckEntry) -> None:
    """A second reading that differs, also after another look."""
    values = otherwise(entry)
    enter_recheck(entry, values, recorder(entry), looked_again=True)


def finish(round: RecheckRound) -> None:
    """Everything that waits is entered as it stands."""
    for line in recheck_state_of(round).lines:
        if line.standing is RecheckStanding.WAITING:
            enter_recheck(line.entry, truth(line.entry), recorder(line.entry))


def now(round: RecheckRound) -> RoundState:
    return recheck_state_of(round, live_results(round.event.competition).results)


def whats(competition: Competition) -> list[str]:
    results = live_results(competition).results
    return [str(blocker.what) for blocker in recheck_blockers(competition, results)]


def test_from_provincial_level_up_it_is_required(load: Callable[..., Competition]) -> None:
    assert recheck_settings(load()).required
    assert not recheck_settings(load(code="LOW", level="enterprise")).required


def test_the_draw_takes_the_top_and_a_sample_that_anyone_can_draw_again(
    competition: Competition,
) -> None:
    round = drawn(competition)
    codes = [code for code, _rank in round.ranking]
    ranks = [rank for _code, rank in round.ranking]
    again = recheck_draw(codes, round.seed, 30, 15, ranks=ranks)
    why = {entry.sheet.label: entry.why for entry in round.entries}
    assert {code for code, reason in why.items() if reason is Why.TOP} == set(again.top)
    assert {code for code, reason in why.items() if reason is Why.SAMPLE} == set(again.sampled)
    assert (len(again.top), len(again.sampled)) == (3, 2)
    # One paper sheet and three of the practice for each of the five.
    assert len(round.entries) == 20


def test_the_seed_is_the_hash_of_what_was_said_and_stands_in_the_audit_chain(
    competition: Competition,
) -> None:
    round = drawn(competition, " 江北港 8848 ")
    assert round.seed == hashlib.sha256("江北港 8848".encode()).hexdigest()
    row = db.session.query(AuditEntry).filter_by(action="recheck.draw").one()
    assert row.after["seed"] == round.seed
    assert row.actor == "田春"


def test_without_a_word_the_seed_is_random(load: Callable[..., Competition]) -> None:
    first, second = load(code="A"), load(code="B")
    seeds = {drawn(competition, "").seed for competition in (first, second)}
    assert len(seeds) == 2


def test_a_stage_is_drawn_once(competition: Competition) -> None:
    drawn(competition)
    with pytest.raises(Refused, match="已经抽过"):
        drawn(competition)


def test_nothing_is_drawn_while_sheets_are_missing(load: Callable[..., Competition]) -> None:
    competition = load()
    sheet = db.session.query(Sheet).first()
    send_sheet_back(sheet, "看一看", official(competition, "C1"))
    with pytest.raises(Refused, match="退回没改 1 张"):
        drawn(competition)


def test_a_second_reading_that_is_the_same_settles_the_sheet(competition: Competition) -> None:
    entry = drawn(competition).entries[0]
    assert enter_recheck(entry, truth(entry), recorder(entry)) is RecheckStanding.SAME
    state = now(entry.round)
    assert state.count(RecheckStanding.SAME) == 1
    assert state.count(RecheckStanding.WAITING) == 19


def test_a_difference_asks_to_look_again_first_and_tells_no_figure(
    competition: Competition,
) -> None:
    entry = drawn(competition).entries[0]
    with pytest.raises(LookAgainError) as asked:
        enter_recheck(entry, otherwise(entry), recorder(entry))
    assert asked.value.aspects == ["all"]
    assert entry.entered is None
    assert str(truth(entry)["all"]) not in str(asked.value)


def test_the_judge_who_marked_it_and_the_chief_are_no_second_person(
    competition: Competition,
) -> None:
    entry = drawn(competition).entries[0]
    for code in ("J7", "C1"):
        with pytest.raises(Refused, match="记分员或监督"):
            enter_recheck(entry, truth(entry), official(competition, code))
    assert enter_recheck(entry, truth(entry), official(competition, "S1")) is RecheckStanding.SAME


def test_a_sheet_is_entered_once(competition: Competition) -> None:
    entry = drawn(competition).entries[0]
    enter_recheck(entry, truth(entry), recorder(entry))
    with pytest.raises(Refused, match="已经有人录过"):
        enter_recheck(entry, truth(entry), official(competition, "S1"))


def test_a_difference_waits_for_a_ruling_by_another(competition: Competition) -> None:
    entry = drawn(competition).entries[0]
    values = otherwise(entry)
    enter_recheck(entry, values, official(competition, "S1"), looked_again=True)
    assert now(entry.round).count(RecheckStanding.DIFFERS) == 1
    with pytest.raises(Refused, match="谁录的"):
        rule_difference(entry, Ruling.MISREAD, "看错", official(competition, "S1"))
    with pytest.raises(Refused, match="理由"):
        rule_difference(entry, Ruling.MISREAD, " ", official(competition, "C1"))
    rule_difference(entry, Ruling.MISREAD, "把 1 看成 7", official(competition, "C1"))
    state = now(entry.round)
    assert state.count(RecheckStanding.MISREAD) == 1
    assert state.wrong == 0


@pytest.mark.each_database
def test_a_wrong_sheet_goes_back_to_its_judge_and_is_mended_by_the_right_mark(
    competition: Competition,
) -> None:
    round = drawn(competition)
    entry = round.entries[0]
    values = otherwise(entry)
    enter_recheck(entry, values, recorder(entry), looked_again=True)
    rule_difference(entry, Ruling.ERROR, "纸上是另一个数", official(competition, "C1"))
    sheet = entry.sheet
    assert sheet.state is SheetState.RETURNED
    assert sheet.return_reason == "复核查出有误：纸上是另一个数"
    assert now(round).count(RecheckStanding.WRONG) == 1
    kinds = ("mark", "submit")
    acts = [
        ActIn(
            uuid=str(uuid.uuid4()),
            sheet=sheet.public_id,
            kind=kind,
            aspect="all" if kind == "mark" else None,
            value=str(values["all"]) if kind == "mark" else None,
        )
        for kind in kinds
    ]
    taken = take_acts(sheet.judge, acts, official(competition, "J7"))
    assert taken.refused == []
    state = now(round)
    assert state.count(RecheckStanding.MENDED) == 1
    assert state.wrong == 1


def test_more_errors_than_the_limit_force_everybody(competition: Competition) -> None:
    round = drawn(competition)
    first, second = round.entries[0], round.entries[4]
    differ(first)
    rule_difference(first, Ruling.ERROR, "错", official(competition, "C1"))
    # One of twenty is 5 %: not more than the limit.
    assert round.forced_at is None
    assert len(round.entries) == 20
    differ(second)
    rule_difference(second, Ruling.ERROR, "错", official(competition, "C1"))
    assert round.forced_at is not None
    everything = {entry.sheet.label for entry in round.entries}
    assert everything == {f"P{number:03}" for number in range(1, 11)}
    state = now(round)
    assert len(round.entries) == 40
    assert (state.drawn, state.wrong) == (20, 2)
    assert db.session.query(AuditEntry).filter_by(action="recheck.force").count() == 1


def test_a_sheet_changed_after_it_was_found_right_waits_again(competition: Competition) -> None:
    round = drawn(competition)
    entry = round.entries[0]
    enter_recheck(entry, truth(entry), recorder(entry))
    send_sheet_back(entry.sheet, "看一看", official(competition, "C1"))
    act = ActIn(
        uuid=str(uuid.uuid4()), sheet=entry.sheet.public_id, kind="mark", aspect="all", value="1"
    )
    take_acts(entry.sheet.judge, [act], official(competition, "J7"))
    state = now(round)
    assert state.count(RecheckStanding.WAITING) == 20
    assert not state.done


def test_who_comes_into_the_top_afterwards_is_added(competition: Competition) -> None:
    round = drawn(competition)
    finish(round)
    assert now(round).done
    covered = {entry.sheet.label for entry in round.entries}
    best = round.ranking[0][0]
    with unit_of_work() as session:
        entrant = db.session.query(Entrant).filter_by(code=best).one()
        session.add(
            PenaltyEntry(
                entrant_id=entrant.id, stage="final", module="practice", points=Decimal(60)
            )
        )
    newcomer = round.ranking[3][0]
    expected = [] if newcomer in covered else [newcomer]
    assert now(round).moved == expected
    assert add_moved(round, official(competition, "C1")) == expected
    assert now(round).moved == []


@pytest.mark.each_database
def test_nothing_is_published_before_it_is_done(
    competition: Competition, organiser: Account
) -> None:
    assert whats(competition) == ["还没抽复核"]
    lock_marks(competition, organiser)
    with pytest.raises(Refused, match="还不能公布：还没抽复核"):
        publish(competition, organiser)
    round = drawn(competition)
    assert whats(competition) == ["复核还剩 20 张没录"]
    differ(round.entries[0])
    finish(round)
    assert whats(competition) == ["复核有 1 张出入没裁定"]
    with pytest.raises(Refused, match="出入没裁定"):
        publish(competition, organiser)
    rule_difference(round.entries[0], Ruling.MISREAD, "看错", official(competition, "C1"))
    assert whats(competition) == []
    assert publish(competition, organiser).version == 1


def test_a_wrong_sheet_of_a_locked_competition_waits_for_the_unlocking(
    competition: Competition, organiser: Account
) -> None:
    lock_marks(competition, organiser)
    round = drawn(competition)
    differ(round.entries[0])
    rule_difference(round.entries[0], Ruling.ERROR, "错", official(competition, "C1"))
    assert round.entries[0].sheet.state is SheetState.SUBMITTED
    finish(round)
    assert whats(competition) == ["复核查出的 1 张错表还没改"]
    unlock_marks(competition, "改复核查出的错", organiser)
    assert competition.state is CompetitionState.JUDGING


USUAL = RecheckSettings(True, Decimal(30), Decimal(15), Decimal(5))


def test_before_judging_it_is_a_setting_like_others(
    competition: Competition, organiser: Account
) -> None:
    with unit_of_work():
        competition.state = CompetitionState.REGISTERING
    change_recheck_settings(competition, replace(USUAL, required=False), by=organiser)
    with unit_of_work():
        competition.state = CompetitionState.JUDGING
    assert whats(competition) == []
    lock_marks(competition, organiser)
    published = publish(competition, organiser)
    (row,) = json.loads(snapshot_files(published)[0])["extra"]["recheck"]
    assert (row["waived"], row["who"]) == (True, "吴敏")


@pytest.mark.parametrize(
    "less",
    [{"required": False}, {"top": Decimal(29)}, {"rest": Decimal(0)}, {"limit": Decimal(6)}],
)
def test_once_judging_has_begun_less_of_it_takes_two_and_a_reason_and_is_public(
    competition: Competition, organiser: Account, less: dict[str, Any]
) -> None:
    grant_role(organiser, competition, Role.ORGANISER)
    lock_marks(competition, organiser)
    wanted = replace(USUAL, **less)
    with pytest.raises(Refused, match="两个人"):
        change_recheck_settings(competition, wanted, by=organiser)
    with pytest.raises(Refused, match="要写理由"):
        change_recheck(competition, wanted, by=organiser)
    assert change_recheck(competition, wanted, by=organiser, why="记分员都病了")
    assert recheck_settings(competition).required
    agree_terms(competition, official(competition, "S1"))
    assert recheck_settings(competition).required == wanted.required
    (bend,) = bends_of(competition)
    assert (bend.action, bend.why) == ("competition.agree_terms", "记分员都病了")
    if not wanted.required:
        published = publish(competition, organiser)
        (line,) = recheck_lines(read_snapshot(published)[0], competition)
        for word in ("免复核", "吴敏", "记分员都病了"):
            assert word in str(line)


def test_more_of_it_one_person_sets_until_the_draw(
    competition: Competition, organiser: Account
) -> None:
    more = RecheckSettings(True, Decimal(40), Decimal("50.5"), Decimal(0))
    change_recheck_settings(competition, more, by=organiser)
    round = drawn(competition)
    assert (round.top_share, round.rest_share) == (Decimal(40), Decimal("50.5"))
    assert {entry.why for entry in round.entries} == {Why.TOP, Why.SAMPLE}
    with pytest.raises(Refused, match="不能再改规则"):
        change_recheck_settings(competition, USUAL, by=organiser)


def test_where_it_is_required_something_is_drawn(
    competition: Competition, organiser: Account
) -> None:
    nothing = replace(USUAL, top=Decimal(0), rest=Decimal(0))
    with pytest.raises(Refused, match="至少抽一张") as refused:
        change_recheck_settings(competition, nothing, by=organiser)
    assert refused.value.kind is Refusal.INVALID


def test_the_number_is_a_supervisors_own(competition: Competition, organiser: Account) -> None:
    event = competition.events[0]
    grant_role(organiser, competition, Role.ORGANISER)
    with pytest.raises(Refused, match="监督") as refused:
        draw_recheck(event, "final", organiser, "8848")
    assert refused.value.kind is Refusal.FORBIDDEN
    with pytest.raises(Refused, match="监督"):
        draw_recheck(event, "final", organiser, "8848", overseer=official(competition, "C1"))
    supervisor = official(competition, "S1")
    assert overseers(competition) == []
    set_pin(supervisor, "2580", "2580")
    with pytest.raises(WrongPin):
        overseer_by_pin(competition, str(supervisor.id), "1379")
    beside = overseer_by_pin(competition, str(supervisor.id), "2580")
    round = draw_recheck(event, "final", organiser, "8848", overseer=beside)
    assert round.seed == hashlib.sha256(b"8848").hexdigest()
    finish(round)
    (line,) = live_recheck_lines(competition)
    sheets = len(stage_sheets(event, "final"))
    assert f"复核 {len(round.entries)} / {sheets} 张，原表有误 0 张" in str(line)
    assert supervisor.name in str(line)


def test_a_share_is_a_number_of_0_to_100(competition: Competition, organiser: Account) -> None:
    for wrong in ("", "x", "-1", "101", "NaN", "Infinity", "1.234"):
        texts = {"required": "1", "top": "30", "rest": wrong, "limit": "5"}
        wanted, faults = read_texts(RecheckSettings, texts)
        assert wanted is None
        assert list(faults) == ["rest"]
    with pytest.raises(FieldRefused) as refused:
        change_recheck_settings(competition, replace(USUAL, rest=Decimal(101)), by=organiser)
    assert refused.value.field == "rest"


def test_a_blind_event_is_drawn_by_codes(load: Callable[..., Competition]) -> None:
    competition = load(blind=True)
    round = drawn(competition)
    assert all(not code.startswith("P") for code, _rank in round.ranking)
