"""A workbook of experts: what each row would add to the pool or correct in it, and doing that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from compete.domain.values.messages import msg
from compete.models import Account, Expert
from compete.services.directory.expert_fields import (
    EXPERT_ROWS,
    CheckedExpert,
    check_fields,
    fields_of_expert,
    texts_of,
)
from compete.services.directory.experts import (
    added_experts,
    experts_of_names,
    is_same_row,
    may_change_expert,
    put_expert,
    told_of_expert,
)
from compete.services.directory.experts_undo import TOGETHER
from compete.services.directory.person_records import name_key_of
from compete.services.kernel import audit
from compete.services.kernel.catalogues import Planned, differences
from compete.services.kernel.refusal import invalid
from compete.services.kernel.transactions import unit_of_work

PlannedExpert: TypeAlias = Planned[Expert, Mapping[str, str], CheckedExpert]


def plan_experts(rows: Sequence[tuple[int, Mapping[str, str]]], by: Account) -> list[PlannedExpert]:
    """Plan each row of a workbook; nothing is written.

    A row is the one in the pool of the same name, unit, kind and occupation, unless the two name
    different certificates; what a workbook has no column for stays as it is.
    """
    checked = [(number, texts, *check_fields(texts)) for number, texts in rows]
    work = _Reading([row for _number, _texts, row, _faults in checked if row is not None], by)
    return [
        Planned(number, texts, faults, None) if row is None else work.plan(number, texts, row)
        for number, texts, row, faults in checked
    ]


def write_experts(rows: Sequence[Mapping[str, str]], by: Account) -> tuple[int, int]:
    """Add what is new and correct what differs; how many of each. One wrong row, and nothing is
    written. What stands in none of the rows stays.
    """
    if len(rows) > EXPERT_ROWS.most:
        raise invalid(msg("一次最多 %(most)s 行", most=EXPERT_ROWS.most))
    with unit_of_work() as session:
        audit.claim_chain(None)
        planned = plan_experts(list(enumerate(rows, 1)), by)
        if any(plan.faults for plan in planned):
            raise invalid(msg("有的行要改，一行都没有写"))
        fresh = [plan.checked for plan in planned if plan.state == "added" and plan.checked]
        before: list[tuple[Expert, dict[str, str]]] = []
        for plan in planned:
            if plan.state == "changed" and plan.known and plan.checked:
                before.append((plan.known, told_of_expert(plan.known)))
                put_expert(plan.known, plan.checked)
        made = added_experts(fresh, by)
        session.flush()
        many = len(made) + len(before)
        together = {TOGETHER: str(many)} if many > 1 else {}
        for expert, was in before:
            told = told_of_expert(expert) | together
            audit.record(None, by, "expert.change", str(expert.id), before=was, after=told)
        for expert in made:
            told = told_of_expert(expert) | together
            audit.record(None, by, "expert.add", str(expert.id), after=told)
    return len(made), len(before)


class _Reading:
    """The rows of one sheet held against the pool, each row of which one of the sheet can be."""

    def __init__(self, rows: Sequence[CheckedExpert], by: Account) -> None:
        self._by = by
        self._pool: dict[str, list[Expert]] = {}
        for expert in experts_of_names(rows):
            self._pool.setdefault(expert.person.name_key, []).append(expert)
        self._seen: dict[str, list[tuple[int, dict[str, str]]]] = {}
        said = [texts_of(row) for row in rows]
        # Who stands there to the letter is that one, whichever row of the sheet comes first.
        self._taken = {
            expert.id
            for row, texts in zip(rows, said, strict=True)
            for expert in self._pool.get(name_key_of(row.name), ())
            if fields_of_expert(expert) == texts
        }

    def plan(self, number: int, texts: Mapping[str, str], row: CheckedExpert) -> PlannedExpert:
        """Plan the next row."""
        said, key = texts_of(row), name_key_of(row.name)
        pool, before = self._pool.get(key, []), self._seen.setdefault(key, [])
        if said in [fields_of_expert(expert) for expert in pool] or said in [
            texts for _number, texts in before
        ]:
            before.append((number, said))
            return Planned(number, texts, {}, {}, row)
        alike = [each for each in pool if is_same_row(fields_of_expert(each), said, texts)]
        old = next((each for each in alike if each.id not in self._taken), None)
        twice = next((n for n, other in before if is_same_row(other, said, texts)), None)
        before.append((number, said))
        if old is None:
            faults = {"name": msg("和第 %(n)s 行是同一个", n=twice)} if twice else {}
            return Planned(number, texts, faults, None, row)
        self._taken.add(old.id)
        return self._changed(number, texts, old)

    def _changed(self, number: int, texts: Mapping[str, str], old: Expert) -> PlannedExpert:
        stands = fields_of_expert(old)
        row, faults = check_fields({**stands, **texts, "name": old.person.name})
        changes = differences(stands, texts_of(row)) if row is not None else {}
        if changes and not may_change_expert(old, self._by):
            faults = {"name": msg("库里已经有，内容不一样；只有录入的人和管理员能改")}
        return Planned(number, texts, faults, changes, row, old)
