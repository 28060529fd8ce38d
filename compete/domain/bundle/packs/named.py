"""Named packs of rules: grade rules, tie chains and award patterns.

An event may give its `grades` as the name of a grade pack; `expand_packs`
writes the rules out in full, which is what is scored, stored and exported.
Tie chains and award patterns are there to be copied into an event.
"""

from __future__ import annotations

import msgspec

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.packs.award_patterns import AWARD_PATTERNS
from compete.domain.bundle.packs.kinds import (
    GradePack,
    Pack,
)
from compete.domain.bundle.packs.local import LOCAL
from compete.domain.bundle.packs.national import NATIONAL
from compete.domain.bundle.packs.provincial import PROVINCIAL
from compete.domain.bundle.packs.tie_chains import TIE_CHAINS
from compete.domain.bundle.types import Bundle

_GRADE_PACKS: dict[str, GradePack] = {pack.name: pack for pack in (*NATIONAL, *PROVINCIAL, *LOCAL)}
_PACKS: dict[str, Pack] = {
    **_GRADE_PACKS,
    **{pack.name: pack for pack in TIE_CHAINS},
    **{pack.name: pack for pack in AWARD_PATTERNS},
}


def pack_names() -> list[str]:
    """The names an event's `grades` may have, in the order they are listed."""
    return list(_GRADE_PACKS)


def all_packs() -> list[Pack]:
    """Every pack of every kind: grade rules, then tie chains, then award patterns."""
    return list(_PACKS.values())


def get_pack(name: str) -> Pack:
    """The pack of this name. `KeyError` for an unknown one."""
    return _PACKS[name]


def expand_packs(bundle: Bundle) -> Bundle:
    """The same bundle with every grade pack named in it written out in full.

    Each rule then says in its `extra` which pack it came from. A name that no
    pack bears is a `KeyError`; a bundle that was read has none.
    """
    if not any(isinstance(event.grades, str) for event in bundle.events):
        return bundle
    events = tuple(_expanded(event) for event in bundle.events)
    return msgspec.structs.replace(bundle, events=events)


def _expanded(event: Event) -> Event:
    if not isinstance(event.grades, str):
        return event
    pack = _GRADE_PACKS[event.grades]
    rules = tuple(
        msgspec.structs.replace(rule, extra={"pack": pack.name, **(rule.extra or {})})
        for rule in pack.rules
    )
    return msgspec.structs.replace(event, grades=rules)
