"""What can be held against judges: differences that fair judges do not show.

The marks of one person differ by the judges alone. Each thing that a judge may do is a line
through those differences (Seber & Lee 2003, Linear Regression Analysis, chapter 4): a mark less
the mean of those who marked the same person, on

- severity: 1;
- own_unit: whether the person is of the judge's unit, less its mean;
- drift: the hour, less its mean;
- spread: the mean that the person got, less the mean of these (on fair marks it says nothing of
  the differences, Pitman 1939).

The strongest is looked at first, by its t. One level holds for everything that is looked at in a
competition (Bonferroni): if all its judges are fair, anything is said in at most five of a
hundred; errors need not be normal, since the chance of each line is corrected by what the
differences of all judges look like (saddlepoint of their own distribution, Lugannani & Rice 1980).
Whoever is named is left out, and the others are looked at among themselves, so that
nobody is named for a neighbour. Where another judge fits nearly as well nobody is named; where
two cannot be told apart at all, as in a panel of two, both are.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from compete.domain.reliability.estimate import Estimate, mean, squares, t_chance, t_quantile
from compete.domain.reliability.panels import Panel, panel_levels, whole_panels
from compete.domain.reliability.readings import Reading, by_entrant
from compete.domain.reliability.tails import normal_tail, tail_of_sum

FindingKind = Literal["severity", "spread", "own_unit", "drift", "panel"]

# Of competitions with fair judges, the share in which a judge, and a panel, may be named:
# together 0.05, with room for errors that are not quite normal.
_LEVEL_OF_JUDGES, _LEVEL_OF_PANELS = 0.025, 0.005
LEAST_PEOPLE = 5
_LEAST_TIMED = 6
_LEAST_SPREAD = 8
# Of errors that are not normal the mean says a little of the differences.
_SPREAD_TIMES = 4
_LEAST_OWN = 2
# Shares of the full marks, and of the panel's own spread, from which a difference is worth a word.
WORTH_A_WORD = 0.02
NARROW, WIDE = -0.4, 0.6
# Two whose differences are so near to each other's mirror image cannot be told apart.
_MIRRORED = 0.9
# A name is given where it is twenty times as likely as any other judge's.
_TIMES_AS_LIKELY = math.log(20)
# Squares below this share of the marks' own are nothing but rounding.
_NOTHING = 1e-18


class Finding(msgspec.Struct, frozen=True):
    """One thing that is said of one judge, or of a panel by the first of its judges.

    `value` is in points of a sheet, above 0 where more is given than by the others: for `drift`
    from the judge's first sheet to the last, for `spread` at one standard deviation of the
    panel's means. `low` and `high` bound it at the level of the whole competition. `either`
    names all judges of whom it may be true, where that cannot be told.
    """

    judge: str
    kind: FindingKind
    value: float
    low: float
    high: float
    either: tuple[str, ...] = ()


class Findings(msgspec.Struct, frozen=True):
    """All findings of one module, the strongest first, and the judges who can be compared.

    `blind` says that the error of the marks cannot be told, so that nothing is said.
    """

    findings: tuple[Finding, ...]
    compared: frozenset[str]
    blind: bool

    @property
    def named(self) -> frozenset[str]:
        """The judges against whom something is held, alone or with another."""
        return frozenset(
            judge
            for finding in self.findings
            if finding.kind != "panel"
            for judge in finding.either or (finding.judge,)
        )


class _Row(NamedTuple):
    """A judge's mark for one of `seen` judges' people: its distance from their mean, `middle`."""

    reading: Reading
    apart: float
    middle: float
    seen: int


class _Line(NamedTuple):
    """A line through one judge's differences; `left` is the sum of squares that it leaves.

    `weights` are what the difference is held against, by entrant; a slope of 1 is `points`.
    """

    judge: str
    kind: FindingKind
    weights: dict[str, float]
    slope: float
    error: float
    left: float
    chance: float
    points: float


def find(readings: Sequence[Reading], full: float, share: float = 1.0) -> Findings:
    """Find what can be held against the judges of one module whose sheets have `full` marks.

    `share` is this module's part of all that is looked at in the competition.
    """
    named: list[Finding] = []
    away: set[str] = set()
    table = _rows(readings, away)
    lines, freedom = _lines(table)
    looked_at = max(len(lines), 1)
    chance = _LEVEL_OF_JUDGES * share / looked_at
    compared = frozenset(line.judge for line in lines)
    blind = bool(table) and freedom > 0 and not lines and _are_seen(table)
    while True:
        line, either = _strongest(lines, table, freedom, chance, full)
        if line is None:
            break
        named += _of_one(line, either, table, freedom, chance, full)
        away |= {line.judge, *either}
        table = _rows(readings, away)
        lines, freedom = _lines(table)
    unsure = {judge for finding in named for judge in finding.either}
    named += _of_panels(readings, away, unsure, full, share)
    return Findings(tuple(named), compared, blind)


def _are_seen(table: Mapping[str, Sequence[_Row]]) -> bool:
    return any(len(rows) >= LEAST_PEOPLE for rows in table.values())


def _rows(readings: Sequence[Reading], away: Collection[str]) -> dict[str, list[_Row]]:
    """The rows of each judge who is not away, over people whom at least two such have marked."""
    rows: dict[str, list[_Row]] = defaultdict(list)
    here = [reading for reading in readings if reading.judge not in away]
    for group in by_entrant(here).values():
        middle = mean([reading.marks for reading in group])
        for reading in group:
            rows[reading.judge].append(_Row(reading, reading.marks - middle, middle, len(group)))
    return dict(sorted(rows.items()))


def _lines(table: Mapping[str, Sequence[_Row]]) -> tuple[list[_Line], int]:
    """All lines through all judges' rows, and the degrees of freedom that one leaves."""
    rows = [row for own in table.values() for row in own]
    freedom = len(rows) - len({row.reading.entrant for row in rows}) - 1
    whole = math.fsum(row.apart**2 for row in rows)
    if freedom < 1:
        return [], freedom
    return [line for own in table.values() for line in _of_judge(own, whole, freedom)], freedom


