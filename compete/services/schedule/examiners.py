"""Examiners of an evaluation: how many its examinations lack, whose certificate has run out.

Judging does not open below what is wanted, unless somebody says why; a 综合评审 by too few or an
even number, and an examiner without a valid certificate, never do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import chain

import msgspec
from sqlalchemy import func, select

from compete.domain.evaluation.examiners import (
    Exam,
    ExaminerRules,
    Short,
    Wanted,
    exam_of,
    short_at_places,
    short_in_all,
)
from compete.domain.kinds.kinds import competition_kind
from compete.domain.stations import station_order
from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, listed, msg, some_of
from compete.domain.values.states import CompetitionState
from compete.models import Account, Assignment, Competition, Entrant, Event, Expert, Judge, Slot, db
from compete.services.directory.expert_fields import EXPERT_LEVELS
from compete.services.directory.experts import experts_among
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing

MOST_CANDIDATES, MOST_EXAMINERS = 99, 9
_JUDGING = ("assessor", "judge", "technical")
"""Kinds of the pool that say whether somebody may judge."""


class Mend(StrEnum):
    """The place where a lack is put right."""

    SEATS = "seats"
    RULES = "rules"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminersShort:
    """A lack of examiners; `firm`: no reason overrules it. `modules` are those concerned."""

    what: Message
    detail: Message
    mend: Mend
    firm: bool
    modules: Sequence[tuple[Event, str, str]]

    @property
    def line(self) -> Message:
        """The lack and its mending in one sentence."""
        return msg("%(what)s：%(detail)s", what=self.what, detail=self.detail)


@dataclass(frozen=True, slots=True)
class _Module:
    """A module and who sits at which of its places; "" where nobody is told apart by station."""

    place: tuple[Event, str, str]
    size: int
    places: Mapping[str, Set[int]]


@dataclass(slots=True)
class _Examination:
    """The modules whose candidates share their examiners."""

    exam: Exam
    name: Message
    sitting: dict[int, int] = field(default_factory=dict)
    """{event: how many candidates}."""
    modules: list[_Module] = field(default_factory=list)

    @property
    def people(self) -> int:
        return sum(self.sitting.values())

    def lacks(self, wanted: Wanted) -> Iterator[ExaminersShort]:
        rooms = self._rooms()
        examiners = set().union(*chain(*(places.values() for _name, _size, places in rooms)))
        too_few = short_in_all(wanted, self.people, examiners)
        if too_few is not None:
            room = sum(size * len(places) for _name, size, places in rooms)
            yield self._in_all(too_few, room)
        if examiners or too_few is None:
            for name, size, places in rooms:
                yield from self._at_places(name, size, short_at_places(wanted, places), wanted)

    def _rooms(self) -> list[tuple[Message, int, Mapping[str, Set[int]]]]:
        """List the modules or rooms: the name, the seats at a place, and who sits at each place.

        Candidates of several events sit their theory in the same rooms.
        """
        if self.exam is not Exam.THEORY:
            return [
                (
                    msg("“%(module)s”", module=module_title(*sitting.place)),
                    sitting.size,
                    sitting.places,
                )
                for sitting in self.modules
            ]
        shared: dict[str, set[int]] = defaultdict(set)
        for module in self.modules:
            for station, examiners in module.places.items():
                shared[station] |= examiners
        return [(self.name, sum(sitting.size for sitting in self.modules), shared)]

    def _in_all(self, short: Short, room: int) -> ExaminersShort:
        detail = msg(
            "%(people)s 人要 %(wanted)s 名，排了 %(seated)s 名",
            people=self.people,
            wanted=short.needed,
            seated=short.seated,
        )
        if room < short.needed:
            detail = msg(
                "%(detail)s；现在最多排得下 %(most)s 名，先改规则里的每组人数，或者多设工位",
                detail=detail,
                most=room,
            )
        return self._examiners_short(
            msg("%(where)s差 %(n)s 名考评员", where=self.name, n=short.needed - short.seated),
            detail,
            Mend.RULES if room < short.needed else Mend.SEATS,
        )

    def _at_places(
        self, name: Message, size: int, shorts: Sequence[Short], wanted: Wanted
    ) -> Iterator[ExaminersShort]:
        by_seated: dict[int, list[str]] = defaultdict(list)
        for short in shorts:
            by_seated[short.seated].append(short.place or "")
        detail = (
            msg("要单数，至少 %(n)s 名", n=wanted.least)
            if wanted.odd
            else msg("每个考场至少 %(n)s 名", n=wanted.least)
        )
        if size < wanted.least:
            detail = msg(
                "%(detail)s；每组只排得下 %(size)s 名，先改规则里的每组人数",
                detail=detail,
                size=size,
            )
        for seated, stations in sorted(by_seated.items()):
            in_order = sorted(filter(None, stations), key=station_order)
            named = some_of([*in_order])
            where = msg("%(name)s（%(more)s）", name=name, more=named) if named else name
            yield self._examiners_short(
                msg("%(where)s排了 %(n)s 名考评员", where=where, n=seated),
                detail,
                Mend.RULES if size < wanted.least else Mend.SEATS,
            )

    def _examiners_short(self, what: Message, detail: Message, mend: Mend) -> ExaminersShort:
        return ExaminersShort(
            what=what,
            detail=detail,
            mend=mend,
            firm=self.exam is Exam.REVIEW,
            modules=[module.place for module in self.modules],
        )


def examiners_short(competition: Competition) -> list[ExaminersShort]:
    """List an evaluation's lacks of examiners before it opens; nothing of other kinds, or later."""
    return _short(competition) if competition.state is CompetitionState.REGISTERING else []


