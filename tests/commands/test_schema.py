"""`compete schema`: what it prints is what the library makes."""

from __future__ import annotations

import json

import pytest

from compete.cli import main
from compete.domain.bundle.schema import bundle_schema, results_schema


def test_the_bundle_is_what_is_asked_for_without_a_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == bundle_schema()
    assert main(["schema", "bundle"]) == 0
    assert json.loads(capsys.readouterr().out) == bundle_schema()


def test_results_have_one_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "results"]) == 0
    assert json.loads(capsys.readouterr().out) == results_schema()


def test_there_are_no_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "marks"]) == 2
    assert "marks" in capsys.readouterr().err
