"""Public re-checks: the published counts of sheets and wrong ones, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from compete.domain.bundle.types import Bundle
from compete.domain.recheck import Ruling
from compete.domain.values.days import date_words
from compete.domain.values.instants import instant_text, read_instant
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import HANDED_IN
from compete.models import AuditEntry, Competition, Entrant, Event, Sheet, db
from compete.services.closing.recheck_scope import recheck_settings
from compete.services.closing.recheck_state import (
    RecheckStanding,
    judged_stages,
    recheck_round,
    recheck_state_of,
)
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.clock import local_time
from compete.services.kernel.last_records import newest_records
from compete.services.kernel.public_reasons import masked_words
from compete.services.results.bends import put_beside, reasoned

KEY = "recheck"
"""The key of the re-check in the `extra` of what is published."""
_SET = ("competition.agree_terms", "recheck.settings")


def with_recheck(bundle: Bundle, competition: Competition) -> Bundle:
    """The bundle to publish, with a row of re-checks for each stage that was judged."""
    return put_beside(bundle, KEY, [] if bundle.labour else _rows(competition))


def recheck_lines(
    bundle: Bundle, competition: Competition, event: str | None = None
) -> list[Message]:
    """The published sentences on re-checks, of one `event` alone: one for each stage.

    What was published before reasons were masked is masked as it is read.
    """
    extra = bundle.extra if isinstance(bundle.extra, dict) else {}
    rows: Sequence[dict[str, Any]] = extra.get(KEY, ())
    return [
        _line(row | ({"why": masked_words(row["why"], competition)} if row.get("why") else {}))
        for row in rows
        if event in (None, row["event"])
    ]


def live_recheck_lines(competition: Competition) -> list[Message]:
    """The same as it stands now."""
    return [_line(row) for row in _rows(competition)]


def _rows(competition: Competition) -> list[dict[str, Any]]:
    return [_row(event, stage.code, stage.name) for event, stage in judged_stages(competition)]


def _row(event: Event, stage: str, name: str) -> dict[str, Any]:
    of = {"event": event.code, "stage": stage, "name": name}
    round = recheck_round(event, stage)
    if round is None:
        return of | _waived(event.competition)
    lines = recheck_state_of(round).lines
    drawn = newest_records(event.competition, ["recheck.draw"], f"{event.code}/{stage}", most=1)
    by = drawn[0].after.get("said_by") if drawn and isinstance(drawn[0].after, dict) else None
    row = of | {
        "checked": sum(line.standing is not RecheckStanding.WAITING for line in lines),
        "sheets": _sheets(event, stage),
        "wrong": sum(line.entry.ruling is Ruling.ERROR for line in lines),
        "seed": round.seed,
    }
    return row | ({"said": round.seed_from, "said_by": by} if round.seed_from else {})


def _sheets(event: Event, stage: str) -> int:
    query = (
        select(func.count(Sheet.id))
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == event.id, Sheet.stage == stage, Sheet.state.in_(HANDED_IN))
    )
    return db.session.scalar(query) or 0


def _waived(competition: Competition) -> dict[str, Any]:
    """The waiver of the re-check: who and why; nobody where the level does not ask for one."""
    if recheck_settings(competition).required:
        return {"waived": False}
    for record in newest_records(competition, _SET):
        after = record.after if isinstance(record.after, dict) else {}
        waiver = after.get("recheck") if record.action == "competition.agree_terms" else after
        if isinstance(waiver, dict) and waiver.get("required") is False:
            why = masked_words(record.reason, competition) if record.reason else ""
            who = _actor_fields(record, after)
            of = {"waived": True, "at": instant_text(record.at), **who}
            return of | ({"why": why} if why else {})
    return {"waived": True}


def _actor_fields(record: AuditEntry, after: dict[str, Any]) -> dict[str, str]:
    asked = {"asked": after["asked"]} if after.get("asked") else {}
    return {"who": record.actor, **asked}


def _line(row: dict[str, Any]) -> Message:
    name = row.get("name", "")
    if "checked" in row:
        sentence = msg(
            "%(stage)s：复核 %(n)s / %(of)s 张，原表有误 %(wrong)s 张",
            stage=name,
            n=row["checked"],
            of=row["sheets"],
            wrong=row["wrong"],
        )
        if not row.get("said_by"):
            return sentence
        return msg(
            "%(what)s；抽签的数由监督%(who)s报", what=sentence, who=signer_words(row["said_by"])
        )
    at = read_instant(row.get("at"))
    if at is None:
        return msg("%(stage)s：没有复核", stage=name)
    who = signer_words(row.get("who", ""))
    if row.get("asked"):
        who = msg("%(asked)s提出，%(who)s同意", asked=signer_words(row["asked"]), who=who)
    sentence = msg(
        "%(stage)s：免复核（%(who)s，%(day)s）", stage=name, who=who, day=date_words(local_time(at))
    )
    return reasoned(sentence, row.get("why"))
