from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from cryptography.hazmat.primitives.serialization import Encoding

from compete.domain.values.hashwords import hash_words
from compete.tls import fingerprint
from compete.tls.authority import make_authority


def test_every_way_to_compare_is_of_the_same_file() -> None:
    certificate = make_authority(datetime.now(UTC)).certificate
    content = certificate.public_bytes(Encoding.DER)
    whole = hashlib.sha256(content)
    assert fingerprint.sha256(certificate).replace(" ", "") == whole.hexdigest().upper()
    assert fingerprint.sha256(certificate)[2] == " "
    lines = fingerprint.lines(certificate)
    assert [len(line) for line in lines] == [47, 47]
    assert " ".join(lines) == fingerprint.sha256(certificate)
    assert fingerprint.words(certificate) == " ".join(hash_words(whole.digest(), 8))
    sha1 = hashlib.sha1(content, usedforsecurity=False).hexdigest().upper()
    assert fingerprint.sha1(certificate).split() == [sha1[i : i + 8] for i in range(0, 40, 8)]
