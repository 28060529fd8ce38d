"""Details of a competition that its organiser sets, and what of them takes two people.

What each detail is stands in its line (`kernel.detail_fields`). Once judging has begun one asks
for shorter terms, less of the public's time to object, or for another day on which conditions are
looked at, and a second person agrees. The rest of the details, and all of them before, one
organiser sets alone. The last change is taken back while nothing else was set since."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from compete.domain.kinds.kinds import competition_kind
from compete.domain.recheck import RecheckShares
from compete.domain.values.days import date_words
from compete.domain.values.kinds import Level
from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition, db, utc_now
from compete.services.accounts.second_persons import ASKED_YOURSELF, SecondWord, is_linked
from compete.services.appeals.rules import check_appeal_rules, set_appeal_rules, takes_two
from compete.services.appeals.windows import appeals_have_begun
from compete.services.closing.grade_approval_gate import two_approve
from compete.services.closing.grade_proposals import drop_asked_of_two
from compete.services.closing.recheck_scope import (
    RecheckSettings,
    change_recheck_settings,
    check_recheck,
    lessens_recheck,
    require_no_round,
)
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import (
    AppealRules,
    AskedTerms,
    change_settings,
    settings_of,
)
from compete.services.kernel.detail_fields import LEAST_NOTICE_DAYS, ROW_DETAILS, Details
from compete.services.kernel.edit_conflicts import merged
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.fields import (
    Step,
    differences,
    faults_in,
    fields_of,
    kept_fault,
    settled_fault,
    several,
    steps_of,
    take_two,
    with_values,
)
from compete.services.kernel.last_records import LastDone, last_record, require_last_shown
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.eligibility import conditions_of
from compete.services.results.stored_versions import publish_bends
from compete.services.rules.taking_effect import changed_entrants
from compete.services.scoring.live import Live, live_by_new_rules, live_results

NO_DAY = msg("考核那天要写，申报条件按它算")
"""The fault of an evaluation without a day."""
DETAILS_SET = "competition.change"
"""The record of setting them."""


def details_of(competition: Competition) -> Details:
    """The details as they stand."""
    settings = settings_of(competition)
    values = {
        name: getattr(competition if name in ROW_DETAILS else settings, name)
        for name in fields_of(Details)
    }
    values["two_approve_grades"] = two_approve(competition)
    return Details(**values | {"level": Level(competition.level)})


def why_not_renamed(competition: Competition) -> Message | None:
    """Say why the name stays: what was published and certified bears it."""
    name = fields_of(Details)["name"]
    return name.stays if name.until in steps_of(competition) else None


def change_details(
    competition: Competition, wanted: Details, was: Details, by: Account, why: str | None = ""
) -> list[str]:
    """Set them; the names of those that changed. `was` is what the page showed.

    What somebody else changed since stays.

    What shortens the time to object (`asked_terms`) is asked for with the reason `why`, and
    stays as it is until a second person agrees; it is not among the names. Without a reason to
    ask with (None: somebody is still typing) it is refused.

    What was printed, published or issued before stays as it is. Raises
    `BothChangedError` where both changed the same, or `Refused` (INVALID) naming what cannot be.
    """
    _check(wanted)
    with changing(competition) as competition:
        now = details_of(competition)
        wanted = merged(was, wanted, now)
        changed = differences(now, wanted)
        if not changed:
            return []
        _check(wanted)
        _check_against(competition, now, wanted)
        if waiting := _for_two(competition, now, wanted):
            if why is None:
                raise FieldRefused(
                    next(iter(waiting)),
                    msg("这样要由两个人定：写好为什么，按“提出”，另一位同意了才算"),
                    Refusal.CONFLICT,
                )
            try:
                terms = {name: getattr(wanted, name) for name in waiting}
                _ask(competition, reason_text(why), by, terms)
            except Refused as refused:
                raise FieldRefused("why_shorter", refused.message, refused.kind) from refused
            changed = [name for name in changed if name not in waiting]
            if not changed:
                return []
        for name in changed:
            if name in ROW_DETAILS:
                setattr(competition, name, getattr(wanted, name))
        settings = {name: getattr(wanted, name) for name in changed if name not in ROW_DETAILS}
        change_settings(competition, **settings)
        if "two_approve_grades" in changed:
            drop_asked_of_two(competition, by)
        before, after = ({name: _plain(it, name) for name in changed} for it in (now, wanted))
        audit.record(competition, by, DETAILS_SET, competition.code, before=before, after=after)
    return changed


def _check(wanted: Details) -> None:
    for fault in faults_in(wanted):
        raise fault
    if wrong := day_fault(wanted.starts, wanted.ends):
        raise wrong


def day_fault(starts: date | None, ends: date | None) -> FieldRefused | None:
    """Say what is wrong with the first and the last day, or None."""
    if ends and not starts:
        return FieldRefused("starts", msg("写了结束日期，开始日期也要写"))
    if starts and ends and ends < starts:
        return FieldRefused("ends", msg("结束日期早于开始日期"))
    return None


def _why_not_details(competition: Competition, wanted: Details) -> Message | None:
    """Say why one alone cannot set them as they are wanted, or None."""
    try:
        _check(wanted)
        _check_against(competition, details_of(competition), wanted)
    except Refused as refused:
        return refused.message
    if _for_two(competition, details_of(competition), wanted):
        return msg("公示、申诉的时间变短，要写理由、由第二个人同意：在下面改，不能一下撤销")
    return None


def _check_against(competition: Competition, now: Details, wanted: Details) -> None:
    """Check the details against what the competition has come to."""
    if competition_kind(competition).has_conditions and now.starts and not wanted.starts:
        raise FieldRefused("starts", NO_DAY)
    steps = steps_of(competition)
    if fault := settled_fault(now, wanted, steps):
        raise fault
    # Ending a notice early takes two; one alone must not get there by setting less of it.
    if fault := kept_fault(now, wanted, steps, but=_free(competition)):
        raise fault
    if wanted.appeal_hours < now.appeal_hours:
        _refuse_less_to_appeal(competition)
    printed, last = settings_of(competition).award_date, wanted.ends or wanted.starts
    if printed is not None and last is not None and printed < last:
        raise FieldRefused(
            "ends" if wanted.ends else "starts",
            msg("获奖证书的落款日期是 %(day)s，竞赛不能在它以后才结束", day=date_words(printed)),
        )


def _plain(values: Any, name: str) -> Any:
    """The value of a field as the record of a change has it."""
    value = getattr(values, name)
    return value if value is None or isinstance(value, str | int) else _text(name, value)


def _text(name: str, value: Any) -> str:
    return fields_of(Details)[name].text_of(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange(LastDone):
    """The last change of details: `fields` by name; `before` is what stood."""

    fields: Sequence[str]
    before: Details


def last_change(competition: Competition) -> LastChange | None:
    """The last change of the details; None where there is none, or others stand there now."""
    entry = last_record(competition, ["competition.change"])
    if entry is None or not isinstance(entry.before, dict):
        return None
    now, after = details_of(competition), entry.after or {}
    before = {name: it for name, it in entry.before.items() if name in fields_of(Details)}
    if not before or any(_plain(now, name) != after.get(name) for name in before):
        return None
    wanted = with_values(now, **{name: _read(name, value) for name, value in before.items()})
    why = _why_not_details(competition, wanted)
    return LastChange(entry=entry, fields=list(before), before=wanted, why_not=why)


def undo_details(competition: Competition, seen: str, by: Account) -> Sequence[str]:
    """Set what stood before the last change again; the names of what changed.

    `seen` is the mark of the change that the page showed. Raises `Refused` where it is another,
    and for what can no longer be set.
    """
    last = require_last_shown(last_change(competition), seen)
    return change_details(competition, last.before, details_of(competition), by)


def _read(name: str, value: Any) -> Any:
    """A value of the record as the details have it."""
    shape = fields_of(Details)[name].shape
    if isinstance(value, str) and several(shape.type):
        return tuple(filter(None, value.split("、")))
    return msgspec.convert(value, shape.hint, strict=False)


OF_APPEALS = ("second_hours", "barred")
"""The terms that stand among the rules of appeals."""
_WHY_ANOTHER_DAY = msg(
    "申报条件和年龄按开始日期算：评分开始以后要改，写明理由，由两个人定，改了谁的结论一起公开"
)


@dataclass(frozen=True, slots=True)
class WaitingTerms:
    """The terms asked for, by the names of their fields. `mark` tells one asking from the next."""

    wanted: Mapping[str, Any]
    why: str
    by: Account
    at: datetime
    mark: str


def waiting_terms(competition: Competition) -> WaitingTerms | None:
    """The terms that wait for a second person, or None."""
    asked = settings_of(competition).asked
    if asked is None:
        return None
    by = db.session.get_one(Account, asked.by)
    return WaitingTerms(_wanted_terms(asked), asked.why, by, asked.at, asked.at.isoformat())


def _for_two(competition: Competition, now: Details, wanted: Details) -> tuple[str, ...]:
    """The names of the details that such a change would set only by a second person's word."""
    return take_two(now, wanted, steps_of(competition), but=_free(competition))


