"""The recipes of docs/connecting.md, run as they are written."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from compete.cli import main
from compete.config import Config
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from tests.support.announced import announce

DOC = Path(__file__).parents[1] / "docs" / "connecting.md"


def name_in(line: str) -> str:
    """The variable that bears the recipe's token; the first one's where there is none."""
    return next(iter(re.findall(r"\$[A-Z]+", line)), "$TOKEN")


def test_every_recipe_does_what_it_says(
    app: Flask,
    judged: Competition,
    organiser: Account,
    config: Config,
    live_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    grant_role(create_account("钱文"), judged, Role.ORGANISER)
    blocks = re.findall(r"```(\w*)\n(.*?)```", DOC.read_text(encoding="utf-8"), re.S)
    recipes = [block for language, block in blocks if not language]
    lines = [line.replace("FORK-2022", "X") for block in recipes for line in block.splitlines()]
    capsys.readouterr()
    answers, tokens = [], []
    for line in lines:
        command, *words = shlex.split(line)
        if command == "compete" and words[0] in ("webhook", "message"):
            continue
        if command == "compete":
            assert main(words) == 0
            tokens.append(capsys.readouterr().out.splitlines()[-1])
            continue
        if "/feed" in line:
            announce(judged, organiser)
        token = tokens[("$TOKEN", "$CERTIFICATES", "$REGISTRATION").index(name_in(line))]
        words = [
            re.sub(r"\$[A-Z]+", token, word).replace("https://jingsai.example", live_url)
            for word in words
        ]
        run = subprocess.run([command, *words], capture_output=True, timeout=30, check=True)
        if "/feed" in line:
            answers.append(json.loads(run.stdout.splitlines()[-1])["type"])
            continue
        answer = json.loads(run.stdout)
        answers.append(len(answer["data"]) if "data" in answer else answer["state"])
    assert tokens[0].startswith("ct_")
    assert answers == [4, 1, "competition.state_changed", 0, "unknown", 1, 4]
