from pathlib import Path

import pytest

from tools.translations import catalogue_path, check, update

ENGLISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "还差 %(n)s 张"
msgstr "{translated}"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one text in its code and one in a page."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "compete").mkdir()
    (tmp_path / "compete" / "code.py").write_text('msg("还差 %(n)s 张", n=3)\n', encoding="utf-8")
    return tmp_path


def write_english(project: Path, translated: str) -> None:
    path = catalogue_path(project, "en")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ENGLISH.replace("{translated}", translated), encoding="utf-8")


def test_a_full_catalogue_is_well(project: Path) -> None:
    write_english(project, "%(n)s sheets to go")
    assert check(project).problems == []


@pytest.mark.parametrize(
    ("translated", "complaint"),
    [
        ("", "not translated"),
        ("sheets to go", "holes"),
        ("%(count)s sheets to go", "holes"),
        ("%(n)s sheets, 5 % to go", "single %"),
    ],
)
def test_a_translation_that_would_break_is_named(
    project: Path, translated: str, complaint: str
) -> None:
    write_english(project, translated)
    (problem,) = check(project).problems
    assert complaint in problem
    assert "张" in problem or "sheets" in problem


def test_a_text_in_a_page_is_found_with_its_place(project: Path) -> None:
    write_english(project, "%(n)s sheets to go")
    (project / "templates" / "page.html").write_text("<p>\n{{ _('写入') }}</p>", encoding="utf-8")
    (problem,) = check(project).problems
    assert "templates/page.html:2" in problem
    assert "写入" in problem


def test_a_text_that_nothing_uses_is_named(project: Path) -> None:
    write_english(project, "%(n)s sheets to go")
    (project / "compete" / "code.py").write_text("", encoding="utf-8")
    (problem,) = check(project).problems
    assert "no longer used" in problem


def test_a_page_that_cannot_be_read_stops_the_check(project: Path) -> None:
    (project / "templates" / "page.html").write_text("{% if %}", encoding="utf-8")
    with pytest.raises(Exception, match="Expected an expression"):
        check(project)


def test_an_update_brings_texts_in_and_keeps_what_was_translated(project: Path) -> None:
    write_english(project, "%(n)s sheets to go")
    with (project / "compete" / "code.py").open("a", encoding="utf-8") as file:
        file.write('_("退回")\n')
    update(project)
    (problem,) = check(project).problems
    assert "not translated: '退回'" in problem


def test_an_update_drops_what_nothing_uses(project: Path) -> None:
    write_english(project, "%(n)s sheets to go")
    (project / "compete" / "code.py").write_text("", encoding="utf-8")
    update(project)
    assert check(project).problems == []
    assert "sheets to go" not in catalogue_path(project, "en").read_text(encoding="utf-8")


def test_a_second_update_changes_nothing(project: Path) -> None:
    update(project)
    before = catalogue_path(project, "en").read_bytes()
    update(project)
    assert catalogue_path(project, "en").read_bytes() == before
