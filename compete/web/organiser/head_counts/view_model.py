"""How many workers take part, as the desk's page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template
from flask_babel import gettext as _

from compete.domain.labour.head_counts import grouped, head_count
from compete.models import Competition
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.labour.cells import leaves_of
from compete.services.labour.head_counts import Heads, heads_of, read_people
from compete.web.language import say


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed or read out of a workbook, by the units' codes, and what is wrong."""

    texts: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    from_book: bool = False
    faults: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A unit: `text` as its field has it, `stands` what counts as the period ends."""

    code: str
    name: str
    group: str
    text: str
    stands: str
    changed: bool
    """Whether a workbook would put down something else than stands."""
    problem: str | None


def head_counts_page(competition: Competition, period: str, typed: Typed) -> str:
    """The units with what was reported for a leaf period, or as it was typed."""
    labour = labour_of(competition)
    groups, heads = labour.groups or {}, heads_of(competition, period)
    rows = []
    for unit in competition.units:
        known, stands = heads.reported.get(unit.code), heads.standing.get(unit.code)
        said = "" if known is None else str(known)
        text = typed.texts.get(unit.code, said)
        rows.append(
            HeadRow(
                unit.code,
                unit.name,
                groups.get(unit.code, ""),
                text,
                _("没有参加")
                if unit.code in heads.away
                else ("—" if stands is None else grouped(stands)),
                typed.from_book and text != said,
                typed.wrong.get(unit.code),
            )
        )
    return render_template(
        "organiser/head_counts/heads.html",
        competition=competition,
        names={each.code: each.name for each in labour.periods},
        leaves=leaves_of(labour),
        code=period,
        sums=_sums(competition, groups, heads),
        rows=rows,
        typed=typed,
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


def _sums(
    competition: Competition, groups: Mapping[str, str], heads: Heads
) -> list[tuple[str, str]]:
    """What all of them, then each group, come to."""
    units = [unit.code for unit in competition.units if not groups or unit.code in groups]
    by_group = [
        (name, [each for each in units if groups[each] == name])
        for name in sorted(set(groups.values()))
    ]
    return [(name, _counted(heads, own)) for name, own in [(_("全部单位"), units), *by_group]]


def _counted(heads: Heads, units: Sequence[str]) -> str:
    count = head_count(heads.standing, units, heads.away)
    return _("%(n)s 家，%(said)s", n=count.units, said=say(count.words or _("还没有人报")))
