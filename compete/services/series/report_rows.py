"""Counts of many nodes brought as a workbook, a row each: looked at, then written all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

import msgspec

from compete.domain.series.types import HEIGHTS
from compete.domain.values.kinds import Level
from compete.domain.values.messages import Message, msg
from compete.models import Account, Series, SeriesNode, SessionReport
from compete.services.directory.person_records import name_key_of
from compete.services.kernel import audit
from compete.services.kernel.catalogues import Planned, differences
from compete.services.kernel.clock import local_today
from compete.services.kernel.fields import (
    Setting,
    headings,
    other_headings,
    read_texts,
    texts_of,
)
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.series.series_nodes import (
    LEVELS,
    MOST_NODES,
    NodeFields,
    new_node,
    record_series,
    require_sound_nodes,
)
from compete.services.series.series_out import nodes_of, reporting_nodes, reports_of
from compete.services.series.series_rights import require_keeper
from compete.services.series.session_reports import ReportFields, new_report, why_no_report
from compete.sheets.headed_rows import RowsKind

_COUNTS = ("sessions", "people", "examined", "passed")


class _Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a node stands, as a row says it."""

    name: Annotated[
        str,
        Setting(
            msg("站"),
            most=200,
            needed=msg("站名要写"),
            also=("单位", "单位名称", "工会", "主办单位", "站名", "组织单位", "名称"),
        ),
    ]
    parent: Annotated[
        str, Setting(msg("挂在哪一站"), most=200, also=("上级", "上级单位", "上一站"))
    ] = ""
    level: Annotated[
        Level, Setting(msg("级别"), choices=LEVELS, wrong=msg("写国家级一类、市级、企业这样的"))
    ] = Level.ENTERPRISE


_OTHERS = {
    **{"举办场次": "sessions", "竞赛场次": "sessions", "场数": "sessions", "次数": "sessions"},
    **{"参赛人次": "people", "参与人次": "people", "参加人次": "people", "人数": "people"},
    **{"参赛人数": "people", "参与人数": "people", "参考人数": "examined", "应考人数": "examined"},
    **{"考试人数": "examined", "通过人数": "passed", "上报人": "told_by", "填报人": "told_by"},
    **{"上报日期": "day", "填报日期": "day", "日期": "day"},
}
REPORT_FIELDS: dict[str, Message] = {
    "name": headings(_Place)["name"],
    **headings(ReportFields),
    "parent": headings(_Place)["parent"],
    "level": headings(_Place)["level"],
}
REPORT_ROWS = RowsKind(
    "series_reports",
    REPORT_FIELDS,
    {**other_headings(_Place), **other_headings(ReportFields), **_OTHERS},
    MOST_NODES,
    as_written=(*_COUNTS, "day"),
)

