"""The list that is put up for the notice period."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from compete.domain import read_bundle
from compete.models import Account, Competition
from compete.services.accounts import create_account
from compete.services.closing import lock_marks
from compete.services.competitions import load_bundle
from compete.services.kernel import Refused, unit_of_work
from compete.services.publication import print_notice, publish

SAMPLE = Path(__file__).resolve().parents[3] / "sample_events" / "coal-sampling" / "bundle.json"


def loaded(app: Flask) -> tuple[Competition, Account]:
    by = create_account("吴敏")
    return load_bundle(read_bundle(SAMPLE.read_bytes()), by=by), by


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_nothing_can_be_put_up_before_publication(app: Flask) -> None:
    with app.test_request_context():
        competition, _by = loaded(app)
        with pytest.raises(Refused):
            print_notice(competition, "COAL")


def test_names_are_masked_unless_the_organiser_sets_otherwise(app: Flask) -> None:
    with app.test_request_context():
        competition, by = loaded(app)
        lock_marks(competition, by)
        publish(competition, by)
        name = read_bundle(SAMPLE.read_bytes()).entrants[0].name
        masked = text_of(print_notice(competition, "COAL"))
        assert name not in masked
        assert "第 1 版" in masked
        with unit_of_work():
            competition.settings = {**competition.settings, "full_names": True}
        assert name in text_of(print_notice(competition, "COAL"))
