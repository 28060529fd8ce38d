"""The sample of a year's series: its sums are the figures that it stands for."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "sample_events"


def test_what_unions_report_comes_to_the_years_figures() -> None:
    sample = json.loads((FOLDER / "series" / "series.json").read_bytes())
    rows = {row["name"]: row for row in sample["reports"]}
    (top, root) = (node["name"] for node in sample["nodes"])
    below = [row for row in rows.values() if row["parent"] == root]
    unions = [row for row in below if "examined" not in row]
    assert len(unions) == 61
    assert sum(int(row["sessions"]) for row in below) == 2000
    assert sum(int(row["people"]) for row in below) == 1_860_000
    (final,) = (row for row in below if "examined" in row)
    assert (final["examined"], final["passed"]) == ("570", "348")
    assert rows[top]["people"] == "4"
    assert sample["outside"]["rank"] == 4
