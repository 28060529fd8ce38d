"""The results of an event as lines to be read: who, from where, how many points, what for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from sqlalchemy import select

from compete.documents.standings_list import (
    Beside,
    HonourLine,
    ItemLine,
    Notice,
    StandingsRow,
    TableLine,
    TeamLine,
    UnitLine,
)
from compete.domain.bundle.crews import crew_called
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import (
    EventResults,
    FinalRow,
    HonourRow,
    OverallResults,
    UnitRow,
)
from compete.domain.bundle.types import Bundle, Playoff
from compete.domain.evaluation.unranked_results import EvaluatedEvent
from compete.domain.explanation.ties import TieSentences, any_parted, explain_ties
from compete.domain.grades.ladder import ladder_in
from compete.domain.grades.proposals import Decided, promotions
from compete.domain.kinds.kinds import competition_kind
from compete.domain.ranking.next_in_rank import called_up
from compete.domain.ranking.playoffs import PLAYOFF_WORDS
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.days import date_words
from compete.domain.values.instants import read_instant
from compete.domain.values.kinds import OverallBy, OverallTie, OverallWho
from compete.domain.values.messages import Message, Translate, listed, msg
from compete.domain.values.states import GradeState
from compete.models import Competition, Entrant, Publication, db
from compete.services.appeals.appeal_states import codes_under_appeal
from compete.services.closing.grade_decisions import decided_grades, published_decisions
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.public_reasons import masked_words
from compete.services.registration.carried_modules import voided_since
from compete.services.registration.consents import consenting
from compete.services.results.approved_external_awards import honour_words
from compete.services.results.consequences import DOUBTS
from compete.services.results.nominated_awards_in_force import distinction_lines
from compete.services.results.result_stands import (
    UNDER_NOTICE,
    Stand,
    stands_of,
    why_taken_down,
)
from compete.services.results.snapshots import names_of, published_names, read_snapshot
from compete.services.scoring.live import live_results
from compete.sheets.results_workbook.score_columns import (
    Names,
    award_names,
    stage_rows,
    status_word,
    stopped_after,
)


@dataclass(frozen=True)
class EventLines:
    """The results of one event as lines for people: one source for print and page.

    Where the organiser's setting `full_names` says so, who consents stands by the full name
    (`consenting`), as of now; all others as they were published. Of a `superseded` version
    grades stand as they had been decided when it was published; of the one in force, as they
    are decided now.
    """

    competition: Competition
    publication: Publication | None
    bundle: Bundle
    event: EventResults
    translate: Translate | None = None
    superseded: bool = False
    tables: Sequence[OverallResults] = ()
    """The tables over several events that stand beside it."""

    @cached_property
    def rules(self) -> Event:
        """The event's rules."""
        return next(rules for rules in self.bundle.events if rules.code == self.event.code)

    @cached_property
    def listed(self) -> list[FinalRow]:
        """List the lines that stand here: of an evaluation only those who got the grade."""
        if not isinstance(self.event, EvaluatedEvent):
            return self.event.standings
        got = {row.entrant for row in self.event.grades or ()}
        return [row for row in self.event.standings if row.entrant in got]

    def people(self) -> list[StandingsRow]:
        names = self._names
        by_stage = {} if isinstance(self.event, EvaluatedEvent) else stage_rows(self.event)
        awards = award_names(self.event.awards, self._titles(), "entrant")
        decided = self._decided()
        members = {code: self._shown_names[code] for code in names.members}
        grades = promotions(self.event, decided, members, ladder_in(self.rules))
        grades |= dict.fromkeys(self._waiting(decided), msg("待批准"))
        grades |= dict.fromkeys(self._voided, DOUBTS["review"])
        return [
            StandingsRow(
                rank=row.rank,
                name=self._called(row.entrant),
                unit=names.unit(names.person(row.entrant).unit),
                # Without a rank a total says nothing, and why there is none is a word.
                score=self._say(status_word(row.status)) or self._total(row),
                time=names.time_of(self.rules, row, by_stage),
                award=self._listed(awards.get(row.entrant, [])),
                grade=self._say(grades.get(row.entrant, "")),
                tie=self._beside(row),
                appealed=row.entrant in self._appealed,
                review=row.entrant in self._voided,
            )
            for row in self.listed
        ]

    def _waiting(self, decided: Decided) -> list[str]:
        """List grades of an evaluation that is over which nobody has approved: not theirs yet."""
        stand = stands_of(self.competition).get(self.event.code)
        over = stand is not None and stand.stands and not self.superseded
        if not over or not isinstance(self.event, EvaluatedEvent):
            return []
        return [code for code, it in decided.items() if it.state is GradeState.PROPOSED]

    def _beside(self, row: FinalRow) -> str:
        """What stands by a line: the standard score, what parted equals."""
        tie = self._say(self._ties.people.get(row.entrant, ""))
        scaled = self._say(msg("标准分 %(scaled)s", scaled=row.scaled)) if row.scaled else ""
        return "；".join(filter(None, (scaled, tie)))

    def _total(self, row: FinalRow) -> str:
        """The total, with its stage before it where the row went no further than an earlier one."""
        reached = stopped_after(self.rules, row)
        return f"{reached} {row.total}" if reached and row.total else row.total or ""

    def _decided(self) -> Decided:
        if not self.superseded or self.publication is None:
            return decided_grades(self.competition)
        return published_decisions(self.publication.grades or {})

    def beside(self) -> Beside:
        names, shown, event = self._names, self._shown_names, self.event
        titles = self._titles()
        awards = award_names(event.awards, titles, "team")
        items = {item.code: item.name for item in self.rules.items}
        won = {(row.item, row.entrant): titles[row.award] for row in event.awards or () if row.item}
        return Beside(
            teams=[
                TeamLine(
                    row.rank,
                    names.team_of(row.team).name,
                    self._listed(shown[member] for member in row.members),
                    row.total if row.rank is not None else "",
                    self._listed(awards.get(row.team, [])),
                    self._say(self._ties.teams.get(row.team, "")),
                    not self._appealed.isdisjoint(row.members),
                )
                for row in event.teams or ()
            ],
            units=[self._unit_line(row, names.unit(row.unit)) for row in event.units or ()],
            tables=table_lines(self.bundle, self.tables),
            items=[
                ItemLine(
                    items[item.item],
                    row.rank,
                    shown[row.entrant],
                    names.unit(names.person(row.entrant).unit),
                    row.score,
                    won.get((item.item, row.entrant), ""),
                    row.entrant in self._appealed,
                )
                for item in event.items or ()
                for row in item.standings
            ],
            honours=[
                HonourLine(
                    self._title(row),
                    shown[row.member or row.entrant],
                    names.unit(names.person(row.entrant).unit),
                    row.entrant in self._appealed,
                )
                for row in event.honours or ()
            ],
            # Beside the newest version alone: an older one says what it said.
            distinctions=distinction_lines(
                self.competition, self.publication, event.code, say=self._say
            )
            if self.publication is not None and not self.superseded
            else (),
        )

    def partings(self) -> list[str]:
        """Say how equals were parted by another contest or by lot: a sentence each."""
        # One that marks corrected since made void parts nobody; none such is published.
        live = self.publication is None
        void = {it.path for it in live_results(self.competition).problems} if live else set()
        return [
            self._parting(playoff)
            for n, playoff in enumerate(self.bundle.playoffs)
            if playoff.event == self.rules.code and f"playoffs[{n}].order" not in void
        ]

    def called_up(self) -> list[str]:
        """Say who left before a stage began and who came in for them: a sentence for each stage."""
        sentences = []
        for before, after in pairwise(self.rules.stages):
            rows = next(it.standings for it in self.event.stages if it.code == before.code)
            left, came = called_up(self.bundle, before, rows)
            if not left:
                continue
            names = {"stage": after.name, "left": self._listed(map(self._called, left))}
            sentence = msg("%(stage)s：%(left)s不参加，没有人递补", **names)
            if came:
                who = self._listed(map(self._called, came))
                sentence = msg("%(stage)s：%(left)s不参加，%(came)s依次递补", came=who, **names)
            sentences.append(self._say(sentence))
        return sentences

    def _parting(self, playoff: Playoff) -> str:
        places = [[it] if isinstance(it, str) else it for it in playoff.order]
        at = read_instant(playoff.at)
        sentence = msg(
            "%(stage)s同分，%(kind)s定先后：%(order)s。%(reason)s",
            stage=next(it.name for it in self.rules.stages if it.code == playoff.stage),
            kind=PLAYOFF_WORDS[playoff.kind],
            order=" > ".join(self._listed(map(self._called, codes)) for codes in places),
            reason=masked_words(playoff.reason, self.competition),
        )
        if at is not None:
            sentence = msg("%(what)s（%(day)s）", what=sentence, day=date_words(local_time(at)))
        return self._say(sentence)

    def _title(self, row: HonourRow) -> str:
        """An honour's title; beside the newest version with what another body has not approved."""
        key = self.event.code, row.title, row.member or row.entrant
        return self._say(self._unapproved.get(key, row.title))

    @cached_property
    def _appealed(self) -> frozenset[str]:
        """The appellants by whom the newest results may still change; an older version has none."""
        return frozenset() if self.superseded else codes_under_appeal(self.competition)

    @cached_property
    def _voided(self) -> frozenset[str]:
        """Who passed by a mark from an earlier sitting that is void by now."""
        if self.superseded or self.publication is None:
            return frozenset()
        numbers = list(voided_since(self.publication))
        query = select(Entrant.code).where(Entrant.id.in_(numbers))
        return frozenset(db.session.scalars(query) if numbers else ())

    @cached_property
    def _unapproved(self) -> dict[tuple[str, str, str], Message]:
        return {} if self.superseded else honour_words(self.competition, [self.event])

    def _unit_line(self, row: UnitRow, name: str) -> UnitLine:
        if self.rules.unit_ranking is None or not self.rules.unit_ranking.medals:
            return UnitLine(row.rank, name, points=row.points)
        first, second, third = (str(count) for count in row.medals)
        return UnitLine(row.rank, name, first=first, second=second, third=third)

    @cached_property
    def _ties(self) -> TieSentences:
        if self.publication is None:
            return _event_ties(self.bundle, self.event)
        return published_ties(self.publication, self.rules.code)

    @cached_property
    def _names(self) -> Names:
        return Names(self.bundle)

    def _titles(self) -> dict[str, str]:
        return {award.code: award.name for award in self.rules.awards}

    @cached_property
    def _shown_names(self) -> dict[str, str]:
        masked = {entrant.code: entrant.name for entrant in self.bundle.entrants}
        masked |= self._names.members
        if not settings_of(self.competition).full_names:
            return masked
        whole = (
            names_of(self.competition)
            if self.publication is None
            else published_names(self.publication)
        )
        may = consenting(self.competition)
        return masked | {code: name for code, name in whole.items() if code in may}

    def _called(self, entrant: str) -> str:
        """The entrant, a crew with its members' names."""
        shown = self._shown_names
        crew = self._names.person(entrant).members
        return crew_called(shown[entrant], [shown[member.code] for member in crew])

    def _listed(self, names: Iterable[str]) -> str:
        return self._say(listed(names))

    def _say(self, words: Message | str) -> str:
        return words.render(self.translate) if isinstance(words, Message) else words


