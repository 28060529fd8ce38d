"""Rows that name one crew, put together: 组合, each member a row."""

from __future__ import annotations

from collections import Counter, defaultdict

from compete.domain.eligibility import Rule
from compete.domain.values.messages import Message, msg
from compete.sheets.registration.choices import CodeMaker
from compete.sheets.registration.draft import Draft
from compete.sheets.registration.people import KnownEntrant, KnownPeople
from compete.sheets.registration.units import Units
from compete.sheets.texts import same_name_key

_Key = tuple[str, str, str]
"""The event's code, the unit's name and the crew's name, the names reduced."""

_CODE_WIDTH = 3


class Crews:
    """Crews of a workbook and of the list. Feed it every row, then `check`, then place members."""

    def __init__(self, known: KnownPeople, units: Units) -> None:
        self._units = units
        self._closed = known.crews_closed
        self._taken = {entrant.code for entrant in known.entrants}
        self._sizes = Counter(each.crew_code for each in known.entrants if each.crew_code)
        self._codes = {
            self._key(each.event, units.names[each.unit], each.name): each.code
            for each in known.entrants
            if each.is_crew
        }
        self._there = set(self._codes)
        self._rows: dict[_Key, list[Draft]] = defaultdict(list)

    def feed(self, draft: Draft, found: KnownEntrant | None) -> None:
        """Check what a row says of its crew; who is new in one waits for `check`."""
        said = draft.said
        if said.code:
            self._taken.add(said.code)
        if found is not None and found.crew_code is not None:
            self._stays(draft, found)
        elif said.crew is None:
            if said.role is not None:
                draft.check.problem("role", msg("写了职责，就要写组合"))
        elif found is not None:
            draft.check.problem(
                "crew",
                msg("%(code)s %(name)s 已经一个人报了名", code=found.code, name=found.name),
            )
        if said.crew is not None and found is None and said.event and said.unit:
            self._rows[self._of(draft)].append(draft)

    def check(self, unfit: dict[int, tuple[Rule, ...]]) -> None:
        """A new crew is written whole or not at all, and has two people or more.

        `unfit` is by row; who waits for an unfit partner is let in by the same word.
        """
        for key, rows in self._rows.items():
            crew = rows[0].said.crew
            if key in self._there:
                if self._closed:
                    self._refuse(rows, msg("评分已经开始，组合“%(crew)s”不再加人", crew=crew))
                continue
            if len(rows) == 1:
                self._refuse(rows, msg("组合“%(crew)s”只有 1 个人，组合要两人以上", crew=crew))
                continue
            bad = [draft for draft in rows if draft.refused]
            good = [draft for draft in rows if not draft.refused]
            if bad and good:
                numbers = bad[0].check.sheet.row_name(bad[0].row.number)
                self._refuse(good, msg("组合里第 %(row)s 行有错，改好一起写入", row=numbers))
                if all(draft.row.number in unfit for draft in bad):
                    rules = unfit[bad[0].row.number]
                    unfit.update({draft.row.number: rules for draft in good})

    def place(self, draft: Draft, codes: CodeMaker) -> tuple[str, str]:
        """The code of a new member's crew, and the member's own."""
        said, key = draft.said, self._of(draft)
        if key not in self._codes:
            assert said.event
            self._codes[key] = codes.next(said.event.code_prefix, _CODE_WIDTH)
        crew = self._codes[key]
        code = said.code
        while code is None or (code in self._taken and code != said.code):
            self._sizes[crew] += 1
            code = f"{crew}-{self._sizes[crew]}"
        self._taken.add(code)
        return crew, code

    def _stays(self, draft: Draft, found: KnownEntrant) -> None:
        """Who is in a crew of the list stays in it, and the crew in its unit."""
        said = draft.said
        if "crew" in said.given and same_name_key(said.crew or "") != same_name_key(
            found.crew or ""
        ):
            draft.check.problem("crew", msg("已经在组合“%(crew)s”里", crew=found.crew))
        unit = self._units.names[found.unit]
        if said.unit and same_name_key(self._units.name(said.unit)) != same_name_key(unit):
            draft.check.problem(
                "unit",
                msg("组合“%(crew)s”是%(unit)s的，在它的页上更正", crew=found.crew, unit=unit),
            )

    def _of(self, draft: Draft) -> _Key:
        said = draft.said
        assert said.event
        assert said.unit
        assert said.crew
        return self._key(said.event.code, self._units.name(said.unit), said.crew)

    @staticmethod
    def _key(event: str, unit: str, crew: str) -> _Key:
        return event, same_name_key(unit), same_name_key(crew)

    @staticmethod
    def _refuse(rows: list[Draft], why: Message) -> None:
        for draft in rows:
            draft.check.problem("crew", why)
