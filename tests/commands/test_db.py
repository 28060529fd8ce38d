import pytest
from sqlalchemy import create_engine

from compete.cli import main


def run(*words: str) -> int:
    return main(["db", *words])


@pytest.fixture
def _empty(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPETE_DATABASE_URL", empty_database_url)


@pytest.mark.each_database
@pytest.mark.usefixtures("_empty")
def test_an_upgrade_makes_the_tables_and_a_second_one_does_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("check") == 1
    assert "compete db upgrade" in capsys.readouterr().out
    assert run("upgrade") == 0
    first = capsys.readouterr().out
    assert "最新" in first
    assert run("upgrade") == 0
    assert capsys.readouterr().out == first
    assert run("check") == 0


@pytest.mark.parametrize("words", [["verify"], ["export", "X"], ["doctor"]])
@pytest.mark.usefixtures("_empty")
def test_a_command_on_a_database_without_tables_says_what_to_run(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 1
    output = capsys.readouterr()
    assert "数据库还没有建表。请先运行：compete db upgrade" in output.out + output.err


def test_a_database_of_another_version_is_not_current(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    monkeypatch.setenv("COMPETE_DATABASE_URL", database_url)
    for words in (["db", "check"], ["db", "upgrade"], ["doctor"]):
        assert main(words) == 1
        output = capsys.readouterr().out
        assert "9999" in output
        assert "用新的程序" in output
        assert "请先备份，再运行" not in output


def test_a_database_that_does_not_answer_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPETE_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert run("current") == 1
    assert "连不上数据库" in capsys.readouterr().err
