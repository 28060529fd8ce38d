"""What webhooks are told: every type, where it happens; what a restored copy keeps to itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import compete.services
from compete.domain.values.states import DeliveryState
from compete.models import Account, Competition, Delivery, Webhook
from compete.services.backups.generations import begin_generation
from compete.services.hall.feed import feed_after
from compete.services.kernel import audit
from compete.services.kernel.news import PING, TOLD_ACTIONS, WEBHOOK_TYPES
from compete.services.kernel.transactions import unit_of_work
from compete.services.outbox.webhooks import all_webhooks, ping
from compete.services.results.publishing import publish
from tests.support.announced import announce_again, lock

Hook = Callable[..., tuple[Webhook, str]]
Rows = Callable[[], list[Delivery]]


def test_results_and_states_are_told_as_the_feed_tells_them(
    judged: Competition, organiser: Account, hook: Hook, rows: Rows
) -> None:
    hook("/ok/a", *WEBHOOK_TYPES)
    lock(judged, organiser)
    publish(judged, organiser)
    data = {row.kind: row.content["data"] for row in rows()}
    link = "/api/v1/competitions/X/publications/1"
    assert data["results.published"] == {
        "code": "X",
        "version": 1,
        "sha256": data["results.published"]["sha256"],
        "count": 1,
        "link": link,
    }
    states = [row.content["data"] for row in rows() if row.kind == "competition.state_changed"]
    assert [(it["before"], it["state"]) for it in states] == [
        ("judging", "locked"),
        ("locked", "notice"),
    ]
    announce_again(judged, organiser)
    kinds = {row.kind for row in rows()}
    assert "results.corrected" in kinds
    # Neither says more than the other, nor anybody's name, mark or rank.
    fed = {it.kind for it in feed_after(judged, 0, 1000, is_open=False)} | {
        it.kind for it in feed_after(judged, 0, 1000, is_open=True)
    }
    assert kinds == fed - {"standing"}
    content = str([row.content for row in rows()])
    for secret in ("赵启明", "P1", "rank", "total", "id_number"):
        assert secret not in content


def test_every_type_comes_from_a_record_that_some_service_makes(
    fresh: Competition, organiser: Account, hook: Hook, rows: Rows
) -> None:
    row, _ = hook("/ok/a", *WEBHOOK_TYPES)
    ping(row.id)
    folder = Path(compete.services.__path__[0])
    written = "".join(
        path.read_text(encoding="utf-8") for path in folder.rglob("*.py") if path.name != "news.py"
    )
    for action in sorted(TOLD_ACTIONS - {"results.publish"}):
        assert f'"{action}"' in written, action
        with unit_of_work():
            after = {"period": "2026-1", "missing": 2}
            audit.record(fresh, organiser, action, "赵启明", after=after)
    kinds = {row.kind for row in rows()}
    by_version = {"results.published", "results.corrected", "labour.period_published"}
    assert kinds == set(WEBHOOK_TYPES) - by_version - {"competition.state_changed"}
    assert "赵启明" not in str([row.content for row in rows()])
    closed = next(row for row in rows() if row.kind == "labour.period_closed")
    assert closed.content["data"]["period"] == "2026-1"


def test_many_of_a_kind_at_once_are_told_as_one(
    fresh: Competition, organiser: Account, hook: Hook, rows: Rows
) -> None:
    hook("/ok/a", "certificate.issued")
    with unit_of_work():
        records = [audit.Said("certificate.issue", str(number), None) for number in range(500)]
        audit.record_many(fresh, organiser, records)
    assert [row.content["data"]["count"] for row in rows()] == [500]


def test_a_restored_copy_sends_nothing_until_somebody_has_looked(
    fresh: Competition, organiser: Account, hook: Hook, rows: Rows
) -> None:
    row, _ = hook("/ok/a", PING, "registration.withdrawn")
    ping(row.id)
    begin_generation("backup")
    assert [it.state for it in rows()] == [DeliveryState.HELD]
    assert [it.stopped_why for it in all_webhooks()] == ["restored"]
    with unit_of_work():
        audit.record(fresh, organiser, "entrant.withdraw", "P1")
    assert len(rows()) == 1


@pytest.mark.parametrize("kind", WEBHOOK_TYPES)
def test_every_type_has_its_words_at_the_desk(kind: str) -> None:
    from compete.services.outbox.webhooks import TYPE_WORDS

    assert TYPE_WORDS[kind]
