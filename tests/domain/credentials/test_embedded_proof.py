"""eddsa-jcs-2022: the standard's vector to the letter, and documents that were touched."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import base58
import pytest

from compete.domain.credentials.json_text import canonical, read_object
from compete.domain.credentials.multikey import from_multibase, from_multikey, multikey
from compete.domain.credentials.signed import (
    our_proofs,
    proof_holds,
    signed_hash,
    with_proof,
)
from compete.domain.values.instants import read_instant
from compete.keys.ed25519 import SigningKey, check_signature
from tests.domain.credentials.issued import OLD, credential, signed

VECTOR = json.loads((Path(__file__).parent / "data" / "eddsa_jcs_2022.json").read_text("utf-8"))
PUBLIC = from_multikey(VECTOR["keys"]["publicKeyMultibase"]) or b""
SECRET = base58.b58decode(VECTOR["keys"]["privateKeyMultibase"][1:])


def settings_of(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document["proof"].items() if key != "proofValue"}


def test_each_step_is_the_standards() -> None:
    unsigned, settings = VECTOR["unsigned"], settings_of(VECTOR["signed"])
    assert canonical(unsigned).decode() == VECTOR["canonical_document"]
    assert canonical(settings).decode() == VECTOR["canonical_proof"]
    assert hashlib.sha256(canonical(unsigned)).hexdigest() == VECTOR["document_sha256"]
    assert hashlib.sha256(canonical(settings)).hexdigest() == VECTOR["proof_sha256"]
    assert signed_hash(unsigned, settings).hex() == VECTOR["signed_bytes"]


def test_our_signature_is_the_standards() -> None:
    assert SECRET[:2] == b"\x80\x26"
    key = SigningKey.from_seed(SECRET[2:])
    assert multikey(key.public_key) == VECTOR["keys"]["publicKeyMultibase"]
    proof = VECTOR["signed"]["proof"]
    created = read_instant(proof["created"])
    assert created is not None
    made = with_proof(
        VECTOR["unsigned"], key.sign, method=proof["verificationMethod"], created=created
    )
    assert made == {**VECTOR["signed"], "proof": [proof]}
    assert (from_multibase(proof["proofValue"]) or b"").hex() == VECTOR["signature"]


def test_the_standards_signature_holds() -> None:
    document = VECTOR["signed"]
    [proof] = our_proofs(document)
    assert proof_holds(document, proof, PUBLIC, check_signature)
    assert not proof_holds(document, proof, OLD.public_key, check_signature)


def changes(value: Any) -> Iterator[Any]:
    """The value with one thing in it changed, for each thing in it."""
    if isinstance(value, dict):
        for key in value:
            yield {name: member for name, member in value.items() if name != key}
            for other in changes(value[key]):
                yield {**value, key: other}
        yield {**value, "more": 1}
    elif isinstance(value, list):
        for at, member in enumerate(value):
            yield [*value[:at], *value[at + 1 :]]
            for other in changes(member):
                yield [*value[:at], other, *value[at + 1 :]]
        yield [*value, "more"]
    elif isinstance(value, str):
        yield f"{value} "
        yield value[:-1]
    else:
        yield not value


@pytest.mark.parametrize("data", [json.dumps(VECTOR["signed"]).encode(), signed(credential())])
def test_whatever_is_changed_the_proof_holds_no_more(data: bytes) -> None:
    document = read_object(data)
    public = PUBLIC if b"Alumni" in data else OLD.public_key
    bare = {key: value for key, value in document.items() if key != "proof"}
    count = 0
    for changed in changes(document):
        for proof in our_proofs(changed):
            untouched = {key: value for key, value in changed.items() if key != "proof"} == bare
            if untouched and proof in our_proofs(document):
                continue  # Something was put beside the proof, or taken from beside it.
            assert not proof_holds(changed, proof, public, check_signature), changed
            count += 1
    assert count > 20


def test_order_and_spaces_do_not_matter() -> None:
    document = read_object(signed(credential()))
    turned = json.loads(json.dumps(document, sort_keys=True, indent=4))
    [proof] = our_proofs(turned)
    assert proof_holds(turned, proof, OLD.public_key, check_signature)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Ed25519Signature2020"}, {"cryptosuite": "eddsa-rdfc-2022"},
        {"proofPurpose": "authentication"}, {"verificationMethod": None}, {"proofValue": 1},
    ],
)  # fmt: skip
def test_a_proof_of_another_kind_is_none_of_ours(change: dict[str, Any]) -> None:
    document = copy.deepcopy(VECTOR["signed"])
    document["proof"].update(change)
    assert our_proofs(document) == []


@pytest.mark.parametrize("value", ["", "z", "z0", "uAAAA", "z" + "1" * 200, "z2HnF", "z\u00e9"])
def test_a_signature_that_is_none_does_not_hold(value: str) -> None:
    document = copy.deepcopy(VECTOR["signed"])
    document["proof"]["proofValue"] = value
    [proof] = our_proofs(document)
    assert not proof_holds(document, proof, PUBLIC, check_signature)
