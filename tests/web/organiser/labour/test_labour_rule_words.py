"""A labour competition's rules in words."""

from __future__ import annotations

from flask import Flask
from msgspec.structs import replace

from compete.web.organiser.labour.rules.differences import fact_words
from tests.domain.labour.build import indicator, labour_bundle, quarter


def test_an_indicator_that_was_split_is_named_once_and_its_order_said(app: Flask) -> None:
    later = indicator("安全-2", 50) | {"name": "安全"}
    labour = labour_bundle(
        "甲",
        periods=quarter("一月", "二月"),
        indicators=[
            indicator("安全", 50) | {"name": "安全", "periods": ["一月"]},
            later | {"periods": ["二月"]},
            indicator("质量", 50),
        ],
        ties=["indicator:安全", "indicator:安全-2", "indicator:质量"],
    ).labour
    assert labour is not None
    with app.test_request_context():
        sentence = dict(fact_words(labour, {}))["同分先比"]
        plain = dict(fact_words(replace(labour, ties=labour.ties[1:]), {}))["同分先比"]
    assert sentence.startswith("安全、质量（")
    assert "先比换以前各期的" in sentence
    assert "换过" not in plain
