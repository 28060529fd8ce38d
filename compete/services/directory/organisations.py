"""The one tree of organisations: added to, renamed, moved, merged, and mergers taken back."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.identity.credit_code import check_credit_code
from compete.domain.identity.errors import IdentityError
from compete.domain.values.messages import msg
from compete.models import Account, Organisation, db, utc_now
from compete.services.directory.merged import standing
from compete.services.directory.person_records import name_key_of
from compete.services.directory.tree import Tree, may_change, path_to
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import unit_of_work

LONGEST_ORGANISATION = 200


class WrongCodeError(Refused):
    """A credit code that cannot be right, or that another organisation has."""


def add_organisation(
    name: str, credit_code: str, parent: Organisation | None, by: Account
) -> Organisation:
    """Add an organisation to the tree. Raises `Refused` as `change_organisation` does."""
    with unit_of_work() as session:
        audit.claim_chain(None)
        name, code = _checked(name, credit_code)
        if parent is not None:
            parent = standing(parent)
        _refuse_same_name(name, parent, None)
        row = new_organisation(name, code, parent, by)
        session.flush()
    return row


def new_organisation(
    name: str, code: str | None, parent: Organisation | None, by: Account
) -> Organisation:
    """A checked name and code as a row, with its record; in a unit of work."""
    row = Organisation(
        name=name,
        name_key=name_key_of(name),
        credit_code=code,
        parent_id=parent.id if parent else None,
    )
    db.session.add(row)
    db.session.flush()
    after = {"name": name, "credit_code": code, "under": parent.name if parent else None}
    audit.record(None, by, "organisation.add", str(row.id), after=after)
    return row


def change_organisation(
    organisation: Organisation, name: str, credit_code: str, by: Account
) -> bool:
    """Give it another name or credit code; units of competitions keep the names of their day.

    Returns whether anything is another now. Raises `Refused` (INVALID) for no name, a long one,
    or a code that cannot be right, (CONFLICT) for a code that another has, a name that
    stands beside it, and where others use it too.
    """
    with unit_of_work() as session:
        _claim(organisation, by)
        name, code = _checked(name, credit_code, organisation)
        before = {"name": organisation.name, "credit_code": organisation.credit_code}
        after = {"name": name, "credit_code": code}
        if before == after:
            return False
        parent = session.get(Organisation, organisation.parent_id or 0)
        if name != organisation.name:
            _refuse_same_name(name, parent, organisation)
        organisation.name, organisation.name_key = name, name_key_of(name)
        organisation.credit_code = code
        session.flush()
        audit.record(
            None, by, "organisation.change", str(organisation.id), before=before, after=after
        )
    return True


def move_organisation(organisation: Organisation, parent: Organisation | None, by: Account) -> None:
    """Put it with all beneath it under another, or at the top.

    Raises `Refused` (CONFLICT) under itself, and where others use it too.
    """
    with unit_of_work() as session:
        _claim(organisation, by)
        if parent is not None:
            parent = standing(parent)
            if parent.id in Tree.read().beneath(organisation.id):
                raise Refused(
                    msg(
                        "“%(parent)s”在“%(name)s”下面，不能反过来放",
                        parent=parent.name,
                        name=organisation.name,
                    )
                )
        path = path_to(organisation)
        before = path[-1].name if path else None
        organisation.parent_id = parent.id if parent else None
        session.flush()
        audit.record(
            None,
            by,
            "organisation.move",
            str(organisation.id),
            before={"under": before},
            after={"name": organisation.name, "under": parent.name if parent else None},
        )


def merge_organisations(organisation: Organisation, into: Organisation, by: Account) -> None:
    """Let one stand for another from now on: its units and what is beneath it count for that one.

    Raises `Refused` (CONFLICT) for what stands beneath it, for two credit codes that differ,
    and where others use it too.
    """
    with unit_of_work() as session:
        _claim(organisation, by)
        into = standing(into)
        session.refresh(into)
        if into.id in Tree.read().beneath(organisation.id):
            raise Refused(
                msg(
                    "“%(into)s”在“%(name)s”下面，先把它移出来再合并",
                    into=into.name,
                    name=organisation.name,
                )
            )
        if organisation.credit_code and into.credit_code:
            raise Refused(msg("两个的统一社会信用代码不同，是两个组织。代码写错了就先改代码"))
        organisation.merged_into_id = into.id
        organisation.merged_by, organisation.merged_at = by.id, utc_now()
        session.flush()
        _record_merger("organisation.merge", organisation, into, by)


def part_organisation(organisation: Organisation, by: Account) -> None:
    """Take a merger back: it is its own again, with all that was its own.

    Raises `Refused` (CONFLICT) where it was not merged, where its code is another's now, and
    where it would stand under itself by what was moved meanwhile.
    """
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(organisation)
        if organisation.merged_into_id is None:
            raise Refused(msg("它没有合并到别的组织"))
        into = session.get_one(Organisation, organisation.merged_into_id)
        _refuse_strangers(standing(into), by)
        _refuse_code(organisation.credit_code, organisation)
        tree = Tree.read(apart=organisation.id)
        if tree.circle_at(organisation.id):
            raise Refused(
                msg("合并以后它的上级移到了它的下级下面，先移回去，再撤销合并"),
            )
        organisation.merged_into_id = organisation.merged_by = organisation.merged_at = None
        session.flush()
        _record_merger("organisation.part", organisation, into, by)


def _record_merger(action: str, gone: Organisation, into: Organisation, by: Account) -> None:
    """Record a merger on both sides, so that either's page tells of it."""
    after = {"name": gone.name, "into": into.name}
    for row in (gone, into):
        audit.record(None, by, action, str(row.id), after=after)


