"""The one error of this package."""

from __future__ import annotations

from compete.domain.values.messages import ToldError


class IdentityError(ToldError, ValueError):
    """Error: a number that cannot be right; `message` says why, in the user's words."""
