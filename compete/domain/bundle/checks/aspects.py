"""An aspect: what its type needs."""

from compete.domain.bundle.checks.amounts import note_above_zero, note_least
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.types import Aspect
from compete.domain.values import AspectType, msg

_NEEDED = {
    AspectType.DEDUCTION: ("points",),
    AspectType.TIME: ("full_at", "zero_at"),
}


def note_aspect(aspect: Aspect, path: str, problems: Problems) -> None:
    note_least(aspect.max, 0, f"{path}.max", problems)
    note_least(aspect.factor, 0, f"{path}.factor", problems)
    for key in _NEEDED.get(aspect.type, ()):
        if getattr(aspect, key) is None:
            problems.add(
                f"{path}.{key}",
                msg("%(type)s 评分点要有“%(key)s”", type=aspect.type.value, key=key),
            )
    if aspect.type == AspectType.SCORE:
        note_above_zero(aspect.step, f"{path}.step", problems)
    elif aspect.type == AspectType.MEASUREMENT:
        for index, band in enumerate(aspect.bands):
            note_least(band.within, 0, f"{path}.bands[{index}].within", problems)
    elif aspect.type == AspectType.DEDUCTION:
        note_least(aspect.points, 0, f"{path}.points", problems)
    elif aspect.type == AspectType.TIME:
        _note_times(aspect, path, problems)


def _note_times(aspect: Aspect, path: str, problems: Problems) -> None:
    """The time for full marks is the shorter one."""
    note_least(aspect.full_at, 0, f"{path}.full_at", problems)
    if (
        aspect.full_at is not None
        and aspect.zero_at is not None
        and aspect.zero_at <= aspect.full_at
    ):
        problems.add(f"{path}.zero_at", msg("zero_at 应当大于 full_at"))
