"""The example beside the form of tables: fields for people's totals, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.domain.explanation.brought import CountedRow
from compete.domain.values.numerals import whole_number
from compete.models import Competition
from compete.services.competitions.overall_example import (
    WorkedTable,
    tried_events,
    usual_total,
    work_overall_example,
)
from compete.services.rules.overall_draft import OverallDraft
from compete.web.language import say
from compete.web.organiser.rules.overall.reading import read_tried_totals
from compete.web.organiser.shapes import WorkedRow
from compete.web.shapes import Choice

_NONE = "—"


def overall_example(
    competition: Competition, drafts: Sequence[OverallDraft], form: Mapping[str, str]
) -> dict[str, Any] | None:
    """Build the example of the chosen table with a form's totals, else with usual ones.

    None while there is no table to try.
    """
    if not drafts or not competition.events:
        return None
    asked = whole_number(form.get("try.table", "")) or 0
    place = asked if asked < len(drafts) else 0
    events = tried_events(competition, drafts[place])
    typed = read_tried_totals(form)
    places = [(n, p) for n, event in enumerate(events) for p in range(len(event.people))]
    totals = {at: typed.get(at, usual_total(at)) for at in places}
    worked = work_overall_example(competition, drafts, place, totals)
    return {
        "try_url": url_for("organiser.try_overall_rules", code=competition.code),
        "table": str(place),
        "tables": [
            Choice(value=str(n), label=draft.name or _("总表 %(n)s", n=n + 1))
            for n, draft in enumerate(drafts)
        ],
        "events": [
            {
                "name": event.name,
                "fields": [
                    {
                        "name": f"try.{n}.{p}",
                        "label": name,
                        "note": unit,
                        "value": totals[n, p],
                        "problem": say(worked.problems.get((n, p))),
                    }
                    for p, (name, unit) in enumerate(event.people)
                ],
            }
            for n, event in enumerate(events)
        ],
        "worked": {
            "rows": list(_rows(worked)),
            "differs": worked.was is not None,
            "notes": [say(note) for note in worked.notes],
        },
    }


def _rows(worked: WorkedTable) -> Iterator[WorkedRow]:
    for row in worked.rows:
        note = say(row.counted)
        if row.left_out:
            note = _("%(counted)s；不计：%(left)s", counted=note, left=say(row.left_out))
        was = worked.was.get(row.unit) if worked.was else None
        yield WorkedRow(
            name=row.unit,
            note=note,
            was=_place_words(was) if was else _NONE,
            now=_place_words(row),
            is_total=False,
        )


def _place_words(row: CountedRow) -> str:
    """The rank with the value, or with the numbers of medals where there is none."""
    value = row.value or _("、").join(str(number) for number in row.medals)
    return _("第 %(rank)s 名，%(value)s", rank=row.rank, value=value) if row.rank else value
