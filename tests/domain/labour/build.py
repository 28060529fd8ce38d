"""Small labour competitions for tests, written as people would say them."""

from __future__ import annotations

import json
from typing import Any

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import LabourRow
from compete.domain.bundle.types import Bundle
from compete.domain.labour.rows import score_labour

SCORE = {"type": "score"}


def indicator(code: str, full: int | str = 100, **keys: Any) -> dict[str, Any]:
    return {"code": code, "name": code, "max": full, "scoring": SCORE, **keys}


def value(unit: str, period: str, indicator: str, number: int | str, **keys: Any) -> dict[str, Any]:
    return {"unit": unit, "period": period, "indicator": indicator, "value": number, **keys}


def quarter(*months: str, **weights: int | str) -> list[dict[str, Any]]:
    """A quarter `Q` and its months."""
    return [
        {"code": "Q", "name": "季度"},
        *(
            {"code": month, "name": month, "part_of": "Q", "weight": weights.get(month, 1)}
            for month in months
        ),
    ]


def one_period() -> list[dict[str, Any]]:
    return [{"code": "M", "name": "本月"}]


def labour_bundle(units: str, **labour: Any) -> Bundle:
    """A competition of units named by single letters."""
    file = {
        "format": "compete-bundle/1",
        "competition": {"code": "L", "name": "劳动竞赛", "kind": "labour", "level": "enterprise"},
        "units": [{"code": unit, "name": unit} for unit in units],
        "labour": labour,
    }
    return read_bundle(json.dumps(file).encode())


def one_month(scores: dict[str, int | str], **labour: Any) -> Bundle:
    """One period `M` and one indicator `x` of 100, each unit with its score."""
    defaults = {
        "periods": one_period(),
        "indicators": [indicator("x")],
        "values": [value(unit, "M", "x", number) for unit, number in scores.items()],
    }
    return labour_bundle("".join(sorted(scores)), **{**defaults, **labour})


def rows(bundle: Bundle, period: str) -> dict[str, LabourRow]:
    """The rows of one period by unit, in their order."""
    standings = {period.code: period.standings for period in score_labour(bundle).periods}
    return {row.unit: row for row in standings[period]}


def totals(bundle: Bundle, period: str) -> dict[str, str | None]:
    return {unit: row.total for unit, row in rows(bundle, period).items()}


def ranks(bundle: Bundle, period: str) -> dict[str, int | None]:
    return {unit: row.rank for unit, row in rows(bundle, period).items()}
