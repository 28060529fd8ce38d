"""The issuer and the recipient of a credential."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

_SALT = re.compile(r"[0-9a-f]{32,128}")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Issuer:
    """The issuer, who signs; `did` is its did:web."""

    did: str
    name: str
    url: str | None = None

    def json(self) -> Json:
        """The issuer as a Profile."""
        profile: Json = {"id": self.did, "type": ["Profile"], "name": self.name}
        return profile | ({"url": self.url} if self.url else {})


@dataclass(frozen=True, slots=True)
class Recipient:
    """The recipient as a salted hash of the name: whoever knows the name can check it.

    `subject` is a random `urn:uuid:…` made for this credential, or the DID of
    the person's wallet. `salt` is random, 32 hexadecimal digits or more.
    """

    subject: str
    name: str
    salt: str

    def json(self) -> Json:
        """The recipient as an AchievementSubject, without the achievement."""
        if not _SALT.fullmatch(self.salt):
            raise ValueError("a salt has 32 hexadecimal digits or more")
        return {
            "id": self.subject,
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityType": "name",
                    "hashed": True,
                    "identityHash": identity_hash(self.name, self.salt),
                    "salt": self.salt,
                }
            ],
        }


def identity_hash(name: str, salt: str) -> str:
    """A name hashed as Open Badges do it: SHA-256 of name and salt, one behind the other."""
    text = unicodedata.normalize("NFC", name.strip()) + salt
    return f"sha256${hashlib.sha256(text.encode()).hexdigest()}"
