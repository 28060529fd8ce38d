"""The whole of a competition's results as a workbook, for reading and for further work."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from compete.domain.bundle.results import Results
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.ties import TiesTold
from compete.domain.grades.proposals import Decided
from compete.domain.values.messages import Message, Translate, msg
from compete.sheets.results_workbook.names import Names
from compete.sheets.results_workbook.other_tables import (
    items_table,
    labour_tables,
    teams_table,
    units_table,
)
from compete.sheets.results_workbook.people_table import people_table
from compete.sheets.workbook.tables import About, Table, write_tables


def write_results_book(
    bundle: Bundle,
    results: Results,
    translate: Translate | None = None,
    *,
    edition: Message | None = None,
    decided: Decided | None = None,
    appealed: Collection[str] = (),
    distinctions: Sequence[tuple[str, str, str, str]] = (),
    editions: Mapping[str, Message] | None = None,
    honours: Mapping[tuple[str, str, str], Message] | None = None,
    ties: Mapping[str, TiesTold] | None = None,
    away: Mapping[str, Collection[str]] | None = None,
    settled: Collection[str] = (),
) -> bytes:
    """An .xlsx with a sheet for each event, its teams, units and single items, or each period.

    `results` must be those of `bundle`. `edition` says which version they are,
    with its hash words, and stands beside every title and in every foot; None
    says 暂定. `decided` is what became of proposed grades, `appealed` whose
    results an appeal may still change, `honours` how those
    are called that wait for another body, `editions` what each period of a labour
    competition is called by its code, where it is not `edition`; `distinctions` are the
    awards given by hand: title, to whom, of which unit, for what; `ties` is by event what
    parted equal totals, `away` by period the units that take no part in it, `settled` the events
    whose results are final. ID numbers, telephones
    and birth dates are left out: the book is made to be handed round.
    """
    names = Names(bundle)
    events = {event.code: event for event in bundle.events}
    tables: list[Table] = []
    for found in results.events:
        event = events[found.code]
        told = (ties or {}).get(found.code, TiesTold())
        tables.append(
            people_table(
                event,
                found,
                names,
                decided or {},
                appealed,
                honours,
                told.people,
                found.code in settled,
            )
        )
        others = (
            teams_table(event, found, names, told.teams, appealed),
            units_table(event, found, names),
            items_table(event, found, names, appealed),
        )
        tables += [table for table in others if table is not None]
    if results.labour is not None and bundle.labour is not None:
        tables += labour_tables(bundle.labour, results.labour, names, editions or {}, away or {})
    if distinctions:
        tables.append(_distinctions_table(bundle.competition.name, distinctions))
    if not tables:
        tables = [Table(msg("成绩"), bundle.competition.name, [msg("还没有成绩")], [])]
    about = About(bundle.competition.name, bundle.competition.host or "", edition or msg("暂定"))
    return write_tables(tables, translate, about)


def _distinctions_table(competition: str, lines: Sequence[tuple[str, str, str, str]]) -> Table:
    return Table(
        msg("评选奖项"),
        msg("%(name)s 评选奖项", name=competition),
        [msg("奖项"), msg("评给"), msg("单位"), msg("理由")],
        [list(line) for line in lines],
        frozen=2,
    )
