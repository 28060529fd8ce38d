"""A record of somebody's credentials as one, in the style of CLR 2.0: it holds them, no new facts.

The credentials inside stay as they were signed, each with its own proof and its own status, so
that one that is made void later is void in here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from compete.domain.credentials.badges import CONTEXTS as OF_BADGES
from compete.domain.credentials.profiles import Issuer, Json
from compete.domain.values.instants import instant_text

CONTEXTS = [
    OF_BADGES[0],
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    OF_BADGES[1],
]
SCHEMA = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json"


@dataclass(frozen=True, slots=True)
class CredentialRecord:
    """What a record is made of: signed credentials, the oldest first."""

    id: str
    subject: str
    """A random `urn:uuid:…`: which of the credentials are one person's is what the record says."""
    issuer: Issuer
    name: str
    at: datetime
    credentials: Sequence[Json]


def credential_record(record: CredentialRecord) -> Json:
    """The whole record, still to be signed. Raises ValueError for one that holds nothing."""
    if not record.credentials:
        raise ValueError("a record holds at least one credential")
    return {
        "@context": CONTEXTS,
        "id": record.id,
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": record.issuer.json(),
        "validFrom": instant_text(record.at),
        "awardedDate": instant_text(record.at),
        "name": record.name,
        "partial": True,
        "credentialSubject": {
            "id": record.subject,
            "type": ["ClrSubject"],
            "verifiableCredential": list(record.credentials),
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
