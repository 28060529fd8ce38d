"""Status lists: the first place is the leftmost bit, and bombs do not go off."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.credentials.json_text import CredentialError
from compete.domain.credentials.status_lists import (
    MOST_BYTES,
    PLACES,
    Purpose,
    StatusPlace,
    is_set,
    packed_bits,
    read_entry,
    unpacked_bits,
)
from compete.domain.values.base64url import base64url
from tests.domain.credentials.issued import LISTS, bits

# The example of the standard: a list without a set bit.
EMPTY = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def packed(data: bytes) -> str:
    return "u" + base64url(gzip.compress(data, mtime=0))


def test_the_standards_example_is_read() -> None:
    assert unpacked_bits(EMPTY) == bytes(PLACES // 8)


@settings(max_examples=30)
@given(st.sets(st.integers(0, PLACES - 1), max_size=40))
def test_the_places_that_were_set_are_set_and_no_other(places: set[int]) -> None:
    bit_bytes = unpacked_bits(packed_bits(places))
    number = int.from_bytes(bit_bytes, "big")
    assert number.bit_count() == len(places)
    assert all(number >> (PLACES - 1 - place) & 1 for place in places)
    document = bits(Purpose.REVOCATION, places)
    for place in [*places, 0, 1, PLACES - 1]:
        assert is_set(document, place) == (frozenset({"revocation"}), place in places)


def test_a_list_with_few_set_bits_is_small() -> None:
    assert len(packed_bits(range(0, PLACES, 1000))) < 2000
    assert packed_bits([0]) == packed_bits([0])
    assert unpacked_bits(packed_bits([0]))[0] == 0x80
    for place in (-1, PLACES):
        with pytest.raises(ValueError, match="no place"):
            packed_bits([place])
        with pytest.raises(ValueError, match="no place"):
            StatusPlace(LISTS, place).entries()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "编码"), ("", "编码"), (EMPTY[1:], "编码"), ("u", "编码|不全"), ("u!", "编码"),
        ("uAAAA", "编码"), (EMPTY[:-8], "编码|不全"), (EMPTY + "AAAA", "编码|不全"),
        (packed(bytes(PLACES // 8 - 1)), "太短"), (packed(bytes(MOST_BYTES + 1)), "太大"),
        ("u" + base64url(gzip.compress(bytes(PLACES // 8), mtime=0) * 2), "不全"),
    ],
    ids=lambda value: str(value)[:12],
)  # fmt: skip
def test_what_is_no_list_is_refused(text: object, why: str) -> None:
    with pytest.raises(CredentialError, match=why):
        unpacked_bits(text)


@pytest.mark.parametrize(
    "change",
    [
        {"type": ["VerifiableCredential"]},
        {"credentialSubject": None},
        {"credentialSubject": {"type": "StatusList2021"}},
        {"credentialSubject": {"type": "BitstringStatusList", "statusPurpose": [1]}},
        {"credentialSubject": {"type": "BitstringStatusList", "statusSize": 2}},
    ],
)
def test_another_document_is_no_list(change: dict[str, object]) -> None:
    with pytest.raises(CredentialError, match="不是状态表"):
        is_set({**bits(Purpose.REVOCATION), **change}, 0)


def test_a_place_beyond_the_end_is_refused() -> None:
    with pytest.raises(CredentialError, match="没有第"):
        is_set(bits(Purpose.REVOCATION), PLACES)


def test_a_credential_names_the_lists_of_revocations_and_suspensions() -> None:
    entry, suspension = StatusPlace(LISTS, 7).entries()
    entry_read = read_entry({"credentialStatus": [entry, suspension]})
    assert entry_read is not None
    assert (entry_read.index, entry_read.address) == (7, f"{LISTS}/revocation")
    assert entry_read.others == (f"{LISTS}/suspension", f"{LISTS}/refresh")
    assert entry["id"] != entry["statusListCredential"]
    assert (suspension["statusPurpose"], suspension["statusListIndex"]) == ("suspension", "7")
    assert suspension["statusListCredential"] == f"{LISTS}/suspension"
    # Those from before had one entry, as an object.
    for old in (entry, [entry]):
        assert read_entry({"credentialStatus": old}) == entry_read
    assert read_entry({}) is None


@pytest.mark.parametrize(
    "change",
    [
        {"type": "1EdTechRevocationList"}, {"statusPurpose": "message"}, {"statusSize": 2},
        {"statusListIndex": 7}, {"statusListIndex": "-1"}, {"statusListIndex": "07"},
        {"statusListIndex": "７"}, {"statusListCredential": None}, {"statusReference": [1]},
    ],
)  # fmt: skip
def test_a_status_that_we_cannot_look_up_is_said_to_be_so(change: dict[str, object]) -> None:
    entry, suspension = StatusPlace(LISTS, 7).entries()
    wrong = (
        {**entry, **change}, [{**entry, **change}, suspension], [entry, entry], suspension,
        [entry, {**suspension, "statusListIndex": "8"}], [entry, suspension, suspension],
        [entry, {**suspension, "statusPurpose": "message"}],
    )  # fmt: skip
    for status in wrong:
        with pytest.raises(CredentialError, match="认不得"):
            read_entry({"credentialStatus": status})
