"""Published marks of an earlier edition under a draft of rules: who would stand elsewhere.

Only while nobody is judged yet: nobody shapes a rule by those whom it makes win. What is
published is public already, with names masked as they were.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from compete.domain.awards.won import won_in
from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import EventResults
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.scoring.scorer import score
from compete.domain.values.messages import Message, msg
from compete.models import Event
from compete.services.competitions.rules_draft import RulesDraft, tree_of
from compete.services.competitions.rules_saving import why_rules_stay
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.results.snapshots import newest_publications, read_snapshot

MOST_MARKS = 50_000
"""The most marks worked out within a page; larger editions are not offered."""


@dataclass(frozen=True, slots=True)
class EarlierEdition:
    """A published competition with an event of the same code or name."""

    publication: int
    event: str
    name: str


@dataclass(frozen=True, slots=True)
class EarlierPlace:
    """A person's rank, total and awards."""

    rank: int | None
    total: str | None
    awards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MovedPerson:
    """A person whose rank or awards would be others."""

    name: str
    was: EarlierPlace
    now: EarlierPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The draft's moves in an earlier edition's standings; `notes` say what is not comparable."""

    edition: str
    people: int
    ranks: int
    awards: int
    moved: Sequence[MovedPerson]
    notes: Sequence[Message]


def earlier_editions(event: Event) -> list[EarlierEdition]:
    """List editions that may be ranked anew: the newest first, none once judging has begun."""
    if why_rules_stay(event):
        return []
    found = []
    for publication in newest_publications():
        if publication.competition_id == event.competition_id:
            continue
        bundle, _results = read_snapshot(publication)
        like = next(
            (it for it in bundle.events if it.code == event.code and it.name == event.name),
            next((it for it in bundle.events if it.name == event.name), None),
        )
        if like is not None and len(bundle.marks) <= MOST_MARKS:
            found.append(EarlierEdition(publication.id, like.code, publication.competition.name))
    return found


def rank_anew(event: Event, draft: RulesDraft, publication: int) -> Moved:
    """The edition's people under the draft, beside what was published.

    Raises `Refused`: INVALID for rules that cannot be, GONE for what is not offered (any more).
    """
    edition = next((it for it in earlier_editions(event) if it.publication == publication), None)
    if edition is None:
        raise Refused(msg("这一届不能拿来排了"), kind=Refusal.GONE)
    (source,) = (it for it in newest_publications() if it.id == publication)
    bundle, results = read_snapshot(source)
    tree = tree_of(draft, event.rules.definition) | {"code": edition.event}
    anew, left_out = _under(bundle, edition.event, tree, event.competition.format)
    before = next(it for it in results.events if it.code == edition.event)
    after = next(it for it in score(anew).events if it.code == edition.event)
    was, now = _places(bundle, before), _places(anew, after)
    names = {person.code: person.name for person in bundle.entrants}
    moved = [
        MovedPerson(names[code], was[code], place)
        for code, place in now.items()
        if (place.rank, place.awards) != (was[code].rank, was[code].awards)
    ]
    return Moved(
        edition=edition.name,
        people=len(now),
        ranks=sum(person.was.rank != person.now.rank for person in moved),
        awards=sum(person.was.awards != person.now.awards for person in moved),
        moved=sorted(moved, key=lambda person: (person.now.rank is None, person.now.rank or 0)),
        notes=list(_notes(was, now, left_out)),
    )


def _notes(
    was: Mapping[str, EarlierPlace], now: Mapping[str, EarlierPlace], left_out: int
) -> Sequence[Message]:
    found = []
    if left_out:
        found.append(msg("有 %(n)s 个分的评分点新规则里没有，没有算", n=left_out))
    lost = sum(was[code].total is not None and place.total is None for code, place in now.items())
    if lost:
        found.append(msg("有 %(n)s 人算不出总成绩：新的评分点没有分，或者那时的裁判不够", n=lost))
    return found


def _under(
    bundle: Bundle, event: str, tree: Mapping[str, object], version: str
) -> tuple[Bundle, int]:
    """The event alone with other rules; how many marks are of aspects that they lack."""
    replace = msgspec.structs.replace
    stages = tree["stages"]
    assert isinstance(stages, list)
    places = {
        (stage["code"], module["code"]): {aspect["code"] for aspect in module["aspects"]}
        for stage in stages
        for module in stage["modules"]
    }
    people = tuple(it for it in bundle.entrants if it.event == event)
    codes = {person.code for person in people}
    own = [mark for mark in bundle.marks if mark.entrant in codes]
    marks = tuple(it for it in own if it.aspect in places.get((it.stage, it.module), ()))
    known = {stage for stage, _module in places}
    whole = replace(
        bundle,
        format=version,
        events=(),
        # Who of equals was before whom was settled by the rules of then.
        playoffs=(),
        entrants=people,
        teams=tuple(team for team in bundle.teams if team.event == event),
        marks=marks,
        outcomes=tuple(
            it
            for it in bundle.outcomes
            if it.entrant in codes
            and (it.stage in known if it.module is None else (it.stage, it.module) in places)
        ),
        penalties=tuple(
            it for it in bundle.penalties if it.entrant in codes and (it.stage, it.module) in places
        ),
        times=tuple(
            it for it in bundle.times if it.entrant in codes and (it.stage, it.module) in places
        ),
    )
    plain = json.loads(write_bundle(whole))
    # Grades ask what is not published of people: ranks and awards alone are compared.
    plain["events"] = [{key: it for key, it in tree.items() if key != "grades"}]
    try:
        return read_bundle(json.dumps(plain, ensure_ascii=False).encode()), len(own) - len(marks)
    except BundleError as error:
        of_marks = [it for it in error.problems if it.path.startswith("marks[")]
        if of_marks and len(of_marks) == len(error.problems):
            raise invalid(
                msg("那时的分有些在新规则里填不了，如：%(why)s", why=of_marks[0].message)
            ) from None
        n = len(error.problems) - len(of_marks)
        raise invalid(msg("规则还有 %(n)s 处要改，改好了才能排", n=n)) from None


def _places(bundle: Bundle, results: EventResults) -> dict[str, EarlierPlace]:
    awards: dict[str, list[str]] = {}
    for won in won_in(bundle, results):
        if won.entrant and not won.honour:
            named = f"{won.item} {won.award}" if won.item else won.award
            awards.setdefault(won.entrant, []).append(named)
    return {
        row.entrant: EarlierPlace(row.rank, row.total, tuple(awards.get(row.entrant, ())))
        for row in results.standings
    }
