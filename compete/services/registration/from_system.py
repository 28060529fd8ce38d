"""People that another system enters or changes: by the checks of an upload, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from compete.domain.values.canonical import sealed_text
from compete.domain.values.messages import listed, msg
from compete.models import Account, Competition, Entrant
from compete.models.types import keyed_hash
from compete.services.kernel.participants import standing_withdrawal
from compete.services.kernel.refusal import invalid
from compete.services.kernel.text_limits import LONGEST_REASON, check_text
from compete.services.kernel.transactions import changing
from compete.services.registration.corrections import (
    current_fields,
    import_wants_reason,
)
from compete.services.registration.preview import check_registration_open, plan_rows
from compete.services.registration.waiting_list import Places
from compete.services.registration.writing import NO_REASON, record_import, write_rows
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan
from compete.sheets.registration.table import RawRow

MOST_ROWS = 1000


def register_rows(
    competition: Competition,
    rows: Sequence[Mapping[str, str]],
    reasons: Sequence[str],
    by: Account,
    *,
    write: bool,
    called: str,
) -> RegistrationPlan:
    """Put people on the list, or change what is there of them; the plan, in the order of the rows.

    A row's cells are by the workbook's column; `reasons` say of each why somebody changes. Good
    rows are written in one transaction, unless nothing is to be written. Raises `Refused`: INVALID
    for too many rows, CONFLICT once marks are locked.
    """
    if len(rows) > MOST_ROWS:
        raise invalid(msg("一次最多 %(n)s 行", n=MOST_ROWS))
    for reason in reasons:
        check_text(reason, LONGEST_REASON)
    with changing(competition) as competition:
        check_registration_open(competition)
        raw = [RawRow(place, cells) for place, cells in enumerate(rows, start=1)]
        plan = Places(competition).hold(plan_rows(competition, raw))
        planned = {row.number: row for row in plan.rows}
        given = dict(enumerate(reasons, start=1))
        plan = plan.with_rows(
            [_with_reason(competition, planned[row.number], given[row.number]) for row in raw]
        )
        # A row may name a new team; a unit has to be there.
        plan = replace(plan, new_units=())
        if write and plan.to_write:
            write_rows(competition, plan, by)
            why = dict.fromkeys(given[row.number] for row in plan.to_write if given[row.number])
            record_import(competition, plan, called, by, str(listed(why))[:LONGEST_REASON])
    return plan


def _with_reason(competition: Competition, row: PlannedRow, reason: str) -> PlannedRow:
    if reason or not import_wants_reason(competition, [row]):
        return row
    return row.refused_for("name", NO_REASON)


def entrant_mark(entrant: Entrant) -> str:
    """The mark of what is entered of somebody: another once any of it has changed."""
    withdrawal = standing_withdrawal(entrant)
    content = [
        current_fields(entrant),
        [entrant.id_number, entrant.phone, str(entrant.birth)],
        withdrawal.id if withdrawal is not None else None,
        sorted([slot.id, slot.session, slot.station] for slot in entrant.slots),
    ]
    return keyed_hash(sealed_text(content).decode("utf-8", "surrogatepass"))[:32]
