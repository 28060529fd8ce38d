"""The words about one kind of job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from compete.domain.values.rights import Right
from compete.models import Job


@dataclass(frozen=True)
class JobFace:
    """A kind of job: `area` of the desk, its title, and the message when it is done.

    `done` gives the sentence and the address of the page that shows the result,
    `back` the address from which it was asked for. Without `done` its own page shows it.
    """

    area: str
    title: Callable[[Job], str]
    back: Callable[[Job], str]
    right: Right
    """The right to stop it; whoever asked for it may as well."""
    done: Callable[[Job], tuple[str, str]] | None = None
    stayed: Callable[[Job], str] = lambda _job: _("什么都没有写入")
    """Says what a stopped job has done so far."""
