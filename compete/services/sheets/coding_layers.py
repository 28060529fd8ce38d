"""Coding layers (加密): one to three of blind codes, each its coder's alone until two open them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import func, select

from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import Account, BlindCode, Competition, Entrant, Event, db, utc_now
from compete.services.accounts.access import may, parts_in
from compete.services.accounts.second_persons import SecondWord, require_second, why_not_second
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import Coding, change_settings, settings_of
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.rows_by_number import find
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.sheets.blind_codes import (
    codes_of,
    coding_settings,
    draw_blind_codes,
    drawn_codes,
)
from compete.services.sheets.counts import sheet_counts
from compete.services.sheets.locks_in_force import must_sign, sessions_of, standing_locks
from compete.services.sheets.sheet_lookup import is_allotted

MOST_LAYERS = 3
_SEATS = (Right.RULE, Right.OVERSEE)
_S = CompetitionState


@dataclass(frozen=True, slots=True)
class EventCoding:
    """The coding of a blind event: `drawn` codes for `people`, and who keeps them."""

    event: Event
    people: int
    drawn: int
    coding: Coding


@dataclass(frozen=True, slots=True)
class CodedPerson:
    """The holder of a code: a person, or in an inner layer the code of the layer before.

    `code` is of the `layer`, 0 where all of them are open: then it is the last one, and
    `chain` has those before it.
    """

    event: str
    layer: int
    code: str
    number: str
    name: str = ""
    unit: str = ""
    chain: tuple[str, ...] = ()


def coding_of(competition: Competition) -> list[EventCoding]:
    """List each blind event of the competition, with how many codes are drawn."""
    query = (
        select(Entrant.event_id, func.count())
        .where(Entrant.competition_id == competition.id, takes_part())
        .group_by(Entrant.event_id)
    )
    people = dict(db.session.execute(query).tuples().all())
    return [
        EventCoding(event, people.get(event.id, 0), len(drawn_codes(event)), coding_settings(event))
        for event in competition.events
        if event.blind
    ]


def set_keepers(event: Event, keepers: Sequence[str], by: Account) -> None:
    """Set the keeper of each layer, the outermost first; none: the codes are one layer that
    every coder and the organiser know.

    Other layers are drawn anew, which marking ends; then one coder may only follow another,
    and nobody who kept one layer gets another. Raises `Refused` where that is not to be.
    """
    with changing(event.competition) as competition:
        coding, wanted = coding_settings(event), tuple(keepers)
        if wanted == coding.keepers:
            return
        _require_coders(competition, wanted)
        begun = codes_are_out(event)
        if not event.blind:
            raise Refused(msg("这个赛项不是盲评"))
        if not coding.closed and coding.keepers:
            raise Refused(msg("已经解密了，不用再换加密裁判"))
        if begun and len(wanted) != len(coding.keepers):
            raise Refused(msg("已经有评分表，层数不能再改；加密裁判可以换人"))
        known = (*coding.before, coding.keepers) if begun else ()
        _require_one_layer_each(competition, known, wanted)
        _save(competition, event, Coding(wanted, known))
        before = {"keepers": list(coding.keepers)}
        after = {"keepers": list(wanted)}
        audit.record(competition, by, "blind.keepers", event.code, before=before, after=after)
        if not begun and _forget_codes(event):
            draw_blind_codes(event, by)


def draw_codes_anew(event: Event, reason: str, by: Account) -> None:
    """Draw codes anew of every layer, unknown to all, since somebody saw a list who must not.

    Raises `Refused` without a reason, and once sheets bear the codes.
    """
    with changing(event.competition) as competition:
        if not event.blind:
            raise Refused(msg("这个赛项不是盲评"))
        if codes_are_out(event):
            raise Refused(msg("评分表已经用这些加密号了，不能重抽；可以换加密裁判"))
        why = reason_text(reason, msg("理由没写"))
        if not _forget_codes(event):
            raise Refused(msg("还没有抽加密号"))
        audit.record(competition, by, "blind.anew", event.code, reason=why)
        draw_blind_codes(event, by)


def codes_are_out(event: Event) -> bool:
    """True if sheets bear the event's codes, or may: from then on they stay as they are."""
    return event.competition.state is not _S.REGISTERING or is_allotted(event)


