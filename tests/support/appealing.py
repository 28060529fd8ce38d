"""Appeals and those who decide on them, for tests."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.models import Account, Appeal, AppealDecision, Competition, Entrant, db
from compete.services.accounts.accounts import account_of_judge
from compete.services.appeals.arbiter_view import matter_of
from compete.services.appeals.decisions import Wanted, put_forward
from compete.services.appeals.filing import Filing, file_appeal
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.officials import add_official


def person(code: str) -> Entrant:
    """Find a contestant by number."""
    return db.session.scalars(select(Entrant).where(Entrant.code == code)).one()


def lodged(**fields: Any) -> Filing:
    """Lodge an appeal, against the faults in the first module unless something else is said."""
    keys: dict[str, Any] = {
        "uuid": str(uuid.uuid4()),
        "item": "S/m/f",
        "kind": "judged",
        "matter": "第 2 次是杆座松了自己倒的",
    }
    return Filing(**keys | fields)


def appealed(code: str = "P2", by: Account | None = None, **fields: Any) -> Appeal:
    """Make an appeal that no file follows any more; its aspect may be of a version that is gone."""
    wanted, entrant = lodged(**fields), person(code)
    aspect = None
    if not is_announced(entrant) and wanted.item in ("S/m/f", "S/m/a"):
        item, aspect = wanted.item.rsplit("/", 1)
        wanted = replace(wanted, item=item)
    appeal = file_appeal(entrant, wanted, by)
    nothing_follows(appeal)
    if aspect is not None:
        with unit_of_work():
            appeal.aspect = aspect
    return appeal


def nothing_follows(appeal: Appeal) -> None:
    """Let the time pass in which files may follow what came in: only then it is decided."""
    ago = timedelta(minutes=settings_of(appeal.competition).appeals.file_minutes, seconds=1)
    with unit_of_work():
        appeal.filed_at -= ago
        appeal.answer_by -= ago
        for row in appeal.evidence:
            row.added_at -= ago


def is_announced(entrant: Entrant) -> bool:
    """True if aspects may be named."""
    return latest_publication(entrant.competition) is not None


def official(competition: Competition, role: Role, name: str, by: Account) -> Account:
    """Make the account of somebody new in this role."""
    judge = add_official(competition, role, name, by)
    return account_of_judge(judge, competition, by)


class Bench(NamedTuple):
    """The bench: two arbiters and a head arbiter."""

    first: Account
    second: Account
    head: Account


def bench_of(competition: Competition, by: Account) -> Bench:
    """Make three new people who decide on the competition's appeals."""
    return Bench(
        first=official(competition, Role.ARBITER, "高原", by),
        second=official(competition, Role.ARBITER, "方晓", by),
        head=official(competition, Role.HEAD_ARBITER, "马骏", by),
    )


def decided(appeal: Appeal, by: Account, **fields: str) -> AppealDecision:
    """Put a decision forward on what stands now."""
    keys = {"outcome": "kept", "reason": "录像看清了"} | fields
    return put_forward(appeal, Wanted(**keys), by, seen=matter_of(appeal).digest)
