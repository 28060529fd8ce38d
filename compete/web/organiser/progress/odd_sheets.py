"""Sheets far from their judge's others, and values that a tablet would have asked about."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _

from compete.models import Competition, Sheet
from compete.services.panels import Implausible, ModuleWatch, Outlier, sheets_by_row
from compete.web.organiser.doubt_words import bounds_text, look_text, recorded_text
from compete.web.organiser.progress.shapes import FoundRight, RightForm, Waiting
from compete.web.templating import plain

MOST_SHOWN = 20
"""So many disputes and odd sheets stand on the page; the rest follow when these are settled."""


def describe_implausible(
    competition: Competition, watch: ModuleWatch, *, ruling: bool
) -> Iterator[Waiting]:
    """Not every value comes from a tablet that asks; the chief judge is told of all the same.

    `ruling` is whether who looks may find them right.
    """
    first = watch.implausible[:MOST_SHOWN]
    sheets = sheets_by_row([each.sheet for each in first])
    for each in first:
        if sheet := sheets.get(each.sheet):
            word = _("反常")
            where, text = recorded_text(sheet, each), bounds_text(each)
            right = _right(competition, sheet, each) if ruling else None
            yield _waiting(competition, sheet, where, text, right, word)


def describe_odd(
    competition: Competition, watch: ModuleWatch, *, ruling: bool
) -> Iterator[Waiting]:
    """Each with the mean of the judge's others."""
    first = watch.outliers[:MOST_SHOWN]
    sheets = sheets_by_row([outlier.sheet for outlier in first])
    for each in first:
        if sheet := sheets.get(each.sheet):
            where, word = recorded_text(sheet, each), None
            text = _("本人均值 %(mean)s", mean=plain(each.mean))
            right = _right(competition, sheet, each) if ruling else None
            yield _waiting(competition, sheet, where, text, right, word)


def describe_right(
    competition: Competition, watch: ModuleWatch, *, ruling: bool
) -> list[FoundRight]:
    """What was looked at and found right, by whom and when; the last first."""
    first = watch.found_right[:MOST_SHOWN]
    sheets = sheets_by_row([each.sheet for each in first])
    return [
        FoundRight(
            code=sheet.label,
            text=_("%(what)s。%(look)s", what=recorded_text(sheet, each), look=look_text(look)),
            url=_sheet_url(competition, sheet),
            again=RightForm(
                url=url_for(
                    "organiser.doubt_again", code=competition.code, public_id=sheet.public_id
                ),
                fields={"aspect": look.aspect or ""},
            )
            if ruling
            else None,
        )
        for each in first
        if (sheet := sheets.get(each.sheet)) and (look := watch.looked_at(each))
    ]


def _right(competition: Competition, sheet: Sheet, doubt: Implausible | Outlier) -> RightForm:
    return RightForm(
        url=url_for("organiser.find_right", code=competition.code, public_id=sheet.public_id),
        fields={"aspect": doubt.key[1] or "", "value": plain(doubt.number)},
    )


def _waiting(
    competition: Competition,
    sheet: Sheet,
    where: str,
    text: str,
    right: RightForm | None,
    word: str | None,
) -> Waiting:
    return Waiting(
        code=sheet.label,
        where=where,
        state="odd",
        text=text,
        word=word,
        label=_("看评分表"),
        url=_sheet_url(competition, sheet),
        right=right,
    )


def _sheet_url(competition: Competition, sheet: Sheet) -> str:
    return url_for("organiser.sheet", code=competition.code, public_id=sheet.public_id)
