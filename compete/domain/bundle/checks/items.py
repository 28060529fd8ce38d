"""Checks of single items: each is a module or a part of the last stage."""

from compete.domain.bundle.checks.codes import Codes, note_repeats, nowhere
from compete.domain.bundle.checks.ties import Names, note_ties
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.problems import Problems
from compete.domain.values.messages import msg

ANY = "any"
"""The word for any item, which no item may have as its code."""


def note_items(event: Event, names: Names, path: str, problems: Problems) -> None:
    note_repeats(event.items, f"{path}.items", problems)
    for index, item in enumerate(event.items):
        where = f"{path}.items[{index}]"
        if item.code == ANY:
            problems.add(f"{where}.code", msg("单项的编号不能是“any”"))
        _note_of(event, item.of, f"{where}.of", problems)
        note_ties(item.ties, names, f"{where}.ties", problems)


def _note_of(event: Event, code: str, path: str, problems: Problems) -> None:
    if not event.stages:
        return
    last = event.stages[-1]
    modules, parts = Codes(last.modules), Codes(last.parts)
    if modules.lacks(code) and parts.lacks(code):
        problems.add(path, nowhere(code, msg("最后一个赛段的模块和部分")))
    elif code in modules.by_code and code in parts.by_code:
        problems.add(
            path,
            msg("最后一个赛段里有模块也有部分叫“%(code)s”，分不清是哪个", code=code),
        )
