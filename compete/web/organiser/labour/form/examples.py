"""The example beside the form: fields for a unit's values, and what they come to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.domain.values.numerals import plain
from compete.models import Competition
from compete.services.competitions.labour_draft import (
    IndicatorDraft,
    LabourDraft,
    TriedValue,
    WorkedPeriod,
    asked_rows,
    first_leaf,
    leaves_in,
    usual_value,
    work_labour_example,
)
from compete.web.language import say
from compete.web.organiser.labour.form.reading import Form, read_paths, read_tried_values
from compete.web.organiser.shapes import WorkedRow
from compete.web.shapes import Choice

_NONE = "—"


def labour_example(
    competition: Competition,
    draft: LabourDraft,
    form: Form | None,
    before: LabourDraft,
    gone: Collection[str] = (),
    *,
    as_sent: bool = False,
) -> dict[str, Any]:
    """Build the example with a form's values; without any, with usual ones.

    `gone` are the codes of rows that stand in the draft and were not read from the form. Fields
    are named by the rows of the draft, or `as_sent`: rows to go are still among those beside it.
    """
    leaves = leaves_in(draft)
    paths = {n: f"indicators[{n}]" for n in range(len(draft.indicators))}
    leaf, points, tried = first_leaf(draft), "", dict[int, TriedValue]()
    if form is not None:
        asked = form.get("try.leaf", "")
        leaf = asked if asked in dict(leaves) else leaf
        read = [n for n in paths if draft.indicators[n].code not in gone]
        # A form that is closed sends no rows.
        sent = dict(zip(read, read_paths(form, before) or paths.values(), strict=False))
        points, tried = form.get("try.points", ""), read_tried_values(form, draft, sent)
        paths = sent if as_sent else paths
    places = asked_rows(draft, leaf)
    values = {n: tried.get(n) or usual_value(draft.indicators[n]) for n in places}
    worked = work_labour_example(competition, draft, values, leaf, points)
    problems = {n: say(why) for n, why in worked.problems.items()}
    return {
        "try_url": url_for("organiser.try_labour_form"),
        "leaf": leaf,
        "leaves": [Choice(value=code, label=name or code) for code, name in leaves],
        "points": points,
        "fields": [
            _field(paths[n], draft.indicators[n], values[n], problems.get(n)) for n in places
        ],
        # What it comes to: `said` are its consequences, flag and warning.
        "worked": {
            "rows": list(_rows(worked)),
            "differs": worked.differs,
            "said": list(_period_lines(worked, draft)),
            "steps": [say(text) for text in worked.steps],
            "notes": [say(note) for note in worked.notes],
        },
    }


def _field(
    path: str, row: IndicatorDraft, tried: TriedValue, problem: str | None
) -> dict[str, str | None]:
    """A value of the example; `note` is what may stand there, `target` None where none is."""
    notes = {
        "deduction": _("几处"),
        "completion": _("完成"),
        "rank": _("组里第几名"),
        "linear": _("数值"),
    }
    return {
        "name": f"try.{path}",
        "label": row.name or row.code,
        "type": row.type,
        "value": tried.value,
        "note": notes.get(row.type, _("分")),
        "target": tried.target if row.type == "completion" else None,
        "problem": problem,
    }


def _rows(worked: WorkedPeriod) -> Iterator[WorkedRow]:
    for row in worked.rows:
        yield WorkedRow(
            name=row.name,
            note=_("满分 %(full)s", full=row.full),
            was=row.was or _NONE,
            now=row.now or _NONE,
            is_total=False,
        )
    if not worked.rows:
        return
    if worked.adjusted is not None:
        yield WorkedRow(
            name=_("加减分"), note=_("算进去的"), was="", now=worked.adjusted, is_total=False
        )
    yield WorkedRow(
        name=_("这一期总分"),
        note=_("各项满分合计 %(full)s", full=plain(worked.full)),
        was=worked.was or _NONE,
        now=worked.now or _NONE,
        is_total=True,
    )


def _period_lines(worked: WorkedPeriod, draft: LabourDraft) -> Iterator[str]:
    if worked.line is True:
        yield _("够红旗最低分 %(least)s", least=draft.min or "0")
    elif worked.line is False:
        yield _("不够红旗最低分 %(least)s", least=draft.min or "0")
    if worked.warned:
        yield _("低于 %(line)s，黄牌", line=draft.warn_below)