def _of_judge(own: Sequence[_Row], whole: float, freedom: int) -> Iterator[_Line]:
    """The lines through one judge's rows; none of a judge who saw too few."""
    if len(own) < LEAST_PEOPLE:
        return
    least = _NOTHING * math.fsum(row.reading.marks**2 for row in own)
    for kind, points, weights in _weights(own):
        across = math.fsum(
            weight**2 * (1 - 1 / row.seen) for weight, row in zip(weights, own, strict=True)
        )
        if not across:
            continue
        slope = math.fsum(weight * row.apart for weight, row in zip(weights, own, strict=True))
        slope /= across
        left = whole - slope**2 * across
        if left <= least:
            continue
        error = math.sqrt(left / freedom / across)
        yield _Line(
            judge=own[0].reading.judge,
            kind=kind,
            weights={row.reading.entrant: x for row, x in zip(own, weights, strict=True)},
            slope=slope,
            error=error,
            left=left,
            chance=t_chance(slope / error, freedom) * (_SPREAD_TIMES if kind == "spread" else 1),
            points=points,
        )


def _weights(own: Sequence[_Row]) -> Iterator[tuple[FindingKind, float, list[float]]]:
    """Each kind with what one is in points, and what the judge's rows are held against."""
    yield "severity", 1.0, [1.0] * len(own)
    middles = [row.middle for row in own]
    wide = math.sqrt(squares(middles) / (len(middles) - 1))
    if wide and len(own) >= _LEAST_SPREAD:
        yield "spread", wide, _about_mean(middles)
    theirs = [1.0 if row.reading.own else 0.0 for row in own]
    if _LEAST_OWN <= sum(theirs) <= len(own) - _LEAST_OWN:
        yield "own_unit", 1.0, _about_mean(theirs)
    hours = [row.reading.hour for row in own]
    known = [hour for hour in hours if hour is not None]
    if len(known) >= _LEAST_TIMED and max(known) > min(known):
        middle = mean(known)
        away = [0.0 if hour is None else hour - middle for hour in hours]
        yield "drift", max(known) - min(known), away


def _about_mean(values: list[float]) -> list[float]:
    middle = mean(values)
    return [value - middle for value in values]


def _strongest(
    lines: Sequence[_Line],
    table: Mapping[str, Sequence[_Row]],
    freedom: int,
    chance: float,
    full: float,
) -> tuple[_Line | None, tuple[str, ...]]:
    """The strongest line that names somebody, and who else it may be; none if nobody."""
    for line in sorted(lines, key=lambda candidate: candidate.chance):
        if line.chance > chance:
            break
        if not _matters(line, full) or _unlike_normal(line, table) * line.chance > chance:
            continue
        rivals = [
            other
            for other in lines
            if other.judge != line.judge and other.weights.keys() & line.weights.keys()
        ]
        mirrors = {other.judge for other in rivals if _mirrored(line, other, lines)}
        if all(
            other.judge in mirrors or _likelier(line, other, freedom) >= _TIMES_AS_LIKELY
            for other in rivals
        ):
            return line, tuple(sorted({line.judge, *mirrors})) if mirrors else ()
    return None, ()


