"""An organiser's settings and their defaults: days of notice, shares of a re-check and the like."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from unicodedata import normalize

import msgspec

from compete.domain.aspects.kinds import type_title
from compete.domain.aspects.types import AspectType
from compete.domain.eligibility import Conditions
from compete.domain.evaluation.examiners import ExaminerRules
from compete.domain.kinds.kinds import competition_kind
from compete.domain.labour.kept_flags import FlagKeep
from compete.domain.recheck import RecheckShares
from compete.domain.registration_columns import EntryField, fields_offered
from compete.domain.seating import Weight
from compete.domain.values.claim_states import GradeGround
from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg
from compete.models import Competition
from compete.services.kernel.detail_fields import (
    KEPT_TERMS,
    MOST_APPEAL_HOURS,
    DetailSettings,
    is_less,
)
from compete.services.kernel.edit_conflicts import refuse_overwriting
from compete.services.kernel.fields import Setting, Step


class LookRules(msgspec.Struct, frozen=True):
    """The second look's share of a closed period's squares: per cent, and at least so many.

    `first`: the period is announced only when all of them were.
    """

    share: Decimal = Decimal(5)
    least: int = 10
    first: bool = False


_HOURS = msg("小时、分钟和人数写整数")
_TYPES = {kind.value: type_title(kind) for kind in AspectType}


def _is_wider(now: Collection[str], wanted: Collection[str]) -> bool:
    return bool(set(wanted) - set(now))


class AppealRules(msgspec.Struct, frozen=True):
    """The rules of appeals; regulations differ in all of it.

    `since`: the hours to file (`appeal_hours`) count from the end of the module, from the
    publication, or from either. `answer_hours` are the arbiters', `second_hours` those to go to the
    second instance and those that it has; of each the hours of days off do not count where
    `working` says so. `arbiters` agree before a decision stands, not before the
    `file_minutes` in which files follow; types of aspect in `barred` are not taken, by `clause`.
    """

    since: Annotated[
        Literal["either", "module", "publication"],
        Setting(
            msg("申诉时间从什么时候算"),
            choices={
                "either": msg("模块结束和成绩公布各算一次"),
                "module": msg("模块结束"),
                "publication": msg("成绩公布"),
            },
        ),
    ] = "either"
    working: Annotated[
        bool,
        Setting(
            msg("申诉的时限只数工作日"),
            msg("休息日和节假日不算，24 小时是一个工作日；评分开始以后不能改"),
            until=Step.OPENED,
            stays=msg("评分已经开始，申诉的时限怎么数不能再改"),
        ),
    ] = False
    answer_hours: Annotated[
        int,
        Setting(msg("仲裁组几小时内答复"), least=1, most=MOST_APPEAL_HOURS, needed=_HOURS),
    ] = 2
    second_hours: Annotated[
        int,
        Setting(
            msg("几小时内可提请总仲裁，总仲裁也是几小时内答复"),
            least=1,
            most=MOST_APPEAL_HOURS,
            needed=_HOURS,
            two_if=is_less,
            kept_if=is_less,
            kept=KEPT_TERMS,
        ),
    ] = 2
    arbiters: Annotated[
        int, Setting(msg("几位仲裁同意才生效（1 或 2）"), least=1, most=2, needed=_HOURS)
    ] = 2
    file_minutes: Annotated[
        int,
        Setting(
            msg("话交上以后，文件可以跟几分钟"),
            msg("这段时间里不定；以后补的另外写明"),
            most=60,
            needed=_HOURS,
        ),
    ] = 10
    barred: Annotated[
        tuple[str, ...],
        Setting(
            msg("哪些评分点不受理"),
            choices=_TYPES,
            two_if=_is_wider,
            kept_if=_is_wider,
            kept=KEPT_TERMS,
        ),
    ] = ("judgement",)
    clause: Annotated[
        str, Setting(msg("依据哪一条"), msg("写给申诉人看，如 规则第 20 条"), most=60)
    ] = ""


class ClashRules(msgspec.Struct, frozen=True):
    """The rules on a judge close to a contestant: `hard` must not be, `soft` is explained.

    `superior`: the own unit and the contestant's have the same one directly above them, or one
    stands above the other. Teaching and coaching that ended over `years` years ago are soft.
    """

    unit: Weight = Weight.HARD
    superior: Weight = Weight.SOFT
    kin: Weight = Weight.HARD
    mentor: Weight = Weight.HARD
    coach: Weight = Weight.HARD
    years: int = 3


class HonourNeed(msgspec.Struct, frozen=True):
    """An honour that another body approves before its certificates go out; `by` said so.

    `own`: it was said instead that it is the organiser's to give. `asked`: one person says so of
    what nobody has said anything of, and why; until a second agrees it waits as before.
    """

    body: str
    by: int
    own: bool = False
    asked: str = ""


class Money(msgspec.Struct, frozen=True):
    """The money, prizes and allowances, in hundredths of a yuan: by title, and by grade reached."""

    titles: dict[str, int] = {}
    grades: dict[str, int] = {}


class EntryDeadline(msgspec.Struct, frozen=True):
    """The days until which a labour competition's leaf period is entered: `own` units' own marks,
    `sign` departments' sign-off. It shuts nothing; who is later is late."""

    own: datetime | None = None
    sign: datetime | None = None


