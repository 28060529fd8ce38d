"""Head counts: workers who take part, from units or the organiser; in and out by Excel.

What is reported for a leaf period holds until the next report. It scores nothing, so that one
person may say it at any time; versions that are out keep what they told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from compete.domain.labour.head_counts import MOST_PEOPLE, grouped, heads_in, reported_for
from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition, LabourHeadCount
from compete.services.kernel import audit
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.labour.entry import Writer
from compete.services.labour.period_progress import require_open_period
from compete.services.labour.squares import require_leaf
from compete.services.scoring.live_labour import labour_live
from compete.sheets.labour_values import (
    CODE,
    GROUP,
    UNIT,
    column_of,
    read_value_rows,
    unit_key,
    write_value_rows,
)
from compete.sheets.reading.cells import fault_words
from compete.sheets.reading.kinds import headings_match
from compete.sheets.workbook.cells import Fault

PEOPLE = "参赛人数"
_PEOPLE_TOO = (PEOPLE, "人数", "职工人数", "参加人数", "参赛职工人数")
_MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of a leaf period: what was reported, what stands as it ends, who is not there."""

    reported: Mapping[str, int]
    standing: Mapping[str, int]
    away: Collection[str]
    """Units that take no part in it."""


def heads_of(competition: Competition, leaf: str) -> Heads:
    """The heads of a leaf period, all by the units' codes."""
    live = labour_live(competition)
    tree = live.outcome.field.tree
    standing = heads_in(live.labour, tree, leaf)
    return Heads(reported_for(live.labour, leaf), standing, live.away[leaf])


def read_people(text: str) -> int | None:
    """A whole number, thousands parted or not, None for nothing; `Refused` for anything else."""
    bare = text.strip().replace(",", "").replace("，", "").removesuffix("人").strip()
    if not bare:
        return None
    if not (bare.isascii() and bare.isdigit()) or len(bare) > 9 or int(bare) > MOST_PEOPLE:
        raise invalid(msg("人数写整数，0 到 %(most)s", most=grouped(MOST_PEOPLE)))
    return int(bare)


def report_heads(writer: Writer, leaf: str, people: int | None) -> bool:
    """A unit's contact reports the own unit's; whether that changed anything.

    Raises `Refused`: FORBIDDEN for who is no unit's contact, CONFLICT for a closed period.
    """
    if writer.unit is None:
        raise Refused(msg("只有单位能报自己的人数"), kind=Refusal.FORBIDDEN)
    wanted = {writer.unit.code: people}
    return set_heads(writer.competition, leaf, wanted, writer.account, only_open=True)


def set_heads(
    competition: Competition,
    leaf: str,
    wanted: Mapping[str, int | None],
    by: Account,
    *,
    only_open: bool = False,
) -> bool:
    """Put down what these units have from a leaf period on, None takes it back.

    Raises `Refused`: UNKNOWN for a unit that is not there, or a period with others inside,
    CONFLICT for a closed one if `only_open`.
    """
    labour = labour_of(competition)
    require_leaf(labour, leaf)
    name = labour.period_names[leaf]
    with unit_of_work() as session:
        competition = for_update(competition)
        if only_open:
            require_open_period(competition, leaf)
        units = {unit.code: unit for unit in competition.units}
        before = heads_of(competition, leaf).reported
        changed = {code: people for code, people in wanted.items() if before.get(code) != people}
        if any(code not in units for code in changed):
            raise Refused(msg("没有这家单位"), kind=Refusal.UNKNOWN)
        if not changed:
            return False
        for code, people in changed.items():
            session.add(
                LabourHeadCount(
                    competition_id=competition.id,
                    unit_id=units[code].id,
                    period=leaf,
                    people=people,
                    said_by=by.id,
                )
            )
        session.flush()
        audit.record(
            competition,
            by,
            "labour.heads",
            units[next(iter(changed))].name if len(changed) == 1 else competition.name,
            before={"period": name, "people": {code: before.get(code) for code in changed}},
            after={"period": name, "people": changed},
        )
    return True


def heads_book(competition: Competition, leaf: str) -> bytes:
    """The units with what was reported for a leaf period, to be filled in."""
    labour = labour_of(competition)
    reported, groups = heads_of(competition, leaf).reported, labour.groups or {}
    name = labour.period_names[leaf]
    rows = [
        [unit.code, unit.name, groups.get(unit.code, ""), reported.get(unit.code, "")]
        for unit in competition.units
    ]
    title = f"{competition.name} {name} {PEOPLE}"
    return write_value_rows(name, title, [CODE, UNIT, GROUP, PEOPLE], rows)


@dataclass(frozen=True, slots=True)
class HeadsRead:
    """The head counts in a workbook by unit code, as written; `problems` name their row."""

    texts: Mapping[str, str]
    problems: list[Message]
    notices: Sequence[Message] = ()
    """The notes on what of the workbook was filled, and what was not read."""


def read_heads_book(competition: Competition, content: bytes) -> HeadsRead:
    """Read what a workbook would put down; an empty cell says nothing. Nothing is written.

    Raises `WorkbookError` for what is no such workbook.
    """
    table = read_value_rows(
        content,
        [[UNIT], [PEOPLE]],
        [CODE, GROUP],
        _MOST_ROWS,
        units=[unit.name for unit in competition.units],
        alike=lambda heading, _upper: (
            PEOPLE
            if any(headings_match(heading, title) for title in _PEOPLE_TOO)
            else column_of(heading)
        ),
    )
    by_code = {unit.code: unit for unit in competition.units}
    by_name = {unit_key(unit.name): unit for unit in competition.units}
    texts: dict[str, str] = {}
    problems: list[Message] = []
    for row in table.rows:
        text, code = row.texts.get(PEOPLE, ""), row.texts.get(CODE, "")
        faults = [
            (it, text) for it, text in row.texts.items() if isinstance(text, Fault) and it != GROUP
        ]
        if faults:
            problems += [
                msg("%(cell)s：%(why)s", cell=table.place(row, it), why=fault_words(fault))
                for it, fault in faults
            ]
            continue
        written = row.texts.get(UNIT, "")
        name = unit_key(written)
        unit = by_code.get(code) if code else by_name.get(name)
        if unit is None or (code and name and unit_key(unit.name) != name):
            problems.append(
                msg(
                    "第 %(row)s 行：没有这个单位 %(unit)s",
                    row=table.place(row),
                    unit=written or code,
                )
            )
        elif text and unit.code in texts:
            problems.append(
                msg("第 %(row)s 行：%(unit)s 写了两次", row=table.place(row), unit=unit.name)
            )
        elif text:
            texts[unit.code] = text
    return HeadsRead(texts, problems, [*table.notices, *table.unused])
