"""Stored pages handed out at once: one look for all who wait for it, and who asks by a proxy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from compete import create_app
from compete.config import Config
from compete.models import Account, Competition, db
from compete.models.compiled_statements import Prepared
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from compete.web.api.rate_limit import RateLimit
from compete.web.public import stored_pages
from tests.web.public.test_stored_pages import at_once, get, token_of


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
def test_who_waits_for_a_look_shares_it_and_the_next_look_sees_what_was_done(
    here: Flask, out: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [f"/p/{out.code}", f"/c/{token_of(out)}"]
    for page in [*pages, *pages]:
        get(here, page)
    looks: list[object] = []
    look = Prepared.first_alone

    def counted(self: Prepared, *arguments: Any, **more: Any) -> Any:
        looks.append(more)
        return look(self, *arguments, **more)

    monkeypatch.setattr(Prepared, "first_alone", counted)
    looked: dict[Any, Any] = {}
    assert [at_once(here, page, looked) is not None for page in pages] == [True, True]
    assert looks == [{"competition": out.id}]
    with unit_of_work():
        audit.record(out, organiser, "competition.note", "X")
    # Who was there before it was done may be told what stood then; nobody else.
    assert at_once(here, pages[0], looked) is not None
    assert at_once(here, pages[0]) is None

    def gone(*_arguments: object, **_more: object) -> None:
        looks.append("in vain")
        raise OperationalError("look", {}, Exception("no database"))

    monkeypatch.setattr(Prepared, "first_alone", gone)
    shared: dict[Any, Any] = {}
    with pytest.raises(OperationalError):
        at_once(here, pages[0], shared)
    assert at_once(here, pages[1], shared) is None
    assert looks.count("in vain") == 1


def test_behind_a_proxy_each_visitor_is_counted(
    here: Flask, out: Competition, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/p/{out.code}"
    behind = create_app(replace(config, trusted_proxies=1))
    for _turn in range(2):
        get(behind, page)
    monkeypatch.setattr(stored_pages, "_limit", RateLimit(1))
    answers = [at_once(behind, page, X_Forwarded_For=f"192.0.2.{visitor}") for visitor in (1, 2, 1)]
    assert [answer is not None for answer in answers] == [True, True, False]
    with behind.app_context():
        db.engine.dispose()
