"""Numbers that must lie within bounds of their own."""

from decimal import Decimal

from compete.domain.bundle.event_types import Module, Part
from compete.domain.bundle.problems import Problems
from compete.domain.values.bounds import not_above_zero, too_low
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain


def note_below_zero(number: Decimal | None, path: str, problems: Problems) -> None:
    """Note a number, if it is given, that is less than 0."""
    fault = too_low(number, 0)
    if fault is not None:
        problems.add(path, fault)


def note_above_zero(number: Decimal | None, path: str, problems: Problems) -> None:
    """Note a number, if it is given, that is not more than 0."""
    fault = not_above_zero(number)
    if fault is not None:
        problems.add(path, fault)


def note_pass(scored: Module | Part, path: str, problems: Problems) -> None:
    """Note a pass mark that is not on the scale of full marks."""
    mark = scored.pass_
    if mark is not None and (mark < 0 or mark > scored.full):
        problems.add(
            f"{path}.pass",
            msg(
                "及格线是 %(found)s，应当在 0 到满分 %(full)s 之间",
                found=plain(mark),
                full=plain(scored.full),
            ),
        )
