"""What is no draw is refused, at the place where it is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.bundle.problems import MOST_PROBLEMS
from compete.domain.ceremonies.hashing import head
from compete.domain.ceremonies.problems import DrawFileError
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.ceremonies.types import FORMAT
from tests.domain.bundle.sample import GONE, changed
from tests.domain.bundle.spoiling import broken, spoiled
from tests.domain.ceremonies import plain_checker
from tests.domain.ceremonies.random_ceremonies import as_bytes, random_ceremony

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FILE: dict[str, Any] = json.loads((EXAMPLES / "draw-12-one-closed.json").read_bytes())
SAFE = 2**53 - 1


def problems(data: bytes) -> list[tuple[str, str]]:
    """Places and sentences; fails the test where the file is taken."""
    with pytest.raises(DrawFileError) as refused:
        read_draw_file(data)
    assert plain_checker.check(data)["status"] == 2
    return [(problem.path, problem.message.render()) for problem in refused.value.problems]


def places(plain: object) -> list[str]:
    return [place for place, _ in problems(json.dumps(plain).encode())]


PERSON, PLACE = "draws[0].list[3]", "draws[0].places[3]"
SECOND = {"head": "0" * 64, "reason": "名单有误", "by": "组委会"}

WRONG: list[tuple[str, object, str]] = [
    ("format", "compete-draw/2", "format"),
    ("format", None, "format"),
    ("ceremony", "", "ceremony"),
    ("ceremony", "a\nb", "ceremony"),
    ("ceremony", "a\u2028b", "ceremony"),
    ("ceremony", "a\x85b", "ceremony"),
    ("ceremony", "e\u0301", "ceremony"),
    ("ceremony", "\ud800", "ceremony"),
    ("ceremony", 7, "ceremony"),
    ("number", 0, "number"),
    ("number", -1, "number"),
    ("number", 1.0, "number"),
    ("number", 1.5, "number"),
    ("number", "1", "number"),
    ("number", True, "number"),
    ("number", SAFE + 1, "number"),
    ("number", 10**400, "number"),
    ("number", float("nan"), "number"),
    ("number", 2, "before"),
    ("before", SECOND, "before"),
    ("before", None, "before"),
    ("colour", "red", "colour"),
    ("draws", [], "draws"),
    ("draws", {}, "draws"),
    ("draws[0]", None, "draws[0]"),
    ("draws[0].colour", 1, "draws[0].colour"),
    ("draws[0].layer", "", "draws[0].layer"),
    ("draws[0].layer", "\u212b", "draws[0].layer"),
    ("draws[0].event", None, "draws[0].event"),
    ("draws[0].list", [], "draws[0].list"),
    ("draws[0].list", "B01", "draws[0].list"),
    (f"{PERSON}.code", "B0328", f"{PERSON}.code"),
    (f"{PERSON}.code", "A", f"{PERSON}.code"),
    (f"{PERSON}.code", "", f"{PERSON}.code"),
    (f"{PERSON}.unit", None, f"{PERSON}.unit"),
    (f"{PERSON}.unit", "", f"{PERSON}.unit"),
    (f"{PERSON}.name", "吴敏", f"{PERSON}.name"),
    ("draws[0].places", FILE["draws"][0]["places"][:11], "draws[0].places"),
    (f"{PLACE}.code", "0-1-0", f"{PLACE}.code"),
    (f"{PLACE}.order", None, f"{PLACE}.order"),
    (f"{PLACE}.order", GONE, f"{PLACE}.order"),
    (f"{PLACE}.order", 0.5, f"{PLACE}.order"),
    (f"{PLACE}.order", -SAFE - 1, f"{PLACE}.order"),
    (f"{PLACE}.line", 3, f"{PLACE}.line"),
    (f"{PLACE}.session", None, f"{PLACE}.session"),
    ("draws[0].rule", None, "draws[0].rule"),
    ("draws[0].rule.apart", 1, "draws[0].rule.apart"),
    ("draws[0].rule.per_session", 0, "draws[0].rule.per_session"),
    ("draws[0].rule.per_session", None, "draws[0].rule.per_session"),
    ("draws[0].rule.far", True, "draws[0].rule.far"),
    ("draws[0].result", None, "draws[0].result"),
    ("draws[0].result[1].moved", 0, "draws[0].result[1].moved"),
    ("draws[0].result[1].unit", "U1", "draws[0].result[1].unit"),
    ("draws[1].unmet", None, "draws[1].unmet"),
    ("draws[1].unmet[2]", 3, "draws[1].unmet[2]"),
    ("draws[1].tries", None, "draws[1].tries"),
    ("draws[1].tries", "100", "draws[1].tries"),
    ("parties", FILE["parties"][:1], "parties"),
    ("parties[1].name", "公证员", "spare.name"),
    ("parties[2].name", "组委会", "parties[2].name"),
    ("parties[2].name", "监\r督", "parties[2].name"),
    ("parties[1].seal", "015AE" + FILE["parties"][1]["seal"][5:], "parties[1].seal"),
    ("parties[1].seal", None, "parties[1].seal"),
    ("parties[1].key", "e8", "parties[1].key"),
    ("parties[1].key", "E813ED029C8C775D99C3F7D8B5548873", "parties[1].key"),
    ("parties[1].key", None, "parties[1].key"),
    ("parties[1].share", None, "parties[1].share"),
    ("parties[1].share", "", "parties[1].share"),
    ("parties[1].share", "A\u030a", "parties[1].share"),
    ("parties[0].key", "0" * 32, "parties[0].share"),
    ("spare", None, "spare"),
    ("spare.share", None, "spare.share"),
    ("spare.opened", True, "spare.opened"),
]


@pytest.mark.parametrize(("path", "value", "place"), WRONG)
def test_a_wrong_value_is_told_with_its_place(path: str, value: object, place: str) -> None:
    assert set(places(changed(FILE, path, value))) == {place}


@pytest.mark.parametrize(
    "path",
    [
        *FILE,
        *(f"draws[0].{key}" for key in FILE["draws"][0] if key != "rule"),
        "draws[0].list[0].code",
        "draws[0].places[0].code",
        *(f"draws[0].result[0].{key}" for key in ("place", "code", "moved")),
        *(f"{whose}.{key}" for whose in ("parties[0]", "spare") for key in FILE["spare"]),
    ],
)
def test_a_key_that_has_to_be_there_is_missed(path: str) -> None:
    faults = problems(json.dumps(changed(FILE, path, GONE)).encode())
    assert faults[0] == (path, f"少了“{path.rpartition('.')[2]}”")


@pytest.mark.parametrize("path", [f"{PLACE}.line", f"{PLACE}.session", f"{PERSON}.unit"])
def test_a_key_that_may_be_left_out_changes_the_head(path: str) -> None:
    file = changed(FILE, path, GONE)
    data = json.dumps(file).encode()
    assert head(read_draw_file(data)) == plain_checker.check(data)["head"]
    assert plain_checker.check(data)["head"] != plain_checker.head_of(FILE)


def test_what_came_before_is_whole() -> None:
    second = FILE | {"number": 2, "before": SECOND}
    assert read_draw_file(json.dumps(second).encode()).before is not None
    for key, value in (("head", "0" * 63), ("head", None), ("reason", ""), ("by", 7), ("at", "x")):
        assert places(second | {"before": SECOND | {key: value}}) == [f"before.{key}"]
    for key in SECOND:
        less = {name: value for name, value in SECOND.items() if name != key}
        assert places(second | {"before": less}) == [f"before.{key}"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b" \n", "文件是空的"),
        (b"\xef\xbb\xbf", "文件是空的"),
        (b"{", "第 1 行第 2 列不合 JSON 的写法"),
        (b'{"format": "compete-draw/1",}', "不合 JSON 的写法"),
        (b"{}{}", "不合 JSON 的写法"),
        (b'"\xff"', "第 2 个字节不是 UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "不是 UTF-8"),
        (b"[" * 100_000, "套得太深"),
        (b'{"draws":' * 100_000, "套得太深"),
        (b"[]", "这里是一个列表，应当是对象"),
        (b"NaN", "这里是数 NaN，应当是对象"),
    ],
)
def test_a_file_that_is_no_object_is_told_as_a_whole(data: bytes, words: str) -> None:
    ((place, sentence),) = problems(data)
    assert place == ""
    assert words in sentence


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"number": 1', '"number": 1, "number": 1', "number"),
        ('"number": 1', '"number": 1, "num\\u0062er": 1', "number"),
        ('"tries": 9', '"tries": 9, "tries": 9', "draws[0].tries"),
        ('"code": "B0718"', '"code": "B0718", "code": "B0718"', "draws[0].list[1].code"),
        ('"number": 1', '"number": 1e0', "number"),
        ('"tries": 9', '"tries": 9.0', "draws[0].tries"),
        ('"tries": 9', '"tries": Infinity', "draws[0].tries"),
        ('"tries": 9', '"tries": ' + "9" * 5000, "draws[0].tries"),
    ],
)
def test_what_json_hides_is_seen(old: str, new: str, place: str) -> None:
    text = json.dumps(FILE, ensure_ascii=False)
    assert text.count(old) >= 1
    assert {path for path, _ in problems(text.replace(old, new, 1).encode())} == {place}


def test_a_mark_at_the_beginning_and_other_ways_of_writing_change_nothing() -> None:
    for data in (
        b"\xef\xbb\xbf" + json.dumps(FILE).encode(),
        json.dumps(FILE, indent=4, sort_keys=True).replace("\n", "\r\n").encode(),
        json.dumps(FILE).replace('"tries": 100', '"tries":\t100').encode(),
    ):
        assert read_draw_file(data) == read_draw_file(json.dumps(FILE).encode())


def test_minus_zero_is_zero() -> None:
    text = json.dumps(FILE).replace('"order": 0', '"order": -0')
    assert head(read_draw_file(text.encode())) == plain_checker.head_of(FILE)


def test_no_more_than_a_hundred_problems_are_told() -> None:
    file = FILE | {"draws": [None] * 1000}
    faults = problems(json.dumps(file).encode())
    assert len(faults) == MOST_PROBLEMS + 1
    assert faults[-1] == ("", "还有 900 处问题没有列出")


@given(rng=st.integers(0, 2**32).map(Random), times=st.integers(1, 3))
@settings(max_examples=300)
def test_spoiled_files_are_judged_as_by_the_other_checker(rng: Random, times: int) -> None:
    file = random_ceremony(rng, most=5)
    spoilt = json.dumps(spoiled(rng, file, times)).encode(errors="surrogatepass")
    for data in (spoilt, broken(rng, as_bytes(rng, file))):
        if plain_checker.check(data)["status"] == 2:
            assert all(sentence.isprintable() for _, sentence in problems(data))
        else:
            read_draw_file(data)


def test_what_was_found_is_told_beside_what_should_be_there() -> None:
    spoilt = json.loads(json.dumps(FILE))
    spoilt["format"] = "draw/9"
    people = spoilt["draws"][0]["list"]
    first, second = people[0]["code"], people[1]["code"]
    people[0], people[1] = people[1], people[0]
    messages = dict(problems(json.dumps(spoilt).encode()))
    assert messages["format"] == f"这里是文字“draw/9”，应当是“{FORMAT}”"
    assert messages["draws[0].list[1].code"] == f"“{first}”要排在“{second}”前面，编号按码位排"
