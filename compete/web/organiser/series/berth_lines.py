"""Places further up in a few words, by the node from which they lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _

from compete.domain.series.results import BerthResults, RowState
from compete.models import Account, Series, SeriesBerth
from compete.services.series.berths import (
    WholeSeries,
    berth_code,
    berths_of,
    has_begun,
    whole_series,
)
from compete.services.series.nominating import is_forward, to_forward
from compete.services.series.series_rights import runs_node
from compete.web.organiser.series.tree_lines import BerthWords


def berth_lines(series: Series, by: Account) -> Mapping[int, Sequence[BerthWords]]:
    """What leads up from each node, with its page for who runs the node."""
    berths = berths_of(series)
    if not berths:
        return {}
    whole = whole_series(series)
    results = whole.results()
    lines = defaultdict(list)
    for berth in berths:
        url = url_for("organiser.series_berth", number=series.id, berth_number=berth.id)
        result = results[berth_code(berth.id)]
        text, kind = _words(berth, whole, result)
        opens = runs_node(by, berth.source)
        forward = sum(
            row.state is RowState.ACCEPTED
            or (
                row.state is RowState.PROPOSED
                and is_forward(whole.steps.get((berth.id, row.person)))
            )
            for row in result.rows
        )
        lines[berth.from_node_id].append(
            BerthWords(
                text=text,
                url=url if opens else None,
                kind=kind,
                forward=forward,
                left=max(0, berth.places - forward),
            )
        )
    return lines


def _words(berth: SeriesBerth, whole: WholeSeries, result: BerthResults) -> tuple[str, str]:
    name, places = berth.target.name, berth.places
    if not whole.standings[berth.from_node_id, berth.event]:
        return _("推 %(n)s 人到 %(name)s，成绩还没公布", n=places, name=name), ""
    if result.undecided:
        return _("推 %(n)s 人到 %(name)s，同名次没定", n=places, name=name), "warn"
    waiting = [] if has_begun(berth) else to_forward(berth, whole)
    if waiting:
        left = len(waiting)
        words = _("推 %(n)s 人到 %(name)s，还没推 %(left)s 人", n=places, name=name, left=left)
        return words, "warn"
    going = sum(row.state is RowState.ACCEPTED for row in result.rows)
    words = _("推 %(n)s 人到 %(name)s，答应了 %(going)s 人", n=places, name=name, going=going)
    return words, "ok" if going >= result.taken > 0 else ""
