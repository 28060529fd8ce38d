"""A ceremony is held step by step, and what comes of it fits together."""

from __future__ import annotations

import json
from random import Random

import msgspec
import pytest

from compete.domain.ceremonies.checking import check_draw_file
from compete.domain.ceremonies.hashing import head, openings
from compete.domain.ceremonies.holding import (
    OpeningError,
    announce,
    draw,
    fix_openings,
    open_share,
    seal_share,
    sealed,
)
from compete.domain.ceremonies.problems import DrawFileError
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.ceremonies.types import Before, Draw, DrawFile, Party, Person, Place, Rule
from compete.domain.ceremonies.writing import write_draw_file
from compete.domain.values.chance import below, random_numbers, shuffled
from tests.domain.ceremonies import plain_checker

TITLE = "FORK-2022 9月16日 08:00"


def stations(people: int = 8) -> Draw:
    """People of two units for two stations."""
    return Draw(
        event="FORK",
        stage="final",
        module="practical",
        layer="station",
        people=tuple(Person(code=f"B{i:02}", unit=f"U{i % 2}") for i in range(people)),
        places=tuple(
            Place(code=f"{i % 2 + 1}-{i // 2}", line=str(i % 2 + 1), order=i // 2)
            for i in range(people + 1)
        ),
        rule=Rule(apart=True),
        result=(),
        unmet=(),
        tries=0,
    )


def shares(number: int = 1) -> list[Party]:
    """Two parties and the keeper, each with what it made on its own device."""
    rng = Random(number)
    words_of_parties = {"组委会": "江北潮平 125", "领队代表": " 三江\n水暖 ", "公证员": "742906"}
    return [
        seal_share(TITLE, number, name, words_of_parties[name], rng.randbytes(16))
        for name in words_of_parties
    ]


@pytest.fixture
def announced() -> DrawFile:
    first, second, keeper = shares()
    return announce(TITLE, 1, [stations()], [first, second], keeper)


def opened(file: DrawFile, *made: Party) -> DrawFile:
    """The ceremony with these openings, one after another."""
    for party in made:
        file = open_share(file, party.name, party.share or "", party.key or "")
    return file


def test_a_whole_ceremony_comes_out_by_every_checker(announced: DrawFile) -> None:
    first, second, keeper = shares()
    assert "江北潮平" not in write_draw_file(announced).decode()
    published = head(announced)
    file = opened(announced, second, first)
    fixed = fix_openings(file)
    file = draw(opened(file, keeper))
    assert (head(file), openings(file, published)) == (published, fixed)
    data = write_draw_file(file)
    assert read_draw_file(data) == file
    findings = check_draw_file(file, noted_head=published[:32], noted_openings=fixed[:32])
    assert findings.fits
    answer = plain_checker.check(data)
    assert (answer["status"], answer["openings"]) == (0, fixed)
    assert data.endswith(b"}\n")
    assert list(json.loads(data)["draws"][0]) == [
        *("event", "stage", "module", "layer", "list", "places", "rule", "result", "unmet"),
        "tries",
    ]


def test_who_does_not_open_changes_the_order_and_is_not_waited_for(announced: DrawFile) -> None:
    first, second, keeper = shares()
    both = draw(opened(announced, first, second, keeper))
    alone = draw(opened(announced, first, keeper))
    assert plain_checker.check(write_draw_file(alone))["status"] == 0
    assert both.draws[0].result != alone.draws[0].result
    # Without the opening that is left out the file does not fit what was published.
    fixed = fix_openings(both)
    findings = check_draw_file(alone, noted_openings=fixed)
    assert [difference.what for difference in findings.differences] == ["openings"]


@pytest.mark.parametrize("which", [[], [0], [0, 1], [2]])
def test_without_a_party_or_without_the_keeper_nothing_is_drawn(
    announced: DrawFile, which: list[int]
) -> None:
    made = shares()
    file = draw(opened(announced, *(made[number] for number in which)))
    assert file.void
    assert (file.draws[0].result, file.draws[0].unmet, file.draws[0].tries) == ((), (), 0)
    (difference,) = check_draw_file(file).differences
    assert difference.what == "void"
    assert difference.place == ("parties" if which == [2] else "spare")
    left = msgspec.structs.replace(file.draws[0], tries=1)
    differences = check_draw_file(msgspec.structs.replace(file, draws=(left,))).differences
    assert [difference.place for difference in differences] == [difference.place, "draws[0].tries"]
    assert differences[1][2:] == (1, 0)


def test_what_does_not_give_the_seal_is_not_taken(announced: DrawFile) -> None:
    first, second, keeper = shares()
    share, key = first.share or "", first.key or ""
    for name, words_typed, made, words in (
        ("组委会", share + " ", key, "对不上"),
        ("组委会", share, second.key or "", "对不上"),
        ("领队代表", share, key, "对不上"),
        ("记者", share, key, "没有“记者”封的签"),
        ("组委会", "e\u0301", key, "NFC"),
        ("组委会", "", key, "空"),
        ("组委会", "\ud800", key, "残缺"),
    ):
        with pytest.raises(OpeningError, match=words):
            open_share(announced, name, words_typed, made)
    once = opened(announced, first)
    with pytest.raises(OpeningError, match="已经拆了"):
        opened(once, first)
    # Who opens after the keeper knows the outcome.
    with pytest.raises(OpeningError, match="备签已经拆了"):
        opened(once, keeper, second)


def test_a_seal_is_bound_to_its_ceremony() -> None:
    (first, *_), (again, *_) = shares(1), shares(2)
    other = seal_share(TITLE, 2, first.name, first.share or "", bytes.fromhex(first.key or ""))
    assert len({first.seal, again.seal, other.seal}) == 3
    assert sealed(first) == Party(name=first.name, seal=first.seal, share=None, key=None)


def test_what_no_file_may_hold_is_refused_before_it_is_published() -> None:
    first, second, keeper = shares(2)
    before = Before(head="0" * 64, reason="备签没拆", by="组委会")
    assert announce(TITLE, 2, [stations()], [first, second], keeper, before).before == before
    with pytest.raises(DrawFileError, match="before"):
        announce(TITLE, 2, [stations()], [first, second], keeper)
    with pytest.raises(DrawFileError, match="parties"):
        announce(TITLE, 1, [stations()], [first], keeper)
    with pytest.raises(DrawFileError, match="ceremony"):
        announce("8:00\n", 1, [stations()], [first, second], keeper)
    with pytest.raises(ValueError, match="16 bytes, not 4"):
        seal_share(TITLE, 1, "组委会", "8", b"four")
    with pytest.raises(OpeningError, match="NFC"):
        seal_share(TITLE, 1, "组委会", "e\u0301", bytes(16))


def test_numbers_beyond_the_last_multiple_are_passed_over() -> None:
    last = 2**64 - 2**64 % 3
    assert below(iter([last, 2**64 - 1, last - 1]), 3) == 2
    assert below(iter([2**64 - 1]), 2**32) == 2**32 - 1
    with pytest.raises(ValueError, match="ended"):
        below(iter([last]), 3)


def test_each_draw_and_layer_has_a_stream_of_its_own() -> None:
    seed = bytes(32)
    streams = ["0 unit", "1 unit", "0 unit 0", "0 order"]
    orders = {tuple(shuffled(random_numbers(seed, stream), 30)) for stream in streams}
    assert len(orders) == len(streams)
    assert shuffled(random_numbers(seed, "0 unit"), 1) == [0]
