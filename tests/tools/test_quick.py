from pathlib import Path

import pytest

from tools.quick import touched

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("changed", "test"),
    [
        ("tests/tools/test_quick.py", "tests/tools/test_quick.py"),
        ("tests/support/panels.py", "tests/services/judging/test_signing.py"),
        ("compete/config.py", "tests/test_config.py"),
        (
            "compete/services/judging/sent_back_sheets.py",
            "tests/services/judging/test_sent_back_sheets.py",
        ),
        (
            "compete/web/organiser/schedule/judges/views.py",
            "tests/web/organiser/schedule/test_judges_page.py",
        ),
        ("templates/judge/home.html", "tests/look"),
        ("static/js/judge/sheet.js", "tests/browser/tablet"),
        ("migrations/versions/0001_first.py", "tests/migrations"),
        ("docs/development.md", "tests/test_docs.py"),
        ("tools/quick.py", "tests/tools"),
    ],
)
def test_a_change_leads_to_the_tests_that_look_at_it(changed: str, test: str) -> None:
    assert test in touched([changed], ROOT)


def test_it_does_not_lead_to_all_of_them() -> None:
    test_paths = touched(
        ["compete/services/judging/sent_back_sheets.py", "docs/development.md"], ROOT
    )
    assert "tests/domain/bundle/test_writing.py" not in test_paths
    assert len(test_paths) < len(list((ROOT / "tests").rglob("test_*.py"))) / 2


def test_what_stands_in_a_chosen_folder_is_not_run_twice() -> None:
    test_paths = touched(["tools/quick.py", "tests/tools/test_quick.py"], ROOT)
    assert [name for name in test_paths if name.startswith("tests/tools")] == ["tests/tools"]


def test_what_no_test_looks_at_is_not_passed_over_in_silence() -> None:
    assert touched(["Makefile"], ROOT) == []
