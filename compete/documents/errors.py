"""Errors of printing, in words for the person who pressed the button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.domain.values.messages import Message, ToldError, listed, msg

TOO_LONG = "too long: "
"""The beginning of a template's error for a text that is in no size small enough."""

_LONGEST = 40
"""Characters of a name that are enough to tell who is meant."""


class DocumentError(ToldError, ValueError):
    """Error: a document could not be made; `message` says why and what to do."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A person whose paper was not printed, or was printed with 〓 in it (`marked`), and why."""

    who: str | Message
    why: Message
    marked: bool = False

    @property
    def message(self) -> Message:
        """The person and the reason, in one line."""
        who = self.who
        if isinstance(who, str) and len(who) > _LONGEST:
            who = who[: _LONGEST - 1] + "…"
        return msg("%(who)s：%(why)s", who=who, why=self.why)


class NothingPrinted(DocumentError):  # noqa: N818 - named for what happened
    """Error: nobody is left to print; `left_out` gives each reason, the message the first."""

    def __init__(self, left_out: Sequence[LeftOut]) -> None:
        self.left_out = tuple(left_out)
        first = self.left_out[0].message
        more = len(self.left_out) - 1
        super().__init__(
            msg("没有印。%(first)s。", first=first)
            if not more
            else msg("没有印。%(first)s。另有 %(more)s 份也印不了。", first=first, more=more)
        )


class PhotoUnreadable(DocumentError):  # noqa: N818 - named for what happened
    """Error: a photo is not a JPEG or PNG picture, or is damaged."""

    def __init__(self, who: str) -> None:
        self.who = who
        super().__init__(msg("%(who)s：照片打不开。请换一张 JPG 或 PNG 照片再印。", who=who))


class TypesettingFailed(DocumentError):  # noqa: N818 - named for what happened
    """Error: Typst refused the page; `why` is its own text, or in words which text is too long."""

    def __init__(self, template: str, detail: str) -> None:
        start = detail.partition(TOO_LONG)[2]
        self.why = msg("太长，放不下：%(start)s…", start=start) if start else detail
        super().__init__(
            msg("版式 %(template)s 排不出来：%(why)s", template=template, why=self.why)
        )


def glyphs_missing(characters: Sequence[str]) -> Message:
    """Name characters that no font here draws, with their code points, and say what helps."""
    shown = with_code_points(characters)
    return msg("字体里没有%(characters)s，把有这个字的字体放进字体文件夹再印", characters=shown)


def with_code_points(characters: Sequence[str]) -> Message | str:
    """Write characters as they look and by number, for readers who don't see them either."""
    return listed(msg("“%(char)s”（%(point)s）", char=c, point=_code_points(c)) for c in characters)


def _code_points(character: str) -> str:
    """Write a code point: `U+9FAB`; two of them for a character with a variation selector."""
    return " ".join(f"U+{ord(part):04X}" for part in character)
