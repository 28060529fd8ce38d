"""JSON and YAML as they come: marks at the beginning, bad bytes, depth, odd words."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from compete.domain import read_bundle
from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reading import Form
from tests.domain.bundle.sample import skills

HEAD = """
format: compete-bundle/1
competition: {code: C, name: 竞赛, kind: skills, level: municipal}
"""


def problems_of(data: bytes | str, form: Form = "json") -> list[tuple[str, str]]:
    data = data.encode() if isinstance(data, str) else data
    with pytest.raises(BundleError) as refusal:
        read_bundle(data, form=form)
    return [(problem.path, str(problem.message)) for problem in refusal.value.problems]


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize("data", [b"", b"  \n\t ", b"\xef\xbb\xbf"])
def test_an_empty_file(data: bytes, form: Form) -> None:
    assert problems_of(data, form) == [("", "文件是空的")]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_file_in_another_encoding(form: Form) -> None:
    assert problems_of('{"name": "竞赛"}'.encode("gb18030"), form) == [
        ("", "第 11 个字节不是 UTF-8")
    ]
    assert "UTF-8" in problems_of('{"name": 1}'.encode("utf-16"), form)[0][1]


@pytest.mark.parametrize(("form", "text"), [("json", json.dumps(skills())), ("yaml", HEAD)])
def test_a_byte_order_mark_is_passed_over(form: Form, text: str) -> None:
    bundle = read_bundle(text.encode(), form=form)
    assert read_bundle(b"\xef\xbb\xbf" + text.encode(), form=form) == bundle


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("{", 1, 2),
        ('{"a": 1,}', 1, 9),
        ('{\n "a" 1}', 2, 6),
        ("{'a': 1}", 1, 2),
        ('{"a": 01}', 1, 8),
        ('{"a": "\n"}', 1, 8),
        ('{"a": 1} {}', 1, 10),
        ('{"a": undefined}', 1, 7),
    ],
)
def test_json_that_is_none_is_located(text: str, line: int, column: int) -> None:
    assert problems_of(text) == [("", f"第 {line} 行第 {column} 列不合 JSON 的写法")]


@pytest.mark.parametrize("text", ["[]", "3", '"x"', "null", "true", "NaN", "[{}]"])
def test_json_that_is_no_object(text: str) -> None:
    [(path, message)] = problems_of(text)
    assert path == ""
    assert "应当是对象" in message


@pytest.mark.parametrize("opening", ['{"extra":', "[", '{"format":[{"a":'])
@pytest.mark.parametrize("form", ["json", "yaml"])
def test_what_lies_too_deep(opening: str, form: Form) -> None:
    messages = problems_of(opening * 100_000, form)
    assert len(messages) == 1
    assert "套得太深" in messages[0][1]


def test_a_key_that_stands_twice() -> None:
    text = json.dumps(skills()).replace('"code": "U1",', '"code": "U0", "code": "U1",')
    assert problems_of(text) == [("units[0].code", "“code”写了不止一次")]
    assert problems_of(HEAD + "units: []\nunits: []\n", "yaml") == [
        ("units", "“units”写了不止一次")
    ]


def test_half_a_character() -> None:
    text = json.dumps(skills()).replace("U1", "\\ud800").encode()
    assert ("units[0].code", "这段文字里有残缺的字符") in problems_of(text)
    paths = [path for path, _ in problems_of('{"\\ud800": 1}')]
    assert "\\ud800" in paths


def test_odd_keys_do_not_break_the_line() -> None:
    paths = [path for path, _ in problems_of('{"a\\nb": 1, "' + "x" * 999 + '": 2}')]
    assert "a\\nb" in paths
    assert all(len(path) < 60 and "\n" not in path for path in paths)


def test_yaml_words_stay_texts() -> None:
    bundle = read_bundle(
        (
            HEAD
            + """
