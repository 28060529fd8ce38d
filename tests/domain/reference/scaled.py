"""Standard scores, found by trying figures against the exact inequality, without any root."""

from fractions import Fraction

from tests.domain.reference.numbers import number


def scaled_of(event):
    """code → standard score, of those ranked in the last stage."""
    last, scale = event.stages[-1], event.event["scale"]
    totals = {code: last.totals[code] for code in last.entrants if last.status[code] == "ranked"}
    if not totals:
        return {}
    ordered = sorted(totals.values())
    mean = sum(ordered) / len(ordered)
    lower, upper = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    middle = mean if scale.get("centre", "median") == "mean" else (lower + upper) / 2
    square = sum((x - mean) ** 2 for x in ordered) / len(ordered)
    if scale.get("spread", "sd") == "none":
        square = Fraction(1)
    at, of, places = number(scale.get("at", 700)), number(scale["of"]), scale.get("places", 0)
    if square == 0:
        return {code: nearest(at, Fraction(0), Fraction(1), places) for code in totals}
    return {code: nearest(at, of * (x - middle), square, places) for code, x in totals.items()}


def nearest(at, away, square, places):
    """Of all figures with so many places the one nearest to at + away ÷ √square."""
    unit = Fraction(1, 10**places)

    def is_at_least(edge):
        """Whether the value is at or above the edge, from squares alone."""
        rest = edge - at
        if rest <= 0 and away >= 0:
            return True
        if rest > 0 and away < 0:
            return False
        squares = away * away / square
        return squares >= rest * rest if away >= 0 else squares <= rest * rest

    low, high = -(10**30), 10**30
    while high - low > 1:
        middle = (low + high) // 2
        if is_at_least(middle * unit):
            low = middle
        else:
            high = middle
    edge = low * unit + unit / 2
    # A half goes away from zero: up above it, below it down unless the value is beyond the edge.
    is_beyond = is_at_least(edge)
    if edge < 0 and is_beyond and not away_from(at, away, square, edge):
        is_beyond = False
    return (low + 1) * unit if is_beyond else low * unit


def away_from(at, away, square, edge):
    """Whether the value is another than the edge."""
    rest = edge - at
    return away * away / square != rest * rest or (away > 0) != (rest > 0)