def _free(competition: Competition) -> Collection[str]:
    """The details on which nothing hangs in this competition."""
    return () if _hangs_on_first_day(competition) else ("starts",)


def _hangs_on_first_day(competition: Competition) -> bool:
    """True if conditions or ages are looked at on the day on which the competition begins."""
    kind = competition_kind(competition)
    if kind.has_periods:
        return False
    if kind.has_conditions:
        return any(rules_of(event).on is None for event in competition.events)
    # An award by age keeps the day by which two people gave it.
    return bool(conditions_of(competition))


def _ask(competition: Competition, why: str, by: Account, terms: Mapping[str, Any]) -> None:
    """Put down what takes two; inside a unit of work.

    What was asked before is forgotten. Raises `Refused` (INVALID) without a reason.
    """
    if not why:
        raise invalid(
            _WHY_ANOTHER_DAY
            if "starts" in terms
            else msg(
                "评分开始以后公示少于 %(least)s 个工作日、公示期间就发证、缩短申诉、少受理申诉、"
                "少复核、取消更正后的公示或改递补，要写理由，由两个人定",
                least=LEAST_NOTICE_DAYS,
            )
        )
    plain = _plain_terms(terms)
    change_settings(competition, asked=AskedTerms(by=by.id, at=utc_now(), why=why, terms=plain))
    audit.record(
        competition, by, "competition.ask_terms", competition.code, after=plain, reason=why
    )


