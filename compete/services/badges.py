"""A badge's link."""

from __future__ import annotations

import secrets

from compete.models.types import token_hash


def new_badge() -> tuple[str, str]:
    """A badge's random token (192 bits) and its hash."""
    token = secrets.token_urlsafe(24)
    return token, token_hash(token)
