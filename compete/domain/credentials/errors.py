"""The one error of this package."""

from __future__ import annotations

from compete.domain.values.messages import ToldError


class CredentialError(ToldError, ValueError):
    """Error: a text is no credential, key document or status list; `message` says why."""
