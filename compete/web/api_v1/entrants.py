"""People that another system enters, changes and withdraws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
from flask_babel import gettext as _

from compete.domain.identity.papers import Paper, paper_name
from compete.domain.identity.typed_numbers import WRONG_LAST
from compete.domain.values.messages import Message, msg
from compete.services.accounts.api_tokens import Scope
from compete.services.registration.corrections import (
    SameAsBeforeError,
    WrongFieldsError,
    correct_person,
    current_fields,
)
from compete.services.registration.from_system import MOST_ROWS, entrant_mark, register_rows
from compete.services.registration.withdrawals import withdraw_person
from compete.sheets.registration.cells import RowProblem
from compete.sheets.registration.columns import PEOPLE_COLUMNS
from compete.sheets.registration.plan import PlannedRow, RowStatus
from compete.web.api_v1.operations import (
    Body,
    Operation,
    Query,
    Tagged,
    Text,
    asking_token,
    operation,
    own_competition,
    require_same,
)
from compete.web.api_v1.people import ENTRANT, EntrantOut, entrant_answer, own_entrant
from compete.web.language import say
from compete.web.problems import Fault, refuse

_NAMES = {"paper": "id_type"}
"""Columns of the workbook that a competition's file calls otherwise."""
_COLUMNS = {_NAMES.get(column.key, column.key): column.key for column in PEOPLE_COLUMNS}
_RESULTS: Mapping[RowStatus, Literal["created", "changed", "unchanged", "refused"]] = {
    RowStatus.ADDED: "created",
    RowStatus.CHANGED: "changed",
    RowStatus.UNCHANGED: "unchanged",
    RowStatus.REFUSED: "refused",
}

EntrantIn = msgspec.defstruct(
    "EntrantIn",
    [
        *((name, Text | int | None, None) for name in _COLUMNS),
        ("reason", Text, ""),
    ],
    bases=(Body,),
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    module=__name__,
)
EntrantIn.__doc__ = "Somebody to be entered, as a row of the registration workbook."
EntrantsIn = Annotated[list[EntrantIn], msgspec.Meta(min_length=1, max_length=MOST_ROWS)]  # type: ignore[valid-type]


class RowOut(msgspec.Struct, frozen=True):
    """The result of a row; a refused one says what is wrong with it."""

    row: int
    """Its place in what was sent, from 0."""
    result: Literal["created", "changed", "unchanged", "refused"]
    code: str | None
    errors: list[Fault]


class RowsOut(msgspec.Struct, frozen=True):
    """The results of the rows, in their order."""

    data: list[RowOut]
    dry_run: bool


class EntrantsQuery(Query, frozen=True, kw_only=True):
    """With `dry_run` nothing is written."""

    dry_run: bool = False


class WithdrawalIn(Body, frozen=True, kw_only=True):
    """Why somebody withdraws."""

    reason: Text


@operation(
    Operation(
        name="add_entrants",
        path="/competitions/<code>/entrants",
        method="POST",
        scope=Scope.REGISTRATION_WRITE,
        summary=msg("报名：一次最多 1000 行，和上传名单一样查，每行各答；dry_run=1 不写入"),
        query=EntrantsQuery,
        body=EntrantsIn,
        sent=[
            {
                "name": "赵启明",
                "event": "forklift",
                "unit": "一分厂",
                "id_number": "320000199001010012",
                "phone": "13800000000",
            }
        ],
        answer=RowsOut,
        example={
            "data": [{"row": 0, "result": "created", "code": "A01", "errors": []}],
            "dry_run": False,
        },
    )
)
def add_entrants(code: str, query: EntrantsQuery, body: Sequence[Any]) -> RowsOut:
    """Enter people, or change what is entered of them."""
    row = own_competition(code, Scope.REGISTRATION_WRITE)
    token = asking_token()
    assert token is not None
    sent = [msgspec.structs.asdict(entrant) for entrant in body]
    plan = register_rows(
        row,
        [_cells(values) for values in sent],
        [values["reason"] for values in sent],
        token.account,
        write=not query.dry_run,
        called=token.name,
    )
    return RowsOut([_row_out(planned) for planned in plan.rows], query.dry_run)


