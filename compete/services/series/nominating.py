"""People put forward by one press, checked by the event further up; declines, rulings, answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.eligibility import Finding
from compete.domain.series.results import RowState
from compete.domain.values.messages import Message, msg
from compete.domain.values.series_states import NominationStep
from compete.domain.values.states import APPLICATION_MOVES, ApplicationState, move
from compete.models import (
    Account,
    Application,
    Competition,
    Event,
    Nomination,
    SeriesBerth,
    Unit,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.registration.applicant_eligibility import unmet_by
from compete.services.registration.applications import (
    FIELDS,
    check_cells,
    fill,
    new_draft,
    offer_for,
    stands_already,
)
from compete.services.registration.person_cells import cells_of_person
from compete.services.registration.window import why_units_cannot_enter
from compete.services.series.berths import (
    WholeSeries,
    berth_code,
    has_begun,
    require_sound_people,
    whole_series,
)
from compete.services.series.series_nodes import record_series
from compete.services.series.series_rights import require_runner
from compete.services.series.standings_above import Standing, event_of

_OPEN = (ApplicationState.SUBMITTED, ApplicationState.WAITING, ApplicationState.RETURNED)
_DROPPED = msg("没有推荐到，已撤回")
_IN_A_CREW = msg("以组参赛的不在这里推荐，请那一站的组委会报名")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """How somebody fits the event further up: what is missing or wrong, what does not hold."""

    problems: Sequence[Message]
    unmet: Sequence[Finding]

    @property
    def fits(self) -> bool:
        """True if they can be put forward."""
        return not (self.problems or self.unmet)


FITS = Fitness(problems=(), unmet=())


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What one press did: how many were put forward, and who was not, with why."""

    sent: int
    left: Sequence[tuple[str, Message]]


def _goal_of(berth: SeriesBerth) -> Event | None:
    """The event further up, where it is held here."""
    return event_of(berth.target, berth.to_event)


def _unit_there(competition: Competition, standing: Standing) -> Unit | None:
    own = standing.entrant.unit
    for unit in competition.units:
        if own.organisation_id is not None and unit.organisation_id == own.organisation_id:
            return unit
    return next((unit for unit in competition.units if unit.name == own.name), None)


def _draft(
    goal: Event, standing: Standing, by: Account | None
) -> tuple[Application, dict[str, Message]]:
    """What would be written further up of somebody, and what is wrong with it."""
    competition, person = goal.competition, standing.entrant
    unit = _unit_there(competition, standing)
    cells = {key: text for key, text in cells_of_person(person).items() if key in FIELDS and text}
    cells["event"] = goal.code
    checked, problems = check_cells(cells, offer_for(competition, unit), unit)
    if unit is None:
        # Whose they are there is for its organisers to say.
        cells["unit"] = person.unit.name
        problems.pop("unit", None)
    application = new_draft(unit, competition, by)
    application.unit, application.event_id = unit, goal.id
    fill(application, cells, checked, competition)
    return application, problems


def fitness_of(berth: SeriesBerth, people: Collection[Standing]) -> dict[str, Fitness]:
    """How these fit the event further up, by their codes; all do where it is held elsewhere."""
    goal = _goal_of(berth)
    if goal is None:
        return {row.person: FITS for row in people}
    return {code: fitness for code, (_row, fitness) in _drafts(goal, people, None).items()}


def _drafts(
    goal: Event, people: Collection[Standing], by: Account | None
) -> dict[str, tuple[Application, Fitness]]:
    drafts = {row.person: _draft(goal, row, by) for row in people}
    rows = [application for application, _problems in drafts.values()]
    unmet = unmet_by(goal.competition, rows)
    crews = {row.person for row in people if row.entrant.members}
    made = {}
    for code, (application, problems) in drafts.items():
        faults = [_IN_A_CREW] if code in crews else list(problems.values())
        if stands_already(application):
            faults = [msg("已经在那边的名单上")]
        broken = unmet.get(application.public_id, ())
        made[code] = application, Fitness(problems=faults, unmet=broken)
    return made


def to_forward(berth: SeriesBerth, whole: WholeSeries) -> list[Standing]:
    """Who has a place and was not put forward yet, in order."""
    rows = {row.person: row for row in whole.standings[berth.from_node_id, berth.event]}
    result = whole.results()[berth_code(berth.id)]
    return [
        rows[row.person]
        for row in result.rows
        if row.state is RowState.PROPOSED
        and row.person in rows
        and not is_forward(whole.steps.get((berth.id, row.person)))
    ]


def is_forward(step: Nomination | None) -> bool:
    """True of who was put forward and has not answered."""
    return step is not None and step.step is NominationStep.PROPOSED


def put_forward(berth: SeriesBerth, by: Account) -> Forwarded:
    """Put forward everybody who has a place and was not yet; into the event, where it is here.

    Who does not fit there is left and told of; whoever ranks next comes up once they are ruled
    out. Raises `Refused` where nobody is left to be put forward, and outside the window there.
    """
    require_runner(by, berth.source)
    goal = _goal_of(berth)
    with unit_of_work() as session:
        if goal is not None:
            competition = for_update(goal.competition)
            refuse_if(why_units_cannot_enter(competition, goal.code))
        audit.claim_chain(None)
        session.refresh(berth)
        if has_begun(berth):
            raise Refused(msg("已经开赛，不再推荐"))
        whole = whole_series(berth.series)
        people = to_forward(berth, whole)
        if not people:
            raise Refused(msg("没有等着推荐的人"))
        drafts = _drafts(goal, people, by) if goal is not None else {}
        left: list[tuple[str, Message]] = []
        sent: list[Standing] = []
        for row in people:
            application, fitness = drafts.get(row.person, (None, FITS))
            if not fitness.fits:
                left.append((row.entrant.name, _why_left(fitness)))
                continue
            sent.append(row)
            if application is not None:
                _hand_in(application)
            _step(berth, row.person, NominationStep.PROPOSED, by, application)
        session.flush()
        if not sent:
            name, why = left[0]
            raise Refused(msg("%(name)s：%(why)s", name=name, why=why))
        entered = [drafts[row.person][0].public_id for row in sent if row.person in drafts]
        if goal is not None:
            after = {"people": entered, "series": berth.series.name, "from": berth.source.name}
            audit.record(
                goal.competition, by, "application.nominate", goal.competition.code, after=after
            )
        _record(berth, by, "forward", [row.person for row in sent])
    return Forwarded(len(sent), left)


