"""The file of a dossier: papers in a zip with a manifest, and its check from outside.

The manifest is canonical JSON and names every file with its size and SHA-256. The same papers give
the same file to the byte, but for when it was made.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from compete.domain.values.canonical import canonical_json
from compete.domain.values.instants import instant_text
from compete.domain.values.messages import Message, ToldError, msg

FORMAT = "compete-dossier/1"
MANIFEST, CONTENTS = "manifest.json", "目录.txt"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o644 << 16
_MOST_MANIFEST = 64 * 1024 * 1024
_READ = 1024 * 1024


class DossierFileError(ToldError):
    """Error: what was given is no dossier."""


class Entry(msgspec.Struct, frozen=True):
    """A file of a dossier."""

    name: str
    title: str
    size: int
    sha256: str


class Lacking(msgspec.Struct, frozen=True):
    """A paper that a dossier does not hold, and why."""

    name: str
    title: str
    why: str


class Head(msgspec.Struct, frozen=True):
    """Whose dossier it is: which number, up to which record of the competition's chain."""

    code: str
    name: str
    kind: str
    number: int
    records: int
    head: str
    made_at: str
    made_by: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The list of contents."""

    format: str
    of: Head
    files: tuple[Entry, ...]
    lacking: tuple[Lacking, ...]


@dataclass(slots=True)
class Packing:
    """A dossier that is being put together."""

    out: io.BytesIO
    book: zipfile.ZipFile
    files: list[Entry] = field(default_factory=list)
    lacking: list[Lacking] = field(default_factory=list)

    def add(self, name: str, title: str, content: bytes) -> None:
        """Add a file."""
        self._write(name, content)
        sha256 = hashlib.sha256(content).hexdigest()
        self.files.append(Entry(name, title, len(content), sha256))

    def lacks(self, name: str, title: str, why: str) -> None:
        """Say that a paper is not in it, and why."""
        self.lacking.append(Lacking(name, title, why))

    def closed(self, head: Head, contents: Sequence[str]) -> tuple[bytes, bytes]:
        """Add the list for people and the manifest; the whole file, and the manifest's text."""
        self.add(CONTENTS, CONTENTS, "\n".join((*contents, "")).encode())
        manifest = Manifest(FORMAT, head, tuple(self.files), tuple(self.lacking))
        text = canonical_json(msgspec.to_builtins(manifest))
        self._write(MANIFEST, text)
        self.book.close()
        return self.out.getvalue(), text

    def _write(self, name: str, content: bytes) -> None:
        info = zipfile.ZipInfo(name, _ZIP_TIME)
        info.external_attr = _PLAIN_FILE
        # What is packed already only costs time.
        packed = name.endswith((".pdf", ".xlsx"))
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        self.book.writestr(info, content)


def new_packing() -> Packing:
    """An empty dossier to put papers into."""
    out = io.BytesIO()
    return Packing(out, zipfile.ZipFile(out, "w"))


def head_of(
    code: str, name: str, kind: str, number: int, *, records: int, head: str, at: datetime, by: str
) -> Head:
    """The head of a manifest."""
    return Head(code, name, kind, number, records, head, instant_text(at), by)


@dataclass(frozen=True, slots=True)
class CheckedDossier:
    """A dossier as it was found: its manifest, the manifest's hash, and what does not fit."""

    manifest: Manifest
    sha256: str
    faults: Sequence[Message]


def check_dossier(path: Path) -> CheckedDossier:
    """Hold every file of a dossier against its manifest. Raises `DossierFileError` for no dossier.

    Read a piece at a time, so that no file in it, however large it claims to be, fills the memory.
    """
    try:
        with zipfile.ZipFile(path) as book:
            text = _manifest_text(book)
            manifest = msgspec.json.decode(text, type=Manifest)
            if manifest.format != FORMAT:
                raise DossierFileError(msg("不是档案：格式是 %(it)s", it=manifest.format[:40]))
            faults = list(_faults(book, manifest))
            if canonical_json(msgspec.to_builtins(manifest)) != text:
                faults.append(msg("%(name)s 不是规定的写法，改过了", name=MANIFEST))
    except DossierFileError:
        raise
    except (zipfile.BadZipFile, msgspec.MsgspecError, NotImplementedError, RuntimeError) as error:
        raise DossierFileError(msg("不是档案，或者坏了：%(why)s", why=str(error))) from None
    return CheckedDossier(manifest, hashlib.sha256(text).hexdigest(), faults)


def _manifest_text(book: zipfile.ZipFile) -> bytes:
    infos = [info for info in book.infolist() if info.filename == MANIFEST]
    if len(infos) != 1:
        raise DossierFileError(msg("不是档案：里面没有 %(name)s", name=MANIFEST))
    with book.open(infos[0]) as file:
        text = file.read(_MOST_MANIFEST + 1)
    if len(text) > _MOST_MANIFEST:
        raise DossierFileError(msg("不是档案：%(name)s 太大", name=MANIFEST))
    return text


def _faults(book: zipfile.ZipFile, manifest: Manifest) -> Iterator[Message]:
    there: dict[str, list[zipfile.ZipInfo]] = {}
    for info in book.infolist():
        there.setdefault(info.filename, []).append(info)
    there.pop(MANIFEST, None)
    for entry in manifest.files:
        infos = there.pop(entry.name, [])
        if not infos:
            yield msg("少了：%(name)s", name=entry.name)
        elif len(infos) > 1:
            yield msg("有两个同名的：%(name)s", name=entry.name)
        elif not _is_whole(book, infos[0], entry):
            yield msg("和清单对不上：%(name)s", name=entry.name)
    for name in there:
        yield msg("清单里没有：%(name)s", name=name)


def _is_whole(book: zipfile.ZipFile, info: zipfile.ZipInfo, entry: Entry) -> bool:
    digest, size = hashlib.sha256(), 0
    try:
        with book.open(info) as file:
            while piece := file.read(_READ):
                digest.update(piece)
                size += len(piece)
                if size > entry.size:
                    return False
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError):
        return False
    return size == entry.size and digest.hexdigest() == entry.sha256
