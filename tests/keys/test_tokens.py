"""Tokens: the standard's claims, what others' programs make of them, and the usual attacks."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from compete.domain.credentials.did_documents import token_key_id
from compete.domain.credentials.json_text import CredentialError
from compete.domain.credentials.signed import from_token_payload, token_payload
from compete.domain.credentials.status_lists import Purpose
from compete.domain.credentials.verification import Outcome, verify_credential
from compete.keys.suite import sign_token
from tests.domain.credentials.issued import (
    DID,
    DOCUMENT,
    KEYS,
    LATER,
    NAME,
    NEW,
    OLD,
    PLACE,
    STRANGER,
    SUITE,
    bits,
    credential,
    token,
)

KID = token_key_id(DID, "2022-A")


def test_a_token_says_the_credential_and_the_claims_of_the_standard() -> None:
    text = token(credential()).decode()
    public = Ed25519PublicKey.from_public_bytes(OLD.public_key)
    claims = jwt.decode(text, public, algorithms=["EdDSA"])
    assert jwt.get_unverified_header(text) == {"alg": "EdDSA", "kid": KID, "typ": "JWT"}
    assert {key: claims.pop(key) for key in ("iss", "sub", "jti", "nbf")} == {
        "iss": DID,
        "sub": credential()["credentialSubject"]["id"],
        "jti": credential()["id"],
        "nbf": 1_663_653_600,
    }
    assert claims == credential()
    ending = credential() | {"validUntil": "2030-01-01T00:00:00Z"}
    assert json.loads(token_payload(ending))["exp"] == 1_893_456_000


def test_the_standards_example_of_ed25519_tokens() -> None:
    """RFC 8037, appendix A.4; the payload is no JSON, but the signature is checked before."""
    key = base64.urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    signing = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
    signature = (
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )
    assert SUITE.token_payload(f"{signing}.{signature}", key) == b"Example of Ed25519 signing"
    assert SUITE.token_payload(f"{signing}.{signature[:-2]}AA", key) is None
    with pytest.raises(ValueError, match="names its key"):
        SUITE.token_key(f"{signing}.{signature}")


def fetched(pages: Mapping[str, bytes]) -> Any:
    """What a program of others fetches, from memory."""
    return lambda url: pages[url]


DID_PAGE = "https://jingsai.example/jiangbei/did.json"
LIST_PAGE, SUSPENDED_PAGE = (
    entry["statusListCredential"] for entry in credential()["credentialStatus"]
)


@pytest.mark.parametrize(("key", "name"), [(OLD, "2022-A"), (NEW, "2023-A")])
def test_a_validator_of_others_takes_it_with_our_key_document_and_status_list(
    key: Any, name: str
) -> None:
    pages = {
        DID_PAGE: json.dumps(DOCUMENT).encode(),
        LIST_PAGE: token(bits(Purpose.REVOCATION, [PLACE + 1]), key, name),
        SUSPENDED_PAGE: token(bits(Purpose.SUSPENSION), key, name),
    }
    verifier = OB3Verifier.for_issuer_did(DID, download=fetched(pages))
    text = token(credential(), key, name).decode()
    credential_read = verifier.verify(
        text, check_status=True, verify_status_list=False, download=fetched(pages)
    )
    assert credential_read.name == credential()["name"]
    assert credential_read.recipient_id == credential()["credentialSubject"]["id"]
    assert len(credential_read.results) == 3
    assert NAME not in text
    good = pages[SUSPENDED_PAGE]
    pages[SUSPENDED_PAGE] = token(bits(Purpose.SUSPENSION, [PLACE]), key, name)
    with pytest.raises(OB3VerificationError, match="'suspension' is set"):
        verifier.verify(text, check_status=True, verify_status_list=False, download=fetched(pages))
    pages[SUSPENDED_PAGE] = good
    pages[LIST_PAGE] = token(bits(Purpose.REVOCATION, [PLACE]), key, name)
    with pytest.raises(OB3VerificationError, match="'revocation' is set"):
        verifier.verify(text, check_status=True, verify_status_list=False, download=fetched(pages))


def test_a_validator_of_others_takes_the_signature_of_a_status_list() -> None:
    pem = Ed25519PublicKey.from_public_bytes(NEW.public_key)
    pages = {
        LIST_PAGE: token(bits(Purpose.REVOCATION), NEW, "2023-A"),
        SUSPENDED_PAGE: token(bits(Purpose.SUSPENSION), NEW, "2023-A"),
    }
    verifier = OB3Verifier(pem, issuer_did=DID)
    text = token(credential(), NEW, "2023-A").decode()
    assert verifier.verify(text, check_status=True, download=fetched(pages))
    pages[LIST_PAGE] = token(bits(Purpose.REVOCATION), STRANGER, "2023-A")
    with pytest.raises(OB3VerificationError, match="proof is invalid"):
        verifier.verify(text, check_status=True, download=fetched(pages))


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "did:web:other.example"}, {"sub": "urn:uuid:other"}, {"jti": "urn:uuid:other"},
        {"nbf": 0}, {"exp": 1_893_456_000}, {"nbf": None}, {"issuer": "did:web:other.example"},
        {"validUntil": "2030-01-01T00:00:00Z"}, {"validFrom": "soon"},
    ],
)  # fmt: skip
def test_claims_that_say_something_else_than_the_credential_are_refused(
    change: dict[str, Any],
) -> None:
    payload = json.loads(token_payload(credential())) | change
    text = sign_token(json.dumps(payload).encode(), OLD, key_id=KID)
    with pytest.raises(CredentialError, match="声明"):
        verify_credential(text.encode(), KEYS, suite=SUITE, at=LATER)
    del payload["sub"]
    with pytest.raises(CredentialError, match="声明"):
        from_token_payload(json.dumps(payload).encode())


def encoded(value: Any) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": KID}, {"alg": "HS256", "kid": KID}, {"alg": "ES256", "kid": KID},
        {"alg": "EdDSA"}, {"alg": "EdDSA", "kid": 1}, {"alg": "EdDSA", "kid": KID, "crit": ["b64"]},
        {"kid": KID}, ["alg"], "EdDSA",
    ],
)  # fmt: skip
def test_a_header_that_would_have_it_checked_in_another_way_is_refused(header: Any) -> None:
    _, payload, signature = token(credential()).split(b".")
    for tail in (signature, b"", jwt.utils.base64url_encode(bytes(32))):
        text = b".".join((encoded(header), payload, tail))
        try:
            outcome = verify_credential(text, KEYS, suite=SUITE, at=LATER).outcome
        except CredentialError:
            continue
        assert outcome is Outcome.WRONG_SIGNATURE


def test_a_key_that_travels_with_the_token_is_not_used() -> None:
    header = {"alg": "EdDSA", "kid": KID, "jwk": {"kty": "OKP", "crv": "Ed25519"}}
    payload = encoded(json.loads(token_payload(credential())))
    signing = encoded(header) + b"." + payload
    tail = base64.urlsafe_b64encode(STRANGER.sign(signing)).rstrip(b"=")
    verification = verify_credential(signing + b"." + tail, KEYS, suite=SUITE, at=LATER)
    assert verification.outcome is Outcome.WRONG_SIGNATURE


@pytest.mark.parametrize("missing", ["id", "issuer", "validFrom", "credentialSubject"])
def test_a_credential_that_lacks_a_part_makes_no_token(missing: str) -> None:
    document = {key: value for key, value in credential().items() if key != missing}
    with pytest.raises(ValueError, match="a token needs"):
        token_payload(document)