class FlagDays(msgspec.Struct, frozen=True):
    """The days of a unit's flag for a period: the day it was given, and given back or told that it
    keeps it for good."""

    given: date | None = None
    back: date | None = None
    kept: date | None = None


class FollowUp(msgspec.Struct, frozen=True):
    """The follow-up of a warning or veto: the unit comes `at` a time to a `place` to be spoken to,
    puts all right `by` a day, and `who` sees to it."""

    at: datetime | None = None
    place: str = ""
    by: date | None = None
    who: str = ""


class SafeSince(msgspec.Struct, frozen=True):
    """The start of a unit's days without an accident: the day of the work's beginning,
    or of an `accident`, which was entered at `said`. Where a report that two confirmed began
    them, `before` is what stood until then by hand."""

    day: date
    accident: bool = False
    said: datetime | None = None
    before: SafeSince | None = None


class DistinctionRule(msgspec.Struct, frozen=True):
    """An award that is given by hand, not by places: its title and whom it is for.

    With `age_to` (whole years on `age_on`, else on the day that the competition begins; the age
    itself counts) or `gender` it is for the `places` best of each event among whom it fits.
    """

    title: str
    kind: DistinctionKind
    age_to: int | None = None
    age_on: date | None = None
    gender: Literal["", "female", "male"] = ""
    places: int = 1

    @property
    def by_place(self) -> bool:
        """True if it goes to the best whom it fits, and to no other."""
        return self.kind is DistinctionKind.ENTRANT and bool(self.age_to or self.gender)


USUAL_DISTINCTIONS = (
    DistinctionRule("优秀组织奖", DistinctionKind.UNIT),
    DistinctionRule("优秀裁判员", DistinctionKind.OFFICIAL),
    DistinctionRule("优秀教练员", DistinctionKind.COACH),
    DistinctionRule("青年岗位能手", DistinctionKind.ENTRANT, age_to=35),
)
"""The titles that most competitions give; an organiser adds, changes and takes away."""
USUAL_LABOUR_DISTINCTIONS = (
    DistinctionRule("优胜单位", DistinctionKind.UNIT),
    DistinctionRule("先进班组", DistinctionKind.TEAM),
    DistinctionRule("建功标兵", DistinctionKind.WORKER),
)
"""The titles that most labour competitions give."""


class GroundTerms(msgspec.Struct, frozen=True):
    """The terms of a grade on another ground than a place: evidence, and days of notice.

    `days` are whole working days; 0 for no notice.
    """

    document: bool = True
    days: int = 5


class SelfEntry(msgspec.Struct, frozen=True):
    """Self-entry: whether people enter from a phone, with a unit not on the list, and as a crew."""

    open: Annotated[bool, Setting(msg("本人可以用手机报名"))] = False
    other_units: Annotated[
        bool,
        Setting(
            msg("单位不在名单里的也收"),
            msg("本人写单位全称，收下以前由组委会定是哪个单位"),
        ),
    ] = False
    crews: Annotated[
        bool,
        Setting(
            msg("几个人一组也收（组合）"),
            msg("一部手机把一组的人都报上，各有各的链接；一起收下，就是一个组合"),
        ),
    ] = False


