"""Sheets far from their judge's others, and values that a tablet would have asked about."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _

from compete.domain import bundle as b
from compete.domain.aspects import Reckoning, clock_time, kind_of
from compete.models import Competition, Sheet
from compete.services.judging import as_sent
from compete.services.panels import ModuleWatch, sheets_by_row
from compete.services.sheets import shown_value
from compete.web.organiser.progress.shapes import Waiting
from compete.web.templating import plain

MOST_SHOWN = 20
"""So many disputes and odd sheets stand on the page; the rest follow when these are settled."""


def describe_implausible(competition: Competition, watch: ModuleWatch) -> Iterator[Waiting]:
    """Not every value comes from a tablet that asks; the chief judge is told of all the same."""
    first = watch.implausible[:MOST_SHOWN]
    sheets = sheets_by_row([each.sheet for each in first])
    for each in first:
        if not (sheet := sheets.get(each.sheet)):
            continue
        where = _(
            "裁判 %(code)s 记的“%(name)s”是 %(value)s",
            code=sheet.judge.code,
            name=each.aspect.name,
            value=shown_value(each.aspect, as_sent(each.aspect, each.value), _),
        )
        least, most = (_bound(each.aspect, number) for number in (each.least, each.most))
        text = _("一般在 %(least)s 到 %(most)s 之间，请核对", least=least, most=most)
        yield _waiting(competition, sheet, where, text, _("反常"))


def _bound(aspect: b.Aspect, number: Decimal) -> str:
    """A figure alone, so that the words around it stand apart from it as from any number."""
    timed = kind_of(aspect).reckoning is Reckoning.TIME
    return clock_time(number) if timed else plain(number)


def describe_odd(competition: Competition, watch: ModuleWatch) -> Iterator[Waiting]:
    """Each with the mean of the judge's others."""
    first = watch.outliers[:MOST_SHOWN]
    sheets = sheets_by_row([outlier.sheet for outlier in first])
    for outlier in first:
        if sheet := sheets.get(outlier.sheet):
            total = plain(outlier.total)
            where = _("裁判 %(code)s 评 %(total)s", code=sheet.judge.code, total=total)
            text = _("本人均值 %(mean)s", mean=plain(outlier.mean))
            yield _waiting(competition, sheet, where, text)


def _waiting(
    competition: Competition, sheet: Sheet, where: str, text: str, word: str | None = None
) -> Waiting:
    return Waiting(
        code=sheet.label,
        where=where,
        state="odd",
        text=text,
        word=word,
        label=_("看评分表"),
        url=url_for("organiser.sheet", code=competition.code, public_id=sheet.public_id),
    )
