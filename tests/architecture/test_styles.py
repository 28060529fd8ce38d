"""No style stays behind when what it dressed has gone."""

from __future__ import annotations

import re
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from compete.domain import values

ROOT = Path(__file__).resolve().parents[2]
# Classes put together from a beginning and a value, as `state-{{ state }}`; and those that
# the grid's library gives to what it draws.
BUILT = re.compile(r"(?:face|icon|line|place|rank|state|tick)-\w+|tabulator(?:-[a-z]+)*")


def text_of(folder: str, *endings: str) -> str:
    files = sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in endings)
    assert files
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


# Read by the one worker that tries them: every worker keeps what stands in a file.
def styles() -> str:
    return re.sub(r"/\*.*?\*/", "", text_of("static/css", ".css"), flags=re.DOTALL)


def pages() -> str:
    texts = [text_of("templates", ".html", ".svg"), text_of("static/js", ".js")]
    return "\n".join([*texts, text_of("compete", ".py")])


def test_every_class_that_is_dressed_is_worn() -> None:
    selectors = " ".join(re.findall(r"([^{}]+)\{", styles()))
    dressed = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))
    worn = set(re.findall(r"[\w-]+", pages()))
    assert sorted(name for name in dressed - worn if not BUILT.fullmatch(name)) == []


def test_every_class_that_is_worn_is_dressed_or_asked_for() -> None:
    """A class that no style knows once left the line of the working time without an edge."""
    html = text_of("templates", ".html")
    worn = {name for names in re.findall(r'class="([^"{}]*)"', html) for name in names.split()}
    dressed = set(re.findall(r"\.([a-zA-Z][\w-]*)", styles()))
    asked = set(re.findall(r"[\w-]+", text_of("static/js", ".js") + text_of("tests", ".py")))
    assert sorted(worn - dressed - asked) == []


def test_every_colour_and_measure_that_is_named_is_used() -> None:
    named = set(re.findall(r"(--[\w-]+)\s*:", styles()))
    used = set(re.findall(r"var\((--[\w-]+)", styles())) | set(re.findall(r"--[\w-]+", pages()))
    assert sorted(named - used) == []


def states() -> set[str]:
    """What a template may write as a class: the value of any state."""
    kinds = [
        vars(import_module(module.name))
        for module in walk_packages(values.__path__, "compete.domain.values.")
    ]
    return {
        state.value
        for kind in kinds
        for made in kind.values()
        if isinstance(made, type) and issubclass(made, StrEnum) and made.__name__.endswith("State")
        for state in made
    }


def test_no_style_takes_a_state_for_a_part_of_a_page() -> None:
    """`.proposed`, a list under a field, once laid a filter of that state over the whole page."""
    assert {"proposed", "granted", "previewed"} <= states()
    selectors = {
        selector.strip()
        for chosen in re.findall(r"([^{}]+)\{", styles())
        for selector in chosen.split(",")
    }
    assert sorted(selectors & {f".{state}" for state in states()}) == []


def test_a_filter_carries_its_key_as_data_and_not_as_a_class() -> None:
    html = text_of("templates", ".html")
    assert len(re.findall(r'class="count-filter" data-key=', html)) > 5
    assert re.findall(r'class="count-filter [^"]*"', html) == []