class SetUp(msgspec.Struct, frozen=True):
    """The source of a draft, and the parts of it that somebody has looked at.

    `of` is an edition's code, or with `template` a template's key; `called` its name. By part of
    the set-up: `begun` are marks of what came along, `kept` of what stood when somebody said
    照旧. Nobody outside the desk enters people before it is `opened`.
    """

    of: str = ""
    template: bool = False
    called: str = ""
    begun: dict[str, str] = {}
    kept: dict[str, str] = {}
    opened: datetime | None = None


MOST_SIGNERS, _MOST_SHIFT = 3, 200
"""Of the shift, in tenths of a millimetre."""
_WRONG_SHIFT = msg(
    "写毫米数，最多一位小数，如 1.5，最多移 %(n)s 毫米；往左、往上写负数", n=_MOST_SHIFT // 10
)
_USUAL_SENTENCE = "在{竞赛}{赛项}中，{成绩}，列{名次}，"
_MILLIMETRES = re.compile(r"([+-]?)([0-9]{1,3})(?:\.([0-9]))?")


def _read_tenths(text: str) -> int:
    """Millimetres as typed, in tenths; none for nothing. Raises `ValueError`."""
    match = _MILLIMETRES.fullmatch(normalize("NFKC", text).replace("\u2212", "-") or "0")
    if match is None:
        raise ValueError(text)
    sign, whole, tenth = match.groups()
    tenths = int(whole) * 10 + int(tenth or 0)
    return -tenths if sign == "-" else tenths


def _tenths_text(tenths: int) -> str:
    """A length as it is typed: 1.5, -2, empty for none."""
    whole, tenth = divmod(abs(tenths), 10)
    text = f"{whole}.{tenth}" if tenth else str(whole)
    return f"-{text}" if tenths < 0 else text if tenths else ""


def _read_lines(text: str) -> tuple[str, ...]:
    return tuple(line for typed in text.splitlines() if (line := " ".join(typed.split())))


class AwardWords(msgspec.Struct, frozen=True):
    """The words of award certificates that are not the usual; empty texts are the usual ones.

    `title` and `sentence` are of awards by place, `honour` is the sentence of titles, and
    `given_title` and `given` are of what is given by hand; a sentence has places to be filled in
    (`documents.award_sentence`). `signed` are those who sign, none: the host alone; `frame` `bare`
    is for paper that has title and frame; `seal`: a place for each seal is shown. `emblem` is
    the SHA-256 of a picture, none: no emblem, `emblem_at` where it stands, and `second` another
    that stands opposite or beside it; `right` and `down` move all that is printed, in tenths of
    a millimetre, as printer and bought paper want it.
    """

    title: Annotated[str, Setting(msg("标题"), msg("不写就是“获奖证书”。"), most=8)] = ""
    sentence: Annotated[
        str,
        Setting(
            msg("奖项的句子"),
            msg("后面接着大字的奖项。不写就是：%(usual)s获", usual=_USUAL_SENTENCE),
            most=100,
            lines=True,
        ),
    ] = ""
    honour: Annotated[
        str,
        Setting(
            msg("荣誉称号的句子"),
            msg("后面接着大字的称号。不写就是：%(usual)s被授予", usual=_USUAL_SENTENCE),
            most=100,
            lines=True,
        ),
    ] = ""
    given_title: Annotated[
        str, Setting(msg("评选奖项的标题"), msg("不写就是“荣誉证书”。"), most=8)
    ] = ""
    given: Annotated[
        str,
        Setting(
            msg("评选奖项的句子"),
            msg("如：在{竞赛}中，组织有力、成效显著，荣获"),
            most=100,
            lines=True,
        ),
    ] = ""
    closing: Annotated[str, Setting(msg("结尾"), msg("不写就是“特发此证。”"), most=30)] = ""
    signed: Annotated[
        tuple[str, ...],
        Setting(
            msg("落款单位"),
            msg("一行一个，最多 %(n)s 个，并排盖章；不写就是主办单位。", n=MOST_SIGNERS),
            most=MOST_SIGNERS,
            each=30,
            lines=True,
            wrong=msg("落款最多 %(n)s 个单位", n=MOST_SIGNERS),
            read=_read_lines,
            text="\n".join,
        ),
    ] = ()
    frame: Annotated[
        Literal["ruler", "red", "bare"],
        Setting(
            msg("边框"),
            choices={
                "ruler": msg("标尺边"),
                "red": msg("红框"),
                "bare": msg("只印字，印在买来的证书纸上（不印标题和边框）"),
            },
            text=str,
        ),
    ] = "ruler"
    emblem_at: Annotated[
        Literal["top", "left", "right"],
        Setting(
            msg("徽标"),
            choices={"top": msg("标题上面"), "left": msg("左上角"), "right": msg("右上角")},
            text=str,
        ),
    ] = "top"
    right: Annotated[
        int,
        Setting(
            msg("往右移几毫米"),
            msg(
                "量一量样张差多少，最多 %(n)s 毫米；往左、往上写负数。",
                n=_MOST_SHIFT // 10,
            ),
            least=-_MOST_SHIFT,
            most=_MOST_SHIFT,
            wrong=_WRONG_SHIFT,
            read=_read_tenths,
            text=_tenths_text,
        ),
    ] = 0
    down: Annotated[
        int,
        Setting(
            msg("往下移几毫米"),
            least=-_MOST_SHIFT,
            most=_MOST_SHIFT,
            wrong=_WRONG_SHIFT,
            read=_read_tenths,
            text=_tenths_text,
        ),
    ] = 0
    seal: Annotated[
        bool,
        Setting(
            msg("盖章处"),
            choices={True: msg("印出盖章处"), False: msg("不印盖章处")},
            read="1".__eq__,
        ),
    ] = True
    called: Annotated[
        Literal["comrade", "contestant", "name"],
        Setting(
            msg("怎么称呼本人"),
            choices={
                "comrade": msg("同志"),
                "name": msg("只写姓名"),
                "contestant": msg("选手（裁判员、教练员等还是同志）"),
            },
            text=str,
        ),
    ] = "comrade"
    emblem: str = ""
    second: str = ""


