"""A film is opened once for all who play it, and any part of it is right to the byte."""

from __future__ import annotations

import io
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from compete.domain.values.roles import Role
from compete.models import Account, AppealEvidence, Competition
from compete.services.appeals.filing import add_evidence
from compete.web.organiser.appeals import playing
from compete.web.organiser.appeals.playing import MOST, FilmPart, KeptFilm, KeptFilms
from tests.support.appealing import appealed, official
from tests.support.films import box, film
from tests.support.signing_in import signed_in


def test_any_part_is_right_and_nothing_of_it_lies_readable_on_the_disk() -> None:
    content = b"0123456789abcdef" * 70_000 + b"end"
    kept = KeptFilm(content)
    for start in (0, 1, 15, 16, 17, 31, 1024 * 1024 - 3, len(content) - 2, len(content)):
        for size in (0, 1, 15, 16, 40, 70_000):
            assert kept.read(start, size) == content[start : start + size]
    assert b"0123456789abcdef" not in os.pread(kept._number, len(content), 0)
    part = io.BufferedReader(FilmPart(kept, 10, 50))
    assert part.read() == content[10:50]
    assert part.seek(-4, io.SEEK_END) == 36
    assert part.read(100) == content[46:50]


def test_many_who_ask_at_once_have_it_opened_once() -> None:
    films, opened = KeptFilms(), []

    def content() -> bytes:
        opened.append(1)
        time.sleep(0.05)
        return b"film"

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _n: films.of("a", content).read(0, 9), range(16)))
    assert (set(got), len(opened)) == ({b"film"}, 1)


def test_only_the_last_few_are_kept_and_those_not_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    films, now = KeptFilms(), [1000.0]
    monkeypatch.setattr(playing, "monotonic", lambda: now[0])
    later: list[float] = []
    monkeypatch.setattr(KeptFilms, "_forget_later", lambda self, wait: later.append(wait))
    for number in range(MOST + 2):
        films.of(str(number), lambda: b"film")
    assert len(films) == MOST
    now[0] += playing.KEPT - 1
    last = films.of(str(MOST + 1), lambda: pytest.fail("opened again"))
    now[0] += 1
    films.forget()
    assert len(films) == 1
    assert later[-1] == playing.KEPT - 1
    now[0] += playing.KEPT
    films.forget()
    assert len(films) == 0
    assert last.read(0, 4) == b"film"


def test_a_player_gets_what_it_asks_for(
    app: Flask, judged: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = film() + box(b"mdat", os.urandom(200_000))
    appeal = appealed()
    add_evidence(appeal, "", [sent], None)
    row: AppealEvidence = appeal.evidence[-1]
    address = f"/desk/X/appeals/{appeal.public_id}/evidence/{row.id}.mp4"
    arbiter = signed_in(app, official(judged, Role.ARBITER, "高原", organiser))
    monkeypatch.setattr(playing, "FILMS", KeptFilms())

    whole = arbiter.get(address)
    assert whole.data[-200_000:] == sent[-200_000:]
    assert whole.headers["Content-Length"] == str(len(sent))
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"

    def asked(byte_range: str, **headers: str) -> tuple[int, bytes]:
        answer = arbiter.get(address, headers={"Range": byte_range, **headers})
        return answer.status_code, answer.data

    end = len(sent)

    assert asked("bytes=100000-") == (206, sent[100_000:])
    assert asked("bytes=-7") == (206, sent[-7:])
    assert asked(f"bytes={end - 3}-{end + 90}") == (206, sent[-3:])
    assert asked("bytes=5-5") == (206, sent[5:6])
    for wrong in (f"bytes={end}-", "bytes=0-1,5-6", "bytes=9999999999999999999999-"):
        assert asked(wrong)[0] == 416
    for no_range in ("bytes=7-3", "pieces=0-1", "bytes=a-b", "bytes=0-1" + ",0-1" * 5000 + "x"):
        assert asked(no_range)[0] in (200, 416)
    tag = whole.headers["ETag"]
    assert asked("bytes=0-3", **{"If-Range": tag}) == (206, sent[:4])
    assert asked("bytes=0-3", **{"If-Range": '"another"'})[0] == 200
    assert arbiter.get(address, headers={"If-None-Match": tag}).status_code == 304
    head = arbiter.head(address)
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(end))
