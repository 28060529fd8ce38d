"""Checks of indicators: where they are asked, and what their way of scoring needs."""

from decimal import Decimal

from compete.domain.bundle.checks.amounts import note_above_zero, note_below_zero
from compete.domain.bundle.checks.codes import Codes, note_repeats, nowhere
from compete.domain.bundle.labour_types import Labour, Scoring
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.values.kinds import ScoringType
from compete.domain.values.messages import msg


def note_indicators(labour: Labour, periods: Codes, leaves: set[str], problems: Problems) -> None:
    path = "labour.indicators"
    note_repeats(labour.indicators, path, problems)
    for index, indicator in enumerate(labour.indicators):
        where = f"{path}[{index}]"
        note_below_zero(indicator.max, f"{where}.max", problems)
        for place, code in enumerate(indicator.periods):
            note_leaf(code, periods, leaves, f"{where}.periods[{place}]", problems)
        if indicator.scoring is not UNREADABLE:
            _note_scoring(indicator.scoring, f"{where}.scoring", problems)


def note_leaf(code: str, periods: Codes, leaves: set[str], path: str, problems: Problems) -> None:
    """Note a code at `path` that is not that of a period without parts."""
    if periods.lacks(code):
        problems.add(path, nowhere(code, "labour.periods"))
    elif code in periods.by_code and code not in leaves:
        problems.add(path, msg("时段 %(code)s 下面还有时段，这里要写最下层的", code=code))


def _note_scoring(scoring: Scoring, path: str, problems: Problems) -> None:
    match scoring.type:
        case ScoringType.COMPLETION:
            note_above_zero(scoring.cap, f"{path}.cap", problems)
        case ScoringType.LINEAR:
            _note_linear(scoring, path, problems)
        case ScoringType.DEDUCTION:
            _note_points(scoring, False, f"{path}.points", problems)
        case ScoringType.RANK:
            _note_points(scoring, True, f"{path}.points", problems)


def _note_linear(scoring: Scoring, path: str, problems: Problems) -> None:
    for key in ("zero_at", "full_at"):
        if getattr(scoring, key) is None:
            problems.add(f"{path}.{key}", msg("linear 要有“%(key)s”", key=key))
    if scoring.zero_at is not None and scoring.zero_at == scoring.full_at:
        problems.add(f"{path}.full_at", msg("满分线（full_at）和 0 分线（zero_at）不能相同"))


def _note_points(scoring: Scoring, is_list: bool, path: str, problems: Problems) -> None:
    """Note points not as the type wants them: for each fault, or a list for each rank."""
    points = scoring.points
    if points is UNREADABLE:
        return
    if is_list and not (isinstance(points, tuple) and points):
        problems.add(path, msg("rank 要有“points”，写成各名次得分的列表"))
    elif not is_list and not isinstance(points, Decimal):
        problems.add(path, msg("deduction 要有“points”，写成每次扣的分"))
    elif isinstance(points, Decimal):
        note_below_zero(points, path, problems)