@operation(
    Operation(
        name="change_entrant",
        path="/competitions/<code>/entrants/<entrant>",
        method="PATCH",
        scope=Scope.REGISTRATION_WRITE,
        summary=msg("更正一个人：JSON Merge Patch，要带 If-Match；要原因的写在 reason"),
        body=dict[str, Text | int | None],
        sent={"phone": "13900000000"},
        answer=EntrantOut,
        example=ENTRANT,
    )
)
def change_entrant(
    code: str, entrant: str, query: Query, body: Mapping[str, str | int | None]
) -> Tagged:
    """Change what is entered of somebody, as a JSON merge patch."""
    row = own_competition(code, Scope.REGISTRATION_WRITE)
    person, token = own_entrant(row, entrant), asking_token()
    assert token is not None
    require_same(entrant_mark(person))
    typed = {name: "" if value is None else str(value) for name, value in body.items()}
    reason = typed.pop("reason", "")
    known = current_fields(person)
    unknown = [name for name in typed if name not in known]
    if unknown:
        detail = _("这里不能改这一项")
        refuse(422, detail, [Fault(f"/{name}", "unknown", detail) for name in unknown])
    for name in ("id_number", "name", "unit"):
        if typed.get(name) == "":
            detail = _("这一项不能空着")
            refuse(422, detail, [Fault(f"/{name}", "missing", detail)])
    if typed.get("phone") == "":
        typed["phone"] = "无"
    try:
        correct_person(person, typed, reason, token.account)
    except SameAsBeforeError:
        pass
    except WrongFieldsError as wrong:
        faults = [
            Fault(f"/{name}", _code_of(name, what), say(what))
            for name, what in wrong.problems.items()
        ]
        refuse(422, say(wrong.message), faults)
    return entrant_answer(row, person)


@operation(
    Operation(
        name="withdraw_entrant",
        path="/competitions/<code>/entrants/<entrant>/withdraw",
        method="POST",
        scope=Scope.REGISTRATION_WRITE,
        summary=msg("退赛，要写原因；评过分的不能退"),
        body=WithdrawalIn,
        sent={"reason": "病了"},
        answer=EntrantOut,
        example={**ENTRANT, "state": "withdrawn"},
    )
)
def withdraw_entrant(code: str, entrant: str, query: Query, body: WithdrawalIn) -> Tagged:
    """Withdraw somebody, for a reason."""
    row = own_competition(code, Scope.REGISTRATION_WRITE)
    person, token = own_entrant(row, entrant), asking_token()
    assert token is not None
    withdraw_person(person, body.reason, token.account)
    return entrant_answer(row, person)


def _cells(values: Mapping[str, Any]) -> dict[str, str]:
    cells = {
        column: str(values[name])
        for name, column in _COLUMNS.items()
        if values[name] not in (None, "")
    }
    if cells.get("paper") in set(Paper):
        cells["paper"] = str(paper_name(Paper(cells["paper"])))
    return cells


def _row_out(planned: PlannedRow) -> RowOut:
    data, there = planned.registration, planned.existing
    code = data.code if data is not None else there.code if there is not None else None
    place = planned.number - 1
    return RowOut(
        row=place,
        result=_RESULTS[planned.status],
        code=code,
        errors=[_fault(place, problem, planned) for problem in planned.problems],
    )


def _fault(place: int, problem: RowProblem, planned: PlannedRow) -> Fault:
    name = _NAMES.get(problem.column, problem.column)
    if problem.column not in planned.raw.cells:
        code = "missing"
    elif problem.same:
        code = f"{name}_repeated"
    else:
        code = _code_of(name, problem.what)
    return Fault(f"/{place}/{name}", code, say(problem.what))


def _code_of(name: str, what: Message) -> str:
    if what.text == WRONG_LAST.text:
        return "id_checksum"
    return f"{name}_refused"
