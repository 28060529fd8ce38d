"""Catalogues of the installation: added to, corrected, closed by whoever keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.models import Account, ConditionEdition, GradeLadder, Occupation, Room, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused, WrongFieldsError, invalid
from compete.services.kernel.transactions import unit_of_work

MOST_CATALOGUE_ROWS = 2000
"""Of a workbook that is brought at once."""


Row = TypeVar("Row")
Kept = TypeVar("Kept", ConditionEdition, GradeLadder, Occupation, Room)
Texts = TypeVar("Texts")
Checked = TypeVar("Checked")


@dataclass(frozen=True, slots=True)
class Planned(Generic[Row, Texts, Checked]):
    """A row of a workbook as planned: what it would do, or what is wrong with it."""

    number: int
    """In the sheet, from 1; of several lines the first."""
    texts: Texts
    faults: Mapping[str, Message]
    changes: Mapping[str, str] | None
    """The changes of a known one: {field: as it stands}; None for one that is new."""
    checked: Checked | None = None
    known: Row | None = None

    @property
    def state(self) -> str:
        """The state: `refused`, `added`, `changed` or `same`."""
        if self.faults:
            return "refused"
        if self.changes is None:
            return "added"
        return "changed" if self.changes else "same"


def refuse_same_name(
    table: type[GradeLadder | ConditionEdition | Room], name_key: str, but: int | None, why: Message
) -> None:
    """Raise for a row that stands under a name already, but the one of that number."""
    query = select(table.id).where(table.ended_at.is_(None), table.name_key == name_key)
    if but is not None:
        query = query.where(table.id != but)
    if db.session.scalar(query.limit(1)) is not None:
        raise Refused(why)


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """The fields that would change: {field: as it stands}."""
    return {field: text for field, text in before.items() if after[field] != text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue(Generic[Kept, Texts, Checked]):
    """A catalogue and its rules; what differs from one to the next is in its fields."""

    kind: str
    """Its records in the chain are of `KIND.add`, `.change`, `.close`, `.reopen`, `.import`."""
    whole: str
    """The name of it in the record of an import."""
    not_yours: Message
    """Told to who does not keep it."""
    table: type[Kept]
    new: Callable[[], Kept]
    check: Callable[[Texts], tuple[Checked | None, dict[str, Message]]]
    """The check: what can be written, or what is wrong with which field."""
    record_fields: Callable[[Kept | Checked], dict[str, str]]
    """The row's fields as the chain keeps them."""
    put: Callable[[Kept, Checked], None]
    refuse_duplicate: Callable[[Kept | Checked, int | None], None]
    """Raise where another one stands in its place, but the one of that number."""
    match: Callable[
        [Sequence[tuple[int, Mapping[str, str]]]], list[Planned[Kept, Texts, Checked]]
    ] = lambda rows: []
    """The plan of a workbook's rows; nothing is written. Not every catalogue reads any."""
    keeps: Callable[[Account], bool] = lambda account: account.is_admin
    """True of whoever keeps it."""
    rows_key: str = ""
    """The word for rows in an import's record; empty if it tells how many alone."""

    def add(self, texts: Texts, by: Account) -> Kept:
        """Add a row. Raises `WrongFieldsError`; `Refused`: CONFLICT where it is there already,
        FORBIDDEN for who does not keep it.
        """
        self._require_keeper(by)
        checked = self._checked(texts)
        with unit_of_work() as session:
            audit.claim_chain(None)
            self.refuse_duplicate(checked, None)
            row = self._new_row(by)
            self.put(row, checked)
            session.add(row)
            self._record("add", row, by)
        return row

    def change(self, row: Kept, texts: Texts, by: Account) -> bool:
        """Correct a row; True if anything changed. What took it over stays as it is."""
        self._require_keeper(by)
        checked = self._checked(texts)
        with self._claimed(row) as row:
            if row.ended_at is not None:
                raise Refused(msg("%(name)s 停用了，恢复以后再改", name=row.name))
            before = self.record_fields(row)
            if before == self.record_fields(checked):
                return False
            self.refuse_duplicate(checked, row.id)
            self.put(row, checked)
            self._record("change", row, by, before)
        return True

    def close(self, row: Kept, by: Account) -> None:
        """Close a row: it is not offered any more; what took it over stays as it is."""
        self._require_keeper(by)
        with self._claimed(row) as row:
            if row.ended_at is None:
                row.ended_at, row.ended_by = utc_now(), by.id
                self._record("close", row, by)

    def reopen(self, row: Kept, by: Account) -> None:
        """Offer a row again. Raises `Refused` (CONFLICT) where another stands in its place."""
        self._require_keeper(by)
        with self._claimed(row) as row:
            if row.ended_at is not None:
                self.refuse_duplicate(row, row.id)
                row.ended_at = row.ended_by = None
                self._record("reopen", row, by)

    def write(self, rows: Sequence[Mapping[str, str]], by: Account) -> tuple[int, int]:
        """Add what is new and correct what differs; how many of each.

        One wrong row, and nothing is written. What stands in none of the rows stays.
        """
        self._require_keeper(by)
        if len(rows) > MOST_CATALOGUE_ROWS:
            raise invalid(msg("一次最多 %(most)s 行", most=MOST_CATALOGUE_ROWS))
        with unit_of_work() as session:
            audit.claim_chain(None)
            count = {"added": 0, "changed": 0}
            written = []
            for plan in self.match(list(enumerate(rows, 1))):
                if plan.faults or plan.checked is None:
                    raise invalid(msg("有的行要改，一行都没有写"))
                if plan.state not in count:
                    continue
                count[plan.state] += 1
                row = plan.known or self._new_row(by)
                self.put(row, plan.checked)
                session.add(row)
                written.append(row)
            if written:
                session.flush()
                of_rows = {self.rows_key: list(map(self.record_fields, written))}
                after = {**count, **(of_rows if self.rows_key else {})}
                audit.record(None, by, f"{self.kind}.import", self.whole, after=after)
        return count["added"], count["changed"]

    def _new_row(self, by: Account) -> Kept:
        row = self.new()
        row.made_by = by.id
        return row

    @contextmanager
    def _claimed(self, row: Kept) -> Iterator[Kept]:
        """The row as it stands once nobody else can change it, in a unit of work."""
        table, number = type(row), row.id
        with unit_of_work() as session:
            audit.claim_chain(None)
            yield session.get_one(table, number, populate_existing=True)

    def _record(
        self, act: str, row: Kept, by: Account, before: Mapping[str, str] | None = None
    ) -> None:
        db.session.flush()
        action, after = f"{self.kind}.{act}", self.record_fields(row)
        audit.record(None, by, action, str(row.id), before=before, after=after)

    def _checked(self, texts: Texts) -> Checked:
        checked, faults = self.check(texts)
        if checked is None:
            raise WrongFieldsError(faults)
        return checked

    def _require_keeper(self, by: Account) -> None:
        if not self.keeps(by):
            raise Refused(self.not_yours, kind=Refusal.FORBIDDEN)
