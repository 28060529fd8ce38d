"""Leaves of the log: canonical JSON (RFC 8785) that fixes a thing and names nobody.

A leaf can't be taken back, so it holds nothing that anybody could want taken
back: no name, no code of a contestant or judge, no certificate number, no mark.
Where it must be tied to such a thing it holds a commitment: the hash of a
random salt and of the thing's own hash. Whoever has the salt and the thing can
show that they belong together; whoever has not learns nothing, not even by
trying all names or marks.

| kind | is added when | is tied to |
|---|---|---|
| `sheet` | a judge signs a sheet | the sheet, what was signed |
| `draw` | a ceremony comes a step further | hashes that the ceremony publishes |
| `publication` | a version of the results is announced or withdrawn | the published hash |
| `certificate` | a certificate is issued, annulled or replaced | its number, its face |
| `dossier` | a dossier is made for an inspection | its manifest |
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from compete.domain.log.notes import LogTextError
from compete.domain.values.canonical import canonical_json
from compete.domain.values.messages import msg

FORMAT: Literal["compete-leaf/1"] = "compete-leaf/1"
SALT_BYTES = 32
MOST_BYTES = 4096

Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""SHA-256 in lower-case hexadecimal."""

Instant = Annotated[str, Meta(pattern=r"^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z\Z")]
"""A second of UTC, `2022-09-16T06:00:00Z`; `instants.instant_text` writes it."""

Label = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+\Z")]
"""A code that the rules give: of a competition, an event, a stage or a module."""

Number = Annotated[int, Meta(ge=1, le=10**9)]

Thing = Literal["sheet", "signed-sheet", "certificate", "certificate-face"]
"""The things that a commitment may be made to."""


class _Leaf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal["compete-leaf/1"] = FORMAT
    competition: Label


class SheetLeaf(_Leaf, frozen=True, kw_only=True, tag_field="kind", tag="sheet"):
    """A leaf: a judge signed a sheet. Signed anew it is another leaf with the same `sheet`."""

    event: Label
    stage: Label
    module: Label
    sheet: Digest
    """Commitment to the sheet: the same for all signatures under it."""
    content: Digest
    """Commitment to what was signed."""


class DrawLeaf(_Leaf, frozen=True, kw_only=True, tag_field="kind", tag="draw"):
    """A leaf: a step of a ceremony, with the hash that the ceremony publishes at it."""

    step: Literal["head", "opening", "openings", "result"]
    number: Number
    """The number of the ceremony for the same thing, counted from 1."""
    head: Digest
    sha256: Digest
    """head: the head; opening: the seal that was opened; openings; result: the whole file."""
    at: Instant


class PublicationLeaf(_Leaf, frozen=True, kw_only=True, tag_field="kind", tag="publication"):
    """A leaf: a version of the results was announced, or withdrawn."""

    act: Literal["announce", "withdraw"]
    version: Number
    sha256: Digest
    """The hash that stands on the notice."""
    at: Instant


class CertificateLeaf(_Leaf, frozen=True, kw_only=True, tag_field="kind", tag="certificate"):
    """A leaf: a certificate was issued, annulled, or replaced by another."""

    act: Literal["issue", "annul", "replace"]
    certificate: Digest
    """Commitment to its number: the same in all leaves about it."""
    face: Digest | UnsetType = UNSET
    """Commitment to all that is printed on it; when it is issued."""
    successor: Digest | UnsetType = UNSET
    """The other certificate's commitment; when it is replaced."""
    at: Instant


class DossierLeaf(_Leaf, frozen=True, kw_only=True, tag_field="kind", tag="dossier"):
    """A leaf: a dossier was made of all that an inspection asks for."""

    number: Number
    sha256: Digest
    """The hash of its manifest, which names every file in it: it tells nobody what they say."""
    at: Instant


Leaf = SheetLeaf | DrawLeaf | PublicationLeaf | CertificateLeaf | DossierLeaf

_DECODER: msgspec.json.Decoder[Leaf] = msgspec.json.Decoder(Leaf)
_PLACE = re.compile(r"at `\$\.?([^`]+)`$")


def commitment(thing: Thing, salt: bytes, digest: str) -> str:
    """The hash in a leaf: SHA-256 of the lines `compete-leaf/1 thing`, salt, digest.

    `salt` is 32 random bytes, kept with the thing and shown to whoever may see
    it; `digest` is the thing's own SHA-256 in hexadecimal. Both are hashed in
    lower-case hexadecimal. Raises ValueError for a salt of another length, and
    for a digest that is none.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise ValueError("a digest has 64 digits")
    return hashlib.sha256(f"{FORMAT} {thing}\n{salt.hex()}\n{digest}".encode()).hexdigest()


def leaf_bytes(leaf: Leaf) -> bytes:
    """The leaf as it stands in the log. Raises `LogTextError` for one that may not stand there."""
    content = canonical_json(msgspec.to_builtins(leaf))
    read_leaf(content)
    return content


def read_leaf(content: bytes) -> Leaf:
    """Read a leaf from bytes. Raises `LogTextError` where they are none of ours, to the byte."""
    if len(content) > MOST_BYTES:
        raise LogTextError(msg("总账里的一条最多 %(most)s 个字节", most=MOST_BYTES))
    try:
        leaf = _DECODER.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        place = _PLACE.search(str(error))
        where = place[1] if place else "JSON"
        raise LogTextError(msg("总账里的这一条读不懂，%(where)s 不对", where=where)) from None
    if canonical_json(msgspec.to_builtins(leaf)) != content:
        raise LogTextError(msg("总账里的这一条不是规定的写法"))
    _check(leaf)
    return leaf


def _check(leaf: Leaf) -> None:
    """Check the keys of a certificate's leaf: those its act must have, and must not."""
    if isinstance(leaf, CertificateLeaf):
        wanted = (leaf.act == "issue", leaf.act == "replace")
        if (leaf.face is not UNSET, leaf.successor is not UNSET) != wanted:
            raise LogTextError(msg("总账里的这一条不是规定的写法"))
