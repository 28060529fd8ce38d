"""The table of ladders: looked through, added to, corrected, closed, brought as rows.

One ships with the program: the eight national grades (新八级工).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy import select

from compete.domain.grades.ladder import NATIONAL, ladder_tree
from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import msg
from compete.models import GradeLadder, db
from compete.services.directory.ladders.fields import (
    CheckedLadder,
    LadderTexts,
    check_ladder,
    put,
    recorded,
)
from compete.services.kernel import audit
from compete.services.kernel.catalogues import Catalogue, Planned, differences, refuse_same_name

PlannedLadder: TypeAlias = Planned[GradeLadder, LadderTexts, CheckedLadder]


class LadderView(StrEnum):
    """The part of the table that is looked at."""

    STANDING = "standing"
    CLOSED = "closed"


def find_ladders(view: LadderView = LadderView.STANDING) -> Sequence[GradeLadder]:
    """The table: the state's first, then by name."""
    closed = GradeLadder.ended_at.is_not(None)
    query = select(GradeLadder).where(closed if view is LadderView.CLOSED else ~closed)
    order = (GradeLadder.organisation_id.is_not(None), GradeLadder.name, GradeLadder.id)
    return db.session.scalars(query.order_by(*order)).all()


def plan_ladders(rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[PlannedLadder]:
    """Plan the rows of a workbook, ladder by ladder; nothing is written."""
    known = {row.name_key: row for row in find_ladders()}
    grouped: dict[str, LadderTexts] = {}
    for number, texts in rows:
        key = same_name_key(texts.get("name", ""))
        ladder = grouped.get(key, LadderTexts(name=texts.get("name", "")))
        grouped[key] = replace(
            ladder,
            whose=ladder.whose or texts.get("whose", ""),
            note=ladder.note or texts.get("note", ""),
            rungs=[*ladder.rungs, (number, texts)],
        )
    plans = []
    for key, ladder in grouped.items():
        checked, faults = check_ladder(ladder)
        row, changes = known.get(key), None
        if checked is not None and row is not None:
            changes = differences(recorded(row), recorded(checked))
        plans.append(Planned(ladder.rungs[0][0], ladder, faults, changes, checked, row))
    return plans


def _refuse_taken(ladder: GradeLadder | CheckedLadder, but: int | None) -> None:
    """Raise for another one of the same name."""
    why = msg("已经有叫“%(name)s”的等级体系", name=ladder.name)
    refuse_same_name(GradeLadder, same_name_key(ladder.name), but, why)


LADDERS = Catalogue(
    kind="ladder",
    whole="table",
    rows_key="ladders",
    not_yours=msg("等级体系由管理员改"),
    table=GradeLadder,
    new=lambda: GradeLadder(key=secrets.token_hex(8)),
    check=check_ladder,
    record_fields=recorded,
    put=put,
    refuse_duplicate=_refuse_taken,
    match=plan_ladders,
)
"""Events that took a ladder stay as they are, whatever becomes of it here."""


NATIONAL_KEY = "national-8"
_SOURCE = "人社部发〔2022〕14号；学徒工、特级技师、首席技师没有国家证书编码，证书上怎么写可以改"


def fill_ladders() -> None:
    """Add it where it was never there: an upgrade's last step, in a unit of work.

    What was corrected or closed since stays so; so does one of that name that was entered before.
    """
    key = same_name_key(NATIONAL.name)
    there = (GradeLadder.key == NATIONAL_KEY) | (GradeLadder.name_key == key)
    if db.session.scalar(select(GradeLadder.id).where(there).limit(1)) is not None:
        return
    rungs = ladder_tree(NATIONAL)["rungs"]
    row = GradeLadder(key=NATIONAL_KEY, name=NATIONAL.name, name_key=key, rungs=rungs, note=_SOURCE)
    db.session.add(row)
    db.session.flush()
    audit.record(None, None, "ladder.shipped", str(row.id), after={"name": row.name})
