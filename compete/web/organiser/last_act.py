"""The last act on a page: told, with the button that undoes it, and undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.last_records import LastDone
from compete.web.language import say
from compete.web.posted import posted_text
from compete.web.templating import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAct:
    """The last change on a page, with the press that undoes it.

    `why_not`: why it cannot be; `undo_url` (post, with `mark` as `change`).
    """

    said: str
    why_not: str
    mark: str
    undo_url: str


def last_act(last: LastDone, text: str, undo_url: str) -> LastAct:
    """Describe the last act, in a sentence that leaves room for when and by whom."""
    return LastAct(
        said=text,
        why_not=say(last.why_not) if last.why_not else "",
        mark=last.mark,
        undo_url=undo_url,
    )


def when_and_who(last: LastDone) -> dict[str, str]:
    """Return the values of such a sentence: `at` and `who`."""
    return {"at": moment(last.at), "who": say(signer_words(last.by))}


def undone(undo: Callable[..., Any], endpoint: str, **of: Any) -> ResponseReturnValue:
    """Take back what the page showed as the last act, and say so on the page.

    `undo` is given what was shown and by whom; `of` is what the page's address names.
    """
    undo(posted_text("change"), current_user)
    flash(_("撤销了，还和那以前一样"), "ok")
    return redirect(url_for(endpoint, **of))
