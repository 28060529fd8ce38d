"""Practice of a bank: opened at the desk, taken by whoever has the link, closed."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from compete.domain.values.roles import BankRole
from compete.models import AuditEntry, Practice, SyllabusNode, db
from compete.web.organiser.log.record_words import record_text
from tests.support.banks import administrator, in_bank, other_bank, small_bank
from tests.support.signing_in import signed_in


def test_from_the_desk_to_a_strangers_phone(here: Flask) -> None:
    admin, bank = administrator(), small_bank()
    keeper = signed_in(here, in_bank(bank, BankRole.KEEPER, "keeper", admin))
    author = signed_in(here, in_bank(bank, BankRole.AUTHOR, "author", admin))
    stranger = here.test_client()
    at = f"/desk/banks/{bank.id}/practice"
    nodes = {node.code: node.id for node in db.session.query(SyllabusNode)}

    page = keeper.get(at).get_data(as_text=True)
    assert f"{at}/0/open" in page
    assert f"{at}/{nodes['B']}/open" in page
    # Nothing to practise in it, and a point is no part to be opened.
    assert f"{at}/{nodes['A']}/open" not in page
    assert "离心泵启动" not in page
    assert keeper.post(f"{at}/{nodes['A']}/open").status_code == 409
    assert keeper.post(f"{at}/{nodes['B-001']}/open").status_code == 404
    assert "/open" not in author.get(at).get_data(as_text=True)
    assert author.post(f"{at}/0/open").status_code == 404
    assert signed_in(here, admin).get(at).status_code == 404
    assert stranger.get(at).status_code == 302
    assert db.session.query(Practice).count() == 0

    answer = keeper.post(f"{at}/0/open")
    practice = db.session.query(Practice).one()
    assert answer.headers["Location"] == f"{at}/{practice.id}"
    page = keeper.get(f"{at}/{practice.id}").get_data(as_text=True)
    assert f"/practice/{practice.link}" in page
    assert "还没有人练" in page
    assert keeper.get(f"/desk/banks/{other_bank().id}/practice/{practice.id}").status_code == 403

    frame = stranger.get(f"/practice/{practice.link}")
    assert "泵站运行工 四级" in frame.get_data(as_text=True)
    assert "Set-Cookie" not in frame.headers
    taken = stranger.post(f"/api/practice/{practice.link}/set", json={})
    (row,) = taken.get_json()["questions"]
    assert (row["code"], row["key"], row["explanation"]) == ("Q003", ["B"], "关阀启动电流小")
    assert stranger.get("/practice/other").status_code == 404
    assert stranger.post("/api/practice/other/set", json={}).status_code == 404
    days = re.findall(r'<td class="num">(\d+)</td>', author.get(f"{at}/{practice.id}").text)
    assert days == ["1"]

    keeper.post(f"{at}/{practice.id}/close")
    taken = stranger.post(f"/api/practice/{practice.link}/set", json={})
    assert (taken.status_code, taken.get_json()["error"]) == (422, "这里的练习关上了")
    assert stranger.get(f"/practice/{practice.link}").status_code == 200
    keeper.post(f"{at}/0/open")
    assert stranger.post(f"/api/practice/{practice.link}/set", json={}).status_code == 200
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action.like("bank.%practice")).order_by(AuditEntry.id)
    )
    with here.test_request_context():
        sentences = [record_text(entry, {}) for entry in entries]
    opened = "keeper 开放了题库 PUMP-4 的练习：泵站运行工 四级"
    assert sentences == [opened, opened.replace("开放了", "关上了"), opened]
