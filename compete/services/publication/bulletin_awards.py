"""The awards of a labour competition in the bulletin of its year (优胜单位, 先进班组, 标兵)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from compete.documents.bulletin import Chapter
from compete.documents.lists import Column, Row, Section
from compete.documents.standings_list import NONE
from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.messages import Message, listed, msg
from compete.models import Distinction
from compete.services.publication.bulletin_tables import Told

_PEOPLE = frozenset({DistinctionKind.WORKER, DistinctionKind.ENTRANT, DistinctionKind.COACH})


def is_whole(told: Told) -> bool:
    """Whether the period is the whole of a competition, such as its year, which awards are for."""
    tree = told.live.outcome.field.tree
    return bool(tree.parts[told.period]) and tree.periods[told.period].part_of is None


def awards_chapter(told: Told, given: Sequence[tuple[Distinction, str]]) -> Chapter:
    """Who was given what, by title, with where the unit stands; `given` with the holders' names."""
    places = {row.unit: row for row in told.rows}
    rows = []
    for award, called in given:
        place = places.get(award.unit.code) if award.unit is not None else None
        cells = (
            award.title,
            called,
            award.of_unit or NONE,
            str(place.rank) if place is not None and place.rank is not None else NONE,
            (place.total if place is not None else None) or NONE,
        )
        rows.append(Row(cells, who=called))
    columns = [
        Column(msg("奖项"), width=3),
        Column(msg("评给"), width=4),
        Column(msg("单位"), width=4),
        Column(msg("单位名次"), align="right"),
        Column(msg("单位得分"), align="right"),
    ]
    counts = Counter((award.title, award.kind) for award, _called in given)
    said = listed([_counted(title, kind, n) for (title, kind), n in counts.items()])
    people = any(award.kind in _PEOPLE and not award.full_name for award, _called in given)
    hint = [told.say(msg("没有同意写全的，姓名隐去一部分。"))] if people else []
    return Chapter(
        told.say(msg("评选奖项")),
        before=[told.say(msg("%(said)s。", said=said))],
        table=Section("", columns, rows),
        after=hint,
    )


def _counted(title: str, kind: DistinctionKind, n: int) -> Message:
    if kind is DistinctionKind.UNIT:
        return msg("%(title)s %(n)s 家", title=title, n=n)
    if kind is DistinctionKind.TEAM:
        return msg("%(title)s %(n)s 个", title=title, n=n)
    return msg("%(title)s %(n)s 人", title=title, n=n)
