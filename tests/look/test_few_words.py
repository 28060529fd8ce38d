"""A desk page explains itself in a few words; what is data, a name or an act is not explanation."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from jinja2 import Environment

from tests.look.environment import environment
from tests.look.pages import PAGES, Look

MOST = 120
"""Characters of explanation outside tables, headings, fields, rows and buttons."""

CEREMONY = (
    "who does what on which device is told before the seals: afterwards nothing can be put right"
)
MORE: dict[str, tuple[int, str]] = {
    "organiser/draws/ceremony.html": (143, CEREMONY),
    "organiser/events/rules.html": (458, "each rule says what it does where it is set"),
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
        self.found: list[str] = []
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
        does = {each for _tag, each in self._open}
        explains = "main" in does and "told" in does and "apart" not in does
        for part in re.split(f"([{BEGIN}{END}])", data):
            self._own += (part == BEGIN) - (part == END)
            if explains and self._own and part != BEGIN:
                self.found += part.split()


LOOKS = [look for look in PAGES if look.template.startswith("organiser/")]


def marked(text: str) -> str:
    """A text with its words marked, and what comes into its holes left out."""
    return BEGIN + HOLE.sub(lambda hole: END + hole[0] + BEGIN, text) + END


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The templates, with a page's own words marked."""
    jinja = environment(tmp_path_factory.mktemp("words"))
    jinja.install_gettext_callables(  # type: ignore[attr-defined]
        marked, lambda text, other, n: marked(text if n == 1 else other), newstyle=True
    )
    return jinja


def words_of(look: Look, pages: Environment) -> str:
    """All that the page explains, in its own words."""
    page = Explained()
    page.feed(pages.get_template(look.template).render(**look.sample()))
    return "".join(page.found)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_desk_page_explains_itself_in_few_words(look: Look, pages: Environment) -> None:
    said = words_of(look, pages)
    most, _why = MORE.get(look.template, (MOST, ""))
    assert len(said) <= most, said


@pytest.mark.parametrize("template", MORE)
def test_no_page_may_say_more_than_it_does(template: str, pages: Environment) -> None:
    most, _why = MORE[template]
    looks = [look for look in LOOKS if look.template == template]
    assert max(len(words_of(look, pages)) for look in looks) == most
