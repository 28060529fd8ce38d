"""Status lists: a bit for each credential that still holds (W3C Bitstring Status List 1.0).

A list has 131,072 places. Who fetches it to look up one credential does not
tell us which. There are three lists for the same places:

| purpose | a set bit says |
|---|---|
| `revocation` | annulled for good; every wallet and verifier knows this one |
| `suspension` | being looked into again: 复核中; the bit may be cleared |
| `refresh` | there is another credential in its place: 已换发; `revocation` is set too |

A credential has an entry for each of the first two, so that any wallet knows what
is being looked into. Those from before had the entry of revocations alone, which
names the two others in its `statusReference`; it still does, since only we know
what `refresh` is.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from compete.domain.credentials.json_text import CredentialError, as_list, as_object
from compete.domain.values.base64url import base64url, from_base64url
from compete.domain.values.instants import instant_text
from compete.domain.values.messages import msg

PLACES = 131_072
"""The fewest places a list may have, so that one credential is lost in the crowd."""

MOST_BYTES = 4 * 1024 * 1024
"""The largest size of a list when unpacked; a packed one could hold far more."""

_GZIP = 31
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")


class Purpose(StrEnum):
    """The meaning of the bits of a list."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """The place of a credential's bits: the address of its lists, and its place in them.

    Places are given out at random, so that nobody can tell what was issued together.
    """

    lists: str
    index: int

    def address(self, purpose: Purpose) -> str:
        """The address of the list of this purpose."""
        return f"{self.lists}/{purpose.value}"

    def entries(self) -> list[dict[str, Any]]:
        """The credential's `credentialStatus`."""
        if not 0 <= self.index < PLACES:
            raise ValueError(f"a list has no place {self.index}")
        others = [self.address(Purpose.SUSPENSION), self.address(Purpose.REFRESH)]
        return [
            self._entry(Purpose.REVOCATION) | {"statusReference": others},
            self._entry(Purpose.SUSPENSION),
        ]

    def _entry(self, purpose: Purpose) -> dict[str, Any]:
        address = self.address(purpose)
        return {
            "id": f"{address}#{self.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose.value,
            "statusListIndex": str(self.index),
            "statusListCredential": address,
        }


def packed_bits(places: Iterable[int], size: int = PLACES) -> str:
    """The `encodedList` of a list with these places set. ValueError for a place it has not."""
    bits = bytearray(size // 8)
    for place in places:
        if not 0 <= place < size:
            raise ValueError(f"a list has no place {place}")
        bits[place >> 3] |= 0x80 >> (place & 7)
    return "u" + base64url(gzip.compress(bytes(bits), 9, mtime=0))


def unpacked_bits(text: Any) -> bytes:
    """The bits of an `encodedList`. Raises `CredentialError` for what is none."""
    packed = from_base64url(text[1:]) if isinstance(text, str) and text[:1] == "u" else None
    if packed is None:
        raise CredentialError(msg("状态表的编码不对"))
    unpacking = zlib.decompressobj(_GZIP)
    try:
        bits = unpacking.decompress(packed, MOST_BYTES)
    except zlib.error:
        raise CredentialError(msg("状态表的编码不对")) from None
    if not unpacking.eof or unpacking.unused_data:
        raise CredentialError(msg("状态表不全，或者太大"))
    if len(bits) * 8 < PLACES:
        raise CredentialError(msg("状态表太短，至少要 %(count)s 位", count=PLACES))
    return bits


def status_list(
    lists: str,
    purpose: Purpose,
    places: Collection[int],
    *,
    issuer: str,
    valid_from: datetime,
    valid_until: datetime | None = None,
) -> dict[str, Any]:
    """A list as a credential that is still to be signed, like any other.

    `lists` as in `StatusPlace`; `issuer` is a DID. After `valid_until` a
    verifier must fetch it anew, so an old copy can hide a revocation no longer.
    """
    address = StatusPlace(lists, 0).address(purpose)
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": instant_text(valid_from),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": packed_bits(places),
        },
    }
    if valid_until is not None:
        document["validUntil"] = instant_text(valid_until)
    return document


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """A credential's entry, as far as it is one that we can look up."""

    index: int
    address: str
    others: tuple[str, ...]


def read_entry(document: dict[str, Any]) -> StatusEntry | None:
    """A credential's place in the list of revocations and in the others; None without a status.

    Raises `CredentialError` for a status of another kind: then nobody here
    could say whether the credential still holds.
    """
    entries = as_list(document.get("credentialStatus"))
    if not entries:
        return None
    places = {
        str(entry.get("statusPurpose")): entry
        for entry in map(as_object, entries)
        if entry.get("type") == "BitstringStatusListEntry" and entry.get("statusSize", 1) == 1
    }
    main = places.pop(Purpose.REVOCATION.value, {})
    suspension = places.pop(Purpose.SUSPENSION.value, None)
    index, address = main.get("statusListIndex"), main.get("statusListCredential")
    others = as_list(main.get("statusReference"))
    if suspension is not None:
        others = [*others, suspension.get("statusListCredential")]
    if (
        places
        or len(entries) != (1 if suspension is None else 2)
        or not isinstance(index, str)
        or not _NUMBER.fullmatch(index)
        or (suspension is not None and suspension.get("statusListIndex") != index)
        or not isinstance(address, str)
        or not all(isinstance(other, str) for other in others)
    ):
        raise CredentialError(msg("证书的状态写法认不得"))
    return StatusEntry(int(index), address, tuple(dict.fromkeys(others)))


def is_set(document: dict[str, Any], index: int) -> tuple[frozenset[str], bool]:
    """The purposes of a status list, and whether the bit at a place is set.

    Whether the list is signed is not looked at. Raises `CredentialError` for
    what is no list, or has no such place.
    """
    subject = as_object(document.get("credentialSubject"))
    purposes = as_list(subject.get("statusPurpose"))
    if (
        "BitstringStatusListCredential" not in as_list(document.get("type"))
        or subject.get("type") != "BitstringStatusList"
        or subject.get("statusSize", 1) != 1
        or not all(isinstance(purpose, str) for purpose in purposes)
    ):
        raise CredentialError(msg("这不是状态表"))
    bits = unpacked_bits(subject.get("encodedList"))
    if index >= len(bits) * 8:
        raise CredentialError(msg("状态表里没有第 %(index)s 位", index=index))
    return frozenset(purposes), bool(bits[index >> 3] & 0x80 >> (index & 7))
