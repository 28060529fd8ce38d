"""Carried modules (单科保留): passed at an earlier sitting, brought once; taken back, or void.

What may be brought is what the newest version in force of the earlier sitting keeps
(`earlier_sittings`). What was brought stands as a file writes it in `Entrant.carried`; each act
is on record. Once the earlier sitting is published otherwise, it is void, with the day and the
reason, and the module is to be examined here or brought anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.evaluation_facts import line_of
from compete.domain.bundle.event_types import Module, Part
from compete.domain.bundle.results import EventResults, Judged, Results, VerdictRow
from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.kinds.kinds import competition_kind, kinds_where
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.points import exact, shortest
from compete.domain.values.states import CompetitionState, DecisionState, GradeState
from compete.models import (
    Account,
    Competition,
    Decision,
    Entrant,
    Event,
    GradeDecision,
    OutcomeEntry,
    PenaltyEntry,
    Publication,
    Sheet,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import standing_withdrawal, takes_part
from compete.services.kernel.refusal import Refused
from compete.services.kernel.shown_competitions import is_shown
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.registration.earlier_sittings import (
    Sitting,
    Verdicts,
    earlier_among,
    place_of,
    sittings_about,
    tried_in,
    verdicts_of_version,
    versions_in_force,
)
from compete.services.registration.preview import check_registration_open
from compete.services.registration.writing import make_late_sheets
from compete.services.scoring.live import live_results
from compete.services.sheets.locks_in_force import require_unlocked

Plain = dict[str, Any]
"""A mark that was brought, as a file writes it."""
_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)
_LOCKED = msg("评分已经锁定，先解锁")
_UNDECIDED = (GradeState.PROPOSED, GradeState.APPROVED, GradeState.DEFERRED)


@dataclass(frozen=True, slots=True)
class KeptModule:
    """A module that an earlier sitting keeps for somebody; `why_not` it cannot be brought here."""

    of: str
    name: str
    mark: Decimal
    until: date
    sitting: Sitting
    why_not: Message | None

    @property
    def key(self) -> str:
        """The key that tells it from all else that may be brought, and from another mark of it."""
        return " ".join((*self.sitting.origin.values(), self.of, str(self.mark)))


@dataclass(frozen=True, slots=True)
class BroughtModule:
    """A module that somebody brought, with why it stays for good, or no longer holds."""

    of: str
    name: str
    said: Plain
    why_stays: Message | None
    no_longer: Message | None
    """The reason why it does not hold although it is not void: then it is to be made void."""


def brought_modules(entrant: Entrant) -> list[BroughtModule]:
    """List what somebody brought along, void or not."""
    return [
        BroughtModule(
            brought["of"],
            _name(entrant.event, brought["of"]),
            brought,
            _why_stays(entrant, brought),
            _no_longer_here(entrant, brought),
        )
        for brought in entrant.carried or ()
    ]


def kept_modules(entrant: Entrant) -> list[KeptModule]:
    """List what may be brought here and was not, from the newest sitting on."""
    if standing_withdrawal(entrant) is not None:
        return []
    brought = {it["of"] for it in entrant.carried or () if not it.get("void")}
    sittings = earlier_among(sittings_about(entrant), entrant, entrant.event)
    used = _used(entrant) if sittings else {}
    sittings.sort(key=lambda it: (it.day or date.min, it.entrant.id), reverse=True)
    return [
        _kept_module(entrant, sitting, of, date.fromisoformat(until), used)
        for sitting in sittings
        for of, until in sitting.row.keeps.items()
        if of not in brought
    ]


def _kept_module(
    entrant: Entrant,
    sitting: Sitting,
    of: str,
    until: date,
    used: Mapping[tuple[str, ...], Entrant],
) -> KeptModule:
    judged = _judged(sitting.row, of)
    mark = Decimal((judged and judged.score) or 0)
    there = _portable(sitting.entrant.event).get(of)
    why = _why_not(entrant, there, of, mark, until)
    other = used.get(_place(sitting.origin, of))
    if other is not None:
        why = msg("已经带到 %(where)s，只能带一次", where=place_of(other))
    return KeptModule(of, there.name if there else of, mark, until, sitting, why)


def _why_not(
    entrant: Entrant, there: Module | Part | None, of: str, mark: Decimal, until: date
) -> Message | None:
    """Say why a mark does not fit here; None where it does."""
    if entrant.competition.state not in _OPEN:
        return _LOCKED
    event, here = rules_of(entrant.event), _portable(entrant.event).get(of)
    if event.carry_months is None:
        return msg("这一次的规则没写单科保留，在“赛项和规则”里写上几个月才能带")
    tried = tried_in(entrant.event)
    if tried is not None and tried.on is not None and until < tried.on:
        return msg("只留到 %(until)s，这里看条件的那一天是 %(day)s", until=until, day=tried.on)
    if here is None or there is None:
        return msg("这里没有代码是“%(of)s”的科目", of=of)
    if here.full != there.full:
        return msg(
            "满分不一样：那里 %(there)s，这里 %(here)s",
            there=plain(there.full),
            here=plain(here.full),
        )
    least = line_of(here)
    if least is None or exact(mark) < least:
        line = shortest(least) if least is not None else ""
        return msg("这里的合格线是 %(line)s，%(mark)s 不够", line=line, mark=plain(mark))
    if (exact(mark) * 10**event.rounding.module).denominator != 1:
        return msg("这里的成绩最多 %(n)s 位小数", n=event.rounding.module)
    return _why_marked(entrant, of)


def _why_marked(entrant: Entrant, of: str) -> Message | None:
    """Say why nothing can be brought for what was begun here already."""
    codes = [module.code for module in _modules(entrant.event, of)]
    marked = select(Sheet.id).where(
        Sheet.entrant_id == entrant.id, Sheet.module.in_(codes), Sheet.version > 0
    )
    if db.session.scalar(marked.limit(1)) is not None:
        return msg("这一科在这里已经评了")
    for table, standing in (
        (OutcomeEntry, OutcomeEntry.withdrawn_at.is_(None)),
        (PenaltyEntry, PenaltyEntry.withdrawn_at.is_(None)),
        (Decision, Decision.state == DecisionState.PROPOSED),
    ):
        query = select(table.id).where(
            table.entrant_id == entrant.id, table.module.in_(codes), standing
        )
        if db.session.scalar(query.limit(1)) is not None:
            return msg("这一科在这里已经记了缺考、取消或扣罚，先撤回")
    return None


def _used(entrant: Entrant) -> dict[tuple[str, ...], Entrant]:
    """The entrants of the same number who brought a module, by where it is from; also withdrawn."""
    query = select(Entrant).where(
        Entrant.id_hash == entrant.id_hash, Entrant.id != entrant.id, Entrant.carried.is_not(None)
    )
    return {
        _place(it["from"], it["of"]): other
        for other in db.session.scalars(query)
        for it in other.carried or ()
        if not it.get("void")
    }


def bring_module(entrant: Entrant, key: str, by: Account) -> KeptModule:
    """Bring along what `kept_modules` offers under this key.

    Sheets on which nothing was written go; one that is void gives way. Raises `Refused`
    (CONFLICT) where it is offered no more, cannot be brought, or is locked.
    """
    with unit_of_work() as session:
        kept = _offered(entrant, key)
        # Nothing is published there meanwhile, which would not know of it.
        competition = claim_with(entrant.competition, [kept.sitting.entrant.competition_id])
        session.refresh(entrant)
        check_registration_open(competition)
        kept = _offered(entrant, key)
        if kept.why_not is not None:
            raise Refused(kept.why_not)
        _require_unlocked(entrant, kept.of)
        brought: Plain = {
            "of": kept.of,
            "mark": str(kept.mark),
            "until": kept.until.isoformat(),
            "from": kept.sitting.origin,
        }
        entrant.carried = [*(it for it in entrant.carried or () if it["of"] != kept.of), brought]
        _drop_sheets(entrant, kept.of)
        after = _module_record(entrant, brought)
        audit.record(competition, by, "entrant.carry", entrant.code, after=after)
    return kept


def _offered(entrant: Entrant, key: str) -> KeptModule:
    kept = next((it for it in kept_modules(entrant) if it.key == key), None)
    if kept is None:
        raise Refused(msg("这个成绩现在不能带了，看一下再办"))
    return kept


def take_module_back(entrant: Entrant, of: str, by: Account) -> None:
    """Examine here what was brought after all; its sheets are made while others are judged.

    Raises `Refused` (CONFLICT) where it was published with it, under a lock, and where nothing
    was brought.
    """
    with changing(entrant.competition, entrant) as competition:
        brought = _valid_module(entrant, of)
        if (why := _why_stays(entrant, brought)) is not None:
            raise Refused(why)
        _require_unlocked(entrant, of)
        entrant.carried = [it for it in entrant.carried or () if it["of"] != of] or None
        db.session.flush()
        _make_sheets(entrant, by)
        before = _module_record(entrant, brought)
        audit.record(competition, by, "entrant.carry_end", entrant.code, before=before)


def void_module(entrant: Entrant, of: str, by: Account) -> None:
    """Make void what is from this very competition and holds no more by its newest results.

    What is from another is void once that publishes. Raises `Refused` (CONFLICT) where it holds.
    """
    with changing(entrant.competition, entrant) as competition:
        check_registration_open(competition)
        brought = _valid_module(entrant, of)
        why = _no_longer_here(entrant, brought)
        if why is None:
            raise Refused(msg("原来的成绩没有变，不用作废"))
        _void(entrant, brought, why, by)
        _make_sheets(entrant, by)


def void_changed(publication: Publication, by: Account) -> set[int]:
    """Make void what was brought elsewhere from this version's sitting and no longer follows.

    Inside the unit of work that publishes it, which holds all whom it concerns
    (`brought_from`). Returns the numbers of the competitions where something is void now.
    """
    competition, touched = publication.competition, set()
    bringers = _bringers(competition)
    verdicts = verdicts_of_version(publication) if bringers else {}
    where = msg("%(code)s 第 %(n)s 版", code=competition.code, n=publication.version)
    for number, home in bringers:
        for_update(db.session.get_one(Competition, home))
        entrant = db.session.get_one(Entrant, number, populate_existing=True)
        for brought in list(_from(entrant.carried, competition.code)):
            if (why := _no_longer(entrant, brought, verdicts, where)) is not None:
                _void(entrant, brought, why, by)
                touched.add(home)
    return touched


def voided_since(publication: Publication) -> dict[int, str]:
    """The reasons, by number, why a result of this version rests on a mark that is void by now."""
    competition = publication.competition
    if not competition_kind(competition).has_sittings:
        return {}
    verdicts = verdicts_of_version(publication)
    query = select(Entrant).where(
        Entrant.competition_id == competition.id, Entrant.carried.is_not(None)
    )
    reasons: dict[int, str] = {}
    for entrant in db.session.scalars(query):
        row = verdicts.get(entrant.event.code, {}).get(entrant.code)
        for brought in entrant.carried or ():
            judged = _judged(row, brought["of"])
            if brought.get("void") and judged is not None and "carried" in judged.flags:
                reasons[entrant.id] = brought["void"]["reason"]
    return reasons


def claim_with(competition: Competition, others: Collection[int]) -> Competition:
    """Claim as `for_update`, with others, all in one order: so no two wait for each other."""
    for number in sorted({competition.id, *others}):
        for_update(db.session.get_one(Competition, number))
    return db.session.get_one(Competition, competition.id)


def brought_from(competition: Competition) -> set[int]:
    """The numbers of the other competitions to which something was brought from this one."""
    return {home for _number, home in _bringers(competition)}


def _bringers(competition: Competition) -> list[tuple[int, int]]:
    """The numbers of who brought something from this competition to another, and of that."""
    if not competition_kind(competition).has_sittings:
        return []
    query = (
        select(Entrant.id, Entrant.competition_id, Entrant.carried)
        .join(Competition, Competition.id == Entrant.competition_id)
        .where(
            Competition.kind.in_(kinds_where(lambda kind: kind.has_sittings)),
            Competition.id != competition.id,
            is_shown(),
            Entrant.carried.is_not(None),
        )
        .order_by(Entrant.id)
    )
    return [
        (number, home)
        for number, home, carried in db.session.execute(query).tuples()
        if any(_from(carried, competition.code))
    ]


def _from(carried: Sequence[Plain] | None, code: str) -> Iterator[Plain]:
    """List what was brought from that competition and is not void."""
    for brought in carried or ():
        if not brought.get("void") and brought["from"]["competition"] == code:
            yield brought


def _void(entrant: Entrant, brought: Plain, why: Message, by: Account) -> None:
    """A grade that is not issued yet goes with it; sheets are made by whoever sees the gap."""
    void = {"day": local_today().isoformat(), "reason": why.render()}
    entrant.carried = [
        it | {"void": void} if it["of"] == brought["of"] else it for it in entrant.carried or ()
    ]
    grade = db.session.scalar(
        select(GradeDecision).where(
            GradeDecision.entrant_id == entrant.id, GradeDecision.state.in_(_UNDECIDED)
        )
    )
    if grade is not None:
        db.session.delete(grade)
    audit.record(
        entrant.competition,
        by,
        "entrant.carry_void",
        entrant.code,
        before=_module_record(entrant, brought)
        | ({"grade": grade.grade, "state": grade.state.value} if grade else {}),
        after=void,
        reason=void["reason"],
    )


def _module_record(entrant: Entrant, brought: Plain) -> Plain:
    """The module as a record has it: by its name, too."""
    return {"name": _name(entrant.event, brought["of"])} | brought


def _no_longer(
    entrant: Entrant, brought: Plain, verdicts: Verdicts, where: Message
) -> Message | None:
    """Say why by these verdicts a mark that was brought does not hold; None where it does."""
    at, of, name = brought["from"], brought["of"], _name(entrant.event, brought["of"])
    row = verdicts.get(at["event"], {}).get(at["entrant"])
    judged = _judged(row, of)
    if row is None or judged is None or judged.verdict != "pass" or judged.score is None:
        return msg("%(where)s更正：%(name)s不再合格", where=where, name=name)
    if exact(Decimal(judged.score)) != exact(Decimal(brought["mark"])):
        return msg(
            "%(where)s更正：%(name)s %(was)s 改成 %(now)s，要带就重新带",
            where=where,
            name=name,
            was=brought["mark"],
            now=judged.score,
        )
    if of not in row.keeps:
        return msg("%(where)s更正：%(name)s不再保留", where=where, name=name)
    return None


def stale_here(competition: Competition, results: Results) -> dict[str, Message]:
    """The people who brought a mark from an event of this competition that holds no more by
    these results of it, with why."""
    if not competition_kind(competition).has_sittings:
        return {}
    query = select(Entrant).where(
        Entrant.competition_id == competition.id, Entrant.carried.is_not(None), takes_part()
    )
    verdicts, reasons = _told_by(results), {}
    for entrant in db.session.scalars(query.order_by(Entrant.code)):
        for brought in _from(entrant.carried, competition.code):
            why = _no_longer(entrant, brought, verdicts, _HERE)
            if why is not None:
                reasons[entrant.code] = why
    return reasons


def brings_anything(competition: Competition) -> bool:
    """True if somebody of the competition brought something from an earlier one."""
    brought = Entrant.competition_id == competition.id, Entrant.carried.is_not(None)
    return db.session.scalar(select(Entrant.id).where(*brought).limit(1)) is not None


def voided_in(event: EventResults) -> list[str]:
    """The codes of those whose results are incomplete since what they brought is void."""
    return [
        row.entrant
        for row in verdicts_of(event).verdicts
        if row.verdict == "incomplete"
        and any("carry_void" in it.flags for it in (*row.modules.values(), *row.parts.values()))
    ]


_HERE = msg("本次成绩")


def _told_by(results: Results) -> Verdicts:
    return {
        event.code: {row.entrant: row for row in verdicts_of(event).verdicts}
        for event in results.events
    }


def _no_longer_here(entrant: Entrant, brought: Plain) -> Message | None:
    """Say as `_no_longer` of what is from this competition, by its results as they stand."""
    if brought.get("void") or brought["from"]["competition"] != entrant.competition.code:
        return None
    results = live_results(entrant.competition).results
    return _no_longer(entrant, brought, _told_by(results), _HERE)


def _why_stays(entrant: Entrant, brought: Plain) -> Message | None:
    """Say why it cannot be taken back; None where it can."""
    if entrant.competition.state not in _OPEN:
        return _LOCKED
    if brought.get("void"):
        return msg("已经作废，留着作记录")
    version = versions_in_force([entrant.competition_id]).get(entrant.competition_id)
    if version is None:
        return None
    row = verdicts_of_version(version).get(entrant.event.code, {}).get(entrant.code)
    judged = _judged(row, brought["of"])
    if judged is not None and "carried" in judged.flags:
        return msg("第 %(n)s 版已经公布了它，不能收回", n=version.version)
    return None


def _valid_module(entrant: Entrant, of: str) -> Plain:
    brought = next(
        (it for it in entrant.carried or () if it["of"] == of and not it.get("void")), None
    )
    if brought is None:
        raise Refused(msg("没有带来的成绩，或者已经收回、作废了"))
    return brought


def _require_unlocked(entrant: Entrant, of: str) -> None:
    for module in _modules(entrant.event, of):
        require_unlocked(entrant, rules_of(entrant.event).stages[0].code, module.code)


def _drop_sheets(entrant: Entrant, of: str) -> None:
    codes = [module.code for module in _modules(entrant.event, of)]
    query = select(Sheet).where(Sheet.entrant_id == entrant.id, Sheet.module.in_(codes))
    for sheet in db.session.scalars(query):
        db.session.delete(sheet)


def _make_sheets(entrant: Entrant, by: Account) -> None:
    judging = entrant.competition.state is CompetitionState.JUDGING
    if judging and standing_withdrawal(entrant) is None:
        make_late_sheets(entrant.competition, [entrant], by)


def _portable(event: Event) -> dict[str, Module | Part]:
    """The modules without a part, and the parts, of an event that may be carried, by code."""
    stage = rules_of(event).stages[0]
    portable: dict[str, Module | Part] = {part.code: part for part in stage.parts}
    return portable | {module.code: module for module in stage.modules if module.part is None}


def _modules(event: Event, of: str) -> Sequence[Module]:
    """The modules for which a carried mark stands."""
    return [it for it in rules_of(event).stages[0].modules if of in (it.code, it.part)]


def _name(event: Event, of: str) -> str:
    part = _portable(event).get(of)
    return part.name if part is not None else of


def _judged(row: VerdictRow | None, of: str) -> Judged | None:
    return (row.modules.get(of) or row.parts.get(of)) if row is not None else None


def _place(origin: Mapping[str, str], of: str) -> tuple[str, ...]:
    return origin["competition"], origin["event"], origin["entrant"], of
