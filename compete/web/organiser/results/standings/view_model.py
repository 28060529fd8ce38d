"""The standings as rows: columns, chips, the hash, and what can be done with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

from flask_babel import gettext as _

from compete.domain.bundle import event_types
from compete.domain.bundle.attempts import WAIVED, attempt_flag, attempt_words, with_attempt
from compete.domain.bundle.crews import called
from compete.domain.bundle.results import EventResults, FinalRow, StageRow
from compete.domain.bundle.types import Bundle, Entrant, Mark
from compete.domain.explanation.ties import any_parted, explain_ties
from compete.domain.explanation.tree import explain_entrant
from compete.domain.grades.ladder import Ladder, grade_label, ladder_in
from compete.domain.grades.proposals import Decided, ListedGrade, kept_words, listed_grades
from compete.domain.ranking.tie_keys import added_times, timed_modules
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.messages import Message, listed
from compete.domain.values.states import GradeState
from compete.models import Competition, Event, Publication
from compete.services.results.nominated_awards_in_force import distinction_lines
from compete.services.results.result_stands import stand_of
from compete.services.scoring.explained_row import Compared, explain_row
from compete.web.conditions import describe_conditions, first_unmet, just_missed
from compete.web.language import say
from compete.web.organiser.competition_words import state_chip
from compete.web.organiser.results.standings.shapes import (
    Column,
    ComparedRow,
    Comparison,
    ExplainedRow,
    Named,
    StandingRow,
)
from compete.web.organiser.shapes import Figure
from compete.web.shapes import Chip
from compete.web.state_chips import stand_chip
from compete.web.templating import minutes
from compete.web.words import outcome_word


def describe_explained_row(
    scorer: Scorer,
    entrant: str,
    people: dict[str, Entrant],
    rank: int | None,
    marks: Sequence[Mark] = (),
) -> ExplainedRow:
    """Explain the opened row: sums, tie keys side by side, grade rules.

    `marks` are the entrant's, which a live scorer's bundle does not hold.
    """
    explained = explain_row(scorer, entrant)
    name = people[entrant].name
    title = _("怎么算出来的：%(name)s %(total)s", name=name, total=explained.total or "—")
    if rank is not None:
        title = _(
            "怎么算出来的：%(name)s %(total)s，第 %(rank)s 名",
            name=name,
            total=explained.total,
            rank=rank,
        )
    sums: list[tuple[str, str | None, str]] = [
        (share.name or _("前一赛段带入"), share.text, share.value) for share in explained.shares
    ]
    if explained.penalties:
        what = say(listed(explained.penalties))
        sums.append((_("扣罚"), _("%(what)s，已算在成绩里", what=what), ""))
    else:
        sums.append((_("扣罚"), None, "0"))
    sums.append((_("合计"), None, explained.total or "—"))
    compare = None
    if explained.neighbour is not None:
        names = {entrant: name, explained.neighbour: people[explained.neighbour].name}
        compare = Comparison(
            names=list(names.values()),
            rows=[
                _compared(line, names, entrant, is_last=line is explained.compared[-1])
                for line in explained.compared
            ],
        )
    return ExplainedRow(
        title=title, sums=sums, compare=compare, tree=explain_entrant(scorer, entrant, marks).steps
    )


def _compared(line: Compared, names: dict[str, str], entrant: str, *, is_last: bool) -> ComparedRow:
    """Compare a tie key of two people: who is ahead by it, and by what."""
    key, values = say(line.key), [line.mine, line.other]
    if line.ahead is None:
        result = _("相同，没有下一项了") if is_last else _("相同，比下一项")
    else:
        better, worse = values if line.ahead == entrant else reversed(values)
        result = _(
            "%(name)s 在前：%(key)s %(values)s",
            name=names[line.ahead],
            key=key,
            values=f"{better} {line.sign} {worse}" if line.sign else f"{better} / {worse}",
        )
    return ComparedRow(key=key, values=values, result=result, decided=line.ahead is not None)


def why_refused(scorer: Scorer, entrant: str) -> str | None:
    """The one condition that keeps somebody from a grade their rank would give, if one."""
    event = scorer.event_of(entrant)
    reasons = event.grades.reasons(event.grades.people(entrant)[0])
    if any(reason.met for reason in reasons):
        return None
    for reason in filter(just_missed, reasons):
        return first_unmet(
            describe_conditions(reason.conditions, scorer, event.event.code, entrant)
        )
    return None


def final_rows(event: EventResults) -> list[tuple[FinalRow, StageRow]]:
    """Final places, each with the row of the stage it was won in."""
    by_stage = {stage.code: {row.entrant: row for row in stage.standings} for stage in event.stages}
    return [(final, by_stage[final.stage][final.entrant]) for final in event.standings]


def module_columns(rules: event_types.Event) -> list[Column]:
    """The columns between name and total: parts, modules, a working time."""
    stage = rules.stages[-1]
    columns = [
        Column(key=f"part:{part.code}", label=part.name, least=part.pass_) for part in stage.parts
    ]
    columns += [
        Column(
            key=f"module:{m.code}",
            label=with_attempt(stage, m.code, m.name),
            least=m.pass_,
            soft=bool(m.part),
        )
        for m in stage.modules
    ]
    timed = [key for key in rules.ranking.ties if key.startswith("time:")]
    columns += [Column(key=key, label=_("用时"), soft=True) for key in timed[:1]]
    return columns


class Names:
    """People and units of a bundle by their codes; with the name of `now`, if it differs."""

    def __init__(self, bundle: Bundle, now: Bundle) -> None:
        self.people = {entrant.code: entrant for entrant in bundle.entrants}
        self.units = {unit.code: unit.name for unit in bundle.units}
        self.now = {entrant.code: called(entrant) for entrant in now.entrants}

    def of(self, entrant: str) -> Named:
        """Name and unit; the name of now, where it was corrected since, as `now`."""
        person = self.people[entrant]
        name, now = called(person), self.now[entrant]
        return Named(name=name, unit=self.units[person.unit], now=now if now != name else "")

    def says(self, entrant: str, q: str) -> bool:
        """True if number, name or unit has the text in it."""
        named = self.of(entrant)
        return not q or any(q in text for text in (entrant, named.name, named.unit, named.now))


class RowWriter:
    """Writes rows as `standings.html` wants them; the `opened` one explained by its `marks`.

    What everybody's row needs is looked up once.
    """

    def __init__(
        self,
        scorer: Scorer,
        rules: event_types.Event,
        event: EventResults,
        names: Names,
        opened: str | None,
        decided: Decided,
        appealed: Collection[str] = (),
        marks: Sequence[Mark] = (),
    ) -> None:
        self.appealed, self.marks = appealed, marks
        self.scorer, self.rules, self.names, self.opened = scorer, rules, names, opened
        self.columns = module_columns(rules)
        self.stages = {stage.code: stage.name for stage in rules.stages}
        parted = any_parted(event)
        self.ties = explain_ties(scorer.events[event.code], event).people if parted else {}
        awards = {award.code: award.name for award in rules.awards}
        self.awards: dict[str | None, list[str]] = defaultdict(list)
        for won in event.awards or ():
            if not won.item:
                self.awards[won.entrant].append(awards[won.award])
        self.grades: dict[str, list[ListedGrade]] = defaultdict(list)
        for row in listed_grades(event, decided):
            self.grades[row.entrant].append(row)

    def row(self, final: FinalRow, stage_row: StageRow) -> StandingRow:
        """Build one row, to be opened."""
        code, is_open = final.entrant, self.opened == final.entrant
        rows = self.grades.get(code, [])
        grade, refused = None, None
        if rows:
            grade = _("、").join(self._grade_of(row) for row in rows)
        elif final.rank is not None and self.rules.grades:
            refused = why_refused(self.scorer, code)
        explained = None
        if is_open:
            explained = describe_explained_row(
                self.scorer, code, self.names.people, final.rank, self.marks
            )
        named = self.names.of(code)
        return StandingRow(
            id=code,
            rank=final.rank,
            name=named.name,
            unit=named.unit,
            now=named.now,
            values=self._values(stage_row, final.stage),
            total=final.total,
            of_stage=self.stages[final.stage] if self._stopped(final) else None,
            scaled=final.scaled or None,
            award=_("、").join(self.awards.get(code, ())) or None,
            grade=grade,
            grade_refused=refused,
            note=self._note(final, stage_row),
            tie=say(self.ties[code]) if code in self.ties else None,
            open=is_open,
            explains=True,
            explained=explained,
        )

    def _values(self, row: StageRow, code: str) -> dict[str, Figure]:
        stage = next(stage for stage in self.rules.stages if stage.code == code)
        return _values(self.scorer, stage, row, self._of_stage(code))

    def _of_stage(self, code: str) -> list[Column]:
        """The columns that have something of a stage: another module may bear the same code."""
        if code == self.rules.stages[-1].code:
            return self.columns
        stage = next(stage for stage in self.rules.stages if stage.code == code)
        names = {f"part:{part.code}": part.name for part in stage.parts}
        names |= {
            f"module:{it.code}": with_attempt(stage, it.code, it.name) for it in stage.modules
        }
        return [
            column
            for column in self.columns
            if column.key.startswith("time:") or names.get(column.key) == column.label
        ]

    def _stopped(self, final: FinalRow) -> bool:
        """True if it was over before the last stage: the total is none of that one."""
        return final.stage != self.rules.stages[-1].code

    def _note(self, final: FinalRow, stage_row: StageRow) -> str | None:
        """The stage after which it was over, who was out, and whether an appeal may change it."""
        notes = []
        if final.rank is not None:
            notes += _out_words(self.rules, final.stage, stage_row)
        if self._stopped(final):
            notes.append(_("止步%(stage)s", stage=self.stages[final.stage]))
        if final.entrant in self.appealed:
            notes.append(_("申诉中"))
        return _("、").join(notes) or None

    def _grade_of(self, row: ListedGrade) -> str:
        """A new grade; of a crew with the member's name before it."""
        grade = _grade_words(row, ladder_in(self.rules))
        if row.member is None:
            return grade
        crew = self.names.people[row.entrant].members
        return f"{next(person.name for person in crew if person.code == row.member)} {grade}"


