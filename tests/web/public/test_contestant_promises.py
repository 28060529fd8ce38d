"""What a contestant's page weighs and sets, and what it says of the own marks, on a real sample."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Flask

from compete.models import Account, Competition, Entrant, db
from tests.support.announced import announce

MOST = 50_000
PARTS = re.compile(r'<(?:link rel="stylesheet"|script)[^>]*(?:href|src)="([^"]+)"')


@pytest.fixture
def badge(forklift: Competition, organiser: Account) -> str:
    announce(forklift, organiser)
    return str(db.session.query(Entrant.badge_token).filter_by(code="B21").scalar())


def test_it_comes_in_one_answer_under_fifty_thousand_bytes_without_a_cookie(
    app: Flask, badge: str
) -> None:
    """Page, style and scripts together, as they go over the line."""
    phone, weight = app.test_client(), 0
    waiting = [f"/c/{badge}"]
    for address in waiting:
        answer = phone.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, address
        assert "Set-Cookie" not in answer.headers
        packed = answer.headers.get("Content-Encoding") == "gzip"
        weight += len(answer.data if packed else gzip.compress(answer.data))
        if address == waiting[0]:
            text = (gzip.decompress(answer.data) if packed else answer.data).decode()
            waiting += PARTS.findall(text)
    assert len(waiting) >= 2
    assert weight < MOST, weight


def test_each_criterion_stands_beside_the_median_of_the_event(app: Flask, badge: str) -> None:
    page = app.test_client().get(f"/c/{badge}").text
    assert "<polygon" in page or "<path" in page
    rows = re.findall(
        r'<tr><th scope="row">([^<]+)</th><td class="num">([\d.]+)[^<]*</td>'
        r'<td class="num">([\d.]+)[^<]*</td><td class="num">([\d.]+)',
        page,
    )
    assert len(rows) >= 3
    for name, mine, median, full in rows:
        assert 0 <= float(mine) <= float(full), name
        assert 0 <= float(median) <= float(full), name