def _why_left(fitness: Fitness) -> Message:
    if fitness.problems:
        return fitness.problems[0]
    return fitness.unmet[0].sentence


def _hand_in(application: Application) -> None:
    application.state = move(application.state, ApplicationState.SUBMITTED, APPLICATION_MOVES)
    application.submitted_at = utc_now()
    db.session.add(application)


def _step(
    berth: SeriesBerth,
    person: str,
    step: NominationStep,
    by: Account,
    application: Application | None = None,
    reason: str | None = None,
) -> None:
    db.session.add(
        Nomination(
            berth_id=berth.id,
            person=person,
            step=step,
            day=local_today(),
            reason=reason,
            application=application.public_id if application is not None else None,
            made_by=by.id,
        )
    )


def answer(berth: SeriesBerth, person: str, step: NominationStep, reason: str, by: Account) -> None:
    """Write down an answer or a ruling, or take it back (`CLEARED`); the next come up by it.

    What was written further up of whoever gives way is taken back there while nobody decided it.
    Raises `Refused` for an answer without a reason, and for who is on the list there already.
    """
    require_runner(by, berth.source)
    if step is NominationStep.PROPOSED:
        raise invalid(msg("没有这一种"))
    gives_way = step in (NominationStep.DECLINED, NominationStep.INELIGIBLE)
    reason = reason_text(reason, msg("写为什么") if gives_way else None)
    goal = _goal_of(berth)
    with unit_of_work() as session:
        if goal is not None:
            for_update(goal.competition)
        audit.claim_chain(None)
        session.refresh(berth)
        whole = whole_series(berth.series)
        before = whole.steps.get((berth.id, person))
        rows = whole.standings[berth.from_node_id, berth.event]
        if before is None and all(row.person != person for row in rows):
            raise invalid(msg("这个人不在这个赛项的名次里"))
        if before is None and step is NominationStep.CLEARED:
            raise Refused(msg("没有要撤回的"))
        _refuse_twice(berth, person, step, whole)
        entered = whole.applications.get(before.application or "") if before else None
        keeps = entered if step is NominationStep.ACCEPTED else None
        if entered is not None and keeps is None and entered.public_id not in whole.left:
            _take_back(entered, by)
        _step(berth, person, step, by, keeps, reason or None)
        session.flush()
        require_sound_people(berth.series)
        _record(berth, by, step.value, [person], reason)


def _refuse_twice(
    berth: SeriesBerth, person: str, step: NominationStep, whole: WholeSeries
) -> None:
    if step is not NominationStep.ACCEPTED:
        return
    others = {
        it.code
        for it in whole.file.berths
        if it.goal == _goal(whole, berth) and it.code != berth_code(berth.id)
    }
    last = {(it.berth, it.person): it.state.value for it in whole.file.nominations}
    if any(last.get((code, person)) == "accepted" for code in others):
        raise Refused(msg("已经从别的名额答应去同一个决赛，一个人只去一次"))
    result = whole.results()[berth_code(berth.id)]
    state = next((row.state for row in result.rows if row.person == person), None)
    if state not in (RowState.PROPOSED, RowState.ACCEPTED):
        raise Refused(msg("现在没有给这个人的名额"))


def _goal(whole: WholeSeries, berth: SeriesBerth) -> tuple[str, str]:
    return next(it.goal for it in whole.file.berths if it.code == berth_code(berth.id))


def _take_back(application: Application, by: Account) -> None:
    """Take back what was written further up. Raises `Refused` for who is on the list there."""
    db.session.refresh(application)
    if application.state is ApplicationState.ACCEPTED:
        raise Refused(msg("那边已经收进名单了，先请那边的组委会办退赛"))
    if application.state not in _OPEN:
        return
    application.state = move(application.state, ApplicationState.TAKEN_BACK, APPLICATION_MOVES)
    application.reason = _DROPPED.render()
    application.version += 1
    after = {"application": application.public_id}
    competition = application.competition
    audit.record(competition, by, "application.take_back", application.name, after=after)


def _record(
    berth: SeriesBerth, by: Account, act: str, people: Sequence[str], reason: str = ""
) -> None:
    after = {
        "node": berth.source.name,
        "to": berth.target.name,
        "people": list(people),
        "count": len(people),
    }
    record_series(berth.series, by, act, after=after, reason=reason or None)


def steps_of(berth: SeriesBerth) -> Mapping[str, Sequence[Nomination]]:
    """Every step in a berth by person, the oldest first."""
    query = select(Nomination).where(Nomination.berth_id == berth.id).order_by(Nomination.id)
    steps: dict[str, list[Nomination]] = {}
    for row in db.session.scalars(query):
        steps.setdefault(row.person, []).append(row)
    return steps
