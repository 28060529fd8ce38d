"""What was done on another day is told with its day, and in another year with its year."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from compete.models import Account, Competition, Erasure, utc_now
from compete.services.kernel import clock
from compete.services.kernel.clock import local_time
from compete.services.kernel.transactions import unit_of_work
from tests.support.announced import announce
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small


def _on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(clock, "local_today", lambda: day)


def test_records_and_requests_are_told_with_their_day(
    app: Flask,
    organiser: Account,
    load: Callable[..., Competition],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    competition = load(small(all_marks()))
    announce(competition, organiser)
    with unit_of_work() as session:
        session.add(Erasure(competition_id=competition.id, reason="到期", asked_by=organiser.id))
    now = local_time(utc_now())
    desk = signed_in(app, organiser)
    day = f"{now.month}月{now.day}日 "
    for later, before in ((0, ""), (1, day), (400, f"{now.year}年{day}")):
        _on(monkeypatch, now.date() + timedelta(days=later))
        first = re.findall(r"<time>([^<]+)</time>", desk.get("/desk/X/").text)[0]
        assert re.fullmatch(rf"{before}\d\d:\d\d", first)
        asked = desk.get("/desk/X/personal-data").text
        assert re.search(rf"{organiser.name}，{before}\d\d:\d\d", asked)
