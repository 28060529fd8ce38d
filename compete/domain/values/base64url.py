"""Base64 for addresses, without padding (RFC 4648, section 5)."""

from __future__ import annotations

import base64
import binascii
from typing import Any


def base64url(data: bytes) -> str:
    """Bytes as base64 for addresses."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text: Any) -> bytes | None:
    """The bytes of it, written in the one right way; None for anything else."""
    if not isinstance(text, str) or not text.isascii():
        return None
    try:
        content = base64.b64decode(
            text.translate(str.maketrans("-_+/", "+/..")) + "=" * (-len(text) % 4), validate=True
        )
    except (binascii.Error, ValueError):
        return None
    return content if base64url(content) == text else None
