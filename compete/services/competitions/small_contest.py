"""Small contest (小比武): of one day with one event and no grades, made and opened at once.

Who takes part and what is marked are pasted lines; it is published with its certificates, and
corrected by one person."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.types import Bundle
from compete.domain.identity.citizen_id import check_citizen_id
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.names import LONGEST_NAME, no_name, odd_name
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    AuditEntry,
    Certificate,
    Competition,
    Judge,
    Membership,
    db,
    utc_now,
)
from compete.services.accounts.access import may
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.sign_in_cards import cancel_cards, issue_card, use_card
from compete.services.certificates.award_certificates import awards_due, issue_award_certificates
from compete.services.certificates.settling import settle_by_results
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.module_locks import open_alone
from compete.services.closing.typed_marks import TypedSheet, half_absent, type_marks, why_not_typed
from compete.services.competitions.drafts import (
    LONGEST_TITLE,
    Beginnings,
    Origin,
    make_draft,
    propose_code,
    read_blank,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.link_lives import SMALL_CONTEST, end_of
from compete.services.kernel.public_reasons import check_nobody_named
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.log.sequencing import then_logged
from compete.services.registration.officials import checked_official_name
from compete.services.registration.people_seals import seal_people
from compete.services.results.consequences import UNSETTLED, consequences_of
from compete.services.results.publishing import publish
from compete.services.results.result_moves import final_blockers, make_final
from compete.services.results.result_stands import stand_of
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.sheets.reading.kinds import PEOPLE
from compete.sheets.reading.words import reduced

MOST_PEOPLE, MOST_POINTS = 100, 30
LONGEST_TEXT = 100
"""Of a unit and of what is marked."""
_NUMBER = r"\d{1,4}(?:\.\d{1,2})?"
_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_SERIAL = re.compile(r"\d{1,3}(?:[.、．]|\t)")
_OF_NAMES = re.compile(r"姓名|名字|大名|选手|队员|人员|职工|员工|学员")
"""In a heading of names that the table of synonyms does not have, beside headings that it has."""
_SERIAL_HEADING = "序号"
_MOST_HEADINGS = frozenset({"配分", "分值", "满分", "分数", "标准分"})
# Of a line whose blanks are single.
_FAULTS = re.compile(rf"每[次处个项条]扣 ?({_NUMBER}) ?分?")
_STEPS = re.compile(rf"({_NUMBER}) ?[到至~～] ?({_NUMBER}) ?分?\Z")
_LAST = re.compile(rf"({_NUMBER}) ?分?\Z")


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person who takes part; `unit` is whatever stood after the name."""

    line: int
    name: str
    unit: str
    id_number: str | None = None
    fault: Message | None = None
    odd: Message | None = None
    """The thing that somebody should look at; it may be so."""


@dataclass(frozen=True, slots=True)
class PointLine:
    """A line to mark: up to `most` points, `off` for each fault where faults are counted."""

    line: int
    name: str
    most: Decimal
    off: Decimal | None = None
    whole: bool = False
    """In whole points alone, as `0 到 5` says."""
    fault: Message | None = None


def read_people(text: str) -> list[PersonLine]:
    """A person a line: the name, then a unit, a team, an ID number, in any order after it."""
    people: list[PersonLine] = []
    seen: dict[tuple[str, str], int] = {}
    for number, line in _named_first(list(_lines(text))):
        person = _person(number, line)
        before = seen.setdefault((person.name, person.unit), number)
        if before != number and person.fault is None:
            why = msg("和第 %(line)s 行一样，是两个人的加个字分开", line=before)
            person = PersonLine(number, person.name, person.unit, person.id_number, why)
        people.append(person)
    return people


def read_points(text: str) -> list[PointLine]:
    """Read the lines to mark, one a line: its name, then its points as the last number."""
    points: list[PointLine] = []
    seen: dict[str, int] = {}
    for number, line in _lines(text):
        if not points and line.split()[-1] in _MOST_HEADINGS:
            continue
        point = _point(number, line)
        before = seen.setdefault(point.name, number)
        if before != number and point.fault is None:
            why = msg("和第 %(line)s 行同名，改一个", line=before)
            point = PointLine(number, point.name, point.most, point.off, point.whole, why)
        points.append(point)
    return points


def odd_people(people: Sequence[PersonLine]) -> list[Message]:
    """List what somebody should look at, by line; it stops nothing."""
    return [_at(person.line, person.odd) for person in people if person.odd and not person.fault]


def total_of(points: Sequence[PointLine]) -> Decimal:
    """The sum of full marks."""
    return sum((point.most for point in points), Decimal(0))


def _people_faults(people: Sequence[PersonLine]) -> list[Message]:
    """List the faults of people to be put right, by line."""
    if not people:
        return [msg("写上谁来比，一行一个")]
    if len(people) > MOST_PEOPLE:
        return [
            msg(
                "小比武最多 %(most)s 人，这里 %(n)s 人，用正式竞赛", most=MOST_PEOPLE, n=len(people)
            )
        ]
    return [_at(person.line, person.fault) for person in people if person.fault]


def _points_faults(points: Sequence[PointLine]) -> list[Message]:
    """List the faults of points to be put right, by line."""
    if len(points) > MOST_POINTS:
        return [msg("最多 %(most)s 项，这里 %(n)s 项", most=MOST_POINTS, n=len(points))]
    return [_at(point.line, point.fault) for point in points if point.fault]


