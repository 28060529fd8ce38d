"""`compete packs` lists the packs and prints one."""

from __future__ import annotations

import argparse
import json

import pytest

from compete.commands.packs import add_arguments, run
from compete.domain.bundle.packs.named import all_packs


def packs(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args(words))


def test_the_list_has_every_pack_with_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert packs() == 0
    printed = capsys.readouterr().out
    for pack in all_packs():
        assert f"  {pack.name}\n" in printed
        assert pack.title in printed
    assert "有出处 · 2011 · http://fsou.com" in printed
    assert "凭记忆，用前核对" in printed


def test_a_grade_pack_is_printed_as_the_keys_of_an_event(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert packs("tianjin-enterprise-2024") == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"grades", "extra"}
    assert printed["grades"][0]["when"]["top_percent"] == "30"
    assert printed["extra"]["status"] == "sourced"


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("ties-practical-only", {"ranking": {"ties": ["module:practical"]}}),
        ("team-ties-best-rank", {"team_ranking": {"ties": ["best_rank"]}}),
    ],
)
def test_a_tie_chain_is_printed_where_it_belongs(
    name: str, keys: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert packs(name) == 0
    printed = json.loads(capsys.readouterr().out)
    del printed["extra"]
    assert printed == keys


def test_an_award_pattern_is_printed_as_awards(capsys: pytest.CaptureFixture[str]) -> None:
    assert packs("awards-1-2-3") == 0
    assert [award["top"] for award in json.loads(capsys.readouterr().out)["awards"]] == [1, 2, 3]


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        (
            "tianjin-enterprise",
            "没有叫 tianjin-enterprise 的规则包，是不是 tianjin-enterprise-2024？",
        ),
        ("zzz", "没有叫 zzz 的规则包。compete packs 列出全部"),
    ],
)
def test_an_unknown_name_is_refused_with_a_hint(
    name: str, refusal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert packs(name) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == refusal + "\n"


def test_the_list_tells_what_a_pack_presumes(capsys: pytest.CaptureFixture[str]) -> None:
    from compete.cli import main

    assert main(["packs"]) == 0
    description = capsys.readouterr().out.partition("hainan-team\n")[2].partition("\n  jiangsu")[0]
    assert "每队只登记一人" in description
    assert "批准等级以前要组委会确认：每个队只登记了一人" in description
