"""A small contest as it is started by one page, and what its judges do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count

from compete.models import Account, Competition, Judge
from compete.services.accounts.accounts import known_account_of
from compete.services.closing.typed_marks import TypedSheet, sheets_to_type, type_marks
from compete.services.competitions.small_contest import (
    PersonLine,
    SmallContest,
    name_judge,
    start_small_contest,
)
from compete.services.kernel.clock import local_today
from compete.services.kernel.event_rules import module_of_sheet

_NAMES = ("周一", "周二", "周三")


def small_contest(by: Account, judges: int = 2, day: date | None = None) -> Competition:
    """Start one of three people, judged on one mark out of 100."""
    people = [
        PersonLine(line=line, name=name, unit="")
        for line, name in zip(count(1), ("赵一", "钱二", "孙三"), strict=False)
    ]
    wanted = SmallContest(
        name="班组比武", day=day or local_today(), people=people, judges=judges, prizes=(1, 0, 0)
    )
    return start_small_contest(wanted, by)


def account_of(judge: Judge) -> Account:
    """The account of a judge who has a code."""
    account = known_account_of(judge)
    assert account is not None
    return account


def names_itself(judge: Judge, name: str) -> None:
    """The judge writes the own name after scanning the code."""
    name_judge(judge, name, account_of(judge))


def all_named(competition: Competition) -> None:
    """Every judge has written the own name."""
    for judge, name in zip(competition.judges, _NAMES, strict=False):
        names_itself(judge, name)


def typed(competition: Competition, by: Account, value: int = 80) -> None:
    """The organiser types every judge's marks."""
    event = competition.events[0]
    rows = [
        TypedSheet(sheet, {it.code: Decimal(value) for it in module_of_sheet(sheet).aspects})
        for sheet in sheets_to_type(event)
    ]
    type_marks(event, rows, reason="手机没电", evidence="当场念的", by=by)