class AwardStyle(msgspec.Struct, frozen=True):
    """A style of some award certificates: those of an `event` (by its code), of a `sort`, for
    one `award` (by its name), or of several of these at once; empty: of any. `number` is its own
    within the competition and never another's."""

    number: int
    event: str = ""
    sort: Literal["", "place", "team", "honour", "given"] = ""
    award: str = ""
    words: AwardWords = AwardWords()


class RoomSeats(msgspec.Struct, frozen=True):
    """Places of a room (by its number) in a session, of all its turns, counted from 1 turn by
    turn: from `first` on so many. The `station` is the whole room, with so many `places` at a time.
    """

    session: str
    station: str
    room: int
    places: int
    first: int
    count: int


class Timetable(msgspec.Struct, frozen=True):
    """The places of a module, before they are drawn, as an organiser lays them out.

    `stations` and `sessions` are lines (`schedule.read_places`), `closed` the codes of places
    where nobody is put, `reasons` why, by code, of those of which it was said. `layer` and the
    rule are those of the draw. `room` is the number of the one in which all stations are. Where
    stations are rooms themselves, `seats` are the places, and there are no others.
    """

    stations: str
    sessions: str
    check_in: str = "20"
    closed: tuple[str, ...] = ()
    reasons: dict[str, str] = {}
    layer: str = "station"
    apart: bool = True
    per_session: int | None = None
    room: int | None = None
    seats: tuple[RoomSeats, ...] = ()


class SettledPanels(msgspec.Struct, frozen=True):
    """A module's panels as `by` wants them settled, under the number of the event; `mark` is of
    the seats and who comes. Once the chief judge `agreed_by` they are settled."""

    event: int
    by: int
    at: datetime
    mark: str
    agreed_by: int | None = None
    agreed_at: datetime | None = None


class Coding(msgspec.Struct, frozen=True):
    """The keepers of each layer of an event's blind codes, by judges' codes, outermost first.

    One of chief judge and supervisor asks for them to be opened, the other agrees. `before` are
    the keepers that were followed since the codes were drawn: they know what they kept.
    """

    keepers: tuple[str, ...] = ()
    before: tuple[tuple[str, ...], ...] = ()
    asked_by: int | None = None
    asked_at: datetime | None = None
    agreed_by: int | None = None
    agreed_at: datetime | None = None

    @property
    def closed(self) -> bool:
        """True if somebody keeps the codes and they are not open."""
        return bool(self.keepers) and self.agreed_by is None


