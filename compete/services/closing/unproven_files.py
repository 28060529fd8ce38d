"""A tablet's file that no key proves counts as paper: one reading of two, the other by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.checks.values import accepts
from compete.domain.bundle.event_types import Module
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Account, Competition, Sheet
from compete.services.accounts.access import may
from compete.services.closing.paper_entry import enter_paper
from compete.services.judging.act_intake import refused_act
from compete.services.judging.offline_package import Package
from compete.services.judging.package_intake import judge_of
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_of_sheet, module_title
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.act_limits import beyond
from compete.services.sheets.act_rules import ActIn, act_value
from compete.services.sheets.values import standing_values


@dataclass(frozen=True)
class ReadSheet:
    """A sheet in a file, once read: `refused` says why nothing of it was kept."""

    sheet: Sheet
    module: str
    settled: bool
    refused: Message | None


def read_file_as_paper(
    competition: Competition, package: Package, data: bytes, by: Account
) -> list[ReadSheet]:
    """Take an unproven file as this recorder's reading of each sheet that it completes.

    The second reading is made by another person with the tablet in sight, never from
    a file. Raises `Refused` (FORBIDDEN) for who may not read paper, (UNKNOWN) for a judge
    of another competition. What is not taken stands in the chain act by act, as a
    tablet's own that are refused do.
    """
    if not may(by, competition, Right.READ_AGAIN):
        raise Refused(
            msg("这份文件证明不了是裁判的平板写的，要由记分员来交，算一位录的"),
            kind=Refusal.FORBIDDEN,
        )
    sha256 = hashlib.sha256(data).hexdigest()
    readings: list[ReadSheet] = []
    left_out: list[dict[str, Any]] = []
    with unit_of_work() as session:
        judge = judge_of(package, competition)
        named = sorted({act.sheet for act in package.acts})
        sheets = session.scalars(
            select(Sheet)
            .where(Sheet.public_id.in_(named), Sheet.judge_id == judge.id)
            .order_by(Sheet.label, Sheet.module)
        ).all()
        standing = standing_values([sheet.id for sheet in sheets])
        for sheet in sheets:
            module = module_of_sheet(sheet)
            acts = [act for act in package.acts if act.sheet == sheet.public_id]
            values = _values(module, acts, standing[sheet.id])
            settled, refused = False, None
            try:
                state = enter_paper(sheet, values, signed=False, by=by, package=sha256)
                settled = state.settled
            except Refused as why:
                refused = why.message
                left_out += [refused_act(act, why.message) for act in acts]
            readings.append(
                ReadSheet(
                    sheet,
                    module_title(sheet.entrant.event, sheet.stage, sheet.module),
                    settled,
                    refused,
                )
            )
        after = {
            "package": sha256,
            "read": [row.sheet.public_id for row in readings if row.refused is None],
            "refused": left_out,
        }
        audit.record(competition, by, "acts.as_paper", judge.code, after=after)
    return readings


def _values(
    module: Module, acts: Sequence[ActIn], standing: dict[str, Decimal]
) -> dict[str, Decimal]:
    """The values of the sheet with the file's acts on top of what the server holds."""
    aspects = {aspect.code: aspect for aspect in module.aspects}
    values = dict(standing)
    for act in acts:
        aspect = aspects.get(act.aspect or "")
        if aspect is None:
            continue
        if act.kind == "clear":
            values.pop(aspect.code, None)
        elif act.kind == "mark":
            value = act_value(aspect, act.value)
            if value is not None and accepts(aspect)(value) and beyond(aspect, value) is None:
                values[aspect.code] = Decimal(int(value)) if isinstance(value, bool) else value
    return values
