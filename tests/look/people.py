"""Invented people and the bars' data for the sample pages."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.progress.shapes import Tick
from compete.web.organiser.shapes import CompetitionLink

COMPETITION = CompetitionLink(name="2022年全省港口叉车司机职业技能竞赛", url="#")

SITE: dict[str, Any] = {
    "urls": dict.fromkeys(
        ("competitions", "entrants", "judges", "results", "certificates", "labour"), "#"
    ),
    "search_url": "#",
    "query": "",
    "person": {"name": "吴敏", "role": "组委会"},
    "language_url": "#",
    "sign_out_url": "#",
}

JUDGE_SITE = {**SITE, "person": {"name": "许静", "role": "裁判 03"}}

ORDER = ("signed", "submitted", "complete", "begun", "returned", "disputed", "not_begun")


def sheets(**counts: int) -> list[Tick]:
    """Ticks for a count of each state, in the strip's order."""
    return [
        Tick(state=key, label=f"K-{number:02} {key}", url="#")
        for key in ORDER
        for number in range(counts.get(key, 0))
    ]
