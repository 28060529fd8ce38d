"""The one tree of organisations, as somebody sees it: lines, paths, and who may change what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, or_, select

from compete.models import Account, Organisation, Unit, db
from compete.services.directory.circles import circle_refusal, in_circles
from compete.services.directory.merged import standing, with_merged
from compete.services.directory.own_competitions import own_competitions, sees_all
from compete.services.directory.person_records import name_key_of


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation in the tree: how deep, how many units of competitions are it."""

    organisation: Organisation
    depth: int
    units: int
    """Of the competitions that whoever asks organises."""


class Tree:
    """A tree of standing organisations, by the one above; what is merged counts for another."""

    def __init__(self, rows: Mapping[int, Organisation], into: Mapping[int, int]) -> None:
        self.rows = rows
        self.into = into
        self.parents = {
            number: into[row.parent_id] if row.parent_id is not None else None
            for number, row in rows.items()
        }
        self.children: dict[int | None, list[int]] = defaultdict(list)
        for number, parent in self.parents.items():
            self.children[parent].append(number)

    def lines(self, units: Mapping[int, int], top: Sequence[int]) -> list[OrganisationLine]:
        """List these and all beneath them, each after the one above it; `Refused` in a circle."""
        lines: list[OrganisationLine] = []
        seen: set[int] = set()
        waiting = [(number, 0) for number in reversed(top)]
        while waiting:
            number, depth = waiting.pop()
            if number in seen:
                raise circle_refusal(self.rows[number].name)
            seen.add(number)
            lines.append(OrganisationLine(self.rows[number], depth, units.get(number, 0)))
            waiting += [(child, depth + 1) for child in reversed(self.children[number])]
        return lines

    @classmethod
    def read(cls, apart: int | None = None) -> Tree:
        """Read the tree as it stands, or as it would be with one merger taken back.

        Raises `Refused` (CONFLICT) where mergers lead back to themselves.
        """
        everything = {
            row.id: row
            for row in db.session.scalars(select(Organisation).order_by(Organisation.id))
        }
        merged = {
            number: row.merged_into_id
            for number, row in everything.items()
            if row.merged_into_id is not None and number != apart
        }
        for number in in_circles(merged):
            raise circle_refusal(everything[number].name)
        into = {}
        for number in everything:
            last = number
            while last in merged:
                last = merged[last]
            into[number] = last
        return cls({n: row for n, row in everything.items() if n not in merged}, into)

    def refuse_circles(self) -> None:
        """Refuse circles: no list from the top would show who stands under itself."""
        above = {row: parent for row, parent in self.parents.items() if parent is not None}
        for number in sorted(in_circles(above)):
            raise circle_refusal(self.rows[number].name)

    def beneath(self, number: int) -> set[int]:
        """The organisation and all beneath it."""
        numbers: set[int] = set()
        waiting = [number]
        while waiting:
            here = waiting.pop()
            numbers.add(here)
            waiting += [child for child in self.children[here] if child not in numbers]
        return numbers

    def circle_at(self, number: int) -> bool:
        """True if one comes back to it by going up."""
        above, seen = self.parents[number], set()
        while above is not None and above not in seen:
            seen.add(above)
            above = self.parents[above]
        return above is not None


def organisation_tree(
    account: Account, under: Organisation | None = None, tree: Tree | None = None
) -> list[OrganisationLine]:
    """List organisations, all or those under one with itself first, each after the one above.

    `tree` is the whole, where it was read already.
    """
    tree = tree or Tree.read()
    if under is None:
        tree.refuse_circles()
    return tree.lines(_units_of(account, tree), [under.id] if under else tree.children[None])


def named_among(lines: Sequence[OrganisationLine], q: str) -> list[OrganisationLine]:
    """List those whose name has the text, or whose credit code begins with it; no tree."""
    key, code = name_key_of(q), q.strip().upper()
    rows = (replace(line, depth=0) for line in lines)
    return [
        line
        for line in sorted(rows, key=lambda line: line.organisation.id)
        if key in line.organisation.name_key
        or (code and (line.organisation.credit_code or "").startswith(code))
    ]


def organisations_called(text: str) -> list[Organisation]:
    """List standing organisations with exactly this name, in any spelling, or this credit code."""
    same = or_(
        Organisation.name_key == name_key_of(text),
        Organisation.credit_code == text.strip().upper(),
    )
    query = select(Organisation).where(Organisation.merged_into_id.is_(None), same)
    return list(db.session.scalars(query.order_by(Organisation.id)))


def path_to(organisation: Organisation) -> list[Organisation]:
    """List those above it, the highest first. Raises `Refused` (CONFLICT) if it is above itself."""
    path: list[Organisation] = []
    row, seen = organisation, {organisation.id}
    while row.parent_id is not None:
        row = standing(db.session.get_one(Organisation, row.parent_id))
        if row.id in seen:
            raise circle_refusal(row.name)
        seen.add(row.id)
        path.insert(0, row)
    return path


def merged_into(organisation: Organisation) -> list[Organisation]:
    """List those that were merged into it, and stand so."""
    query = select(Organisation).where(Organisation.merged_into_id == organisation.id)
    return list(db.session.scalars(query.order_by(Organisation.id)))


def places_for(organisation: Organisation, tree: Tree) -> list[OrganisationLine]:
    """The tree without it and what is beneath it: where it may be moved, or merged into."""
    beneath = tree.beneath(organisation.id)
    whole = tree.lines({}, tree.children[None])
    return [line for line in whole if line.organisation.id not in beneath]


def may_change(organisation: Organisation, account: Account, tree: Tree | None = None) -> bool:
    """True if only units of the account's own competitions are it or stand beneath it."""
    if sees_all(account):
        return True
    beneath = (tree or Tree.read()).beneath(organisation.id)
    counted = with_merged(Organisation, beneath)
    query = select(Unit.id).where(
        Unit.organisation_id.in_(counted), Unit.competition_id.not_in(own_competitions(account))
    )
    return db.session.scalar(query.limit(1)) is None


def _units_of(account: Account, tree: Tree) -> dict[int, int]:
    """Count units of own competitions by the organisation that they are, mergers counted in."""
    query = (
        select(Unit.organisation_id, func.count())
        .where(
            Unit.organisation_id.is_not(None), Unit.competition_id.in_(own_competitions(account))
        )
        .group_by(Unit.organisation_id)
    )
    counts: dict[int, int] = defaultdict(int)
    for number, times in db.session.execute(query).tuples():
        counts[tree.into[number or 0]] += times
    return counts


def organisations_by_number(numbers: Collection[int]) -> dict[int, Organisation]:
    """The organisation that stands for each number, of those that there are."""
    rows = db.session.scalars(select(Organisation).where(Organisation.id.in_(list(numbers))))
    return {row.id: standing(row) for row in rows}


def lines_above(numbers: Collection[int]) -> dict[int, list[Organisation]]:
    """The organisation that stands for each number, then those above it, the nearest first."""
    if not numbers:
        return {}
    tree = Tree.read()
    lines = {}
    for number in numbers:
        line: list[Organisation] = []
        here: int | None = tree.into[number]
        while here is not None and tree.rows[here] not in line:
            line.append(tree.rows[here])
            here = tree.parents[here]
        lines[number] = line
    return lines
