"""What codes in results stand for, looked up in the bundle they came from."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from compete.domain.bundle import AwardRow, Bundle, Entrant, Team
from compete.domain.values import Message, msg

STATUS_WORDS = {
    "incomplete": msg("没评完"),
    "dns": msg("缺考"),
    "dsq": msg("取消成绩"),
}

GROUP_WORDS = {"worker": msg("职工"), "teacher": msg("教师"), "student": msg("学生")}


class Names:
    """People, teams and units of a bundle by code."""

    def __init__(self, bundle: Bundle) -> None:
        self.entrants = {entrant.code: entrant for entrant in bundle.entrants}
        self.teams = {team.code: team for team in bundle.teams}
        self._units = {unit.code: unit.name for unit in bundle.units}

    def unit(self, code: str) -> str:
        """A unit's name; its code if the bundle doesn't list it."""
        return self._units.get(code, code)

    def team(self, code: str | None) -> str | None:
        """A team's name, or none for no team."""
        return None if code is None else self.teams[code].name

    def person(self, code: str) -> Entrant:
        """An entrant."""
        return self.entrants[code]

    def team_of(self, code: str) -> Team:
        """A team."""
        return self.teams[code]


def status_word(status: str) -> Message | str:
    """Why somebody has no rank; nothing for those who have one."""
    return STATUS_WORDS.get(status, "")


def points(text: str | None) -> Decimal | None:
    """Points with the places they were published with."""
    return None if text is None else Decimal(text)


def award_names(
    rows: Iterable[AwardRow] | None, named: dict[str, str], field: str
) -> dict[str, list[str]]:
    """The names of awards by the `entrant` or `team` that got them, single items aside."""
    found: dict[str, list[str]] = {}
    for row in rows or ():
        code = getattr(row, field)
        if code is not None and row.item is None:
            found.setdefault(code, []).append(named[row.award])
    return found
