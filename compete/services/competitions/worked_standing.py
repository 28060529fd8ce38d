"""Worked standing: ten made-up people under a draft of rules: ranks, awards and grades.

Each module counts as one score, so that all that is told is how scores become places; one of the
ten does best in practice and is below the usual pass mark in theory. Nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from compete.domain.bundle.problems import BundleError
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.numerals import number_in_text, plain
from compete.models import Event
from compete.services.competitions.made_up_files import read_made_up
from compete.services.competitions.rules_draft import RulesDraft, tree_of

_NAMES = "甲乙丙丁戊己庚辛壬癸"
_SHARES = ((92, 97), (90, 96), (93, 95), (91, 95), (58, 98), (85, 88), (82, 86), (78, 84))
_SHARES_OF_ALL = (*_SHARES, (75, 80), (70, 76))
_OF_SCORES = ("module:", "part:", "stage:")
_LEFT_OUT = ("team_ranking", "unit_ranking", "items", "scale")


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePlace:
    """A sample's place. `below` are modules under their pass mark: name, score, pass mark."""

    name: str
    rank: int | None
    scores: Sequence[tuple[str, str]]
    total: str
    awards: Sequence[str]
    grade: int | None
    below: Sequence[tuple[str, str, str]]


def work_standing(event: Event, draft: RulesDraft) -> list[SamplePlace]:
    """The ten in order of rank; nobody where the draft's rules cannot be read yet."""
    tree = _simple(tree_of(draft, event.rules.definition))
    modules = {it["code"]: it for stage in tree["stages"] for it in stage["modules"]}
    shares = _SHARES_OF_ALL if len(modules) > 1 else [(best, best) for _low, best in _SHARES_OF_ALL]
    rows, scores = [], {}
    for name, (theory, practice) in zip(_NAMES, shares, strict=True):
        for stage in tree["stages"]:
            for n, module in enumerate(stage["modules"]):
                full = number_in_text(str(module["full"]))
                if full is None:
                    return []
                score = plain(full * (practice if n else theory) / Decimal(100))
                scores[name, module["code"]] = score
                rows.append(
                    {
                        "stage": stage["code"],
                        "module": module["code"],
                        "entrant": name,
                        "judge": "1",
                        "aspect": module["aspects"][0]["code"],
                        "value": score,
                    }
                )
    entrants = [
        {"code": name, "name": name, "event": tree["code"], "unit": "U", "group": "worker"}
        for name in _NAMES
    ]
    try:
        bundle = read_made_up(
            "skills",
            version=event.competition.format,
            level=event.competition.level,
            units=[{"code": "U", "name": "U"}],
            judges=[{"code": "1", "name": "1"}],
            entrants=entrants,
            events=[tree],
            marks=rows,
        )
    except BundleError:
        return []
    found = Scorer(bundle).results.events[0]
    names = {award.code: award.name for award in bundle.events[0].awards}
    grades = {row.entrant: row.grade for row in found.grades or () if row.change == "promoted"}
    return [
        SamplePlace(
            name=row.entrant,
            rank=row.rank,
            scores=[(it["name"], scores[row.entrant, code]) for code, it in modules.items()],
            total=row.total or "",
            awards=[names[it.award] for it in found.awards or () if it.entrant == row.entrant],
            grade=grades.get(row.entrant),
            below=[
                (it["name"], score, str(it["pass"]))
                for code, it in modules.items()
                if it.get("pass")
                and Decimal(score := scores[row.entrant, code]) < Decimal(it["pass"])
            ],
        )
        for row in found.standings
    ]


def _simple(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The rules with one score for each module, without what the ten have no part in."""
    kept = {key: it for key, it in tree.items() if key not in _LEFT_OUT}
    kept["stages"] = [
        {**stage, "modules": [_scored(module, stage["code"]) for module in stage["modules"]]}
        for stage in tree["stages"]
    ]
    ranking = dict(tree.get("ranking") or {})
    ranking["ties"] = [key for key in ranking.get("ties") or () if key.startswith(_OF_SCORES)]
    kept["ranking"] = {key: it for key, it in ranking.items() if it}
    awards = tree.get("awards") or ()
    kept["awards"] = [it for it in awards if it.get("scope", "entrants") == "entrants"]
    if not isinstance(tree.get("grades") or (), str):
        rules = tree.get("grades") or ()
        kept["grades"] = [it for it in rules if not {"under", "item"} & set(it.get("when") or {})]
    return {key: it for key, it in kept.items() if it not in ([], {})}


def _scored(module: Mapping[str, Any], stage: str) -> dict[str, Any]:
    row = {"code": f"x-{stage}-{module['code']}"[:40], "name": "x", "type": "score"}
    aspects = [{**row, "max": module["full"], "step": "0.01"}]
    kept = {key: it for key, it in module.items() if key != "panel"}
    return {**kept, "name": module["name"] or module["code"], "aspects": aspects}
