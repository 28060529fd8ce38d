"""Figures for whoever watches the server: who may read them, and that they are true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import time_machine
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from compete import create_app
from compete.config import Config
from compete.models import utc_now
from compete.services.backups.backup import back_up
from compete.services.outbox.messages import put_test

TOKEN = "a token of thirty-two characters"


def _figures(app: Flask) -> dict[tuple[str, ...], float]:
    """The figures by name and labels."""
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, *(text for _key, text in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_figures_are_off_without_a_token_and_secret_with_one(app: Flask, config: Config) -> None:
    assert app.test_client().get("/metrics").status_code == 404
    watched = create_app(replace(config, metrics_token=TOKEN)).test_client()
    for header in ("", "Bearer wrong", TOKEN.upper()):
        answer = watched.get("/metrics", headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert "compete_" not in answer.text


def test_requests_and_writes_are_counted_and_a_backup_grows_old(
    app: Flask, config: Config, tmp_path: Path
) -> None:
    watched = create_app(replace(config, metrics_token=TOKEN))
    before = _figures(watched)
    assert not any(name == "compete_backup_age_seconds" for name, *_labels in before)
    client = watched.test_client()
    client.get("/")
    client.get("/p/NONE")
    client.get("/nowhere/at/all")
    client.post("/sign-in", data={})
    after = _figures(watched)
    route = ("compete_requests_total", "GET")
    assert after[*route, "/", "200"] == before.get((*route, "/", "200"), 0) + 1
    assert after[*route, "/p/<code>", "404"] == 1
    assert after[*route, "none", "404"] == 1
    assert after["compete_request_seconds_count", "/"] >= 1
    back_up(config, tmp_path / "copy", "test")
    with time_machine.travel(utc_now() + timedelta(hours=30)):
        assert _figures(watched)["compete_backup_age_seconds",] > 29 * 3600
    assert not (tmp_path / "copy" / "last-backup").exists()


def test_messages_are_counted_by_channel_and_state(app: Flask, config: Config) -> None:
    watched = create_app(replace(config, metrics_token=TOKEN))
    with watched.app_context():
        number = put_test("sms", "13800000000", "试发", None)
        assert number.startswith("msg_")
    figures = _figures(watched)
    assert [figures[key] for key in figures if key[0] == "compete_messages"] == [1]
    assert any({"sms", "waiting"} <= set(key) for key in figures)
    # It is due in half a minute, and not late before.
    assert figures["compete_oldest_message_seconds",] == 0
