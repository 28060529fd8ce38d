"""Forms whose values two people may change at once: what each saw, and whose is taken.

A form carries what it showed (`was`). Where both changed the same, the page shows the other's
beside it and asks whose counts; each answer comes with the form (`settle`), and says it of what
the page showed of the other's (`theirs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from flask_babel import gettext as _

from compete.models import AuditEntry, Competition
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.edit_conflicts import BothChangedError
from compete.services.kernel.fields import names_of, with_values
from compete.services.kernel.last_records import last_record
from compete.web.language import say
from compete.web.templating import moment

if TYPE_CHECKING:
    from compete.services.kernel.fields import Values

_MINE, _THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """A field that both changed: `sentence` tells the other's value, who and when."""

    sentence: str
    mine: str
    """The value that the buttons send."""
    theirs: str


def carried(values: Any) -> str:
    """Values as a form carries them."""
    return msgspec.json.encode(values).decode()


def settle(form: Mapping[str, str], wanted: Values) -> tuple[Values, Values | None]:
    """Return the wanted values after the choice, and those the page showed (None: unknown)."""
    was, theirs = _read(form, "was", wanted), _read(form, "theirs", wanted)
    whose, _colon, name = form.get("settle", "").partition(":")
    if was is not None and theirs is not None and name in names_of(wanted):
        his = {name: getattr(theirs, name)}
        was = with_values(was, **his)
        if whose == _THEIRS:
            wanted = with_values(wanted, **his)
    return wanted, was


def values_on_page(error: BothChangedError, was: Values) -> Values:
    """Return the values that the page of a conflict has shown; of the rest, the present ones."""
    seen: Values = with_values(error.now, **{name: getattr(was, name) for name in error.names})
    return seen


def whose(
    competition: Competition, action: str, error: BothChangedError, words: Mapping[str, str]
) -> dict[str, Whose]:
    """Return the questions by field; `words` has present values, `action` is who changes it."""
    return whose_since(last_record(competition, [action]), error, words)


def whose_since(
    last: AuditEntry | None, error: BothChangedError, words: Mapping[str, str]
) -> dict[str, Whose]:
    """Return the questions by field, where the record of the other's change is known, or none."""
    return {
        name: Whose(
            sentence=_change_words(last, words[name]),
            mine=f"{_MINE}:{name}",
            theirs=f"{_THEIRS}:{name}",
        )
        for name in error.names
    }


def _change_words(last: AuditEntry | None, value: str) -> str:
    if last is None:
        return _("现在是“%(text)s”", text=value)
    at: datetime = last.at
    return _(
        "%(who)s %(at)s 改成“%(text)s”",
        who=say(signer_words(last.actor)),
        at=moment(at),
        text=value,
    )


def _read(form: Mapping[str, str], name: str, like: Values) -> Values | None:
    try:
        read: Values = msgspec.json.decode(form.get(name, ""), type=type(like))
    except (msgspec.DecodeError, RecursionError):
        return None
    return read
