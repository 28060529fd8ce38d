"""Kept flags: after so many periods in a row a unit keeps the flag for good; scores nothing.

The format has no key for it; it stands in the `extra` of `labour`.
"""

from __future__ import annotations

import msgspec

from compete.domain.bundle.labour_types import Labour

FLAG_KEEP = "flag_keep"
"""In the `extra` of `labour`: `after` so many periods `of` the sort of one; null for never."""


class FlagKeep(msgspec.Struct, frozen=True):
    """The number of periods in a row to keep the flag for good; of the sort of `of`."""

    after: int
    of: str


def says_flag_keep(labour: Labour) -> bool:
    """True if the rules say anything of kept flags, be it never."""
    return FLAG_KEEP in (labour.extra or {})


def flag_keep_of(labour: Labour) -> FlagKeep | None:
    """The rule on kept flags; None for never, and for what cannot be read as such a rule."""
    try:
        return msgspec.convert((labour.extra or {}).get(FLAG_KEEP), FlagKeep | None)
    except msgspec.ValidationError:
        return None


def with_flag_keep(labour: Labour, keep: FlagKeep | None) -> Labour:
    """Put this rule on kept flags into the rules; all else stays."""
    rule = None if keep is None else msgspec.to_builtins(keep)
    return msgspec.structs.replace(labour, extra={**(labour.extra or {}), FLAG_KEEP: rule})
