"""What docs/connecting.md says of telling a group, done as it is written."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from compete.cli import main
from compete.config import Config
from compete.models import Account, Competition, Delivery, db
from compete.services.kernel.clock import local_zone
from compete.services.kernel.competition_settings import EntryDeadline
from compete.services.labour.deadlines import set_deadlines
from compete.services.messages import by_clock
from compete.services.outbox.worker import send_now
from tests.services.labour.made_up import made_up
from tests.support.receivers import receiving

DOC = Path(__file__).parents[1] / "docs" / "connecting.md"


@pytest.fixture
def config(config: Config) -> Config:
    """The installation as the recipe's: its address, and robots on this machine."""
    return replace(config, base_url="https://jingsai.example", webhook_hosts=("127.0.0.1",))


def test_a_group_is_told_of_late_departments_in_the_words_of_the_recipe(
    load: Callable[..., Competition],
    organiser: Account,
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    competition = made_up(load, organiser).competition
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    monkeypatch.setenv("COMPETE_WEBHOOK_HOSTS", "127.0.0.1")
    section = DOC.read_text(encoding="utf-8").split("## 告诉一个群")[1].split("\n## ")[0]
    commands, text = re.findall(r"```\w*\n(.*?)```", section, re.S)
    with receiving() as receiver:
        receiver.bodies["/cgi-bin/webhook/send"] = b'{"errcode":0,"errmsg":"ok"}'
        for line in commands.splitlines():
            here = line.replace("LABOUR-2026", competition.code)
            here = here.replace("https://qyapi.weixin.qq.com", f"http://{receiver.host}")
            assert main(shlex.split(here)[1:]) == 0
        assert "发出去了：对方答 200" in capsys.readouterr().out
        db.session.rollback()
        until = datetime(2030, 3, 5, 17, 0, tzinfo=local_zone())
        set_deadlines(competition, {"二月": EntryDeadline(sign=until)}, organiser)
        with time_machine.travel(until - timedelta(days=2, hours=5), tick=False):
            by_clock.tell_of_deadlines()
        (number,) = db.session.scalars(
            select(Delivery.public_id).where(Delivery.kind == "labour_missing")
        )
        assert send_now(number).good
        come = receiver.arrived[-1].content["text"]["content"]
        expected = text.strip().replace("LABOUR-2026", competition.code)
        assert come == expected.replace("季度安全竞赛", competition.name)
        # Gone from the group: said in words, and not tried again.
        receiver.bodies["/cgi-bin/webhook/send"] = b'{"errcode":93000,"errmsg":"invalid"}'
        robot = receiver.url("/cgi-bin/webhook/send?key=693a91f6")
        assert main(["message", "test", "wecom", robot]) == 1
        assert "群机器人没了，不再试（93000）" in capsys.readouterr().err
        assert main(["message", "test", "dingtalk", robot]) == 1
        assert main(["message", "test", "mail"]) == 1
        assert "COMPETE_MAIL_URL" in capsys.readouterr().err
