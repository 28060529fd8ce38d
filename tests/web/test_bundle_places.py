"""Where a competition file is wrong is said in words, never in the file's own keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Flask

from compete.domain.bundle.schema import bundle_schema
from compete.web.bundle_places import place_words


def _keys(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        yield from node.get("properties") or ()
        for inner in node.values():
            yield from _keys(inner)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for inner in node:
            yield from _keys(inner)


OF_EVALUATIONS = {
    *("apply", "attempt", "carried", "carry_months", "day", "grade_since", "mark", "min_age"),
    *("months", "papers", "publication", "resit", "review", "exempt", "since", "trade", "until"),
    *("verdict", "void", "years", "years_in_grade", "years_in_trade"),
}
"""Their files cannot be loaded yet, so no page names their places."""


def test_every_key_of_a_file_has_a_word(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        bare = {
            key for key in _keys(bundle_schema()) if place_words(f"events[0].{key}")[-1].isascii()
        }
    assert bare - OF_EVALUATIONS == set()


def test_a_key_has_the_word_of_where_it_stands(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        row = "stages[0].modules[2].aspects[1]"
        assert (
            place_words(f"{row}.levels") == "第 1 个赛段 › 第 3 个模块 › 第 2 个评分点 › 每档的话"
        )
        assert place_words(f"{row}.points").endswith("每次扣分")
        assert place_words("unit_ranking.points") == "单位名次 › 名次积分"
        assert place_words("stages[0].modules[0].panel.min").endswith("裁判组 › 至少几名裁判")
        assert place_words("labour.flags.min").endswith("红旗 › 最低分")
