"""Clashes: judges and contestants who should not meet, as declared and as units tell.

A pair may clash for several reasons; the hardest counts. All of it is worked out from what
the database says now, so that a draw, a move or a corrected unit is followed at once.

Ties (回避关系) are declared one by one or as lines of a table, and taken back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.seating import ClashKind, Weight
from compete.domain.stations import station_order
from compete.domain.values.days import months_later
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.roles import SCORING_ROLES, Role
from compete.language import FIRST, worded
from compete.models import (
    Account,
    Competition,
    Entrant,
    Event,
    Judge,
    JudgeTie,
    Member,
    Person,
    Slot,
    Unit,
    db,
    utc_now,
)
from compete.services.directory.merged import same_people, with_merged
from compete.services.directory.tree import lines_above
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import ClashRules, settings_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import check_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.mentors.mentor_ties import MentorTie, ties_of_people
from compete.services.schedule.settled_panels import claim_seating

KIND_WORDS = {
    ClashKind.KIN: msg("亲属"),
    ClashKind.MENTOR: msg("师徒"),
    ClashKind.COACH: msg("教练"),
    ClashKind.UNIT: msg("所在单位"),
}
"""The kinds that can be declared; a unit's name in the second place ties to all of it."""
LONGEST_NOTE = 200
MOST_LINES = 500
_OF_UNITS = (ClashKind.UNIT, ClashKind.COACH)
_SPLIT = str.maketrans("，、；;\t", ",,,,,")
_FIRST_YEAR = 1950
Row = TypeVar("Row", Judge, Entrant, Unit)


class TieLinesError(Refused):
    """A refusal of lines that cannot be read; `faults` say which and why. Nothing was written."""

    def __init__(self, faults: Sequence[tuple[int, Message]]) -> None:
        super().__init__(msg("有 %(n)s 行要改，一行都没有记", n=len(faults)), kind=Refusal.INVALID)
        self.faults = faults


def ties_of(competition: Competition) -> Sequence[JudgeTie]:
    """List the ties that stand, the newest first."""
    query = (
        select(JudgeTie)
        .where(JudgeTie.competition_id == competition.id, JudgeTie.ended_at.is_(None))
        .options(
            joinedload(JudgeTie.judge), joinedload(JudgeTie.entrant), joinedload(JudgeTie.unit)
        )
        .order_by(JudgeTie.id.desc())
    )
    return db.session.scalars(query).all()


def declare_ties(competition: Competition, text: str, by: Account) -> int:
    """Declare ties, a line each: judge, contestant or unit, kind, last year (or none), a note.

    Judges, contestants and units are named by code or by a name that only one of them bears;
    a crew also by whoever is in it, which the note then says.
    What stands already is passed over. Returns how many are new. Raises `TieLinesError`.
    """
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise invalid(msg("还没有写"))
    if len(lines) > MOST_LINES:
        raise invalid(msg("一次最多 %(most)s 行，现在是 %(n)s 行", most=MOST_LINES, n=len(lines)))
    with unit_of_work() as session:
        competition = claim_seating(competition)
        names = _Names(competition)
        ties: list[JudgeTie] = []
        faults: list[tuple[int, Message]] = []
        for number, line in lines:
            try:
                ties.append(names.read(line, competition, by))
            except Refused as refused:
                faults.append((number, refused.message))
        if faults:
            raise TieLinesError(faults)
        there = {_key(tie) for tie in ties_of(competition)}
        fresh = []
        for tie in ties:
            if _key(tie) not in there:
                there.add(_key(tie))
                fresh.append(tie)
        session.add_all(fresh)
        session.flush()
        for tie in fresh:
            # Nobody who reads the records learns here whom a judge will meet.
            after = {"id": tie.id, "kind": tie.kind.value, "unit": tie.unit_id is not None}
            audit.record(competition, by, "tie.declare", names.codes[tie.judge_id], after=after)
    return len(fresh)


def end_tie(tie: JudgeTie, by: Account) -> None:
    """End a tie that was a mistake, or is no more: it counts no longer."""
    number = tie.id
    with unit_of_work() as session:
        competition = claim_seating(session.get_one(Competition, tie.competition_id))
        tie = session.get_one(JudgeTie, number, populate_existing=True)
        if tie.ended_at is not None:
            return
        tie.ended_at, tie.ended_by = utc_now(), by.id
        session.flush()
        before = {"id": tie.id, "kind": tie.kind.value, "unit": tie.unit_id is not None}
        audit.record(competition, by, "tie.end", tie.judge.code, before=before)


def _key(tie: JudgeTie) -> tuple[object, ...]:
    return tie.judge_id, tie.entrant_id, tie.unit_id, tie.kind, tie.year


