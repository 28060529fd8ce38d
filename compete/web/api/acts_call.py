"""`POST /api/acts`, as far as both ways in have it in common: the view and the short way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import msgspec

from compete.domain.values.states import HANDED_IN
from compete.models import utc_now
from compete.services.backups.generations import Standing, met_by, standing
from compete.services.judging.act_batches import Seat, Sender, take_batch
from compete.services.judging.act_intake import Taken
from compete.services.judging.tablet_data import AnswerData
from compete.services.kernel.audit import End, SetBackError
from compete.services.sheets.act_rules import ActIn
from compete.web.api.rate_limit import MOST_A_MINUTE, RateLimit
from compete.web.judge.sheet_json import AnswerOfHandedIn, AnswerOfShared, short_answer
from compete.web.language import say

ADDRESS = "/api/acts"
OUTCOME = "compete.outcome"
"""The key in the WSGI environment that hands the fast path's outcome to the view."""

rate_limit = RateLimit(MOST_A_MINUTE)


class Batch(msgspec.Struct):
    """The body of a call."""

    acts: list[ActIn]


Outcome = tuple[Taken, Sender] | Exception
"""The outcome of a call's acts; the fault, if there was one."""
_watchers: list[Callable[[int], object]] = []


class When(Standing):
    """The moment of an answer, and how far the database is that gave it."""

    now: str


class RefusedAct(TypedDict):
    """An act that was not held; `reason` in the reader's language."""

    uuid: str
    reason: str


class Told(When):
    """The answer."""

    held: list[str]
    """The acts that are stored, now or before."""
    refused: list[RefusedAct]
    sheets: dict[str, AnswerData | AnswerOfShared | AnswerOfHandedIn]


def when(competition_id: int, end: End | None = None) -> When:
    """Return the server's time for a tablet's watch, and how far its database is."""
    return {"now": utc_now().isoformat(), **standing(competition_id, end)}


def outcome_of(
    session_id: str, batch: Batch, named: Callable[[Seat], bool], reached: str | None
) -> Outcome:
    """Take the acts in, in the name of the session's seat that is `named`.

    `reached` is how far the tablet knows the server to have been. One that has yet to meet this
    generation sends everything again, oldest first: what it brings now would come before it.
    """

    def take() -> tuple[Taken, Sender]:
        met = met_by(reached)
        acts = [] if met.is_of_another else batch.acts
        return take_batch(session_id, acts, named, met.reached)

    try:
        try:
            taken, sender = take()
        except SetBackError:
            # Between the two another database took the place: now it is noticed.
            taken, sender = take()
        for watcher in _watchers:
            watcher(len(taken.stored))
        return taken, sender
    except Exception as fault:
        return fault


def watch_acts(watcher: Callable[[int], object]) -> None:
    """Let `watcher` hear how many acts each call brought; of one application in a process."""
    _watchers[:] = [watcher]


def is_wordless(taken: Taken) -> bool:
    """True if the answer holds no words in the reader's language, and nothing of other judges."""
    return not taken.refused and not any(
        sheet.row.state in HANDED_IN or sheet.is_shared for sheet in taken.sheets.values()
    )


def answer_body(taken: Taken, sender: Sender) -> bytes:
    """Build the answer's body: stored acts count as held; each refusal has its reason."""
    content: Told = {
        "held": taken.stored,
        "refused": [{"uuid": uuid, "reason": say(reason)} for uuid, reason in taken.refused],
        "sheets": {
            public_id: short_answer(sheet, sender.id) for public_id, sheet in taken.sheets.items()
        },
        **when(taken.competition_id, taken.end),
    }
    return msgspec.json.encode(content)
