"""Small contest (小比武): of one day with one event and no grades, made and opened at once."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.models import (
    Account,
    Competition,
    Judge,
    Membership,
    SignInCard,
    db,
    utc_now,
)
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.sign_in_cards import cancel_cards, issue_card
from compete.services.competitions.drafts import (
    LONGEST_TITLE,
    Beginnings,
    Origin,
    blank,
    make_draft,
    propose_code,
)
from compete.services.competitions.small_lines import (
    PersonLine,
    PointLine,
    people_faults,
    points_faults,
    total_of,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today, local_zone
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.officials import checked_official_name
from compete.services.schedule.allocation import assign_judges, open_judging

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
    found = {"people": people_faults(wanted.people), "points": points_faults(wanted.points)}
    if not wanted.name:
        found["name"] = [msg("名称要写")]
    elif len(wanted.name) > LONGEST_TITLE:
        found["name"] = [msg("最多 %(max)s 个字", max=LONGEST_TITLE)]
    if not 1 <= wanted.judges <= MOST_JUDGES:
        found["judges"] = [msg("1 到 %(most)s 名裁判", most=MOST_JUDGES)]
    elif wanted.drop and wanted.judges < LEAST_TO_DROP:
        found["judges"] = [msg("去掉高低分要 %(least)s 名裁判起", least=LEAST_TO_DROP)]
    if min(wanted.prizes) < 0:
        found["prizes"] = [msg("奖项人数不能是负的")]
    elif wanted.people and sum(wanted.prizes) > len(wanted.people):
        found["prizes"] = [
            msg("奖 %(prizes)s 人，只有 %(n)s 人", prizes=sum(wanted.prizes), n=len(wanted.people))
        ]
    return {key: faults for key, faults in found.items() if faults}


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


def _give_small_card(account: Account, day: date, by: Account) -> SignInCard:
    """A code that signs a judge in, good once and until the end of the day of the contest."""
    last = datetime.combine(day + timedelta(days=1), time(), local_zone())
    left = max(last - utc_now(), timedelta(hours=12))
    return issue_card(account, one_time=True, valid_for=left, by=by)[0]


def nameless_judge(account: Account) -> Judge | None:
    """The judge of a small contest whom nobody has named yet and who signs in so; or None."""
    query = (
        select(Judge)
        .join(Membership, Membership.judge_id == Judge.id)
        .where(Membership.account_id == account.id, Judge.name.in_(_JUDGES))
        .order_by(Judge.id.desc())
        .limit(1)
    )
    judge = db.session.scalar(query)
    if judge is None or not settings_of(_competition_of(judge)).small:
        return None
    return judge


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
        before, judge.name = judge.name, name
        account.name = name
        audit.record(
            _competition_of(judge),
            account,
            "judge.named",
            judge.code,
            before={"name": before},
            after={"name": name},
        )


def _bundle(wanted: SmallContest) -> Bundle:
    """The contest as a file would bring it."""
    code = propose_code(_CODE, wanted.day.year)
    day = wanted.day
    begun = blank(Beginnings(name=wanted.name, code=code, year=day.year, starts=day, ends=day))
    people = list(wanted.people)
    if not wanted.as_written:
        random.SystemRandom().shuffle(people)
    units = {person.unit or _OWN_UNIT: "" for person in wanted.people}
    codes = {name: f"U{number}" for number, name in enumerate(units, 1)}
    width = len(str(len(people)))
    tree: dict[str, Any] = {
        "format": begun.format,
        "competition": {
            "code": code,
            "name": wanted.name,
            "kind": begun.competition.kind.value,
            "level": begun.competition.level.value,
            "year": day.year,
            "starts": day.isoformat(),
            "ends": day.isoformat(),
        },
        "units": [{"code": codes[name], "name": name} for name in units],
        "judges": [
            {"code": f"J{number}", "name": name}
            for number, name in enumerate(_JUDGES[: wanted.judges], 1)
        ],
        "entrants": [
            {
                "code": f"{number:0{width}}",
                "name": person.name,
                "event": EVENT,
                "unit": codes[person.unit or _OWN_UNIT],
                **({"id_number": person.id_number} if person.id_number else {}),
            }
            for number, person in enumerate(people, 1)
        ],
        "events": [_event(wanted)],
    }
    return read_bundle(json.dumps(tree, ensure_ascii=False).encode())


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