def _out_words(rules: event_types.Event, last: str, row: StageRow) -> list[str]:
    """缺考 and the like of somebody who is ranked all the same, with the modules they are of."""
    stage = next(stage for stage in rules.stages if stage.code == last)
    words = []
    waived = [it for it in stage.modules if attempt_flag(stage, row, it.code) == WAIVED]
    for status in ("dns", "dnf", "dsq"):
        names = [
            with_attempt(stage, module.code, module.name)
            for module in stage.modules
            if (result := row.modules.get(module.code))
            and status in result.flags
            # The column of what was waived has the word.
            and not (status == "dns" and module in waived)
        ]
        if len(names) == len(stage.modules):
            words.append(outcome_word(status))
        elif names:
            where = say(listed(names))
            words.append(_("%(what)s（%(where)s）", what=outcome_word(status), where=where))
    return words


def why_unranked(final: FinalRow) -> str:
    """Say why somebody has no rank; empty for whoever has one."""
    if final.status == "incomplete":
        return _("还没评完")
    return "" if final.status == "ranked" else outcome_word(final.status)


def found_rows(rows: list[StandingRow], q: str) -> list[StandingRow]:
    """The rows with the text in number, name or unit."""
    return [row for row in rows if not q or any(q in text for text in (row.id, row.name, row.unit))]


