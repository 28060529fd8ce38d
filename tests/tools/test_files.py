import hashlib
import subprocess
from pathlib import Path

import pytest

from tools import files, vendored


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def test_a_file_of_eight_hundred_lines_is_short_enough(checkout: Path) -> None:
    (checkout / "short.py").write_text("x = 1\n" * 800, encoding="utf-8")
    assert files.check_length(checkout).problems == []


def test_a_longer_one_is_named(checkout: Path) -> None:
    (checkout / "long.js").write_text("x();\n" * 801, encoding="utf-8")
    (problem,) = files.check_length(checkout).problems
    assert problem.startswith("long.js: 801 lines")


def test_what_others_wrote_may_be_long(checkout: Path) -> None:
    folder = checkout / "static" / "vendor"
    folder.mkdir(parents=True)
    (folder / "library.js").write_text("x();\n" * 801, encoding="utf-8")
    assert files.check_length(checkout).problems == []


@pytest.mark.parametrize(
    "words",
    ["https://{}.org/simple".format("py" + "pi"), "cd /{}/x".format("root"), "<" * 7 + " mine"],
)
def test_words_that_must_not_be_committed_are_named_with_their_line(
    checkout: Path, words: str
) -> None:
    (checkout / "notes.md").write_text(f"one\n{words}\n", encoding="utf-8")
    (problem,) = files.check_words(checkout).problems
    assert problem.startswith("notes.md:2: ")


@pytest.mark.parametrize("words", ["static/home/a.png", "the root of a tree", "/var/lib/compete"])
def test_harmless_words_pass(checkout: Path, words: str) -> None:
    (checkout / "notes.md").write_text(words, encoding="utf-8")
    assert files.check_words(checkout).problems == []


def test_outside_a_checkout_the_check_says_that_it_was_skipped(tmp_path: Path) -> None:
    assert "git" in files.check_length(tmp_path).skipped
    assert "git" in files.check_words(tmp_path).skipped


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    folder = tmp_path / "static" / "vendor"
    folder.mkdir(parents=True)
    (folder / "a.js").write_text("a()", encoding="utf-8")
    checksum = hashlib.sha256(b"a()").hexdigest()
    (folder / "LIST").write_text(f"# ours\na.js 1.0 MIT {checksum}\n", encoding="utf-8")
    return folder


def test_listed_files_with_their_checksums_are_well(vendor: Path) -> None:
    assert vendored.check(vendor.parents[1]).problems == []


def test_a_changed_file_is_named(vendor: Path) -> None:
    (vendor / "a.js").write_text("b()", encoding="utf-8")
    assert vendored.check(vendor.parents[1]).problems == ["a.js: its SHA-256 is not the one listed"]


def test_a_file_that_is_not_listed_is_named(vendor: Path) -> None:
    (vendor / "b.js").write_text("b()", encoding="utf-8")
    assert vendored.check(vendor.parents[1]).problems == ["b.js: there, but not listed"]


def test_a_file_that_is_gone_is_named(vendor: Path) -> None:
    (vendor / "a.js").unlink()
    assert vendored.check(vendor.parents[1]).problems == ["a.js: listed, but not there"]


def test_a_line_without_a_licence_is_named(vendor: Path) -> None:
    (vendor / "LIST").write_text("a.js 1.0\n", encoding="utf-8")
    problems = vendored.check(vendor.parents[1]).problems
    assert "LIST:1: file, version, licence and SHA-256 are wanted" in problems
