"""Small contest (小比武): of one day with one event and no grades, made and opened at once.

Who takes part and what is marked are pasted lines; it is published with its certificates, and
corrected by one person."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import select

from compete.domain.aspects.types import Aspect, AspectType
from compete.domain.bundle import event_types
from compete.domain.bundle.types import Bundle
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.rights import Right
from compete.domain.values.states import COMPETITION_MOVES, HANDED_IN, CompetitionState, move
from compete.models import (
    Account,
    Act,
    AuditEntry,
    Certificate,
    Competition,
    Decision,
    Entrant,
    Judge,
    Membership,
    Sheet,
    db,
    utc_now,
)
from compete.services.accounts.access import may
from compete.services.accounts.accounts import account_of_judge, known_account_of
from compete.services.accounts.sign_in_cards import cancel_cards, issue_card, use_card
from compete.services.certificates.award_certificates import awards_due, issue_award_certificates
from compete.services.certificates.settling import settle_by_results
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.module_locks import open_alone
from compete.services.closing.typed_marks import (
    TypedSheet,
    half_absent,
    sheets_to_type,
    type_marks,
    why_not_typed,
)
from compete.services.competitions.drafts import (
    LONGEST_TITLE,
    Beginnings,
    Origin,
    make_draft,
    propose_code,
    read_blank,
)
from compete.services.competitions.small_lines import (
    PersonLine,
    PointLine,
    people_faults,
    points_faults,
    total_of,
)
from compete.services.judging.recusal import close_sheet
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.event_rules import module_of_sheet, rules_of
from compete.services.kernel.link_lives import SMALL_CONTEST, end_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.public_reasons import check_nobody_named
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.log.sequencing import then_logged
from compete.services.registration.officials import checked_official_name
from compete.services.registration.people_seals import seal_people
from compete.services.results.consequences import UNSETTLED, consequences_of
from compete.services.results.publishing import publish
from compete.services.results.result_moves import final_blockers, make_final
from compete.services.results.result_stands import stand_of
from compete.services.rules.changes import ItemFacts, change_alone
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.sheets.act_rules import OPEN_STATES
from compete.services.sheets.locks_in_force import require_open

PRIZES = (("first", "一等奖"), ("second", "二等奖"), ("third", "三等奖"))
_JUDGES = tuple(f"裁判{numeral}" for numeral in "一二三四五六七八九")
MOST_JUDGES = len(_JUDGES)
LEAST_TO_DROP = 4
"""Judges of whom the highest and the lowest mark can be left out: two are left."""
EVENT, STAGE, MODULE = "E1", "s", "m"
_CODE = "XBW"
_TOTAL = PointLine(0, "总分", Decimal(100))
_OWN_UNIT = "本单位"
_PLAIN = {
    "small": True,
    "set_up": None,
    "notice_days": 0,
    "appeal_hours": 0,
    "must_sign": False,
    "certify_early": True,
    "recheck": {"required": False},
    "check_in_items": (),
    "call_up": False,
}
"""The settings it does without; all of it can be asked for later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallContest:
    """A small contest on one page; without `points` a judge gives one mark out of 100."""

    name: str
    day: date
    people: Sequence[PersonLine]
    points: Sequence[PointLine] = ()
    judges: int = 3
    prizes: tuple[int, int, int] = (1, 2, 3)
    drop: bool = False
    """True if the highest and the lowest mark are left out."""
    as_written: bool = False
    """In the order in which they were written, not drawn."""

    @property
    def marked(self) -> Sequence[PointLine]:
        """The point lines that a judge marks."""
        return self.points or (_TOTAL,)