class _Names:
    """The people meant by a code or a name."""

    def __init__(self, competition: Competition) -> None:
        judges = scoring_judges(competition)
        entrants = db.session.scalars(
            select(Entrant).where(Entrant.competition_id == competition.id, takes_part())
        ).all()
        self.codes = {judge.id: judge.code for judge in judges}
        self._judges = _rows_by_name(judges)
        self._entrants = _rows_by_name(entrants)
        self._in_crews = self._name_crews(competition, entrants)
        self._units = _rows_by_name(competition.units)

    def _name_crews(self, competition: Competition, entrants: Sequence[Entrant]) -> set[str]:
        """Let a member's name mean the whole crew: it is met as one. Returns their names."""
        by_id = {entrant.id: entrant for entrant in entrants}
        members = db.session.execute(
            select(Member.name, Member.entrant_id)
            .where(Member.competition_id == competition.id)
            .order_by(Member.id)
        ).tuples()
        names = set()
        for name, crew in members:
            if crew in by_id and by_id[crew] not in self._entrants[name]:
                self._entrants[name].append(by_id[crew])
                names.add(name)
        return names

    def read(self, line: str, competition: Competition, by: Account) -> JudgeTie:
        """A line as a row that is not yet in the session."""
        parts = [part.strip() for part in line.translate(_SPLIT).split(",")]
        if len(parts) < 3:
            raise invalid(msg("要写裁判、选手或单位、关系，用逗号隔开"))
        known = {str(word): kind for kind, word in KIND_WORDS.items()}
        # As its pages say it, too: an evaluation's 教练 is a 培训教师.
        known |= {worded(word, competition.kind, FIRST.code): known[word] for word in known}
        kind = known.get(parts[2])
        if kind is None:
            raise invalid(
                msg("“%(word)s”不是关系，写亲属、师徒、教练或所在单位", word=parts[2][:40])
            )
        judge = _single(self._judges, parts[0])
        if judge is None:
            raise invalid(msg("没有裁判“%(name)s”", name=parts[0][:60]))
        entrant = None if kind is ClashKind.UNIT else _single(self._entrants, parts[1])
        unit = _single(self._units, parts[1]) if entrant is None and kind in _OF_UNITS else None
        if entrant is None and unit is None:
            raise invalid(
                msg("没有单位“%(name)s”", name=parts[1][:60])
                if kind is ClashKind.UNIT
                else msg("没有选手“%(name)s”", name=parts[1][:60])
            )
        note = ",".join(parts[4:]).strip(", ")
        if entrant is not None and parts[1] in self._in_crews:
            note = ",".join(filter(None, (parts[1], note)))
        check_text(note, LONGEST_NOTE)
        return JudgeTie(
            competition_id=competition.id,
            judge_id=judge.id,
            entrant_id=entrant.id if entrant else None,
            unit_id=unit.id if unit else None,
            kind=kind,
            year=_year(parts[3] if len(parts) > 3 else ""),
            note=note,
            made_by=by.id,
        )


def _rows_by_name(rows: Sequence[Row]) -> dict[str, list[Row]]:
    rows_of: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        rows_of[row.code].append(row)
        if row.name != row.code:
            rows_of[row.name].append(row)
    return rows_of


def _single(named: dict[str, list[Row]], text: str) -> Row | None:
    rows = named.get(text, [])
    if len(rows) > 1:
        raise invalid(msg("“%(name)s”不止一个，写编号", name=text[:60]))
    return rows[0] if rows else None


def _year(text: str) -> int | None:
    text = text.removesuffix("年").strip()
    if not text:
        return None
    year = whole_number(text, local_today().year, least=_FIRST_YEAR)
    if year is None:
        raise invalid(msg("年份“%(year)s”看不懂，写到哪一年为止，还在继续就空着", year=text[:20]))
    return year


_MOST_NAMED = 3
_APART = re.compile(r"[、,，;；/]")


