"""A paper under seal is shown to nobody; two of another hand open it; a question let go by two."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.exam.bank import Pool
from compete.domain.values.roles import BankRole
from compete.models import (
    AuditEntry,
    BankRequest,
    ExamPaper,
    db,
    utc_now,
)
from compete.services.accounts.invitations import invite, take_up_invitation
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import local_time
from compete.services.kernel.row_checks import check_rows
from compete.services.questions import by_two
from compete.services.questions.bank_rights import put_in_bank
from compete.services.questions.looks import looks_of_question
from compete.services.questions.papers import SeedFields, assemble_paper, bring_table
from compete.services.questions.sealing import codes_in
from tests.support.banks import administrator, example_bank, file_of_table, in_bank, question
from tests.support.signing_in import signed_in


class Desk:
    """The example's bank with a paper, who made it, another assembler and two keepers."""

    def __init__(self, app: Flask) -> None:
        self.bank, admin = example_bank(), administrator()
        roles = {"maker": BankRole.ASSEMBLER, "other": BankRole.ASSEMBLER}
        roles |= {"keeper": BankRole.KEEPER, "second": BankRole.KEEPER}
        roles |= {"reviewer": BankRole.REVIEWER}
        self.people = {name: in_bank(self.bank, role, name, admin) for name, role in roles.items()}
        self.app = app
        table = bring_table(self.bank, file_of_table(), self.people["maker"])
        self.paper = assemble_paper(table, SeedFields(7), self.people["maker"])
        self.at = f"/desk/banks/{self.bank.id}/papers/{self.paper.id}"

    def last(self, word: str) -> str:
        """Where the second word is said, or not, on what was asked last."""
        number = db.session.scalars(select(BankRequest.id).order_by(BankRequest.id.desc())).first()
        return f"/desk/banks/{self.bank.id}/asked/{number}/{word}"

    def as_(self, name: str) -> FlaskClient:
        return signed_in(self.app, self.people[name])


@pytest.fixture
def desk(here: Flask) -> Desk:
    return Desk(here)


def test_a_sealed_paper_is_shown_to_nobody_until_two_of_another_hand_open_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker, other = desk.as_("maker"), desk.as_("other")
    keeper, second = desk.as_("keeper"), desk.as_("second")
    in_paper = question(min(codes_in(desk.paper)))
    shown = maker.get(desk.at).text
    assert f"/questions/{in_paper.id}" in shown
    # One file was agreed to before; it does not leave once the paper is closed.
    maker.post(f"{desk.at}/file", data={"form": "paper_a4", "reason": "印卷"})
    export = db.session.scalars(select(BankRequest)).one()
    files = f"/desk/banks/{desk.bank.id}/files/{export.id}"
    assert keeper.post(desk.last("agree")).status_code == 302
    past = {"opens_at": "2020-01-01T09:00"}
    assert "写一个以后的时间" in maker.post(f"{desk.at}/seal", data=past).text
    until = utc_now() + timedelta(minutes=30)
    asked = {"opens_at": f"{local_time(until):%Y-%m-%dT%H:%M}"}
    assert maker.post(f"{desk.at}/seal", data=asked).status_code == 302
    assert maker.post(desk.last("agree")).status_code == 403
    assert "同意封卷" in keeper.get("/desk/banks").text
    assert keeper.post(desk.last("agree")).status_code == 302

    for client in maker, other, keeper, second:
        page = client.get(desk.at)
        assert "封着" in page.text
        assert f"/questions/{in_paper.id}" not in page.text
        assert "封着" in client.post(f"{desk.at}/check").text
        assert "种子" not in page.text
    for way, data in (
        ("file", {"form": "key", "reason": "印"}),
        ("use", {"day": "2026-12-01"}),
        ("seal", asked),
        ("open", {"reason": "先看看"}),
    ):
        answer = maker.post(f"{desk.at}/{way}", data=data)
        assert answer.status_code in (400, 409), way
    assert "封着" in maker.post(f"{files}/fetch").text
    assert looks_of_question(in_paper, 5) == ([], 0)
    assert "打开封着的卷" not in second.get("/desk/banks").text
    assert maker.post(desk.last("drop")).status_code == 409
    assert "起才能打开" in second.post(f"{desk.at}/open").text

    monkeypatch.setattr(by_two, "utc_now", lambda: until + timedelta(minutes=1))
    assert "另两个人" in maker.post(f"{desk.at}/open").text
    assert "打开封着的卷" in second.get("/desk/banks").text
    assert second.post(f"{desk.at}/open").status_code == 302
    assert "等第二个人" in second.post(f"{desk.at}/open").text
    assert f"/questions/{in_paper.id}" not in keeper.get(desk.at).text
    assert maker.post(desk.last("agree")).status_code == 409
    assert other.post(desk.last("agree")).status_code == 302
    assert f"/questions/{in_paper.id}" in keeper.get(desk.at).text
    assert looks_of_question(in_paper, 5)[1] > 0
    assert maker.post(f"{files}/fetch").data.startswith(b"%PDF")

    rows = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("bank.%")))
    acts = [
        it
        for it in rows
        if it.split(".")[1] in ("ask_seal", "agree_seal", "ask_open", "agree_open")
    ]
    assert acts == ["bank.ask_seal", "bank.agree_seal", "bank.ask_open", "bank.agree_open"]
    assert list(verify_chain(None)) == []
    assert list(check_rows(None)) == []


