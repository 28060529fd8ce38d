"""Practices (实操练习): a module of a competition on the judges' sheet, a mentor marks each try.

It is made out of the module's rules and open at once. The pupil sees the marks and what was taken
off as soon as a try is handed in; nothing is published, and nothing comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

import msgspec
from sqlalchemy import select

from compete.domain.bundle.event_types import Module, Panel, Part, Stage, Take
from compete.domain.bundle.results import ModuleResult
from compete.domain.bundle.types import Bundle
from compete.domain.identity.names import no_name
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.kinds import Kind, Reduced
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, readable
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import Account, Competition, Entrant, Event, Judge, Sheet, db, utc_now
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.sign_in_cards import cancel_cards, issue_card
from compete.services.closing.marks_lists import takes_list
from compete.services.competitions.drafts import (
    LONGEST_TITLE,
    Beginnings,
    Origin,
    make_draft,
    propose_code,
    read_blank,
)
from compete.services.competitions.small_lines import (
    MOST_PEOPLE,
    PersonLine,
    people_faults,
    people_lines,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.event_rules import attempt_of, rules_of
from compete.services.kernel.fields import Setting
from compete.services.kernel.link_lives import end_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.registration.people_seals import seal_people
from compete.services.registration.preview import check_registration_open, plan_rows
from compete.services.registration.units.unit_list import add_units
from compete.services.registration.writing import write_rows
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.scoring.aspect_profile import aspect_points, is_void
from compete.services.scoring.live import live_scorer
from compete.services.sheets.comments import standing_comments
from compete.sheets.registration.table import RawRow

MOST_TRIES, MOST_MENTORS = 9, 3
EVENT, STAGE, PART = "E1", "s", "p"
_CODE = "LX"
_OWN_UNIT = "本单位"
_CARD_LIFE = timedelta(days=30)
_PLAIN = {
    "set_up": None,
    "notice_days": 0,
    "appeal_hours": 0,
    "must_sign": False,
    "recheck": {"required": False},
    "check_in_items": (),
    "call_up": False,
}
"""The settings it does without."""
_SEPARATORS = re.compile(r"[\n、，,;；]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """What is practised, under whom and by whom."""

    name: str
    mentors: Sequence[str]
    pupils: Sequence[PersonLine]
    tries: int = 3
    day: date


def mentor_names(text: str) -> list[str]:
    """The names of mentors as they are typed: a line each, or parted by commas."""
    names = (" ".join(name.split()) for name in _SEPARATORS.split(text))
    return list(dict.fromkeys(filter(None, names)))


@dataclass(frozen=True, slots=True)
class Practicable:
    """A module that can be practised: its event, its stage and itself."""

    event: Event
    stage: Stage
    module: Module

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.event.code}/{self.stage.code}/{self.module.code}"


def practicable_modules(competition: Competition) -> list[Practicable]:
    """The modules that judges mark on a sheet, of several attempts the first alone."""
    return [
        Practicable(event, stage, module)
        for event in competition.events
        for stage in rules_of(event).stages
        for module in stage.modules
        if not takes_list(module) and _is_first(event, stage, module)
    ]


def _is_first(event: Event, stage: Stage, module: Module) -> bool:
    attempt = attempt_of(rules_of(event), stage.code, module.code)
    return attempt is None or not attempt.before


def practice_faults(wanted: Practice) -> dict[str, list[Message]]:
    """Find what has to be put right, by field."""
    faults: dict[str, list[Message]] = {
        "pupils": _pupils_faults(wanted.pupils, MOST_PEOPLE),
        "mentors": [fault for name in wanted.mentors if (fault := no_name(name)) is not None],
    }
    if not wanted.mentors:
        faults["mentors"] = [msg("写上带教的师傅")]
    elif len(wanted.mentors) > MOST_MENTORS:
        faults["mentors"] = [msg("最多 %(most)s 名师傅一起评", most=MOST_MENTORS)]
    if not wanted.name:
        faults["name"] = [msg("名称要写")]
    elif len(wanted.name) > LONGEST_TITLE:
        faults["name"] = [msg("最多 %(max)s 个字", max=LONGEST_TITLE)]
    if not 1 <= wanted.tries <= MOST_TRIES:
        faults["tries"] = [msg("1 到 %(most)s 次", most=MOST_TRIES)]
    return {field: its for field, its in faults.items() if its}


def _pupils_faults(pupils: Sequence[PersonLine], most: int) -> list[Message]:
    if not pupils:
        return [msg("写上谁来练，一行一个")]
    if len(pupils) > most:
        return [msg("一次最多 %(most)s 人练", most=MOST_PEOPLE)]
    unclear = [
        msg("第 %(line)s 行“%(name)s”：姓名和单位分不清，中间按 Tab 键", line=it.line, name=it.name)
        for it in pupils
        if it.asked is not None and it.fault is None
    ]
    numbered = [msg("练习不登记证件号码，删掉再来")] if any(it.id_number for it in pupils) else []
    return [*people_faults(pupils), *unclear, *numbered]


@dataclass(frozen=True, slots=True)
class PupilFields:
    """Who comes to a practice that goes on."""

    pupils: Annotated[
        str,
        Setting(
            msg("谁来练"),
            msg("一行一个：姓名，按 Tab 键，单位"),
            most=20_000,
            lines=True,
            needed=msg("写上谁来练，一行一个"),
        ),
    ]


def add_pupils(practice: Competition, fields: PupilFields, by: Account) -> Sequence[Entrant]:
    """Let more people practise, with as many tries; who they are.

    Raises `FieldRefused` for lines that cannot be read, and for who practises here already.
    """
    pupils = people_lines(fields.pupils).rows
    with changing(practice) as practice:
        check_registration_open(practice)
        there = {(it.name, it.unit.name) for it in pupils_of(practice)}
        faults = _pupils_faults(pupils, MOST_PEOPLE - len(there))
        faults += [
            msg("%(name)s已经在练", name=it.name)
            for it in pupils
            if (it.name, it.unit or _OWN_UNIT) in there
        ]
        for fault in faults:
            raise FieldRefused("pupils", fault)
        add_units(practice, dict.fromkeys(it.unit or _OWN_UNIT for it in pupils), by)
        plan = plan_rows(practice, [_row(it) for it in pupils])
        for row in plan.rows:
            for problem in row.problems:
                raise FieldRefused("pupils", problem.what)
        added = write_rows(practice, plan, by)
        for it in added:
            after = {"code": it.code, "people": seal_people(practice, [it.id])}
            audit.record(practice, by, "entrants.add", it.code, after=after)
    return added


def _row(pupil: PersonLine) -> RawRow:
    return RawRow(pupil.line, {"name": pupil.name, "unit": pupil.unit or _OWN_UNIT, "event": EVENT})


def start_practice(of: Competition, key: str, wanted: Practice, by: Account) -> Competition:
    """Make it out of a module and open it; each mentor gets a code to sign in with.

    Raises `FieldRefused` for the first field that is wrong, and for no such module.
    """
    source = next((it for it in practicable_modules(of) if it.key == key), None)
    if source is None:
        raise FieldRefused("module", msg("选一个要练的模块"))
    for field, faults in practice_faults(wanted).items():
        raise FieldRefused(field, faults[0])
    with unit_of_work():
        practice = make_draft(_bundle(source, wanted), Origin.PRACTICE, of.code, by)
        change_settings(practice, **_PLAIN)
        seats = [(judge, "") for judge in practice.judges]
        for module in rules_of(practice.events[0]).stages[0].modules:
            assign_judges(practice.events[0], STAGE, module.code, seats, by)
        open_judging(practice, by)
        for judge in practice.judges:
            _give_card(judge, practice, by)
    return practice


def _give_card(mentor: Judge, practice: Competition, by: Account) -> None:
    account = account_of_judge(mentor, practice, by)
    left = end_of(local_today()) - utc_now()
    issue_card(account, one_time=True, valid_for=left + _CARD_LIFE, by=by)


def renew_mentor_code(practice: Competition, code: str, by: Account) -> Judge:
    """Give a mentor another code to sign in with; the one before ends."""
    mentor = next((it for it in practice.judges if it.code == code), None)
    if mentor is None:
        raise Refused(msg("没有这名师傅"), kind=Refusal.UNKNOWN)
    with unit_of_work():
        cancel_cards(account_of_judge(mentor, practice, by), by, msg("换新码").render())
        _give_card(mentor, practice, by)
    return mentor


def _bundle(source: Practicable, wanted: Practice) -> Bundle:
    """The practice as a file would bring it."""
    units = list(dict.fromkeys(pupil.unit or _OWN_UNIT for pupil in wanted.pupils))
    codes = {name: f"U{number}" for number, name in enumerate(units, 1)}
    width = len(str(len(wanted.pupils)))
    rules = rules_of(source.event)
    return read_blank(
        Beginnings(
            name=wanted.name,
            code=propose_code(_CODE, wanted.day.year),
            year=wanted.day.year,
            starts=wanted.day,
        ),
        Kind.PRACTICE,
        units=[{"code": codes[name], "name": name} for name in units],
        judges=[
            {"code": f"J{number}", "name": name} for number, name in enumerate(wanted.mentors, 1)
        ],
        entrants=[
            {
                "code": f"{number:0{width}}",
                "name": pupil.name,
                "event": EVENT,
                "unit": codes[pupil.unit or _OWN_UNIT],
            }
            for number, pupil in enumerate(wanted.pupils, 1)
        ],
        events=[
            {
                "code": EVENT,
                "name": source.module.name,
                "rounding": msgspec.to_builtins(rules.rounding),
                "stages": [msgspec.to_builtins(_stage(source, wanted))],
            }
        ],
    )


def _stage(source: Practicable, wanted: Practice) -> Stage:
    """The tries of the module, of which the best is shown."""
    module = source.module
    panel = msgspec.structs.replace(
        Panel(), size=len(wanted.mentors), min=1, reduced=Reduced.MEAN, extra=module.panel.extra
    )
    practised = msgspec.structs.replace(
        module, part=PART, weight=Decimal(1), pass_=None, review=False, panel=panel
    )
    whole = Decimal(100)
    return Stage(
        code=STAGE,
        name=module.name,
        modules=tuple(
            msgspec.structs.replace(practised, code=f"t{number}")
            for number in range(1, wanted.tries + 1)
        ),
        parts=(
            Part(code=PART, name=module.name, weight=whole, full=module.full, take=Take(best=1)),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectMark:
    """What a try got in an aspect, and what was taken off."""

    name: str
    mark: str
    full: str
    lost: str | None
    """The points that were taken off; None where there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """A try of a pupil: how far it is, and what it got once all mentors handed it in."""

    number: int
    begun: bool
    waived: bool = False
    score: str | None = None
    """None until everybody has handed it in."""
    full: Decimal
    aspects: Sequence[AspectMark] = ()
    comments: Sequence[str] = ()


