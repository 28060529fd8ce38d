"""A long paper is printed by a job, part by part; its files are for who asked, for an hour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from compete.documents.press import PressBrokenError
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import msg
from compete.domain.values.states import JobState
from compete.models import Account, Competition, Entrant, Job, PrintedPiece, db, utc_now
from compete.services.accounts.accounts import create_account
from compete.services.competitions.erasure_requests import erase_person
from compete.services.jobs import queue
from compete.services.jobs.papers import kept, kinds, printing
from compete.services.jobs.papers.kept import (
    KEPT,
    forget_papers,
    paper_bytes,
    paper_files,
    papers_until,
)
from compete.services.jobs.papers.kinds import Asked, Wish, printed_as
from compete.services.jobs.papers.printing import print_or_ask
from compete.services.jobs.queue import job_error, stop_job
from compete.services.jobs.running import do_next
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work

KIND = "test.numbers"
ROWS = list(range(7))


class KilledError(SystemExit):
    """The process ends here."""


@pytest.fixture(autouse=True)
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody begins by himself, and what is printed is set here: the test takes the turns."""
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    monkeypatch.setattr(printing, "forget_later", lambda: None)
    monkeypatch.setattr(kept, "_PIECE", 4)


@pytest.fixture
def printed() -> Iterator[list[Sequence[int]]]:
    """A paper of seven lines, three in a file: which were printed in one go."""
    done: list[Sequence[int]] = []

    @printed_as(KIND, at_once=3, portion=3, keys=lambda asked: ROWS[: int(asked.of["many"])])
    def make(asked: Asked, rows: Sequence[int]) -> bytes:
        done.append(rows)
        return PrintedFile(asked.translate("打印").encode() + repr(list(rows)).encode())

    yield done
    del kinds._KINDS[KIND]


def ask(competition: Competition, by: Account, many: int = 7, language: str = "zh") -> bytes | Job:
    wish = Wish(KIND, language, "名单.pdf", "https://ours.example", {"many": str(many)})
    return print_or_ask(competition, wish, by)


def job_of(competition: Competition, by: Account, language: str = "zh") -> Job:
    made = ask(competition, by, language=language)
    assert isinstance(made, Job)
    return made


def again(job: Job) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job.id, populate_existing=True)


def pieces() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(PrintedPiece)).one()


def test_what_is_short_is_printed_at_once_and_leaves_nothing(
    fresh: Competition, organiser: Account, printed: list[Sequence[int]]
) -> None:
    assert ask(fresh, organiser, 3) == "打印[0, 1, 2]".encode()
    assert ask(fresh, organiser, 0) == "打印[]".encode()
    assert pieces() == 0
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


