"""Settings of self-entry: whether it is open, what is asked, and how many came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import func, select

from compete.domain.eligibility import Rule, conditions_for, findings
from compete.domain.kinds.kinds import competition_kind
from compete.domain.registration_columns import BACKGROUND
from compete.domain.values.messages import Message, msg
from compete.domain.values.roles import Role
from compete.domain.values.states import ApplicationState, CompetitionState
from compete.models import (
    Account,
    Application,
    Competition,
    Membership,
    SignInCard,
    Unit,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import SelfEntry, change_settings, settings_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.registration.applications import HIDDEN, check_cells, offer_for
from compete.services.registration.eligibility import conditions_of, day_of, facts_of_fields
from compete.services.registration.preview import offer_of
from compete.services.registration.units.unit_list import LONGEST_UNIT
from compete.services.registration.window import why_units_cannot_enter
from compete.sheets.registration.draft import CheckedFields
from compete.sheets.registration.fitting import COLUMN_OF
from compete.sheets.registration.people import RegistrationOffer

OTHER_UNIT = "*"
"""The form's value instead of a unit's code where the unit is not on the list."""
_BEFORE = (
    *("event", "unit", "other_unit", "name", "paper", "id_number", "gender", "birth", "phone"),
    *("group", "department", "education", "post", "grade", "certificate"),
    *("grade_since", "months", "promoted", "papers"),
)
OWN_FIELDS = (*_BEFORE, *(it for it in BACKGROUND if it not in _BEFORE), "consent", "crew", "role")
"""The fields somebody says of themselves; teams are for the unit to say."""
LONGEST_FIELD = 200
MOST_OF_ONE_UNIT = 2000
"""The most self-entries for one unit, or for none: who sends more has a machine do it."""
MOST_UNSEEN = 500
"""Of those so many may wait until somebody has looked at them."""
_NOT_CELLS = ("unit", "other_unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFields:
    """The fields somebody wrote, as read: whose unit, the kept cells, what is wrong by field."""

    unit: Unit | None
    cells: Mapping[str, str]
    checked: CheckedFields
    problems: Mapping[str, Message]


def self_entry_of(competition: Competition) -> SelfEntry:
    """The settings as the organiser has set them; a labour competition has no contestants."""
    if competition_kind(competition).has_periods:
        return SelfEntry()
    return settings_of(competition).self_entry


def change_self_entry(competition: Competition, wanted: SelfEntry, by: Account) -> bool:
    """Set it; whether that changed anything.

    Raises `Refused` (CONFLICT) to begin while nothing can be entered for.
    """
    with changing(competition) as competition:
        now = self_entry_of(competition)
        if now == wanted:
            return False
        if wanted.open and not competition.events:
            raise Refused(msg("还没有赛项，先在“赛项和规则”里加"))
        change_settings(competition, self_entry=wanted)
        action = "self_entry.open" if wanted.open else "self_entry.close"
        before, after = msgspec.to_builtins(now), msgspec.to_builtins(wanted)
        audit.record(competition, by, action, competition.code, before=before, after=after)
    return True


def why_nobody_can_enter(competition: Competition) -> Message | None:
    """Say why nobody can hand themselves in or correct it now; None: they can."""
    settings = self_entry_of(competition)
    if not settings.open:
        return msg("这个竞赛现在不收个人报名，问单位或者组委会")
    if not competition.units and not settings.other_units:
        return msg("组委会还没有写好单位名单，过几天再来")
    return why_units_cannot_enter(competition)


def require_self_entry(competition: Competition) -> None:
    """Raise `Refused` with why, when nobody can enter themselves."""
    why = why_nobody_can_enter(competition)
    if why is not None:
        raise Refused(why)


def is_decided_still(competition: Competition) -> bool:
    """True if who was handed in can still be confirmed, given back or taken back."""
    return (
        competition.state is CompetitionState.REGISTERING
        and settings_of(competition).put_away is None
    )


def has_contact(unit: Unit) -> bool:
    """True if somebody can say for the unit who is theirs: a contact whose link still lets in."""
    query = (
        select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .join(SignInCard, SignInCard.account_id == Account.id)
        .where(
            Membership.unit_id == unit.id,
            Membership.role == Role.CONTACT,
            Account.active,
            SignInCard.one_time.is_(False),
            SignInCard.cancelled_at.is_(None),
            SignInCard.expires_at.is_(None) | (SignInCard.expires_at > utc_now()),
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def own_offer(competition: Competition) -> RegistrationOffer:
    """The choices that somebody has."""
    return replace(offer_of(competition), teams=[], new_units=False)


def read_own(
    competition: Competition, typed: Mapping[str, str], before: Mapping[str, str]
) -> OwnFields:
    """Hold what somebody wrote against the checks of registration and what the event asks.

    `before` is what was handed in last: a hidden field that is left empty stays as it was.
    Nothing that is said depends on others: whoever tries numbers learns nothing from it.
    """
    text = {key: typed.get(key, "").strip() for key in OWN_FIELDS}
    problems: dict[str, Message] = {}
    for key, value in text.items():
        if len(value) > LONGEST_FIELD:
            problems[key] = msg("太长了，最多 %(most)s 个字", most=LONGEST_FIELD)
            text[key] = ""
    if not self_entry_of(competition).crews:
        text["crew"], text["role"] = before.get("crew", ""), before.get("role", "")
    for key in HIDDEN:
        text[key] = text[key] or before.get(key, "")
    unit = _unit_of(competition, text, problems)
    cells = {key: value for key, value in text.items() if value and key not in _NOT_CELLS}
    if unit is None:
        cells["unit"] = " ".join(text["other_unit"].split())
    checked, wrong = check_cells(cells, offer_for(competition, unit), unit)
    wrong.pop("unit", None)
    problems = problems | {key: what for key, what in wrong.items() if key not in problems}
    if not text["phone"] and "phone" not in problems:
        problems["phone"] = msg("请写手机号，有事好找你")
    if "consent" not in offer_of(competition).left_out and not text["consent"]:
        problems.setdefault("consent", msg("选同意或者不同意"))
    for key, what in _unmet(competition, checked, cells).items():
        problems.setdefault(key, what)
    entered = checked.values.event
    if entered and (closed := why_units_cannot_enter(competition, entered.code)):
        problems["event"] = closed
    return OwnFields(unit=unit, cells=cells, checked=checked, problems=problems)


def _unit_of(
    competition: Competition, text: Mapping[str, str], problems: dict[str, Message]
) -> Unit | None:
    chosen = text["unit"]
    if chosen == OTHER_UNIT and self_entry_of(competition).other_units:
        name = " ".join(text["other_unit"].split())
        if not name:
            problems.setdefault("other_unit", msg("写单位的全称"))
        elif len(name) > LONGEST_UNIT:
            problems["other_unit"] = msg("太长了，最多 %(most)s 个字", most=LONGEST_UNIT)
        return None
    unit = next((candidate for candidate in competition.units if candidate.code == chosen), None)
    if unit is None:
        problems["unit"] = msg("选你的单位")
    return unit


def _unmet(
    competition: Competition, checked: CheckedFields, cells: Mapping[str, str]
) -> dict[str, Message]:
    """The conditions by field that the person does not meet, as far as they say it."""
    fields = checked.values
    if fields.event is None:
        return {}
    conditions = conditions_for(conditions_of(competition), fields.event.code, ())
    facts = facts_of_fields(fields, fields.event.ladder, reads_it=True)
    reasons: dict[str, Message] = {}
    for finding in findings(conditions, facts, day_of(competition)):
        if finding.fits:
            continue
        key = COLUMN_OF[finding.rule]
        if finding.rule is Rule.AGE and "birth" not in cells:
            key = "id_number"
        reasons.setdefault(
            key,
            msg("%(what)s。填得没错的，找组委会", what=finding.sentence),
        )
    return reasons


@dataclass(frozen=True, slots=True)
class OwnCount:
    """The count of self-entries that were not taken back, and of those that wait for the unit."""

    came: int
    unconfirmed: int


def count_own(competition: Competition) -> OwnCount:
    """Count those who entered themselves."""
    query = (
        select(Application.state, func.count(Application.id))
        .where(
            Application.competition_id == competition.id,
            Application.by_person,
            Application.state != ApplicationState.TAKEN_BACK,
        )
        .group_by(Application.state)
    )
    counts = dict(db.session.execute(query).tuples().all())
    return OwnCount(sum(counts.values()), counts.get(ApplicationState.UNCONFIRMED, 0))
