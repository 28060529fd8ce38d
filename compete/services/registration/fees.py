"""Fees of applicants: what each owes and whether it was paid, brought and taken as a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.identity.names import same_name_key
from compete.domain.identity.typed_numbers import code_as_typed
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.models import Account, Competition, Entrant, Fee, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.catalogues import Planned, differences
from compete.services.kernel.participants import takes_part, withdrawn_codes
from compete.services.kernel.transactions import changing
from compete.sheets.headed_rows import RowsKind
from compete.sheets.reading.cells import read_decimal

FEE_FIELDS: dict[str, Message] = {
    "code": msg("参赛号"),
    "cents": msg("金额（元）"),
    "paid": msg("缴了没有"),
    "name": msg("姓名"),
    "unit": msg("单位"),
    "event": msg("赛项"),
    "left": msg("退赛"),
}
FEE_ROWS = RowsKind(
    "fees",
    FEE_FIELDS,
    {
        **dict.fromkeys(("准考证号", "编号", "号码"), "code"),
        **dict.fromkeys(("金额", "应缴", "应缴金额", "费用", "认定费", "考试费"), "cents"),
        **dict.fromkeys(("已缴", "是否缴费", "缴费", "缴费情况", "是否已缴"), "paid"),
        **dict.fromkeys(("申报等级", "等级"), "event"),
    },
    10_000,
)
_MOST = Decimal(100_000)
_PAID = frozenset({"是", "已缴", "缴了", "缴", "已缴费", "√", "✓", "✔", "1", "y", "yes"})
_UNPAID = frozenset({"", "否", "未缴", "没缴", "未", "未缴费", "没有", "×", "0", "n", "no"})
PAID_WORDS = {True: "是", False: "否"}

SentRows: TypeAlias = Sequence[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A row that can be written."""

    entrant: Entrant
    cents: int
    is_paid: bool


FeePlan: TypeAlias = Planned[Fee, Mapping[str, str], FeeRow]


@dataclass(frozen=True, slots=True)
class FeeSums:
    """What all applicants owe together, and what of it was paid; what those paid who left."""

    people: int = 0
    cents: int = 0
    paid_people: int = 0
    paid_cents: int = 0
    left_people: int = 0
    left_cents: int = 0


def fee_sums(competition: Competition) -> FeeSums:
    """Add up the fees of those who take part, and what is to be given back to others."""
    query = select(Fee.cents, Fee.is_paid, takes_part()).join(Fee.entrant)
    fees = db.session.execute(query.where(Entrant.competition_id == competition.id))
    rows = fees.tuples().all()
    owed = [cents for cents, _paid, stays in rows if stays]
    paid = [cents for cents, is_paid, stays in rows if stays and is_paid]
    left = [cents for cents, is_paid, stays in rows if is_paid and not stays]
    return FeeSums(len(owed), sum(owed), len(paid), sum(paid), len(left), sum(left))


def fee_lines(competition: Competition) -> list[dict[str, str]]:
    """Everybody who takes part or paid, by number, with the fee there is: {field: text}."""
    fees, left = _fees(competition), withdrawn_codes(competition)
    return [
        {
            "code": entrant.code,
            "name": entrant.name,
            "unit": entrant.unit.name,
            "event": entrant.event.name,
            "left": PAID_WORDS[True] if entrant.code in left else "",
            **(_texts(fees[entrant.id]) if entrant.id in fees else {}),
        }
        for entrant in _people(competition)
    ]


def yuan(cents: int) -> str:
    """Hundredths of a yuan as yuan."""
    return plain(Decimal(cents) / 100)


