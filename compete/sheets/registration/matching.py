"""Matching of rows: with each other, as crews (组合), and with people registered already."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from compete.domain.eligibility import Rule
from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, listed, msg
from compete.sheets.registration.cells import LONGEST_CODE
from compete.sheets.registration.columns import PEOPLE_COLUMNS
from compete.sheets.registration.draft import Draft
from compete.sheets.registration.packed_rows import PackedRows
from compete.sheets.registration.people import KnownEntrant, KnownPeople
from compete.sheets.registration.table import RawRow
from compete.sheets.registration.units import CODE_WIDTH, CodeMaker, Units
from compete.sheets.texts import as_typed


class Repeats:
    """A finder of repeats in the file. Feed it the rows in their order."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], int] = {}
        self._names: dict[str, tuple[str, int]] = {}
        self._codes: dict[str, int] = {}
        self._rows: Mapping[int, RawRow] | None = None

    def earlier(self, draft: Draft) -> int | None:
        """The number of the row further up whose ID number this one repeats, or None."""
        key = draft.person_key
        if key is None:
            return None
        name, named = self._names.get(key, (draft.values.name, 0))
        event = draft.values.event
        number = self._people.get((event.code, key)) if event else None
        return number if number is not None or name == draft.values.name else named

    def check(self, draft: Draft) -> None:
        """Note a problem with the later row of two; the earlier one stands."""
        if draft.person_key is not None:
            self._same_person(draft, draft.person_key)
        code = draft.values.code
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

    def _same_person(self, draft: Draft, key: str) -> None:
        number = draft.row.number
        name_of = draft.check.sheet.row_name
        name = draft.values.name
        if name:
            first_name, first_row = self._names.setdefault(key, (name, number))
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
        event = draft.values.event
        if event:
            first = self._people.setdefault((event.code, key), number)
            if first != number:
                other = self._differing(draft, first)
                what = msg("与第 %(row)s 行是同一个人", row=name_of(first))
                if draft.id_key is None:
                    what = msg("与第 %(row)s 行同名同单位，没有号码分不开", row=name_of(first))
                elif other:
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
        before, now = _texts(earlier), _texts(draft.row)
        return [it.title for it in PEOPLE_COLUMNS if before.get(it.key, "") != now.get(it.key, "")]


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
        self._by_name: dict[tuple[str, str, str | None], list[KnownEntrant]] = defaultdict(list)
        for entrant in known.entrants:
            if not (entrant.is_crew or entrant.erased):
                names = same_name_key(entrant.name), units.names.get(entrant.unit)
                self._by_name[entrant.event, *names].append(entrant)
        self._names = {entrant.id_key: entrant.name for entrant in known.entrants if entrant.id_key}
        self._namesakes = {
            (entrant.name, units.names.get(entrant.unit)): entrant
            for entrant in known.entrants
            if entrant.id_key
        }

    def match(self, draft: Draft) -> KnownEntrant | None:
        """Find the entrant a row is about. Note a problem when its code is somebody else's."""
        event = draft.values.event
        if event is not None and draft.id_key is None and draft.person_key is not None:
            return self._match_by_name(draft, event.code)
        if event is None or draft.id_key is None:
            return None
        entrant = self._by_paper.get((event.code, draft.id_key))
        owner = self._by_code.get(draft.values.code or "")
        if entrant is None and owner is None:
            entrant = self._without_number(draft, event.code)
        if owner is None or owner is entrant:
            self._compare_names(draft, entrant)
            return entrant
        if entrant is None and owner.id_key is None and _same_entry(owner, draft):
            return owner
        draft.check.problem(
            "code",
            msg("%(code)s 已经是“%(name)s”的编号", code=owner.code, name=owner.name),
        )
        return entrant

    def _without_number(self, draft: Draft, event: str) -> KnownEntrant | None:
        """The only one of this name and unit who was entered without a number, and now has one."""
        there = [it for it in self._namesakes_in(draft, event) if it.id_key is None]
        return there[0] if len(there) == 1 and not there[0].withdrawn else None

    def _namesakes_in(self, draft: Draft, event: str) -> Sequence[KnownEntrant]:
        names = same_name_key(draft.values.name or ""), self._units.name(draft.values.unit or "")
        return self._by_name.get((event, *names), ())

    def _match_by_name(self, draft: Draft, event: str) -> KnownEntrant | None:
        """Find the entrant of a row without a number: by the code, else by name and unit."""
        namesakes = self._namesakes_in(draft, event)
        owner = self._by_code.get(draft.values.code or "")
        if owner is not None and owner not in namesakes:
            draft.check.problem(
                "code",
                msg("%(code)s 已经是“%(name)s”的编号", code=owner.code, name=owner.name),
            )
        elif owner is None and len(namesakes) > 1:
            why = msg("单位里有 %(n)s 个同名的，写编号或者证件号码", n=len(namesakes))
            draft.check.problem("id_number", why)
        return owner if owner in namesakes else namesakes[0] if len(namesakes) == 1 else None

    def note_elsewhere(self, draft: Draft) -> None:
        """Note of a row that will be added where its person is entered already."""
        if (there := self._by_person.get(draft.id_key or "")) is not None:
            draft.check.notes.append(
                msg(
                    "已经报了另一个赛项（%(who)s），写入就是两项都报；是改报的，把那一项退赛",
                    who=there.code if len(there.code) <= LONGEST_CODE else there.name,
                )
            )

    def _compare_names(self, draft: Draft, entrant: KnownEntrant | None) -> None:
        name = draft.values.name
        if entrant is not None and name and name != entrant.name:
            draft.check.notes.append(msg("姓名改了，看看是不是同一个人"))
        elif entrant is None and name:
            other = self._names.get(draft.id_key or "")
            namesake = self._namesakes.get((name, self._units.name(draft.values.unit or "")))
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


