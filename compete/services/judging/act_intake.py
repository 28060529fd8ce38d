"""Taking in what judges did, so many acts at a time: what is stored is never lost or doubled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection

from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.states import SheetState
from compete.models import utc_now
from compete.models.types import stored_number
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.row_seals import put_seals, seal_columns
from compete.services.kernel.transactions import connection_of, unit_of_work
from compete.services.sheets.act_limits import LONGEST_NOTE
from compete.services.sheets.act_rules import (
    MARKING_KINDS,
    TIMING_KINDS,
    ActIn,
    OpenSheet,
    act_fault,
    act_value,
    is_sheet_id,
    is_uuid,
    kept_number,
)
from compete.services.sheets.act_seals import SHEET_COLUMNS, prints_of, seal_rows
from compete.services.sheets.act_table import (
    KnownAct,
    known_act,
    module_in_force,
    put_act,
    put_sheet,
    sheet_for_update,
    standing_of,
    state_for_update,
    unknown_to,
)
from compete.services.sheets.closing_words import why_closed
from compete.services.sheets.comments import put_comment, says_comment
from compete.services.sheets.values import SETTLING_KINDS

MOST_ACTS = 200
_Row = dict[str, Any]


class Marker(Protocol):
    """The judge whose acts they are: a row, or what is known of it."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def competition_id(self) -> int: ...


@dataclass
class Taken:
    """The result of a batch: stored for good, or refused with the reason.

    `sheets` are those of the judge that the acts are about, by public id, as
    they stand after them. `end` is the chain's last record if the batch added it.
    """

    competition_id: int
    end: audit.End | None = None
    stored: list[str] = field(default_factory=list)
    refused: list[tuple[str, Message]] = field(default_factory=list)
    sheets: dict[str, OpenSheet] = field(default_factory=dict)


def take_acts(
    judge: Marker,
    acts: Sequence[ActIn],
    by: audit.Actor,
    brought: Mapping[str, Any] | None = None,
) -> Taken:
    """Hold the acts of one judge, in their order, all in one transaction.

    An act of this judge whose UUID is stored already counts as stored and changes
    nothing; one that says something else under the same UUID is refused. A
    refused act is written nowhere but in the audit chain; the tablet keeps it
    and shows why. `brought` says in each new row who brought it.
    """
    refuse_too_many(acts)
    # What the caller has read may be stale once the unit of work begins.
    number, code, competition_id = judge.id, judge.code, judge.competition_id
    with unit_of_work() as session:
        # The statements below go past the session.
        session.flush()
        claimed = Claimed(connection_of(session), competition_id)
        return claimed.take(number, code, acts, by, brought)


class Claimed:
    """A competition that a unit of work has claimed: what many batches in it need but once."""

    def __init__(self, connection: Connection, competition_id: int) -> None:
        self._connection, self._competition_id = connection, competition_id
        self._state = state_for_update(connection, competition_id)
        self._end: audit.End | None = None

    def take(
        self,
        judge_id: int,
        code: str,
        acts: Sequence[ActIn],
        by: audit.Actor,
        brought: Mapping[str, Any] | None = None,
    ) -> Taken:
        """Take acts as `take_acts`, by statements alone."""
        connection = self._connection
        opened = _open_sheets(connection, judge_id, acts)
        taken = Taken(self._competition_id, sheets=opened)
        known: dict[str, KnownAct | None] = {}
        rows: list[_Row] = []
        seals: list[_Row] = []
        for act in acts:
            if is_uuid(act.uuid) and act.uuid not in known:
                known[act.uuid] = known_act(connection, act.uuid)
            before = known.get(act.uuid)
            if before is not None and before.judge_id == judge_id:
                if _repeats(connection, act, before, opened):
                    taken.stored.append(act.uuid)
                else:
                    taken.refused.append((act.uuid, _stands(before)))
                continue
            if act.kind == "submit" and act.sheet in opened:
                opened[act.sheet].unknown = _unknown(connection, act, opened[act.sheet])
            fault = act_fault(act, self._state, opened)
            if fault is None and before is not None:
                fault = msg("这一条的编号已经用过了")
            if fault is not None:
                taken.refused.append((act.uuid, fault))
                continue
            row = _apply(connection, act, opened[act.sheet], judge_id, brought)
            rows.append(row)
            if act.kind == "comment":
                words = (row["uuid"], row["sheet_id"], _comment(act), row["held_at"])
                seals.append(put_comment(connection, self._competition_id, *words))
            known[act.uuid] = KnownAct(
                judge_id, act.sheet, act.kind, act.aspect, row["value"], row["note"]
            )
            taken.stored.append(act.uuid)
        if rows or taken.refused:
            self._record(rows, seals, acts, taken, by, code)
            taken.end = self._end
        return taken

    def _record(
        self,
        rows: list[_Row],
        seals: list[_Row],
        acts: Sequence[ActIn],
        taken: Taken,
        by: audit.Actor,
        code: str,
    ) -> None:
        """Write and seal the sheets that changed, and the record that vouches for all of it.

        `seals` are those of what was written beside the acts.
        """
        connection, competition_id = self._connection, self._competition_id
        changed = {row["sheet_id"] for row in rows}
        seals += [
            seal_columns(competition_id, "sheet", sheet.row.id, put_sheet(connection, sheet.row))
            for sheet in taken.sheets.values()
            if sheet.row.id in changed
        ]
        self._end = audit.append(
            connection,
            competition_id,
            by,
            "acts.take",
            code,
            after=_story(rows, acts, taken),
            rows=put_seals(connection, seals) if seals else None,
            end=self._end,
        )


