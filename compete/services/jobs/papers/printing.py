"""Printing: at once where that is soon done, else by a job, file by file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial

from compete.documents.press import PressBrokenError, beside, set_by
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Message, msg
from compete.language import translator_for
from compete.models import Account, Competition, Job
from compete.services.jobs.papers.kept import (
    forget_later,
    forget_papers,
    forget_same,
    keep_piece,
    pieces_of,
)
from compete.services.jobs.papers.kinds import Asked, Paper, Wish, paper_kinds
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.installation import reached_at
from compete.services.kernel.refusal import Refused

PRINT = "papers.print"


def print_or_ask(competition: Competition, wish: Wish, by: Account) -> bytes | Job:
    """The paper, or the job that prints it; whoever asks twice gets the job that is open.

    Raises `Refused` in either case for what cannot be printed.
    """
    paper = paper_kinds()[wish.kind]
    asked = _asked_of(wish, competition, by)
    keys = paper.keys(asked)
    if paper.lines(asked, keys) <= paper.at_once:
        return paper.make(asked, keys)
    # A file is for who asked for it: another one's wish is another job.
    thing = [wish.kind, wish.language, dict(wish.of), by.id]
    what = json.dumps(thing, ensure_ascii=False, sort_keys=True)
    return ask_for(competition, PRINT, by, what, asdict(wish), still=lambda _competition: None)


@work_for(PRINT)
def _print(run: Run) -> None:
    wish = Wish(**run.arguments)
    paper = paper_kinds()[wish.kind]
    run.step(msg("读出要印的"))
    keys: list[int] = run.kept.get("keys") or list(
        paper.keys(_asked_of(wish, run.competition, run.by))
    )
    parts = _parts(paper, keys)
    done, marked = run.kept.get("files", 0), run.kept.get("marked", 0)
    if not done:
        with run.writing():
            forget_papers()
            forget_same(run.job_id)
            run.keep(0, keys=keys, files=0, marked=0)
    for number, part in list(enumerate(parts))[done:]:
        # Every wait looks whether somebody has said that it is not wanted any more.
        still = partial(run.step, _setting(number, parts), sum(map(len, parts[:number])), len(keys))
        still()
        content = _print_part(paper, run, part, still)
        marked += len(content.left_out) if isinstance(content, PrintedFile) else 0
        pieces = pieces_of(content)
        for place, piece in enumerate(pieces):
            with run.writing():
                keep_piece(run.job_id, number, place, piece)
                if place == len(pieces) - 1:
                    kept = {"keys": keys, "files": number + 1, "marked": marked}
                    run.keep(sum(map(len, parts[: number + 1])), **kept)
    with run.writing():
        run.finish(files=len(parts), rows=len(keys), marked=marked)
    forget_later()


def _print_part(paper: Paper, run: Run, part: Sequence[int], still: Callable[[], object]) -> bytes:
    wish = Wish(**run.arguments)
    try:
        with set_by(beside(still)), reached_at(wish.site):
            return paper.make(_asked_of(wish, run.competition, run.by), part)
    except PressBrokenError:
        raise Refused(msg("排版到一半中断了，可能内存不够。再印一次，不行就分赛项印")) from None


def _asked_of(wish: Wish, competition: Competition, by: Account) -> Asked:
    translate = translator_for(competition.kind, wish.language)
    return Asked(competition, by, translate, wish.of, wish.language)


def _parts(paper: Paper, keys: Sequence[int]) -> list[Sequence[int]]:
    size = paper.portion or max(1, len(keys))
    return list(in_chunks(keys, size))


def _setting(number: int, parts: Sequence[Sequence[int]]) -> Message:
    if len(parts) == 1:
        return msg("排版")
    return msg("排版第 %(n)s 份，共 %(all)s 份", n=number + 1, all=len(parts))
