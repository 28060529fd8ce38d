"""The one tree of organisations: added to, renamed, moved, merged, and mergers taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
from sqlalchemy import ColumnElement, Select, func, select

from compete.domain.identity.credit_code import check_credit_code
from compete.domain.identity.errors import IdentityError
from compete.domain.values.messages import msg
from compete.models import Account, Competition, Organisation, Unit, db, utc_now
from compete.services.directory.merged import standing, with_merged
from compete.services.directory.own_competitions import own_competitions
from compete.services.directory.person_records import name_key_of
from compete.services.directory.tree import Tree, may_change, path_to
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting, kept_field
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused, invalid
from compete.services.kernel.transactions import claimed, for_update, unit_of_work


def _credit_code(text: str) -> str | None:
    """A credit code as it is kept; None for none. Raises `Refused` (INVALID) for a wrong one."""
    try:
        return check_credit_code(text) if text else None
    except IdentityError as error:
        raise invalid(msg("统一社会信用代码：%(why)s", why=error.message)) from None


class OrganisationFields(msgspec.Struct, frozen=True, kw_only=True):
    """What is written of an organisation."""

    name: Annotated[str, Setting(msg("名称"), most=200, needed=msg("名称要写"))]
    credit_code: Annotated[
        str | None,
        Setting(
            msg("统一社会信用代码"),
            msg("18 位，可以空着；最后一位是校验"),
            most=40,
            read=_credit_code,
        ),
    ] = None


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
        claim_organisation(organisation, by)
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
        claim_organisation(organisation, by)
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
        claim_organisation(organisation, by)
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


def claim_organisation(organisation: Organisation, by: Account) -> None:
    """Read the row as it stands now, the tree held until the unit of work ends.

    Raises `Refused` (CONFLICT) for a merged one, and where others use it too.
    """
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
    name = kept_field(OrganisationFields, "name", name)
    code = kept_field(OrganisationFields, "credit_code", credit_code)
    _refuse_code(code, own)
    return name, code


def _refuse_code(code: str | None, own: Organisation | None) -> None:
    if code is None:
        return
    other = _standing_with(code)
    if other is not None and other is not own:
        taken = msg("这个代码是“%(name)s”的", name=other.name)
        raise FieldRefused("credit_code", taken, Refusal.CONFLICT)


def _standing_with(code: str) -> Organisation | None:
    """The organisation of a credit code, if it is merged into no other."""
    query = select(Organisation).where(
        Organisation.credit_code == code, Organisation.merged_into_id.is_(None)
    )
    return db.session.scalar(query)


def _refuse_same_name(name: str, parent: Organisation | None, own: Organisation | None) -> None:
    tree = Tree.read()
    for number in tree.children[parent.id if parent else None]:
        beside = tree.rows[number]
        if beside is not own and beside.name_key == name_key_of(name):
            taken = msg("这一级已经有“%(name)s”了", name=beside.name)
            raise FieldRefused("name", taken, Refusal.CONFLICT)


MOST_CONNECTED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Proposal:
    """An organisation that a unit may be: by the same credit code, or by the name alone."""

    organisation: Organisation
    same_code: bool


@dataclass(frozen=True, slots=True)
class UnitToConnect:
    """A unit that is no organisation yet, and which it may be, the surest first."""

    unit: Unit
    competition: Competition
    credit_code: str | None
    """As its workbook gave it, if it can be right."""
    proposals: Sequence[Proposal]


def count_units_to_connect(account: Account) -> int:
    """Count the units of the account's competitions that are no organisation yet."""
    query = select(func.count(Unit.id)).where(
        Unit.organisation_id.is_(None), Unit.competition_id.in_(own_competitions(account))
    )
    return db.session.scalar(query) or 0


def units_to_connect(account: Account, *, limit: int, offset: int) -> list[UnitToConnect]:
    """A page of them, those of the newest competition first."""
    query = _own_units(account, Unit.organisation_id.is_(None)).limit(limit).offset(offset)
    rows = db.session.execute(query).tuples().all()
    known = _Known([unit for unit, _competition in rows])
    return [
        UnitToConnect(unit, competition, code_of(unit), known.proposals(unit))
        for unit, competition in rows
    ]


def code_of(unit: Unit) -> str | None:
    """The credit code that a unit's workbook gave, if it can be right."""
    text = (unit.extra or {}).get("credit_code")
    try:
        return _credit_code(text.strip()) if isinstance(text, str) else None
    except Refused:
        return None


class _Known:
    """The organisations that some units may be, read for all of them at once."""

    def __init__(self, units: Sequence[Unit]) -> None:
        codes = {code for unit in units if (code := code_of(unit)) is not None}
        keys = {name_key_of(unit.name) for unit in units}
        self._by_code: dict[str, list[Organisation]] = defaultdict(list)
        self._by_name: dict[str, list[Organisation]] = defaultdict(list)
        query = select(Organisation).order_by(Organisation.id)
        for row in db.session.scalars(query.where(Organisation.credit_code.in_(codes))):
            self._by_code[row.credit_code or ""].append(standing(row))
        for row in db.session.scalars(query.where(Organisation.name_key.in_(keys))):
            self._by_name[row.name_key].append(standing(row))
        known_as = (
            select(Unit.name, Organisation)
            .join(Organisation, Organisation.id == Unit.organisation_id)
            .where(Unit.name.in_({unit.name for unit in units}))
            .distinct()
        )
        for name, row in db.session.execute(known_as).tuples():
            self._by_name[name_key_of(name)].append(standing(row))

    def proposals(self, unit: Unit) -> list[Proposal]:
        """The organisations that a unit may be, once each."""
        code = code_of(unit)
        proposals = {
            row.id: Proposal(row, same_code=True) for row in self._by_code.get(code or "", ())
        }
        for row in self._by_name.get(name_key_of(unit.name), ()):
            # Two codes are two organisations, whatever they are called.
            if code is None or row.credit_code in (None, code):
                proposals.setdefault(row.id, Proposal(row, same_code=False))
        return list(proposals.values())


