"""Old rules beside new ones, and what became of a change that others have to agree to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _

from compete.domain.values.period_states import CorrectionState
from compete.models import LabourRuleChange, RuleChange
from compete.web.shapes import Chip
from compete.web.templating import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One thing that is other than before; `was` or `now` is empty where there is none."""

    what: str
    part: str
    """The changed part: its maximum, its department; empty for the whole."""
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceGroup:
    """Differences of a kind: indicators, periods, settings, units."""

    title: str
    rows: Sequence[DifferenceRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A change that was asked for, in the list of them."""

    title: str
    url: str
    state: Chip
    said: str


class Said(NamedTuple):
    """A thing of the rules: its name, and the words of each part."""

    name: str
    parts: Mapping[str, str]


def difference_rows(was: Mapping[str, Said], now: Mapping[str, Said]) -> list[DifferenceRow]:
    """List what is new, gone or different, by codes: the present first, then the gone."""
    rows: list[DifferenceRow] = []
    for code in [*now, *(code for code in was if code not in now)]:
        if code not in was:
            rows.append(difference(now[code].name, _("新加的"), "", _whole(now[code])))
        elif code not in now:
            rows.append(difference(was[code].name, _("去掉的"), _whole(was[code]), ""))
        else:
            old, new = was[code].parts, now[code].parts
            rows += [
                difference(now[code].name, part, old.get(part, ""), new.get(part, ""))
                for part in [*new, *(part for part in old if part not in new)]
                if old.get(part, "") != new.get(part, "")
            ]
    return rows


def difference(what: str, part: str, was: str, now: str) -> DifferenceRow:
    """Return one row."""
    return DifferenceRow(what=what, part=part, was=was, now=now)


def asked_chip(state: CorrectionState, waits: str, why: str | None) -> Chip:
    """Show the state of a change in a coloured frame; `why` comes with a refusal."""
    match state:
        case CorrectionState.ASKED:
            return Chip(text=waits, kind="warn", icon="clock")
        case CorrectionState.AGREED:
            return Chip(text=_("已生效"), kind="ok", icon="check-circle")
    if why is None:
        return Chip(text=_("已撤回"), kind="", icon="undo")
    return Chip(text=_("没同意"), kind="bad", icon="ban")


def replaced_chip(now: int) -> Chip:
    """Say of a replaced version which one is in force now."""
    return Chip(text=_("已被换下，现在是第 %(n)s 版", n=now), kind="", icon="undo")


def asked_words(who: str, at: datetime, why: str) -> str:
    """Say who asked for a change, when and why."""
    return _("%(who)s %(at)s 提出：%(why)s", who=who, at=moment(at), why=why)


def ended_words(change: RuleChange | LabourRuleChange, agreed: str) -> list[str]:
    """Say who asked for a change and who ended it, when, why; `agreed` is said once it holds."""
    said = [_("%(who)s %(at)s 提出", who=change.asker.name, at=moment(change.asked_at))]
    if change.ender is None:
        return said
    who, at = change.ender.name, moment(change.ended_at)
    if change.state is CorrectionState.AGREED:
        said.append(agreed)
    elif change.ended_why is not None:
        said.append(_("%(who)s %(at)s 没同意：%(why)s", who=who, at=at, why=change.ended_why))
    else:
        said.append(_("%(who)s %(at)s 撤回", who=who, at=at))
    return said


def _whole(said: Said) -> str:
    """Return all of a thing but its name, which stands before it."""
    return _("；").join(
        _("%(part)s：%(words)s", part=part, words=words)
        for part, words in said.parts.items()
        if words and words != said.name
    )
