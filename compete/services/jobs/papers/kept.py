"""Kept papers: what jobs printed, sealed, for who asked, and no longer than an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Timer

from sqlalchemy import Select, delete, func, select

from compete.models import Account, Competition, Job, PrintedPiece, db, utc_now
from compete.services.kernel.installation import installation_here
from compete.services.kernel.transactions import unit_of_work

KEPT = timedelta(hours=1)
"""Long enough for a printer that has to be found first; then it is printed anew."""

_PIECE = 2_000_000
"""So much is written in one transaction: a judge's mark waits some milliseconds behind it."""


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file that can be fetched: `number` from 1, as many bytes, called so."""

    number: int
    size: int
    name: str


def pieces_of(content: bytes) -> list[bytes]:
    """The file in pieces of what is written at once."""
    return [content[start : start + _PIECE] for start in range(0, max(1, len(content)), _PIECE)]


def keep_piece(job_id: int, file: int, piece: int, content: bytes) -> None:
    """Keep one, in a unit of work; in place of what a try before this one had left."""
    db.session.execute(
        delete(PrintedPiece).where(
            *(PrintedPiece.job_id == job_id, PrintedPiece.file == file),
            PrintedPiece.piece >= piece,
        )
    )
    db.session.add(PrintedPiece(job_id=job_id, file=file, piece=piece, content=bytes(content)))
    db.session.flush()


def paper_files(job: Job) -> list[PaperFile]:
    """List its files that are whole and can be fetched; none once the time is over."""
    whole = (job.kept or {}).get("files", 0)
    query = (
        select(PrintedPiece.file, func.sum(func.length(PrintedPiece.content)))
        .where(
            *(PrintedPiece.job_id == job.id, PrintedPiece.file < whole),
            PrintedPiece.made_at > utc_now() - KEPT,
        )
        .group_by(PrintedPiece.file)
        .order_by(PrintedPiece.file)
    )
    return [
        PaperFile(file + 1, size, _name(job, file + 1)) for file, size in db.session.execute(query)
    ]


def papers_until(job: Job) -> datetime | None:
    """The time when the first of its files goes; None where none is left."""
    query = select(func.min(PrintedPiece.made_at)).where(PrintedPiece.job_id == job.id)
    first = db.session.scalar(query)
    return first + KEPT if first is not None else None


def paper_bytes(job: Job, number: int, by: Account) -> tuple[str, bytes] | None:
    """The name and the bytes of a file, for who asked for it; None for others and what is gone."""
    if job.made_by != by.id:
        return None
    paper = next((file for file in paper_files(job) if file.number == number), None)
    if paper is None:
        return None
    query = (
        select(PrintedPiece.content)
        .where(PrintedPiece.job_id == job.id, PrintedPiece.file == number - 1)
        .order_by(PrintedPiece.piece)
    )
    return paper.name, b"".join(db.session.scalars(query))


def forget_papers() -> None:
    """Forget papers older than may be kept, of every competition; in a unit of work."""
    db.session.execute(delete(PrintedPiece).where(PrintedPiece.made_at <= utc_now() - KEPT))


def forget_later() -> None:
    """See to it that what has just been printed goes when its time is over; returns at once."""
    here = installation_here()

    def forget() -> None:
        with here.inside(), unit_of_work():
            forget_papers()

    # Who ends before that leaves it to the next server that starts.
    timer = Timer(KEPT.total_seconds() + 1, forget)
    timer.daemon = True
    timer.start()


def forget_same(job_id: int) -> None:
    """Forget what the same person was printed of the same before; in a unit of work."""
    job = db.session.get_one(Job, job_id)
    same = select(Job.id).where(
        *(Job.competition_id == job.competition_id, Job.kind == job.kind, Job.what == job.what),
    )
    _forget(same)


def forget_papers_of(competition: Competition) -> None:
    """Forget all papers of a competition: somebody on them is to be named no more."""
    _forget(select(Job.id).where(Job.competition_id == competition.id))


def _forget(jobs: Select[tuple[int]]) -> None:
    db.session.execute(delete(PrintedPiece).where(PrintedPiece.job_id.in_(jobs)))


def _name(job: Job, number: int) -> str:
    name: str = job.arguments["filename"]
    if (job.result or {}).get("files") == 1:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem}_{number}{dot}{ending}"
