"""Files of documents: each sealed with a key of its own, named by the hash of what is stored.

The key stands in the document's row alone. Once the row is gone nobody reads the file, in whatever
copy of the store it still lies.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from compete.services.kernel.file_store import DOCUMENTS, store_here

_NONCE, _KEY_BITS = 12, 256


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file that was stored: the hash it is named by, and the key that opens it."""

    file: str
    key: bytes


def document_name(file: str) -> str:
    """The name in the file store of the sealed file of that hash."""
    return f"{DOCUMENTS}{file[:2]}/{file}"


def store_sealed(content: bytes) -> SealedFile:
    """Store a document, sealed. Raises `StoreAwayError`."""
    key, nonce = AESGCM.generate_key(_KEY_BITS), os.urandom(_NONCE)
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
