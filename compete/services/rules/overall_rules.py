"""Tables over several events: set by one before judging begins, by three once it has.

Checked as a file is. Until chief judge and supervisor have agreed nothing is added up by the
tables that were asked for, and nobody is told which delegation they would move; whom they moved
is kept once they are in force.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.version_types import dialect_of, lacking
from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import (
    AskedTables,
    MovedTables,
    change_settings,
    settings_of,
)
from compete.services.kernel.refusal import Refusal, Refused, refuse_if
from compete.services.kernel.text_limits import is_storable, reason_text
from compete.services.kernel.transactions import changing
from compete.services.kernel.versions import is_writing
from compete.services.rules.asked_tables import TablesChange, waiting_tables
from compete.services.rules.changes import (
    NoLongerFitsError,
    Seat,
    may_withdraw,
    open_seats,
    require_seat,
    seat_word,
)
from compete.services.rules.overall_draft import OverallDraft, overall_drafts, overall_trees
from compete.services.rules.rules_saving import (
    LONGEST_NAME,
    RulesRefused,
    read_as_file,
    refuse_stale,
    stored_tables,
)
from compete.services.rules.taking_effect import (
    MovedBesides,
    NamedBesides,
    moved_in_tables,
    named_besides,
)
from compete.services.scoring.live import live_by_new_rules, live_results, standing_of
from compete.services.sheets.blind_codes import may_see_names

_SUBJECT = "overall"
_WAITS = msg("已经有一份改动在等裁判长和监督，有了结果才能再提")


def tables_in_force(competition: Competition) -> tuple[OverallDraft, ...]:
    """The tables in force as the form shows them."""
    return overall_drafts(stored_tables(competition))


def tables_mark(competition: Competition) -> str:
    """The mark of the tables that stand, by which a form says what it showed."""
    return short_mark(stored_tables(competition))


def says_tables(competition: Competition) -> bool:
    """True if the competition's file can have tables."""
    return "overall" not in lacking(dialect_of(competition.format, competition.kind), Bundle)


def tables_take_two(competition: Competition) -> bool:
    """True once chief judge and supervisor have to agree."""
    return competition.state is not CompetitionState.REGISTERING


def why_tables_stay(competition: Competition) -> Message | None:
    """Say why no other tables can be set or asked for, or None."""
    if not says_tables(competition):
        return msg("总表要竞赛文件第 2 版，这场竞赛用的是第 1 版")
    if competition.state not in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        return msg("评分已经锁定，先在竞赛首页解锁，再提出改总表")
    return None if waiting_tables(competition) is None else _WAITS


def checked_tables(
    competition: Competition, drafts: Sequence[OverallDraft]
) -> list[dict[str, Any]]:
    """The drafts as tables that a file could say.

    Raises `RulesRefused` with all that keeps them from that, placed as in a file: `overall[0].by`.
    """
    trees = overall_trees(drafts, stored_tables(competition))
    problems = list(_odd(drafts))
    tables: list[dict[str, Any]] = []
    if trees:
        events = [event.rules.definition for event in competition.events]
        try:
            bundle = read_as_file(competition, events, trees)
        except BundleError as error:
            problems += error.problems
        else:
            tables = json.loads(msgspec.json.encode(bundle.overall))
    if problems:
        raise RulesRefused(problems)
    return tables


def _odd(drafts: Sequence[OverallDraft]) -> Iterator[Problem]:
    """Find what a file may say and a form may not."""
    seen = set[str]()
    for n, draft in enumerate(drafts):
        path = f"overall[{n}].name"
        if not draft.name:
            yield Problem(path, msg("名称要写"))
        elif len(draft.name) > LONGEST_NAME:
            yield Problem(path, msg("最多 %(most)s 个字", most=LONGEST_NAME))
        elif not is_storable(draft.name):
            yield Problem(path, msg("有看不见的字符，请删掉再试"))
        elif draft.name in seen:
            yield Problem(path, msg("已经有叫“%(name)s”的总表", name=draft.name))
        seen.add(draft.name)


def save_tables(
    competition: Competition, drafts: Sequence[OverallDraft], seen: str, by: Account
) -> bool:
    """Make the drafts the tables of the competition; whether anything changed.

    `seen` is the mark of the tables that the form showed. Raises `RulesRefused` with all that a
    file could not say either, `Refused` once it takes two and where somebody saved meanwhile.
    """
    with changing(competition) as competition:
        _require_open(competition, seen)
        if tables_take_two(competition):
            raise Refused(msg("评分已经开始，改总表要裁判长和监督同意"))
        before, after = stored_tables(competition), checked_tables(competition, drafts)
        if before == after:
            return False
        _put_tables(competition, after)
        _note(competition, by, "overall.rules", before=before, after=after)
    return True


def ask_tables(
    competition: Competition, drafts: Sequence[OverallDraft], seen: str, reason: str, by: Account
) -> TablesChange | None:
    """Write down what the tables are to be; None where they are what they were.

    Raises `Refused` as `save_tables` does, and (INVALID) without a reason.
    """
    with changing(competition) as competition:
        _require_open(competition, seen)
        if not tables_take_two(competition):
            raise Refused(msg("评分还没开始，总表直接改就行"))
        before, after = stored_tables(competition), checked_tables(competition, drafts)
        if before == after:
            return None
        why = reason_text(reason, msg("写明为什么改总表"))
        asked = AskedTables(
            by=by.id, at=utc_now(), why=why, tables=tuple(after), base=short_mark(before)
        )
        change_settings(competition, asked_tables=asked)
        _note(competition, by, "overall.rules.ask", before=before, after=after, reason=why)
        return waiting_tables(competition)


