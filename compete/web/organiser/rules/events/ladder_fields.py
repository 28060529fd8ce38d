"""The ladder in the form of rules: the state's, one of the table as of that day, or one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from compete.domain.grades.ladder import NATIONAL, GradeError, Ladder, ladder_lines, read_ladder
from compete.domain.values.messages import Message
from compete.models import Event
from compete.services.directory.ladders.copies_in_events import (
    ladder_differs,
    ladder_to_take,
    ladders_offered,
    why_no_new_names,
)
from compete.services.rules.draft_fields import line, lines
from compete.services.rules.rules_draft import (
    RulesDraft,
)
from compete.web.language import say
from compete.web.shapes import choices

OWN = "own"


def with_ladder(form: Mapping[str, str], before: RulesDraft, draft: RulesDraft) -> RulesDraft:
    """The draft with the ladder that the form says.

    One of the table is copied when it is chosen, or chosen anew (`ladder.again`). What was typed
    counts where nothing else was chosen, so that nobody's text is lost for a list left as it was.
    """
    kept = replace(
        draft,
        ladder_source=before.ladder_source,
        ladder_name=before.ladder_name,
        ladder=before.ladder,
    )
    if "ladder" not in form:
        return kept
    was, name, text = ladder_chosen(before), line(form, "ladder.name"), lines(form, "ladder")
    wanted = form.get("ladder.from", OWN)
    if wanted == was and wanted != OWN and (text or name):
        wanted = OWN
    if wanted == OWN:
        if (name, text) == (before.ladder_name, before.ladder):
            return kept
        return replace(draft, ladder_source="", ladder_name=name, ladder=text)
    if not wanted:
        return replace(draft, ladder_source="", ladder_name="", ladder="")
    taken = None if wanted == was and "ladder.again" not in form else ladder_to_take(wanted)
    if taken is None:
        return kept
    return replace(
        draft,
        ladder_source=taken.source,
        ladder_name=taken.name,
        ladder=ladder_lines(taken),
    )


def ladder_card(event: Event, draft: RulesDraft, why: Message | None) -> dict[str, Any]:
    """Build the card of the ladder: the choices, the chosen one, and how it now differs."""
    chosen, taken = ladder_chosen(draft), _as_written(draft)
    now = ladder_differs(taken) if taken is not None and chosen not in ("", OWN) else None
    why = (why or why_no_new_names(event)) if now is not None else None
    offered = {row.key: row.name for row in ladders_offered()}
    if chosen not in ("", OWN):
        offered.setdefault(chosen, draft.ladder_name)
    return {
        "choices": choices({"": _("国家的：新八级工")} | offered | {OWN: _("自己写，写在下面")}),
        "chosen": chosen,
        "title": draft.ladder_name or (_("自己的") if draft.ladder else _("新八级工")),
        "rungs": _rising(taken) if taken is not None else "",
        "now": _rising(now) if now is not None else "",
        "now_name": now.name if now is not None else "",
        "stays": say(why) if why is not None else "",
        "own_name": draft.ladder_name if chosen == OWN else "",
        "own": draft.ladder if chosen == OWN else "",
        "example": ladder_lines(taken or NATIONAL, keys=False),
    }


def ladder_of_draft(draft: RulesDraft) -> Ladder:
    """Return a draft's ladder; the state's for none, or for one that is not valid."""
    return (_as_written(draft) if draft.ladder else None) or NATIONAL


def ladder_chosen(draft: RulesDraft) -> str:
    """The key of one that the table knows, `own`, or empty for the state's."""
    if not draft.ladder and not draft.ladder_name:
        return ""
    known = draft.ladder_source and ladder_to_take(draft.ladder_source) is not None
    return draft.ladder_source if known else OWN


def _as_written(draft: RulesDraft) -> Ladder | None:
    try:
        return read_ladder(draft.ladder_name, draft.ladder, draft.ladder_source)
    except GradeError:
        return None


def _rising(ladder: Ladder) -> str:
    return " → ".join(rung.face or rung.name for rung in ladder.rungs)
