"""Self-assessment: the indicators that units assess themselves in; kept in `extra`, unscored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compete.domain.bundle.labour_types import Indicator

SELF_ASSESSED = "self_assessed"
"""A key of an indicator's `extra`; only false says anything, and units are then not asked."""


def self_assessed(indicator: Indicator) -> bool:
    """True if units are asked for a value of their own."""
    return (indicator.extra or {}).get(SELF_ASSESSED) is not False


def with_self_assessed(extra: Mapping[str, Any] | None, asked: bool) -> dict[str, Any] | None:
    """Put into an indicator's `extra` if units assess themselves, all else as it is."""
    rest = {key: value for key, value in (extra or {}).items() if key != SELF_ASSESSED}
    return (rest if asked else rest | {SELF_ASSESSED: False}) or None
