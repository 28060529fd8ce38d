import subprocess
from pathlib import Path

import pytest

from tools import terms

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / terms.CATALOGUE).parent.mkdir(parents=True)
    write(tmp_path, "有扣罚", "Penalty applied")
    return tmp_path


def write(checkout: Path, text: str, english: str) -> None:
    entry = f'msgid "{text}"\nmsgstr "{english}"\n'
    (checkout / terms.CATALOGUE).write_text(HEAD + entry, encoding="utf-8")


def test_settled_words_pass(checkout: Path) -> None:
    (checkout / "README.md").write_text("参赛证、竞赛文件、赛段\n", encoding="utf-8")
    assert terms.check_terms(checkout).problems == []


def test_a_retired_word_is_named_with_its_place(checkout: Path) -> None:
    (checkout / "README.md").write_text("一\n胸" + "卡\n", encoding="utf-8")
    (problem,) = terms.check_terms(checkout).problems
    assert problem.startswith("README.md:2:")
    assert "参赛证" in problem


@pytest.mark.parametrize(
    "text",
    [
        "今年没晋" + "升过：没有",
        "受理：领队会" + "联系人 %(name)s",
        "竞赛级别符" + "合 — 符合",
        "甲 和 乙 在这一项分" + "出先后",
    ],
)
def test_a_settled_sentence_does_not_come_back(checkout: Path, text: str) -> None:
    (checkout / "README.md").write_text(text, encoding="utf-8")
    (problem,) = terms.check_terms(checkout).problems
    assert problem.startswith("README.md:1:")


def test_a_certificate_may_have_a_fingerprint(checkout: Path) -> None:
    folder = checkout / "templates" / "trust"
    folder.mkdir(parents=True)
    (folder / "ca.html").write_text("核对指" + "纹", encoding="utf-8")
    assert terms.check_terms(checkout).problems == []
    (checkout / "templates" / "a.html").write_text("成绩的指" + "纹", encoding="utf-8")
    assert len(terms.check_terms(checkout).problems) == 1


@pytest.mark.parametrize(
    "english",
    [
        "Veto: none",
        "Mended",
        "Saved，twice",
        "Enter %(time)s",
        "Open the champion",
        "Ranks to open",
        "Metal industry, Municipal",
    ],
)
def test_a_retired_english_word_or_mark_is_named(checkout: Path, english: str) -> None:
    write(checkout, "有扣罚", english)
    (problem,) = terms.check_terms(checkout).problems
    assert english in problem


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("compete/a.py", 'told = msg("到 %(day)s", day=day.isoformat())\n'),
        ("compete/a.py", 'told = msg("到 %(day)s", day=date_text(until) or "")\n'),
        ("compete/a.py", 'told = _("到 %(day)s", day=at.strftime("%m/%d"))\n'),
        ("compete/a.py", 'told = msg("到 %(day)s", day=f"{at:%Y-%m-%d}")\n'),
        ("templates/a.html", "<b>{{ at.strftime('%m-%d') }}</b>\n"),
        ("static/js/a.js", "line.textContent = at.toLocaleDateString();\n"),
    ],
)
def test_a_date_written_in_a_form_of_its_own_is_named(
    checkout: Path, name: str, written: str
) -> None:
    (checkout / name).parent.mkdir(parents=True, exist_ok=True)
    (checkout / name).write_text(written, encoding="utf-8")
    (problem,) = terms.check_terms(checkout).problems
    assert problem.startswith(f"{name}:1: ")


@pytest.mark.parametrize("english", ["Closes 11/21 00:37", "Until %(month)s/%(day)s"])
def test_an_english_date_is_day_and_month(checkout: Path, english: str) -> None:
    write(checkout, "截止", english)
    (problem,) = terms.check_terms(checkout).problems
    assert english in problem


def test_dates_for_machines_and_dates_in_words_pass(checkout: Path) -> None:
    source = (
        'told = msg("到 %(day)s %(clock)s", day=date_words(at), clock=f"{at:%H:%M}")\n'
        "record = {'day': day.isoformat()}\n"
    )
    (checkout / "compete" / "a.py").write_text(source, encoding="utf-8")
    write(checkout, "截止", "Closes 21 Nov 00:37")
    assert terms.check_terms(checkout).problems == []