def _forget_codes(event: Event) -> bool:
    """Forget the codes, in a unit of work; True if there were any."""
    known = list(db.session.scalars(select(BlindCode).where(BlindCode.event_id == event.id)))
    for row in known:
        db.session.delete(row)
    db.session.flush()
    return bool(known)


def _require_one_layer_each(
    competition: Competition, known: Sequence[Sequence[str]], wanted: Sequence[str]
) -> None:
    names = {judge.code: f"{judge.code} {judge.name}" for judge in competition.judges}
    for keepers in known:
        for layer, keeper in enumerate(keepers, 1):
            if keeper in wanted and wanted.index(keeper) + 1 != layer:
                raise Refused(
                    msg(
                        "%(who)s 保管过第 %(n)s 层，再保管别的一层就知道两层了，另选一个人",
                        who=names[keeper],
                        n=layer,
                    )
                )


def _require_coders(competition: Competition, wanted: Sequence[str]) -> None:
    coders = {judge.code for judge in competition.judges if judge.role is Role.CODER}
    if len(wanted) > MOST_LAYERS or not set(wanted) <= coders:
        raise invalid(msg("加密裁判从工作人员里选，最多三层"))
    if len(set(wanted)) < len(wanted):
        raise invalid(msg("一个加密裁判只能保管一层"))


def signed_to_lock(event: Event) -> bool:
    """True if a module of the event is locked only when every sheet is signed.

    Also where coders keep its codes: they are opened over signed sheets alone, and what is
    locked cannot be signed any more.
    """
    return must_sign(event.competition) or coding_settings(event).closed


def why_stay_closed(event: Event) -> Message | None:
    """Say why the codes of an event must not be opened yet, or None."""
    competition = event.competition
    if competition.state is _S.REGISTERING:
        return msg("还没开始评分，不能解密")
    counts = sheet_counts(competition)
    here = counts.narrowed(lambda place: place.event == event.id)
    if here.left:
        return msg("还有 %(n)s 张评分表没交，不能解密", n=here.left)
    if here.unsigned:
        return msg("还有 %(n)s 张评分表没签名，不能解密", n=here.unsigned)
    locks = {
        (lock.stage, lock.module, lock.session)
        for lock in standing_locks(competition)
        if lock.event_id == event.id
    }
    places = {(place.stage, place.module) for place in here.numbers}
    left = [
        module_title(event, stage.code, module.code)
        for stage in rules_of(event).stages
        for module in stage.modules
        if (stage.code, module.code) in places
        and (stage.code, module.code, None) not in locks
        and not _all_sessions(event, stage.code, module.code, locks)
    ]
    return msg("先锁定%(modules)s，再解密", modules=listed(left)) if left else None


def _all_sessions(
    event: Event, stage: str, module: str, locks: set[tuple[str, str, str | None]]
) -> bool:
    sessions = sessions_of(event, stage, module)
    return bool(sessions) and all((stage, module, session) in locks for session in sessions)


def seats_of(competition: Competition, by: Account) -> list[Right]:
    """The rights, of chief judge and supervisor, for which the account may speak."""
    return [right for right in _SEATS if may(by, competition, right)]


def ask_unblinding(event: Event, by: Account) -> None:
    """Ask, as chief judge or supervisor, for the codes to be opened; the other of them agrees."""
    with changing(event.competition) as competition:
        coding = _closed(event)
        if not seats_of(competition, by):
            raise Refused(msg("裁判长和监督才能解密"), kind=Refusal.FORBIDDEN)
        if coding.asked_by is not None:
            raise Refused(msg("已经提过了，等另一个人同意"))
        refuse_if(why_stay_closed(event))
        _save(
            competition, event, msgspec.structs.replace(coding, asked_by=by.id, asked_at=utc_now())
        )
        audit.record(competition, by, "blind.ask", event.code)


def drop_unblinding(event: Event, by: Account) -> None:
    """Drop the wish to open the codes."""
    with changing(event.competition) as competition:
        coding = _closed(event)
        if not seats_of(competition, by):
            raise Refused(msg("裁判长和监督才能解密"), kind=Refusal.FORBIDDEN)
        if coding.asked_by is None:
            raise Refused(msg("没有人提出解密"))
        _save(competition, event, Coding(coding.keepers, coding.before))
        audit.record(competition, by, "blind.drop", event.code)


