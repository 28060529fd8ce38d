"""An issuer's keys: did:web addresses, documents, and keys of other years."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.credentials.did_documents import (
    IssuerKey,
    did_address,
    did_document,
    did_web,
    key_id,
    read_keys,
    token_key_id,
)
from compete.domain.credentials.json_text import CredentialError
from compete.domain.credentials.multikey import from_jwk, from_multikey, jwk, multikey
from compete.domain.values.base64url import base64url, from_base64url
from compete.domain.values.instants import read_instant
from tests.domain.credentials.issued import DID, DOCUMENT, NEW, OLD


@pytest.mark.parametrize(
    ("address", "did", "document"),
    [
        ("https://w3c-ccg.github.io", "did:web:w3c-ccg.github.io",
         "https://w3c-ccg.github.io/.well-known/did.json"),
        ("https://jingsai.example/jiangbei/", "did:web:jingsai.example:jiangbei",
         "https://jingsai.example/jiangbei/did.json"),
        ("https://example.com:3000/user/alice", "did:web:example.com%3A3000:user:alice",
         "https://example.com:3000/user/alice/did.json"),
    ],
)  # fmt: skip
def test_an_address_has_a_did_and_the_did_its_document(
    address: str, did: str, document: str
) -> None:
    assert did_web(address) == did
    assert did_address(did) == document


@pytest.mark.parametrize(
    "address",
    [
        "", "http://jingsai.example", "jingsai.example", "https://", "https://a b/", "https://a/?x",
        "https://a/#x", "https://u@a/", "https://a/x%20y", "https://a:99999/", "https://竞赛.example/",
    ],
)  # fmt: skip
def test_other_addresses_have_none(address: str) -> None:
    with pytest.raises(CredentialError, match="did:web"):
        did_web(address)


@pytest.mark.parametrize("did", ["", "did:key:z6Mk", "did:web:", "web:a", "did:web:a:"])
def test_other_dids_have_no_address(did: str) -> None:
    with pytest.raises(CredentialError, match="did:web"):
        did_address(did)


def test_keys_of_all_years_are_read_in_both_forms() -> None:
    keys = read_keys(DOCUMENT)
    for name, key in (("2023-A", NEW), ("2022-A", OLD)):
        assert keys.keys[key_id(DID, name)] == key.public_key
        assert keys.keys[token_key_id(DID, name)] == key.public_key
    assert len(keys.keys) == 4
    assert keys.revoked == {}
    other = did_document("did:web:other.example", [IssuerKey("a", NEW.public_key)])
    assert len((keys | read_keys(other)).keys) == 6


def test_keys_may_stand_in_the_list_of_those_that_sign() -> None:
    document = {**DOCUMENT, "assertionMethod": DOCUMENT["verificationMethod"]}
    del document["verificationMethod"]
    assert read_keys(document) == read_keys(DOCUMENT)


def method(**change: Any) -> dict[str, Any]:
    """A document with one key, changed."""
    own = {**did_document(DID, [IssuerKey("a", OLD.public_key)])["verificationMethod"][0], **change}
    return {"id": DID, "verificationMethod": [own], "assertionMethod": [f"{DID}#a"]}


@pytest.mark.parametrize(
    "document",
    [
        {}, {"id": 1}, {"id": "https://jingsai.example"}, {"id": DID},
        {**DOCUMENT, "id": "did:web:x"}, {**DOCUMENT, "assertionMethod": []},
        {**DOCUMENT, "assertionMethod": ["#2022-A"]},
        {**DOCUMENT, "verificationMethod": ["x", None, 3]},
        method(id="did:web:other.example#a"), method(controller="did:web:other.example"),
        method(publicKeyMultibase="z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc"),
        method(publicKeyMultibase=None), method(type="JsonWebKey"),
    ],
)  # fmt: skip
def test_keys_that_do_not_count_are_not_read(document: dict[str, Any]) -> None:
    with pytest.raises(CredentialError):
        read_keys(document)


def test_a_key_that_was_revoked_says_since_when() -> None:
    keys = read_keys(method(revoked="2023-01-01T00:00:00Z"))
    assert keys.revoked == {f"{DID}#a": read_instant("2023-01-01T00:00:00Z")}
    with pytest.raises(CredentialError, match="停用时间"):
        read_keys(method(revoked="yesterday"))


@pytest.mark.parametrize("name", ["", "a b", "钥匙", "a#b", "x" * 65])
def test_a_keys_name_can_stand_in_an_address(name: str) -> None:
    with pytest.raises(CredentialError, match="钥匙名"):
        IssuerKey(name, OLD.public_key)


@given(st.binary(min_size=32, max_size=32))
def test_keys_come_back_from_their_texts(key: bytes) -> None:
    assert from_multikey(multikey(key)) == key
    assert multikey(key).startswith("z6Mk")
    assert from_jwk(jwk(key)) == key
    assert from_base64url(base64url(key)) == key


@pytest.mark.parametrize("text", [None, 1, "A", "AAA=", "AB", "+A", "ＡA", "AA A"])
def test_base64url_is_written_in_one_way_alone(text: object) -> None:
    assert from_base64url(text) is None


@pytest.mark.parametrize(
    "value", [None, {}, {"kty": "OKP", "crv": "X25519", "x": "AA"}, {**jwk(bytes(32)), "x": "AA"}]
)
def test_another_jwk_is_no_key(value: object) -> None:
    assert from_jwk(value) is None
