"""Units of competitions connected to the organisations that they are, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from compete.domain.values.messages import msg
from compete.models import Account, Competition, Organisation, Unit, db
from compete.services.directory.merged import standing, with_merged
from compete.services.directory.organisations import checked_code, new_organisation
from compete.services.directory.own_competitions import own_competitions
from compete.services.directory.person_records import name_key_of
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import for_update, unit_of_work

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
    query = (
        select(Unit, Competition)
        .join(Competition, Competition.id == Unit.competition_id)
        .where(Unit.organisation_id.is_(None), Unit.competition_id.in_(own_competitions(account)))
        .order_by(Competition.id.desc(), Unit.id)
        .limit(limit)
        .offset(offset)
    )
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
        return checked_code(text) if isinstance(text, str) else None
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
        found = {row.id: Proposal(row, same_code=True) for row in self._by_code.get(code or "", ())}
        for row in self._by_name.get(name_key_of(unit.name), ()):
            # Two codes are two organisations, whatever they are called.
            if code is None or row.credit_code in (None, code):
                found.setdefault(row.id, Proposal(row, same_code=False))
        return list(found.values())


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
            query = select(Organisation).where(
                Organisation.credit_code == code, Organisation.merged_into_id.is_(None)
            )
            known = db.session.scalar(query)
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
        competition = for_update(session.get_one(Competition, unit.competition_id))
        session.refresh(unit)
        if unit.organisation_id is None:
            raise Refused(msg("这个单位没有连着组织"))
        before = session.get_one(Organisation, unit.organisation_id).name
        unit.organisation_id = None
        session.flush()
        audit.record(competition, by, "unit.disconnect", unit.code, before={"organisation": before})


def units_connected(organisation: Organisation, account: Account) -> list[tuple[Unit, Competition]]:
    """The units of the account's competitions that are it, or what was merged into it."""
    counted = with_merged(Organisation, [organisation.id])
    query = (
        select(Unit, Competition)
        .join(Competition, Competition.id == Unit.competition_id)
        .where(
            Unit.organisation_id.in_(counted), Unit.competition_id.in_(own_competitions(account))
        )
        .order_by(Competition.id.desc(), Unit.id)
    )
    return list(db.session.execute(query).tuples().all())


def unit_of_own(number: int, account: Account) -> Unit | None:
    """A unit of the account's competitions by its number, or None."""
    query = select(Unit).where(
        Unit.id == number, Unit.competition_id.in_(own_competitions(account))
    )
    return db.session.scalar(query)