def connect_units(account: Account, choices: Mapping[int, Organisation | None]) -> tuple[int, int]:
    """Connect units by number to an organisation each, or (None) to a new one of its name.

    A new one takes the unit's credit code and stands under the organisation of the unit's
    parent. Two of one name become one. Returns how many units were connected and how many
    organisations are new. Raises `Refused` (INVALID) for none, too many, or a unit that is
    none of the account's; what somebody else connected meanwhile stays so.
    """
    if not choices:
        raise invalid(msg("先勾选要连的单位"))
    if len(choices) > MOST_CONNECTED_AT_ONCE:
        raise invalid(msg("一次最多连 %(n)s 个单位", n=MOST_CONNECTED_AT_ONCE))
    with unit_of_work() as session:
        query = select(Unit).where(
            Unit.id.in_(choices), Unit.competition_id.in_(own_competitions(account))
        )
        units = list(session.scalars(query.order_by(Unit.id)))
        if len(units) < len(choices):
            raise Refused(msg("有的单位已经不在了，看一下再连"))
        competitions = {
            number: for_update(session.get_one(Competition, number))
            for number in sorted({unit.competition_id for unit in units})
        }
        audit.claim_chain(None)
        for unit in units:
            session.refresh(unit)
        work = _Connecting(account, choices)
        # Who has a code makes the organisation that others of the name are connected to.
        for unit in sorted(units, key=lambda unit: code_of(unit) is None):
            work.connect(unit)
        session.flush()
        for number, connected in work.connected.items():
            competition = competitions[number]
            audit.record(
                competition, account, "unit.connect", competition.code, after={"units": connected}
            )
    return sum(len(connected) for connected in work.connected.values()), work.new


class _Connecting:
    """A round of connecting: what was made for which names and codes, and what was connected."""

    def __init__(self, account: Account, choices: Mapping[int, Organisation | None]) -> None:
        self.new = 0
        self.connected: dict[int, dict[str, str]] = defaultdict(dict)
        """By competition {code of a unit: name of its organisation}."""
        self._account = account
        self._choices = choices
        self._made: dict[str, Organisation] = {}
        self._begun: set[int] = set()

    def connect(self, unit: Unit) -> None:
        """Connect a unit to what was chosen, after its parent where that is chosen too."""
        if unit.organisation_id is not None or unit.id in self._begun:
            return
        self._begun.add(unit.id)
        if unit.parent is not None and unit.parent.id in self._choices:
            self.connect(unit.parent)
        chosen = self._choices[unit.id]
        row = standing(chosen) if chosen is not None else self._new(unit)
        unit.organisation_id = row.id
        self.connected[unit.competition_id][unit.code] = row.name

    def _new(self, unit: Unit) -> Organisation:
        code, key = code_of(unit), name_key_of(unit.name)
        if code is not None:
            known = _standing_with(code)
            if known is not None:
                return known
        made = self._made.get(key)
        if made is not None and (code is None or made.credit_code == code):
            return made
        above = unit.parent.organisation_id if unit.parent is not None else None
        parent = standing(db.session.get_one(Organisation, above)) if above is not None else None
        row = self._made[key] = new_organisation(unit.name, code, parent, self._account)
        self.new += 1
        return row


def disconnect_unit(unit: Unit, by: Account) -> None:
    """Let a unit be no organisation again. Raises `Refused` for one that is none."""
    with unit_of_work() as session:
        unit, competition = claimed(unit)
        if unit.organisation_id is None:
            raise Refused(msg("这个单位没有连着组织"))
        before = session.get_one(Organisation, unit.organisation_id).name
        unit.organisation_id = None
        session.flush()
        audit.record(competition, by, "unit.disconnect", unit.code, before={"organisation": before})


def units_connected(organisation: Organisation, account: Account) -> list[tuple[Unit, Competition]]:
    """The units of the account's competitions that are it, or what was merged into it."""
    counted = with_merged(Organisation, [organisation.id])
    query = _own_units(account, Unit.organisation_id.in_(counted))
    return list(db.session.execute(query).tuples().all())


def unit_of_own(number: int, account: Account) -> Unit | None:
    """A unit of the account's competitions by its number, or None."""
    query = select(Unit).where(
        Unit.id == number, Unit.competition_id.in_(own_competitions(account))
    )
    return db.session.scalar(query)


def _own_units(account: Account, which: ColumnElement[bool]) -> Select[tuple[Unit, Competition]]:
    """Select units of the account's competitions, those of the newest competition first."""
    return (
        select(Unit, Competition)
        .join(Competition, Competition.id == Unit.competition_id)
        .where(which, Unit.competition_id.in_(own_competitions(account)))
        .order_by(Competition.id.desc(), Unit.id)
    )