def _at(line: int, fault: Message) -> Message:
    return msg("第 %(line)s 行：%(fault)s", line=line, fault=fault)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        tidy = line.replace("\u3000", " ").replace("\xa0", " ").strip()
        if tidy:
            yield number, tidy


def heading_notice(text: str) -> Message | None:
    """Say which line is taken as a table's heading, if one is."""
    number, line = next(_lines(text), (0, ""))
    if _name_column(_cells_of(line)) is None:
        return None
    return msg("第 %(line)s 行“%(text)s”是表头", line=number, text=" ".join(line.split()))


def _cells_of(line: str) -> list[str]:
    words = line.split("\t") if "\t" in line else line.split()
    return [word.strip() for word in words]


def _name_column(heads: list[str]) -> int | None:
    """Where the names stand if a line's cells are headings; None for a line of a person."""
    for place, head in enumerate(heads):
        rest = heads[:place] + heads[place + 1 :]
        # A word that ends like a heading is a unit's name too: 机修车间.
        known = all(reduced(other) in PEOPLE.known for other in rest)
        if PEOPLE.field_of(head)[1] == "name" and (place == 0 or known or "名" in head):
            return place
        if rest and known and _OF_NAMES.search(head):
            return place
    return None


def _named_first(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines without a table's heading; as that says, names come first, no serial numbers."""
    heads = _cells_of(lines[0][1]) if lines else []
    at = _name_column(heads)
    if at is None:
        yield from lines
        return
    for number, line in lines[1:]:
        cells = line.split("\t")
        if len(cells) > at:
            others = [
                cell
                for place, cell in enumerate(cells)
                if place != at and heads[place : place + 1] != [_SERIAL_HEADING]
            ]
            line = "\t".join([cells[at], *others])
        yield number, line


def _without_serial(line: str) -> str:
    serial = _SERIAL.match(line)
    return line[serial.end() :] if serial else line


def _person(number: int, line: str) -> PersonLine:
    line = _without_serial(line)
    paper = _ID.search(line)
    if paper:
        line = f"{line[: paper.start()]} {line[paper.end() :]}"
    words = line.split()
    if len(words) > 1 and len(words[0]) == 1 and len(words[1]) == 1:
        words[:2] = ["".join(words[:2])]
    name, unit = (words[0] if words else ""), " ".join(words[1:])
    fault = _person_fault(name, unit)
    odd = odd_name(name) if fault is None else None
    id_number: str | None = None
    if paper:
        try:
            id_number = check_citizen_id(paper.group()).number
        except IdentityError as error:
            fault = fault or error.message
    return PersonLine(number, name, unit, id_number, fault, odd)


def _person_fault(name: str, unit: str) -> Message | None:
    if not name:
        return msg("没有姓名")
    if len(name) > LONGEST_NAME:
        return msg("姓名最多 %(most)s 个字", most=LONGEST_NAME)
    if len(unit) > LONGEST_TEXT:
        return msg("姓名后面最多写 %(most)s 个字", most=LONGEST_TEXT)
    return no_name(name)


def _point(number: int, line: str) -> PointLine:
    line = " ".join(_without_serial(line).split())
    off: Decimal | None = None
    counted = _FAULTS.search(line)
    if counted:
        off = Decimal(counted.group(1))
        line = " ".join(f"{line[: counted.start()]} {line[counted.end() :]}".split())
    steps = None if counted else _STEPS.search(line)
    last = steps or _LAST.search(line)
    if last is None:
        return PointLine(number, line, Decimal(0), off, fault=msg("这一项配多少分"))
    name = line[: last.start()].strip()
    most = Decimal(last.group(2 if steps else 1))
    return PointLine(number, name, most, off, bool(steps), _point_fault(name, most, off))


def _point_fault(name: str, most: Decimal, off: Decimal | None) -> Message | None:
    if not name:
        return msg("没有要点，只有分数")
    if len(name) > LONGEST_TEXT:
        return msg("要点最多 %(most)s 个字", most=LONGEST_TEXT)
    if most <= 0:
        return msg("配分要大于 0")
    if off is not None and not 0 < off <= most:
        return msg("每次扣的要大于 0，不超过配分 %(most)s", most=plain(most))
    return None


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
    by_field = {"people": _people_faults(wanted.people), "points": _points_faults(wanted.points)}
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
    panel: dict[str, Any] = {"size": wanted.judges}
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
    row: dict[str, Any] = {"code": f"a{number}", "name": point.name, "max": plain(point.most)}
    if point.off is not None:
        return row | {"type": "deduction", "points": plain(point.off)}
    return row | {"type": "score", "step": "1" if point.whole else "0.5"}


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
    if not may(by, competition, Right.PUBLISH):
        raise Refused(msg("公布以后由组委会更正"), kind=Refusal.FORBIDDEN)
    if not reason.strip():
        raise invalid(msg("写上为什么更正，谁都看得到"))
    check_nobody_named(competition, reason)
    with changing(competition) as competition:
        before = latest_publication(competition)
        if before is None or not settings_of(competition).small:
            raise Refused(msg("还没公布，直接改"))
        number = before.version
        if competition.state is not CompetitionState.JUDGING:
            unlock_marks(competition, reason, by, correction=number)
        open_alone(competition, reason, by)
        type_marks(
            competition.events[0],
            rows,
            reason=reason,
            evidence=evidence,
            by=by,
            over=True,
            correction=number,
        )
        return finish_small_contest(competition, by, reason, absent=True)
