"""After some changed squares: the same as working everything out anew, to the last digit."""

from __future__ import annotations

import json
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from compete.domain import read_bundle
from compete.domain.bundle.labour_types import LabourValue
from compete.domain.bundle.types import Bundle
from compete.domain.labour.outcome import outcome_of
from compete.domain.labour.participants import Cell, LabourField
from compete.domain.labour.recomputing import outcome_after, outcome_under
from compete.domain.labour.rows import labour_results
from tests.domain.labour_competitions import labour_competition


def _all_squares(bundle: Bundle) -> list[LabourValue]:
    assert bundle.labour is not None
    return list(bundle.labour.values)


@given(st.integers(0, 2**32))
def test_incremental_is_whole(seed: int) -> None:
    rng = Random(seed)
    plain = labour_competition(rng, version=None)
    # Of the same squares with other numbers; what is asked of a value stays as it is.
    other = {**plain, "labour": {**plain["labour"], "values": []}}
    had = plain["labour"]["values"]
    kept = [value for value in had if rng.random() < 0.7]
    plain["labour"]["values"] = kept
    beside = {key: plain["labour"].get(key, []) for key in ("adjustments", "vetoes")}
    bundle = read_bundle(json.dumps(plain).encode())
    assert bundle.labour is not None
    outcome = outcome_of(LabourField(bundle, bundle.labour))
    values = list(bundle.labour.values)
    for _step in range(rng.randint(1, 3)):
        changed: dict[Cell, LabourValue | None] = {}
        for value in rng.sample(had, min(len(had), rng.randint(1, 3))):
            cell = value["unit"], value["period"], value["indicator"]
            if cell in changed:
                continue
            if rng.random() < 0.3:
                changed[cell] = None
                values = [v for v in values if (v.unit, v.period, v.indicator) != cell]
                continue
            # Another number of the same kind: that of a square of the same indicator.
            like = rng.choice([v for v in had if v["indicator"] == value["indicator"]])
            written_as = {**like, "unit": cell[0], "period": cell[1]}
            other["labour"]["values"] = [written_as]
            again = read_bundle(json.dumps(other).encode())
            changed[cell] = _all_squares(again)[0]
            values.append(_all_squares(again)[0])
        some = {key: [row for row in rows if rng.random() < 0.6] for key, rows in beside.items()}
        other["labour"].update(values=[], **some)
        other_rules = read_bundle(json.dumps(other).encode()).labour
        assert other_rules is not None
        labour = replace(
            bundle.labour,
            values=tuple(values),
            adjustments=other_rules.adjustments,
            vetoes=other_rules.vetoes,
        )
        outcome = outcome_after(outcome, labour, changed)
        whole = outcome_of(LabourField(replace(bundle, labour=labour), labour))
        assert outcome.field.values == whole.field.values
        assert outcome.scores == whole.scores
        assert outcome.totals == whole.totals
        assert outcome.ranks == whole.ranks
        assert (outcome.flagged, outcome.warned) == (whole.flagged, whole.warned)
        assert labour_results(outcome) == labour_results(whole)


@given(st.integers(0, 2**32))
def test_other_rules_of_the_same_squares_are_whole(seed: int) -> None:
    rng = Random(seed)
    plain = labour_competition(rng, version=None)
    bundle = read_bundle(json.dumps(plain).encode())
    assert bundle.labour is not None
    outcome = outcome_of(LabourField(bundle, bundle.labour))
    labour = plain["labour"]
    for period in labour["periods"]:
        if "weight" in period and rng.random() < 0.5:
            period["weight"] = rng.choice([2, "0.25", 7])
    labour["missing"] = rng.choice(["blocks", "zero"])
    labour["adjust_cap"] = rng.choice([0, 2, 5])
    labour["ties"] = [f"indicator:{indicator['code']}" for indicator in labour["indicators"]][::-1]
    if rng.random() < 0.5:
        labour["groups"] = {unit["code"]: rng.choice("甲乙") for unit in plain["units"][:3]}
    if rng.random() < 0.5:
        labour["flags"] = {"count": 1, "min": 20}
    others = read_bundle(json.dumps(plain).encode())
    assert others.labour is not None
    outcome_anew = outcome_under(outcome, others, others.labour)
    whole = outcome_of(LabourField(others, others.labour))
    assert outcome_anew.scores == whole.scores
    assert outcome_anew.totals == whole.totals
    assert outcome_anew.ranks == whole.ranks
    assert (outcome_anew.flagged, outcome_anew.warned) == (whole.flagged, whole.warned)
    assert labour_results(outcome_anew) == labour_results(whole)
