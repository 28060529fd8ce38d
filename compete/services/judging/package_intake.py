"""Taking in marks that somebody else brings: in the name of their judge, and noted who did."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right, roles_for
from compete.models import Account, Act, Competition, Judge, Sheet, db
from compete.services.accounts.access import may, membership_of
from compete.services.judging.act_intake import MOST_ACTS, refused_act, take_acts
from compete.services.judging.offline_package import Package, read_package
from compete.services.judging.tablet_keys import proves
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks, rows_among
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.act_rules import ActIn


@dataclass(frozen=True)
class BroughtAct:
    """The result of one act: `refused` says why it is not stored, `before` that it was already."""

    act: ActIn
    sheet: str
    aspect: str
    before: bool
    refused: Message | None


@dataclass(frozen=True)
class TakenPackage:
    """The result of a package."""

    judge: Judge
    acts: list[BroughtAct]

    @property
    def new(self) -> int:
        """Count the acts stored now that were not before."""
        return sum(1 for act in self.acts if not act.before and act.refused is None)


def take_package(competition: Competition, data: bytes, by: Account) -> TakenPackage:
    """Take in what a tablet could not send and proves to be its own, all in one transaction.

    Each act is checked as if the tablet had sent it: the sheet must be the
    judge's, and what is stored already changes nothing. Row and chain say who
    brought it. Raises `UnprovenError` where it carries no MAC by a key of the judge's;
    `Refused`: INVALID for what is no package, FORBIDDEN for who may not bring one, UNKNOWN
    for a judge of another competition.
    """
    require_bringer(competition, by)
    package = read_package(data)
    number = package.judge_id
    with unit_of_work():
        judge = judge_of(package, competition)
        if not proves(number, package.tablet, package.proven, package.mac):
            raise UnprovenError(package)
        brought = {"brought_by": _bringer_code(by, competition)}
        # What the judge's tablets have sent already.
        own = select(Act.uuid).where(Act.judge_id == number)
        before = set(rows_among(own, Act.uuid, sorted({act.uuid for act in package.acts})))
        refused: dict[str, Message] = {}
        for chunk in in_chunks(package.acts, MOST_ACTS):
            taken = take_acts(judge, chunk, by, brought)
            refused |= dict(taken.refused)
        named = _names({act.sheet for act in package.acts}, number)
        acts = [
            BroughtAct(act, *_place(act, named), act.uuid in before, refused.get(act.uuid))
            for act in package.acts
        ]
        after = {
            "package": hashlib.sha256(data).hexdigest(),
            "held": [act.uuid for act in package.acts if act.uuid not in before | set(refused)],
            "before": len(before),
            "refused": len(refused),
            "left_out": [
                refused_act(act, refused[act.uuid]) for act in package.acts if act.uuid in refused
            ],
        }
        audit.record(competition, by, "acts.hand_over", judge.code, after=after, bends=True)
    return TakenPackage(judge, acts)


class UnprovenError(Refused):
    """A package that no tablet of its judge proves: it counts as paper does."""

    def __init__(self, package: Package) -> None:
        super().__init__(
            msg(
                "这份文件证明不了是裁判的平板写的，不能单独算数，按纸质评分表办："
                "记分员交来算一位录的，另一位照着平板再录一遍，不一样由裁判长定"
            ),
            kind=Refusal.CONFLICT,
        )
        self.package = package


def judge_of(package: Package, competition: Competition) -> Judge:
    """The judge whose acts they are. Raises `Refused` (UNKNOWN) for another competition's."""
    judge = db.session.get(Judge, package.judge_id)
    if judge is None or not judge.competition_id == package.competition_id == competition.id:
        raise Refused(msg("这些分数不是这场竞赛的裁判的"), kind=Refusal.UNKNOWN)
    return judge


def _bringer_code(by: Account, competition: Competition) -> str:
    """The code of the bringer as an official, or the name if there is no code."""
    membership = membership_of(by, competition, roles_for(Right.BRING))
    judge = membership.judge if membership else None
    return f"{judge.code} {judge.name}" if judge else by.name


def require_bringer(competition: Competition, by: Account) -> None:
    """Raise `Refused` (FORBIDDEN) for who only looks on."""
    if not may(by, competition, Right.BRING):
        raise Refused(msg("代交分数的只能是记分员、裁判长和组委会"), kind=Refusal.FORBIDDEN)


def _names(sheets: Iterable[str], judge_id: int) -> dict[str, tuple[str, dict[str, str]]]:
    """The label of each of the judge's own sheets by public id, and its aspects' names."""
    rows = db.session.scalars(
        select(Sheet).where(Sheet.public_id.in_(list(sheets)), Sheet.judge_id == judge_id)
    )
    names = {}
    for row in rows:
        module = module_of_sheet(row)
        names[row.public_id] = (row.label, {aspect.code: aspect.name for aspect in module.aspects})
    return names


def _place(act: ActIn, named: dict[str, tuple[str, dict[str, str]]]) -> tuple[str, str]:
    label, aspects = named.get(act.sheet, ("—", {}))
    return label, aspects.get(act.aspect or "", act.aspect or "")