def change_appeal_rules(
    competition: Competition, wanted: AppealRules, by: Account, why: str = ""
) -> bool:
    """Set how appeals go; whether a part of it waits for a second person.

    Once judging has begun that is what takes a right to object away: less time to go on, more
    that cannot be appealed. The rest holds at once. Raises `Refused` as `set_appeal_rules` does,
    INVALID without a reason where a part waits, CONFLICT for such a part once marks are locked.
    """
    why = reason_text(why)
    with changing(competition) as competition:
        now = settings_of(competition).appeals
        waiting = takes_two(competition, wanted)
        if not waiting:
            set_appeal_rules(competition, wanted, by)
            return False
        if fault := kept_fault(now, wanted, steps_of(competition)):
            raise fault
        if "barred" in waiting:
            _refuse_less_to_appeal(competition)
        kept = tuple(kind for kind in wanted.barred if kind in now.barred)
        hours = max(wanted.second_hours, now.second_hours)
        # First what one may set alone, so that what is no rule at all is refused with it.
        check_appeal_rules(wanted)
        set_appeal_rules(
            competition, msgspec.structs.replace(wanted, barred=kept, second_hours=hours), by
        )
        _ask(competition, why, by, {name: getattr(wanted, name) for name in waiting})
    return True


def change_recheck(
    competition: Competition, wanted: RecheckSettings, *, by: Account, why: str = ""
) -> bool:
    """Set how much is re-checked; whether it waits for a second person.

    It does once judging has begun and less would be (`lessens_recheck`). Raises `Refused` as
    `change_recheck_settings` does, and without a reason.
    """
    check_recheck(wanted)
    with changing(competition) as competition:
        if not lessens_recheck(competition, wanted):
            change_recheck_settings(competition, wanted, by=by)
            return False
        require_no_round(competition)
        _ask(competition, reason_text(why), by, {"recheck": wanted.shares})
    return True


def agree_terms(competition: Competition, by: Account, *, seen: str | None = None) -> None:
    """The second person's word: it holds from now on. `Refused` for the first one's own.

    `seen` is the mark of what the page showed. Once marks are locked a notice is not shortened
    any more, not even by two.
    """
    with changing(competition) as competition:
        asked = waiting_terms(competition)
        if asked is None or seen not in (None, asked.mark):
            raise Refused(msg("没有等着同意的，请刷新"))
        terms_word(competition).require(by)
        _refuse_late(competition, asked.wanted)
        was = live_results(competition) if "starts" in asked.wanted else None
        before = _set_terms(competition, asked.wanted)
        if "two_approve_grades" in asked.wanted:
            drop_asked_of_two(competition, by)
        after = _plain_terms(asked.wanted) | {"asked": audit.signer(asked.by)}
        if was is not None:
            db.session.flush()
            after["moved"] = _moved_by(competition, was)
        audit.record(
            competition,
            by,
            "competition.agree_terms",
            competition.code,
            before=_plain_terms(before),
            after=after,
            reason=asked.why,
            bends=True,
        )
    if latest_publication(competition) is not None:
        publish_bends(competition, by)


