"""Each button that the two READMEs name is called so on the pages of that language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
PO = ROOT / "compete" / "translations" / "en" / "LC_MESSAGES" / "messages.po"


# Who signs in, what stands in front of a number, and the menus that lead there.
NO_TEXTS = {"先处理", "几个人一组也收", "办完第版跟着要办的", "成绩→申诉"}
SIGN_IN = re.compile("裁判长?J?(沈国梁|许静|万敏)")


def names_in(page: str, first: str, last: str) -> set[str]:
    """What stands between quotation marks in the walk, without the figures and names in it."""
    text = (ROOT / page).read_text("utf-8")
    steps = text[text.index(first) : text.index(last)]
    return {plain(name) for name in re.findall("“([^”]+)”", steps)}


def plain(text: str) -> str:
    return re.sub(r"%\(\w+\)s|\d+|吴敏|\s", "", text)


def test_the_english_walk_names_what_english_pages_show() -> None:
    with PO.open("rb") as file:
        texts = [message.string or "" for message in read_po(file)]
    shown = {plain(text) for it in texts for text in ([it] if isinstance(it, str) else it)}
    named = names_in("README.en.md", "1. **Sign in.**", "## Without the web site")
    assert len(named) > 30
    assert sorted(named - shown) == []


def test_the_chinese_walk_names_what_chinese_pages_show() -> None:
    with PO.open("rb") as file:
        ids = [message.id for message in read_po(file)]
    shown = {plain(text) for it in ids for text in ([it] if isinstance(it, str) else it)}
    named = names_in("README.md", "1. **登录。**", "## 不用网站也能算")
    assert len(named) > 80
    unknown = {name for name in named - shown if not SIGN_IN.fullmatch(name)}
    assert sorted(unknown) == sorted(NO_TEXTS)


def test_words_that_english_keeps_apart_are_not_one_text() -> None:
    """The watch starts and ends; a competition has a first and a last day."""
    with PO.open("rb") as file:
        shown = {str(message.id): message.string for message in read_po(file)}
    told = {text: shown[text] for text in ("开始", "结束", "开始日期", "结束日期", "空位子")}
    assert told == {
        "开始": "Start",
        "结束": "End",
        "开始日期": "First day",
        "结束日期": "Last day",
        "空位子": "free",
    }
    assert shown["申请解锁"] == "Ask to unlock"


@pytest.mark.parametrize(
    ("page", "first", "last", "who"),
    [
        ("README.md", "1. **登录。**", "## 自己的竞赛", "组委会|裁判|选手"),
        ("README.md", "1. **部门和链接。**", "## 不用网站", "组委会|部门的人"),
        ("README.en.md", "1. **Sign in.**", "## A competition", "rganiser|Judges|Anybody"),
        ("README.en.md", "1. **Departments", "## Without", "rganiser|recorder|supervisor"),
    ],
)
def test_each_step_begins_with_who_does_it(page: str, first: str, last: str, who: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    steps = re.split(r"\n(?=\d+\. \*\*)", text[text.index(first) : text.index(last)])
    assert len(steps) > 6
    begun = {step.partition("**")[2][:120] for step in steps}
    assert [each for each in begun if not re.search(who, each)] == []
