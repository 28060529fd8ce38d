"""A worked example of a table over several events: made-up people of three delegations.

The bundle is a file like any other: its reader says which totals are none, the domain ranks the
people of each event by the event's own awards, standard scores and shared ranks, and adds up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compete.domain.bundle.types import Bundle
from compete.domain.explanation.brought import CountedRow, counted_rows
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.kinds import OverallBy
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import number_in_text
from compete.models import Competition
from compete.services.competitions.made_up_files import TriedRefusedError, read_tried, typed_text
from compete.services.rules.overall_draft import OverallDraft, overall_trees
from compete.services.rules.rules_saving import stored_tables

MOST_EVENTS = 3
"""So many of a table's events are worked out."""
TriedPosition = tuple[int, int]
"""An event and a person, as the example counts them."""
_PEOPLE = (("甲1", "甲队"), ("乙1", "乙队"), ("丙1", "丙队"), ("甲2", "甲队"), ("丙2", "丙队二厂"))
_TOTALS = (
    ("96", "93", "93", "90", "88"),
    ("91", "95", "89", "84", "94"),
    ("80", "82", "97", "78", "90"),
)
_PARENTS = {"丙队二厂": "丙队"}
_OF_AWARD = ("code", "name", "top", "ratio", "round", "at_least")


@dataclass(frozen=True, slots=True)
class TriedEvent:
    """An event of the example: its code and name, and people with their units."""

    code: str
    name: str
    people: Sequence[tuple[str, str]] = _PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedTable:
    """The example's rows under the draft, and by unit those under the table in force.

    `was` is None where there is no other one. `problems` are of totals, by their position.
    """

    rows: Sequence[CountedRow] = ()
    was: Mapping[str, CountedRow] | None = None
    problems: Mapping[TriedPosition, Message] = field(default_factory=dict)
    notes: Sequence[Message] = ()


def tried_events(competition: Competition, draft: OverallDraft) -> list[TriedEvent]:
    """List the events with which a table is tried: the first of those that it counts."""
    counted = [it for it in competition.events if not draft.events or it.code in draft.events]
    return [TriedEvent(event.code, event.name) for event in counted[:MOST_EVENTS]]


def usual_total(place: TriedPosition) -> str:
    """A telling total to begin with."""
    event, person = place
    return _TOTALS[event][person]


def work_overall_example(
    competition: Competition,
    drafts: Sequence[OverallDraft],
    place: int,
    totals: Mapping[TriedPosition, str],
) -> WorkedTable:
    """Work out the example's table at a place under the drafts, and under the one in force."""
    stored = stored_tables(competition)
    tree = overall_trees(drafts, stored)[place]
    codes = [event.code for event in tried_events(competition, drafts[place])]
    try:
        now = _rows(competition, tree, codes, totals)
    except TriedRefusedError as refused:
        notes = [*refused.notes]
        if refused.others:
            notes.append(msg("这张总表还有 %(n)s 处要改，改好了才能试算", n=refused.others))
        return WorkedTable(problems=refused.values, notes=notes)
    before = next((table for table in stored if table["code"] == drafts[place].was), None)
    was = None
    if before is not None and before != tree:
        try:
            was = {row.unit: row for row in _rows(competition, before, codes, totals)}
        except TriedRefusedError:
            was = None
    return WorkedTable(rows=now, was=was)


def _rows(
    competition: Competition,
    table: Mapping[str, Any],
    codes: Sequence[str],
    totals: Mapping[TriedPosition, str],
) -> list[CountedRow]:
    bundle = _bundle(competition, table, codes, totals)
    return counted_rows(Scorer(bundle), bundle.overall[0], bundle)


def _bundle(
    competition: Competition,
    table: Mapping[str, Any],
    codes: Sequence[str],
    totals: Mapping[TriedPosition, str],
) -> Bundle:
    """The people with these totals as a file, with the table over the events of the example."""
    rules = {event.code: event.rules.definition for event in competition.events}
    events = [_simple(rules[code]) for code in codes]
    entrants, marks, owners = [], [], []
    wrong: dict[TriedPosition, Message] = {}
    for n, code in enumerate(codes):
        for p, (name, unit) in enumerate(_PEOPLE):
            text = typed_text(totals.get((n, p), ""))
            if text and number_in_text(text) is None:
                wrong[n, p] = msg("“%(text)s”不是数", text=text)
            if not text:
                continue
            who = f"{n}-{p}"
            entrants.append({"code": who, "name": name, "event": code, "unit": unit})
            mark = {"stage": "x", "module": "x", "entrant": who, "judge": "1", "aspect": "x"}
            marks.append({**mark, "value": text})
            owners.append((n, p))
    if wrong:
        raise TriedRefusedError(wrong)
    awards = {award["code"] for event in events for award in event.get("awards", ())}
    tried = {**table, "name": table["name"] or "X", "events": list(codes)}
    if table["by"] == OverallBy.AWARDS:
        # Awards of events that the example leaves out are nobody's here.
        tried["points"] = {
            code: points for code, points in table["points"].items() if code in awards
        }
    units = dict.fromkeys(unit for _name, unit in _PEOPLE)
    return read_tried(
        "marks",
        owners,
        "skills",
        version=competition.format,
        units=[
            {"code": unit, "name": unit} | ({"parent": _PARENTS[unit]} if unit in _PARENTS else {})
            for unit in units
        ],
        judges=[{"code": "1", "name": "1"}],
        entrants=entrants,
        events=events,
        marks=marks,
        overall=[tried],
    )


def _simple(rules: Mapping[str, Any]) -> dict[str, Any]:
    """The event with one score of 100 points, and all that a table asks of it."""
    aspect = {"code": "x", "name": "x", "type": "score", "max": "100", "step": "0.01"}
    module = {"code": "x", "name": "x", "weight": "100", "full": "100", "aspects": [aspect]}
    ranking = rules.get("ranking") or {}
    awards = [
        {key: award[key] for key in _OF_AWARD if key in award}
        for award in rules.get("awards") or ()
        if award.get("scope", "entrants") == "entrants"
    ]
    kept = {
        "ranking": {key: ranking[key] for key in ("style", "ordinal_by") if key in ranking},
        "scale": rules.get("scale"),
        "awards": awards,
    }
    event = {"code": rules["code"], "name": rules["name"]}
    stages = [{"code": "x", "name": "x", "modules": [module]}]
    return event | {"stages": stages} | {key: it for key, it in kept.items() if it}
