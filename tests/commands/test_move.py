"""All data goes from one kind of database into the other and back, and nothing of it changes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from compete.cli import main
from tests.support.competitions import small_file


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        records = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return records


ACTS = "SELECT uuid, sheet_id, kind, aspect, value, held_at IS NULL FROM act ORDER BY id"
PARENTS = "SELECT id, parent_id FROM unit ORDER BY id"
CHAIN = "SELECT competition_id, seq, hash, form FROM audit_entry ORDER BY id"


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
def test_there_and_back_again(
    empty_database_url: str,
    tmp_path: Path,
    lay_tables: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    lay_tables(tmp_path / "var")
    assert main(["db", "upgrade"]) == 0
    file = small_file(tmp_path)
    plain = json.loads(file.read_text(encoding="utf-8"))
    # It points to a row of its own table that comes later.
    plain["units"][0]["parent"] = plain["units"][1]["code"]
    file.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    assert main(["load", str(file)]) == 0
    lite = f"sqlite:///{tmp_path / 'var' / 'compete.sqlite'}"
    again = f"sqlite:///{tmp_path / 'again.sqlite'}"
    before = rows(lite, CHAIN)
    assert main(["move", lite, empty_database_url]) == 0
    assert "记录链、每行的封存和成绩都和原来一样" in capsys.readouterr().out
    assert len(rows(empty_database_url, ACTS)) == len(rows(lite, ACTS)) > 0
    assert rows(empty_database_url, CHAIN) == before
    assert rows(empty_database_url, PARENTS) == rows(lite, PARENTS) == [(1, 2), (2, None)]
    monkeypatch.setenv("COMPETE_DATABASE_URL", empty_database_url)
    assert main(["verify"]) == 0
    # New rows are numbered after those that came.
    assert main(["load", str(small_file(tmp_path, "OTHER"))]) == 0
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE competition SET host = '别人' WHERE code = 'OTHER'"))
    engine.dispose()
    capsys.readouterr()
    assert main(["move", empty_database_url, again]) == 0
    assert "原来就有 1 处核对不上" in capsys.readouterr().out
    monkeypatch.setenv("COMPETE_DATABASE_URL", again)
    assert main(["verify"]) == 1
    assert " host: " in capsys.readouterr().err
    assert rows(again, CHAIN)[: len(before)] == before


def test_nothing_is_written_over(
    tmp_path: Path,
    lay_tables: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    lay_tables(tmp_path / "var")
    assert main(["db", "upgrade"]) == 0
    lite = tmp_path / "var" / "compete.sqlite"
    shutil.copyfile(lite, tmp_path / "full.sqlite")
    before = (tmp_path / "full.sqlite").read_bytes()
    assert main(["move", f"sqlite:///{lite}", f"sqlite:///{tmp_path / 'full.sqlite'}"]) == 1
    assert "换一个空的" in capsys.readouterr().err
    assert (tmp_path / "full.sqlite").read_bytes() == before


def test_a_copy_that_does_not_verify_is_not_to_be_used(
    tmp_path: Path,
    lay_tables: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from compete.services.backups.facts import Facts
    from compete.services.backups.move import copy_rows

    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    lay_tables(tmp_path / "var")
    assert main(["db", "upgrade"]) == 0
    assert main(["account", "add", "钱文"]) == 0
    copy = copy_rows

    def with_a_slip(source: str, target: str) -> Facts:
        facts = copy(source, target)
        engine = create_engine(target)
        with engine.begin() as connection:
            connection.execute(text("UPDATE account SET name = '钱 文'"))
        engine.dispose()
        return facts

    monkeypatch.setattr("compete.services.backups.move.copy_rows", with_a_slip)
    lite = f"sqlite:///{tmp_path / 'var' / 'compete.sqlite'}"
    assert main(["move", lite, f"sqlite:///{tmp_path / 'to.sqlite'}"]) == 1
    assert "核对不上：- account 1 name" in capsys.readouterr().err


def test_a_row_that_comes_out_otherwise_than_it_went_in_is_named_and_nothing_is_kept(
    tmp_path: Path,
    lay_tables: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from compete.services.backups.facts import Facts
    from compete.services.backups.move import copy_rows

    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    lay_tables(tmp_path / "var")
    assert main(["db", "upgrade"]) == 0
    assert main(["account", "add", "钱文"]) == 0
    there = f"sqlite:///{tmp_path / 'to.sqlite'}"

    def spoiling(source: str, target: str) -> Facts:
        engine = create_engine(target)
        with engine.begin() as connection:
            connection.execute(
                text(
                    "CREATE TRIGGER slip AFTER INSERT ON account BEGIN"
                    " UPDATE account SET name = '钱 文' WHERE id = new.id; END"
                )
            )
        engine.dispose()
        return copy_rows(source, target)

    monkeypatch.setattr("compete.services.backups.move.copy_rows", spoiling)
    lite = f"sqlite:///{tmp_path / 'var' / 'compete.sqlite'}"
    assert main(["move", lite, there]) == 1
    assert "“account”搬过去再读，和原来不一样" in capsys.readouterr().err
    assert rows(there, "SELECT name FROM account") == []


def test_a_database_that_dies_is_told_in_a_sentence_and_the_file_is_its_owners(
    tmp_path: Path,
    lay_tables: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    lay_tables(tmp_path / "var")
    assert main(["db", "upgrade"]) == 0
    here, there = tmp_path / "var" / "compete.sqlite", tmp_path / "there.sqlite"

    def dies(*_given: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("server closed the connection\nlater"))

    capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setattr("compete.services.backups.move._copy_table", dies)
        assert main(["move", f"sqlite:///{here}", f"sqlite:///{there}"]) == 1
    error = capsys.readouterr().err
    assert "数据库中途没有回应：server closed the connection。" in error
    assert "Traceback" not in error
    assert "later" not in error
    assert there.stat().st_mode & 0o777 == 0o600
    there.unlink()
    assert main(["move", f"sqlite:///{here}", f"sqlite:///{there}"]) == 0
    assert there.stat().st_mode & 0o777 == 0o600
