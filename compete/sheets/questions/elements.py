"""Elements of an XML file of questions, each with its text and elements in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from compete.domain.values.messages import msg
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import local_name, walk_elements

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_DEEPEST = 100
"""Whoever writes questions nests no deeper."""


@dataclass(slots=True)
class Element:
    """An element by its name without prefix; `content` is its texts and elements in turn."""

    name: str
    attributes: dict[str, str]
    content: list[str | Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text, without that of what stands in it."""
        return "".join(it for it in self.content if isinstance(it, str)).strip()

    @property
    def children(self) -> list[Element]:
        """The elements that stand in it directly."""
        return [it for it in self.content if isinstance(it, Element)]

    def all(self, name: str) -> list[Element]:
        """Its elements of a name."""
        return [it for it in self.children if it.name == name]

    def within(self) -> Iterator[Element]:
        """Every element in it at any depth, in the order of the file."""
        for it in self.children:
            yield it
            yield from it.within()

    def words(self, name: str) -> str:
        """The text of the first of a name, whether or not it stands in a `text` of its own."""
        first = next(iter(self.all(name)), None)
        return "" if first is None else first.inner

    @property
    def inner(self) -> str:
        """Its text, or that of the first `text` in it."""
        inside = next(iter(self.all("text")), None)
        return self.text if inside is None else inside.text


def encoded(text: str) -> bytes:
    """Decoded XML for the parser: what its first line says of its encoding holds no longer."""
    text = _DECLARATION.sub(lambda match: "\n" * match[0].count("\n"), text)
    return text.encode("utf-8", "replace")


def elements_of(xml: bytes, name: str) -> list[tuple[int, Element]]:
    """The elements of a name that stand in none of their own, each with its line.

    `WorkbookError` for XML that is broken or has a document type.
    """
    reader = _Reader(name)
    walk_elements(xml, reader.start, text=reader.text, end=reader.end, at_line=reader.at_line)
    return reader.elements


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.elements: list[tuple[int, Element]] = []
        self.line = 0
        self.open: list[Element] = []

    def at_line(self, line: int) -> None:
        self.line = line

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local_name(name)
        if not self.open and name != self.name:
            return
        if len(self.open) == _DEEPEST:
            raise WorkbookError(msg("文件里一层套一层太深，没有读"))
        element = Element(name, attributes)
        if self.open:
            self.open[-1].content.append(element)
        else:
            self.elements.append((self.line, element))
        self.open.append(element)

    def text(self, piece: str) -> None:
        if self.open:
            self.open[-1].content.append(piece)

    def end(self, _name: str) -> None:
        if self.open:
            self.open.pop()
