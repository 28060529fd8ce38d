"""Masking: a bundle as published has all that counts, no numbers, phones and whole names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from compete.domain.bundle.crews import compared_by_birth
from compete.domain.bundle.labour_types import Adjustment, Labour, LabourValue, Veto
from compete.domain.bundle.overall_types import Overall
from compete.domain.bundle.types import (
    Bundle,
    Competition,
    Entrant,
    Mark,
    Member,
    Outcome,
    Penalty,
    Team,
    Unit,
    WorkingTime,
)
from compete.domain.identity.masks import (
    mask_id,
    mask_name,
    mask_numbers,
    shown_crew_name,
    shown_name,
)
from compete.domain.kinds.kinds import competition_kind
from compete.domain.labour.closed_periods import LIFTED
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.kinds import EntrantGroup
from compete.domain.values.record import Extra
from compete.services.scoring.compared_by_age import deciding_births
from compete.services.scoring.public_columns import (
    EXTRAS,
    REASONS,
    UNNAMED,
    needed_columns,
    told_columns,
)
from compete.services.scoring.unnamed_judges import without_judges

Told = TypeVar("Told", Outcome, Penalty, Adjustment, Veto)
Beside = TypeVar("Beside", Competition, Overall, Unit, Team, LabourValue, Bundle, Overall)
WITHHELD = {"withheld": ["reason"]}
"""The `extra` of a reason that was written and is not told; `explain` says so."""

_CONDITIONS = ("group", "grade", "birth")
"""The keys that lines of conditions look at, of those masked in a contest."""

_Clean = Callable[[str | None], str | None]


def public_bundle(bundle: Bundle, also: Collection[str] = ()) -> Bundle:
    """Mask a bundle for publication: of births only those stay that decide a place.

    An evaluation's is kept and not told: it says who did not pass, and why (`passed_list` is
    what everybody reads). Scored both ways where births are asked for: were a result another
    without the other births, all would stay.
    """
    if competition_kind(bundle.competition).tells_passed_alone:
        masked = masked_bundle(bundle, also, ())
        pairs = zip(masked.entrants, bundle.entrants, strict=True)
        facts = ((it, {key: getattr(of, key) for key in _CONDITIONS}) for it, of in pairs)
        return replace(masked, entrants=tuple(replace(it, **fields) for it, fields in facts))
    if competition_kind(bundle.competition).has_periods or not _asks_birth(bundle):
        return masked_bundle(bundle, also, ())
    whole = Scorer(bundle)
    published = masked_bundle(bundle, also, deciding_births(whole))
    if Scorer(published).results == whole.results:
        return published
    return masked_bundle(bundle, also, [entrant.code for entrant in bundle.entrants])


def _asks_birth(bundle: Bundle) -> bool:
    return any("birth" in needed_columns(event) for event in bundle.events)


def masked_bundle(bundle: Bundle, also: Collection[str], births: Collection[str]) -> Bundle:
    """The bundle with names masked, also where a reason tells them.

    ID numbers, phones, genders and what is noted beside a person always stay out;
    so do reasons, what is noted beside the competition, its units, teams and
    labour values, and of the people whatever no rule of their event looks at, but
    for what `also` names of `CHOICES`; a birth goes out of those in `births` alone,
    for a crew of the member by whom it is compared. It gives the same results to the
    digit. A group that is not told reads as the format's default. With `UNNAMED` marks
    go out without whose they are.
    """
    people = [
        name
        for entrant in bundle.entrants
        for name in (entrant.name, *(member.name for member in entrant.members))
        if name != _called(entrant)
    ]
    numbers = [
        number
        for entrant in bundle.entrants
        for number in (entrant.id_number, *(member.id_number for member in entrant.members))
        if number
    ]
    masked = _cleaner([*people, *(judge.name for judge in bundle.judges)], numbers)
    clean: _Clean = masked if REASONS in also else _no_reason
    beside: _Clean = masked if EXTRAS in also else _no_reason
    columns = told_columns(bundle.events, also)
    public = replace(
        bundle,
        competition=_beside(bundle.competition, beside),
        units=tuple(_beside(unit, beside) for unit in bundle.units),
        teams=tuple(_beside(team, beside) for team in bundle.teams),
        overall=tuple(_beside(table, beside) for table in bundle.overall),
        extra=_cleaned(bundle.extra, beside),
        labour=bundle.labour and _labour(bundle.labour, clean, beside),
        judges=tuple(
            replace(judge, name=mask_name(judge.name), extra=None) for judge in bundle.judges
        ),
        entrants=tuple(
            _entrant(entrant, columns[entrant.event], entrant.code in births)
            for entrant in bundle.entrants
        ),
        marks=tuple(replace(mark, extra=_ruling(mark, clean)) for mark in bundle.marks),
        outcomes=_mask_rows(bundle.outcomes, clean),
        penalties=_mask_rows(bundle.penalties, clean),
        times=tuple(replace(time, extra=_readings(time, clean)) for time in bundle.times),
        # How equals were parted is for everybody to read; a name that stands in it is not.
        playoffs=tuple(replace(it, reason=masked(it.reason) or "") for it in bundle.playoffs),
    )
    return without_judges(public) if UNNAMED in also else public


def _called(entrant: Entrant) -> str:
    if entrant.members:
        members = [member.name for member in entrant.members]
        return shown_crew_name(entrant.name, entrant.code, members)
    return shown_name(entrant.name, entrant.code)


def _entrant(entrant: Entrant, columns: Collection[str], tells_birth: bool) -> Entrant:
    by_birth = compared_by_birth(entrant) if tells_birth and "birth" in columns else None
    return replace(
        entrant,
        name=_called(entrant),
        id_number=None,
        group=entrant.group if "group" in columns else EntrantGroup.WORKER,
        grade=entrant.grade if "grade" in columns else None,
        promoted=entrant.promoted if "promoted" in columns else None,
        phone=None,
        gender=None,
        birth=entrant.birth if by_birth and by_birth.member is None else None,
        members=tuple(
            _member(member, columns, by_birth is not None and by_birth.member == member.code)
            for member in entrant.members
        ),
        extra=None,
    )


def _member(member: Member, columns: Collection[str], tells_birth: bool) -> Member:
    return replace(
        member,
        name=shown_name(member.name, member.code),
        id_number=None,
        group=member.group if "group" in columns else None,
        grade=member.grade if "grade" in columns else None,
        promoted=member.promoted if "promoted" in columns else None,
        phone=None,
        gender=None,
        birth=member.birth if tells_birth else None,
        extra=None,
    )


def _readings(time: WorkingTime, clean: _Clean) -> dict[str, Any] | None:
    """The readings and a ruling that go with a time, by judges' codes; nothing else is told."""
    extra = time.extra or {}
    content: dict[str, Any] = {
        key: extra[key] for key in ("readings", "aside", "ruled_by") if key in extra
    }
    if isinstance(extra.get("reason"), str) and "ruled_by" in extra:
        reason = clean(extra["reason"])
        content |= WITHHELD if reason is None else {"reason": reason}
    return content or None


