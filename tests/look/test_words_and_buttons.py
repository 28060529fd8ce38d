"""A desk page explains itself in a few words; its head has one filled button and two beside it.

What is data, a name or an act is no explanation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import template_rendered

from tests.look.house import House
from tests.look.pages import PAGES

MOST = 120
"""Characters of explanation outside tables, headings, fields, rows and buttons."""
BESIDE = 3
"""Two buttons and 更多."""

CEREMONY = (
    "who does what on which device is told before the seals: afterwards nothing can be put right"
)
MORE: dict[str, tuple[int, str]] = {
    "organiser/schedule/draws/ceremony.html": (147, CEREMONY),
    "organiser/rules/events/rules.html": (
        164,
        "once judging began it is told what may still change",
    ),
    "organiser/registration/upload.html": (
        126,
        "usual mistakes are told before a file is made",
    ),
}
"""Templates that may say more, how much, and why; a line goes once its page says less."""

# Round the words of a page itself, so that data is told from them.
BEGIN, END = "\ue000", "\ue001"
HOLE = re.compile(r"%\(\w+\)s")

VOID = {"input", "br", "img", "link", "meta", "hr", "use", "source", "col", "path", "wbr"}
_APART = {
    *("table", "h1", "h2", "h3", "h4", "label", "button", "summary", "nav", "template", "dialog"),
    *("svg", "dl", "select", "textarea", "option", "legend", "th", "time", "blockquote", "ol"),
    *("script", "style", "b", "strong", "a"),
}
_APART_CLASSES = {
    *("button", "chip", "state", "field", "rows", "spoken", "above-title", "below-title"),
    *("field-error", "errors", "hash-words", "print-foot", "matches", "journal", "segments"),
}
_TOLD = {"p"}
_TOLD_CLASSES = {"hint", "message"}


class Explained(HTMLParser):
    """The characters of a page's body that explain."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._open: list[tuple[str, str]] = []
        """Each open element with what it does to its text: tells it, keeps it apart, or neither."""
        self._own = 0
        """Whether the text is the page's own words, and not a name or what somebody wrote."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        named = dict(attrs)
        classes = set((named.get("class") or "").split())
        folded = tag == "details" and "open" not in named
        wrong = named.get("role") == "alert"
        does = ""
        if tag in _APART or classes & _APART_CLASSES or folded or wrong or "hidden" in named:
            does = "apart"
        elif tag == "main":
            does = "main"
        elif tag in _TOLD or classes & _TOLD_CLASSES:
            does = "told"
        self._open.append((tag, does))

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag not in VOID:
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        does = {purpose for _tag, purpose in self._open}
        explains = "main" in does and "told" in does and "apart" not in does
        for part in re.split(f"([{BEGIN}{END}])", data):
            self._own += (part == BEGIN) - (part == END)
            if explains and self._own and part != BEGIN:
                self.words += part.split()


class Head(HTMLParser):
    """The buttons that are seen in the head of a page, by their classes."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[set[str]] = []
        self.menus = 0
        self._open: list[tuple[str, set[str]]] = []

    def _within(self, name: str) -> bool:
        return any(name in classes for _tag, classes in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        named = dict(attrs)
        classes = set((named.get("class") or "").split())
        folded = any(self._within(name) for name in ("menu-list", "fold-body", "drawer-body"))
        if self._within("page-head") and not folded:
            # A selector has its choice for a name.
            self.menus += tag == "summary" and self._within("menu") and "aria-label" not in named
            if "button" in classes and not self._within("menu") and "hidden" not in named:
                self.buttons.append(classes)
        self._open.append((tag, classes))

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag not in VOID:
            if self._open.pop()[0] == tag:
                return


def marked(text: str) -> str:
    """A text with its words marked, and what comes into its holes left out."""
    return BEGIN + HOLE.sub(lambda hole: END + hole[0] + BEGIN, text) + END


@dataclass
class Drawn:
    """A page of the desk as it was drawn."""

    name: str
    template: str
    words: str
    head: Head


@pytest.fixture(scope="module")
def drawn(house: House) -> list[Drawn]:
    """Every page of the desk, with its own words told from what it shows."""
    env, pages, names = house.app.jinja_env, [], list[str]()
    was = dict(env.globals)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        marked, lambda text, other, n: marked(text if n == 1 else other), newstyle=True
    )

    def note(_app: object, template: Any, **_more: Any) -> None:
        names.append(template.name)

    with template_rendered.connected_to(note, house.app):
        for look in PAGES:
            names.clear()
            page = house.client(look.who).get(house.path(look)).text
            if names and names[0].startswith("organiser/"):
                explained, head = Explained(), Head()
                explained.feed(page)
                head.feed(page)
                pages.append(
                    Drawn(look.name, names[0], "".join(dict.fromkeys(explained.words)), head)
                )
    # Not installed again: what stood there would be wrapped twice, and other files share the house.
    env.globals.update(was)
    return pages


def test_a_desk_page_explains_itself_in_few_words(drawn: list[Drawn]) -> None:
    wordy = [
        (page.name, len(page.words), page.words)
        for page in drawn
        if len(page.words) > MORE.get(page.template, (MOST, ""))[0]
    ]
    assert wordy == []


@pytest.mark.parametrize("template", MORE)
def test_no_page_may_say_more_than_it_does(template: str, drawn: list[Drawn]) -> None:
    most = max(len(page.words) for page in drawn if page.template == template)
    assert most == MORE[template][0]


def test_a_head_has_few_buttons_and_one_of_them_filled(drawn: list[Drawn]) -> None:
    many = []
    for page in drawn:
        filled = sum("primary" in classes for classes in page.head.buttons)
        if filled > 1 or len(page.head.buttons) - filled + page.head.menus > BESIDE:
            many.append((page.name, page.head.buttons))
    assert many == []
