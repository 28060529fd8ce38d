"""`compete verify-draw FILE`: what fits, what differs, and what is no draw."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from compete.cli import main
from tests.domain.bundle.sample import changed
from tests.domain.ceremonies.random_ceremonies import draw_all

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
FULL, CLOSED = EXAMPLES / "draw-46.json", EXAMPLES / "draw-12-one-closed.json"
HEAD = "f71c5796b068f10eb2a50dff1bcd5e62bbeb3e78da5da6a8112117280b975d39"
OPENINGS = "825a7d96e1969677899968ba010c36fad916f3d18b4d47cf6c4b30e4863d9c42"


class Said:
    """What a run came to."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command on a file, bytes, or a value that is written as JSON."""

    def run(what: Any, *words: str) -> Said:
        path = what
        if not isinstance(what, Path | str):
            path = tmp_path / "draw.json"
            path.write_bytes(what if isinstance(what, bytes) else json.dumps(what).encode())
        status = main(["verify-draw", str(path), *words])
        return Said(status, *capsys.readouterr())

    return run


def plain(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_bytes())
    return value


def test_a_draw_that_fits_is_said_to_agree_with_its_hashes_and_what_that_is_worth(
    verify: Any,
) -> None:
    answer = verify(FULL)
    assert (answer.status, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[:3] == [
        "x y，第 2 次",
        f"封存值 head：书卷 砚台 邮票 柱子  {HEAD}",
        f"拆签值 openings：歌声 白玉 专注 豆芽  {OPENINGS}",
    ]
    assert "46 个参赛号，抽了 1 遍，按规则调了 7 个，规则没满足 0 处" in lines[3]
    assert lines[4].startswith("一致：")
    assert "光看文件，只看得出它自己前后对得上" in lines[5]
    assert "没拆签：组委会" in verify(CLOSED).out.splitlines()


@pytest.mark.parametrize("digits", [32, 33, 64])
def test_what_was_noted_shows_that_it_is_the_one_published(verify: Any, digits: int) -> None:
    noted = HEAD[:digits].upper(), f"{OPENINGS[:8]} {OPENINGS[8:digits]}"
    answer = verify(FULL, "--head", noted[0], "--openings", noted[1])
    assert answer.status == 0
    assert "head 和现场记下的一样\nopenings 和现场记下的一样\n" in answer.out
    assert "光看文件" not in answer.out
    assert "光看文件" in verify(FULL, "--head", noted[0]).out


@pytest.mark.parametrize("option", ["--head", "--openings"])
def test_another_file_than_the_one_published_differs(verify: Any, option: str) -> None:
    right = HEAD if option == "--head" else OPENINGS
    noted = right[:31] + ("0" if right[31] != "0" else "1")
    answer = verify(FULL, option, noted)
    assert answer.status == 1
    assert f"对不上：{option[2:]}，" in answer.out
    assert f"现场记下：{noted}\n" in answer.out
    assert f"文件算出：{right}\n" in answer.out
    assert "一致" not in answer.out


@pytest.mark.parametrize("noted", ["", HEAD[:31], HEAD + "0", "x" * 32, "０" * 32])
def test_too_few_digits_are_no_note(verify: Any, noted: str) -> None:
    answer = verify(FULL, "--head", noted)
    assert (answer.status, answer.out) == (2, "")
    assert "--head" in answer.err


ROW = {"place": "0-2-0", "code": "甲4371", "moved": False}
DIFFERING = [
    ("parties[1].share", "先河", "parties[1].seal", "015ae9a7"),
    ("parties[2].seal", "0" * 64, "parties[2].seal", "7c0f3b98"),
    ("spare.key", "0" * 32, "spare.seal", "d8254113"),
    ("ceremony", "另一次", "parties[1].seal", "015ae9a7"),
    ("draws[0].result[1].moved", True, "draws[0].result[1]", json.dumps(ROW, ensure_ascii=False)),
    ("draws[0].result", [], "draws[0].result[0]", "没有"),
    ("draws[0].unmet", ["0-1-0"], "draws[0].unmet[0]", "0-1-0"),
    ("draws[1].unmet[6]", "2-1-1", "draws[1].unmet[6]", "2-1-0"),
    ("draws[0].tries", 8, "draws[0].tries", "9"),
    ("draws[1].tries", -1, "draws[1].tries", "100"),
]


@pytest.mark.parametrize(("path", "value", "place", "shown"), DIFFERING)
def test_the_first_that_differs_is_told_with_both_values(
    verify: Any, path: str, value: object, place: str, shown: str
) -> None:
    answer = verify(changed(plain(CLOSED), path, value))
    assert (answer.status, answer.err) == (1, "")
    assert f"对不上：{place}\n  文件写着：" in answer.out
    assert "\n  重新算出：" in answer.out
    assert shown in answer.out
    assert answer.out.count("对不上") == 1
    assert "一致" not in answer.out


def test_seals_come_first(verify: Any) -> None:
    file = changed(plain(CLOSED), "draws[0].tries", 8)
    file = changed(changed(file, "spare.share", None), "spare.key", None)
    answer = verify(changed(file, "parties[3].share", "别的"))
    assert "对不上：parties[3].seal" in answer.out
    assert "作废" not in answer.out


def test_a_void_ceremony_is_told_and_why(verify: Any) -> None:
    file = plain(FULL)
    sealed = file | {"spare": file["spare"] | {"share": None, "key": None}}
    draw_all(sealed)
    answer = verify(sealed)
    assert answer.status == 1
    assert "没拆签：公证员\n作废：备签没拆，什么也没抽（拆了 0 个，至少要 1 个）\n" in answer.out
    assert HEAD in answer.out
    assert OPENINGS in answer.out
    closed = file | {"parties": [party | {"share": None, "key": None} for party in file["parties"]]}
    draw_all(closed)
    answer = verify(closed)
    assert answer.status == 1
    assert "作废：没有一方拆签" in answer.out
    assert "一致" not in answer.out
    left = verify(sealed | {"draws": plain(FULL)["draws"]})
    assert left.status == 1
    assert "作废：备签没拆" in left.out
    assert "对不上：draws[0].result[0]" in left.out


def test_what_is_no_draw_gets_a_line_for_each_problem(verify: Any) -> None:
    file = changed(changed(plain(FULL), "number", 1), "draws[0].places[1].code", "0-1-0")
    answer = verify(changed(file, "a\nb", 1))
    assert (answer.status, answer.out) == (2, "")
    assert [line.split(": ")[0] for line in answer.err.splitlines()] == [
        "a\\nb",
        "before",
        "draws[0].places[1].code",
    ]


def test_a_file_that_cannot_be_read_bears_its_name(verify: Any, tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"
    answer = verify(missing)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(f"{missing}: ")
    answer = verify(b"[" * 200_000)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(f"{tmp_path / 'draw.json'}: ")
    assert answer.err.count("\n") == 1


def test_a_hyphen_is_standard_input_and_english_is_spoken(
    verify: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FULL.read_bytes())))
    answer = verify("-", "--lang", "en")
    assert answer.status == 0
    assert "All agrees" in answer.out
