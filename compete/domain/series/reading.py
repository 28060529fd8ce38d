"""Reading: from the bytes of a file to a `Series`, or to all that is wrong with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compete.domain.bundle.checks.codes import (
    Codes,
    circle_of,
    note_loops,
    note_reference,
    note_repeats,
)
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.file_text import BYTE_ORDER_MARK, file_text
from compete.domain.bundle.reader.json_tree import json_tree
from compete.domain.bundle.reader.shaping import shape_file
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.reading import Form
from compete.domain.series.types import (
    HEIGHTS,
    Berth,
    NodeStandings,
    Nomination,
    NominationState,
    OutsideResult,
    Report,
    Series,
    Settled,
)
from compete.domain.values.messages import Message, msg


def note_problems(series: Series, problems: Problems) -> None:
    """Note everything in the series that the format forbids."""
    for name in ("nodes", "reports", "people", "berths", "outside"):
        note_repeats(getattr(series, name), name, problems)
    nodes, people = Codes(series.nodes), Codes(series.people)
    for index, node in enumerate(series.nodes):
        note_reference(node.parent, nodes, f"nodes[{index}].parent", "nodes", problems)
    note_loops(series.nodes, lambda node: node.parent, "nodes", "parent", problems)
    _note_reports(series.reports, nodes, problems)
    _note_standings(series.standings, nodes, people, problems)
    _note_berths(series.berths, nodes, problems)
    _note_circles(series.berths, nodes, problems)
    berths, rows = Codes(series.berths), _rows_by_berth(series)
    _note_settled(series.settled, berths, rows, problems)
    _note_nominations(series.nominations, berths, rows, problems)
    for index, result in enumerate(series.outside):
        path = f"outside[{index}]"
        note_reference(result.person, people, f"{path}.person", "people", problems)
        _note_outside(result, path, problems)


def _written_twice(where: str) -> Message:
    return msg("%(where)s 已经写了，不能再写一次", where=where)


def _accepted_there(where: str) -> Message:
    return msg("%(where)s 已经答应去同一个决赛，一个人只去一次", where=where)


class _Firsts:
    """The places of things of which there may be one of each kind."""

    def __init__(self) -> None:
        self.paths: dict[Any, str] = {}

    def note(
        self,
        kind: tuple[Any, ...],
        path: str,
        problems: Problems,
        sentence: Callable[[str], Message] = _written_twice,
    ) -> None:
        """Note a thing whose like came before."""
        if UNREADABLE in kind:
            return
        if kind in self.paths:
            problems.add(path, sentence(self.paths[kind]))
        else:
            self.paths[kind] = path


def _bare(text: str) -> str:
    """The text without blanks around it."""
    return text if text is UNREADABLE else text.strip()


def _is_blank(text: str | None) -> bool:
    return text is None or _bare(text) == ""


def _note_reports(reports: Sequence[Report], nodes: Codes, problems: Problems) -> None:
    known, replaced = Codes(reports), _Firsts()
    places = {report.code: index for index, report in reversed(list(enumerate(reports)))}
    for index, report in enumerate(reports):
        path = f"reports[{index}]"
        note_reference(report.node, nodes, f"{path}.node", "nodes", problems)
        node = nodes.by_code.get(report.node)
        if node is not None and node.here not in (None, UNREADABLE):
            problems.add(f"{path}.node", msg("这个赛事在这里办（here），不另外报数"))
        if report.passed > report.examined:
            problems.add(f"{path}.passed", msg("合格的比考核的多"))
        if report.replaces is None:
            continue
        path = f"{path}.replaces"
        note_reference(report.replaces, known, path, "reports", problems)
        replaced.note((report.replaces,), path, problems)
        former = known.by_code.get(report.replaces)
        if former is not None and places[former.code] >= index:
            problems.add(path, msg("只能替换前面报的数"))
        elif former is not None and former.node != report.node:
            problems.add(path, msg("只能替换同一个赛事报的数"))


def _note_standings(
    standings: Sequence[NodeStandings], nodes: Codes, people: Codes, problems: Problems
) -> None:
    firsts = _Firsts()
    for index, standing in enumerate(standings):
        path = f"standings[{index}]"
        note_reference(standing.node, nodes, f"{path}.node", "nodes", problems)
        firsts.note((standing.node, standing.event), path, problems)
        persons = _Firsts()
        for place, row in enumerate(standing.rows):
            where = f"{path}.rows[{place}].person"
            note_reference(row.person, people, where, "people", problems)
            persons.note((row.person,), where, problems)


def _note_berths(berths: Sequence[Berth], nodes: Codes, problems: Problems) -> None:
    firsts = _Firsts()
    begun: dict[Any, Berth] = {}
    for index, berth in enumerate(berths):
        path = f"berths[{index}]"
        for key, code in (("from", berth.from_), ("to", berth.to)):
            note_reference(code, nodes, f"{path}.{key}", "nodes", problems)
        if berth.from_ == berth.to:
            problems.add(f"{path}.to", msg("不能推荐到自己这里"))
        elif _height(berth.to, nodes) < _height(berth.from_, nodes):
            problems.add(f"{path}.to", msg("不能推荐到更低的级别"))
        firsts.note((berth.from_, berth.event, *berth.goal), path, problems)
        if berth.begun is not UNREADABLE and UNREADABLE not in berth.goal:
            other = begun.setdefault(berth.goal, berth)
            if other.begun is not berth.begun:
                problems.add(
                    f"{path}.begun",
                    msg(
                        "到同一个决赛的名额要么都已开赛，要么都没有；%(code)s 不是这样",
                        code=other.code,
                    ),
                )
        age = berth.when.age
        if age is not None and age.from_ is None and age.to is None:
            problems.add(f"{path}.when.age", msg("from 和 to 至少写一个"))


def _height(code: str, nodes: Codes) -> Any:
    node = nodes.by_code.get(code)
    return UNREADABLE if node is None else HEIGHTS.get(node.level, UNREADABLE)


def _note_circles(berths: Sequence[Berth], nodes: Codes, problems: Problems) -> None:
    """Note each berth that closes a circle with those before it.

    Only berths between nodes of one height can: one that leads down is refused anyway.
    """
    onward: defaultdict[str, list[str]] = defaultdict(list)
    for index, berth in enumerate(berths):
        is_level = _height(berth.from_, nodes) == _height(berth.to, nodes)
        if not is_level or berth.from_ == berth.to:
            continue
        circle = _way(berth.to, berth.from_, onward)
        if circle:
            problems.add(f"berths[{index}].to", circle_of(circle))
        else:
            onward[berth.from_].append(berth.to)


def _way(start: str, goal: str, onward: Mapping[str, Sequence[str]]) -> list[str]:
    """The nodes on a way from one to another, or none."""
    came_from: dict[str, str | None] = {start: None}
    waiting = [start]
    while waiting and goal not in came_from:
        here = waiting.pop()
        for there in onward.get(here, ()):
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    way: list[str] = []
    step = goal if goal in came_from else None
    while step is not None:
        way.append(step)
        step = came_from[step]
    return way[::-1]


def _rows_by_berth(series: Series) -> dict[str, Codes]:
    """The rows of each berth's standings by person, where it is clear which those are."""
    rows: dict[Any, Codes] = {}
    whole = series.standings is not UNREADABLE
    for standing in series.standings:
        key = standing.node, standing.event
        if UNREADABLE in key:
            whole = False
        else:
            rows.setdefault(key, Codes(standing.rows, "person"))
    none = Codes(()) if whole else None
    rows_of = {
        code: rows.get((berth.from_, berth.event), none)
        for code, berth in Codes(series.berths).by_code.items()
        if UNREADABLE not in (berth.from_, berth.event)
    }
    return {code: its for code, its in rows_of.items() if its is not None}


