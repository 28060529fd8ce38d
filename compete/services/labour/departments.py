"""The departments of a labour competition: which indicators each enters, and who for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from compete.domain.values.messages import listed, msg
from compete.domain.values.roles import Role
from compete.models import (
    Account,
    Competition,
    LabourDepartment,
    LabourSignOff,
    Membership,
    SignInCard,
    db,
    utc_now,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.roles import take_role_back
from compete.services.accounts.sign_in_cards import cancel_cards, issue_card, show_card
from compete.services.kernel import audit
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.link_lives import labour_link_life
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import check_text, kept_text
from compete.services.kernel.transactions import changing, for_update, unit_of_work

LONGEST_NAME, LONGEST_RECORDER = 80, 80


@dataclass(frozen=True, slots=True)
class Recorder:
    """A recorder who enters for a department, and whether the link was opened or still holds."""

    account: Account
    membership: Membership
    opened: bool
    standing: bool


def departments_of(competition: Competition) -> Sequence[LabourDepartment]:
    """List all departments, in the order in which they were made."""
    return db.session.scalars(
        select(LabourDepartment)
        .where(LabourDepartment.competition_id == competition.id)
        .order_by(LabourDepartment.id)
    ).all()


def department_names(competition: Competition) -> dict[str, str]:
    """The name of the department that enters each indicator, by the indicator's code."""
    return {code: row.name for row in departments_of(competition) for code in row.indicators}


def save_department(
    competition: Competition,
    name: str,
    indicators: Sequence[str],
    reason_over: Decimal | None,
    by: Account,
    *,
    department: LabourDepartment | None = None,
) -> LabourDepartment:
    """Make a department, or change what it is called and enters.

    Raises `Refused`: INVALID for no name, no or unknown indicators, a limit below 0; CONFLICT
    for another's name or indicators, or where the department has signed something off.
    """
    name = " ".join(name.split())
    check_text(name, LONGEST_NAME)
    known = labour_of(competition).indicator_names
    chosen = [code for code in known if code in set(indicators)]
    if not name:
        raise invalid(msg("部门要有名称"))
    if not chosen or set(indicators) - known.keys():
        raise invalid(msg("至少勾一项由这个部门打分的指标"))
    if reason_over is not None and reason_over < 0:
        raise invalid(msg("扣多少分要写原因，这个数不能小于 0"))
    with unit_of_work() as session:
        competition = for_update(competition)
        others = [row for row in departments_of(competition) if department is not row]
        _require_free(others, name, chosen, known)
        row = department
        before = None
        if row is None:
            row = LabourDepartment(competition_id=competition.id)
            session.add(row)
        else:
            before = {"name": row.name, "indicators": row.indicators}
            if set(row.indicators) != set(chosen) and _has_signed(row):
                raise Refused(msg("%(name)s已经签核过，指标不能再换", name=row.name))
        row.name, row.indicators, row.reason_over = name, chosen, reason_over
        session.flush()
        after = {
            "indicators": chosen,
            "reason_over": None if reason_over is None else str(reason_over),
        }
        audit.record(competition, by, "labour.department", name, before=before, after=after)
    return row


def _require_free(
    others: Sequence[LabourDepartment], name: str, chosen: Sequence[str], known: Mapping[str, str]
) -> None:
    if name in {other.name for other in others}:
        raise Refused(msg("已经有叫“%(name)s”的部门了", name=name))
    for other in others:
        shared = [known[code] for code in chosen if code in other.indicators]
        if shared:
            raise Refused(msg("%(what)s 已经由%(name)s打分", what=listed(shared), name=other.name))


def _has_signed(department: LabourDepartment) -> bool:
    query = select(LabourSignOff.id).where(
        LabourSignOff.department_id == department.id, LabourSignOff.withdrawn_at.is_(None)
    )
    return db.session.scalar(query.limit(1)) is not None


def recorders_of(competition: Competition) -> dict[int, list[Recorder]]:
    """The recorders by the department's number, in the order in which they were named."""
    now = utc_now()
    rows = db.session.execute(
        select(Membership, Account, SignInCard)
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(SignInCard, SignInCard.account_id == Account.id)
        .where(
            Membership.competition_id == competition.id,
            Membership.role == Role.RECORDER,
            Membership.department_id.is_not(None),
            Account.active,
        )
        .order_by(Membership.id, SignInCard.id)
    ).tuples()
    # Of somebody with several cards the newest says how it stands.
    newest = {row.id: (row, account, card) for row, account, card in rows}
    recorders: dict[int, list[Recorder]] = {}
    for row, account, card in newest.values():
        assert row.department_id is not None
        recorder = Recorder(
            account,
            row,
            opened=card is not None and card.used_at is not None,
            standing=card is not None
            and card.cancelled_at is None
            and (card.expires_at is None or card.expires_at > now),
        )
        recorders.setdefault(row.department_id, []).append(recorder)
    return recorders


def make_department_link(
    department: LabourDepartment, competition: Competition, recorder: str, by: Account
) -> str:
    """A link for who enters for the department, one more or who does so already. Its token.

    An earlier link of the same person ends; those of others hold. Raises `Refused` (INVALID) for
    a name that is too long or not there.
    """
    missing = msg("写上谁来打分，签核时要写这个姓名")
    recorder = kept_text(" ".join(recorder.split()), LONGEST_RECORDER, missing)
    with unit_of_work() as session:
        competition = for_update(competition)
        session.refresh(department)
        known = _recorder_named(department, competition, recorder)
        if known is None:
            account = create_account(recorder, by=by)
            grant_role(account, competition, Role.RECORDER, department=department, by=by)
        else:
            account = known.account
            cancel_cards(account, by, msg("换了新链接").render())
        _card, token = issue_card(
            account, one_time=False, valid_for=labour_link_life(competition), by=by
        )
        audit.record(
            competition, by, "labour.department.link", department.name, after={"who": account.name}
        )
    return token


def end_recorder(
    department: LabourDepartment, competition: Competition, recorder: str, reason: str, by: Account
) -> None:
    """End a recorder's entering for the department; what was entered stays.

    Raises `Refused`: UNKNOWN for who does not enter for it, INVALID without a reason.
    """
    with changing(competition) as competition:
        known = _recorder_named(department, competition, recorder)
        if known is None:
            raise Refused(msg("没有这位打分的人"), kind=Refusal.UNKNOWN)
        take_role_back(known.membership, by, reason)
        cancel_cards(known.account, by, msg("不再打分").render())


def _recorder_named(
    department: LabourDepartment, competition: Competition, name: str
) -> Recorder | None:
    own = recorders_of(competition).get(department.id, ())
    return next((recorder for recorder in own if recorder.account.name == name), None)


def department_links(
    department: LabourDepartment, competition: Competition, by: Account
) -> dict[int, str]:
    """The tokens of links nobody has opened yet, by account; who looks at them is noted."""
    own = recorders_of(competition).get(department.id, ())
    shown = (
        (recorder.account, show_card(recorder.account, competition, by))
        for recorder in own
        if recorder.standing
    )
    return {account.id: token for account, token in shown if token is not None}
