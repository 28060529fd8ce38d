"""Samples carried on by what the pages call: to certificates, or to a first quarter announced.

One mark turns out to be wrong after the notice, so that there are two versions.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from itertools import groupby

from sqlalchemy import select

from compete.domain.bundle.types import Bundle, Mark
from compete.domain.demonstration import Correction, demonstration_of
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant, Judge, Sheet, db
from compete.services.accounts.accounts import account_of_judge
from compete.services.certificates.issuing_bodies import body_for
from compete.services.certificates.issuing_jobs import issue_grades_or_ask
from compete.services.closing.approving_jobs import approve_proposed_or_ask
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.module_locks import ask_unlock, confirm_unlock, standing_lock
from compete.services.judging.taking_acts import return_sheet, take_acts
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.labour.closing import close_period
from compete.services.labour.publishing import publish_closed
from compete.services.publication.publishing import publish
from compete.services.registration.full_events import plan_with_places
from compete.services.registration.preview import keep_upload, plan_mark
from compete.services.registration.writing import write_plan
from compete.services.schedule.allocation import open_judging
from compete.services.sheets.act_rules import ActIn


def carry_through(
    competition: Competition, bundle: Bundle, workbook: bytes, organiser: Account
) -> None:
    """Register and judge whoever was held back, lock, announce, correct, approve, certify.

    Raises `Refused` where the sample does not go so far.
    """
    demo = demonstration_of(bundle)
    assert demo is not None
    assert demo.corrected is not None
    _register(competition, workbook, organiser)
    open_judging(competition, organiser, demo.corrected.fewer)
    _give([mark for mark in bundle.marks if mark.entrant in demo.hold_back], competition)
    lock_marks(competition, organiser)
    publish(competition, organiser)
    _correct(competition, bundle, demo.corrected, organiser)
    lock_marks(competition, organiser)
    publish(competition, organiser, demo.corrected.note)
    approve_proposed_or_ask(competition, organiser, checked=True)
    body = body_for(competition)
    assert body is not None
    issue_grades_or_ask(competition, body, organiser, demo.corrected.early)


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
    (chief,) = (judge for judge in competition.judges if judge.role is Role.CHIEF)
    by = account_of_judge(chief, competition, organiser)
    unlock_marks(competition, wrong.reason, organiser)
    lock = standing_lock(competition, sheet.entrant.event, sheet.stage, sheet.module, None)
    assert lock is not None
    ask_unlock(lock, wrong.reason, by)
    confirm_unlock(lock, organiser)
    return_sheet(sheet, wrong.reason, by)
    _give([right], competition)


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
