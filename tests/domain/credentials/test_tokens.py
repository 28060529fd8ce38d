"""The claims of a token are what its credential says."""

from __future__ import annotations

import json

import pytest

from compete.domain.credentials.json_text import CredentialError
from compete.domain.credentials.signed import from_token_payload, token_payload
from tests.domain.credentials.issued import credential


def test_a_credential_that_ends_says_so_among_the_claims_too() -> None:
    ending = {**credential(), "validUntil": "2030-01-01T00:00:00Z"}
    claims = json.loads(token_payload(ending))
    assert claims["exp"] == 1893456000
    assert from_token_payload(token_payload(ending)) == ending
    assert "exp" not in json.loads(token_payload(credential()))


def test_an_end_that_only_the_claims_or_only_the_credential_say_is_refused() -> None:
    ending = json.loads(token_payload({**credential(), "validUntil": "2030-01-01T00:00:00Z"}))
    for key in ("exp", "validUntil"):
        one_sided = {name: value for name, value in ending.items() if name != key}
        with pytest.raises(CredentialError):
            from_token_payload(json.dumps(one_sided).encode())