def pupils_of(practice: Competition) -> Sequence[Entrant]:
    """Everybody who practises, by code."""
    query = select(Entrant).where(Entrant.competition_id == practice.id, takes_part())
    return db.session.scalars(query.order_by(Entrant.code)).all()


def best_try(tries: Sequence[Try]) -> Try | None:
    """The best try of those that are in, of equal ones the first; None where none is."""
    scored = [(Decimal(it.score), -it.number, it) for it in tries if it.score is not None]
    return max(scored)[-1] if scored else None


def tries_of(practice: Competition, pupil: Entrant | None = None) -> dict[str, list[Try]]:
    """The tries of everybody, or of one pupil, by the code of who tried."""
    assert not competition_kind(practice).has_results
    event = practice.events[0]
    people = [pupil] if pupil is not None else pupils_of(practice)
    sheets: dict[tuple[int, str], list[Sheet]] = {}
    of_them = Sheet.entrant_id.in_([it.id for it in people])
    for sheet in db.session.scalars(select(Sheet).where(of_them).order_by(Sheet.id)):
        sheets.setdefault((sheet.entrant_id, sheet.module), []).append(sheet)
    comments = standing_comments([it.id for among in sheets.values() for it in among])
    stage = rules_of(event).stages[0]
    with live_scorer(practice) as live:
        rows = {row.entrant: row.modules for row in live.event(event.code).stages[0].standings}
        scorer = live.scorer.events[event.code]
        return {
            who.code: [
                _try(
                    number,
                    module,
                    rows[who.code][module.code],
                    sheets.get((who.id, module.code), ()),
                    aspect_points(scorer, who.code),
                    comments,
                )
                for number, module in enumerate(stage.modules, 1)
            ]
            for who in people
        }


def _try(
    number: int,
    module: Module,
    score: ModuleResult,
    sheets: Sequence[Sheet],
    points: Mapping[tuple[str, str, str], tuple[Number, Number]],
    comments: Mapping[int, str],
) -> Try:
    begun = any(sheet.state is not SheetState.NOT_BEGUN for sheet in sheets)
    waived = is_void(score.flags)
    if waived or not sheets or not all(sheet.state in HANDED_IN for sheet in sheets):
        return Try(number=number, begun=begun, waived=waived, full=module.full)
    return Try(
        number=number,
        begun=True,
        full=module.full,
        score=score.score,
        aspects=[
            _aspect(aspect.name, *points[STAGE, module.code, aspect.code])
            for aspect in module.aspects
            if (STAGE, module.code, aspect.code) in points
        ],
        comments=[comments[sheet.id] for sheet in sheets if sheet.id in comments],
    )


def _aspect(name: str, mark: Number, full: Number) -> AspectMark:
    lost = full - mark
    return AspectMark(
        name=name,
        mark=readable(mark, 2),
        full=readable(full, 2),
        lost=readable(lost, 2) if lost > 0 else None,
    )
