"""A doubtful value in words: the person, the usual values, who found it right."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from compete.domain.aspects.clock_times import clock_time
from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.models import Sheet
from compete.services.judging.panels.doubts import Implausible, LookedAt, Outlier
from compete.services.judging.panels.module_watch import watch_module
from compete.services.judging.tablet_view import as_sent
from compete.services.sheets.wording import shown_value
from compete.web.templating import moment_in_sentence, plain


def doubts_on(sheet: Sheet) -> list[str]:
    """Describe the outliers on one sheet, and who found them right."""
    watch = watch_module(sheet.entrant.event, sheet.stage, sheet.module)
    return [
        _(
            "%(what)s，%(outside)s",
            what=recorded_text(sheet, doubt),
            outside=look_text(look) if (look := watch.looked_at(doubt)) else outside_text(doubt),
        )
        for doubt in watch.doubts()
        if doubt.sheet == sheet.id
    ]


def look_text(look: LookedAt) -> str:
    """Say who found it right, and when."""
    return _("%(who)s %(at)s 看过，没错", who=look.who, at=moment_in_sentence(look.at))


def outside_text(doubt: Implausible | Outlier) -> str:
    """Say what would be usual: by the others' values, or by the judge's other totals."""
    if isinstance(doubt, Outlier):
        return _("本人均值 %(mean)s", mean=plain(doubt.mean))
    return bounds_text(doubt)


def bounds_text(doubt: Implausible) -> str:
    """Name the bounds between which the other values let expect it."""
    least, most = (_bound(doubt.aspect, number) for number in (doubt.least, doubt.most))
    return _("一般在 %(least)s 到 %(most)s 之间，请核对", least=least, most=most)


def _bound(aspect: Aspect, number: Decimal) -> str:
    """A figure alone, so that the words around it stand apart from it as from any number."""
    timed = kind_of(aspect).reckoning is Reckoning.TIME
    return clock_time(number) if timed else plain(number)


def recorded_text(sheet: Sheet, doubt: Implausible | Outlier) -> str:
    """Name the code, the aspect and the recorded value."""
    code = sheet.judge.code
    if isinstance(doubt, Outlier):
        return _("裁判 %(code)s 评 %(total)s", code=code, total=plain(doubt.number))
    return _(
        "裁判 %(code)s 记的“%(name)s”是 %(value)s",
        code=code,
        name=doubt.aspect.name,
        value=shown_value(doubt.aspect, as_sent(doubt.aspect, doubt.number), _),
    )