# --- what is asked before ------------------------------------------------------


def _claim(organisation: Organisation, by: Account) -> None:
    """The row as it stands now, the tree held until the unit of work ends."""
    audit.claim_chain(None)
    db.session.refresh(organisation)
    if organisation.merged_into_id is not None:
        raise Refused(msg("“%(name)s”已经合并到别的组织，先撤销合并", name=organisation.name))
    _refuse_strangers(organisation, by)


def _refuse_strangers(organisation: Organisation, by: Account) -> None:
    if not may_change(organisation, by):
        raise Refused(msg("别的竞赛也在用“%(name)s”，只有管理员能改", name=organisation.name))


def _checked(
    name: str, credit_code: str, own: Organisation | None = None
) -> tuple[str, str | None]:
    name = " ".join(name.split())
    if not name:
        raise invalid(msg("名称要写"))
    if len(name) > LONGEST_ORGANISATION:
        raise invalid(msg("名称最长 %(most)s 个字", most=LONGEST_ORGANISATION))
    code = checked_code(credit_code)
    _refuse_code(code, own)
    return name, code


def checked_code(text: str) -> str | None:
    """A credit code as it is kept; None for none. Raises `Refused` (INVALID) for a wrong one."""
    if not text.strip():
        return None
    try:
        return check_credit_code(text)
    except IdentityError as error:
        raise WrongCodeError(
            msg("统一社会信用代码：%(why)s", why=error.message), kind=Refusal.INVALID
        ) from None


def _refuse_code(code: str | None, own: Organisation | None) -> None:
    if code is None:
        return
    query = select(Organisation).where(
        Organisation.credit_code == code, Organisation.merged_into_id.is_(None)
    )
    other = db.session.scalar(query)
    if other is not None and other is not own:
        raise WrongCodeError(msg("这个代码是“%(name)s”的", name=other.name))


def _refuse_same_name(name: str, parent: Organisation | None, own: Organisation | None) -> None:
    tree = Tree.read()
    for number in tree.children[parent.id if parent else None]:
        beside = tree.rows[number]
        if beside is not own and beside.name_key == name_key_of(name):
            raise Refused(msg("这一级已经有“%(name)s”了", name=beside.name))