def _note_in_rows(person: str, rows: Codes | None, path: str, problems: Problems) -> None:
    if rows is not None:
        note_reference(person, rows, path, msg("这个名额的名次（standings）"), problems)


def _note_settled(
    settled: Sequence[Settled], berths: Codes, rows: Mapping[str, Codes], problems: Problems
) -> None:
    firsts = _Firsts()
    for index, settlement in enumerate(settled):
        path = f"settled[{index}]"
        note_reference(settlement.berth, berths, f"{path}.berth", "berths", problems)
        its = rows.get(settlement.berth)
        persons = _Firsts()
        ranks: list[Any] = []
        for place, person in enumerate(settlement.order):
            where = f"{path}.order[{place}]"
            persons.note((person,), where, problems)
            _note_in_rows(person, its, where, problems)
            row = its.by_code.get(person) if its is not None else None
            if row is None or row.rank is UNREADABLE:
                continue
            if row.rank is None:
                problems.add(where, msg("没有名次的人不分先后"))
                continue
            ranks.append(row.rank)
            if row.rank != ranks[0]:
                problems.add(where, msg("名次和前面的人不一样"))
        if ranks:
            firsts.note((settlement.berth, ranks[0]), path, problems)


def _note_nominations(
    nominations: Sequence[Nomination], berths: Codes, rows: Mapping[str, Codes], problems: Problems
) -> None:
    standing: dict[tuple[Any, Any], int] = {}
    for index, nomination in enumerate(nominations):
        path = f"nominations[{index}]"
        note_reference(nomination.berth, berths, f"{path}.berth", "berths", problems)
        _note_in_rows(nomination.person, rows.get(nomination.berth), f"{path}.person", problems)
        if nomination.state != NominationState.ACCEPTED and _is_blank(nomination.reason):
            problems.add(f"{path}.reason", msg("不去、不能去的要写原因"))
        standing[nomination.berth, nomination.person] = index
    firsts = _Firsts()
    for (code, person), index in sorted(standing.items(), key=lambda item: item[1]):
        berth = berths.by_code.get(code)
        if berth is not None and nominations[index].state == NominationState.ACCEPTED:
            firsts.note(
                (*berth.goal, person), f"nominations[{index}].state", problems, _accepted_there
            )


def _note_outside(result: OutsideResult, path: str, problems: Problems) -> None:
    if _is_blank(result.document):
        problems.add(f"{path}.document", msg("要写凭据（文号）"))
    if _bare(result.entered_by) == _bare(result.agreed_by):
        problems.add(f"{path}.agreed_by", msg("录入的和核对的要是两个人"))
    if result.rank is not None and result.of is not None and result.rank > result.of:
        problems.add(f"{path}.rank", msg("名次比参赛的人还多"))


def read_series(data: bytes, form: Form = "json") -> Series:
    """The series in the bytes of a file, checked against the whole format.

    Raises `BundleError` with every problem found, each with its path in the
    file; nothing else, whatever the bytes are.
    """
    problems = Problems()
    tree = _tree(data.removeprefix(BYTE_ORDER_MARK), form, problems)
    series = shape_file(Series, tree, problems)
    note_problems(series, problems)
    problems.refuse()
    return series


def _tree(data: bytes, form: Form, problems: Problems) -> Any:
    text = file_text(data, problems)
    if form == "json":
        return json_tree(text, problems)
    from compete.domain.bundle.reader.yaml_tree import yaml_tree

    return yaml_tree(text, problems)