def _short(competition: Competition) -> list[ExaminersShort]:
    if not competition_kind(competition).gives_verdicts:
        return []
    rules = settings_of(competition).examiners
    shortages = [
        short
        for examination in _examinations(competition)
        if examination.people
        for short in examination.lacks(rules.of(examination.exam))
    ]
    return shortages + _lapsed(competition)


def require_examiners(competition: Competition, reason: str, by: Account) -> None:
    """Return where examiners suffice, or somebody says why it is done all the same; on record.

    Raises `Refused`; (INVALID) where a reason would do. Within a unit of work.
    """
    short = _short(competition)
    firm = [shortage for shortage in short if shortage.firm]
    if firm:
        raise Refused(msg("还不能开考。%(what)s", what=_lines(firm)))
    if not short:
        return
    if not (reason := reason_text(reason)):
        raise invalid(
            msg("考评员不够。%(what)s。补齐再开考，或者写一句理由照样开考", what=_lines(short))
        )
    after, code = {"short": [str(shortage.line) for shortage in short]}, competition.code
    audit.record(
        competition, by, "examiners.overrule", code, after=after, reason=reason, bends=True
    )


def set_examiner_rules(
    competition: Competition, rules: ExaminerRules, reason: str, by: Account
) -> bool:
    """Set how many examiners are wanted from now on; True if anything changed.

    Raises `Refused` once judging has begun, (INVALID) for numbers that cannot be, and for fewer
    than the standards want without a reason: everybody reads it.
    """
    _check_rules(rules)
    with changing(competition) as competition:
        if competition.state is not CompetitionState.REGISTERING:
            raise Refused(msg("考核已经开始，配比不能再改"))
        before = settings_of(competition).examiners
        if before == rules:
            return False
        looser = rules.is_looser(ExaminerRules())
        reason = reason_text(reason) if looser else ""
        if looser and not reason:
            raise invalid(msg("比国家职业标准少派考评员，要写理由"))
        change_settings(competition, examiners=rules)
        audit.record(
            competition,
            by,
            "examiners.rules",
            competition.code,
            before=msgspec.to_builtins(before),
            after=msgspec.to_builtins(rules),
            reason=reason or None,
            bends=True,
        )
    return True


def qualified(
    competition: Competition, judges: Sequence[Judge], known: Mapping[int, Sequence[Expert]]
) -> tuple[dict[int, str], dict[int, str]]:
    """The judges' certificates in the pool on the competition's days: levels, and what ran out."""
    day = competition.ends or competition.starts or local_today()
    levels, expired = {}, {}
    for judge in judges:
        rows = [row for row in known.get(judge.person_id or 0, []) if row.kind in _JUDGING]
        good = [row for row in rows if row.valid_until is None or row.valid_until >= day]
        named = [level for level in EXPERT_LEVELS if any(row.level == level for row in good)]
        if named:
            levels[judge.id] = named[0]
        ended = [row.valid_until for row in rows if row.valid_until is not None]
        if rows and not good:
            expired[judge.id] = max(ended).isoformat()
    return levels, expired


def _check_rules(rules: ExaminerRules) -> None:
    for name, number in ((msg("理论"), rules.theory_per), (msg("技能"), rules.practice_per)):
        if not 1 <= number <= MOST_CANDIDATES:
            raise invalid(
                msg(
                    "%(exam)s一名考评员管 1 到 %(most)s 名考生，写整数",
                    exam=name,
                    most=MOST_CANDIDATES,
                )
            )
    if not 1 <= rules.theory_least <= MOST_EXAMINERS:
        raise invalid(msg("理论每个考场 1 到 %(most)s 名考评员，写整数", most=MOST_EXAMINERS))
    if not 1 <= rules.practice_least <= MOST_EXAMINERS or rules.practice_least % 2 == 0:
        raise invalid(msg("技能每组 1 到 %(most)s 名考评员，写单数", most=MOST_EXAMINERS))


