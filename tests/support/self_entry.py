"""Self-entry: people who enter themselves, as tests want them."""

from __future__ import annotations

from datetime import date

from compete.models import Account, Application, Competition
from compete.services.kernel.competition_settings import SelfEntry
from compete.services.registration.self_entry.own_entry import entry_under, hand_in_own, new_link
from compete.services.registration.self_entry.settings import change_self_entry
from tests.sheets.people import citizen_id

NUMBERS = [citizen_id(date(1992, 3, 4), 21 + 2 * place) for place in range(6)]


def switch_on(competition: Competition, by: Account, *, other_units: bool = False) -> None:
    """Let people enter themselves."""
    change_self_entry(competition, SelfEntry(open=True, other_units=other_units), by)


def typed(competition: Competition, place: int = 0, **more: str) -> dict[str, str]:
    """Typed fields of somebody of the first unit; everything that is asked."""
    return {
        "unit": competition.units[0].code,
        "name": f"自报{'甲乙丙丁戊己'[place]}",
        "id_number": NUMBERS[place],
        "phone": "13900001111",
        "grade": "4",
        "consent": "同意",
    } | more


def enter(
    competition: Competition, place: int = 0, photo: bytes | None = None, **more: str
) -> tuple[Application, str]:
    """Hand in an application; return it and its link."""
    link = hand_in_own(competition, typed(competition, place, **more), new_link(), photo)
    entry = entry_under(link)
    assert entry is not None
    return entry, link
