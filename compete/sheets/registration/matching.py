"""Matching of rows: with each other, as crews (组合), and with people registered already."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from compete.domain.eligibility import Rule
from compete.domain.values.messages import Message, listed, msg
from compete.sheets.registration.cells import LONGEST_CODE
from compete.sheets.registration.columns import PEOPLE_COLUMNS
from compete.sheets.registration.draft import Draft
from compete.sheets.registration.packed_rows import PackedRows
from compete.sheets.registration.people import KnownEntrant, KnownPeople
from compete.sheets.registration.table import RawRow
from compete.sheets.registration.units import CodeMaker, Units
from compete.sheets.texts import as_typed, same_name_key


class Repeats:
    """A finder of repeats in the file. Feed it the rows in their order."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], int] = {}
        self._names: dict[str, tuple[str, int]] = {}
        self._codes: dict[str, int] = {}
        self._rows: Mapping[int, RawRow] | None = None

    def earlier(self, draft: Draft) -> int | None:
        """The number of the row further up whose ID number this one repeats, or None."""
        if draft.id_key is None:
            return None
        name, named = self._names.get(draft.id_key, (draft.said.name, 0))
        event = draft.said.event
        found = self._people.get((event.code, draft.id_key)) if event else None
        return found if found is not None or name == draft.said.name else named

    def check(self, draft: Draft) -> None:
        """Note a problem with the later row of two; the earlier one stands."""
        if draft.id_key is not None:
            self._same_person(draft, draft.id_key)
        code = draft.said.code
        if code is not None:
            first = self._codes.setdefault(code, draft.row.number)
            if first != draft.row.number:
                draft.check.problem(
                    "code",
                    msg(
                        "%(code)s 和第 %(row)s 行重了",
                        code=code,
                        row=draft.check.sheet.row_name(first),
                    ),
                )

    def _same_person(self, draft: Draft, id_key: str) -> None:
        number = draft.row.number
        name_of = draft.check.sheet.row_name
        name = draft.said.name
        if name:
            first_name, first_row = self._names.setdefault(id_key, (name, number))
            if first_name != name:
                draft.check.repeats(
                    first_row,
                    msg(
                        "和第 %(row)s 行的证件号码一样，那里的姓名是“%(name)s”",
                        row=name_of(first_row),
                        name=first_name,
                    ),
                )
                return
        event = draft.said.event
        if event:
            first = self._people.setdefault((event.code, id_key), number)
            if first != number:
                other = self._differing(draft, first)
                what = msg("与第 %(row)s 行是同一个人", row=name_of(first))
                if other:
                    what = msg(
                        "与第 %(row)s 行是同一个人，%(what)s不一样",
                        **{"row": name_of(first), "what": listed(other)},
                    )
                draft.check.repeats(first, what, twin=other == [])

    def _differing(self, draft: Draft, first: int) -> list[Message] | None:
        """The titles of the columns in which two rows differ; None where there are too many rows.

        A large file makes its rows anew whenever they are looked at.
        """
        rows = draft.check.sheet.rows
        if isinstance(rows, PackedRows):
            return None
        if self._rows is None:
            self._rows = {row.number: row for row in rows}
        earlier = self._rows.get(first)
        if earlier is None:
            return None
        said, now = _texts(earlier), _texts(draft.row)
        return [it.title for it in PEOPLE_COLUMNS if said.get(it.key, "") != now.get(it.key, "")]


def _texts(row: RawRow) -> dict[str, str]:
    """The texts of a row besides name and ID number, by the keys of its columns."""
    return {
        key: same_name_key(as_typed(cell))
        for key, cell in row.cells.items()
        if key not in ("name", "id_number")
    }


class Registered:
    """The registered people, found by event and paper, or by code."""

    def __init__(self, known: KnownPeople, units: Units) -> None:
        self._units = units
        self._by_paper = {
            (entrant.event, entrant.id_key): entrant
            for entrant in known.entrants
            if entrant.id_key is not None
        }
        self._by_person = {
            entrant.id_key: entrant
            for entrant in known.entrants
            if entrant.id_key is not None and not entrant.withdrawn
        }
        self._by_code = {entrant.code: entrant for entrant in known.entrants}
        self._names = {entrant.id_key: entrant.name for entrant in known.entrants if entrant.id_key}
        self._namesakes = {
            (entrant.name, units.names.get(entrant.unit)): entrant
            for entrant in known.entrants
            if entrant.id_key
        }

    def match(self, draft: Draft) -> KnownEntrant | None:
        """Find the entrant a row is about. Note a problem when its code is somebody else's."""
        event = draft.said.event
        if event is None or draft.id_key is None:
            return None
        found = self._by_paper.get((event.code, draft.id_key))
        owner = self._by_code.get(draft.said.code or "")
        if owner is None or owner is found:
            self._compare_names(draft, found)
            return found
        if found is None and owner.id_key is None and _same_entry(owner, draft):
            return owner
        draft.check.problem(
            "code",
            msg("%(code)s 已经是“%(name)s”的编号", code=owner.code, name=owner.name),
        )
        return found

    def _compare_names(self, draft: Draft, found: KnownEntrant | None) -> None:
        name = draft.said.name
        if found is not None and name and name != found.name:
            draft.check.notes.append(msg("姓名改了，看看是不是同一个人"))
        elif found is None and name:
            other = self._names.get(draft.id_key or "")
            namesake = self._namesakes.get((name, self._units.name(draft.said.unit or "")))
            if other is None and namesake is not None:
                # An applicant has a random code, which nobody knows.
                known_code = len(namesake.code) <= LONGEST_CODE
                draft.check.notes.append(
                    msg(
                        "和名单里的 %(who)s 同名同单位，证件号码不同：是更正号码的，"
                        "在他那一页更正；不是同一个人的，照样写入",
                        who=f"{namesake.code} {namesake.name}" if known_code else namesake.name,
                    )
                )
            elif other and other != name:
                draft.check.notes.append(
                    msg("在别的赛项报名时姓名是“%(name)s”，看看哪个对", name=other)
                )
            if (there := self._by_person.get(draft.id_key or "")) is not None:
                draft.check.notes.append(
                    msg(
                        "已经报了另一个赛项（%(who)s），写入就是两项都报；是改报的，把那一项退赛",
                        who=there.code if len(there.code) <= LONGEST_CODE else there.name,
                    )
                )


def _same_entry(owner: KnownEntrant, draft: Draft) -> bool:
    """True for an entrant registered by name only so far, and now with a paper."""
    event = draft.said.event
    # A crew has no number of its own either, and no row is about it; who was erased stays so.
    if owner.is_crew or owner.erased or event is None:
        return False
    return owner.event == event.code and owner.name == draft.said.name


_Key = tuple[str, str, str]
"""The event's code, the unit's name and the crew's name, the names reduced."""

_CODE_WIDTH = 3


class Crews:
    """The crews of a workbook and of the list. Feed it every row, `check`, then place members."""

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
        """Take what a row says of its crew; a person new in one waits for `check`."""
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
        """Check that a new crew is written whole or not at all, and has two people or more.

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
        """Keep a crew's member in the crew, and the crew in its unit: else a problem."""
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
