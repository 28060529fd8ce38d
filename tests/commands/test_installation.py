"""Loading, exporting and verifying from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from compete.cli import main
from compete.commands import demo
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.reading import read_bundle
from tests.support.competitions import sample, sample_file, small_file

CODE = "FORK-2022"


@pytest.fixture
def _installation(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPETE_DATABASE_URL", database_url)
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))


@pytest.fixture
def change(database_url: str) -> Callable[[str], None]:
    """Change the database behind the program's back."""

    def run(sql: str) -> None:
        engine = create_engine(database_url)
        with engine.begin() as connection:
            connection.execute(text(sql))
        engine.dispose()

    return run


pytestmark = pytest.mark.usefixtures("_installation")


@pytest.mark.each_database
def test_what_is_loaded_is_exported_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load", str(sample_file("port-forklift"))]) == 0
    assert f"已载入 2022年全省港口叉车司机职业技能竞赛（{CODE}）" in capsys.readouterr().out
    original = expand_packs(sample("port-forklift"))
    for name, form in (("a.json", "json"), ("a.yaml", "yaml")):
        target = tmp_path / name
        assert main(["export", CODE, "-o", str(target)]) == 0
        assert read_bundle(target.read_bytes(), form=form) == original  # type: ignore[arg-type]


def test_without_a_file_it_is_printed_and_the_public_one_is_masked(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    main(["load", str(sample_file("port-forklift"))])
    capsysbinary.readouterr()
    assert main(["export", CODE, "--public"]) == 0
    content = capsysbinary.readouterr().out
    assert json.loads(content)["competition"]["code"] == CODE
    for entrant in sample("port-forklift").entrants:
        assert entrant.name.encode() not in content
        assert (entrant.id_number or "?").encode() not in content


def test_what_is_there_already_is_not_loaded_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(small_file(tmp_path))
    assert main(["load", file]) == 0
    assert main(["load", file]) == 1
    assert "已经有编号为“SMALL”的竞赛，没有写入" in capsys.readouterr().err


def test_a_file_that_cannot_be_used_is_refused_by_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.json"
    file.write_text('{"format": "compete-bundle/1"}', encoding="utf-8")
    assert main(["load", str(file)]) == 2
    assert "competition" in capsys.readouterr().err
    assert main(["load", str(tmp_path / "none.json")]) == 2


@pytest.mark.parametrize("command", ["export", "verify"])
def test_a_competition_that_there_is_not_is_named(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "NONE"]) == 1
    assert "没有编号为“NONE”的竞赛" in capsys.readouterr().err


def test_an_untouched_installation_verifies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for code in ("ONE", "OTHER"):
        main(["load", str(small_file(tmp_path, code))])
    capsys.readouterr()
    assert main(["verify"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    assert "ONE: " in output.out
    assert "OTHER: " in output.out
    assert "链完好" in output.out
    words = output.out.splitlines()[0].rsplit("末条核对词 ")[1]
    assert len(words.split()) == 4


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET subject = '别的'",
        "UPDATE audit_entry SET at = 'gestern'",
        "UPDATE audit_entry SET after = '{'",
        "DELETE FROM audit_entry WHERE seq = 1",
    ],
)
def test_a_change_behind_its_back_is_told_with_its_place(
    change: Callable[[str], None], sql: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["load", str(small_file(tmp_path))])
    change(sql)
    capsys.readouterr()
    assert main(["verify", "SMALL"]) == 1
    assert "SMALL #" in capsys.readouterr().err
    assert main(["verify"]) == 1


def test_the_demonstrations_port_is_looked_at_first(capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["demo", "--port", str(port)]) == 1
    assert f"端口 {port} 有别的程序在用" in capsys.readouterr().err


def test_the_demonstration_prints_links_and_keeps_its_data(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served = []
    monkeypatch.setattr("compete.commands.serve.serve", lambda *args: served.append(args))
    # Nobody asks for the pages of what the samples publish.
    monkeypatch.setattr("compete.web.public.page_preparation.begin", lambda _errand: None)
    printed: list[str] = []
    for again in (False, True):
        assert main(["demo", "--port", "8423"]) == 0
        output = capsys.readouterr().out
        links = [line for line in output.splitlines() if "/sign-in/" in line]
        assert len(links) == 7
        # Those of the first start are not given out again.
        printed += links
        assert len(set(printed)) == len(printed)
        assert all("http://127.0.0.1:8423/sign-in/" in link for link in links)
        assert output.count("已载入样例") == (0 if again else 6)
    config, options = served[0]
    assert config.base_url == "http://127.0.0.1:8423"
    assert options["bind"] == "127.0.0.1:8423"


def test_the_demonstration_in_the_hall_prints_its_address_as_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("compete.commands.serve.serve", lambda *_args: None)
    monkeypatch.setattr(demo, "lan_address", lambda: "192.0.2.7")
    monkeypatch.setattr(
        "compete.services.competitions.demonstration.load_samples", lambda _folder: []
    )
    assert main(["demo", "--port", "8424", "--lan"]) == 0
    output = capsys.readouterr().out
    assert "http://192.0.2.7:8424" in output
    assert "█" in output or "▀" in output