def _same_entry(owner: KnownEntrant, draft: Draft) -> bool:
    """True for an entrant registered by name only so far, and now with a paper."""
    event = draft.values.event
    # A crew has no number of its own either, and no row is about it; who was erased stays so.
    if owner.is_crew or owner.erased or event is None:
        return False
    return owner.event == event.code and owner.name == draft.values.name


_Key = tuple[str, str, str]
"""The event's code, the unit's name and the crew's name, the names reduced."""


class Crews:
    """The crews of a workbook and of the list. Feed it every row, `check`, then place members."""

    def __init__(self, known: KnownPeople, units: Units) -> None:
        self._units = units
        self._closed = known.crews_closed
        self._taken = {entrant.code for entrant in known.entrants}
        self._sizes = Counter(entrant.crew_code for entrant in known.entrants if entrant.crew_code)
        self._codes = {
            self._key(entrant.event, units.names[entrant.unit], entrant.name): entrant.code
            for entrant in known.entrants
            if entrant.is_crew
        }
        self._there = set(self._codes)
        self._rows: dict[_Key, list[Draft]] = defaultdict(list)

    def feed(self, draft: Draft, entrant: KnownEntrant | None) -> None:
        """Take what a row says of its crew; a person new in one waits for `check`."""
        fields = draft.values
        if fields.code:
            self._taken.add(fields.code)
        if entrant is not None and entrant.crew_code is not None:
            self._stays(draft, entrant)
        elif fields.crew is None:
            if fields.role is not None:
                draft.check.problem("role", msg("写了职责，就要写组合"))
        elif entrant is not None:
            draft.check.problem(
                "crew",
                msg("%(code)s %(name)s 已经一个人报了名", code=entrant.code, name=entrant.name),
            )
        if fields.crew is not None and entrant is None and fields.event and fields.unit:
            self._rows[self._of(draft)].append(draft)

    def check(self, unfit: dict[int, tuple[Rule, ...]]) -> None:
        """Check that a new crew is written whole or not at all, and has two people or more.

        `unfit` is by row; who waits for an unfit partner is let in by the same word.
        """
        for key, rows in self._rows.items():
            crew = rows[0].values.crew
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
        fields, key = draft.values, self._of(draft)
        if key not in self._codes:
            assert fields.event
            self._codes[key] = codes.next(fields.event.code_prefix, CODE_WIDTH)
        crew = self._codes[key]
        code = fields.code
        while code is None or (code in self._taken and code != fields.code):
            self._sizes[crew] += 1
            code = f"{crew}-{self._sizes[crew]}"
        self._taken.add(code)
        return crew, code

    def _stays(self, draft: Draft, entrant: KnownEntrant) -> None:
        """Keep a crew's member in the crew, and the crew in its unit: else a problem."""
        fields = draft.values
        if "crew" in fields.given and same_name_key(fields.crew or "") != same_name_key(
            entrant.crew or ""
        ):
            draft.check.problem("crew", msg("已经在组合“%(crew)s”里", crew=entrant.crew))
        unit = self._units.names[entrant.unit]
        if fields.unit and same_name_key(self._units.name(fields.unit)) != same_name_key(unit):
            draft.check.problem(
                "unit",
                msg("组合“%(crew)s”是%(unit)s的，在它的页上更正", crew=entrant.crew, unit=unit),
            )

    def _of(self, draft: Draft) -> _Key:
        fields = draft.values
        assert fields.event
        assert fields.unit
        assert fields.crew
        return self._key(fields.event.code, self._units.name(fields.unit), fields.crew)

    @staticmethod
    def _key(event: str, unit: str, crew: str) -> _Key:
        return event, same_name_key(unit), same_name_key(crew)

    @staticmethod
    def _refuse(rows: list[Draft], why: Message) -> None:
        for draft in rows:
            draft.check.problem("crew", why)