@dataclass(frozen=True, slots=True)
class Clash:
    """A reason why a judge should not judge a contestant; `hard`: must not."""

    kind: ClashKind
    hard: bool
    judge: int
    entrant: Entrant
    station: str
    """The station where the contestant is expected; empty: nowhere yet."""
    year: int | None = None
    note: str = ""
    over: str = ""
    """The name of what stands above both units."""
    by_name: bool = False
    """True if the registration names somebody of the judge's name: it may be another."""
    learnt: bool = False
    """True if an agreement says that the contestant taught the judge."""

    @property
    def words(self) -> Message:
        """The words of a clash, `和郑大伟同单位`, for organisers alone."""
        name = self.entrant.name
        if self.kind is ClashKind.SELF:
            return msg("%(name)s 就是本人", name=name)
        if self.kind is ClashKind.UNIT:
            return msg("和 %(name)s 同单位", name=name)
        if self.kind is ClashKind.SUPERIOR:
            return msg("和 %(name)s 同属 %(over)s", name=name, over=self.over)
        if self.kind is ClashKind.KIN:
            return msg("和 %(name)s 是亲属", name=name)
        if self.by_name and self.kind is ClashKind.MENTOR:
            return msg("%(name)s 报名写的师傅和他同名，是本人就记成师徒", name=name)
        if self.by_name:
            return msg("%(name)s 报名写的教练和他同名，是本人就记成教练", name=name)
        if self.learnt and self.year is not None:
            return msg("跟 %(name)s 学过，到 %(year)s 年", name=name, year=self.year)
        if self.kind is ClashKind.MENTOR:
            if self.year is not None:
                return msg("带过 %(name)s，到 %(year)s 年", name=name, year=self.year)
            return msg("和 %(name)s 是师徒", name=name)
        if self.year is not None:
            return msg("做过 %(name)s 的教练，到 %(year)s 年", name=name, year=self.year)
        return msg("是 %(name)s 的教练", name=name)


class Clashes:
    """The clashes of one module, between each judge and those who come to a station."""

    def __init__(self, rows: Iterable[Clash], people: Mapping[str, int]) -> None:
        self.people = people
        """The number of people who come to each station; under "" of all."""
        self._by_judge: dict[int, list[Clash]] = defaultdict(list)
        for clash in rows:
            self._by_judge[clash.judge].append(clash)
        for clashes in self._by_judge.values():
            clashes.sort(key=attrgetter("hard"), reverse=True)

    def at(self, judge: int, station: str) -> list[Clash]:
        """The judge's with those who come there, hard ones first; "" is everywhere."""
        return [clash for clash in self._by_judge[judge] if station in ("", clash.station)]

    def is_hard(self, judge: int, station: str) -> bool:
        """True if the judge must not sit there."""
        return any(clash.hard for clash in self.at(judge, station))


def clashes_in(event: Event, stage: str, module: str) -> Clashes:
    """Find all clashes of the competition's judges with who takes part in the event."""
    competition = event.competition
    rows = db.session.execute(
        select(Entrant, Slot.station)
        .outerjoin(
            Slot,
            (Slot.entrant_id == Entrant.id) & (Slot.stage == stage) & (Slot.module == module),
        )
        .where(Entrant.event_id == event.id, takes_part())
        .order_by(Entrant.id)
    ).tuples()
    people = [(entrant, station or "") for entrant, station in rows]
    count: dict[str, int] = defaultdict(int)
    for _entrant, station in people:
        count[station] += 1
    count[""] = len(people)
    return Clashes(_Finding(competition, people).of(scoring_judges(competition)), count)


def scoring_judges(competition: Competition) -> list[Judge]:
    """List the officials whose marks count."""
    return [judge for judge in competition.judges if (judge.role or Role.JUDGE) in SCORING_ROLES]


def refuse_clashes(
    event: Event,
    stage: str,
    module: str,
    seats: Collection[tuple[int, str]],
    reason: str,
    *,
    explained: bool,
) -> None:
    """Raise `Refused` where one of these seats must not be, or wants a reason and has none."""
    if not seats:
        return
    clashes = clashes_in(event, stage, module)
    names = {judge.id: judge.name for judge in event.competition.judges}
    for judge, station in sorted(seats, key=lambda seat: (seat[0], station_order(seat[1]))):
        here = clashes.at(judge, station)
        where = station or msg("这个模块")
        hard = [clash for clash in here if clash.hard]
        if hard:
            raise Refused(
                msg(
                    "%(name)s 不能评%(where)s：%(why)s",
                    name=names.get(judge, ""),
                    where=where,
                    why=some_clashes(hard),
                )
            )
        if here and not reason and not explained:
            raise invalid(
                msg(
                    "%(name)s 评%(where)s要写一句理由：%(why)s",
                    name=names.get(judge, ""),
                    where=where,
                    why=some_clashes(here),
                )
            )


def some_clashes(clashes: Sequence[Clash]) -> Message | str:
    """The first of them in words, and how many more there are."""
    shown = [clash.words for clash in clashes[:_MOST_NAMED]]
    words = listed(shown)
    left = len(clashes) - len(shown)
    return msg("%(said)s，还有 %(n)s 处", said=words, n=left) if left else words


