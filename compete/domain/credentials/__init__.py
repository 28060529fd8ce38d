"""Certificates and results as Open Badges 3.0, and what anyone can check of them offline.

A credential is a W3C Verifiable Credential 2.0. It goes out in two forms: as
JSON with an embedded `eddsa-jcs-2022` proof, which a few lines of script can
check, and as a JWT, which wallets take. Whether it still holds stands in
bitstring status lists; whose key it is, in a did:web document.

No ID number is in any of it, hashed or not: eighteen digits can be guessed.
"""

from __future__ import annotations

from compete.domain.credentials.badges import (
    AwardWon,
    GradeEarned,
    ResultReached,
    award_badge,
    grade_badge,
    result_badge,
)
from compete.domain.credentials.did_documents import (
    IssuerKey,
    KeyRing,
    did_address,
    did_document,
    did_web,
    key_id,
    read_key_file,
    token_key_id,
)
from compete.domain.credentials.embedded_proof import with_proof
from compete.domain.credentials.errors import CredentialError
from compete.domain.credentials.parts import Badge, Score, Standard
from compete.domain.credentials.profiles import Issuer, Recipient
from compete.domain.credentials.standing import Outcome, check_status_list
from compete.domain.credentials.status_lists import PLACES, Purpose, StatusPlace, status_list
from compete.domain.credentials.summaries import summary
from compete.domain.credentials.tokens import Suite, token_payload
from compete.domain.credentials.verification import Verdict, bears_name, verify_credential

__all__ = [
    "PLACES",
    "AwardWon",
    "Badge",
    "CredentialError",
    "GradeEarned",
    "Issuer",
    "IssuerKey",
    "KeyRing",
    "Outcome",
    "Purpose",
    "Recipient",
    "ResultReached",
    "Score",
    "Standard",
    "StatusPlace",
    "Suite",
    "Verdict",
    "award_badge",
    "bears_name",
    "check_status_list",
    "did_address",
    "did_document",
    "did_web",
    "grade_badge",
    "key_id",
    "read_key_file",
    "result_badge",
    "status_list",
    "summary",
    "token_key_id",
    "token_payload",
    "verify_credential",
    "with_proof",
]
