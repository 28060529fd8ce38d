"""Checks that version 2 adds to version 1: no silence about who is preferred or short."""

import unicodedata
from collections.abc import Iterator

from compete.domain.bundle.event_types import Event, Panel, Ranking
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.versions import version_of
from compete.domain.values.kinds import Combine, RankStyle, Reduced
from compete.domain.values.messages import msg


def note_for_version(bundle: Bundle, problems: Problems) -> None:
    version = version_of(bundle)
    for index, event in enumerate(bundle.events):
        path = f"events[{index}]"
        if not version.code_decides:
            _note_ordinal(event.ranking, f"{path}.ranking", problems)
        if not version.short_sums:
            _note_short_sums(event, path, problems)
    if not version.alike_codes:
        _note_alike(bundle, problems)


def _note_ordinal(ranking: Ranking, path: str, problems: Problems) -> None:
    if UNREADABLE in (ranking, ranking.style, ranking.ordinal_by):
        return
    is_ordinal = ranking.style is RankStyle.ORDINAL
    if is_ordinal and ranking.ordinal_by is None:
        problems.add(
            f"{path}.style",
            msg("名次不并列（ordinal）时要写明同分的按什么排：ordinal_by 写 “code” 就是按编号"),
        )
    if ranking.ordinal_by is not None and not is_ordinal:
        problems.add(f"{path}.ordinal_by", msg("style 是 ordinal 时才写 ordinal_by"))


def _note_short_sums(event: Event, path: str, problems: Problems) -> None:
    for at, stage in enumerate(event.stages):
        for place, module in enumerate(stage.modules):
            where = f"{path}.stages[{at}].modules[{place}].panel.reduced"
            _note_reduced(module.panel, where, problems)


def _note_reduced(panel: Panel, path: str, problems: Problems) -> None:
    if UNREADABLE in (panel, panel.size, panel.min, panel.combine, panel.reduced):
        return
    adds_up = panel.combine is Combine.SUM
    if panel.reduced is Reduced.SCALE and not adds_up:
        problems.add(path, msg("combine 是 sum 时，reduced 才能是 scale"))
    if adds_up and panel.least_sheets < panel.size and panel.reduced is Reduced.SAME:
        problems.add(
            path,
            msg(
                "%(size)s 位裁判的分相加，可 %(min)s 位就算数：缺人的总分会偏低，"
                "reduced 要写 scale（按人数折算）",
                size=panel.size,
                min=panel.least_sheets,
            ),
        )


def _note_alike(bundle: Bundle, problems: Problems) -> None:
    """Refuse the later of people's codes that look alike; the same code is told elsewhere."""
    first: dict[str, tuple[str, str]] = {}
    for path, code in _codes_of_people(bundle):
        if code is UNREADABLE:
            continue
        other, where = first.setdefault(alike(code), (code, path))
        if other != code:
            problems.add(
                f"{path}.code",
                msg(
                    "“%(code)s”和 %(where)s 的“%(other)s”只差大小写、全半角或空格，分不清是谁",
                    code=code,
                    where=where,
                    other=other,
                ),
            )


def _codes_of_people(bundle: Bundle) -> Iterator[tuple[str, str]]:
    for index, entrant in enumerate(bundle.entrants):
        yield f"entrants[{index}]", entrant.code
        for place, person in enumerate(entrant.members):
            yield f"entrants[{index}].members[{place}]", person.code


def alike(code: str) -> str:
    """Fold a code so that codes which people take for one become equal."""
    return unicodedata.normalize("NFKC", code).casefold().strip()
