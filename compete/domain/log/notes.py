"""Signed notes (C2SP signed-note): a text, and under it who signed it, by Ed25519.

    — jingsai.example/log Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi…

A note says nothing until one of its signatures was checked with a key that the
reader has from elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from compete.domain.values.messages import ToldError, msg
from compete.domain.values.signatures import KEY_BYTES, CheckSignature, Sign

KEY_ID_BYTES = 4
MOST_SIGNATURES = 100

_DASH = "\u2014 "
_ED25519 = b"\x01"


class LogTextError(ToldError, ValueError):
    """Error: a note, checkpoint, key, leaf or proof is none, or does not hold; see `message`."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name of its holder, who signs under that name."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(not _plain(sign) for sign in self.name):
            raise LogTextError(
                msg("钥匙名“%(name)s”不能是空的，也不能有空格和加号", name=self.name[:40])
            )
        if len(self.public_key) != KEY_BYTES:
            raise LogTextError(msg("公钥要 %(count)s 个字节", count=KEY_BYTES))

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart; no protection against anything."""
        text = self.name.encode() + b"\n" + _ED25519 + self.public_key
        return hashlib.sha256(text).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        encoded = base64.b64encode(_ED25519 + self.public_key).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """The key that `str()` wrote. Raises `LogTextError`."""
        name, _, rest = text.strip().partition("+")
        id_text, _, encoded = rest.partition("+")
        material = decoded(encoded)
        if material is None or material[:1] != _ED25519:
            raise LogTextError(msg("不是 Ed25519 公钥：%(text)s", text=text.strip()[:60]))
        key = cls(name, material[1:])
        if key.id.hex() != id_text:
            raise LogTextError(msg("公钥抄错了：编号应是 %(id)s", id=key.id.hex()))
        return key


class NoteSignature(NamedTuple):
    """One line under a note."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a line break, and the signatures under it."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"


def signed_note(text: str, key: VerifierKey, sign: Sign) -> Note:
    """The text with one signature, by whoever holds the private half of `key`."""
    return Note(text, (NoteSignature(key.name, key.id, sign(text.encode())),))


def read_note(data: bytes) -> Note:
    """The note in these bytes; its signatures are not checked. Raises `LogTextError`."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise LogTextError(msg("这段文字不是 UTF-8")) from None
    body, separator, lines = text.rpartition("\n\n")
    if (
        not separator
        or not lines.endswith("\n")
        or any(sign < " " and sign != "\n" for sign in text)
    ):
        raise LogTextError(msg("这不是签名的文字：要有正文、空行和签名行"))
    rows = lines[:-1].split("\n")
    if len(rows) > MOST_SIGNATURES:
        raise LogTextError(msg("签名最多 %(most)s 行", most=MOST_SIGNATURES))
    return Note(body + "\n", tuple(_signature(row) for row in rows))


def who_signed(
    note: Note, keys: Iterable[VerifierKey], check: CheckSignature
) -> tuple[VerifierKey, ...]:
    """Find which of the keys we know signed a note. Signatures by others are passed over.

    Raises `LogTextError` where nobody known signed it, and where a signature
    that bears a known key's name does not fit.
    """
    known = {(key.name, key.id): key for key in keys}
    signers: list[VerifierKey] = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not check(key.public_key, note.text.encode(), signature.signature):
            raise LogTextError(msg("%(name)s 的签名对不上", name=key.name))
        if key not in signers:
            signers.append(key)
    if not signers:
        raise LogTextError(msg("没有一个签名是认得的钥匙签的"))
    return tuple(signers)


def decoded(text: str) -> bytes | None:
    """The bytes of base64 written in the one right way; None for anything else."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if base64.b64encode(content).decode() == text else None


def _signature(row: str) -> NoteSignature:
    dash, name, rest = row[: len(_DASH)], *row[len(_DASH) :].partition(" ")[::2]
    blob = decoded(rest)
    if dash != _DASH or not name or blob is None or len(blob) <= KEY_ID_BYTES:
        raise LogTextError(msg("签名行写得不对：%(row)s", row=row[:60]))
    return NoteSignature(name, blob[:KEY_ID_BYTES], blob[KEY_ID_BYTES:])


def _plain(character: str) -> bool:
    return not character.isspace() and character.isprintable()
