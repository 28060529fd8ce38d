"""How many workers take part, as the desk's page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _

from compete.domain.labour.head_counts import grouped, head_count
from compete.domain.values.messages import Message
from compete.models import Competition
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.labour.cells import leaves_of
from compete.services.labour.head_counts import Heads, heads_of, read_people
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.head_counts.shapes import HeadCountsPage, HeadRow, HeadSum
from compete.web.organiser.shapes import View, competition_link


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed or read out of a workbook, by the units' codes, and what is wrong."""

    texts: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    from_book: bool = False
    faults: Sequence[str] = ()


def head_counts_page(competition: Competition, period: str, typed: Typed) -> HeadCountsPage:
    """The units with what was reported for a leaf period, or as it was typed."""
    code, labour = competition.code, labour_of(competition)
    names = {each.code: each.name for each in labour.periods}
    groups, heads = labour.groups or {}, heads_of(competition, period)
    rows = []
    for unit in competition.units:
        known = heads.reported.get(unit.code)
        said, stands = "" if known is None else str(known), heads.standing.get(unit.code)
        text = typed.texts.get(unit.code, said)
        rows.append(
            HeadRow(
                code=unit.code,
                name=unit.name,
                group=groups.get(unit.code, ""),
                text=text,
                stands=_("没有参加")
                if unit.code in heads.away
                else ("—" if stands is None else grouped(stands)),
                changed=typed.from_book and text != said,
                problem=typed.wrong.get(unit.code),
            )
        )
    changed = sum(row.changed for row in rows)
    return HeadCountsPage(
        competition=competition_link(competition),
        back_url=url_for("organiser.labour", code=code),
        period=names[period],
        code=period,
        periods=[
            View(
                label=names[leaf],
                url=url_for("organiser.head_counts", code=code, period=leaf),
                current=leaf == period,
            )
            for leaf in leaves_of(labour)
        ],
        sums=_sums(competition, groups, heads),
        rows=rows,
        problem=typed.problem,
        read=_("表读进来了，还没存：%(n)s 家会改。看过再按“存下”。", n=changed)
        if typed.from_book
        else None,
        faults=typed.faults,
        save_url=allowed_url("organiser.save_head_counts", code=code),
        book_url=url_for("organiser.head_counts_book", code=code, period=period),
        upload_url=allowed_url("organiser.read_head_counts", code=code),
    )


def wrong_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """By the units' codes why a text is no count."""
    found = {}
    for unit, text in texts.items():
        try:
            read_people(text)
        except Refused as refused:
            found[unit] = say(refused.message)
    return found


def _sums(competition: Competition, groups: Mapping[str, str], heads: Heads) -> list[HeadSum]:
    units = [unit.code for unit in competition.units if not groups or unit.code in groups]
    whole = [HeadSum(name=_("全部单位"), text=_counted(heads, units))]
    if not groups:
        return whole
    return whole + [
        HeadSum(name=name, text=_counted(heads, [each for each in units if groups[each] == name]))
        for name in sorted(set(groups.values()))
    ]


def _counted(heads: Heads, units: Sequence[str]) -> str:
    count = head_count(heads.standing, units, heads.away)
    words: Message | None = count.words
    return _(
        "%(n)s 家，%(said)s",
        n=count.units,
        said=say(words) if words is not None else _("还没有人报"),
    )