def tables_beside(publication: Publication, event_code: str) -> list[OverallResults]:
    """The published tables over several events that count this one, in the bundle's order.

    None that counts an event whose notice is taken down: its places hold no more.
    """
    bundle, results = read_snapshot(publication)
    competition = publication.competition
    stands = stands_of(competition)
    down = {code for code, stand in stands.items() if why_taken_down(stand, competition)}
    rules = {table.code: table for table in bundle.overall}
    every = [event.code for event in bundle.events]
    counted = {code: table.events or every for code, table in rules.items()}
    return [
        table
        for table in results.overall or ()
        if event_code in counted[table.code] and down.isdisjoint(counted[table.code])
    ]


def table_lines(bundle: Bundle, tables: Sequence[OverallResults]) -> list[TableLine]:
    """The places of tables over several events, one table after another."""
    names, rules = Names(bundle), {table.code: table for table in bundle.overall}
    lines = []
    for table in tables:
        rule = rules[table.code]
        medals = OverallBy.MEDALS is rule.by or OverallTie.MEDALS in rule.ties
        counts = rule.least_events > 1 or OverallTie.EVENTS in rule.ties
        for row in table.standings:
            first, second, third = map(str, row.medals) if medals else ("", "", "")
            lines.append(
                TableLine(
                    rule.name,
                    row.rank,
                    names.unit(row.unit),
                    row.value or "",
                    first,
                    second,
                    third,
                    str(row.events) if counts else "",
                    rule.who is OverallWho.DELEGATIONS,
                )
            )
    return lines


