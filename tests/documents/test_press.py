"""The line setter in a process of its own: the same file, the same refusal, and it can be ended."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from compete.documents import press
from compete.documents.fonts import load_fonts
from compete.documents.press import (
    PressBrokenError,
    Setting,
    SettingError,
    beside,
    here,
    set_by,
)

ENDLESS = b"#for a in range(100000) { for b in range(100000) {} }"


def setting(source: bytes) -> Setting:
    book = load_fonts()
    return Setting({"main.typ": source, "data.json": b"{}"}, book.typst_fonts, book.folders, None)


def test_it_gives_the_same_file_beside_as_here() -> None:
    plain = setting("#set document(date: none)\n选手甲".encode())
    asked: list[int] = []
    made = beside(lambda: asked.append(1))(plain)
    assert made == here(plain)
    assert made.startswith(b"%PDF")
    # Whoever waits is asked now and then whether it is still wanted.
    assert asked


def test_what_is_refused_here_is_refused_beside_in_the_same_words() -> None:
    wrong = setting(b'#panic("no")')
    with pytest.raises(SettingError) as at_home:
        here(wrong)
    with pytest.raises(SettingError) as away:
        beside(lambda: None)(wrong)
    assert str(away.value) == str(at_home.value)


def test_it_ends_with_whoever_wants_it_no_more() -> None:
    begun = time.monotonic()

    def no_more() -> None:
        if time.monotonic() > begun + 1:
            raise KeyError

    with pytest.raises(KeyError):
        beside(no_more)(setting(ENDLESS))
    assert time.monotonic() - begun < 20


def test_a_process_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press.sys, "executable", "/bin/false")
    assert Path("/bin/false").exists()
    with pytest.raises(PressBrokenError):
        beside(lambda: None)(setting(b"x"))


def test_others_set_only_inside_the_block() -> None:
    with set_by(lambda _setting: b"elsewhere"):
        assert press.press()(setting(b"x")) == b"elsewhere"
    assert press.press() is here
