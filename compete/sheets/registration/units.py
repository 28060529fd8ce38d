"""Units that rows may name: known ones, ones listed to be made, and ones made as they come."""

from __future__ import annotations

from dataclasses import replace

from compete.domain.values.messages import listed, msg
from compete.sheets.registration.cells import RowCheck
from compete.sheets.registration.choices import Choices, not_known
from compete.sheets.registration.codes import CodeMaker
from compete.sheets.registration.people import RegistrationOffer
from compete.sheets.registration.plan import NewUnit
from compete.sheets.registration.table import RawSheet
from compete.sheets.registration.unit_sheet import read_unit_sheet
from compete.sheets.texts import same_name_key

_PREFIX = "U"
_WIDTH = 2


class Units:
    """Checks and finds units by what a row says; listed ones are made at once."""

    def __init__(
        self, offer: RegistrationOffer, sheet: RawSheet | None, *, allow_new: bool
    ) -> None:
        self._choices = Choices((unit.code, unit.name) for unit in offer.units)
        self.names = {unit.code: unit.name for unit in offer.units}
        self._allow_new = allow_new
        self._closed = not offer.new_units
        self.new: dict[str, NewUnit] = {}
        self.sheet = read_unit_sheet(sheet, self._choices)
        listed = list(self.sheet.listed.values())
        self._codes = CodeMaker([*self.names, *(unit.code for unit in listed if unit.code)])
        made = [
            self._make(NewUnit(unit.code, unit.name, unit.credit_code, None, unit.row.number))
            for unit in listed
        ]
        for unit, source in zip(made, listed, strict=True):
            if source.parent:
                parent = self._choices.find(source.parent)
                self.new[unit.code] = replace(unit, parent=parent)

    def check(self, check: RowCheck, text: str) -> None:
        """Note a problem if the row cannot belong to the unit it names."""
        if self._choices.find(text) is not None:
            return
        row = self.sheet.refused.get(same_name_key(text))
        if row is not None:
            check.problem("unit", msg("“单位”页第 %(row)s 行有错，先改那里", row=row))
            return
        guess = self._choices.guess(text)
        if self._allow_new:
            check.notes.append(msg("“%(unit)s”是新单位，会一起建", unit=text))
            if guess:
                check.notes.append(msg("和“%(guess)s”很像，看看是不是写错了", guess=guess))
        elif guess:
            check.problem("unit", not_known(text, guess), best=guess)
        elif self._closed:
            own = listed(self.names.values())
            check.problem(
                "unit", msg("写的是“%(found)s”，这里只能报“%(unit)s”的人", found=text, unit=own)
            )
        else:
            check.problem("unit", msg("名单里没有“%(found)s”", found=text))

    def code(self, text: str) -> str:
        """The unit's code; one that passed `check` and is not there yet is made now."""
        return self._choices.find(text) or self._make(NewUnit("", text)).code

    def name(self, text: str) -> str:
        """The name as it is kept, or as written where nothing is kept yet."""
        code = self._choices.find(text)
        return self.names[code] if code else text

    def _make(self, unit: NewUnit) -> NewUnit:
        if not unit.code:
            unit = replace(unit, code=self._codes.next(_PREFIX, _WIDTH))
        self.new[unit.code] = unit
        self.names[unit.code] = unit.name
        self._choices.add(unit.code, unit.name)
        return unit
