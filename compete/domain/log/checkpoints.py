"""Checkpoints (C2SP tlog-checkpoint): how many leaves a log has, and the root over them, signed.

    jingsai.example/log
    184
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — jingsai.example/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurm…

Whoever has one on paper can show later that nothing before it was changed.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from compete.domain.log.hashing import HASH_BYTES
from compete.domain.log.notes import (
    KEY_ID_BYTES,
    LogTextError,
    Note,
    NoteSignature,
    VerifierKey,
    decoded,
    read_note,
    signed_note,
    who_signed,
)
from compete.domain.values.base64url import base64url, from_base64url
from compete.domain.values.hashwords import hash_phrase, hash_words
from compete.domain.values.messages import msg
from compete.domain.values.signatures import SIGNATURE_BYTES, CheckSignature, Sign

MOST_LEAVES = 2**53 - 1
"""As many as every reader of numbers keeps exactly; nobody will come near."""

LONG_WORDS = 8
"""Words that stand for 80 bits: too many for anyone to look for a second log that has them."""

_SHORT = "cp1"
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log at one moment."""

    origin: str
    """The log's name; the name its key has too."""
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Lines that other logs add; ours has none."""

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if any(not line or not line.isprintable() for line in lines):
            raise LogTextError(msg("检查点的每一行都要有字，不能有控制字符"))
        if not 0 <= self.size <= MOST_LEAVES:
            raise LogTextError(msg("检查点的条数不对：%(size)s", size=str(self.size)[:40]))
        if len(self.root) != HASH_BYTES:
            raise LogTextError(msg("检查点的根要 %(count)s 个字节", count=HASH_BYTES))

    @property
    def text(self) -> str:
        """The text that is signed: a line each, the last one ended too."""
        root = base64.b64encode(self.root).decode()
        return "\n".join((self.origin, str(self.size), root, *self.extensions)) + "\n"

    @property
    def words(self) -> str:
        """The root in four words, for comparing at a glance."""
        return hash_phrase(self.root)

    @property
    def long_words(self) -> str:
        """The root in eight words, for paper: who notes these needs no digits."""
        return " ".join(hash_words(self.root, LONG_WORDS))

    @property
    def digits(self) -> tuple[str, str, str, str]:
        """The whole root in hexadecimal, in four lines of sixteen digits."""
        text = self.root.hex()
        return text[:16], text[16:32], text[32:48], text[48:]


def signed_checkpoint(checkpoint: Checkpoint, key: VerifierKey, sign: Sign) -> str:
    """The checkpoint as a signed note."""
    return str(signed_note(checkpoint.text, key, sign))


def read_checkpoint(data: bytes) -> tuple[Checkpoint, Note]:
    """The checkpoint in a note, and the note; no signature is checked. Raises `LogTextError`."""
    note = read_note(data)
    return _from_text(note.text), note


def checked_checkpoint(
    data: bytes, keys: Iterable[VerifierKey], check: CheckSignature
) -> Checkpoint:
    """The checkpoint in a note that a key we know has signed under the log's own name.

    Raises `LogTextError` where that does not hold.
    """
    checkpoint, note = read_checkpoint(data)
    who_signed(note, [key for key in keys if key.name == checkpoint.origin], check)
    return checkpoint


def short_form(data: bytes) -> str:
    """A signed checkpoint in one line of about 180 characters, for a QR code.

    It says all that the note says; `from_short_form` gives the note back, byte
    for byte. Raises `LogTextError` for a checkpoint with lines of its own, and
    where the log itself has not signed.
    """
    checkpoint, note = read_checkpoint(data)
    own = [signature for signature in note.signatures if signature.name == checkpoint.origin]
    if checkpoint.extensions or not own:
        raise LogTextError(msg("这个检查点没有短写法"))
    root = base64url(checkpoint.root)
    signature = base64url(own[0].key_id + own[0].signature)
    return "~".join((_SHORT, str(checkpoint.size), root, signature, checkpoint.origin))


def from_short_form(text: str) -> str:
    """The signed checkpoint that a short form stands for. Raises `LogTextError`."""
    parts = text.strip().split("~", 4)
    if len(parts) != 5 or parts[0] != _SHORT:
        raise LogTextError(msg("这不是检查点的短写法"))
    _, size, root_text, signature_text, origin = parts
    root, blob = from_base64url(root_text), from_base64url(signature_text)
    if root is None or blob is None or len(blob) != KEY_ID_BYTES + SIGNATURE_BYTES:
        raise LogTextError(msg("检查点的短写法不全"))
    checkpoint = Checkpoint(origin, _size(size), root)
    signature = NoteSignature(origin, blob[:KEY_ID_BYTES], blob[KEY_ID_BYTES:])
    return str(Note(checkpoint.text, (signature,)))


def _from_text(text: str) -> Checkpoint:
    lines = text[:-1].split("\n")
    if len(lines) < 3:
        raise LogTextError(msg("检查点要有三行：哪个总账、多少条、根"))
    root = decoded(lines[2])
    if root is None:
        raise LogTextError(msg("检查点的根写得不对：%(text)s", text=lines[2][:60]))
    return Checkpoint(lines[0], _size(lines[1]), root, tuple(lines[3:]))


def _size(text: str) -> int:
    if not _SIZE.fullmatch(text):
        raise LogTextError(msg("检查点的条数不对：%(size)s", size=text[:40]))
    return int(text)
