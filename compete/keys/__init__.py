"""Keys that sign what outsiders check: the log's checkpoints and the credentials.

Private keys are held here and nowhere below. The domain is given functions
that sign and functions that check.
"""

from __future__ import annotations

from compete.keys.ed25519 import SigningKey, check_signature
from compete.keys.suite import Ed25519Suite, sign_token

__all__ = ["Ed25519Suite", "SigningKey", "check_signature", "sign_token"]
