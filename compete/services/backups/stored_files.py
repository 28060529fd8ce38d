"""Stored files, held against the rows that name them, and moved from one store to another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.models import (
    ApplicantDocument,
    Certificate,
    Competition,
    Dossier,
    OversightReport,
    Sheet,
    SheetPhoto,
    db,
)
from compete.services.certificates.award_faces import words_on
from compete.services.kernel.competition_settings import AwardWords, settings_of
from compete.services.kernel.file_store import (
    KEPT,
    UPLOADS,
    FileStore,
    FolderStore,
    StoreAwayError,
    store_here,
    store_of,
)
from compete.services.registration.document_files import document_name
from compete.services.registration.oversight_reports import reports_of
from compete.services.sheets.photo_files import picture_name

if TYPE_CHECKING:
    from compete.config import Config


@dataclass(slots=True)
class MovedFiles:
    """A move between stores: how many files stand in the new one, and the names left behind.

    What is `spoilt` is not what its name says: it stays where it was.
    """

    count: int = 0
    spoilt: list[str] = field(default_factory=list)


def check_files(competition: Competition) -> Iterator[tuple[str, Message]]:
    """Hold every file that the competition names against the hash beside its row.

    Where each fault lies, and what it is; one is said of a store that does not answer.
    """
    seen: dict[str, Message | None] = {}
    try:
        for place, name in _named_files(competition):
            if name not in seen:
                seen[name] = _fault_of(name)
            if (fault := seen[name]) is not None:
                yield place, fault
    except StoreAwayError as error:
        yield "-", error.message


def count_files(competition: Competition) -> int:
    """Count the files that the competition names, each once."""
    return len({name for _place, name in _named_files(competition)})


def _fault_of(name: str) -> Message | None:
    kept = store_here().read(name)
    if kept is None:
        return msg("文件不见了：%(file)s", file=name)
    if not _is_whole(name, kept):
        return msg("文件变了，不是当时的那一个：%(file)s", file=name)
    return None


def _named_files(competition: Competition) -> Iterator[tuple[str, str]]:
    """The files that rows name: where, and by which name in the store."""
    documents = (
        select(ApplicantDocument.id, ApplicantDocument.file)
        .where(ApplicantDocument.competition_id == competition.id)
        .order_by(ApplicantDocument.id)
    )
    for number, file in db.session.execute(documents):
        yield f"{ApplicantDocument.__tablename__} {number}", document_name(file)
    dossiers = (
        select(Dossier.id, Dossier.file)
        .where(Dossier.competition_id == competition.id, Dossier.file_key.is_not(None))
        .order_by(Dossier.id)
    )
    for number, file in db.session.execute(dossiers):
        yield f"{Dossier.__tablename__} {number}", document_name(file)
    for report in reports_of(competition):
        for photo in report.photos:
            yield f"{OversightReport.__tablename__} {report.id}", document_name(photo["file"])
    for place, sha256 in _named_pictures(competition):
        yield place, picture_name(sha256)


def _named_pictures(competition: Competition) -> Iterator[tuple[str, str]]:
    """The pictures that rows name: where, and by which hash."""
    photos = (
        select(SheetPhoto.id, SheetPhoto.sha256)
        .join(Sheet, Sheet.id == SheetPhoto.sheet_id)
        .where(Sheet.competition_id == competition.id)
        .order_by(SheetPhoto.id)
    )
    for number, sha256 in db.session.execute(photos):
        yield f"{SheetPhoto.__tablename__} {number}", sha256
    settings = settings_of(competition)
    for words in (settings.award_words, *(style.words for style in settings.award_styles)):
        yield from (("award_words", sha256) for sha256 in _emblems_in(words))
    faces = (
        select(Certificate.id, Certificate.face)
        .where(Certificate.competition_id == competition.id)
        .order_by(Certificate.id)
    )
    for number, face in db.session.execute(faces):
        for sha256 in _emblems_in(words_on(face)):
            yield f"{Certificate.__tablename__} {number}", sha256


def _emblems_in(words: AwardWords) -> Iterator[str]:
    yield from filter(None, (words.emblem, words.second))


def move_files(source: FileStore, target: FileStore, *, clear: bool = False) -> MovedFiles:
    """Put every file of one store into another, each read back; what is there is left.

    With `clear` a file is taken from the source once it stands in the target. Broken off, it
    can be done once more. Raises `StoreAwayError`.
    """
    moved = MovedFiles()
    for folder in (*KEPT, UPLOADS):
        for file in source.files(folder):
            data = source.read(file.name)
            if data is None:
                continue
            if folder in KEPT and not _is_whole(file.name, data):
                moved.spoilt.append(file.name)
                continue
            if target.read(file.name) != data:
                _write_and_read(target, file.name, data)
            if clear:
                source.remove(file.name)
            moved.count += 1
    return moved


def _write_and_read(store: FileStore, name: str, data: bytes) -> None:
    """Write a file and read it back. Raises `StoreAwayError` where it comes back another."""
    store.write(name, data)
    if store.read(name) != data:
        raise StoreAwayError(msg("写进去的 %(file)s 读出来不一样", file=name))


def carry_over(config: Config) -> MovedFiles:
    """Move into the file store what still stands in the data folder of before there was one."""
    if not config.files_url:
        return MovedFiles()
    return move_files(FolderStore(config.data_dir), store_of(config), clear=True)


def _is_whole(name: str, data: bytes) -> bool:
    """True if a file is what its name says."""
    return hashlib.sha256(data).hexdigest() == PurePosixPath(name).stem


def store_doubts(config: Config) -> Iterator[Message]:
    """Whether the file store answers and takes a file, and what has not come into it yet."""
    if not config.files_url:
        return
    trial = f"{UPLOADS}trial/{hashlib.sha256(str(config.data_dir).encode()).hexdigest()[:16]}"
    try:
        store = store_of(config)
        try:
            _write_and_read(store, trial, b"compete")
        finally:
            store.remove(trial)
    except StoreAwayError as error:
        yield error.message
    here = FolderStore(config.data_dir)
    left = sum(1 for folder in KEPT for _file in here.files(folder))
    if left:
        yield msg("数据文件夹里还有 %(n)s 个照片文件没有进文件库，请运行：compete verify", n=left)
