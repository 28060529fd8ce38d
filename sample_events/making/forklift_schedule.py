"""When and where everybody is expected at the port forklift competition."""

from __future__ import annotations

from typing import Any

from making.forklift_people import HELD_BACK, PLACES, STATIONS, THEORY_JUDGE, code

SESSIONS = (
    ("第1场", "2022-09-16T08:10", "2022-09-16T08:40", "2022-09-16T09:30", 24),
    ("第2场", "2022-09-16T09:00", "2022-09-16T09:30", "2022-09-16T10:20", 12),
    ("第3场", "2022-09-16T09:50", "2022-09-16T10:20", "2022-09-16T11:10", 10),
)
"""Name, check-in, start, end, contestants."""

WALK_STATION = "2号工位"
"""Where the two judges of the walk sit, so the newcomers are sent there."""


def _order() -> list[tuple[str, str]]:
    """Everybody's session and station, by turns; the newcomers of the walk come last."""
    names = list(STATIONS)
    seats = [
        (session, names[turn % len(names)])
        for session, _, _, _, size in SESSIONS
        for turn in range(size)
    ]
    last = SESSIONS[-1][0]
    return seats[: len(PLACES) - len(HELD_BACK)] + [(last, WALK_STATION)] * len(HELD_BACK)


_PLACE = {code(number): seat for number, seat in enumerate(_order(), start=1)}


def station_of(who: str) -> str:
    """Where a contestant drives."""
    return _PLACE[who][1]


def schedule() -> list[dict[str, Any]]:
    """One entry for the theory paper, one for each session at each station."""
    entries = [
        {
            "event": "FORK",
            "stage": "final",
            "module": "theory",
            "session": "理论考试",
            "check_in": "2022-09-15T13:30",
            "starts": "2022-09-15T14:00",
            "ends": "2022-09-15T15:30",
            "station": "第1考场",
            "judges": [THEORY_JUDGE],
            "entrants": list(_PLACE),
        }
    ]
    for session, check_in, starts, ends, _ in SESSIONS:
        for station, panel in STATIONS.items():
            who = [one for one, seat in _PLACE.items() if seat == (session, station)]
            if who:
                entries.append(
                    {
                        "event": "FORK",
                        "stage": "final",
                        "module": "driving",
                        "session": session,
                        "check_in": check_in,
                        "starts": starts,
                        "ends": ends,
                        "station": station,
                        "judges": list(panel),
                        "entrants": who,
                    }
                )
    return entries
