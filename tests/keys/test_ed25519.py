"""Ed25519 keys: the vectors of RFC 8032, and keys as files."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from compete.keys.ed25519 import SigningKey, check_signature

# RFC 8032, 7.1: seed, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
        "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
        "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS)
def test_the_standards_vectors_come_out(
    seed: str, public: str, message: str, signature: str
) -> None:
    key = SigningKey.from_seed(bytes.fromhex(seed))
    text = bytes.fromhex(message)
    assert key.public_key.hex() == public
    assert key.sign(text).hex() == signature
    assert check_signature(key.public_key, text, bytes.fromhex(signature))
    assert not check_signature(key.public_key, text + b"x", bytes.fromhex(signature))
    for size in (0, 63, 65):
        assert not check_signature(key.public_key, text, bytes(size))
    assert not check_signature(b"short", text, bytes.fromhex(signature))


def test_a_key_is_kept_as_a_file_and_no_other_file_is_a_key() -> None:
    key = SigningKey.generate()
    assert SigningKey.from_pem(key.pem()).public_key == key.public_key
    assert key.public_key != SigningKey.generate().public_key
    other = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    for data in (b"", b"nothing", other, key.pem()[:-40]):
        with pytest.raises(ValueError):  # noqa: PT011
            SigningKey.from_pem(data)
    assert key.pem().decode().split("\n")[1] not in repr(key)