def test_what_was_asked_can_be_dropped_and_only_whole_papers_are_sealed(desk: Desk) -> None:
    maker, keeper = desk.as_("maker"), desk.as_("keeper")
    later = {"opens_at": "2099-01-01T09:00"}
    assert maker.post(f"{desk.at}/seal", data=later).status_code == 302
    assert maker.post(f"{desk.at}/seal", data=later).status_code in (400, 409)
    assert keeper.post(desk.last("drop")).status_code == 302
    assert f"/questions/{question(min(codes_in(desk.paper))).id}" in keeper.get(desk.at).text
    seal = db.session.scalars(select(BankRequest)).one()
    assert (seal.agreed_at, seal.ended_at is None) == (None, False)
    assert maker.post(f"{desk.at}/seal", data=later).status_code == 302
    # Once it is closed, two of another hand open it before its moment, with a reason on record.
    other, second = desk.as_("other"), desk.as_("second")
    assert keeper.post(desk.last("agree")).status_code == 302
    assert other.post(f"{desk.at}/open", data={"reason": "改到今天考"}).status_code == 302
    assert "改到今天考" in second.get(desk.at).text
    assert second.post(desk.last("agree")).status_code == 302
    assert f"/questions/{question(min(codes_in(desk.paper))).id}" in maker.get(desk.at).text
    opened = select(AuditEntry.reason).where(AuditEntry.action == "bank.ask_open")
    assert db.session.scalars(opened).all() == ["改到今天考"]
    reviewer = desk.as_("reviewer")
    ways = [f"{desk.at}/{way}" for way in ("seal", "open", "void")]
    assert reviewer.get(desk.at).status_code == 404
    for way in *ways, desk.last("agree"), desk.last("drop"):
        assert reviewer.post(way).status_code == 404
    assert len(db.session.scalars(select(ExamPaper)).all()) == 1


def test_a_secret_question_becomes_practice_by_two_keepers_alone(desk: Desk) -> None:
    keeper, second, maker = desk.as_("keeper"), desk.as_("second"), desk.as_("maker")
    wanted = question(min(codes_in(desk.paper)))
    at = f"/desk/banks/{desk.bank.id}/questions/{wanted.id}"
    assert maker.post(f"{at}/release", data={"reason": "旧题"}).status_code == 404
    assert keeper.post(f"{at}/release", data={"reason": ""}).status_code == 400
    refused = keeper.post(f"{at}/release", data={"reason": "旧题"})
    assert (refused.status_code, desk.paper.name in refused.text) == (409, True)
    # The paper is not sat any more, whoever asks.
    assert maker.post(f"{desk.at}/void", data={"reason": ""}).status_code == 400
    assert maker.post(f"{desk.at}/void", data={"reason": "题漏了"}).status_code == 302
    assert "同意作废试卷" in keeper.get("/desk/banks").text
    assert maker.post(desk.last("agree")).status_code == 403
    assert keeper.post(desk.last("agree")).status_code == 302
    assert f"/questions/{wanted.id}" not in maker.get(desk.at).text
    assert "作废" in maker.get(f"/desk/banks/{desk.bank.id}/papers").text
    for way, data in ("use", {"day": "2026-12-01"}), ("seal", {"opens_at": "2099-01-01T09:00"}):
        assert "作废" in maker.post(f"{desk.at}/{way}", data=data).text
    assert keeper.post(f"{at}/release", data={"reason": "旧题"}).status_code == 302
    assert "请另一个保密员" in keeper.post(desk.last("agree")).text
    assert "同意转成练习题" in second.get("/desk/banks").text
    # Who got in by the asker's link is no second person, however long ago.
    _made, token = invite("假名", by=desk.people["keeper"])
    own = take_up_invitation(token, name="假名", username="own", password="lamp-cobalt-42")
    put_in_bank(desk.bank, own, BankRole.KEEPER, administrator())
    with time_machine.travel(utc_now() + timedelta(days=3), tick=True):
        refused = signed_in(desk.app, own).post(desk.last("agree"))
        assert (refused.status_code, "不算两个人" in refused.text) == (409, True)
    assert second.post(desk.last("drop")).status_code == 302
    assert second.post(desk.last("agree")).status_code == 409
    assert keeper.post(f"{at}/release", data={"reason": "旧题"}).status_code == 302
    assert question(wanted.code).pool is Pool.SECRET
    assert second.post(desk.last("agree")).status_code == 302
    assert question(wanted.code).pool is Pool.PRACTICE
    assert len(db.session.scalars(select(BankRequest)).all()) == 3
    assert list(check_rows(None)) == []
