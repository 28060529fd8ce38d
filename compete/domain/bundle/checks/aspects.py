"""Checks of an aspect: what its type needs."""

from compete.domain.aspects.kinds import keys_of_one_type, kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.checks.amounts import note_below_zero
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.values.messages import msg


def note_aspect(aspect: Aspect, path: str, problems: Problems) -> None:
    note_below_zero(aspect.max, f"{path}.max", problems)
    note_below_zero(aspect.factor, f"{path}.factor", problems)
    if aspect.type is UNREADABLE:
        return
    kind = kind_of(aspect)
    for key in kind.needed:
        if getattr(aspect, key) in (None, ()):
            problems.add(
                f"{path}.{key}",
                msg("%(type)s 评分点要有“%(key)s”", type=aspect.type.value, key=key),
            )
    for place, fault in kind.faults():
        problems.add(f"{path}.{place}", fault)


def warn_of_aspect(aspect: Aspect, path: str, warnings: Problems) -> None:
    for place, oddity in kind_of(aspect).oddities():
        warnings.add(f"{path}.{place}", oddity)
    for key, its in keys_of_one_type().items():
        if its is not aspect.type and getattr(aspect, key):
            warnings.add(
                f"{path}.{key}",
                msg("只有 %(type)s 评分点用得上 %(key)s", type=its.value, key=key),
            )
