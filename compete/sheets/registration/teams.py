"""Teams that rows may name; a new name makes a new team of the row's event and unit."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.sheets.registration.cells import RowCheck
from compete.sheets.registration.codes import CodeMaker
from compete.sheets.registration.people import OfferedTeam, RegistrationOffer
from compete.sheets.registration.plan import NewTeam
from compete.sheets.texts import same_name_key

_PREFIX = "T"
_WIDTH = 2


class Teams:
    """Finds teams by event and name. Where two units use one name, the unit decides."""

    def __init__(self, offer: RegistrationOffer) -> None:
        self._by_name: dict[tuple[str, str], list[OfferedTeam]] = {}
        self.names: dict[str, str] = {}
        self._by_code = {team.code: team for team in offer.teams}
        self._by_unit: dict[tuple[str, str], list[OfferedTeam]] = {}
        for team in offer.teams:
            self._keep(team)
        self._codes = CodeMaker(self._by_code)
        self.new: list[NewTeam] = []

    def check(self, check: RowCheck, event: str, name: str) -> None:
        """Say so when the team would be a new one."""
        if (event, same_name_key(name)) not in self._by_name:
            check.notes.append(msg("“%(team)s”是新代表队，会一起建", team=name))

    def code(self, event: str, unit: str, name: str) -> str:
        """The team's code; a team that is not there yet is made."""
        found = self._by_name.get((event, same_name_key(name)))
        if found:
            own = [team for team in found if team.unit == unit]
            return (own or found)[0].code
        team = NewTeam(self._codes.next(_PREFIX, _WIDTH), name, event, unit)
        self.new.append(team)
        self._keep(OfferedTeam(team.code, name, event, unit))
        return team.code

    def follows_unit(self, team: str | None, event: str, unit: str) -> str | None:
        """Where somebody of this team stands after a move to `unit`, nothing being said of teams.

        A team of another unit was not tied to the old unit and stays; otherwise it
        becomes the new unit's only team in the event, or none.
        """
        old = self._by_code.get(team or "")
        if old is None:
            return None
        own = self._by_unit.get((event, unit), [])
        return own[0].code if len(own) == 1 else None

    def unit_of(self, team: str | None) -> str | None:
        """The unit of a team, by code."""
        found = self._by_code.get(team or "")
        return found.unit if found else None

    def _keep(self, team: OfferedTeam) -> None:
        self._by_name.setdefault((team.event, same_name_key(team.name)), []).append(team)
        self._by_unit.setdefault((team.event, team.unit), []).append(team)
        self._by_code[team.code] = team
        self.names[team.code] = team.name
