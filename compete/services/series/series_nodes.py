"""A series and its nodes: made, changed, erased while nothing hangs on them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from sqlalchemy import select

from compete.domain.explanation.grades import LEVEL_WORDS
from compete.domain.kinds.kinds import competition_kind, kinds_where
from compete.domain.series.types import HEIGHTS
from compete.domain.values.kinds import Level
from compete.domain.values.messages import Message, msg
from compete.models import (
    Account,
    Competition,
    Organisation,
    Series,
    SeriesBerth,
    SeriesNode,
    SeriesReminder,
    SessionReport,
    db,
)
from compete.services.directory.own_competitions import own_competitions
from compete.services.directory.person_records import name_key_of
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting, differences, texts_of, with_values
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused, refuse_if
from compete.services.kernel.transactions import unit_of_work
from compete.services.series.series_out import bare_series, nodes_of, reports_of, require_sound
from compete.services.series.series_rights import require_keeper

LEVELS = {Level(key): word for key, word in LEVEL_WORDS.items()}
MOST_NODES = 5000
_MOST_PER_ACT = 200


class SeriesFields(msgspec.Struct, frozen=True, kw_only=True):
    """What is written of a series."""

    name: Annotated[str, Setting(msg("名称"), most=200, needed=msg("名称要写"))]
    year: Annotated[int | None, Setting(msg("年份"), least=1, most=9999)] = None
    organiser: Annotated[str, Setting(msg("主办"), most=200)] = ""
    level: Annotated[
        Level,
        Setting(
            msg("哪一级办的"),
            msg("比它高的站在别处办，不加进总数"),
            choices=LEVELS,
        ),
    ] = Level.MUNICIPAL


class NodeFields(msgspec.Struct, frozen=True, kw_only=True):
    """What is written of a node that is held elsewhere, or only gathers others."""

    name: Annotated[str, Setting(msg("站名"), most=200, needed=msg("站名要写"))]
    level: Annotated[Level, Setting(msg("级别"), choices=LEVELS)] = Level.ENTERPRISE
    organiser: Annotated[str, Setting(msg("主办"), msg("谁报数；和站名一样就空着"), most=200)] = ""


def make_series(fields: SeriesFields, by: Account) -> Series:
    """Make a series, which the account then keeps."""
    with unit_of_work() as session:
        audit.claim_chain(None)
        series = Series(**msgspec.structs.asdict(fields), made_by=by.id)
        session.add(series)
        session.flush()
        _record(series, by, "make", after=texts_of(fields))
    return series


def change_series(series: Series, fields: SeriesFields, by: Account) -> bool:
    """Change its head; whether anything is another now."""
    require_keeper(by, series)
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(series)
        return _changed(series, fields, by, series, "change")


def _changed(
    row: Series | SeriesNode,
    fields: SeriesFields | NodeFields,
    by: Account,
    series: Series,
    act: str,
) -> bool:
    stands = with_values(
        fields, **{name: getattr(row, name) for name in type(fields).__struct_fields__}
    )
    names = differences(stands, fields)
    before, after = texts_of(stands), texts_of(fields)
    for name in names:
        setattr(row, name, getattr(fields, name))
    if names:
        db.session.flush()
        _record(
            series,
            by,
            act,
            before={name: before[name] for name in names},
            after={"node": row.name, **{name: after[name] for name in names}},
        )
    return bool(names)


def erase_series(series: Series, by: Account) -> None:
    """Erase a series without nodes. Raises `Refused` (CONFLICT) while there are any."""
    require_keeper(by, series)
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(series)
        if nodes_of(series):
            raise Refused(msg("下面还有站，先删站"))
        _record(series, by, "erase")
        session.delete(series)


def add_node(
    series: Series, parent: SeriesNode | None, fields: NodeFields, by: Account
) -> SeriesNode:
    """Add a node that is held elsewhere. Raises `Refused` for one above what it hangs under."""
    require_keeper(by, series)
    with unit_of_work():
        audit.claim_chain(None)
        node = new_node(series, parent, fields, by)
        require_sound_nodes(series)
        _record_node(series, node, by, "node")
    return node


def new_node(
    series: Series, parent: SeriesNode | None, fields: NodeFields, by: Account
) -> SeriesNode:
    """A row for a node, checked against what it hangs under; inside a unit of work."""
    node = SeriesNode(
        series_id=series.id,
        parent_id=parent.id if parent else None,
        **msgspec.structs.asdict(fields),
        organisation_id=_organisation(fields.organiser or fields.name),
        made_by=by.id,
    )
    refuse_if(_why_not_under(parent, node))
    db.session.add(node)
    db.session.flush()
    return node


def _why_not_under(parent: SeriesNode | None, node: SeriesNode) -> Message | None:
    if parent is not None and HEIGHTS[parent.level] < HEIGHTS[node.level]:
        return msg(
            "“%(name)s”比上面的“%(parent)s”级别还高，换一级或者挂到别处",
            name=node.name,
            parent=parent.name,
        )
    return None


def _organisation(name: str) -> int | None:
    query = select(Organisation.id).where(
        Organisation.name_key == name_key_of(name), Organisation.merged_into_id.is_(None)
    )
    # Of two of one name nobody can tell which is meant.
    numbers = db.session.scalars(query.limit(2)).all()
    return numbers[0] if len(numbers) == 1 else None


def competitions_to_add(series: Series, by: Account) -> list[Competition]:
    """The competitions of people that the account runs and that are no node yet, newest first."""
    there = select(SeriesNode.competition_id).where(
        SeriesNode.series_id == series.id, SeriesNode.competition_id.is_not(None)
    )
    query = select(Competition).where(
        Competition.id.in_(own_competitions(by)),
        Competition.id.not_in(there),
        Competition.kind.in_(kinds_where(lambda kind: kind.of_people and kind.has_results)),
    )
    query = query.order_by(Competition.starts.desc(), Competition.id.desc())
    return list(db.session.scalars(query.limit(_MOST_PER_ACT)))


def add_competition(
    series: Series, parent: SeriesNode | None, competition: Competition | None, by: Account
) -> SeriesNode:
    """Add a competition of this installation as a node; its people are counted, not reported."""
    require_keeper(by, series)
    with unit_of_work() as session:
        audit.claim_chain(None)
        allowed = {row.id for row in competitions_to_add(series, by)}
        if competition is None or competition.id not in allowed:
            raise FieldRefused("competition", msg("选一个您办的、还没有加进来的竞赛"))
        assert competition_kind(competition).of_people
        node = SeriesNode(
            series_id=series.id,
            parent_id=parent.id if parent else None,
            name=competition.name,
            level=Level(competition.level),
            organiser=competition.host or "",
            organisation_id=_organisation(competition.host or competition.name),
            competition_id=competition.id,
            made_by=by.id,
        )
        refuse_if(_why_not_under(parent, node))
        session.add(node)
        session.flush()
        require_sound_nodes(series)
        _record_node(series, node, by, "node_here")
    return node


def change_node(node: SeriesNode, fields: NodeFields, by: Account) -> bool:
    """Give a node another name, level or host; whether anything is another now."""
    require_keeper(by, node.series)
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(node)
        if node.competition is not None and fields.level is not node.level:
            raise FieldRefused("level", msg("在这里办的，级别照竞赛资料"), Refusal.CONFLICT)
        changed = _changed(node, fields, by, node.series, "change_node")
        node.organisation_id = _organisation(node.organiser or node.name)
        for row in nodes_of(node.series):
            above = session.get(SeriesNode, row.parent_id or 0)
            if node in (row, above):
                refuse_if(_why_not_under(above, row))
        require_sound_nodes(node.series)
    return changed


def why_not_erase(node: SeriesNode) -> Message | None:
    """Say why a node cannot be erased; None: it can."""
    below = select(SeriesNode.id).where(SeriesNode.parent_id == node.id)
    if db.session.scalar(below.limit(1)) is not None:
        return msg("下面还有站，先删下面的")
    berths = select(SeriesBerth.id).where(
        (SeriesBerth.from_node_id == node.id) | (SeriesBerth.to_node_id == node.id)
    )
    if db.session.scalar(berths.limit(1)) is not None:
        return msg("有名额从这里去、到这里来，先删名额")
    return None


def erase_node(node: SeriesNode, by: Account) -> None:
    """Erase a node with nothing below it, and what it reported, which the record keeps."""
    require_keeper(by, node.series)
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(node)
        refuse_if(why_not_erase(node))
        query = select(SessionReport).where(SessionReport.node_id == node.id)
        # What replaces an earlier report goes before it.
        rows = session.scalars(query.order_by(SessionReport.id.desc())).all()
        reports = [
            {"sessions": row.sessions, "people": row.people, "day": row.day.isoformat()}
            for row in rows
        ]
        before = {"node": node.name, "reports": reports}
        _record(node.series, by, "erase_node", before=before, after={"node": node.name})
        for row in rows:
            session.delete(row)
            session.flush()
        reminded = select(SeriesReminder).where(SeriesReminder.node_id == node.id)
        for reminder in session.scalars(reminded.order_by(SeriesReminder.id)).all():
            session.delete(reminder)
        session.flush()
        session.delete(node)


def require_sound_nodes(series: Series) -> None:
    """Raise `Refused` where nodes and reports are not as the format has them."""
    db.session.flush()
    nodes = nodes_of(series)
    if len(nodes) > MOST_NODES:
        raise Refused(msg("一个系列赛最多 %(most)s 站", most=MOST_NODES))
    require_sound(bare_series(series, nodes, reports_of(series)))


def _record_node(series: Series, node: SeriesNode, by: Account, act: str) -> None:
    _record(series, by, act, after={"node": node.name, "level": node.level.value})


def _record(
    series: Series, by: Account, act: str, *, before: object = None, after: object = None
) -> None:
    record_series(series, by, act, before=before, after=after)


def record_series(
    series: Series,
    by: Account,
    act: str,
    *,
    before: object = None,
    after: object = None,
    reason: str | None = None,
) -> None:
    """Put an act on record in the installation's chain; inside a unit of work."""
    audit.record(None, by, f"series.{act}", series.name, before=before, after=after, reason=reason)