def _repeats(
    connection: Connection, act: ActIn, before: KnownAct, opened: Mapping[str, OpenSheet]
) -> bool:
    """True if an act says what stands under its UUID already."""
    if (act.sheet, act.kind, act.aspect) != (before.sheet, before.kind, before.aspect):
        return False
    if act.kind == "note":
        return _cut(act.note, LONGEST_NOTE) == before.note
    if act.kind == "comment":
        return says_comment(connection, act.uuid, _comment(act))
    if before.value is None:
        return True
    aspect = opened[act.sheet].aspect(act.aspect) if act.sheet in opened else None
    if act.kind == "mark" and aspect is not None:
        value = act_value(aspect, act.value)
        # Without the aspect, in rules that have changed since, the number alone is compared.
        return value is not None and stored_number(Decimal(value)) == before.value
    number = kept_number(int(act.value) if isinstance(act.value, bool) else act.value)
    return number is not None and stored_number(number) == before.value


def _stands(before: KnownAct) -> Message:
    if before.value is None:
        return msg("这一条早就记下了，记的和这次送来的不一样，这次的没有记下")
    return msg(
        "这一条早就记下了，记的是 %(value)s，和这次送来的不一样，这次的没有记下",
        value=plain(before.value),
    )


def refuse_too_many(acts: Sequence[ActIn]) -> None:
    """Raise `Refused` (TOO_LARGE) for more acts than one call may bring."""
    if len(acts) > MOST_ACTS:
        raise Refused(msg("一次最多 %(most)s 条", most=MOST_ACTS), kind=Refusal.TOO_LARGE)


def _open_sheets(
    connection: Connection, judge_id: int, acts: Sequence[ActIn]
) -> dict[str, OpenSheet]:
    opened = {}
    for public_id in sorted({act.sheet for act in acts if is_sheet_id(act.sheet)}):
        row = sheet_for_update(connection, public_id, judge_id)
        if row is not None:
            opened[public_id] = OpenSheet(
                row, module_in_force(row), standing_of(connection, row.id)
            )
            if row.state is SheetState.WITHDRAWN:
                opened[public_id].closed = why_closed(connection, row.id)
    return opened


def _unknown(connection: Connection, act: ActIn, sheet: OpenSheet) -> dict[str, Decimal | None]:
    """What other tablets did that the one which submits did not know; old pages do not say."""
    known = _known(act)
    if known is None or act.tablet is None or not _is_beside_others(act, sheet):
        return {}
    return unknown_to(connection, sheet.row.id, act.tablet, known)


def _known(act: ActIn) -> int | None:
    """The last act that the tablet knew of, where it says so."""
    return act.known if act.known is not None and 0 <= act.known < 2**63 else None