SentRows: TypeAlias = Sequence[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row that can be written: of a node that is there, or of one that it adds."""

    place: _Place
    node: SeriesNode | None
    parent: SeriesNode | None
    fields: ReportFields


ReportPlan: TypeAlias = Planned[SessionReport, Mapping[str, str], ReportRow]


class _Tree:
    """The nodes of a series by name, with the report of each that stands."""

    def __init__(self, series: Series) -> None:
        self.nodes = nodes_of(series)
        self.by_id = {node.id: node for node in self.nodes}
        self.by_name: dict[str, list[SeriesNode]] = {}
        for node in self.nodes:
            self.by_name.setdefault(name_key_of(node.name), []).append(node)
        reports = reports_of(series)
        replaced = {row.replaces_id for row in reports}
        self.stands = {row.node_id: row for row in reports if row.id not in replaced}
        self.reporting = {node.id for node in reporting_nodes(series, self.nodes)}

    def of(self, name: str) -> list[SeriesNode]:
        """The nodes of that name."""
        return self.by_name.get(name_key_of(name), []) if name else []

    def parent_name(self, node: SeriesNode) -> str:
        """The name of what a node hangs under; empty at the top."""
        return self.by_id[node.parent_id].name if node.parent_id is not None else ""


def report_lines(series: Series, *, missing: bool = False) -> list[dict[str, str]]:
    """The nodes that report, with what stands, as rows: {field: text}; `missing`: the others.

    Nodes with a competition here count their own people and are none of them.
    """
    tree = _Tree(series)
    lines = []
    for node in tree.nodes:
        stands = tree.stands.get(node.id)
        if node.competition_id is not None or (stands is None and node.id not in tree.reporting):
            continue
        if missing and stands is not None:
            continue
        lines.append(
            {
                "name": node.name,
                **(texts_of(stands, ReportFields) if stands is not None else {}),
                "parent": tree.parent_name(node),
                "level": str(LEVELS[node.level]),
            }
        )
    return lines


def plan_reports(series: Series, sent: SentRows) -> list[ReportPlan]:
    """Plan each row, or say all that is wrong with it; nothing is written.

    A row without counts leaves its node as it is. A name that no node has is a node of its own,
    where the row says what it hangs under.
    """
    tree = _Tree(series)
    keys = Counter(_key(texts) for _number, texts in sent)
    return [_plan(tree, number, texts, keys) for number, texts in sent]


def _key(texts: Mapping[str, str]) -> tuple[str, str]:
    return name_key_of(texts.get("name", "")), name_key_of(texts.get("parent", ""))


def _plan(
    tree: _Tree, number: int, texts: Mapping[str, str], keys: Counter[tuple[str, str]]
) -> ReportPlan:
    place, faults = read_texts(_Place, {"level": str(LEVELS[Level.ENTERPRISE])} | _filled(texts))
    bare = not any(texts.get(key, "").strip() for key in _COUNTS)
    if bare and place is not None and tree.of(place.name):
        # A form that is not filled in yet says nothing.
        return Planned(number, texts, {}, {})
    node, parent = None, None
    if place is not None:
        node, parent = _where(tree, place, faults)
        if keys[_key(texts)] > 1:
            faults["name"] = msg("写了两行")
    own = node.organiser or node.name if node is not None else texts.get("name", "")
    # Without a name there is nothing to stand in for who reported: one fault, not two.
    written = {"told_by": own[:80] or "—", **_filled(texts)}
    fields, wrong = read_texts(ReportFields, written)
    faults |= wrong
    if fields is not None and (fields.passed or 0) > (fields.examined or 0):
        faults["passed"] = msg("合格的比考核的多")
    if fields is not None and fields.day is not None and fields.day > local_today():
        faults["day"] = msg("这一天还没到")
    if node is not None and (why := why_no_report(node)) is not None:
        faults["name"] = why
    stands = tree.stands.get(node.id) if node is not None else None
    if faults or fields is None or place is None:
        return Planned(number, texts, faults, None, None, stands)
    changes = None
    if stands is not None:
        before, after = _shown(stands), _shown(fields)
        changes = differences(before, after)
    return Planned(number, texts, {}, changes, ReportRow(place, node, parent, fields), stands)


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in texts.items() if text.strip()}


def _shown(of: SessionReport | ReportFields) -> dict[str, str]:
    """The counts as they are compared; none written is none."""
    return {key: str(getattr(of, key) or 0) for key in _COUNTS}


def _where(
    tree: _Tree, place: _Place, faults: dict[str, Message]
) -> tuple[SeriesNode | None, SeriesNode | None]:
    """The node of a row, or the one under which it is new; what is wrong goes to `faults`."""
    above = tree.of(place.parent)
    if place.parent and not above:
        faults["parent"] = msg("没有叫“%(name)s”的站", name=place.parent)
        return None, None
    same = tree.of(place.name)
    if place.parent:
        numbers = {node.id for node in above}
        same = [node for node in same if node.parent_id in numbers]
    if len(same) > 1:
        faults["parent"] = msg("叫这个名字的有 %(n)s 站，写上挂在哪一站", n=len(same))
        return None, None
    if same:
        return same[0], None
    if not place.parent:
        faults["name"] = msg("没有这一站；要加上，写它挂在哪一站")
    elif len(above) > 1:
        faults["parent"] = msg("叫这个名字的有 %(n)s 站，分不清", n=len(above))
    elif HEIGHTS[above[0].level] < HEIGHTS[place.level]:
        faults["level"] = msg("比上面的“%(name)s”级别还高", name=above[0].name)
    return None, above[0] if above else None


def enter_reports(series: Series, rows: Sequence[Mapping[str, str]], by: Account) -> int:
    """Write the rows, all in order or none; how many nodes reported something new.

    Raises `Refused` for a row that is not in order any more.
    """
    require_keeper(by, series)
    with unit_of_work():
        audit.claim_chain(None)
        plans = plan_reports(series, list(enumerate(rows, 1)))
        if any(it.faults for it in plans):
            raise Refused(msg("站刚变过，请再看一遍"))
        written = [it for it in plans if it.checked is not None and it.state != "same"]
        lines = []
        for it in written:
            assert it.checked is not None
            place, node, fields = it.checked.place, it.checked.node, it.checked.fields
            if node is None:
                own = NodeFields(name=place.name, level=place.level)
                node = new_node(series, it.checked.parent, own, by)
            report = new_report(node, fields, by, it.known)
            counts = [report.sessions, report.people, report.examined, report.passed]
            lines.append([node.name, *counts])
        if written:
            require_sound_nodes(series)
            after = {"count": len(lines), "reports": lines}
            record_series(series, by, "reports", after=after)
    return len(written)
