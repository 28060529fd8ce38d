"""Checks of a bundle before it is loaded: what the database cannot keep as the file says it."""

from __future__ import annotations

from decimal import Decimal

from compete.domain.bundle import types
from compete.domain.bundle.crews import participants
from compete.domain.values.messages import msg
from compete.models.types import PointsError, scaled
from compete.services.kernel.refusal import invalid
from compete.services.kernel.text_limits import check_text
from compete.services.labour.rules import long_rule_names
from compete.services.rules.rules_saving import fine_difficulties, refuse_long_names


def check_loadable(bundle: types.Bundle) -> None:
    """Refuse a bundle that the database cannot keep, or in which somebody stands twice."""
    _check_numbers(bundle)
    _check_people(bundle)
    for event in bundle.events:
        refuse_long_names(event)


def _check_numbers(bundle: types.Bundle) -> None:
    """The database keeps six decimal places; a finer number is refused, not bent."""
    checked: set[Decimal | bool] = set()
    for index, mark in enumerate(bundle.marks):
        if mark.value not in checked:
            _keepable(mark.value, f"marks[{index}].value")
            checked.add(mark.value)
        check_text(mark.at or "", 40)
    for place, event in enumerate(bundle.events):
        for problem in fine_difficulties(event):
            path = f"events[{place}].{problem.path}"
            raise invalid(msg("%(path)s：%(why)s", path=path, why=problem.message))
    for index, penalty in enumerate(bundle.penalties):
        _keepable(penalty.points or 0, f"penalties[{index}].points")
        _keepable(penalty.seconds or 0, f"penalties[{index}].seconds")
    for index, time in enumerate(bundle.times):
        _keepable(time.seconds, f"times[{index}].seconds")
    if bundle.labour is not None:
        # Names longer than the desk takes: else its form could not be saved any more.
        for problem in long_rule_names(bundle.labour):
            raise invalid(msg("labour.%(path)s：%(why)s", path=problem.path, why=problem.message))
        for index, value in enumerate(bundle.labour.values):
            if value.value not in checked:
                _keepable(value.value, f"labour.values[{index}].value")
                checked.add(value.value)
            if value.target is not None and value.target not in checked:
                _keepable(value.target, f"labour.values[{index}].target")
                checked.add(value.target)
        for index, adjustment in enumerate(bundle.labour.adjustments):
            _keepable(adjustment.points, f"labour.adjustments[{index}].points")


def _check_people(bundle: types.Bundle) -> None:
    """Refuse people who stand twice in one event: the database finds people by ID number."""
    seen: dict[tuple[str, str], str] = {}
    for entrant in bundle.entrants:
        for person in participants(entrant):
            if person.id_number is None:
                continue
            code = person.member or person.entrant
            first = seen.setdefault((entrant.event, person.id_number), code)
            if first != code:
                raise invalid(
                    msg(
                        "选手 %(first)s 和 %(second)s 的证件号码一样，"
                        "同一个人不能在一个赛项里出现两次",
                        first=first,
                        second=code,
                    )
                )


def _keepable(value: Decimal | int | bool, path: str) -> None:
    try:
        scaled(Decimal(value))
    except PointsError:
        raise invalid(
            msg(
                "%(path)s：%(value)s 存不下，最多 6 位小数、12 位整数",
                path=path,
                value=str(value),
            )
        ) from None
