"""Verdicts of an evaluation in words, for the desk and for their holders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import VerdictRow
from compete.services.registration.people import Brought
from compete.web.templating import day, plain


def verdict_word(verdict: str) -> str:
    """A verdict in a word."""
    return {
        "pass": _("合格"),
        "fail": _("不合格"),
        "absent": _("缺考"),
        "incomplete": _("没评完"),
        "dsq": _("取消成绩"),
    }[verdict]


def why_words(rules: Event, row: VerdictRow, brought: Sequence[Brought] = ()) -> str:
    """Say what is short, what may be kept until when, and what was brought from where."""
    stage = rules.stages[0]
    names = {module.code: module.name for module in stage.modules}
    names |= {part.code: part.name for part in stage.parts}
    notes = []
    for code, mark in (*row.modules.items(), *row.parts.items()):
        if mark.verdict == "fail" and mark.score is not None and mark.pass_ is not None:
            short = Decimal(mark.pass_) - Decimal(mark.score)
            notes.append(_("%(name)s差 %(n)s 分", name=names[code], n=plain(short)))
    if row.verdict != "absent":
        notes += [
            _("%(name)s缺考", name=names[code])
            for code, mark in row.modules.items()
            if mark.verdict == "absent"
        ]
    if row.attempt > 1:
        notes.append(_("第 %(n)s 次考", n=row.attempt))
    for mark_brought in brought:
        name = names.get(mark_brought.of, mark_brought.of)
        if mark_brought.void is not None:
            notes.append(_("%(name)s带来的成绩作废：%(why)s", name=name, why=mark_brought.void))
            continue
        notes.append(
            _(
                "%(name)s是 %(competition)s 的，留到 %(day)s",
                name=name,
                competition=mark_brought.competition,
                day=day(mark_brought.until, with_year=True),
            )
        )
    notes += [
        _(
            "%(name)s可留到 %(day)s",
            name=names[code],
            day=day(date.fromisoformat(until), with_year=True),
        )
        for code, until in row.keeps.items()
    ]
    if not row.eligible:
        notes.append(
            _("报考条件 %(day)s 满", day=day(date.fromisoformat(row.earliest), with_year=True))
            if row.earliest
            else _("报考条件没有一条够")
        )
    return _("；").join(notes)