units:
- {code: no, name: on}
- {code: 12:30, name: 2026-05-01}
- {code: 0x1F, name: 1_000}
- {code: "007", name: 'null'}
"""
        ).encode(),
        form="yaml",
    )
    assert [(unit.code, unit.name) for unit in bundle.units] == [
        ("no", "on"),
        ("12:30", "2026-05-01"),
        ("0x1F", "1_000"),
        ("007", "null"),
    ]


def test_a_yaml_number_is_no_text() -> None:
    [(path, message)] = problems_of(HEAD + "units: [{code: 007, name: x}]", "yaml")
    assert path == "units[0].code"
    assert "007" in message


@pytest.mark.parametrize("number", ["017", "-01.5", "00", "+08", "007", "00.5"])
def test_a_yaml_number_with_a_needless_nought_is_refused(number: str) -> None:
    year = HEAD.replace("kind: skills", f"kind: skills, extra: {{n: {number}}}")
    for text, place in (
        (HEAD + f"units: [{{code: {number}, name: x}}]", "units[0].code"),
        (HEAD + f"extra: {{n: [{number}]}}", "extra.n[0]"),
        (year, "competition.extra.n"),
    ):
        [(path, message)] = problems_of(text, "yaml")
        assert path == place
        assert f"{number}，前面有多余的 0" in message
    quoted = HEAD + f'extra: {{n: "{number}"}}'
    assert read_bundle(quoted.encode(), form="yaml").extra == {"n": number}


def test_yaml_keys_need_no_quotes() -> None:
    text = json.dumps(skills()).replace('"1": 9', "1: 9").replace('"on"', "on")
    assert read_bundle(text.encode(), form="yaml") == read_bundle(json.dumps(skills()).encode())


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("7", "7"), ("+7", "7"), ("7.50", "7.5"), (".5", "0.5"),
        ("'7.50'", "7.50"), ("0.1000000000000000055", "0.1"), ("-0.0", "0"),
    ],
)  # fmt: skip
def test_yaml_numbers(number: str, value: str) -> None:
    text = json.dumps(skills()).replace("71.25", number)
    assert read_bundle(text.encode(), form="yaml").marks[7].value == Decimal(value)


@pytest.mark.parametrize(
    "number",
    [
        ".nan",
        "-.inf",
        "75e-1",
        "1E2",
        ".5e1",
        "1e999999999",
        "0b11",
        "7.",
        "1" * 5000,
        "1" * 5000 + ".5e1",
    ],
)
def test_what_is_no_yaml_number(number: str) -> None:
    text = json.dumps(skills()).replace("71.25", number)
    assert [path for path, _ in problems_of(text, "yaml")] == ["marks[7].value"]


def test_an_anchor_may_be_used_again() -> None:
    text = HEAD + "units:\n- &one {code: A, name: x}\n- {code: B, name: x, extra: *one}\n"
    assert read_bundle(text.encode(), form="yaml").units[1].extra == {"code": "A", "name": "x"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: *b", "没有“b”这个锚"),
        ("a: &b [*b]", "没有“b”这个锚"),
        ("a: 1\n---\nb: 2", "只能有一份"),
        ("? [1]\n: 2", "键要写成文字"),
        ("? {a: 1}\n: 2", "键要写成文字"),
        ("a: &b [1]\n*b : 2", "键要写成文字"),
        ("a: !!python/object:os.system {}", "不认识标签"),
        ("a: !mine b", "不认识标签"),
        ("a: b: c", "第 1 行第 5 列"),
        ("\tx: 1", "第 1 行"),
        ("a: 'b", "不合 YAML"),
        ("a: \x01", "不合 YAML"),
        ("%YAML 3.0\n---\na: 1", "不合 YAML"),
    ],
)
def test_yaml_we_do_not_take(text: str, words: str) -> None:
    [(path, message)] = problems_of(text, "yaml")
    assert path == ""
    assert words in message


def test_a_few_anchors_can_not_stand_for_billions_of_values() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]"
        for n in range(1, 12)
    ]  # fmt: skip
    [(path, message)] = problems_of("\n".join(lines), "yaml")
    assert path == ""
    assert "锚引用得太多" in message