def small_faults(wanted: SmallContest) -> dict[str, list[Message]]:
    """Find the faults to be put right, by field."""
    by_field = {"people": people_faults(wanted.people), "points": points_faults(wanted.points)}
    if not wanted.name:
        by_field["name"] = [msg("名称要写")]
    elif len(wanted.name) > LONGEST_TITLE:
        by_field["name"] = [msg("最多 %(max)s 个字", max=LONGEST_TITLE)]
    if not 1 <= wanted.judges <= MOST_JUDGES:
        by_field["judges"] = [msg("1 到 %(most)s 名裁判", most=MOST_JUDGES)]
    elif wanted.drop and wanted.judges < LEAST_TO_DROP:
        by_field["judges"] = [msg("去掉高低分要 %(least)s 名裁判起", least=LEAST_TO_DROP)]
    if min(wanted.prizes) < 0:
        by_field["prizes"] = [msg("奖项人数不能是负的")]
    elif wanted.people and sum(wanted.prizes) > len(wanted.people):
        by_field["prizes"] = [
            msg("奖 %(prizes)s 人，只有 %(n)s 人", prizes=sum(wanted.prizes), n=len(wanted.people))
        ]
    return {key: faults for key, faults in by_field.items() if faults}


def start_small_contest(wanted: SmallContest, by: Account) -> Competition:
    """Make it and open it: event, people, judges, their sheets and a code for each judge.

    It wants no check-in, no signature, no re-check and no days of notice, which all can be asked
    for later. Raises `Refused` (INVALID) naming the first thing that is wrong.
    """
    for faults in small_faults(wanted).values():
        raise invalid(faults[0])
    with unit_of_work():
        competition = make_draft(_bundle(wanted), Origin.SMALL, "", by)
        change_settings(competition, **_PLAIN)
        event = competition.events[0]
        seats = [(judge, "") for judge in competition.judges]
        assign_judges(event, STAGE, MODULE, seats, by)
        open_judging(competition, by)
        for judge in competition.judges:
            account = account_of_judge(judge, competition, by)
            _give_small_card(account, wanted.day, by)
    return competition


def _give_small_card(account: Account, day: date, by: Account) -> None:
    """Give a code that signs a judge in, good once and until the end of the contest's day."""
    left = max(end_of(day) - utc_now(), SMALL_CONTEST)
    issue_card(account, one_time=True, valid_for=left, by=by)


def nameless_judge(account: Account) -> Judge | None:
    """The judge of a small contest who has to write the own name and signs in so; or None.

    Whom nobody has named yet, and whoever comes by a code that took the place of a used one.
    """
    query = (
        select(Judge)
        .join(Membership, Membership.judge_id == Judge.id)
        .where(Membership.account_id == account.id)
        .order_by(Judge.id.desc())
        .limit(1)
    )
    judge = db.session.scalar(query)
    if judge is None or not settings_of(_competition_of(judge)).small:
        return None
    return judge if judge.name in _JUDGES or _is_renewed(judge) else None


