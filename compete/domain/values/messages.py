"""Sentences that can be translated later: a text with holes, and what fills them.

The domain never knows the reader's language. It returns `Message`s whose text
is the Chinese sentence, which is also its key in the translation catalogue;
whoever shows one renders it through a `gettext` of the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Translate = Callable[[str], str]
"""A function that turns a Chinese sentence, or a part of one, into the reader's language."""


class Message:
    """A sentence with named holes in `%(name)s` form.

    `params` may hold texts, whole numbers, or further messages, which are
    rendered in the same language.
    """

    # Written by hand: `dataclasses` alone takes as long to load as Python does.
    __slots__ = ("params", "text")

    def __init__(self, text: str, params: dict[str, object] | None = None) -> None:
        self.text = text
        self.params = params or {}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return self.text == other.text and self.params == other.params

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Message({self.text!r}, {self.params!r})"

    def render(self, translate: Translate | None = None) -> str:
        """The sentence in the language of `translate`; Chinese without one."""
        text = translate(self.text) if translate else self.text
        if not self.params:
            return text.replace("%%", "%")
        filled = {
            name: value.render(translate) if isinstance(value, Message) else value
            for name, value in self.params.items()
        }
        return text % filled

    def __str__(self) -> str:
        return self.render()


def msg(text: str, /, **params: object) -> Message:
    """Make a `Message`. Extraction for the catalogue looks for calls of this name."""
    return Message(text, params)


class ToldError(Exception):
    """Error: something that is told in a sentence for people, its `message`."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def listed(names: Iterable[Message | str], mark: Message | None = None) -> Message | str:
    """The names as a list in the reader's language: `甲、乙、丙`, or with commas between.

    `mark` is what stands between them where that is another.
    """
    names = list(names)
    if len(names) < 2:
        return names[0] if names else ""
    mark = mark or msg("、")
    holes = [f"%(name{number})s" for number in range(len(names))]
    filled: dict[str, object] = {f"name{number}": name for number, name in enumerate(names)}
    return Message("%(mark)s".join(holes), filled | {"mark": mark})


def some_of(
    names: Sequence[Message | str], most: int = 4, number: int | None = None
) -> Message | str:
    """Name the first few, and how many there are where these are not all.

    `number` is given where more are meant than are handed over.
    """
    shown = listed(names[:most])
    number = len(names) if number is None else number
    if number <= most:
        return shown
    return msg("%(names)s 等 %(n)s 个", names=shown, n=number)
