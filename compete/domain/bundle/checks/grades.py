"""Checks of grade rules: what they ask about is there, and they grant something."""

from typing import Any

from compete.domain.bundle.checks.amounts import note_below_zero
from compete.domain.bundle.checks.codes import Codes, note_reference, note_repeats, nowhere
from compete.domain.bundle.checks.items import ANY
from compete.domain.bundle.checks.ties import Names
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.grade_types import GradeRule, Grant, When
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.values.messages import listed, msg


def note_grades(event: Event, names: Names, units: Codes, path: str, problems: Problems) -> None:
    """Problems of an event's rules, or of the name of its rule pack, at `path`."""
    if isinstance(event.grades, str):
        _note_pack(event.grades, path, problems)
        return
    note_repeats(event.grades, path, problems)
    for index, rule in enumerate(event.grades):
        if rule is not UNREADABLE:
            _note_when(rule.when, event, names, f"{path}[{index}].when", problems)
            _note_under(rule, units, f"{path}[{index}].when.under", problems)
            _note_grant(rule.grant, f"{path}[{index}].grant", problems)


def _note_pack(name: str, path: str, problems: Problems) -> None:
    from compete.domain.bundle.packs.named import pack_names

    known = list(pack_names())
    if name not in known:
        problems.add(
            path,
            msg(
                "没有叫“%(name)s”的规则包，可以用：%(names)s",
                name=name,
                names=listed(known),
            ),
        )


def _note_when(when: When, event: Event, names: Names, path: str, problems: Problems) -> None:
    awards, items = Codes(event.awards), Codes(event.items)
    for index, code in enumerate(when.awards):
        note_reference(code, awards, f"{path}.awards[{index}]", "awards", problems)
    if when.item is not None and when.item.code != ANY:
        note_reference(when.item.code, items, f"{path}.item.code", "items", problems)
    note_below_zero(when.top_percent, f"{path}.top_percent", problems)
    if not isinstance(when.pass_modules, str):
        for index, code in enumerate(when.pass_modules or ()):
            _note_passed(code, names, f"{path}.pass_modules[{index}]", problems)


def _note_passed(code: Any, names: Names, path: str, problems: Problems) -> None:
    """Note a module or part that is to be passed but has no pass mark."""
    if not names.whole or code is UNREADABLE or code in names.with_pass:
        return
    if names.has("module", code) or names.has("part", code):
        problems.add(path, msg("“%(code)s”没有及格线（pass）", code=code))
    else:
        problems.add(path, nowhere(code, msg("这个赛项的模块和部分")))


def _note_under(rule: GradeRule, units: Codes, path: str, problems: Problems) -> None:
    for index, code in enumerate(rule.when.under):
        note_reference(code, units, f"{path}[{index}]", "units", problems)


def _note_grant(grant: Grant, path: str, problems: Problems) -> None:
    """Note a grant that is no grade by `to` or by `up`, and no titles."""
    if UNREADABLE in (grant, grant.to, grant.up, grant.titles):
        return
    if grant.to is not None and grant.up is not None:
        problems.add(path, msg("to 和 up 只能写一个"))
    elif grant.to is None and grant.up is None and not grant.titles:
        problems.add(path, msg("要写 to、up 或 titles，否则这条规则什么也不给"))
