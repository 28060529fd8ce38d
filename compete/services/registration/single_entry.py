"""Single entry (加一个人): a person entered by the organiser, by the checks of the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition, Entrant
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.applications import FIELDS
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.registration.event_capacity import Places
from compete.services.registration.people_seals import seal_people
from compete.services.registration.preview import (
    check_registration_open,
    known_to,
    offer_of,
)
from compete.services.registration.writing import exempt_written, write_rows
from compete.sheets.registration.plan import PlannedRow, RowStatus
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.table import RawRow, RawSheet, RawTable

ADD_FIELDS = ("unit", *FIELDS, "code")
"""Columns of the workbook that the organiser fills in; what is left empty is as it is there."""


class UnfitPersonError(WrongFieldsError):
    """A refusal of somebody who is only taken for a reason, as the event asks something else."""


def add_person(
    competition: Competition, typed: Mapping[str, str], by: Account, *, exempted_for: str = ""
) -> Entrant:
    """Put one person on the list; the entrant, or the crew that the person came into.

    `typed` has the workbook's fields by the keys in `ADD_FIELDS`; unit and event by code or
    name. Raises `UnfitPersonError` where a condition of entry is not met and there is no
    reason `exempted_for` which to waive it, `WrongFieldsError` for what is missing or wrong
    and for who is on the list already, `Refused` (CONFLICT) once marks are locked.
    """
    cells = {key: typed[key].strip() for key in ADD_FIELDS if typed.get(key, "").strip()}
    reason = reason_text(exempted_for)
    with changing(competition) as competition:
        check_registration_open(competition)
        offer, rows = offer_of(competition), (RawRow(1, cells),)
        plan = plan_registration(
            RawTable(RawSheet("", (), rows)),
            offer,
            known_to(competition, offer, rows),
            today=local_today(),
            lenient=bool(reason),
        )
        plan = replace(Places(competition).hold(plan), new_units=())
        _require_new(plan.rows[0])
        data = plan.rows[0].registration
        assert data is not None
        write_rows(competition, plan, by)
        code = data.entrant_code
        entrant = entrants_by_code(competition, {code})[code]
        if reason:
            exempt_written(competition, plan, reason, by)
        # Whoever comes into a crew may change what the crew's own row says.
        after = {"code": data.code, "people": seal_people(competition, [entrant.id])}
        audit.record(competition, by, "entrants.add", data.code, after=after)
    return entrant


def _require_new(row: PlannedRow) -> None:
    if row.status is RowStatus.REFUSED:
        problems: dict[str, Message] = {}
        for problem in row.problems:
            problems.setdefault(problem.column, problem.what)
        raise (UnfitPersonError if row.unfit else WrongFieldsError)(problems)
    if row.existing is not None:
        there = msg(
            "%(name)s已经在名单里，编号 %(code)s。要改，到本人的页上更正",
            name=row.existing.name,
            code=row.existing.code,
        )
        raise WrongFieldsError({"id_number": there})
