"""Appeals come in within the time and by whom they may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from compete.domain.values.states import AppealState, MoveError, SheetState
from compete.domain.values.upload_limits import LARGEST_EVIDENCE_PDF, LARGEST_FILM
from compete.models import Account, AppealEvidence, Competition, Sheet, Slot, db, utc_now
from compete.services.appeals.appeal_states import appeals_of, open_appeals
from compete.services.appeals.appellants import proves
from compete.services.appeals.filing import add_evidence, withdraw_appeal
from compete.services.appeals.rules import set_appeal_rules
from compete.services.appeals.windows import items_of
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import AppealRules, change_settings
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.films import (
    FILM,
)
from compete.services.sheets.photo_files import is_clean
from tests.services.awards.test_external_awards import PDF
from tests.support.announced import announce
from tests.support.appealing import appealed, lodged, person
from tests.support.films import PLACE, film
from tests.support.pictures import photo
from tests.support.small import IDS


def ends_at(at: datetime, code: str = "P1") -> None:
    with unit_of_work() as session:
        session.add(Slot(entrant_id=person(code).id, stage="S", module="m", ends_at=at))


@pytest.mark.each_database
def test_what_came_in_is_counted_and_sealed(judged: Competition, organiser: Account) -> None:
    first = appealed(photos=[photo()])
    assert (first.number, first.state) == (1, AppealState.FILED)
    assert first.answer_by - first.filed_at == timedelta(hours=2)
    assert appealed("P3").number == 2
    assert open_appeals(judged, judged.events[0]) == open_appeals(judged, None) == 2
    kept = first.evidence[0].photo
    assert kept is not None
    assert is_clean(kept)
    assert b"SECRETCAM" not in kept
    withdraw_appeal(first, None)
    assert open_appeals(judged, None) == 1
    assert [row.number for row in appeals_of(judged)] == [2, 1]
    assert list(verify_chain(judged)) == []
    assert list(check_rows(judged)) == []


def test_sent_twice_it_is_one(judged: Competition) -> None:
    wanted = lodged(item="S/m")
    assert appealed(uuid=wanted.uuid, item="S/m").id == appealed(uuid=wanted.uuid, item="S/m").id
    with pytest.raises(Refused, match="已经用过"):
        appealed("P3", uuid=wanted.uuid, item="S/m")


def test_two_hours_after_the_module_and_not_a_second_longer(judged: Competition) -> None:
    now = utc_now()
    # The last one out of the module counts, not the own end.
    ends_at(now - timedelta(hours=5), "P2")
    ends_at(now - timedelta(hours=1, minutes=59))
    appealed()
    with time_machine.travel(now + timedelta(minutes=2)), pytest.raises(Refused) as late:
        appealed("P3")
    assert "没有收" in str(late.value.message)
    assert late.value.kind is Refusal.CONFLICT


def test_the_publication_opens_it_once_more(judged: Competition, organiser: Account) -> None:
    ends_at(utc_now() - timedelta(days=1))
    with pytest.raises(Refused, match="没有收"):
        appealed()
    announce(judged, organiser)
    appealed()
    # What one sets alone takes away no window that results wait for.
    with pytest.raises(Refused, match="不能再改"):
        set_appeal_rules(judged, AppealRules(since="module"), organiser)
    with unit_of_work():
        change_settings(judged, appeals=AppealRules(since="module"))
    with pytest.raises(Refused, match="没有收"):
        appealed("P3")


def test_a_module_done_before_its_time_is_appealed_against_and_one_to_come_is_not(
    judged: Competition,
) -> None:
    with unit_of_work() as session:
        later = utc_now() + timedelta(hours=3)
        session.add(Slot(entrant_id=person("P1").id, stage="S", module="m", starts_at=later))
        session.add(Slot(entrant_id=person("P3").id, stage="S", module="m", starts_at=later))
        for sheet in session.scalars(select(Sheet).where(Sheet.entrant_id == person("P3").id)):
            sheet.state = SheetState.BEGUN
    appealed()
    with pytest.raises(Refused, match="这个模块还没比"):
        appealed("P3")


def test_before_it_has_begun_there_is_nothing_to_appeal(fresh: Competition) -> None:
    with pytest.raises(Refused, match="还没开始评分"):
        appealed()


def test_what_the_rules_bar_is_said_with_its_clause(
    judged: Competition, organiser: Account
) -> None:
    with unit_of_work():
        change_settings(judged, appeals=AppealRules(barred=("score",), clause="规则第 20 条"))
    barred = {item.key for item in items_of(person("P1"), aspects=True) if item.barred}
    assert barred == {"S/m/a"}
    announce(judged, organiser)
    with pytest.raises(Refused, match="规则第 20 条不受理") as refused:
        appealed(item="S/m/a")
    assert refused.value.kind is Refusal.INVALID
    appealed(item="S/m")


LACKING: list[dict[str, Any]] = [
    {"item": ""},
    {"item": "S/m/zz"},
    {"kind": "x"},
    {"matter": "  短 "},
    {"matter": "长" * 2001},
    {"photos": [b"GIF89a"]},
    {"photos": [b""] * 7},
    {"uuid": "1"},
]


def test_what_is_lacking_is_refused(judged: Competition) -> None:
    for wrong in LACKING:
        with pytest.raises(Refused) as refused:
            appealed(**wrong)
        assert refused.value.kind in (Refusal.INVALID, Refusal.WRONG_FORMAT), wrong
        assert open_appeals(judged, None) == 0, wrong


def test_the_same_thing_is_appealed_against_once(judged: Competition, organiser: Account) -> None:
    withdraw_appeal(appealed(item="S/m"), None)
    with pytest.raises(Refused, match="申诉 01"):
        appealed(item="S/m")
    appealed(item="S/t")


def test_evidence_is_added_and_never_replaced(judged: Competition) -> None:
    appeal = appealed(photos=[photo()])
    add_evidence(appeal, "还有一张", [photo("PNG", (300, 200))], None)
    # The same again, after an answer that was lost.
    add_evidence(appeal, "", [photo("PNG", (300, 200))], None)
    rows = db.session.query(AppealEvidence).filter_by(appeal_id=appeal.id).all()
    assert [(row.words, row.sha256 is not None) for row in rows] == [
        ("", True),
        ("还有一张", False),
        ("", True),
    ]
    with pytest.raises(Refused, match="写一句"):
        add_evidence(appeal, " ", [], None)
    withdraw_appeal(appeal, None)
    with pytest.raises(Refused, match="不能再补"):
        add_evidence(appeal, "晚了", [], None)
    with pytest.raises(MoveError):
        withdraw_appeal(appeal, None)


def test_a_pdf_is_evidence_too_by_what_it_is_and_how_large(
    judged: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong, why in (
        (b"%PDF-1.7\nhalf", "没传完整"),
        (PDF.replace(b"/Catalog", b"/JavaScript"), "脚本"),
        (PDF + b"x" * LARGEST_EVIDENCE_PDF, "最多 5 MB"),
    ):
        with pytest.raises(Refused, match=why):
            appealed(photos=[wrong])
    appeal = appealed(photos=[PDF, photo()])
    add_evidence(appeal, "", [PDF, PDF + b"\n", PDF + b"\n\n"], None)
    with pytest.raises(Refused, match="3 个 PDF"):
        add_evidence(appeal, "", [PDF + b"\n\n\n"], None)
    assert [row.media for row in appeal.evidence].count("application/pdf") == 3
    assert appeal.evidence[0].photo == PDF
    assert list(check_rows(judged)) == []


def test_a_film_is_kept_with_its_instants_and_there_are_few(judged: Competition) -> None:
    appeal = appealed(photos=[film(60)])
    assert (appeal.evidence[0].media, PLACE in (appeal.evidence[0].photo or b"")) == (FILM, False)
    with pytest.raises(Refused, match="录像到 1:10 就完了，没有 1:11") as late:
        add_evidence(appeal, "1:11 又一次", [film(70)], None)
    assert late.value.kind is Refusal.INVALID
    add_evidence(appeal, "0:31 第 1 次", [film(70), photo()], None)
    # The same again, after an answer that was lost.
    add_evidence(appeal, "0:31 第 1 次", [film(70), photo()], None)
    db.session.expire_all()
    assert [(row.words, row.media) for row in appeal.evidence] == [
        ("", FILM),
        ("0:31 第 1 次", FILM),
        ("", "image/jpeg"),
    ]
    with pytest.raises(Refused, match="最多 2 段录像"):
        add_evidence(appeal, "", [film(80)], None)
    with pytest.raises(Refused, match="没传完整"):
        add_evidence(appeal, "", [film(80)[:-3]], None)
    appealed(item="S/t", photos=[film(5), film(6)])
    third = appealed(item="S/m")
    with pytest.raises(Refused, match="一共最多 4 段录像"):
        add_evidence(third, "", [film(7)], None)
    with pytest.raises(Refused, match="录像太大"):
        add_evidence(third, "", [film() + bytes(LARGEST_FILM)], None)
    assert list(check_rows(judged)) == []


def test_the_last_four_of_the_number_prove_who_it_is(judged: Competition) -> None:
    entrant = person("P1")
    assert proves(entrant, f" {IDS['P1'][-4:].lower()}")
    assert proves(entrant, IDS["P1"])
    for wrong in ("", IDS["P1"][-3:], IDS["P2"][-4:], IDS["P1"][:-1], IDS["P1"][-5:]):
        assert not proves(entrant, wrong)


def test_a_blind_events_pdf_names_nobody_beside_its_pages(judged: Competition) -> None:
    named = PDF.replace(b"%%EOF", b"<</Author (Zhao Qiming)>> %%EOF")
    assert appealed(photos=[named]).evidence[0].photo == named
    with unit_of_work():
        judged.events[0].blind = True
        audit.record(judged, None, "competition.change", judged.code)
    blind = appealed("P3", photos=[named])
    assert b"Zhao" not in (blind.evidence[0].photo or b"")
    add_evidence(blind, "", [named + b"\n"], None)
    assert not any(b"Zhao" in (row.photo or b"") for row in blind.evidence)
    assert list(check_rows(judged)) == []


def test_terms_that_count_working_days_alone_skip_days_off_and_stay_once_judging_has_begun(
    judged: Competition, organiser: Account
) -> None:
    with pytest.raises(Refused, match="怎么数不能再改"):
        set_appeal_rules(judged, AppealRules(working=True), organiser)
    db.session.rollback()
    with unit_of_work():
        change_settings(judged, appeals=AppealRules(working=True, answer_hours=48))
        audit.record(judged, organiser, "test.rules", judged.code)
    # A Friday: Saturday and Sunday do not count.
    with time_machine.travel(datetime(2026, 6, 12, 2, tzinfo=UTC), tick=False):
        appeal = appealed()
    assert appeal.answer_by - appeal.filed_at == timedelta(days=4)