class AskedTerms(msgspec.Struct, frozen=True):
    """The changes of settings asked for of a second person: less time to object, earlier
    certificates, less of a re-check, another day of conditions.

    `terms` are the wanted values by name, `shows` says whom they change. The other keys are as
    earlier versions of the program kept them; `straight`: corrections after the end without a
    notice of their own. `by` is the account's number.
    """

    by: int
    at: datetime
    why: str
    terms: dict[str, Any] = {}
    shows: tuple[str, ...] = ()
    notice_days: int | None = None
    certify_early: bool = False
    appeal_hours: int | None = None
    straight: bool = False
    second_hours: int | None = None
    barred: tuple[str, ...] | None = None
    recheck: RecheckShares | None = None


class AskedTables(msgspec.Struct, frozen=True):
    """The tables over several events that somebody wants once judging has begun.

    They hold once chief judge and supervisor have agreed; `base` is the mark of those that stood.
    """

    by: int
    at: datetime
    why: str
    tables: tuple[dict[str, Any], ...]
    base: str
    chief_by: int | None = None
    chief_at: datetime | None = None
    supervisor_by: int | None = None
    supervisor_at: datetime | None = None


class MovedTables(msgspec.Struct, frozen=True):
    """The units that the last change of tables over several events moved, as they took effect.

    `moves` are as a `RuleChange` keeps what it moved besides people.
    """

    at: datetime
    why: str
    moves: tuple[dict[str, Any], ...]


class AskedStage(msgspec.Struct, frozen=True):
    """An asked stage: others go on to one that has marks; one says so, a second person agrees.

    `seen` is the mark of who comes and who leaves; it lapses where that is otherwise.
    """

    by: int
    at: datetime
    why: str
    event: str
    stage: str
    seen: str


class AskedRole(msgspec.Struct, frozen=True):
    """An organiser's part that somebody asked to take back; it ends when a second person agrees."""

    membership: int
    by: int
    at: datetime
    why: str


class MessagePlan(msgspec.Struct, frozen=True):
    """What a competition tells people by messages: kinds switched, words of its own, quiet hours.

    `words` by kind, those to groups by `KIND/group`. Since `stopped_at` all is held back, until
    `went_on_at`; so it is after a restore that is later than that.
    """

    kinds: dict[str, bool] = {}
    words: dict[str, str] = {}
    quiet_from: int = 22
    quiet_until: int = 7
    stopped_at: datetime | None = None
    went_on_at: datetime | None = None


