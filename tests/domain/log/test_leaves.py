"""Leaves: written in one way, tied to things by commitments, and never naming anybody."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.log.leaves import (
    CertificateLeaf,
    DossierLeaf,
    DrawLeaf,
    Leaf,
    PublicationLeaf,
    SheetLeaf,
    commitment,
    leaf_bytes,
    read_leaf,
)
from compete.domain.log.notes import LogTextError

X, Y = "1a" * 32, "2b" * 32
AT = "2022-09-16T06:00:00Z"
LEAVES: list[Leaf] = [
    SheetLeaf(
        competition="FORK-2022",
        event="FORK",
        stage="final",
        module="practical",
        sheet=X,
        content=Y,
    ),
    DrawLeaf(competition="FORK-2022", step="head", number=1, head=X, sha256=X, at=AT),
    PublicationLeaf(competition="FORK-2022", act="announce", version=1, sha256=X, at=AT),
    CertificateLeaf(competition="FORK-2022", act="issue", certificate=X, face=Y, at=AT),
    CertificateLeaf(competition="FORK-2022", act="annul", certificate=X, at=AT),
    DossierLeaf(competition="FORK-2022", number=1, sha256=X, at=AT),
    CertificateLeaf(competition="FORK-2022", act="replace", certificate=X, successor=Y, at=AT),
]
PLAIN = [json.loads(leaf_bytes(leaf)) for leaf in LEAVES]
HASHED = {"sheet", "content", "head", "sha256", "certificate", "face", "successor"}
CODES = {"format", "kind", "competition", "event", "stage", "module", "step", "act", "at"}


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: type(leaf).__name__)
def test_a_leaf_comes_back_from_its_bytes(leaf: Leaf) -> None:
    content = leaf_bytes(leaf)
    assert read_leaf(content) == leaf
    plain = json.loads(content)
    assert content == json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize("plain", PLAIN, ids=lambda plain: plain["kind"])
def test_a_leaf_has_room_for_codes_and_hashes_alone(plain: dict[str, Any]) -> None:
    for key, value in plain.items():
        assert key in HASHED | CODES | {"version", "number"}
        assert isinstance(value, int if key in ("version", "number") else str)
        assert key not in HASHED or len(value) == 64
    with pytest.raises(LogTextError):
        read_leaf(json.dumps({**plain, "name": "程国栋"}, sort_keys=True).encode())


@pytest.mark.parametrize("plain", PLAIN, ids=lambda plain: plain["kind"])
@pytest.mark.parametrize("spoiled", ["程国栋", "", "A" * 64, "1a" * 32 + "\n", None, 1.5, 0, ["x"]])
def test_nothing_else_stands_in_its_places(plain: dict[str, Any], spoiled: Any) -> None:
    for key in plain.keys() - {"competition", "event", "stage", "module"}:
        changed = json.dumps(
            {**plain, key: spoiled}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        with pytest.raises(LogTextError):
            read_leaf(changed.encode())


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"\xff", b"[" * 4000, b"[" * 100_000, b'{"kind":"sheet"}',
        leaf_bytes(LEAVES[1]) + b"\n", leaf_bytes(LEAVES[1]).replace(b":", b": ", 1),
        leaf_bytes(LEAVES[1]).replace(b'"number":1', b'"number":1.0'),
        leaf_bytes(LEAVES[1]).replace(b'{"at"', b'{"at":"2022-09-16T06:00:00Z","at"'),
    ],
)  # fmt: skip
def test_bytes_that_differ_in_any_way_are_no_leaf(content: bytes) -> None:
    with pytest.raises(LogTextError):
        read_leaf(content)


@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("issue", {}), ("issue", {"successor": X}), ("issue", {"face": X, "successor": X}),
        ("annul", {"face": X}), ("replace", {}), ("replace", {"face": X}),
    ],
)  # fmt: skip
def test_a_certificates_leaf_has_what_its_act_wants(act: Any, more: dict[str, str]) -> None:
    leaf = CertificateLeaf(competition="FORK", act=act, certificate=X, at=AT, **more)
    with pytest.raises(LogTextError):
        leaf_bytes(leaf)


def test_a_leaf_that_was_put_together_wrongly_is_not_written() -> None:
    wrong = msgspec.structs.replace(LEAVES[0], sheet="B03")
    with pytest.raises(LogTextError, match="sheet"):
        leaf_bytes(wrong)


def test_a_commitment_is_the_hash_that_is_written_down() -> None:
    salt, digest = bytes(range(32)), hashlib.sha256(b"the sheet").hexdigest()
    text = f"compete-leaf/1 signed-sheet\n{salt.hex()}\n{digest}"
    assert commitment("signed-sheet", salt, digest) == hashlib.sha256(text.encode()).hexdigest()


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_each_thing_salt_and_content_has_a_commitment_of_its_own(
    first: bytes, other: bytes
) -> None:
    made = {
        commitment(thing, salt, digest.hex())
        for thing in ("sheet", "signed-sheet", "certificate", "certificate-face")
        for salt in {first, other}
        for digest in {first, other}
    }
    assert len(made) == 4 * len({first, other}) ** 2


@pytest.mark.parametrize("salt", [b"", bytes(16), bytes(33)])
def test_a_salt_that_could_be_tried_out_is_refused(salt: bytes) -> None:
    with pytest.raises(ValueError, match="salt"):
        commitment("sheet", salt, X)


@pytest.mark.parametrize("digest", ["", "1A" * 32, "1a" * 31, X + "\n", "B03"])
def test_what_is_no_digest_is_not_committed_to(digest: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        commitment("sheet", bytes(32), digest)