def why_tables_not_fit(change: TablesChange) -> list[Message]:
    """Say why they cannot take effect as things stand now, a sentence each."""
    competition = change.competition
    if competition.state is not CompetitionState.JUDGING:
        return [msg("评分已经锁定，总表不变；先解锁评分")]
    if tables_mark(competition) != change.base:
        return [msg("提出以后总表又变过：撤回，照现在的再提一次")]
    try:
        checked_tables(competition, overall_drafts(change.wanted))
    except RulesRefused as refused:
        return [problem.message for problem in refused.problems]
    return []


def agree_tables(competition: Competition, seat: Seat, by: Account, *, seen: str) -> bool:
    """Agree as chief judge or supervisor; whether the tables are in force, by the second of them.

    `seen` is the mark of what the page showed. Raises `Refused` for who asked, who agreed already,
    who counts as one of them or has no right to, `NoLongerFitsError` where rules became others.
    """
    # What stands now is read and worked out before others' writing has to wait.
    waiting = waiting_tables(competition)
    last = waiting is not None and len(open_seats(waiting)) == 1
    standing = standing_of(competition) if last and not is_writing() else None
    with changing(competition) as competition:
        change = _shown(competition, seen)
        require_seat(change, seat, by)
        if why := why_tables_not_fit(change):
            raise NoLongerFitsError(why)
        if len(open_seats(change)) > 1:
            asked = settings_of(competition).asked_tables
            assert asked is not None
            agreed = {f"{seat.value}_by": by.id, f"{seat.value}_at": utc_now()}
            change_settings(competition, asked_tables=msgspec.structs.replace(asked, **agreed))
            audit.record(competition, by, "overall.rules.agree", _SUBJECT, after={"as": seat.value})
            return False
        before, was = stored_tables(competition), live_results(competition)
        _put_tables(competition, list(change.wanted))
        moves = moved_in_tables(was, live_by_new_rules(competition, standing))
        kept = tuple(msgspec.to_builtins(move) for move in moves)
        moved = MovedTables(at=utc_now(), why=change.reason, moves=kept)
        change_settings(competition, asked_tables=None, moved_tables=moved)
        seats = {Seat.CHIEF: change.chief or by, Seat.SUPERVISOR: change.supervisor or by}
        audit.record(
            competition,
            by,
            "overall.rules.change",
            _SUBJECT,
            before={"overall": before},
            after={
                "overall": list(change.wanted),
                "moved": len({move.holder for move in moves}),
                "asked": audit.signer(change.asker),
                **{place.value: audit.signer(who) for place, who in seats.items()},
            },
            reason=change.reason,
            bends=True,
        )
    return True


@dataclass(frozen=True, slots=True)
class TablesMoved:
    """The units whom the last change of the tables moved, when and why."""

    at: datetime
    reason: str
    moves: list[MovedBesides]


def tables_moved(competition: Competition) -> TablesMoved | None:
    """Whom the last change that two agreed to moved; None where there was none."""
    moved = settings_of(competition).moved_tables
    if moved is None:
        return None
    moves = [msgspec.convert(move, MovedBesides) for move in moved.moves]
    return TablesMoved(moved.at, moved.why, moves)


def named_moves(competition: Competition, by: Account) -> list[NamedBesides] | None:
    """Name the units that it moved; None for who may not see names yet, or without a change."""
    moved = tables_moved(competition)
    if moved is None or not may_see_names(competition, competition.events, by):
        return None
    return named_besides(competition, moved.moves)


def refuse_tables(
    competition: Competition, seat: Seat, why: str, by: Account, *, seen: str
) -> None:
    """Refuse as chief judge or supervisor, and say why (INVALID without): the tables stay."""
    with changing(competition) as competition:
        change = _shown(competition, seen)
        seat_word(change, seat).require(by)
        reason = reason_text(why, msg("写明为什么不同意"))
        change_settings(competition, asked_tables=None)
        audit.record(competition, by, "overall.rules.refuse", _SUBJECT, reason=reason)


def withdraw_tables(competition: Competition, by: Account, *, seen: str) -> None:
    """Take them back by who asked, or by another organiser where that one is none any more.

    `Refused` (FORBIDDEN) for others.
    """
    with changing(competition) as competition:
        change = _shown(competition, seen)
        if not may_withdraw(change, by):
            raise Refused(msg("提出的人才能撤回"), kind=Refusal.FORBIDDEN)
        change_settings(competition, asked_tables=None)
        audit.record(competition, by, "overall.rules.withdraw", _SUBJECT)


def _require_open(competition: Competition, seen: str) -> None:
    refuse_if(why_tables_stay(competition))
    if seen != tables_mark(competition):
        refuse_stale(competition, ("overall.rules", "overall.rules.change"), _SUBJECT)


def _shown(competition: Competition, seen: str) -> TablesChange:
    change = waiting_tables(competition)
    if change is None or change.mark != seen:
        raise Refused(msg("没有等着同意的，请刷新"))
    return change


def _put_tables(competition: Competition, tables: Sequence[Mapping[str, Any]]) -> None:
    """Make these the tables; inside a unit of work."""
    extra = {key: it for key, it in (competition.extra or {}).items() if key != "overall"}
    competition.extra = extra | ({"overall": list(tables)} if tables else {}) or None
    db.session.flush()


def _note(
    competition: Competition,
    by: Account,
    action: str,
    *,
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    reason: str | None = None,
) -> None:
    audit.record(
        competition,
        by,
        action,
        _SUBJECT,
        before={"overall": list(before)},
        after={"overall": list(after)},
        reason=reason,
    )