def plan_fees(competition: Competition, sent: SentRows) -> list[FeePlan]:
    """Plan each row, or say what is wrong with it; nothing is written."""
    people = {code_as_typed(entrant.code): entrant for entrant in _people(competition)}
    fees = _fees(competition)
    codes = Counter(code_as_typed(texts.get("code", "")) for _number, texts in sent)
    plans = []
    for number, texts in sent:
        faults: dict[str, Message] = {}
        code = code_as_typed(texts.get("code", ""))
        entrant = people.get(code)
        if entrant is None:
            faults["code"] = msg("没有这个号的人，或者没缴就退出了") if code else msg("没写")
        elif codes[code] > 1:
            faults["code"] = msg("写了两行")
        elif (name := texts.get("name")) and same_name_key(name) != same_name_key(entrant.name):
            faults["name"] = msg("%(code)s 是%(name)s", code=entrant.code, name=entrant.name)
        checked = None
        changes: dict[str, str] | None = None
        fee = fees.get(entrant.id) if entrant is not None else None
        cents, is_paid = _cents(texts.get("cents", ""), faults), _paid(texts, fee, faults)
        if entrant is not None and not faults:
            checked = FeeRow(entrant, cents, is_paid)
            if fee is not None:
                now = {"cents": yuan(cents), "paid": PAID_WORDS[is_paid]}
                changes = differences(_texts(fee), now)
        plans.append(Planned(number, texts, faults, changes, checked, fee))
    return plans


def enter_fees(competition: Competition, rows: Sequence[Mapping[str, str]], by: Account) -> int:
    """Write the rows that are in order, all of them so; the number that changed anything."""
    with changing(competition) as competition:
        plans = plan_fees(competition, list(enumerate(rows, 1)))
        written = [it for it in plans if it.checked is not None and it.state != "same"]
        for it in written:
            assert it.checked is not None
            fee = it.known or Fee(entrant_id=it.checked.entrant.id)
            fee.cents, fee.is_paid = it.checked.cents, it.checked.is_paid
            fee.entered_by, fee.entered_at = by.id, utc_now()
            db.session.add(fee)
        if written:
            db.session.flush()
            sums = fee_sums(competition)
            after = {
                "people": len(written),
                "all": {"people": sums.people, "cents": sums.cents, "paid": sums.paid_cents},
            }
            audit.record(competition, by, "fees.enter", competition.code, after=after)
    return len(written)


def _people(competition: Competition) -> Sequence[Entrant]:
    """Those who take part, and whoever paid and left: money came in, and may go back."""
    paid = Entrant.id.in_(select(Fee.entrant_id).where(Fee.is_paid))
    query = select(Entrant).where(Entrant.competition_id == competition.id, takes_part() | paid)
    query = query.options(joinedload(Entrant.unit), joinedload(Entrant.event))
    return db.session.scalars(query.order_by(Entrant.code)).all()


def _fees(competition: Competition) -> dict[int, Fee]:
    query = select(Fee).join(Entrant, Entrant.id == Fee.entrant_id)
    rows = db.session.scalars(query.where(Entrant.competition_id == competition.id))
    return {fee.entrant_id: fee for fee in rows}


def _texts(fee: Fee) -> dict[str, str]:
    return {"cents": yuan(fee.cents), "paid": PAID_WORDS[fee.is_paid]}


def _cents(text: str, faults: dict[str, Message]) -> int:
    value, why = read_decimal(text)
    if value is None or why is not None:
        faults["cents"] = why or msg("没写")
        return 0
    amount = Decimal(str(value))
    if not 0 <= amount <= _MOST or amount != round(amount, 2):
        faults["cents"] = msg("写 0 到 %(most)s 的数，最多两位小数", most=plain(_MOST))
        return 0
    return int(amount * 100)


def _paid(texts: Mapping[str, str], fee: Fee | None, faults: dict[str, Message]) -> bool:
    """What is written; an empty cell says nothing, so that an older list takes nothing back."""
    word = texts.get("paid", "").strip().casefold()
    if not word and fee is not None:
        return fee.is_paid
    if word not in _PAID | _UNPAID:
        faults["paid"] = msg("写“是”或“否”")
    return word in _PAID
