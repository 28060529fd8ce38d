"""What the judge's pages weigh when they really come over the wire."""

from __future__ import annotations

import gzip

from flask import Flask

from tests.support.panels import Panel, client_of


def test_the_sheet_and_all_that_it_fetches_weigh_less_than_a_hundred_thousand_bytes(
    app: Flask, opened: Panel
) -> None:
    with app.app_context():
        public_id = opened.sheet("J1").public_id
    judge = client_of(app, opened, "J1")
    zipped = {"Accept-Encoding": "gzip"}
    page = judge.get(f"/judge/sheets/{public_id}", headers=zipped)
    assert page.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(page.data).decode()
    addresses = {
        piece.split('"')[0]
        for piece in html.replace('src="', 'href="').split('href="')[1:]
        if piece.startswith("/assets/")
    }
    assert {address.rsplit("/", 1)[1].split("-")[0] for address in addresses} == {
        "judge",
        "sheet.js",
    }
    answers = [judge.get(address, headers=zipped) for address in sorted(addresses)]
    assert {answer.status_code for answer in answers} == {200}
    heads = 500 * (len(answers) + 1)
    assert len(page.data) + sum(len(answer.data) for answer in answers) + heads < 100_000


def test_a_page_is_not_zipped_where_the_address_can_put_words_on_it(
    app: Flask, opened: Panel
) -> None:
    judge = client_of(app, opened, "J1")
    answer = judge.get("/judge/?guess=token", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert "我的评分表" in answer.text
