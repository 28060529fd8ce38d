"""Parts that all badges are made of: what can be achieved, and what was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compete.domain.credentials.profiles import Issuer, Json, Recipient
from compete.domain.credentials.status_lists import StatusPlace
from compete.domain.identity.citizen_id import check_citizen_id
from compete.domain.identity.errors import IdentityError
from compete.domain.values.instants import instant_text

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
LANGUAGE = "zh"

_EIGHTEEN = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Standard:
    """The national standard of an occupation that an achievement is aligned to."""

    occupation: str
    code: str
    framework: str
    url: str

    def json(self) -> Json:
        """The standard as an Alignment."""
        return {
            "type": ["Alignment"],
            "targetName": self.occupation,
            "targetUrl": self.url,
            "targetFramework": self.framework,
            "targetCode": self.code,
        }


@dataclass(frozen=True, slots=True)
class Score:
    """Points that were reached, as the results print them: 91.00 of 100."""

    code: str
    name: str
    value: str
    full: str
    needed: str | None = None
    """The points needed to pass, where the rules say so."""


@dataclass(frozen=True, slots=True)
class Badge:
    """The parts of a badge that do not depend on what was achieved.

    `id` is the credential's address or a `urn:uuid:…`; `achievement` is that of
    what can be achieved, the same for all who do.
    """

    id: str
    achievement: str
    issuer: Issuer
    recipient: Recipient
    valid_from: datetime
    criteria: str
    """The things that had to be done, in the words of the rules."""
    status: StatusPlace | None = None
    evidence: Sequence[tuple[str, str]] = ()
    """Pages that show more: address and title."""


def described(badge: Badge, score: Score) -> tuple[Json, Json]:
    """Describe what can be reached, and what was: a ResultDescription and its Result."""
    own = f"{badge.achievement}#result-{score.code}"
    description: Json = {
        "id": own,
        "type": ["ResultDescription"],
        "name": score.name,
        "resultType": "RawScore",
        "valueMin": "0",
        "valueMax": score.full,
    }
    if score.needed is not None:
        description["requiredValue"] = score.needed
    return description, {"type": ["Result"], "resultDescription": own, "value": score.value}


def described_choice(
    badge: Badge, code: str, name: str, allowed: Sequence[str], value: str
) -> tuple[Json, Json]:
    """Describe one of several values, given from the lowest to the highest, as `described` does."""
    own = f"{badge.achievement}#result-{code}"
    description = {
        "id": own,
        "type": ["ResultDescription"],
        "name": name,
        "resultType": "Result",
        "allowedValue": list(allowed),
    }
    return description, {"type": ["Result"], "resultDescription": own, "value": value}


def described_rank(badge: Badge, rank: int, of: int, item: str | None = None) -> tuple[Json, Json]:
    """Describe a place among so many: the first is the highest. Of an `item` alone, name it."""
    own = f"{badge.achievement}#result-rank"
    description = {
        "id": own,
        "type": ["ResultDescription"],
        "name": f"{item} 名次" if item else "名次",
        "resultType": "Result",
        "valueMin": "1",
        "valueMax": str(of),
    }
    return description, {"type": ["Result"], "resultDescription": own, "value": str(rank)}


def credential(
    badge: Badge,
    *,
    name: str,
    description: str,
    achievement: Json,
    results: Sequence[tuple[Json, Json]],
    subject: Json | None = None,
    holders: str = "",
) -> Json:
    """The whole credential, still to be signed. Raises ValueError for an ID number in any text.

    What can be achieved is told alike to all who did; what is so of this holder's alone,
    `holders`, stands in the credential's own description.
    """
    whole: Json = {
        "@context": CONTEXTS,
        "id": badge.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": badge.issuer.json(),
        "validFrom": instant_text(badge.valid_from),
        "awardedDate": instant_text(badge.valid_from),
        "name": name,
        "description": f"{description}，{holders}" if holders else description,
        "credentialSubject": {
            **badge.recipient.json(),
            **(subject or {}),
            "achievement": {
                "id": badge.achievement,
                "type": ["Achievement"],
                "inLanguage": LANGUAGE,
                "name": name,
                "description": description,
                "criteria": {"narrative": badge.criteria},
                **achievement,
                "resultDescription": [possible for possible, _ in results],
            },
            "result": [reached for _, reached in results],
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    if badge.evidence:
        whole["evidence"] = [
            {"id": address, "type": ["Evidence"], "name": title}
            for address, title in badge.evidence
        ]
    if badge.status is not None:
        whole["credentialStatus"] = badge.status.entries()
    _refuse_id_numbers(whole)
    return whole


def _refuse_id_numbers(value: Any) -> None:
    """Refuse texts with ID numbers: none may be signed into something for good."""
    if isinstance(value, dict):
        for inner in value.values():
            _refuse_id_numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_id_numbers(inner)
    elif isinstance(value, str):
        for found in _EIGHTEEN.findall(value):
            if _is_id_number(found):
                raise ValueError("an ID number must not stand in a credential")


def _is_id_number(text: str) -> bool:
    try:
        check_citizen_id(text)
    except IdentityError:
        return False
    return True