def _set_terms(competition: Competition, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Set what was asked for; what stood, by the same names."""
    now = settings_of(competition)
    details = details_of(competition)
    changed: dict[str, Any] = {"asked": None}
    before: dict[str, Any] = {}
    for name, value in wanted.items():
        if name in OF_APPEALS:
            before[name] = getattr(now.appeals, name)
            changed["appeals"] = with_values(changed.get("appeals", now.appeals), **{name: value})
        elif name in ROW_DETAILS:
            before[name] = getattr(details, name)
            setattr(competition, name, value)
        else:
            before[name] = getattr(now, name)
            changed[name] = value
    change_settings(competition, **changed)
    return before


def _refuse_late(competition: Competition, wanted: Mapping[str, Any]) -> None:
    """Refuse what came too late for two people since it was asked for."""
    steps, now = steps_of(competition), details_of(competition)
    own = {name: value for name, value in wanted.items() if name in fields_of(Details)}
    appeals = {name: value for name, value in wanted.items() if name in OF_APPEALS}
    rules = settings_of(competition).appeals
    for stands, terms in ((now, own), (rules, appeals)):
        if fault := kept_fault(stands, with_values(stands, **terms), steps):
            raise fault
    if {"appeal_hours", "barred"}.intersection(wanted):
        _refuse_less_to_appeal(competition)
    if "recheck" in wanted:
        require_no_round(competition)


def _moved_by(competition: Competition, was: Live) -> list[str]:
    """The codes of those whose results another day of conditions made others."""
    now = live_by_new_rules(competition, None)
    return [
        code
        for event in competition.events
        for code in changed_entrants(was.event(event.code), now.event(event.code))
    ]


def drop_terms(competition: Competition, by: Account) -> None:
    """Drop the wanted terms: all stays as it is."""
    with changing(competition) as competition:
        if settings_of(competition).asked is None:
            raise Refused(msg("没有等着同意的，请刷新"))
        change_settings(competition, asked=None)
        audit.record(competition, by, "competition.drop_terms", competition.code)


def terms_word(competition: Competition) -> SecondWord:
    """The conditions of agreeing to them."""
    asked = settings_of(competition).asked
    first = asked.by if asked else None
    wanted = _wanted_terms(asked) if asked is not None else {}
    # Who is no second person for a grade does not free the first of needing one.
    linked = "two_approve_grades" in wanted and is_linked("grade")
    return SecondWord(
        competition, first, grave="recheck" in wanted, linked=linked, own=ASKED_YOURSELF
    )


def _refuse_less_to_appeal(competition: Competition) -> None:
    """Refuse less time or room to appeal, even by two, once somebody counts on it."""
    if Step.OPENED in steps_of(competition) and appeals_have_begun(competition):
        raise Refused(msg("有模块已经比完，选手照原来的申诉时间在等，只能加长"))


def _plain_terms(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The terms as the record has them."""
    plain: dict[str, Any] = msgspec.to_builtins(dict(wanted))
    return plain


def _wanted_terms(asked: AskedTerms) -> dict[str, Any]:
    """What was asked for by the names of fields, in the order of their forms."""
    terms = {
        "notice_days": asked.notice_days,
        "certify_early": asked.certify_early or None,
        "appeal_hours": asked.appeal_hours,
        "notice_again": False if asked.straight else None,
        "second_hours": asked.second_hours,
        "barred": asked.barred,
        "recheck": asked.recheck,
    }
    kept = {name: value for name, value in terms.items() if value is not None}
    kinds = {
        name: setting.shape.hint
        for kind in (Details, AppealRules)
        for name, setting in fields_of(kind).items()
    } | {"recheck": RecheckShares}
    kept |= {
        name: msgspec.convert(value, kinds[name], strict=False)
        for name, value in asked.terms.items()
    }
    return {name: kept[name] for name in kinds if name in kept}
