"""The rules of a labour competition as one value, and as the database keeps them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from compete.domain.bundle.labour_types import Labour
from compete.domain.values.canonical import canonical_sha256
from compete.domain.values.messages import msg
from compete.models import Competition
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.labour.departments import departments_of


@dataclass(frozen=True)
class LabourRules:
    """The rules, the indicators of each department by its name, and units with their groups.

    A unit with an empty group is ranked with all others; one that is not named stays as it is.
    Where others have a group, those `away` are ranked in none, as those that were in none.
    """

    labour: Labour
    departments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    units: Sequence[tuple[str, str]] = ()
    away: Collection[str] = ()


def labour_rules(competition: Competition) -> LabourRules:
    """The rules in force."""
    labour = labour_of(competition)
    groups = labour.groups or {}
    return LabourRules(
        labour,
        {row.name: tuple(row.indicators) for row in departments_of(competition)},
        [(unit.name, groups.get(unit.code, "")) for unit in competition.units],
    )


def written_rules(rules: LabourRules) -> dict[str, Any]:
    """The rules as the database keeps them."""
    return {
        "labour": json.loads(msgspec.json.encode(rules.labour)),
        "departments": {name: list(codes) for name, codes in rules.departments.items()},
        "units": [list(unit) for unit in rules.units],
        "away": list(rules.away),
    }


def rules_text(rules: LabourRules) -> str:
    """The rules as one text, to be read by `rules_of_text`."""
    return json.dumps(written_rules(rules), ensure_ascii=False)


def rules_of_text(text: str) -> LabourRules:
    """Read rules from a text, unchecked. Raises ValueError for a text that is none of rules."""
    kept = msgspec.json.decode(text, type=_Kept)
    return LabourRules(kept.labour, kept.departments, kept.units, kept.away)


class _Kept(msgspec.Struct, frozen=True):
    labour: Labour
    departments: dict[str, list[str]]
    units: list[tuple[str, str]]
    away: list[str] = []


def rules_seen(competition: Competition) -> str:
    """The mark by which a form tells whether others changed the rules since it was shown."""
    return canonical_sha256(written_rules(labour_rules(competition)))


def require_seen(competition: Competition, seen: str | None) -> None:
    """Raise `Refused` where a form showed other rules than those in force; None: it showed none."""
    if seen is not None and seen != rules_seen(competition):
        raise Refused(msg("你打开以后别人改过规则，你填的还在下面。另开一页看过再存"))
