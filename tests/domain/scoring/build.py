"""Small skills competitions for tests, written as people would say them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import write_results
from compete.domain.scoring.scorer import score

Plain = dict[str, Any]


def aspect(code: str = "a", full: str | int = 10, kind: str = "score", **keys: Any) -> Plain:
    return {"code": code, "name": code, "type": kind, "max": str(full), **keys}


def module(
    code: str = "m", aspects: list[Plain] | None = None, weight: str | int = 100, **keys: Any
) -> Plain:
    """A module whose full marks add up; `panel` and the rest as in a bundle."""
    parts = aspects or [aspect(full=100)]
    full = sum(Decimal(part["max"]) * Decimal(part.get("factor", "1")) for part in parts)
    panel = keys.get("panel", {})
    if panel.get("combine") == "sum":
        full *= panel["size"]
    return {
        "code": code,
        "name": f"模块{code}",
        "weight": str(weight),
        "full": str(full),
        "aspects": parts,
        **keys,
    }


def panel(size: int, combine: str = "mean", **keys: Any) -> Plain:
    return {"size": size, "combine": combine, **keys}


def stage(*modules: Plain, code: str = "S", **keys: Any) -> Plain:
    return {"code": code, "name": f"赛段{code}", "modules": list(modules), **keys}


def event(*stages: Plain, **keys: Any) -> Plain:
    return {"code": "E", "name": "赛项", "stages": list(stages), **keys}


def entrant(code: str, unit: str = "U", **keys: Any) -> Plain:
    return {"code": code, "name": code, "event": "E", "unit": unit, **keys}


def people(count: int) -> list[Plain]:
    """P1, P2 and so on."""
    return [entrant(f"P{number}") for number in range(1, count + 1)]


def mark(
    entrant_code: str,
    value: Any,
    judge: str = "J1",
    aspect_code: str = "a",
    module_code: str = "m",
    stage_code: str = "S",
) -> Plain:
    return {
        "stage": stage_code,
        "module": module_code,
        "entrant": entrant_code,
        "judge": judge,
        "aspect": aspect_code,
        "value": value,
    }


def by_judges(entrant_code: str, *values: Any, **where: Any) -> list[Plain]:
    """One value from each of J1, J2 and so on, of one aspect."""
    return [
        mark(entrant_code, value, f"J{number}", **where)
        for number, value in enumerate(values, start=1)
    ]


def totals(**points: Any) -> list[Plain]:
    """Marks in a module of one judge and 100 points: `totals(P1=90, P2=80)`."""
    return [mark(code, str(value)) for code, value in points.items()]


def bundle(the_event: Plain, entrants: list[Plain], marks: list[Plain], **keys: Any) -> Plain:
    competition = {
        "code": "X",
        "name": "试",
        "kind": "skills",
        "level": "provincial-1",
        "year": 2026,
        **keys.pop("competition", {}),
    }
    units = sorted({entrant["unit"] for entrant in entrants})
    return {
        "format": "compete-bundle/1",
        "competition": competition,
        "units": keys.pop("units", [{"code": code, "name": code} for code in units]),
        "judges": [{"code": f"J{number}", "name": f"裁判{number}"} for number in range(1, 12)],
        "entrants": entrants,
        "events": [the_event],
        "marks": marks,
        **keys,
    }


def results_of(plain: Plain) -> Plain:
    """The one event's results, as the results file holds them."""
    data = json.dumps(plain, ensure_ascii=False).encode()
    event_results: Plain = json.loads(write_results(score(read_bundle(data))))["events"][0]
    return event_results


def scored(the_event: Plain, entrants: list[Plain], marks: list[Plain], **keys: Any) -> Plain:
    return results_of(bundle(the_event, entrants, marks, **keys))


def module_of(results: Plain, entrant_code: str = "P1", module_code: str = "m") -> Plain:
    """An entrant's module in the first stage."""
    module_row: Plain = row_of(results["stages"][0]["standings"], entrant_code)["modules"][
        module_code
    ]
    return module_row


def row_of(rows: list[Plain], entrant_code: str) -> Plain:
    return next(row for row in rows if row["entrant"] == entrant_code)


def ranks(rows: list[Plain]) -> dict[str, int | None]:
    """Rank by code, in the order of the rows."""
    return {row["entrant"]: row["rank"] for row in rows}


def module_score(the_module: Plain, marks: list[Plain], **keys: Any) -> Plain:
    """Score and flags of P1 in a lone module."""
    rounding = keys.pop("rounding", {})
    the_event = event(stage(the_module), rounding=rounding)
    return module_of(scored(the_event, people(1), marks, **keys))