def _is_renewed(judge: Judge) -> bool:
    """True if the judge's code was renewed and nobody wrote a name since."""
    newest = db.session.execute(
        select(AuditEntry.action, AuditEntry.after)
        .where(
            AuditEntry.competition_id == judge.competition_id,
            AuditEntry.subject == judge.code,
            AuditEntry.action.in_(("way_in.renew", "judge.named")),
        )
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    return newest is not None and bool((newest.after or {}).get("used"))


def take_code(token: str, name: str) -> Account:
    """The account that a code signs in, used up by this; a judge without a name gets `name`.

    Both in one transaction: who comes in is who wrote the name. Raises `Refused` as `use_card`
    and `name_judge` do, and then nothing was done.
    """
    with unit_of_work():
        account = use_card(token)
        judge = nameless_judge(account)
        if judge is not None:
            name_judge(judge, name, account)
    return account


def _competition_of(judge: Judge) -> Competition:
    return db.session.get_one(Competition, judge.competition_id)


def renew_code(judge: Judge, competition: Competition, by: Account) -> None:
    """Give a judge another code, good until the end of this day; what came before ends."""
    account = account_of_judge(judge, competition, by)
    cancel_cards(account, by, msg("换新码").render())
    _give_small_card(account, max(competition.starts or local_today(), local_today()), by)


def why_not_taken_back(competition: Competition) -> Message | None:
    """Say why its start cannot be taken back: somebody has marked; None where nobody has."""
    if not settings_of(competition).small or competition.state is not CompetitionState.JUDGING:
        return msg("已经公布了，改要出新一版")
    acts = select(Act.id).join(Sheet, Sheet.id == Act.sheet_id)
    decided = select(Decision.id).join(Entrant, Entrant.id == Decision.entrant_id)
    for query in (
        acts.where(Sheet.competition_id == competition.id),
        decided.where(Entrant.competition_id == competition.id),
    ):
        if db.session.scalar(query.limit(1)) is not None:
            return msg("已经有分了：改分用“改代录的分”，项目用“改项目”，姓名、单位点名字更正")
    return None


def take_start_back(competition: Competition, by: Account) -> SmallContest:
    """Undo the start whole while nobody has marked: codes end, it leaves the lists.

    Returns the contest as its form had it, to be mended and started anew. Raises `Refused`
    (CONFLICT) once there is a mark, (FORBIDDEN) for who does not lead it.
    """
    if not may(by, competition, Right.LEAD):
        raise Refused(msg("撤回开赛由组委会来"), kind=Refusal.FORBIDDEN)
    with changing(competition) as competition:
        refuse_if(why_not_taken_back(competition))
        wanted = contest_of(competition)
        for judge in competition.judges:
            account = known_account_of(judge)
            if account is not None:
                cancel_cards(account, by, msg("撤回开赛").render())
        competition.state = move(competition.state, CompetitionState.REGISTERING, COMPETITION_MOVES)
        change_settings(competition, put_away=local_today())
        audit.record(competition, by, "small.taken_back", competition.code)
    return wanted


def contest_of(competition: Competition) -> SmallContest:
    """The contest as its form would have it."""
    event = competition.events[0]
    rules = rules_of(event)
    module = rules.stages[0].modules[0]
    query = select(Entrant).where(Entrant.event_id == event.id, takes_part()).order_by(Entrant.code)
    people = [
        PersonLine(
            number,
            entrant.name,
            "" if entrant.unit.name == _OWN_UNIT else entrant.unit.name,
            entrant.id_number,
        )
        for number, entrant in enumerate(db.session.scalars(query), 1)
    ]
    whole = len(module.aspects) == 1 and module.aspects[0].name == _TOTAL.name
    points = [] if whole else items_of(module)
    tops = {award.code: award.top or 0 for award in rules.awards}
    first, second, third = (tops.get(code, 0) for code, _name in PRIZES)
    return SmallContest(
        name=competition.name,
        day=competition.starts or local_today(),
        people=people,
        points=points,
        judges=module.panel.size,
        prizes=(first, second, third),
        drop=bool(module.panel.drop_high),
        as_written=True,
    )


def items_of(module: event_types.Module) -> list[PointLine]:
    """The items of the module, as its form would have them."""
    return [
        PointLine(
            number,
            aspect.name,
            aspect.max,
            aspect.points if aspect.type is AspectType.DEDUCTION else None,
        )
        for number, aspect in enumerate(module.aspects, 1)
    ]


def judges_to_leave_out(sheets: Sequence[Sheet]) -> set[int]:
    """The judges who handed nothing in and may be left out: not the last one."""
    waiting = {sheet.judge_id for sheet in sheets if sheet.state in OPEN_STATES}
    came = {sheet.judge_id for sheet in sheets if sheet.state in HANDED_IN}
    everybody = {sheet.judge_id for sheet in sheets}
    return waiting - came if len(everybody) > 1 else set()


def leave_judge_out(judge: Judge, competition: Competition, reason: str, by: Account) -> int:
    """Close all sheets of a judge who never came; the other judges' mean counts. How many closed.

    Raises `Refused` (INVALID) without a reason and where it names somebody, (CONFLICT) where the
    judge handed something in, is the last one, or the rules want that many judges.
    """
    reason = reason_text(reason, msg("写上他为什么没来，谁都看得到"))
    check_nobody_named(competition, reason)
    with changing(competition) as competition:
        event = competition.events[0]
        refuse_if(why_not_typed(event, by), Refusal.FORBIDDEN)
        if competition.state is not CompetitionState.JUDGING:
            raise Refused(msg("评分已经锁定，裁判不能再改"))
        sheets = [it for it in sheets_to_type(event) if it.judge_id is not None]
        own = [sheet for sheet in sheets if sheet.judge_id == judge.id]
        if judge.id not in judges_to_leave_out(sheets):
            raise Refused(msg("%(name)s 评过，或者只剩这一名裁判了", name=judge.name))
        left = len({sheet.judge_id for sheet in sheets}) - 1
        least = module_of_sheet(own[0]).panel.least_sheets
        if left < least:
            raise Refused(msg("规则要 %(least)s 名裁判，只剩 %(left)s 名", least=least, left=left))
        for sheet in own:
            require_open(competition, sheet.entrant, sheet.stage, sheet.module)
            close_sheet(sheet, reason)
        account = known_account_of(judge)
        if account is not None:
            cancel_cards(account, by, reason)
        after = {"judge": judge.code, "sheets": len(own), "left": left}
        audit.record(
            competition, by, "judge.absent", event.code, after=after, reason=reason, bends=True
        )
    return len(own)


def name_judge(judge: Judge, name: str, by: Account) -> None:
    """Give a judge without a name the own one, as it is typed after scanning the code.

    Raises `Refused` (INVALID) for no name of a person, (CONFLICT) where there is one already.
    """
    name = checked_official_name(name)
    with unit_of_work() as session:
        judge, account = session.merge(judge), session.merge(by)
        session.refresh(judge)
        if nameless_judge(account) is None:
            raise Refused(msg("已经写了“%(name)s”，要改找组委会", name=judge.name))
        before = {"name": judge.name, "own": judge.name not in _JUDGES}
        competition = _competition_of(judge)
        judge.name = account.name = name
        session.flush()
        after = {"name": name, "people": seal_people(competition, ())}
        audit.record(
            competition, account, "judge.named", judge.code,
            before=before, after=after, bends=True,
        )  # fmt: skip


def _bundle(wanted: SmallContest) -> Bundle:
    """The contest as a file would bring it."""
    code, day = propose_code(_CODE, wanted.day.year), wanted.day
    people = list(wanted.people)
    if not wanted.as_written:
        random.SystemRandom().shuffle(people)
    units = {person.unit or _OWN_UNIT: "" for person in wanted.people}
    codes = {name: f"U{number}" for number, name in enumerate(units, 1)}
    width = len(str(len(people)))
    return read_blank(
        Beginnings(name=wanted.name, code=code, year=day.year, starts=day, ends=day),
        units=[{"code": codes[name], "name": name} for name in units],
        judges=[
            {"code": f"J{number}", "name": name}
            for number, name in enumerate(_JUDGES[: wanted.judges], 1)
        ],
        entrants=[
            {
                "code": f"{number:0{width}}",
                "name": person.name,
                "event": EVENT,
                "unit": codes[person.unit or _OWN_UNIT],
                **({"id_number": person.id_number} if person.id_number else {}),
            }
            for number, person in enumerate(people, 1)
        ],
        events=[_event(wanted)],
    )


def _event(wanted: SmallContest) -> dict[str, Any]:
    full = plain(total_of(wanted.marked))
    # Whoever never comes is left out, and the others' mean counts.
    panel: dict[str, Any] = {"size": wanted.judges, "min": 1, "reduced": "mean"}
    if wanted.drop:
        panel |= {"combine": "trimmed_mean", "drop_high": 1, "drop_low": 1}
    return {
        "code": EVENT,
        "name": wanted.name,
        # Equals are told apart by what was written first, then share a place.
        "ranking": {"ties": ["aspect:a1"]} if len(wanted.marked) > 1 else {},
        "awards": [
            {"code": code, "name": name, "top": count}
            for (code, name), count in zip(PRIZES, wanted.prizes, strict=True)
            if count
        ],
        "stages": [
            {
                "code": STAGE,
                "name": "比赛",
                "modules": [
                    {
                        "code": MODULE,
                        "name": "操作",
                        # Of the same weight as its full marks: points count as they are given.
                        "full": full,
                        "weight": full,
                        "panel": panel,
                        "aspects": [
                            _aspect(number, point) for number, point in enumerate(wanted.marked, 1)
                        ],
                    }
                ],
            }
        ],
    }


def _aspect(number: int, point: PointLine) -> dict[str, Any]:
    assert point.most is not None
    row: dict[str, Any] = {"code": f"a{number}", "name": point.name, "max": plain(point.most)}
    if point.off is not None:
        return row | {"type": "deduction", "points": plain(point.off)}
    return row | {"type": "score", "step": _step(point)}


def _step(point: PointLine) -> str:
    """The step of a judge's marks: halves, but where full marks could not be given in them."""
    assert point.most is not None
    if point.whole and point.most == point.most.to_integral_value():
        return "1"
    places = -int(point.most.as_tuple().exponent)
    return "0.5" if point.most % Decimal("0.5") == 0 else plain(Decimal(1).scaleb(-places))


_ANNOUNCED = (CompetitionState.NOTICE, CompetitionState.FINAL)


@dataclass(frozen=True, slots=True)
class Finished:
    """The results of finishing: the version's number, certificates issued, and how many ended."""

    version: int
    issued: Sequence[Certificate]
    withdrawn: int


@then_logged
def finish_small_contest(
    competition: Competition, by: Account, note: str = "", *, absent: bool = False
) -> Finished:
    """Lock the marks, publish them, certify what was won: whatever of it is not done yet.

    Results are final where neither notice nor appeals are wanted. Of an earlier version's
    certificates those that do not follow any more are withdrawn or replaced.
    Raises `Refused` naming what is missing, and who is 缺考 in spite of marks until `absent`
    says that it is so.
    """
    with changing(competition) as competition:
        both = half_absent(competition.events[0])
        if competition.state not in _ANNOUNCED and both and not absent:
            raise Refused(
                msg("%(name)s有裁判给了分，又写了缺考：勾上“按缺考算”，或先改", name=both[0].name)
            )
        if competition.state is CompetitionState.JUDGING:
            lock_marks(competition, by)
        if competition.state is CompetitionState.LOCKED:
            publish(competition, by, note)
        event = competition.events[0]
        if not stand_of(event).stands and not final_blockers(event):
            make_final(event, by)
        rows = [row for row in consequences_of(competition) if row.state in UNSETTLED]
        withdrawn = sum(row.certificate is not None for row in rows)
        if rows:
            settle_by_results(rows, by, note)
        issued = issue_award_certificates(competition, by) if any(awards_due(competition)) else []
        publication = latest_publication(competition)
        return Finished(publication.version if publication else 0, issued, withdrawn)


def corrects_alone(competition: Competition, by: Account) -> bool:
    """True if this person alone corrects what is published: in a small contest without grades."""
    return (
        settings_of(competition).small
        and may(by, competition, Right.PUBLISH)
        and why_not_typed(competition.events[0], by) is None
        and latest_publication(competition) is not None
    )


@then_logged
def correct_small_contest(
    competition: Competition,
    rows: Sequence[TypedSheet],
    *,
    reason: str,
    evidence: str,
    by: Account,
) -> Finished:
    """Correct what is published and publish the next version, all or none, by one person.

    Both versions stay. No grade hangs on these marks; where one does, two people open them.
    Raises `Refused` as `type_marks`, where the reason names somebody whom pages mask, and
    (FORBIDDEN) for who does not publish.
    """
    reason = _public_reason(competition, reason, msg("写上为什么更正，谁都看得到"))

    def write(correction: int) -> None:
        type_marks(
            competition.events[0],
            rows,
            reason=reason,
            evidence=evidence,
            by=by,
            over=True,
            correction=correction,
        )

    return _published_anew(competition, write, reason, by)


def _public_reason(competition: Competition, reason: str, lacking: Message) -> str:
    """The reason as it is kept, where it names nobody whom pages mask."""
    reason = reason_text(reason, lacking)
    check_nobody_named(competition, reason)
    return reason


def _published_anew(
    competition: Competition, write: Callable[[int], object], reason: str, by: Account
) -> Finished:
    """Open what is published, write, and publish the next version: all or none, by one person."""
    if not may(by, competition, Right.PUBLISH):
        raise Refused(msg("公布以后由组委会更正"), kind=Refusal.FORBIDDEN)
    with changing(competition) as competition:
        before = latest_publication(competition)
        if before is None or not settings_of(competition).small:
            raise Refused(msg("还没公布，直接改"))
        if competition.state is not CompetitionState.JUDGING:
            unlock_marks(competition, reason, by, correction=before.version)
        open_alone(competition, reason, by)
        write(before.version)
        return finish_small_contest(competition, by, reason, absent=True)


def why_items_stay(competition: Competition, by: Account) -> Message | None:
    """Say why this person does not correct the items alone, once there are marks; None: may."""
    stages = rules_of(competition.events[0]).stages
    if not settings_of(competition).small or sum(len(it.modules) for it in stages) != 1:
        return msg("不是小比武，规则由裁判长和监督同意才改")
    if latest_publication(competition) is not None and not may(by, competition, Right.PUBLISH):
        return msg("公布以后由组委会更正")
    if why := why_not_typed(competition.events[0], by):
        return why
    if why_not_taken_back(competition) is None:
        return msg("还没有分：撤回开赛，改好再开")
    return None


def with_items(rules: event_types.Event, items: Sequence[PointLine]) -> event_types.Event:
    """The rules with their items called and worth otherwise, one for each, in their order."""
    (stage,) = rules.stages
    (module,) = stage.modules
    full = total_of(items)
    module = msgspec.structs.replace(
        module,
        full=full,
        weight=full,
        aspects=tuple(map(_corrected_item, module.aspects, items)),
    )
    stage = msgspec.structs.replace(stage, modules=(module,))
    return msgspec.structs.replace(rules, stages=(stage,))


def _facts(item: PointLine) -> ItemFacts:
    off = None if item.off is None else plain(item.off)
    return item.name, plain(item.most or Decimal(0)), off


def _corrected_item(aspect: Aspect, item: PointLine) -> Aspect:
    assert item.most is not None
    changed = msgspec.structs.replace(aspect, name=item.name, max=item.most)
    if item.off is not None:
        return msgspec.structs.replace(changed, points=item.off)
    if item.most % aspect.step:
        return msgspec.structs.replace(changed, step=Decimal(_step(item)))
    return changed


@then_logged
def correct_items(
    competition: Competition, items: Sequence[PointLine], reason: str, by: Account
) -> Finished | None:
    """Correct what items are called and worth once there are marks, by one, before everybody.

    Marks stay and count anew; where something is published the next version goes out with it,
    else None is returned. Raises `Refused` (FORBIDDEN) as `why_items_stay`, (INVALID) without a
    reason, for a fault in an item and where nothing changes, `RulesRefused` where marks that
    were given would not fit.
    """
    refuse_if(why_items_stay(competition, by), Refusal.FORBIDDEN)
    reason = _public_reason(competition, reason, msg("写上为什么改项目，谁都看得到"))
    for fault in points_faults(items):
        raise invalid(fault)
    event = competition.events[0]
    before = rules_of(event)
    rules = with_items(before, items)
    if rules == before:
        raise invalid(msg("一项都没改"))
    both = zip(items_of(before.stages[0].modules[0]), items, strict=True)
    pairs = [(_facts(was), _facts(now)) for was, now in both]
    changed = [pair for pair in pairs if pair[0] != pair[1]]
    write = partial(change_alone, event, rules, reason, by, items=changed)
    if latest_publication(competition) is not None:
        return _published_anew(competition, write, reason, by)
    write()
    return None
