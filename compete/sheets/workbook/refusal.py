"""Refusal: the one error for a file that is not taken at all."""

from __future__ import annotations

from compete.domain.values.messages import ToldError


class WorkbookError(ToldError):
    """Error: a whole file is refused; `message` says why and what to do, in the user's words."""