def _unlike_normal(line: _Line, table: Mapping[str, Sequence[_Row]]) -> float:
    """How many times as often as on normal errors so strong a line comes by chance, at least 1.

    Worked out of the differences of all judges after this line, each as large as one judge's
    among as many as there are on the mean.
    """
    left = []
    for judge, rows in table.items():
        for row in rows:
            weight = line.weights.get(row.reading.entrant, 0.0)
            share = 1 - 1 / row.seen if judge == line.judge else -1 / row.seen
            left.append((row.apart - line.slope * weight * share) / math.sqrt(1 - 1 / row.seen))
    sizes = [
        line.weights[row.reading.entrant] * math.sqrt(1 - 1 / row.seen) for row in table[line.judge]
    ]
    wide = math.sqrt(mean([value**2 for value in left]) * math.fsum(size**2 for size in sizes))
    reached = line.slope * math.fsum(size**2 for size in sizes)
    usual = normal_tail(abs(reached) / wide)
    return max(tail_of_sum(left, sizes, reached) / usual, 1.0) if usual else 1.0


def _likelier(line: _Line, other: _Line, freedom: int) -> float:
    """The logarithm of how many times as likely the marks are by one line as by the other."""
    return freedom / 2 * math.log(other.left / line.left)


def _mirrored(line: _Line, other: _Line, lines: Sequence[_Line]) -> bool:
    """True if two judges' lines of a kind say the same of the same people, with the sign turned."""
    if other.kind != line.kind or len(line.weights) != len(other.weights):
        return False
    if line.weights.keys() != other.weights.keys():
        return False
    # Only two saw these people: with a third the two lines are no mirror images.
    third = any(
        judge.judge not in {line.judge, other.judge} and judge.weights.keys() & line.weights.keys()
        for judge in lines
    )
    if third:
        return False
    products = math.fsum(line.weights[who] * other.weights[who] for who in line.weights)
    sizes = math.fsum(x**2 for x in line.weights.values()) * math.fsum(
        x**2 for x in other.weights.values()
    )
    return abs(products) > _MIRRORED * math.sqrt(sizes)


def _matters(line: _Line, full: float) -> bool:
    if line.kind == "spread":
        return not NARROW < line.slope < WIDE
    return abs(line.slope * line.points) >= WORTH_A_WORD * full


def _of_one(
    line: _Line,
    either: tuple[str, ...],
    table: Mapping[str, Sequence[_Row]],
    freedom: int,
    chance: float,
    full: float,
) -> list[Finding]:
    """What is held against one judge: the strongest line, and what is left after it."""
    own, kept = list(table[line.judge]), [line]
    whole = line.left
    while True:
        latest = kept[-1]
        own = [
            row._replace(
                apart=row.apart
                - latest.slope * latest.weights[row.reading.entrant] * (1 - 1 / row.seen)
            )
            for row in own
        ]
        freedom -= 1
        if freedom < 1:
            break
        kinds = {earlier.kind for earlier in kept}
        more = [
            candidate
            for candidate in _of_judge(own, whole, freedom)
            if candidate.kind not in kinds
            and candidate.chance <= chance
            and _matters(candidate, full)
        ]
        if not more:
            break
        kept.append(min(more, key=lambda candidate: candidate.chance))
        whole = kept[-1].left
    return [
        _finding(stronger, either, freedom + len(kept) - place, chance)
        for place, stronger in enumerate(kept)
    ]


def _finding(line: _Line, either: tuple[str, ...], freedom: int, chance: float) -> Finding:
    half = t_quantile(1 - chance / 2, max(freedom, 1)) * line.error * line.points
    value = line.slope * line.points
    return Finding(line.judge, line.kind, value, value - half, value + half, either)


def _of_panels(
    readings: Sequence[Reading],
    away: Collection[str],
    unsure: Collection[str],
    full: float,
    share: float,
) -> list[Finding]:
    """Panels that give otherwise than the others, by the marks of whom nothing is held against."""
    panels = _comparable_panels(readings, away, unsure)
    levels = panel_levels(panels, 1 - _LEVEL_OF_PANELS * share, LEAST_PEOPLE)
    return [
        Finding(panel.judges[0], "panel", *bounds)
        for panel, level in zip(panels, levels, strict=True)
        if (bounds := _bounds(level)) and level.clear and abs(bounds[0]) >= WORTH_A_WORD * full
    ]


def _bounds(level: Estimate) -> tuple[float, float, float] | None:
    if level.value is None or level.low is None or level.high is None:
        return None
    return level.value, level.low, level.high


def _comparable_panels(
    readings: Sequence[Reading], away: Collection[str], unsure: Collection[str]
) -> list[Panel]:
    """The panels as they sat, by those of their judges who are not `away`.

    One in which somebody is `unsure` tells nothing, nor does one of whom nobody is left.
    """
    panels = []
    for panel in whole_panels(readings):
        places = [place for place, judge in enumerate(panel.judges) if judge not in away]
        if places and not set(panel.judges) & set(unsure):
            table = tuple(tuple(row[place] for place in places) for row in panel.table)
            panels.append(msgspec.structs.replace(panel, table=table))
    return panels