def _is_beside_others(act: ActIn, sheet: OpenSheet) -> bool:
    """True if another tablet than the act's has marked the sheet."""
    return bool(sheet.standing.tablets - {act.tablet})


def _apply(
    connection: Connection,
    act: ActIn,
    sheet: OpenSheet,
    judge_id: int,
    brought: Mapping[str, Any] | None,
) -> _Row:
    """Hold one act that has no fault; the row as it stands in the database."""
    now = utc_now()
    number = _number(act, sheet)
    extra = dict(brought or {})
    if _known(act) is not None and _is_beside_others(act, sheet):
        extra["known"] = act.known
    if act.kind == "mark":
        assert act.aspect is not None
        assert number is not None
        sheet.values[act.aspect] = number
    elif act.kind == "clear":
        sheet.values.pop(act.aspect or "", None)
    _advance(sheet, act.kind)
    sheet.row.version += 1
    sheet.changed = True
    row = {
        "uuid": act.uuid,
        "sheet_id": sheet.row.id,
        "judge_id": judge_id,
        "kind": act.kind,
        "aspect": act.aspect,
        "value": number,
        # The words of a comment stand where they can be erased.
        "note": None if act.kind == "comment" else _cut(act.note, LONGEST_NOTE),
        "said_at": _cut(act.at, 40),
        "tablet": _cut(act.tablet, 64),
        "tablet_seq": act.seq if act.seq is not None and 0 <= act.seq < 2**31 else None,
        "held_at": now,
        **({"extra": extra} if extra else {}),
    }
    row["prints"] = prints_of(row)
    whose = {key: getattr(sheet.row, key) for key in SHEET_COLUMNS}
    number_of_act = put_act(connection, row)
    if act.kind in SETTLING_KINDS:
        sheet.standing.last_act = number_of_act
    tablet = _cut(act.tablet, 64)
    if tablet:
        sheet.standing.tablets |= {tablet}
    return {"extra": None, "id": number_of_act, **row, **whose}


def _number(act: ActIn, sheet: OpenSheet) -> Decimal | None:
    """The act's value as the database gives it back."""
    if act.kind == "mark":
        aspect = sheet.aspect(act.aspect)
        assert aspect is not None
        value = act_value(aspect, act.value)
        assert value is not None
        return stored_number(Decimal(value))
    if act.kind in TIMING_KINDS:
        seconds = kept_number(act.value)
        assert seconds is not None
        return stored_number(seconds)
    return None


def _comment(act: ActIn) -> str:
    return (act.note or "").replace("\0", "").strip()


def _cut(text: str | None, most: int) -> str | None:
    """A text of the tablet's that a column can hold; its own words, so never refused."""
    return text.replace("\0", "")[:most] if text else None


def _advance(sheet: OpenSheet, kind: str) -> None:
    """The state that follows from what now stands on the sheet."""
    row = sheet.row
    if kind == "submit":
        row.state, row.submitted_at, row.return_reason = SheetState.SUBMITTED, utc_now(), None
    elif kind in MARKING_KINDS:
        if not sheet.missing:
            row.state = SheetState.COMPLETE
        else:
            row.state = SheetState.BEGUN if sheet.values else SheetState.NOT_BEGUN


def _story(rows: list[_Row], acts: Sequence[ActIn], taken: Taken) -> dict[str, Any]:
    """The audit row's words on a batch: a seal over what was stored, and what was refused."""
    refused = dict(taken.refused)
    return {
        "held": len(rows),
        "acts": seal_rows(rows) if rows else None,
        "sheets": sorted({act.sheet for act in acts if act.uuid not in refused}),
        "refused": [refused_act(act, refused[act.uuid]) for act in acts if act.uuid in refused],
    }


def refused_act(act: ActIn, why: Message) -> dict[str, Any]:
    """A refused act as the audit chain keeps it: whole, unless somebody sent a novel.

    A comment's words are about a person, and what the chain keeps nobody can erase.
    """
    content = {
        key: value.replace("\0", "")[:200] if isinstance(value, str) else value
        for key, value in msgspec.to_builtins(act).items()
        if value is not None and not (key == "note" and act.kind == "comment")
    }
    return {"act": content, "reason": str(why)}
