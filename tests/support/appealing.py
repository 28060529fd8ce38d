"""Appeals and those who decide on them, for tests."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from compete.domain.values import Role
from compete.models import Account, Appeal, AppealDecision, Competition, Entrant, db
from compete.services.accounts import account_of_judge
from compete.services.appeals import Filing, Wanted, file_appeal, matter_of, put_forward
from compete.services.registration import add_official


def person(code: str) -> Entrant:
    """A contestant by number."""
    return db.session.scalars(select(Entrant).where(Entrant.code == code)).one()


def lodged(**said: Any) -> Filing:
    """Against the faults in the first module, unless something else is said."""
    keys: dict[str, Any] = {
        "uuid": str(uuid.uuid4()),
        "item": "S/m/f",
        "kind": "judged",
        "matter": "第 2 次是杆座松了自己倒的",
    }
    return Filing(**keys | said)


def appealed(code: str = "P2", by: Account | None = None, **said: Any) -> Appeal:
    """An appeal that came in."""
    return file_appeal(person(code), lodged(**said), by)


def official(competition: Competition, role: Role, name: str, by: Account) -> Account:
    """The account of somebody new in this role."""
    judge = add_official(competition, role, name, by)
    return account_of_judge(judge, competition, by)


def decided(appeal: Appeal, by: Account, **said: str) -> AppealDecision:
    """Put forward on what stands now."""
    keys = {"outcome": "kept", "reason": "录像看清了"} | said
    return put_forward(appeal, Wanted(**keys), by, seen=matter_of(appeal).digest)