def _lines(short: Sequence[ExaminersShort]) -> Message | str:
    return listed([shortage.line for shortage in short], msg("；"))


def _examinations(competition: Competition) -> list[_Examination]:
    """List examinations: theory of all events as one; each event's parts, and single modules.

    Whoever brought a mark for one along is no candidate of it.
    """
    theory = _Examination(Exam.THEORY, msg("理论考场"))
    examinations = {("", "", Exam.THEORY): theory}
    people = _candidates(competition)
    places = _places(competition)
    for event in competition.events:
        stage = rules_of(event).stages[0]
        parts = {part.code: part.name for part in stage.parts}
        for module in stage.modules:
            exam, of = exam_of(stage, module), module.part or module.code
            key = ("", "", exam) if exam is Exam.THEORY else (event.code, of, exam)
            name = parts.get(of, module.name)
            if len(competition.events) > 1:
                name = f"{event.name} {name}"
            examination = examinations.setdefault(
                key, _Examination(exam, msg("“%(module)s”", module=name))
            )
            place = (event, stage.code, module.code)
            examination.modules.append(
                _Module(place, module.panel.size, places(event.id, module.code))
            )
            sit = people[event.id, ""] - people[event.id, of]
            examination.sitting[event.id] = max(sit, examination.sitting.get(event.id, 0))
    return list(examinations.values())


def _candidates(competition: Competition) -> Counter[tuple[int, str]]:
    """Count who takes part, by event and ""; by event and code who brought the mark along."""
    here = Entrant.competition_id == competition.id, takes_part()
    total = select(Entrant.event_id, func.count()).where(*here).group_by(Entrant.event_id)
    counts = Counter({(event, ""): n for event, n in db.session.execute(total).tuples()})
    brought = select(Entrant.event_id, Entrant.carried).where(*here, Entrant.carried.is_not(None))
    for event, carried in db.session.execute(brought).tuples():
        counts.update((event, mark["of"]) for mark in carried or () if not mark.get("void"))
    return counts


def _places(competition: Competition) -> Callable[[int, str], Mapping[str, Set[int]]]:
    """Make the function that gives each place of a module with candidates, and who sits there."""
    events = [event.id for event in competition.events]
    stations: dict[tuple[int, str], set[str]] = defaultdict(set)
    slots = select(Entrant.event_id, Slot.module, Slot.station).join(
        Entrant, Entrant.id == Slot.entrant_id
    )
    slots = slots.where(Entrant.event_id.in_(events), Slot.station.is_not(None), takes_part())
    for event, module, station in db.session.execute(slots.distinct()).tuples():
        stations[event, module].add(station or "")
    seats: dict[tuple[int, str], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    rows = select(
        Assignment.event_id, Assignment.module, Assignment.station, Assignment.judge_id
    ).where(Assignment.event_id.in_(events))
    for event, module, station, judge in db.session.execute(rows).tuples():
        seats[event, module][station].add(judge)

    def of(event: int, module: str) -> Mapping[str, Set[int]]:
        taken = seats[event, module]
        known = stations[event, module] or taken.keys() - {""} or {""}
        return {station: taken[station] | taken[""] for station in sorted(known - {""} or {""})}

    return of


def _lapsed(competition: Competition) -> list[ExaminersShort]:
    """List who sits somewhere and has no certificate that is valid on the day."""
    seated: dict[int, list[tuple[Event, str, str]]] = defaultdict(list)
    for event in competition.events:
        rows = select(Assignment).where(Assignment.event_id == event.id).order_by(Assignment.id)
        for row in db.session.scalars(rows):
            seated[row.judge_id].append((event, row.stage, row.module))
    judges = [judge for judge in competition.judges if judge.id in seated]
    known = experts_among({judge.person_id for judge in judges if judge.person_id is not None})
    _levels, expired = qualified(competition, judges, known)
    return [
        ExaminersShort(
            what=msg(
                "%(name)s 的考评员证 %(day)s 到期",
                name=judge.name,
                day=date_words(date.fromisoformat(expired[judge.id])),
            ),
            detail=msg("考核那天已经过期：换一名考评员，或者换了证到专家库里改日期"),
            mend=Mend.PERSON,
            firm=True,
            modules=seated[judge.id],
        )
        for judge in judges
        if judge.id in expired
    ]
