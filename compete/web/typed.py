"""Forms that are saved as they are typed: what the script learns beside the page.

The script (static/js/organiser/typed) sends the form as its button would, and reads the page that
comes back. Where somebody else was earlier, the page tells who set what (`last_changes`).
"""

from __future__ import annotations

from typing import TypedDict

from flask import Flask, g, request

from compete.models import AuditEntry
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.last_records import newest_records
from compete.web.language import say
from compete.web.templating import moment_in_sentence

HEADER = "X-Typed"


class ChangeJson(TypedDict):
    """One record of changing what a form shows; no `names`: it may be any of its fields."""

    who: str
    at: str
    names: list[str]


def is_typed() -> bool:
    """True if nobody pressed a button: what binds or tells others waits until somebody does."""
    return request.headers.get(HEADER) == "1"


def last_changes(actions: str, subject: str | None = None) -> list[ChangeJson]:
    """List the changes of what this competition's form shows, by whom, the newest first.

    `actions` are the records of changing it, several with commas between.
    """
    records = newest_records(g.competition, actions.split(","), subject)
    return [
        ChangeJson(
            who=say(signer_words(row.actor)), at=moment_in_sentence(row.at), names=_names(row)
        )
        for row in records
    ]


def _names(row: AuditEntry) -> list[str]:
    before, after = row.before, row.after
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    return [name for name in after if name not in before or before[name] != after[name]]


def init_app(app: Flask) -> None:
    """Give the templates what their forms carry."""
    app.jinja_env.globals["last_changes"] = last_changes
