"""Whatever bytes come in: a bundle, or a list of problems, and never anything else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain import read_bundle, score
from compete.domain.bundle import reading as reading_module
from compete.domain.bundle.problems import MOST_PROBLEMS, BundleError, Problem
from compete.domain.bundle.reading import Form, bundle_warnings
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from tests.domain.bundle.spoiling import broken, originals, spoiled

ROOT = Path(__file__).resolve().parents[3]
RANDOMS = st.randoms(use_true_random=False)
FORMS = st.sampled_from(["json", "yaml"])
BYTES = [json.dumps(plain, ensure_ascii=False).encode() for plain in originals()]


def outcome(data: bytes, form: Form = "json") -> Bundle | list[Problem]:
    """What reading comes to. Fails the test on anything but `BundleError`."""
    bundle = read(data, form)
    if isinstance(bundle, Bundle):
        bundle_warnings(bundle)
        for written in ("json", "yaml"):
            assert read_bundle(write_bundle(bundle, written), form=written) == bundle
    return bundle


def read(data: bytes, form: Form = "json") -> Bundle | list[Problem]:
    """The bundle, or what is said against it."""
    try:
        return read_bundle(data, form=form)
    except BundleError as error:
        return printable_problems(error.problems)


def printable_problems(problems: list[Problem]) -> list[Problem]:
    """The problems, if they can be printed."""
    assert 1 <= len(problems) <= MOST_PROBLEMS + 1
    for problem in problems:
        f"{problem.path}: {problem.message}".encode()
    return problems


@given(data=st.binary(max_size=200), form=FORMS)
@settings(max_examples=200)
def test_random_bytes(data: bytes, form: Form) -> None:
    assert isinstance(outcome(data, form), list)


@given(text=st.text(alphabet="{}[]\":,&*!?-|>%@` \n\tcode01.eE+~#'", max_size=60), form=FORMS)
@settings(max_examples=300)
def test_random_punctuation(text: str, form: Form) -> None:
    assert isinstance(outcome(text.encode(), form), list)


@given(rng=RANDOMS, form=FORMS)
@settings(max_examples=150)
def test_right_files_with_broken_bytes(rng: Random, form: Form) -> None:
    outcome(broken(rng, rng.choice(BYTES)), form)


@given(rng=RANDOMS, times=st.integers(1, 4))
@settings(max_examples=150)
def test_right_files_with_odd_values(rng: Random, times: int) -> None:
    bundle = outcome(json.dumps(spoiled(rng, rng.choice(originals()), times)).encode())
    if isinstance(bundle, Bundle):
        score(bundle)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A way to read a file without the quick ways."""

    def read_slowly(data: bytes) -> Bundle | list[Problem]:
        with monkeypatch.context() as patch:
            patch.setattr(reading_module, "plain_bundle", lambda _: None)
            patch.setattr(reading_module, "_LARGE", len(data) + 1)
            return read(data)

    return read_slowly


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A way to read a file with all the quick ways, however small it is."""

    def read_quickly(data: bytes) -> Bundle | list[Problem]:
        with monkeypatch.context() as patch:
            patch.setattr(reading_module, "_LARGE", 0)
            return read(data)

    return read_quickly


NUMBERS = [
    "0", "-0", "-0.0", "7", "7.0", "7e0", "7E+1", "0.5", "-0.05", "1e400", "NaN", "true", "null",
    "1234567890.1234567", "0.1000000000000000055511151231257827", "0.0000000000001", "007",
    '"7"', '"-0"', '"-0.00"', '"7.50"', '"1e1"', '"1_0"', '" 7"', '"\\u0037"', '"７"', '"inf"',
    '"000000000000000007"', '"0000000000000000007"', "1" * 18, "1" * 19, "0." + "1" * 12,
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_the_quick_ways_read_a_number_as_the_slow_way_does(
    number: str, slowly: Any, quickly: Any
) -> None:
    data = json.dumps(originals()[0]).encode()
    for old in (b"71.25", b'"-0.05"', b'"40"'):
        assert old in data
        changed = data.replace(old, number.encode())
        assert quickly(changed) == slowly(changed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"judge": "J1"', b'"judge": "J1", "judge": "J2"'),
        (b'"judge": "J1"', b'"judge": "J1", "at": "09:30"'),
        (b'"judge": "J1"', b'"judge": "J1", "at": null'),
        (b'"judge": "J1"', b'"judge": "J1", "at": "09:30", "at": "09:31"'),
        (b'"judge": "J1"', b'"judge": "J1", "extra": {"value": 1}'),
        (b'"judge": "J1"', b'"judge": "J\\u0031"'),
        (b'"judge": "J1"', b'"j\\u0075dge": "J1"'),
        (b'"J1"', b'"J:1"'),
        (b'"neat"', b'"value"'),
        (b'"marks":', b'"marks": [], "marks":'),
        (b'"marks":', b'"mark\\u0073":'),
        (b'"name":', b'"extra": {"marks": []}, "name":'),
        (b"}", b" \n}\t"),
    ],
)
def test_the_quick_ways_read_odd_writing_as_the_slow_way_does(
    old: bytes, new: bytes, slowly: Any, quickly: Any
) -> None:
    data = json.dumps(originals()[0]).encode()
    assert old in data
    for changed in (data.replace(old, new), data.replace(old, new, 1)):
        assert quickly(changed) == slowly(changed)


def test_the_quick_ways_agree_with_the_slow_way_on_spoiled_files(slowly: Any, quickly: Any) -> None:
    for seed in range(150):
        rng = Random(seed)
        plain = spoiled(rng, rng.choice(originals()), rng.randint(0, 2))
        data = json.dumps(plain, ensure_ascii=rng.random() < 0.5, default=str).encode(
            errors="surrogatepass"
        )
        assert quickly(data) == slowly(data), seed


def test_what_is_read_is_scored_explained_and_searched_in_little_memory() -> None:
    """No number that a file may hold costs memory or time in step with its size."""
    memory, files = 700_000_000, 150
    command = [sys.executable, "-m", "tests.domain.bundle.extremes", str(memory), str(files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > files // 5
