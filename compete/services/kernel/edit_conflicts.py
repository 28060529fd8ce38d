"""Edit conflicts: refuse a save if somebody else changed the setting since the page opened.

A page that sets something says with its form which settings it showed, as marks. What the
request then changes is held against them, under the lock of the unit of work, so that the
later of two sees that there was an earlier one. Forms of values put the two
together (`merged`): what only one of the two changed is both theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import msg
from compete.models import Competition
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.clock import moment_words
from compete.services.kernel.fields import names_of, with_values
from compete.services.kernel.last_records import last_record
from compete.services.kernel.refusal import Refused

if TYPE_CHECKING:
    from compete.services.kernel.fields import Values


@dataclass(frozen=True, slots=True)
class _Shown:
    text: str
    action: str
    marks: Mapping[str, str]


_shown: ContextVar[_Shown | None] = ContextVar("shown", default=None)


class BothChangedError(Refused):
    """A conflict of two edits; `names` are of what both changed, `now` what stands.

    `merged` is what was wanted with all that the other alone changed.
    """

    def __init__(self, now: Any, merged: Any, names: Collection[str]) -> None:
        super().__init__(msg("你打开以后别人也改过，有不一样的，下面标出来了。选用谁的"))
        self.now, self.merged, self.names = now, merged, tuple(names)


def shown_settings(competition: Competition, action: str, *names: str) -> str:
    """The form's mark of the settings that it shows; `action` is the record of changing them
    (several with commas between).

    What is shown again, since something else was refused, was seen no later than before.
    """
    shown = _shown.get()
    if shown is not None and shown.action == action:
        return shown.text
    marks = (f"{name}:{short_mark(competition.settings.get(name))}" for name in names)
    return " ".join((action, *marks))


def page_showed(text: str) -> None:
    """Take note of what this request's form showed; nothing for a request without one."""
    if not text:
        _shown.set(None)
        return
    action, *marks = text.split(" ")
    pairs = (mark.split(":", 1) for mark in marks if ":" in mark)
    _shown.set(_Shown(text, action, dict(pairs)))


def refuse_overwriting(competition: Competition, wanted: Mapping[str, Any]) -> None:
    """Raise `Refused` (CONFLICT) where the page showed other settings than those that stand."""
    shown = _shown.get()
    if shown is None:
        return
    stood = {name: competition.settings.get(name) for name in shown.marks if name in wanted}
    if not any(
        short_mark(now) != shown.marks[name] and now != wanted[name] for name, now in stood.items()
    ):
        return
    # The page that tells so has been told what stands.
    _shown.set(None)
    last = last_record(competition, shown.action.split(","))
    if last is None:
        raise Refused(
            msg(
                "你打开这一页以后别人改过这里，所以没有存。"
                "要用他的，重新打开这一页；要用你的，再存一次"
            )
        )
    raise Refused(
        msg(
            "你打开这一页以后，%(who)s %(at)s 改过这里，所以没有存。"
            "要用他的，重新打开这一页；要用你的，再存一次",
            who=signer_words(last.actor),
            at=moment_words(last.at),
        )
    )


def merged(was: Values, wanted: Values, now: Values) -> Values:
    """Merge what is wanted with what somebody else changed since `was` was shown.

    Raises `BothChangedError` where both changed one and the same, and otherwise.
    """
    mine = [name for name in names_of(wanted) if getattr(wanted, name) != getattr(was, name)]
    both = [
        name
        for name in mine
        if getattr(now, name) not in (getattr(was, name), getattr(wanted, name))
    ]
    together = with_values(now, **{name: getattr(wanted, name) for name in mine})
    if both:
        raise BothChangedError(now, together, both)
    return together
