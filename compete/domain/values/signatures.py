"""Signatures for the domain: functions that sign and check by Ed25519 (RFC 8032).

Private keys never come in here; `compete.keys` holds them.
"""

from __future__ import annotations

from collections.abc import Callable

KEY_BYTES = 32
SIGNATURE_BYTES = 64

Sign = Callable[[bytes], bytes]
"""Signs a message with a key that stays where it is: 64 bytes."""

CheckSignature = Callable[[bytes, bytes, bytes], bool]
"""True if (public key, message, signature) belong together; False for anything malformed."""
