"""Who sees a series, who keeps it, and who runs one of its nodes."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Account, Series, SeriesNode, db
from compete.services.accounts.access import may
from compete.services.directory.own_competitions import own_competitions, sees_all
from compete.services.kernel.refusal import Refusal, Refused


def _is_seen_by(account: Account) -> ColumnElement[bool]:
    nodes = select(SeriesNode.series_id).where(
        SeriesNode.competition_id.in_(own_competitions(account))
    )
    return or_(Series.made_by == account.id, Series.id.in_(nodes))


def series_seen_by(account: Account) -> list[Series]:
    """The series of which the account made one, or runs a competition; all for administrators."""
    query = select(Series).order_by(Series.year.desc(), Series.id.desc())
    if not sees_all(account):
        query = query.where(_is_seen_by(account))
    return list(db.session.scalars(query))


def sees_series(account: Account, series: Series) -> bool:
    """True if the account may look at the series."""
    if sees_all(account):
        return True
    query = select(Series.id).where(Series.id == series.id, _is_seen_by(account))
    return db.session.scalar(query) is not None


def keeps_series(account: Account, series: Series) -> bool:
    """True if the account may change the series: who made it, and administrators."""
    return account.is_admin or account.id == series.made_by


def require_keeper(account: Account, series: Series) -> None:
    """Raise `Refused` (FORBIDDEN) for who does not keep the series."""
    if not keeps_series(account, series):
        words = msg("这个系列赛由建它的人和管理员管")
        raise Refused(words, kind=Refusal.FORBIDDEN)


def runs_node(account: Account, node: SeriesNode) -> bool:
    """True if the account may put people of this node forward: its organisers here."""
    return node.competition is not None and may(account, node.competition, Right.REGISTER)


def require_runner(account: Account, node: SeriesNode) -> None:
    """Raise `Refused` (FORBIDDEN) for who does not run the competition of the node."""
    if not runs_node(account, node):
        words = msg("推荐由这一站的组委会办")
        raise Refused(words, kind=Refusal.FORBIDDEN)
