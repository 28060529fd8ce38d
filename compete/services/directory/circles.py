"""Circles: rows that lead back to themselves, made only by writing behind the program's back.

Whoever follows mergers or goes up the tree asks here, so that no page runs for ever.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.models import Organisation, Person, db
from compete.services.kernel.refusal import Refused


def circle_refusal(name: str) -> Refused:
    """The refusal where a record would lead back to itself."""
    return Refused(
        msg(
            "“%(name)s”的合并或上级绕成了一圈：数据库被绕过程序改过。"
            "请管理员运行 compete verify，它说出是哪一行",
            name=name,
        )
    )


def in_circles(following: Mapping[int, int]) -> set[int]:
    """Find those from which one comes back to them by `following`; each is looked at once."""
    circled: set[int] = set()
    done: set[int] = set()
    for start in following:
        path: dict[int, None] = {}
        here: int | None = start
        while here is not None and here not in done and here not in path:
            path[here] = None
            here = following.get(here)
        if here is not None and here in path:
            walked = list(path)
            circled |= set(walked[walked.index(here) :])
        done |= path.keys()
    return circled


def find_circles() -> list[tuple[str, Message]]:
    """List each row in a circle: table, row and column, and what is wrong with it."""
    faults = []
    for table, column, fault in (
        (Organisation, Organisation.merged_into_id, msg("合并绕成了一圈，这一行又合并到了自己")),
        (Person, Person.merged_into_id, msg("合并绕成了一圈，这一行又合并到了自己")),
        (Organisation, Organisation.parent_id, msg("上级绕成了一圈，这一行在自己下面")),
    ):
        query = select(table.id, column).where(column.is_not(None))
        following = {row: to for row, to in db.session.execute(query).tuples() if to is not None}
        faults += [
            (f"{table.__tablename__} {row} {column.key}", fault)
            for row in sorted(in_circles(following))
        ]
    return faults