def _grade_words(row: ListedGrade, ladder: Ladder) -> str:
    """The grade, with 缓办, 没批准 or 保留 before it where that was decided of it."""
    if row.kept:
        return say(kept_words(row.grade, ladder))
    grade, state = say(grade_label(row.grade, ladder)), row.state
    if state is GradeState.DEFERRED:
        return _("缓办 %(grade)s", grade=grade)
    if state is GradeState.REFUSED:
        return _("没批准 %(grade)s", grade=grade)
    if state is GradeState.REVOKED:
        return _("%(grade)s 证书已撤销", grade=grade)
    return grade


def _values(
    scorer: Scorer, stage: event_types.Stage, row: StageRow, columns: list[Column]
) -> dict[str, Figure]:
    values: dict[str, Figure] = {}
    for column in columns:
        kind, _colon, code = column.key.partition(":")
        if kind == "time":
            times = scorer.event_of(row.entrant).stages[-1]
            if row.entrant not in times.scores:
                continue
            seconds = added_times(times, timed_modules(code, times), row.entrant)
            if seconds is not None:
                time = Decimal(seconds.numerator) / Decimal(seconds.denominator)
                values[column.key] = Figure(text=minutes(time))
            continue
        if kind == "part":
            score, words = row.parts.get(code), None
        else:
            result = row.modules.get(code)
            score = result.score if result else None
            words = attempt_words(stage, row, code)
        if words is not None:
            values[column.key] = Figure(text=say(words))
        elif score is not None:
            bad = column.least is not None and Decimal(score) < column.least
            values[column.key] = Figure(text=score, bad=bad)
    return values


def state_chips(
    competition: Competition, event: Event, publication: Publication | None, edition: Message
) -> list[Chip]:
    """Chips beside the title: the state of the results, and which publication this is.

    `publication` is the one that says just what the page says; without one `edition` says why.
    """
    if publication is None:
        return [state_chip(competition), Chip(text=say(edition), kind="warn")]
    return [
        stand_chip(stand_of(event)),
        Chip(text=_("第 %(n)s 版", n=publication.version), kind=""),
    ]


def grade_head(event: Event, publication: Publication | None) -> str:
    """Return the head over the grades: no longer proposed once the shown results stand."""
    settled = publication is not None and stand_of(event).stands
    return _("晋升等级") if settled else _("拟晋升")


def distinction_rows(competition: Competition) -> list[tuple[str, str, str, str]]:
    """The distinctions as workbooks list them, names in full: what, who, of where, and why."""
    return [
        (line.title, line.name, line.unit, line.reason)
        for line in distinction_lines(competition, say=say, whole=True)
    ]
