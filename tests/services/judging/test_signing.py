from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import text

from compete.domain.values.states import CompetitionState, SheetState
from compete.models import SignedSheet, db
from compete.services.accounts.pins import set_pin
from compete.services.judging.drawn_signature import read_drawing
from compete.services.judging.proof import check_signatures, signature_faults
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.judging.signing import (
    sign_sheet,
    signature_words,
    signatures,
    signing_state,
    standing_signature,
)
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from tests.support.panels import PIN, SIGNATURE, Panel


def signed(panel: Panel, judge: str = "J1", entrant: str = "E1") -> SignedSheet:
    if panel.account(judge).pin_hash is None:
        set_pin(panel.account(judge), PIN, PIN)
    sheet = panel.sheet(judge, entrant)
    return sign_sheet(sheet, pin=PIN, drawing=SIGNATURE, by=panel.account(judge))


@pytest.mark.each_database
def test_a_submitted_sheet_is_signed_and_the_hash_is_over_what_it_says(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    signature = signed(panel)
    assert panel.sheet("J1").state is SheetState.SIGNED
    assert hashlib.sha256(signature.content.encode()).hexdigest() == signature.sha256
    content = json.loads(signature.content)
    assert content["judge"] == "J1"
    assert content["label"] == "E1"
    assert content["aspects"] == [
        {"code": "smooth", "value": "2", "marks": "4"},
        {"code": "work", "value": "17.5", "marks": "17.5"},
    ]
    assert content["total"] == "21.50"
    assert len(signature_words(signature.sha256).split()) == 4
    assert "王一" not in signature.content
    assert list(verify_chain(panel.competition)) == []


def test_a_sheet_that_is_not_submitted_cannot_be_signed(panel: Panel) -> None:
    panel.act(panel.sheet("J1"), "mark", aspect="smooth", value="2")
    with pytest.raises(Refused, match="还没提交"):
        signed(panel)


def test_before_judging_begins_nothing_is_said_of_a_lock(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    with unit_of_work():
        panel.competition.state = CompetitionState.REGISTERING
    with pytest.raises(Refused, match="还没开始评分，开始以后再签"):
        signed(panel)


def test_signing_twice_gives_the_same_signature(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    first = signed(panel).id
    assert signed(panel).id == first
    assert len(signatures(panel.sheet("J1"))) == 1


def test_nobody_signs_what_changed_behind_the_tablet(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    set_pin(panel.account("J1"), PIN, PIN)
    sheet = panel.sheet("J1")
    with pytest.raises(Refused, match="又变了"):
        sign_sheet(
            sheet,
            pin=PIN,
            drawing=SIGNATURE,
            by=panel.account("J1"),
            seen_version=sheet.version - 1,
        )


NO_DRAWINGS = [
    None,
    {},
    {"path": "", "width": 600, "height": 150},
    {"path": "M1 1 L2 2", "width": 600, "height": 150},
    {"path": SIGNATURE["path"] + "<script>", "width": 600, "height": 150},
    {"path": "M1 1 " + "L10 10 " * 5000, "width": 600, "height": 150},
    {"path": SIGNATURE["path"], "width": 1, "height": 150},
    # Browsers stop drawing at these, so that the name would show in part or not at all.
    {"path": SIGNATURE["path"].replace("M", "L"), "width": 600, "height": 150},
    {"path": SIGNATURE["path"] + " 7", "width": 600, "height": 150},
    {"path": SIGNATURE["path"] + " Q1 2", "width": 600, "height": 150},
    {"path": SIGNATURE["path"].replace(" ", ",,"), "width": 600, "height": 150},
    {"path": SIGNATURE["path"].replace(" ", "\u3000"), "width": 600, "height": 150},
    {"path": "M10 10" + " L10 10" * 20, "width": 600, "height": 150},
    {"path": SIGNATURE["path"].replace("0", "000"), "width": 600, "height": 150},
]


def test_what_is_no_drawing_is_no_signature(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    set_pin(panel.account("J1"), PIN, PIN)
    for drawing in NO_DRAWINGS:
        with pytest.raises(Refused) as refused:
            sign_sheet(panel.sheet("J1"), pin=PIN, drawing=drawing, by=panel.account("J1"))
        assert refused.value.kind is Refusal.INVALID, drawing
        assert standing_signature(panel.sheet("J1")) is None, drawing


@pytest.mark.parametrize(
    "path",
    [
        "M10 80L30 20L40 90L60 30L80 80M90 20L120 20L140 70L170 60",
        "M10,80 30,20,40-90 L60.5 30 , 80 80 C90 20 120 20 140 70\nQ170 60 200 75",
    ],
)
def test_what_a_browser_draws_is_kept_as_it_was_sent(path: str) -> None:
    assert read_drawing({"path": path, "width": 600, "height": 150}).path == path


@pytest.mark.each_database
def test_a_returned_sheet_keeps_its_signature_as_evidence(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    signed(panel)
    send_sheet_back(panel.sheet("J1"), "碰杆 3 次，录像是 2 次", panel.account("C1"))
    assert standing_signature(panel.sheet("J1")) is None
    (kept,) = signatures(panel.sheet("J1"))
    assert kept.superseded_why == "碰杆 3 次，录像是 2 次"
    panel.act(panel.sheet("J1"), "mark", aspect="work", value="18")
    panel.act(panel.sheet("J1"), "submit")
    again = signed(panel)
    assert json.loads(again.content)["total"] == "22.00"
    assert list(check_signatures(panel.competition)) == []


def test_the_state_says_why_a_sheet_cannot_be_signed_yet(panel: Panel) -> None:
    assert str(signing_state(panel.sheet("J1")).why) == "E1 还没提交，提交了再签"
    panel.fill_panel("2", "2", "2")
    assert signing_state(panel.sheet("J1")).ready
    signed(panel)
    assert signing_state(panel.sheet("J1")).signed is not None


@pytest.mark.each_database
def test_a_changed_content_is_found(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    signed(panel)
    with unit_of_work() as session:
        session.execute(
            text("UPDATE signed_sheet SET content = REPLACE(content, '21.50', '22.50')")
        )
    db.session.expire_all()
    signature = standing_signature(panel.sheet("J1"))
    assert signature is not None
    assert [str(fault) for fault in signature_faults(signature)] == [
        "签名内容和核对词不一致",
        "签名内容和评分记录不一致",
    ]


def test_a_changed_act_is_found(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    signed(panel)
    with unit_of_work() as session:
        session.execute(text("UPDATE act SET value = 3000000 WHERE aspect = 'smooth'"))
    db.session.expire_all()
    (fault,) = check_signatures(panel.competition)
    assert str(fault.what) == "签名内容和评分记录不一致"
    assert (fault.label, fault.judge) == ("E1", "J1")


@pytest.mark.each_database
def test_a_removed_signature_is_found(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    signed(panel)
    with unit_of_work() as session:
        session.execute(text("DELETE FROM signed_sheet"))
    assert {str(fault.what) for fault in check_signatures(panel.competition)} == {
        "写着已签名，却没有签名",
        "记录里签过名，签名不见了",
    }


def test_a_signature_that_nobody_made_is_found(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    signed(panel)
    with unit_of_work() as session:
        session.execute(text("UPDATE audit_entry SET action = 'x' WHERE action = 'sheet.sign'"))
    assert {str(fault.what) for fault in check_signatures(panel.competition)} == {
        "有签名，没有签名的记录"
    }
