"""Files of documents, sealed with the key of their row, named by the hash of what is stored.

The key stands in the document's row alone. Once the row is gone nobody reads the file, in whatever
copy of the store it still lies.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from compete.services.kernel.file_store import DOCUMENTS, StoreAwayError, store_here

_NONCE, _KEY_BITS = 12, 256


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file that was stored: the hash it is named by, and the key that opens it."""

    file: str
    key: bytes


def document_name(file: str) -> str:
    """The name in the file store of the sealed file of that hash."""
    return f"{DOCUMENTS}{file[:2]}/{file}"


def store_sealed(content: bytes, key: bytes | None = None) -> SealedFile:
    """Store a document, sealed by a new key, or by that of its row. Raises `StoreAwayError`."""
    key, nonce = key or AESGCM.generate_key(_KEY_BITS), os.urandom(_NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, content, None)
    file = hashlib.sha256(sealed).hexdigest()
    store_here().write(document_name(file), sealed)
    return SealedFile(file, key)


def read_sealed(file: str, key: bytes) -> bytes | None:
    """The document behind a sealed file; None where it is gone or another lies in its place."""
    sealed = store_here().read(document_name(file))
    if sealed is None:
        return None
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], memoryview(sealed)[_NONCE:], None)
    except (InvalidTag, ValueError):
        return None


def forget_sealed(*files: str) -> None:
    """Take sealed files away. Without their row nobody opens them: what a store that is away
    keeps is no document any more."""
    with suppress(StoreAwayError):
        for file in files:
            store_here().remove(document_name(file))
