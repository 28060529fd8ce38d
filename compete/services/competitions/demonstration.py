"""The demonstration: sample competitions, and links that sign in without a password."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.types import Bundle, Mark
from compete.domain.demonstration import Correction, before_demonstration, demonstration_of
from compete.domain.identity.occupations import NO_CODE, occupation_code
from compete.domain.kinds.kinds import competition_kind
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.messages import Message
from compete.domain.values.roles import BANK_ROLE_WORDS, ROLE_WORDS, BankRole, Role
from compete.models import Account, BankPart, Competition, Entrant, Judge, Membership, Sheet, db
from compete.services.accounts.accounts import account_of_judge, create_account, grant_role
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.certificates.grade_certificates import DUE_GRADES
from compete.services.certificates.issuing_bodies import (
    bodies,
    create_body,
    occupations_of,
)
from compete.services.certificates.issuing_jobs import issue_or_ask
from compete.services.closing.approving_jobs import (
    agree_to_approval,
    approve_proposed_or_ask,
    asked_approvals,
)
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.module_locks import ask_unlock, confirm_unlock, standing_lock
from compete.services.competitions.demonstration_exam import (
    EXAM_BANK,
    sit_examination,
    to_be_examined,
)
from compete.services.competitions.demonstration_series import (
    SERIES,
    show_mentors,
    show_outside_result,
    show_series,
)
from compete.services.competitions.loading import load_bundle
from compete.services.competitions.templates import read_sample
from compete.services.judging.act_intake import take_acts
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.link_lives import DEMONSTRATION
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.closing import close_period, publish_closed
from compete.services.questions.bank_files import bring_bank
from compete.services.questions.bank_rights import put_in_bank
from compete.services.registration.opening import begin_judging
from compete.services.registration.passing import mark_of_people, pass_ready, ready_people
from compete.services.registration.preview import keep_upload, plan_mark
from compete.services.registration.waiting_list import plan_with_places
from compete.services.registration.writing import write_plan
from compete.services.results.publishing import publish
from compete.services.sheets.act_rules import ActIn

# Samples carried on by what the pages call: to certificates, or to a first quarter announced.
#
# One mark turns out to be wrong after the notice, so that there are two versions.


def _carry_through(
    competition: Competition,
    bundle: Bundle,
    workbook: bytes,
    organiser: Account,
    *,
    examined: bool,
) -> None:
    """Register, pass, judge whoever was held back, lock, announce, correct, approve, certify.

    `examined`: a theory module is sat on screen first.
    Raises `Refused` where the sample does not go so far.
    """
    demo = demonstration_of(bundle)
    assert demo is not None
    assert demo.corrected is not None
    _register(competition, workbook, organiser)
    if ready := ready_people(competition):
        pass_ready(competition, "", mark_of_people(ready), organiser)
    begin_judging(competition, organiser, demo.corrected.fewer)
    if examined:
        sit_examination(competition, bundle, organiser)
    _give([mark for mark in bundle.marks if mark.entrant in demo.hold_back], competition)
    lock_marks(competition, organiser)
    publish(competition, organiser)
    _correct(competition, bundle, demo.corrected, organiser)
    lock_marks(competition, organiser)
    publish(competition, organiser, demo.corrected.note)
    approve_proposed_or_ask(competition, organiser, checked=True)
    for asked in asked_approvals(competition):
        agree_to_approval(asked, _chief(competition, organiser))
    issue_or_ask(DUE_GRADES, competition, organiser, demo.corrected.early)


def announce_first_part(competition: Competition, organiser: Account) -> None:
    """Close and announce the first part of a labour competition, such as a year's first quarter.

    Raises `Refused` where something of it is missing.
    """
    tree = PeriodTree(labour_of(competition).periods)
    first = next(iter(tree.parts[tree.root]), tree.root)
    wholes = [code for code in tree.upward if not tree.is_leaf(code)]
    for code in (*tree.leaves, *wholes):
        if first in tree.around(code):
            close_period(competition, code, "", organiser)
    publish_closed(competition, organiser)


def _register(competition: Competition, workbook: bytes, organiser: Account) -> None:
    """Write the workbook's rows, of which most stand already."""
    upload = keep_upload(competition, "registration.xlsx", workbook, organiser)
    write_plan(upload.id, plan_mark(plan_with_places(upload)), organiser)