class _Finding:
    """The facts on the contestants, so that each judge is quickly compared."""

    def __init__(self, competition: Competition, people: Sequence[tuple[Entrant, str]]) -> None:
        self._competition = competition
        self._rules: ClashRules = settings_of(competition).clashes
        self._people = people
        self._by_entrant = {entrant.id: (entrant, station) for entrant, station in people}
        self._by_unit: dict[int, list[tuple[Entrant, str]]] = defaultdict(list)
        for entrant, station in people:
            self._by_unit[entrant.unit_id].append((entrant, station))
        self._units = {unit.id: unit for unit in competition.units}
        self._above = lines_above(
            {unit.organisation_id for unit in competition.units if unit.organisation_id}
        )
        self._ties = defaultdict(list)
        for tie in ties_of(competition):
            self._ties[tie.judge_id].append(tie)
        self._named = self._named_by_people()
        lines = [self._line(unit) for unit in self._units.values()]
        # What stands above everybody says nothing of any two of them.
        keys = [{key for key, _name in line} for line in lines]
        self._shared = set.intersection(*keys) if keys else set()

    def of(self, judges: Sequence[Judge]) -> list[Clash]:
        clashes: list[Clash] = []
        selves, taught = self._selves(judges), self._taught(judges)
        for judge in judges:
            clashes += self._of_judge(judge, selves.get(judge.id, set()), taught[judge.id])
        return clashes

    def _of_judge(
        self, judge: Judge, selves: set[int], taught: Mapping[int, MentorTie]
    ) -> list[Clash]:
        own_selves = [self._by_entrant[number] for number in sorted(selves)]
        clashes = self._clashes(ClashKind.SELF, Weight.HARD, judge, own_selves)
        own = {judge.unit_id} if judge.unit_id is not None else set()
        for tie in self._ties[judge.id]:
            if tie.kind is ClashKind.UNIT:
                if tie.unit_id is not None and not self._long_ago(tie.kind, tie.year):
                    own.add(tie.unit_id)
                continue
            weight = Weight(getattr(self._rules, tie.kind.value))
            if weight is Weight.HARD and self._long_ago(tie.kind, tie.year):
                weight = Weight.SOFT
            met = (
                [self._by_entrant[tie.entrant_id]]
                if tie.entrant_id in self._by_entrant
                else self._by_unit.get(tie.unit_id or 0, [])
            )
            clashes += self._clashes(tie.kind, weight, judge, met, tie.year, tie.note)
        weight = Weight(self._rules.mentor)
        for number, agreed in taught.items():
            met = [self._by_entrant[number]]
            year = agreed.ended.year if agreed.ended is not None else None
            clashes += self._clashes(
                ClashKind.MENTOR, weight, judge, met, year, learnt=not agreed.teaches
            )
        clashes += self._by_name(judge, taught)
        for number in own:
            clashes += self._of_unit(judge, self._units[number], own)
        return clashes

    def _named_by_people(self) -> dict[tuple[ClashKind, str], list[int]]:
        """The people whose registrations name a teacher or coach, by that kind and name."""
        crews = db.session.execute(
            select(Member.entrant_id, Member.mentor, Member.coach).where(
                Member.competition_id == self._competition.id,
                Member.mentor.is_not(None) | Member.coach.is_not(None),
            )
        ).tuples()
        alone = [(entrant.id, entrant.mentor, entrant.coach) for entrant, _ in self._people]
        people: dict[tuple[ClashKind, str], list[int]] = defaultdict(list)
        for entrant, mentor, coach in (*alone, *crews):
            for kind, text in ((ClashKind.MENTOR, mentor), (ClashKind.COACH, coach)):
                for name in _APART.split(text or ""):
                    if name and entrant in self._by_entrant:
                        people[kind, "".join(name.split())].append(entrant)
        return people

    def _by_name(self, judge: Judge, taught: Collection[int]) -> list[Clash]:
        """List whose teacher or coach bears the judge's name: to be looked at, never forbidden."""
        declared = {(tie.kind, tie.entrant_id) for tie in self._ties[judge.id]}
        declared |= {(ClashKind.MENTOR, number) for number in taught}
        name = "".join(judge.name.split())
        clashes: list[Clash] = []
        for kind in (ClashKind.MENTOR, ClashKind.COACH):
            if Weight(getattr(self._rules, kind.value)) is Weight.OFF:
                continue
            for number in dict.fromkeys(self._named.get((kind, name), ())):
                if (kind, number) not in declared:
                    who = self._by_entrant[number]
                    clashes.append(Clash(kind, False, judge.id, *who, by_name=True))
        return clashes

    def _of_unit(self, judge: Judge, unit: Unit, own: set[int]) -> list[Clash]:
        line = self._line(unit)
        clashes: list[Clash] = []
        for other, people in self._by_unit.items():
            theirs = self._line(self._units[other])
            if other == unit.id or line[0][0] == theirs[0][0]:
                kind, over = ClashKind.UNIT, ""
                weight = self._rules.unit
            elif other in own:
                continue
            else:
                kind, over = ClashKind.SUPERIOR, self._over(line, theirs)
                weight = self._rules.superior
                if not over:
                    continue
            clashes += self._clashes(kind, weight, judge, people, over=over)
        return clashes

    def _over(self, line: Sequence[tuple[str, str]], theirs: Sequence[tuple[str, str]]) -> str:
        """The unit directly above both, or the one of the two that stands above the other."""
        for near, far in ((line, theirs), (theirs, line)):
            if near[0] in far[1:] and near[0][0] not in self._shared:
                return near[0][1]
        if len(line) > 1 and len(theirs) > 1 and line[1] == theirs[1]:
            return "" if line[1][0] in self._shared else line[1][1]
        return ""

    def _line(self, unit: Unit) -> list[tuple[str, str]]:
        """The unit itself and what is above it: in the installation's or the competition's tree."""
        if unit.organisation_id is not None:
            above = self._above.get(unit.organisation_id, [])
            return [(f"o{row.id}", row.name) for row in above]
        units_above: list[tuple[str, str]] = []
        here: Unit | None = unit
        while here is not None and len(units_above) < len(self._units) + 1:
            units_above.append((f"u{here.id}", here.name))
            here = self._units.get(here.parent_id or 0)
        return units_above

    def _long_ago(self, kind: ClashKind, year: int | None) -> bool:
        if kind is ClashKind.KIN or year is None:
            return False
        day = self._competition.starts or local_today()
        return day.year - year > self._rules.years

    def _taught(self, judges: Sequence[Judge]) -> Mapping[int, dict[int, MentorTie]]:
        """By judge the contestants whom an agreement ties to them, and the last such agreement.

        Those that ended within the years of the rules, and none that begins after the competition.
        """
        taught: dict[int, dict[int, MentorTie]] = defaultdict(dict)
        known = {judge.id: judge.person_id for judge in judges if judge.person_id is not None}
        day = self._competition.starts or local_today()
        since = months_later(day, -12 * self._rules.years)
        ties = [
            tie
            for tie in ties_of_people(set(known.values()))
            if tie.agreement.last_day >= since
            and tie.agreement.starts <= (self._competition.ends or day)
        ]
        if not ties:
            return taught
        ties.sort(key=lambda tie: tie.agreement.last_day)
        standing_of = same_people(set(known.values()))
        records = with_merged(Person, {tie.other for tie in ties})
        entrants: dict[int, list[int]] = defaultdict(list)
        for entrant, person in self._people_in():
            if person in records and entrant in self._by_entrant:
                entrants[records[person]].append(entrant)
        for judge, person in known.items():
            for tie in ties:
                if tie.person == standing_of.get(person):
                    taught[judge] |= dict.fromkeys(entrants[tie.other], tie)
        return taught

    def _people_in(self) -> Iterator[tuple[int, int | None]]:
        """The contestants, alone or in a crew, each with their record."""
        yield from ((entrant.id, entrant.person_id) for entrant, _station in self._people)
        yield from db.session.execute(
            select(Member.entrant_id, Member.person_id).where(
                Member.competition_id == self._competition.id, Member.person_id.is_not(None)
            )
        ).tuples()

    def _selves(self, judges: Sequence[Judge]) -> dict[int, set[int]]:
        """The contestants who are the same person as a judge, by judge, alone or in a crew."""
        wanted = {judge.person_id for judge in judges if judge.person_id is not None}
        same = same_people(wanted)
        if not same:
            return {}
        shared: dict[int, set[int]] = defaultdict(set)
        for entrant, person in self._people_in():
            if person in same and entrant in self._by_entrant:
                shared[same[person]].add(entrant)
        return {
            judge.id: shared[same[judge.person_id]]
            for judge in judges
            if judge.person_id is not None and shared.get(same[judge.person_id])
        }

    def _clashes(
        self,
        kind: ClashKind,
        weight: Weight,
        judge: Judge,
        people: Sequence[tuple[Entrant, str]],
        year: int | None = None,
        note: str = "",
        over: str = "",
        *,
        learnt: bool = False,
    ) -> list[Clash]:
        if weight is Weight.OFF:
            return []
        hard = weight is Weight.HARD
        return [
            Clash(kind, hard, judge.id, *who, year, note, over, learnt=learnt) for who in people
        ]
