"""Explanations of a unit's move since the period before, in shares of what both periods ask.

What one of the two alone asks is never a cause, and what moved against a move explains it not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from compete.domain.labour.outcome import Outcome
from compete.domain.labour.shares import Movement, moved_since
from compete.domain.labour.totals import PLACES
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.points import readable, round_half_up, show

_HALF = Fraction(1, 2)
NAMED = 2
"""So many causes are named at most: one where it makes more than half of the move."""


class Change(msgspec.Struct, frozen=True):
    """One part of a move: the share of it before and now, and what it moved of the whole.

    `code` is the indicator's, None for points up and down. `asked` is how many points it could
    bring in either period.
    """

    code: str | None
    name: Message | str
    was: Fraction
    now: Fraction
    asked: tuple[Fraction, Fraction]
    moved: Fraction

    @property
    def words(self) -> Message:
        """The change in words: the share before and now, of points up and down the points."""
        if self.code is None:
            was, now = (
                _signed_points(share * full)
                for share, full in zip((self.was, self.now), self.asked, strict=True)
            )
        else:
            was, now = percent(self.was), percent(self.now)
        return msg("%(name)s %(was)s → %(now)s", name=self.name, was=was, now=now)


def changes_since(outcome: Outcome, before: str, period: str, unit: str) -> list[Change]:
    """Changes of a unit's shares, the most first; none without a total in both periods."""
    movement = moved_since(outcome, before, period, unit)
    return [] if movement is None else changes_in(outcome, movement)


def changes_in(outcome: Outcome, movement: Movement) -> list[Change]:
    """The changes that make a move, the most first."""
    names = outcome.field.labour.indicator_names
    changes = [
        Change(
            part.code,
            msg("加减分") if part.code is None else names[part.code],
            part.was,
            part.now,
            part.asked,
            part.moved,
        )
        for part in movement.parts
        if part.moved
    ]
    return sorted(changes, key=lambda change: -abs(change.moved))


def causes_of(changes: Sequence[Change], sign: int) -> list[Change]:
    """The causes of a move up (1) or down (-1): the largest that way, a second if it is too few.

    None where the shares together did not move that way: then others moved.
    """
    if sum((change.moved for change in changes), Fraction(0)) * sign <= 0:
        return []
    causes = [change for change in changes if change.moved * sign > 0]
    whole = sum((change.moved for change in causes), Fraction(0))
    enough = abs(causes[0].moved) > abs(whole) * _HALF
    return causes[: 1 if enough else NAMED]


def others_words(sign: int) -> Message:
    """Say that a unit's place moved by what others did."""
    return msg("自己没降，别家升得多") if sign < 0 else msg("自己没升，别家降得多")


def percent(share: Fraction) -> str:
    """A share in per cent, with a decimal where it has one."""
    tenths = round_half_up(share * 100, 1, 1)
    text = show(abs(tenths), 1).removesuffix(".0")
    return f"{'−' if tenths < 0 else ''}{text}%"


def signed_percent(share: Fraction) -> str:
    """More or less of a share in per cent: `+2.3%`, `−0.5%`."""
    return percent(share) if share < 0 else f"+{percent(share)}"


def signed(hundredths: int) -> str:
    """Write points more or less in figures: `+1.13`, `−0.05`, `0.00`."""
    sign = "+" if hundredths > 0 else "−" if hundredths < 0 else ""
    return sign + show(abs(hundredths), PLACES)


def _signed_points(points: Fraction) -> str:
    """Points more or less, with as many decimals as they need."""
    text = readable(abs(points), PLACES).rstrip("…")
    return f"{'−' if points < 0 else '+'}{text}" if points else text


def once_words(outcome: Outcome, movement: Movement) -> Message | None:
    """Say which indicators one of the two periods alone asks; None where both ask the same."""
    if not movement.once:
        return None
    names = outcome.field.labour.indicator_names
    sentence = msg("只有一期考的不比：%(names)s", names=listed([names[it] for it in movement.once]))
    was, now = (readable(points, PLACES).rstrip("…") for points in movement.full)
    if was == now:
        return sentence
    return msg("满分 %(was)s → %(now)s，%(said)s", was=was, now=now, said=sentence)


def causes_words(outcome: Outcome, before: str, period: str, unit: str) -> Message | None:
    """The sentence that says what moved a unit; None without a total in both periods.

    By the way that its rank moved, else by the way of its share.
    """
    movement = moved_since(outcome, before, period, unit)
    if movement is None:
        return None
    changes = changes_in(outcome, movement)
    sign = _move_sign(outcome, before, period, unit, movement)
    causes: list[Message | str] = [change.words for change in causes_of(changes, sign)]
    if not causes:
        still = msg("有升有降") if changes else msg("各项都没变")
        causes = [others_words(sign) if sign else still]
    params = {"was": percent(movement.was), "now": percent(movement.now)}
    sentence = msg(
        "得分率 %(was)s → %(now)s：%(causes)s", **params, causes=listed(causes, msg("，"))
    )
    once = once_words(outcome, movement)
    return sentence if once is None else msg("%(said)s；%(more)s", said=sentence, more=once)


def _move_sign(outcome: Outcome, before: str, period: str, unit: str, movement: Movement) -> int:
    """The way of a unit's move: that of its rank, where that is another, else its share's."""
    then, now = (outcome.ranks.get((code, unit)) for code in (before, period))
    if then is not None and now is not None and then != now:
        return 1 if now < then else -1
    return (movement.moved > 0) - (movement.moved < 0)


def named_changes(outcome: Outcome, before: str, period: str, unit: str) -> list[Change]:
    """The changes that `causes_words` names."""
    movement = moved_since(outcome, before, period, unit)
    if movement is None:
        return []
    sign = _move_sign(outcome, before, period, unit, movement)
    return causes_of(changes_in(outcome, movement), sign)