def _ruling(mark: Mark, clean: _Clean) -> dict[str, Any] | None:
    """The chief judge's ruling that goes with a mark, who and what was; nothing else is told."""
    extra = mark.extra or {}
    if "ruled_by" not in extra:
        return None
    reason = clean(extra.get("reason"))
    why = {} if reason is None else {"reason": reason}
    return {"ruled_by": extra["ruled_by"], **why, "was": extra.get("was")}


def _mask_rows(rows: Sequence[Told], clean: _Clean) -> tuple[Told, ...]:
    """The rows without what is noted beside them; a reason kept back is told to exist."""
    cleaned = []
    for row in rows:
        reason = clean(row.reason)
        extra = WITHHELD if row.reason and reason is None else None
        cleaned.append(replace(row, reason=reason, extra=extra))
    return tuple(cleaned)


def _labour(labour: Labour, clean: _Clean, beside: _Clean) -> Labour:
    return replace(
        labour,
        values=tuple(_beside(value, beside) for value in labour.values),
        adjustments=_mask_rows(labour.adjustments, clean),
        vetoes=_mask_rows(labour.vetoes, clean),
        extra=_lifted(labour.extra, clean),
    )


def _lifted(extra: Extra | None, clean: _Clean) -> Extra | None:
    """The extra with the reasons of lifted vetoes as those of others are told."""
    if not extra or not isinstance(extra.get(LIFTED), list):
        return extra
    vetoes = []
    for veto in extra[LIFTED]:
        place = {key: veto[key] for key in ("unit", "period") if key in veto}
        why = {key: clean(veto[key]) for key in ("reason", "lifted_why") if veto.get(key)}
        kept = {key: text for key, text in why.items() if text is not None}
        vetoes.append(place | kept | ({"withheld": list(why)} if len(kept) < len(why) else {}))
    return extra | {LIFTED: vetoes}


def _beside(row: Beside, clean: _Clean) -> Beside:
    """The row with what is noted beside it, or without."""
    return replace(row, extra=_cleaned(row.extra, clean)) if row.extra else row


def _cleaned(extra: Extra | None, clean: _Clean) -> Extra | None:
    """The same with every text of it cleaned; None where texts stay out."""
    if extra is None or clean("") is None:
        return None

    def cleaned(value: Any) -> Any:
        if isinstance(value, str):
            return clean(value)
        if isinstance(value, dict):
            return {key: cleaned(inner) for key, inner in value.items()}
        return [cleaned(inner) for inner in value] if isinstance(value, list) else value

    return {key: cleaned(value) for key, value in extra.items()}


def _no_reason(_text: str | None) -> None:
    """Drop what somebody wrote by hand: it may tell anything, and stays out unless chosen."""


def _cleaner(names: Sequence[str], numbers: Sequence[str]) -> _Clean:
    """Make the function that masks names and ID numbers in a text, the longer names first.

    Phones and ID numbers of eighteen are masked whosever they are.
    """
    known = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)

    def clean(text: str | None) -> str | None:
        for name in known if text else ():
            text = (text or "").replace(name, mask_name(name))
        for number in numbers if text else ():
            text = (text or "").replace(number, mask_id(number))
        return text and mask_numbers(text)

    return clean