def _give(marks: Iterable[Mark], competition: Competition) -> None:
    """Let the judges fill these sheets and hand them in."""
    for (judge, module, entrant), given in groupby(
        marks, lambda it: (it.judge, it.module, it.entrant)
    ):
        sheet = _sheet(competition, judge, module, entrant)
        acts = [_act(sheet, "mark", it) for it in given]
        account = account_of_judge(sheet.judge, competition, None)
        taken = take_acts(sheet.judge, [*acts, _act(sheet, "submit")], account)
        for _act_id, why in taken.refused:
            raise Refused(why)


def _correct(
    competition: Competition, bundle: Bundle, wrong: Correction, organiser: Account
) -> None:
    """Open the module by two, send the sheet back, and have the right mark given."""
    (right,) = (mark for mark in bundle.marks if wrong.is_of(mark))
    sheet = _sheet(competition, right.judge, right.module, right.entrant)
    by = _chief(competition, organiser)
    unlock_marks(competition, wrong.reason, organiser)
    lock = standing_lock(competition, sheet.entrant.event, sheet.stage, sheet.module, None)
    assert lock is not None
    ask_unlock(lock, wrong.reason, by)
    confirm_unlock(lock, organiser)
    send_sheet_back(sheet, wrong.reason, by)
    _give([right], competition)


def _chief(competition: Competition, organiser: Account) -> Account:
    (chief,) = (judge for judge in competition.judges if judge.role is Role.CHIEF)
    return account_of_judge(chief, competition, organiser)


def _sheet(competition: Competition, judge: str, module: str, entrant: str) -> Sheet:
    query = select(Sheet).join(Sheet.judge).join(Sheet.entrant)
    here = Sheet.competition_id == competition.id, Sheet.module == module
    return db.session.scalars(
        query.where(*here, Judge.code == judge, Entrant.code == entrant)
    ).one()


def _act(sheet: Sheet, kind: str, mark: Mark | None = None) -> ActIn:
    return ActIn(
        uuid=str(uuid.uuid4()),
        sheet=sheet.public_id,
        kind=kind,
        aspect=mark.aspect if mark else None,
        value=str(mark.value) if mark else None,
    )


ORGANISER = "吴敏"
_OF_BANKS = {BankRole.AUTHOR: "孟凡", BankRole.REVIEWER: "段文"}
"""Who writes and who reviews questions; the organiser reviews too."""


@dataclass(frozen=True)
class Link:
    """A one-time link: for whom, as what, and its token."""

    name: str
    role: Message
    code: str
    """The official's, as on the sheets; empty for the organiser."""
    token: str


def load_samples(folder: Path) -> list[str]:
    """Load every sample into an empty database; with anything in it, nothing is touched.

    One in which a mark is to be corrected is carried through to its certificates, of a labour
    competition the first part is announced. Returns the names of what was loaded.
    """
    if db.session.scalar(select(Competition.id).limit(1)) is not None:
        return []
    names, carried, labours = [], [], []
    examined = any(folder.glob(EXAM_BANK))
    with unit_of_work():
        organiser = create_account(ORGANISER)
        for file in sorted(folder.glob("*/bundle.*")):
            bundle = read_sample(file)
            offered = demonstration_of(bundle)
            before = before_demonstration(bundle, marked=True) if offered else bundle
            competition = load_bundle(
                to_be_examined(before) if examined else before,
                by=organiser,
                away=offered.away if offered else (),
                registering=offered is not None,
            )
            grant_role(organiser, competition, Role.ORGANISER, by=organiser)
            _take_settings(competition, bundle)
            names.append(competition.name)
            if competition_kind(competition).has_periods:
                labours.append(competition)
            if offered and offered.corrected:
                workbook = (file.parent / "registration.xlsx").read_bytes()
                carried.append((competition, bundle, workbook))
        _sample_body()
    _load_banks(folder, organiser)
    for competition, bundle, workbook in carried:
        _carry_through(competition, bundle, workbook, organiser, examined=examined)
    for competition in labours:
        announce_first_part(competition, organiser)
    if (folder / SERIES).is_file():
        _show_series(folder, organiser)
    return names


def _show_series(folder: Path, organiser: Account) -> None:
    """Show the year's series; of the pump station's contest and its evaluation what they lead to.

    Where one of the two is not among the samples, that is left out.
    """
    show_series(folder / SERIES, organiser)
    if contest := _sample(folder / "pump-station" / "results.json"):
        competition, results = contest
        winner = results["events"][0]["standings"][0]["entrant"]
        chief = _chief(competition, organiser)
        show_outside_result(folder / SERIES, competition, winner, organiser, chief)
    if batch := _sample(folder / "pump-evaluation" / "results.json"):
        show_mentors(folder / SERIES, batch[0], organiser)