def published_ties(publication: Publication, event_code: str) -> TieSentences:
    """What parted the equal totals of a published event."""
    return _told_of(publication.id, publication.sha256, event_code)


def _event_ties(bundle: Bundle, event: EventResults) -> TieSentences:
    if not any_parted(event):
        return TieSentences()
    return explain_ties(Scorer(bundle).events[event.code], event)


@lru_cache(maxsize=64)
def _told_of(publication_id: int, _sha256: str, event_code: str) -> TieSentences:
    """The ties of a stored version: what it says never changes, and scoring it takes time."""
    bundle, results = read_snapshot(db.session.get_one(Publication, publication_id))
    return _event_ties(bundle, next(event for event in results.events if event.code == event_code))


@dataclass(frozen=True, slots=True)
class Announced:
    """The announced results of one event, names as published.

    `people` by number (参赛号), ranked first; `period` is none where no notice runs.
    """

    people: Sequence[tuple[str, StandingsRow]]
    beside: Beside
    period: Notice | None
    places: Sequence[str] = ()
    """The sentences on equals parted by another contest or by lot, and on who was called up."""


def announced(
    publication: Publication,
    event_code: str,
    translate: Translate | None = None,
    *,
    superseded: bool = False,
) -> Announced:
    """The public results of an event. Raises StopIteration for one that is not published."""
    bundle, results = read_snapshot(publication)
    event = next(event for event in results.events if event.code == event_code)
    lines = EventLines(
        publication.competition,
        publication,
        bundle,
        event,
        translate,
        superseded=superseded,
        tables=tables_beside(publication, event_code),
    )
    numbers = (row.entrant for row in lines.listed)
    people = list(zip(numbers, lines.people(), strict=True))
    stand = stands_of(publication.competition).get(event_code)
    period = None if superseded or stand is None else notice_period(publication.competition, stand)
    return Announced(people, lines.beside(), period, [*lines.partings(), *lines.called_up()])


def notice_period(competition: Competition, stand: Stand) -> Notice | None:
    """The days on which objections are taken, and where; none where no notice is waited for."""
    first, last = stand.notice_from, stand.last_day
    if first is None or last is None or stand.state not in UNDER_NOTICE:
        return None
    return Notice(first, last, objections_to(competition))


def objections_to(competition: Competition) -> str | Message:
    """The addressee of objections: the line set for it, else the host, else the committee."""
    return (
        settings_of(competition).contact
        or competition.host
        or competition_kind(competition).organisers
    )