class CompetitionSettings(DetailSettings, msgspec.Struct, frozen=True):
    """The settings of a competition. `small`: run on the pages of a 小比武.

    `must_sign` None: by the level; `body` is the number of the issuing body chosen;
    `award_date` stands on award certificates and gives their numbers the year, None: the
    day of issue; `award_words` are what else they say, `award_styles` where some of them say it
    otherwise, `award_styles_made` how many there ever were; `units_from` to `units_until` units'
    contacts enter people, `unit_quota` at most for each unit; `self_entry`: whether people enter
    themselves then; `set_up` of a draft made on the desk, None: nothing keeps it shut;
    `batch_before` is the code of the evaluation that this is the next batch of;
    `coding` says who keeps the blind codes, by the event's code;
    `confirmed` names the rule packs whose presumptions the organiser has confirmed;
    `asked`: what of the details, of appeals and of the re-check waits for a second person,
    `asked_tables`: the tables over several events that wait for chief judge and supervisor,
    `moved_tables`: whom the last that took effect moved;
    `conditions` are of entry, by the event's code;
    `honours` says by title who approves it or that it is the own, by place or by hand alike;
    `distinctions` the awards given by hand, None: the usual ones (`distinction_rules_of`);
    `grounds` what other grounds of a grade need, by ground, others as `GroundTerms` says; since
    `put_away` the lists leave the competition out; `appeals` say of what one may appeal;
    `clashes` weigh what is between judges and contestants;
    `examiners`: how many of them an evaluation wants;
    `entry_fields` are asked of people besides who they are and their grade; `entry_deadlines`
    are those of leaf periods, by code, `look` how many squares of each are drawn;
    `flag_days` and `follow_ups` what came of periods, by their codes and the units', `flag_keep`
    when a flag may stay with a unit, where the rules do not say it: None, never;
    `safe_since` counts units' days without an accident, by their codes; `panels` that are settled
    or to be, by `event|stage|module`; so `timetables`, each with what it was before; `overseers` by
    day and name of a session (`2026-12-07|…`), officials by their codes; `sections` of the
    occupational standard, by the event's code and an aspect's `stage|module|aspect`; personal data
    are kept for `keep_months` after the end, None: as long as the installation says.
    """

    small: bool = False
    asked: AskedTerms | None = None
    asked_stages: tuple[AskedStage, ...] = ()
    asked_tables: AskedTables | None = None
    moved_tables: MovedTables | None = None
    asked_roles: tuple[AskedRole, ...] = ()
    must_sign: bool | None = None
    body: int | None = None
    award_date: date | None = None
    award_words: AwardWords = AwardWords()
    award_styles: tuple[AwardStyle, ...] = ()
    award_styles_made: int = 0
    coding: dict[str, Coding] = {}
    confirmed: tuple[str, ...] = ()
    put_away: date | None = None
    recheck: RecheckShares = RecheckShares()
    units_from: datetime | None = None
    units_until: datetime | None = None
    unit_quota: int | None = None
    self_entry: SelfEntry = SelfEntry()
    set_up: SetUp | None = None
    batch_before: str = ""
    appeals: AppealRules = AppealRules()
    clashes: ClashRules = ClashRules()
    examiners: ExaminerRules = ExaminerRules()
    conditions: dict[str, Conditions] = {}
    keep_months: int | None = None
    honours: dict[str, HonourNeed] = {}
    money: Money = Money()
    distinctions: tuple[DistinctionRule, ...] | None = None
    grounds: dict[GradeGround, GroundTerms] = {}
    entry_deadlines: dict[str, EntryDeadline] = {}
    entry_fields: tuple[EntryField, ...] = tuple(EntryField)
    look: LookRules = LookRules()
    safe_since: dict[str, SafeSince] = {}
    flag_days: dict[str, dict[str, FlagDays]] = {}
    flag_keep: FlagKeep | None = None
    follow_ups: dict[str, dict[str, FollowUp]] = {}
    panels: dict[str, SettledPanels] = {}
    timetables: dict[str, tuple[Timetable, ...]] = {}
    overseers: dict[str, tuple[str, ...]] = {}
    messages: MessagePlan = MessagePlan()
    sections: dict[str, dict[str, str]] = {}

    @property
    def waits_to_open(self) -> bool:
        """True if nobody has opened registration yet; what was not made on the desk is open."""
        return self.set_up is not None and self.set_up.opened is None


def settings_of(competition: Competition) -> CompetitionSettings:
    """The settings. Raises `msgspec.ValidationError` for what was spoilt in the database."""
    usual = {"check_in_items": competition_kind(competition).check_in_items}
    return msgspec.convert(usual | competition.settings, CompetitionSettings, strict=False)


def asked_fields(competition: Competition) -> tuple[EntryField, ...]:
    """The fields that registration asks besides, of those this kind of competition may ask."""
    offered = fields_offered(Kind(competition.kind))
    return tuple(field for field in settings_of(competition).entry_fields if field in offered)


def distinction_rules_of(competition: Competition) -> tuple[DistinctionRule, ...]:
    """The awards that are given by hand: the organiser's list, else the usual ones of its kind."""
    rules = settings_of(competition).distinctions
    if rules is not None:
        return rules
    return (
        USUAL_LABOUR_DISTINCTIONS
        if competition_kind(competition).has_periods
        else USUAL_DISTINCTIONS
    )


def change_settings(competition: Competition, **changed: Any) -> None:
    """Set some of them; inside a unit of work. What is None goes back to what holds unsaid."""
    given = {key: value for key, value in changed.items() if value is not None}
    asked: dict[str, Any] = msgspec.to_builtins(msgspec.convert(given, CompetitionSettings))
    values = {key: asked[key] for key in given}
    refuse_overwriting(competition, dict.fromkeys(changed) | values)
    kept = {key: value for key, value in competition.settings.items() if key not in changed}
    competition.settings = kept | values