def _sample(results: Path) -> tuple[Competition, dict[str, Any]] | None:
    """The competition of a sample with its results as they are to be; None without it."""
    if not results.is_file():
        return None
    content: dict[str, Any] = json.loads(results.read_bytes())
    competition = competition_by_code(content["competition"])
    return (competition, content) if competition is not None else None


def _load_banks(folder: Path, organiser: Account) -> None:
    """Load the sample banks, with people who write and review; the organiser does all but write."""
    files = sorted(folder.glob("banks/*.json"))
    people = {role: create_account(name) for role, name in _OF_BANKS.items() if files}
    for file in files:
        bank = bring_bank(file.read_bytes(), None)
        for role, account in people.items():
            put_in_bank(bank, account, role, None)
        for role in (BankRole.REVIEWER, BankRole.ASSEMBLER, BankRole.KEEPER):
            put_in_bank(bank, organiser, role, None)


def demo_links() -> Iterator[Link]:
    """Make fresh one-time links: organiser, chief judge, supervisor, two judges, who writes
    questions and who reviews them.

    Yields nothing when its competition is not there.
    """
    competition, demo = _offered()
    if competition is None:
        return
    organiser = db.session.scalar(
        select(Account)
        .join(Membership)
        .where(Membership.competition_id == competition.id, Membership.role == Role.ORGANISER)
        .order_by(Account.id)
    )
    people: list[tuple[Account, Role, str]] = []
    if organiser is not None:
        people.append((organiser, Role.ORGANISER, ""))
    oversees = select(Judge.code).where(
        Judge.competition_id == competition.id, Judge.role == Role.SUPERVISOR
    )
    supervisor = db.session.scalar(oversees.order_by(Judge.id).limit(1))
    for code in (demo.get("chief"), supervisor, *demo.get("judges", ())):
        judge = db.session.scalar(
            select(Judge).where(Judge.competition_id == competition.id, Judge.code == code)
        )
        if judge is not None:
            account = account_of_judge(judge, competition, organiser)
            people.append((account, judge.role or Role.JUDGE, judge.code))
    for account, role, code in people:
        if not account.active:
            # A link would sign nobody in, and who was closed shall not be offered.
            continue
        yield _link(account, ROLE_WORDS[role], code)
    for bank_role, name in _OF_BANKS.items():
        somebody = _in_banks(bank_role, name)
        if somebody is not None and somebody.active:
            yield _link(somebody, BANK_ROLE_WORDS[bank_role])


def _link(account: Account, role: Message, code: str = "") -> Link:
    _card, token = issue_card(account, one_time=True, valid_for=DEMONSTRATION)
    return Link(account.name, role, code, token)


def _in_banks(role: BankRole, name: str) -> Account | None:
    """The account of that name with the role in a bank."""
    query = select(Account).join(BankPart, BankPart.account_id == Account.id)
    wanted = query.where(BankPart.role == role, Account.name == name)
    return db.session.scalar(wanted.order_by(Account.id).limit(1))


def _offered() -> tuple[Competition | None, dict[str, Any]]:
    for competition in db.session.scalars(select(Competition).order_by(Competition.id)):
        extra = (competition.extra or {}).get("competition") or {}
        if isinstance(extra.get("demo"), dict) and "corrected" not in extra["demo"]:
            return competition, extra["demo"]
    return None, {}


def _take_settings(competition: Competition, bundle: Bundle) -> None:
    extra = bundle.competition.extra or {}
    bring = extra.get("bring")
    settings = {
        "contact": extra.get("contact"),
        "bring": "、".join(bring) if isinstance(bring, list) else bring,
        "place": extra.get("place"),
    }
    change_settings(competition, **{key: value or None for key, value in settings.items()})
    if isinstance(extra.get("demo"), dict):
        # It is for one person alone and ten minutes: a re-check takes a second, signing all
        # the sheets a hundred strokes of the pen, a notice a week. All can be switched on.
        change_settings(
            competition, recheck={"required": False}, must_sign=False, certify_early=True
        )


def _sample_body() -> None:
    if bodies():
        return
    every = db.session.scalars(select(Competition).order_by(Competition.id))
    scope = [
        {"code": code, "name": name, "grades": [5, 4, 3, 2, 1]}
        for code, name in dict.fromkeys(
            (occupation_code(occupation.code) or NO_CODE, occupation.name)
            for competition in every
            for occupation in occupations_of(competition)
        )
    ]
    create_body(
        name="江苏某某职业技能评价机构（示例）",
        kind="Y",
        body_code="0000",
        province="32",
        site="000123",
        phone="025-0000 0012",
        scope=scope,
        by=None,
    )