def why_not_unblind(event: Event, by: Account) -> Message | None:
    """Say why who looks cannot be the second of two, or None."""
    coding, competition = coding_settings(event), event.competition
    asker = find(Account, coding.asked_by)
    if asker is None:
        return msg("没有人提出解密")
    if asker.id == by.id:
        return msg("这是你提的，要另一个人来确认")
    theirs, own = seats_of(competition, asker), seats_of(competition, by)
    if not any(person is not other for person in theirs for other in own):
        whose = msg("要裁判长和监督各一人")
        return replace(unblinding_word(event), whose=whose).why_not(by) or whose
    return why_not_second(asker.id, by)


def unblinding_word(event: Event) -> SecondWord:
    """The conditions of the second word: of chief judge and supervisor, the one who did not ask."""
    asker = find(Account, coding_settings(event).asked_by)
    chief = asker is not None and may(asker, event.competition, Right.RULE)
    right = Right.OVERSEE if chief else Right.RULE
    return SecondWord(event.competition, asker.id if asker else None, right=right)


def agree_unblinding(event: Event, by: Account) -> None:
    """The other of chief judge and supervisor agrees: from now on all layers are open."""
    with changing(event.competition) as competition:
        coding = _closed(event)
        kind = Refusal.FORBIDDEN if coding.asked_by else Refusal.CONFLICT
        refuse_if(why_not_unblind(event, by), kind)
        require_second(competition, coding.asked_by, by)
        refuse_if(why_stay_closed(event))
        _save(
            competition,
            event,
            msgspec.structs.replace(coding, agreed_by=by.id, agreed_at=utc_now()),
        )
        codes = {"codes": len(drawn_codes(event)), "layers": len(coding.keepers)}
        audit.record(competition, by, "blind.open", event.code, after=codes)


def _closed(event: Event) -> Coding:
    coding = coding_settings(event)
    if not coding.keepers:
        raise Refused(msg("这个赛项没有指定加密裁判，锁定评分就解密"))
    if not coding.closed:
        raise Refused(msg("已经解密了"))
    return coding


def _save(competition: Competition, event: Event, coding: Coding) -> None:
    known = settings_of(competition).coding
    change_settings(competition, coding={**known, event.code: coding})


def layers_for(event: Event, by: Account) -> list[int] | None:
    """The layers of the codes that somebody may see: None for all of them, with who is behind."""
    coding, competition = coding_settings(event), event.competition
    if coding.closed:
        own = {
            part.judge.code
            for part in parts_in(by, competition)
            if part.role is Role.CODER and part.judge is not None
        }
        return [layer for layer, keeper in enumerate(coding.keepers, 1) if keeper in own]
    opened = coding.keepers and bool(seats_of(competition, by))
    return None if opened or may(by, competition, Right.CODE) else []


def covered_codes(event: Event, layers: Sequence[int] | None) -> list[CodedPerson]:
    """List the content of these layers' codes, in order of what the coder is handed: that is what
    is looked up. Of all, what stands behind the last one, in order of the codes.
    """
    chains = codes_of(event)
    people = {
        row.id: row for row in db.session.scalars(select(Entrant).where(Entrant.id.in_(chains)))
    }
    coded = []
    for number, chain in chains.items():
        person = people[number]
        named = CodedPerson(event.name, 1, chain[0], person.code, person.name, person.unit.name)
        if layers is None:
            coded.append(replace(named, layer=0, code=chain[-1], chain=tuple(chain[-2::-1])))
        for layer in layers or ():
            if layer == 1:
                coded.append(named)
            elif layer <= len(chain):
                coded.append(CodedPerson(event.name, layer, chain[layer - 1], chain[layer - 2]))
    return sorted(coded, key=_looked_up)


def _looked_up(row: CodedPerson) -> tuple[int, int, str]:
    sought = row.number if row.layer else row.code
    return row.layer, len(sought), sought


def show_codes(competition: Competition, by: Account) -> list[CodedPerson]:
    """Show the codes of the blind events that who looks may know; the look is recorded."""
    shown: list[CodedPerson] = []
    for event in competition.events:
        if event.blind:
            shown += covered_codes(event, layers_for(event, by))
    with unit_of_work():
        audit.record(competition, by, "codes.show", competition.code, after={"codes": len(shown)})
    return shown
