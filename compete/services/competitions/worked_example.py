"""Worked examples of a draft of rules: a contestant, ten places, an earlier edition's marks.

The bundle of the contestant is a file like any other: its reader says which values an aspect does
not take, the domain's scorer works the total out and its explanation says how. What has no part in
a total (awards, ties, grades) is left out, so that a mistake there keeps nobody from trying, and
nothing is kept. Of the ten made-up people each module counts as one score, so that all that is told
is how scores become places; one of them does best in practice and is below the usual pass mark in
theory. An earlier edition's published marks tell who would stand elsewhere, only while nobody is
judged yet: nobody shapes a rule by those whom it makes win; names are masked as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from compete.domain.aspects.form_fields import NO, YES
from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import AspectType, type_of
from compete.domain.awards.won import won_in
from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import EventResults
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.explanation.steps import StepKind, every_step
from compete.domain.explanation.tree import explain_entrant
from compete.domain.scoring.scorer import Scorer, score
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import number_in_text, plain
from compete.models import Event
from compete.services.competitions.made_up_files import (
    TriedRefusedError,
    read_made_up,
    read_tried,
    typed_text,
)
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.results.snapshots import newest_publications, read_snapshot
from compete.services.rules.rules_draft import RulesDraft, tree_of
from compete.services.rules.rules_saving import why_rules_stay
from compete.services.rules.stage_draft import AspectDraft, names_with_attempts

MOST_JUDGES = 99
AspectPosition = tuple[int, int, int]
"""Stage, module and aspect, as a draft counts them."""
_Codes = tuple[str, str, str]
_WHO, _BEST = "X", "Y"
_PARTS = re.compile(r"[\s，、,;；/]+")
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,12})?", re.ASCII)
_LEFT_OUT = (StepKind.RANK, StepKind.ADVANCE)


@dataclass(frozen=True, slots=True)
class TriedMark:
    """Judges' values to try: one, or each their own; and the best of the others."""

    values: str = ""
    best: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedModule:
    """A module's or a part's score under the rules in force and the draft; None for none."""

    name: str
    full: str
    weight: str
    part: str = ""
    """The name of the part within which a module's weight counts."""
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class WorkedStage:
    """A stage's modules, then its parts, and its total."""

    name: str
    modules: Sequence[WorkedModule]
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedExample:
    """The result of the marks. `problems` are of values, by their place."""

    stages: Sequence[WorkedStage] = ()
    steps: Sequence[tuple[int, Message]] = ()
    """The steps to it, each sentence with how deep it stands."""
    problems: Mapping[AspectPosition, Message] = field(default_factory=dict)
    notes: Sequence[Message] = ()


@dataclass(frozen=True, slots=True)
class _Scored:
    totals: Mapping[str, str | None]
    scores: Mapping[tuple[str, str, str], str | None]
    """By `module` or `part`, stage and code."""
    steps: Sequence[tuple[int, Message]] = ()


def usual_mark(aspect: AspectDraft) -> TriedMark:
    """A middling value of the aspect, to begin with; nothing where the row is not filled yet."""
    if _decimal(aspect.max) is None:
        return TriedMark()
    example = class_of(type_of(aspect.type)).example(aspect.own, aspect.max)
    return TriedMark(example.value, example.best or "")


def work_example(
    event: Event, draft: RulesDraft, tried: Mapping[AspectPosition, TriedMark]
) -> WorkedExample:
    """The example under the draft, and under the rules in force where they are other ones."""
    definition = event.rules.definition
    tree = tree_of(draft, definition)
    notes = list(_fill_up(tree))
    places = _places(draft, tree)
    marks = {places[place]: mark for place, mark in tried.items() if place in places}
    try:
        now = _score(tree, marks, event.competition.format)
    except TriedRefusedError as refused:
        back = {codes: place for place, codes in places.items()}
        of_values = {back[codes]: _beside_the_field(it) for codes, it in refused.values.items()}
        if refused.others:
            notes = [msg("规则还有 %(n)s 处要改，改好了才能试算", n=refused.others)]
        return WorkedExample(problems=of_values, notes=notes)
    before = dict(definition)
    list(_fill_up(before))
    was = None if tree == before else _in_force(event, draft, tried, before)
    return WorkedExample(stages=list(_stages(tree, was, now)), steps=now.steps, notes=notes)


