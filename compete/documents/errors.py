"""Why a document was not printed, in words for whoever pressed the button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.domain.values import Message, msg


class DocumentError(ValueError):
    """A document that could not be made; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class GlyphProblem:
    """Characters that no font here can draw, and on whose paper they stand."""

    who: str | Message
    characters: tuple[str, ...]

    @property
    def message(self) -> Message:
        """The person and each character with its code point."""
        shown = "、".join(f"“{c}”（{code_points(c)}）" for c in self.characters)
        return msg("%(who)s：字体里没有%(characters)s", who=self.who, characters=shown)


class GlyphsMissing(DocumentError):  # noqa: N818 - named for what happened
    """Printing was stopped because a box would have stood in someone's name."""

    def __init__(self, problems: Sequence[GlyphProblem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0].message
        if len(self.problems) == 1:
            message = msg(
                "%(first)s。先不印。把有这个字的字体放进字体文件夹，再印一次。", first=first
            )
        else:
            message = msg(
                "%(first)s。另有 %(more)s 份也缺字。先不印。"
                "把有这些字的字体放进字体文件夹，再印一次。",
                first=first,
                more=len(self.problems) - 1,
            )
        super().__init__(message)


class PhotoUnreadable(DocumentError):  # noqa: N818 - named for what happened
    """A photo that is not a JPEG or PNG picture, or is damaged."""

    def __init__(self, who: str) -> None:
        self.who = who
        super().__init__(msg("%(who)s：照片打不开。请换一张 JPG 或 PNG 照片再印。", who=who))


class TypesettingFailed(DocumentError):  # noqa: N818 - named for what happened
    """Typst refused the page; `detail` is its own text, for the log."""

    def __init__(self, template: str, detail: str) -> None:
        self.detail = detail
        super().__init__(
            msg("版式 %(template)s 排不出来：%(detail)s", template=template, detail=detail)
        )


def code_points(character: str) -> str:
    """`U+9FAB`; two of them for a character with a variation selector."""
    return " ".join(f"U+{ord(part):04X}" for part in character)
