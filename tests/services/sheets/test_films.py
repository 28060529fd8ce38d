"""Films: taken by what they are, without where they were taken; instants as people write them."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from compete.services.appeals.film_instants import Instant, instants_in, length_words
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.sheets import films
from compete.services.sheets.films import is_film, read_film
from tests.support.films import PLACE, box, film, telling, track


def test_what_a_phone_writes_beside_the_picture_goes_and_nothing_moves() -> None:
    sent = film(78, sorts=(b"vide", b"soun", b"meta"))
    assert sent.count(PLACE) == 3
    kept, seconds = read_film(sent)
    assert (len(kept), seconds) == (len(sent), 78)
    assert PLACE not in kept
    # Picture and sound stay where they were, a track of anything else is gone.
    for whole in (track(b"vide"), track(b"soun"), box(b"mdat", b"pictures")):
        assert kept.index(whole) == sent.index(whole)
    assert track(b"meta") not in kept
    assert read_film(kept) == (kept, 78)


def test_a_place_within_a_track_goes_too() -> None:
    inner = box(b"udta", PLACE)
    whole = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + b"vide" + bytes(13)) + inner))
    kept, seconds = read_film(box(b"ftyp", b"qt  ") + box(b"moov", whole) + box(b"mdat"))
    assert PLACE not in kept
    assert seconds is None


@pytest.mark.parametrize("offset", ["I", "Q"])
def test_samples_of_a_track_that_goes_go_with_it(offset: str) -> None:
    sent = telling([PLACE, b"", PLACE * 3, b"x"], offset=offset)
    kept, _seconds = read_film(sent)
    assert len(kept) == len(sent)
    assert PLACE not in kept
    for n in range(4):
        assert kept.index(b"picture %d" % n) == sent.index(b"picture %d" % n)
    assert b"x" not in kept[kept.index(b"picture 3") :]
    assert read_film(kept)[0] == kept


@pytest.mark.parametrize(
    "wrong",
    [
        lambda sent: sent.replace(b"stsz", b"stz2"),
        lambda sent: sent.replace(b"stsc", b"stss"),
        # More samples than their table holds.
        lambda sent: (
            sent[:-1].replace(struct.pack(">4I", 1, 1, 1, 1), struct.pack(">4I", 1, 1, 9, 1)) + b"!"
        ),
        # All of them are the whole film, over and over.
        lambda sent: sent.replace(
            struct.pack(">IIII", 0, 2, len(PLACE), len(PLACE)),
            struct.pack(">IIII", 0, 2, len(sent), len(sent)),
        ),
        # Its samples come in fragments.
        lambda sent: (
            sent + box(b"moof", box(b"traf", box(b"tfhd", bytes(4) + struct.pack(">I", 2))))
        ),
    ],
)
def test_what_cannot_be_taken_out_is_refused(wrong: Callable[[bytes], bytes]) -> None:
    sent = telling([PLACE, PLACE])
    assert read_film(sent)
    with pytest.raises(Refused, match="去不掉") as refused:
        read_film(wrong(sent))
    assert refused.value.kind is Refusal.WRONG_FORMAT


def test_no_film_has_many_tracks_that_go() -> None:
    with pytest.raises(Refused, match="去不掉"):
        read_film(film(sorts=(b"vide", *[b"meta"] * 21)))


def test_many_samples_in_many_boxes_are_not_each_tried_with_each() -> None:
    sent = telling([PLACE] * 300) + box(b"mdat") * 900
    steps = 0

    def count(frame: FrameType, _event: str, _of: object) -> Callable[..., Any] | None:
        nonlocal steps
        steps += 1
        return count if frame.f_code.co_filename == films.__file__ else None

    before = sys.gettrace()
    sys.settrace(count)
    try:
        kept, _ = read_film(sent)
    finally:
        sys.settrace(before)
    assert PLACE not in kept
    assert steps < 300 * 900 / 4


def test_tracks_that_go_have_a_bound_of_their_samples_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = telling([PLACE] * 6)
    monkeypatch.setattr(films, "_MOST_PIECES", 6)
    assert read_film(sent)
    monkeypatch.setattr(films, "_MOST_PIECES", 5)
    with pytest.raises(Refused, match="去不掉"):
        read_film(sent)


def test_fragments_of_picture_alone_are_kept() -> None:
    fragment = box(b"moof", box(b"traf", box(b"tfhd", bytes(4) + struct.pack(">I", 1))))
    sent = telling([PLACE, PLACE]) + fragment
    assert read_film(sent)[0].endswith(fragment)


def test_a_long_box_and_one_to_the_end_are_read() -> None:
    long = struct.pack(">I4sQ", 1, b"mdat", 16 + 8) + b"pictures"
    head = film()[: film().index(b"\x00\x00\x00\x10mdat")]
    assert read_film(head + long)[1] == 78
    assert read_film(head + struct.pack(">I4s", 0, b"mdat") + b"pictures")[1] == 78


@pytest.mark.parametrize(
    "wrong",
    [
        film()[:-1],
        film() + b"\0",
        film(sorts=(b"soun",)),
        film(sorts=()),
        box(b"ftyp", b"isom") + box(b"mdat"),
        box(b"ftyp", b"isom") + box(b"moov", track(b"vide")),
        box(b"ftyp", b"isom") + box(b"moov", track(b"vide")[:-1]) + box(b"mdat"),
        box(b"ftyp", b"isom") + struct.pack(">I4s", 4, b"moov"),
        box(b"ftyp", b"isom") + struct.pack(">I4sQ", 1, b"moov", 2**63),
        box(b"ftyp", b"isom") + box(b"moov", box(b"free") * 20_000),
        b"\0\0\0\x08ftyp",
        b"",
    ],
)
def test_what_is_no_whole_film_is_refused(wrong: bytes) -> None:
    with pytest.raises(Refused, match="MP4 或 MOV") as refused:
        read_film(wrong)
    assert refused.value.kind is Refusal.WRONG_FORMAT


def test_tracks_within_tracks_are_not_gone_into() -> None:
    """Each would be overwritten anew: 50 MB with 9,000 of them would be 450 GB to write."""
    deep = track(b"vide")
    for _ in range(10_001):
        deep = box(b"trak", deep)
    sent = box(b"ftyp", b"isom") + box(b"moov", track(b"vide") + deep) + box(b"mdat")
    kept, _seconds = read_film(sent)
    assert kept.count(b"trak") == 1
    assert len(kept) == len(sent)


def test_a_film_says_so_and_a_photo_in_the_same_wrapping_does_not() -> None:
    assert is_film(film())
    assert is_film(film(brand=b"qt  "))
    for other in (film(brand=b"heic"), film(brand=b"avif"), b"%PDF-1.7", b"\xff\xd8\xff", b""):
        assert not is_film(other)


def test_instants_are_read_as_people_write_them() -> None:
    assert instants_in("0:50 第 2 次，杆座先倒\n0：19 第 1 次；1 分 7 秒 第 3 次") == [
        Instant(19, "第 1 次"),
        Instant(50, "第 2 次，杆座先倒"),
        Instant(67, "第 3 次"),
    ]
    assert instants_in("1:02:03 收尾") == [Instant(3723, "收尾")]
    assert instants_in("得 84.20 分，2022-09-15 说的 3:4 和 1:2:3:4") == []
    assert [length_words(n) for n in (0, 19, 67, 3723)] == ["0:00", "0:19", "1:07", "1:02:03"]
