"""A figure with its interval, or the reason why there is none."""

from __future__ import annotations

import math

import msgspec

from compete.domain.values.messages import Message


class Estimate(msgspec.Struct, frozen=True):
    """`value` with the bounds of its interval (95 % unless said otherwise).

    `value` is None where too little is known, and `reason` says what is
    missing. Bounds are None where a value has no interval of its own. `count`
    is how many observations it rests on.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    count: int = 0
    reason: Message | None = None

    @property
    def clear(self) -> bool:
        """True if the interval leaves 0 out."""
        return self.low is not None and self.high is not None and self.low * self.high > 0


def unknown(reason: Message, count: int = 0) -> Estimate:
    """No value, and why."""
    return Estimate(None, count=count, reason=reason)


def around(value: float, error: float, freedom: float, count: int, level: float) -> Estimate:
    """A value with its t interval: `error` is its standard error, `freedom` the degrees."""
    half = t_quantile((1 + level) / 2, freedom) * error
    return Estimate(value, value - half, value + half, count)


def t_quantile(share: float, freedom: float) -> float:
    """The quantile of Student's t."""
    from scipy.special import stdtrit

    return stdtrit(freedom, share).item()  # type: ignore[no-any-return]


def t_chance(value: float, freedom: float) -> float:
    """The chance of a t as far from 0 as this, on either side."""
    from scipy.special import stdtr

    return 2 * stdtr(freedom, -abs(value)).item()  # type: ignore[no-any-return]


def f_quantile(share: float, above: float, below: float) -> float:
    """The quantile of F with these degrees of freedom above and below the line."""
    from scipy.special import fdtri

    return fdtri(above, below, share).item()  # type: ignore[no-any-return]


def mean(values: list[float]) -> float:
    """The mean, summed without loss."""
    return math.fsum(values) / len(values)


def squares(values: list[float]) -> float:
    """The sum of squares about the mean."""
    middle = mean(values)
    return math.fsum((value - middle) ** 2 for value in values)