def test_what_is_long_comes_in_files_for_who_asked(
    fresh: Competition, organiser: Account, printed: list[Sequence[int]]
) -> None:
    job = job_of(fresh, organiser)
    assert job_of(fresh, organiser).id == job.id
    other = create_account("别人")
    assert job_of(fresh, other).id != job.id
    assert do_next(fresh.id)
    job = again(job)
    assert (job.state, job.done, job.total) == (JobState.DONE, 7, 7)
    assert [*map(list, printed)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [file.name for file in paper_files(job)] == ["名单_1.pdf", "名单_2.pdf", "名单_3.pdf"]
    assert paper_bytes(job, 2, organiser) == ("名单_2.pdf", "打印[3, 4, 5]".encode())
    assert paper_bytes(job, 2, other) is None
    assert paper_bytes(job, 4, organiser) is None
    # What names people lies sealed.
    raw = db.session.connection().exec_driver_sql("SELECT content FROM printed_piece").scalars()
    assert all("打".encode() not in bytes(content) for content in raw)


def test_in_the_language_of_who_asked(
    fresh: Competition, organiser: Account, printed: list[Sequence[int]]
) -> None:
    job = job_of(fresh, organiser, "en")
    assert do_next(fresh.id)
    paper = paper_bytes(again(job), 3, organiser)
    assert paper is not None
    assert paper[1].startswith(b"Print")


def test_what_was_killed_goes_on_with_the_file_it_was_at(
    fresh: Competition,
    organiser: Account,
    printed: list[Sequence[int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = job_of(fresh, organiser)
    plain, deaths = kept.keep_piece, [(1, 2)]

    def dying(job_id: int, file: int, piece: int, content: bytes) -> None:
        plain(job_id, file, piece, content)
        if (file, piece) in deaths:
            deaths.clear()
            raise KilledError

    monkeypatch.setattr(printing, "keep_piece", dying)
    with pytest.raises(KilledError):
        do_next(fresh.id)
    # The first is whole and can be opened already; of the second there are two pieces.
    assert [file.number for file in paper_files(again(job))] == [1]
    assert do_next(fresh.id)
    assert [*map(list, printed)] == [[0, 1, 2], [3, 4, 5], [3, 4, 5], [6]]
    assert paper_bytes(again(job), 2, organiser) == ("名单_2.pdf", "打印[3, 4, 5]".encode())


def test_what_is_stopped_prints_no_more_and_keeps_what_is_whole(
    fresh: Competition,
    organiser: Account,
    printed: list[Sequence[int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = job_of(fresh, organiser)
    plain = kinds._KINDS[KIND].make

    def stopping(asked: Asked, rows: Sequence[int]) -> bytes:
        if rows[0] == 3:
            stop_job(again(job), organiser)
        return plain(asked, rows)

    monkeypatch.setitem(kinds._KINDS, KIND, replace(kinds._KINDS[KIND], make=stopping))
    assert do_next(fresh.id)
    assert again(job).state is JobState.STOPPED
    assert [*map(list, printed)] == [[0, 1, 2], [3, 4, 5]]
    assert [file.number for file in paper_files(job)] == [1]


def test_it_is_gone_after_an_hour_and_when_printed_again(
    fresh: Competition, organiser: Account, printed: list[Sequence[int]]
) -> None:
    job = job_of(fresh, organiser)
    assert do_next(fresh.id)
    first = pieces()
    until = papers_until(again(job))
    assert until is not None
    assert utc_now() < until <= utc_now() + KEPT
    second = job_of(fresh, organiser)
    assert second.id != job.id
    assert do_next(fresh.id)
    assert pieces() == first
    assert paper_files(again(job)) == []
    with unit_of_work() as session:
        session.execute(update(PrintedPiece).values(made_at=utc_now() - KEPT))
    # Not to be had any more, even before somebody has cleared up.
    assert paper_bytes(again(second), 1, organiser) is None
    with unit_of_work():
        forget_papers()
    assert pieces() == 0
    assert papers_until(again(second)) is None


def test_nothing_younger_is_cleared_away(
    fresh: Competition, organiser: Account, printed: list[Sequence[int]]
) -> None:
    job = job_of(fresh, organiser)
    assert do_next(fresh.id)
    with unit_of_work() as session:
        nearly = utc_now() - KEPT + timedelta(minutes=1)
        session.execute(update(PrintedPiece).values(made_at=nearly))
        forget_papers()
    assert len(paper_files(again(job))) == 3


def test_what_cannot_be_printed_says_why(
    fresh: Competition,
    organiser: Account,
    printed: list[Sequence[int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = Refused(msg("还没有证书，先发证"))
    for refusal, words in ((known, "先发证"), (PressBrokenError(), "内存")):

        def failing(_asked: Asked, _rows: Sequence[int], why: Exception = refusal) -> bytes:
            raise why

        monkeypatch.setitem(kinds._KINDS, KIND, replace(kinds._KINDS[KIND], make=failing))
        job = job_of(fresh, organiser)
        assert do_next(fresh.id)
        assert again(job).state is JobState.FAILED
        assert words in str(job_error(job))


def test_whoever_is_erased_stands_on_none_that_waits(
    fresh: Competition, organiser: Account, printed: list[Sequence[int]]
) -> None:
    job_of(fresh, organiser)
    assert do_next(fresh.id)
    assert pieces() > 0
    with unit_of_work():
        person = db.session.scalars(select(Entrant).limit(1)).one()
        erase_person(person, "本人要求", organiser)
    assert pieces() == 0
