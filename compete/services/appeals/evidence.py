"""Photos, PDFs and films put with an appeal: how many and how large, and what of them is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from compete.domain.values.messages import msg
from compete.domain.values.upload_limits import (
    LARGEST_EVIDENCE_PDF,
    LARGEST_EVIDENCE_PHOTO,
    LARGEST_FILM,
    MIB,
)
from compete.models import Account, Appeal, AppealEvidence, Entrant, db
from compete.services.appeals.film_instants import instants_in, length_words
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.sheets.films import (
    FILM,
    is_film,
    read_film,
)
from compete.services.sheets.pdf_authors import without_author
from compete.services.sheets.sent_documents import PDF, SentDocument, read_document

MOST_PDFS, MOST_FILMS, MOST_FILMS_OF_ENTRANT = 3, 2, 4
MOST_PHOTOS, MOST_AT_ONCE = 12, 6


def files_until(appeal: Appeal) -> datetime:
    """The end of the time for files; what comes later is added to the appeal (补材料)."""
    return appeal.filed_at + timedelta(minutes=settings_of(appeal.competition).appeals.file_minutes)


def is_added(row: AppealEvidence) -> bool:
    """True if it was put with an appeal that stood, and did not come with it."""
    return row.added_at > files_until(row.appeal)


def files_of(sent: Sequence[bytes], entrant: Entrant, beside: str = "") -> list[SentDocument]:
    """List the files kept; in a blind event without what a PDF says of who wrote it.

    `beside` is what was written with it: no instant of it lies after the end of a film.
    """
    if len(sent) > MOST_AT_ONCE:
        raise invalid(msg("一次最多 %(most)s 个文件", most=MOST_AT_ONCE))
    files = [_file(file, beside) for file in sent]
    require_few_pdfs(files, 0)
    if not entrant.event.blind:
        return files
    return [
        SentDocument(without_author(file.content), PDF) if file.media == PDF else file
        for file in files
    ]


def _file(sent: bytes, beside: str) -> SentDocument:
    if sent.startswith(b"%PDF-"):
        return read_document(sent, LARGEST_EVIDENCE_PDF)
    if not is_film(sent):
        return _photo(sent)
    if len(sent) > LARGEST_FILM:
        most = LARGEST_FILM // MIB
        raise Refused(msg("录像太大了，最多 %(most)s MB", most=most), kind=Refusal.TOO_LARGE)
    content, seconds = read_film(sent)
    if seconds is not None:
        for instant in instants_in(beside):
            if instant.seconds > seconds:
                raise invalid(
                    msg(
                        "录像到 %(end)s 就完了，没有 %(at)s",
                        end=length_words(int(seconds)),
                        at=length_words(instant.seconds),
                    )
                )
    return SentDocument(content, FILM)


def _photo(sent: bytes) -> SentDocument:
    try:
        return read_document(sent, LARGEST_EVIDENCE_PHOTO)
    except Refused as refused:
        if refused.kind is not Refusal.WRONG_FORMAT:
            raise
        why = msg("这不是照片、PDF 或录像（要 MP4 或 MOV），或者没传完整")
        raise Refused(why, kind=Refusal.WRONG_FORMAT) from refused


def require_few_pdfs(files: Sequence[SentDocument], there: int) -> None:
    if there + sum(file.media == PDF for file in files) > MOST_PDFS:
        raise Refused(msg("一件申诉最多 %(most)s 个 PDF", most=MOST_PDFS))


def require_few_films(files: Sequence[SentDocument], entrant: Entrant, there: int) -> None:
    """Refuse too many films, as they take room; in a unit of work that holds the competition."""
    count = sum(file.media == FILM for file in files)
    if not count:
        return
    if there + count > MOST_FILMS:
        raise Refused(msg("一件申诉最多 %(most)s 段录像", most=MOST_FILMS))
    kept = db.session.scalar(
        select(func.count())
        .select_from(AppealEvidence)
        .join(Appeal, Appeal.id == AppealEvidence.appeal_id)
        .where(Appeal.entrant_id == entrant.id, AppealEvidence.media == FILM)
    )
    if (kept or 0) + count > MOST_FILMS_OF_ENTRANT:
        raise Refused(msg("一名选手的申诉一共最多 %(most)s 段录像", most=MOST_FILMS_OF_ENTRANT))


def evidence_row(
    appeal: Appeal, words: str, file: SentDocument | None, by: Account | None
) -> AppealEvidence:
    return AppealEvidence(
        appeal_id=appeal.id,
        words=words,
        photo=file.content if file else None,
        sha256=file.sha256 if file else None,
        media=file.media if file else None,
        added_by=by.id if by else None,
    )
