"""What docs/connecting.md says of webhooks, done as it is written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from compete.cli import main
from compete.config import Config
from compete.models import Account, Competition
from compete.services.kernel.news import WEBHOOK_TYPES
from tests.support.receivers import receiving

DOC = Path(__file__).parents[1] / "docs" / "connecting.md"


def test_the_recipe_tells_a_system_and_what_came_is_verified(
    fresh: Competition,
    organiser: Account,
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    section = DOC.read_text(encoding="utf-8").split("## 有事告诉别的系统")[1].split("\n## ")[0]
    commands, python = re.findall(r"```\w*\n(.*?)```", section, re.S)
    assert set(re.findall(r"`([a-z]+\.[a-z_]+)`", section)) == set(WEBHOOK_TYPES)
    with receiving() as receiver:
        secret = ""
        monkeypatch.setenv("COMPETE_WEBHOOK_HOSTS", receiver.host)
        for line in commands.splitlines():
            line = line.replace("FORK-2022", "X").replace("https://oa.example", receiver.url("/ok"))
            capsys.readouterr()
            assert main(shlex.split(line)[1:]) == 0
            printed = capsys.readouterr().out
            if " new " in line:
                number, secret = printed.splitlines()[-1].split(" ")
                assert number == "1"
                assert secret.startswith("whsec_")
            else:
                assert secret not in printed
        (arrived,) = receiver.arrived
        values = {"secret": secret, "body": arrived.body, "headers": arrived.headers}
        exec(python, values)
        assert values["news"]["type"] == "test.ping"  # type: ignore[index]
        assert main(["webhook", "remove", "1"]) == 0
        assert main(["webhook", "ping", "1"]) == 1
        assert "没有编号 1" in capsys.readouterr().err
        monkeypatch.delenv("COMPETE_WEBHOOK_HOSTS")
        assert main(["webhook", "new", receiver.url("/ok"), "--type", "test.ping"]) == 1
        assert "COMPETE_WEBHOOK_HOSTS" in capsys.readouterr().err
