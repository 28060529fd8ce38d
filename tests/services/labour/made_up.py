"""A labour competition of two departments and three units, and their acts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition, LabourDepartment, utc_now
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.pins import set_pin
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.departments import save_department
from compete.services.labour.entry import CellAct, Entered, Writer, enter_cells
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live_labour import LabourLive, labour_live, labour_of_bundle
from tests.domain.labour.build import indicator, labour_bundle, quarter, value

PIN = "2580"
LAST = 100


@dataclass
class Contest:
    """The competition with its two departments and who enters for them."""

    competition: Competition
    safety: LabourDepartment
    works: LabourDepartment
    zhou: Account
    """Of 安全部."""
    chen: Account
    """Of 工程部."""

    def writer(self, department: LabourDepartment, account: Account | None = None) -> Writer:
        own = self.zhou if department is self.safety else self.chen
        return Writer(self.competition, account or own, department=department)

    def enter(self, *acts: CellAct, period: str = "二月", by: Writer | None = None) -> Entered:
        return enter_cells(by or self.writer(self.safety), period, acts)


def made_up(load: Callable[..., Competition], organiser: Account) -> Contest:
    """January is filled in; February is empty. 产值 needs a target, 隐患 costs 3 points each."""
    january = [
        *(value(unit, "一月", "安全", 20) for unit in "甲乙丙"),
        *(value(unit, "一月", "隐患", 1) for unit in "甲乙丙"),
        *(value(unit, "一月", "产值", LAST, target=100) for unit in "甲乙丙"),
    ]
    bundle = labour_bundle(
        "甲乙丙",
        periods=quarter("一月", "二月"),
        indicators=[
            indicator("安全", 30),
            indicator("隐患", 30, scoring={"type": "deduction", "points": 3}),
            indicator("产值", 40, scoring={"type": "completion", "cap": 1}),
        ],
        values=january,
    )
    competition = load(json.loads(write_bundle(bundle)))
    safety = save_department(competition, "安全部", ["安全", "隐患"], Decimal(5), organiser)
    works = save_department(competition, "工程部", ["产值"], None, organiser)
    return Contest(
        competition,
        safety,
        works,
        recorder("周茹", competition, safety),
        recorder("陈平", competition, works),
    )


def same_as_anew(competition: Competition) -> LabourLive:
    """What stands, being all that the whole of it, worked out anew from the database, comes to."""
    live, anew = labour_live(competition), labour_of_bundle(export_bundle(competition))
    assert live.bundle == anew.bundle
    assert live.period_results == anew.period_results
    assert live.outcome.field.values == anew.outcome.field.values
    assert live.outcome.scores == anew.outcome.scores
    assert live.outcome.totals == anew.outcome.totals
    assert live.outcome.ranks == anew.outcome.ranks
    return live


def recorder(name: str, competition: Competition, department: LabourDepartment) -> Account:
    """An account that enters for the department, with a PIN."""
    account = create_account(name)
    grant_role(account, competition, Role.RECORDER, department=department)
    set_pin(account, PIN, PIN)
    return account


def act(unit: str, indicator: str, text: str, **keys: Any) -> CellAct:
    """A value written into a square."""
    fields: Mapping[str, Any] = {"kind": "value", "uuid": str(uuid4()), "at": utc_now(), **keys}
    return CellAct(unit=unit, indicator=indicator, text=text, **fields)


def everything(units: Sequence[str] = "甲乙丙") -> list[CellAct]:
    """All of 安全部's February."""
    return [
        act(unit, code, text) for unit in units for code, text in (("安全", "28"), ("隐患", "0"))
    ]


def not_asked(contest: Contest, *codes: str) -> None:
    """Units no longer assess themselves in these."""
    competition = contest.competition
    rules = json.loads(json.dumps(competition.labour))
    for indicator_rules in rules["indicators"]:
        if indicator_rules["code"] in codes:
            indicator_rules["extra"] = {"self_assessed": False}
    with unit_of_work():
        competition.labour = rules