def _in_force(
    event: Event,
    draft: RulesDraft,
    tried: Mapping[AspectPosition, TriedMark],
    tree: Mapping[str, Any],
) -> _Scored | None:
    """The same marks under the rules in force; None where they do not take them."""
    marks = {}
    for (s, m, a), mark in tried.items():
        stage = draft.stages[s]
        module = stage.modules[m]
        marks[stage.was, module.was, module.aspects[a].was] = mark
    known = {
        (stage["code"], module["code"], aspect["code"])
        for stage in tree["stages"]
        for module in stage["modules"]
        for aspect in module["aspects"]
    }
    try:
        known_marks = {codes: mark for codes, mark in marks.items() if codes in known}
        return _score(tree, known_marks, event.competition.format)
    except TriedRefusedError:
        return None


def _module_names(tree: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """The names of modules by their stages' codes and their own; of attempts also which."""
    names = {}
    for stage in tree["stages"]:
        taken = {part["code"] for part in stage.get("parts") or () if part.get("take")}
        titles = names_with_attempts(
            [(it["name"], it.get("part")) for it in stage["modules"]], taken
        )
        for module, title in zip(stage["modules"], titles, strict=True):
            names[stage["code"], module["code"]] = title
    return names


def _stages(tree: Mapping[str, Any], was: _Scored | None, now: _Scored) -> Iterator[WorkedStage]:
    names = _module_names(tree)
    for stage in tree["stages"]:
        code = stage["code"]
        parts = {part["code"]: part for part in stage.get("parts") or ()}
        modules = []
        for kind, scored in (("module", stage["modules"]), ("part", parts.values())):
            for it in scored:
                key = kind, code, it["code"]
                worked = WorkedModule(
                    name=names[key[1:]] if kind == "module" else it["name"],
                    full=str(it["full"]),
                    weight=plain(Decimal(it["weight"])),
                    part=parts[it["part"]]["name"] if it.get("part") in parts else "",
                    was=was.scores.get(key) if was else None,
                    now=now.scores.get(key),
                )
                modules.append(worked)
        total = was.totals.get(code) if was else None
        yield WorkedStage(stage["name"], modules, total, now.totals.get(code))


def _places(draft: RulesDraft, tree: Mapping[str, Any]) -> dict[AspectPosition, _Codes]:
    """The codes under which the tree has what the draft counts."""
    return {
        (s, m, a): (stage["code"], module["code"], module["aspects"][a]["code"])
        for s, stage in enumerate(tree["stages"])
        for m, module in enumerate(stage["modules"])
        for a in range(len(draft.stages[s].modules[m].aspects))
    }


def _fill_up(tree: dict[str, Any]) -> Iterator[Message]:
    """Make the tree one that can be tried; what had to be assumed for it."""
    stages = []
    for stage in tree["stages"]:
        modules = []
        for module in stage["modules"]:
            total = _full_of(module)
            if total is not None and total != _decimal(str(module["full"])):
                yield msg(
                    "“%(module)s”的配分加起来是 %(sum)s，先当满分是它",
                    module=module["name"],
                    sum=plain(total),
                )
            aspects = [
                {**aspect, "name": aspect["name"] or aspect["code"]} for aspect in module["aspects"]
            ]
            filled = {**module, "name": module["name"] or module["code"], "aspects": aspects}
            filled["full"] = module["full"] if total is None else plain(total)
            filled.pop("pass", None)
            modules.append(filled)
        kept = {key: it for key, it in stage.items() if key not in ("advance", "parts")}
        kept["name"] = stage["name"] or stage["code"]
        if stage.get("parts"):
            kept["parts"] = [
                {key: it for key, it in part.items() if key != "pass"}
                | {"name": part["name"] or part["code"]}
                for part in stage["parts"]
            ]
        stages.append({**kept, "modules": modules})
    kept = {key: tree[key] for key in ("code", "rounding") if key in tree}
    tree.clear()
    tree |= {**kept, "name": "X", "stages": stages}


def _full_of(module: Mapping[str, Any]) -> Decimal | None:
    total = Decimal(0)
    for aspect in module["aspects"]:
        most, factor = _decimal(str(aspect["max"])), _decimal(str(aspect.get("factor", "1")))
        if most is None or factor is None:
            return None
        total += most * factor
    panel = module.get("panel") or {}
    if panel.get("combine") == "sum":
        size = panel.get("size", 1)
        total *= size if isinstance(size, int) else 1
    return total


def _score(tree: Mapping[str, Any], marks: Mapping[_Codes, TriedMark], version: str) -> _Scored:
    rows, owners, wrong = _rows(tree, marks)
    if wrong:
        raise TriedRefusedError(wrong)
    judges = [str(n) for n in range(1, MOST_JUDGES + 1)]
    bundle = read_tried(
        "marks",
        owners,
        "skills",
        version=version,
        units=[{"code": "U", "name": "U"}],
        judges=[{"code": code, "name": code} for code in judges],
        entrants=[
            {"code": code, "name": code, "event": tree["code"], "unit": "U"}
            for code in (_WHO, _BEST)
        ],
        events=[tree],
        marks=rows,
    )
    scorer = Scorer(bundle)
    totals, scores = {}, {}
    for stage in scorer.results.events[0].stages:
        for row_of in stage.standings:
            if row_of.entrant == _WHO:
                totals[stage.code] = row_of.total
                for code, module in row_of.modules.items():
                    scores["module", stage.code, code] = module.score
                for code, score in row_of.parts.items():
                    scores["part", stage.code, code] = score
    steps = [
        (depth - 1, step.text)
        for depth, step in every_step(explain_entrant(scorer, _WHO).steps)
        if depth > 0 and step.kind not in _LEFT_OUT
    ]
    return _Scored(totals, scores, steps)


def _beside_the_field(problem: Message) -> Message:
    """The reader names judge, entrant and aspect by codes that nobody but this file gave."""
    wanted = problem.params.get("wanted")
    return problem if wanted is None else msg("应当是%(wanted)s", wanted=wanted)


def _rows(
    tree: Mapping[str, Any], marks: Mapping[_Codes, TriedMark]
) -> tuple[list[dict[str, Any]], list[_Codes], dict[_Codes, Message]]:
    """The marks as a file has them, whose value each is, and what is no value at all."""
    rows: list[dict[str, Any]] = []
    owners: list[_Codes] = []
    wrong: dict[_Codes, Message] = {}
    for stage in tree["stages"]:
        for module in stage["modules"]:
            size = (module.get("panel") or {}).get("size", 1)
            judges = min(size, MOST_JUDGES) if isinstance(size, int) else 1
            for aspect in module["aspects"]:
                codes = (stage["code"], module["code"], aspect["code"])
                mark = marks.get(codes, TriedMark())
                difficulty = _tried_difficulty(aspect)
                for who, text, count in ((_WHO, mark.values, judges), (_BEST, mark.best, 1)):
                    values = _values(text)
                    if values is None or len(values) > count:
                        wrong[codes] = (
                            msg("“%(text)s”不是数", text=text)
                            if values is None
                            else msg("只有 %(n)s 名裁判", n=count)
                        )
                        continue
                    for judge, value in enumerate(_of_each(values, count), start=1):
                        owners.append(codes)
                        rows.append(
                            {
                                "stage": codes[0],
                                "module": codes[1],
                                "entrant": who,
                                "judge": str(judge),
                                "aspect": codes[2],
                                "value": value,
                                **difficulty,
                            }
                        )
    return rows, owners, wrong


def _tried_difficulty(aspect: Mapping[str, Any]) -> dict[str, str]:
    """The greatest difficulty, which makes full marks; none where the aspect has none."""
    offered = [it for it in aspect.get("difficulties") or () if number_in_text(it) is not None]
    if aspect["type"] != AspectType.FACTORED or not offered:
        return {}
    return {"difficulty": max(offered, key=Decimal)}


def _of_each(values: Sequence[str | bool], count: int) -> list[str | bool]:
    """A value for each judge: those that were not written give what the last one gave."""
    return [*values, *[values[-1]] * (count - len(values))] if values else []


def _values(text: str) -> list[str | bool] | None:
    """The values that a field says; None where one of them is no value."""
    values: list[str | bool] = []
    for part in _PARTS.split(typed_text(text)):
        if part in (YES, NO):
            values.append(part == YES)
        elif _NUMBER.fullmatch(part):
            values.append(part)
        elif part:
            return None
    return values


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


_NAMES = "甲乙丙丁戊己庚辛壬癸"
_SHARES = ((92, 97), (90, 96), (93, 95), (91, 95), (58, 98), (85, 88), (82, 86), (78, 84))
_SHARES_OF_ALL = (*_SHARES, (75, 80), (70, 76))
_OF_SCORES = ("module:", "part:", "stage:")
_NO_PART = ("team_ranking", "unit_ranking", "items")


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePlace:
    """A sample's place. `below` are modules under their pass mark: name, score, pass mark."""

    name: str
    rank: int | None
    scores: Sequence[tuple[str, str]]
    total: str
    scaled: str
    """The standard score; empty in an event that has none."""
    awards: Sequence[str]
    grade: int | None
    below: Sequence[tuple[str, str, str]]


def work_standing(event: Event, draft: RulesDraft) -> list[SamplePlace]:
    """The ten in order of rank; nobody where the draft's rules cannot be read yet."""
    tree = _simple(tree_of(draft, event.rules.definition))
    modules = {it["code"]: it for stage in tree["stages"] for it in stage["modules"]}
    titles = {code: title for (_stage, code), title in _module_names(tree).items()}
    shares = _SHARES_OF_ALL if len(modules) > 1 else [(best, best) for _low, best in _SHARES_OF_ALL]
    rows, scores = [], {}
    for name, (theory, practice) in zip(_NAMES, shares, strict=True):
        for stage in tree["stages"]:
            for n, module in enumerate(stage["modules"]):
                full = number_in_text(str(module["full"]))
                if full is None:
                    return []
                score = plain(full * (practice if n else theory) / Decimal(100))
                scores[name, module["code"]] = score
                rows.append(
                    {
                        "stage": stage["code"],
                        "module": module["code"],
                        "entrant": name,
                        "judge": "1",
                        "aspect": module["aspects"][0]["code"],
                        "value": score,
                    }
                )
    entrants = [
        {"code": name, "name": name, "event": tree["code"], "unit": "U", "group": "worker"}
        for name in _NAMES
    ]
    try:
        bundle = read_made_up(
            "skills",
            version=event.competition.format,
            level=event.competition.level,
            units=[{"code": "U", "name": "U"}],
            judges=[{"code": "1", "name": "1"}],
            entrants=entrants,
            events=[tree],
            marks=rows,
        )
    except BundleError:
        return []
    results = Scorer(bundle).results.events[0]
    names = {award.code: award.name for award in bundle.events[0].awards}
    grades = {row.entrant: row.grade for row in results.grades or () if row.change == "promoted"}
    return [
        SamplePlace(
            name=row.entrant,
            rank=row.rank,
            scores=[(titles[code], scores[row.entrant, code]) for code in modules],
            total=row.total or "",
            scaled=row.scaled or "",
            awards=[names[it.award] for it in results.awards or () if it.entrant == row.entrant],
            grade=grades.get(row.entrant),
            below=[
                (titles[code], score, str(it["pass"]))
                for code, it in modules.items()
                if it.get("pass")
                and Decimal(score := scores[row.entrant, code]) < Decimal(it["pass"])
            ],
        )
        for row in results.standings
    ]


def _simple(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The rules with one score for each module, without what the ten have no part in."""
    kept = {key: it for key, it in tree.items() if key not in _NO_PART}
    kept["stages"] = [
        {**stage, "modules": [_scored(module, stage["code"]) for module in stage["modules"]]}
        for stage in tree["stages"]
    ]
    ranking = dict(tree.get("ranking") or {})
    ranking["ties"] = [key for key in ranking.get("ties") or () if key.startswith(_OF_SCORES)]
    kept["ranking"] = {key: it for key, it in ranking.items() if it}
    awards = tree.get("awards") or ()
    kept["awards"] = [it for it in awards if it.get("scope", "entrants") == "entrants"]
    if not isinstance(tree.get("grades") or (), str):
        rules = tree.get("grades") or ()
        kept["grades"] = [it for it in rules if not {"under", "item"} & set(it.get("when") or {})]
    return {key: it for key, it in kept.items() if it not in ([], {})}


def _scored(module: Mapping[str, Any], stage: str) -> dict[str, Any]:
    row = {"code": f"x-{stage}-{module['code']}"[:40], "name": "x", "type": "score"}
    aspects = [{**row, "max": module["full"], "step": "0.01"}]
    kept = {key: it for key, it in module.items() if key != "panel"}
    return {**kept, "name": module["name"] or module["code"], "aspects": aspects}


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
    editions = []
    for publication in newest_publications():
        if publication.competition_id == event.competition_id:
            continue
        bundle, _results = read_snapshot(publication)
        like = next(
            (it for it in bundle.events if it.code == event.code and it.name == event.name),
            next((it for it in bundle.events if it.name == event.name), None),
        )
        if like is not None and len(bundle.marks) <= MOST_MARKS:
            editions.append(EarlierEdition(publication.id, like.code, publication.competition.name))
    return editions


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
    was, now = _earlier_places(bundle, before), _earlier_places(anew, after)
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
    notes = []
    if left_out:
        notes.append(msg("有 %(n)s 个分的评分点新规则里没有，没有算", n=left_out))
    lost = sum(was[code].total is not None and place.total is None for code, place in now.items())
    if lost:
        notes.append(msg("有 %(n)s 人算不出总成绩：新的评分点没有分，或者那时的裁判不够", n=lost))
    return notes


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


def _earlier_places(bundle: Bundle, results: EventResults) -> dict[str, EarlierPlace]:
    awards: dict[str, list[str]] = {}
    for won in won_in(bundle, results):
        if won.entrant and not won.honour:
            named = f"{won.item} {won.award}" if won.item else won.award
            awards.setdefault(won.entrant, []).append(named)
    return {
        row.entrant: EarlierPlace(row.rank, row.total, tuple(awards.get(row.entrant, ())))
        for row in results.standings
    }
