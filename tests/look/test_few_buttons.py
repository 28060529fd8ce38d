"""A desk page's head has one filled button, two beside it, and the rest under 更多."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from jinja2 import Environment

from tests.look.environment import environment
from tests.look.pages import PAGES, Look
from tests.look.test_few_words import VOID

BESIDE = 3
"""Two buttons and 更多."""
LOOKS = [look for look in PAGES if look.template.startswith("organiser/")]


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
        folded = any(self._within(each) for each in ("menu-list", "fold-body", "drawer-body"))
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


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The templates."""
    return environment(tmp_path_factory.mktemp("heads"))


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_head_has_few_buttons_and_one_of_them_filled(look: Look, pages: Environment) -> None:
    head = Head()
    head.feed(pages.get_template(look.template).render(**look.sample()))
    filled = sum("primary" in classes for classes in head.buttons)
    assert filled <= 1
    assert len(head.buttons) - filled + head.menus <= BESIDE
