"""Sheets far from their judge's others, and values that a tablet would have asked about."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from compete.models import Competition
from compete.services.panels.implausible import Implausible
from compete.services.panels.judge_progress import sheets_by_row
from compete.services.panels.module_watch import ModuleWatch
from compete.services.panels.outliers import Outlier
from compete.web.organiser.board_link import sheet_url
from compete.web.organiser.doubt_words import look_text, outside_text, recorded_text
from compete.web.organiser.progress.shapes import FoundRight, Waiting
from compete.web.templating import plain

MOST_SHOWN = 20
"""So many disputes and odd sheets stand on the page; the rest follow when these are settled."""


def describe_implausible(
    competition: Competition, watch: ModuleWatch, *, ruling: bool
) -> list[Waiting]:
    """Not every value comes from a tablet that asks; the chief judge is told of all the same.

    `ruling` is whether who looks may find them right.
    """
    return _doubtful(competition, watch.implausible, _("反常"), ruling=ruling)


def describe_odd(competition: Competition, watch: ModuleWatch, *, ruling: bool) -> list[Waiting]:
    """Each with the mean of the judge's others."""
    return _doubtful(competition, watch.outliers, None, ruling=ruling)


def describe_right(watch: ModuleWatch, *, ruling: bool) -> list[FoundRight]:
    """What was looked at and found right, by whom and when; the last first."""
    first = watch.found_right[:MOST_SHOWN]
    sheets = sheets_by_row([each.sheet for each in first])
    return [
        FoundRight(
            sheet=sheet,
            text=_("%(what)s。%(look)s", what=recorded_text(sheet, each), look=look_text(look)),
            again=(look.aspect or "") if ruling else None,
        )
        for each in first
        if (sheet := sheets.get(each.sheet)) and (look := watch.looked_at(each))
    ]


def _doubtful(
    competition: Competition,
    doubts: Sequence[Implausible | Outlier],
    word: str | None,
    *,
    ruling: bool,
) -> list[Waiting]:
    first = doubts[:MOST_SHOWN]
    sheets = sheets_by_row([each.sheet for each in first])
    return [
        Waiting(
            code=sheet.label,
            where=recorded_text(sheet, each),
            state="odd",
            text=outside_text(each),
            word=word,
            label=_("看评分表"),
            url=sheet_url(competition, sheet),
            public_id=sheet.public_id,
            right={"aspect": each.key[1] or "", "value": plain(each.number)} if ruling else None,
        )
        for each in first
        if (sheet := sheets.get(each.sheet))
    ]
