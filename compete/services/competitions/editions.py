"""The next edition of a competition: its rules and settings, without people and marks.

And its name: 第N届 and 第N批 raised, the year moved, and what is doubtful of the new name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from compete.domain.bundle import types
from compete.domain.bundle.versions import NEWEST
from compete.domain.eligibility import EDITION_OWN
from compete.domain.kinds.kinds import competition_kind
from compete.domain.ranking.next_in_rank import as_ruled
from compete.domain.values.messages import Message, msg
from compete.models import Competition
from compete.services.competitions.drafts import Beginnings, begun
from compete.services.competitions.file_versions import renewed
from compete.services.competitions.shifted_days import MovedDay, moved_plan
from compete.services.scoring.bundle_out import bundle_around

_STAYS = ("demo", "nominations", "note", "schedule")
"""Of the competition's `extra`, what belongs to the edition alone."""
_OWN_SETTINGS = (
    "asked",
    "asked_roles",
    "asked_stages",
    "asked_tables",
    "award_date",
    "batch_before",
    "body",
    "coding",
    "confirmed",
    "entry_deadlines",
    "flag_days",
    "follow_ups",
    "moved_tables",
    "overseers",
    "panels",
    "put_away",
    "set_up",
    "timetables",
    "units_from",
    "units_until",
)
"""Of its settings: each edition chooses these itself, or they tell what came of it."""
_OF_BATCHES = frozenset({"body"})
"""Of these, what one batch of a centre's evaluations hands to the next all the same."""


@dataclass(frozen=True, slots=True)
class NextEdition:
    """The next edition: what comes along, and which days had to give way."""

    bundle: types.Bundle
    settings: Mapping[str, Any]
    gave_way: tuple[MovedDay, ...]
    additions: Sequence[Message] = ()
    """The things that the file's newest version wants said and the edition before did not say."""


def next_edition(
    competition: Competition, wanted: Beginnings, *, officials: bool = False
) -> NextEdition:
    """Make the next edition: events with rules, units and settings, another name and first day."""
    old = bundle_around(competition, ())
    own = {unit.code for unit in competition.units}
    sessions, moved = moved_plan(competition, wanted.starts, officials=officials)
    to = moved.to if moved else {}
    ends = to.get(old.competition.ends) if old.competition.ends else None
    extra = _kept_extra(old.competition)
    if sessions:
        extra["schedule"] = sessions
    renewal = renewed(msgspec.structs.replace(old, entrants=(), teams=(), playoffs=(), times=()))
    bundle = types.Bundle(
        format=NEWEST,
        competition=msgspec.structs.replace(
            begun(wanted, old.competition), ends=wanted.ends or ends, extra=extra or None
        ),
        units=tuple(unit for unit in old.units if unit.code in own),
        judges=old.judges if officials else (),
        # Conditions are looked at on the new first day until its organiser says another.
        events=tuple(
            msgspec.structs.replace(as_ruled(event), on=None) for event in renewal.bundle.events
        ),
        overall=old.overall,
    )
    gave_way = moved.gave_way if moved else ()
    return NextEdition(bundle, kept_settings(competition), gave_way, renewal.additions)


def same_again(competition: Competition) -> types.Competition:
    """Copy what a competition says of itself, without what belongs to this edition alone."""
    about = bundle_around(competition, ()).competition
    return msgspec.structs.replace(about, extra=_kept_extra(about) or None)


def _kept_extra(about: types.Competition) -> dict[str, Any]:
    return {key: it for key, it in (about.extra or {}).items() if key not in _STAYS}


def kept_settings(competition: Competition) -> dict[str, Any]:
    """The settings but those of this edition alone."""
    stays = set(_OWN_SETTINGS)
    if competition_kind(competition).has_sittings:
        stays -= _OF_BATCHES
    settings = {key: it for key, it in competition.settings.items() if key not in stays}
    if conditions := settings.get("conditions"):
        # Ages are of the new edition's first day until its organiser says another.
        settings["conditions"] = {
            code: {key: it for key, it in asked.items() if key not in EDITION_OWN}
            for code, asked in conditions.items()
        }
    if messages := settings.get("messages"):
        stop = ("stopped_at", "went_on_at")
        settings["messages"] = {key: it for key, it in messages.items() if key not in stop}
    return settings


_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_YEAR_IN_WORDS = re.compile(r"[一二][〇零○九][〇零○一二三四五六七八九]{2}(?=年)")
_EDITION = re.compile(r"第\s?([0-9]{1,3}|[一二三四五六七八九十百零〇]{1,6})\s?届|首届")
_BATCH = re.compile(r"第\s?([0-9]{1,3}|[一二三四五六七八九十百零〇]{1,6})\s?批")
_DIGITS = "〇一二三四五六七八九"
_MOST_IN_WORDS = 999


@dataclass(frozen=True, slots=True)
class NextName:
    """A name that is proposed, and why somebody should look at it."""

    name: str
    doubts: Sequence[Message]


def next_name(name: str, had: int | None, year: int) -> NextName:
    """The name for `year` of what was called `name` in `had`."""
    doubts: list[Message] = []
    years = _years_in(name)
    base = years[0] if len(years) == 1 else had
    by = year - base if base is not None else 0
    if len(years) == 1 and had not in years and had is not None:
        doubts.append(msg("原来的名称写着 %(named)s 年，年度却是 %(had)s", named=years[0], had=had))
    proposed = _YEAR.sub(lambda match: str(int(match[0]) + by), name)
    proposed = _YEAR_IN_WORDS.sub(lambda match: _year_words(_year_of(match[0]) + by), proposed)
    if len(years) > 1:
        doubts.append(msg("名称里有 %(n)s 个年份，都往后推了 %(by)s 年", n=len(years), by=by))
    numbers, batches = _editions_in(name), _batches_in(name)
    if len(batches) == 1:
        # Batches are counted in each year that a name bears.
        number = 1 if years and by else batches[0] + 1
        proposed = _BATCH.sub(lambda match: _with_number(match, number), proposed)
    elif batches:
        doubts.append(msg("名称里有几处“第几批”，没有动，自己改"))
    # Another batch of a year is of the same edition.
    if len(numbers) == 1 and (not batches or by):
        proposed = _EDITION.sub(_raised, proposed)
        if by > 1:
            doubts.append(
                msg(
                    "两届隔了 %(by)s 年，届数只加了一，是第 %(now)s 届",
                    by=by,
                    now=numbers[0] + 1,
                )
            )
    elif len(numbers) > 1:
        doubts.append(msg("名称里有几处“第几届”，没有动，自己改"))
    if not years and not numbers and not batches:
        # Two of one name are told apart by nobody.
        proposed = f"{year}年{name}"
        doubts.append(msg("原来的名称没有年份，也没有第几届，前面加了年份"))
    return NextName(proposed, doubts)


def name_doubts(
    name: str, was: str, year: int | None, starts: date | None = None
) -> Sequence[Message]:
    """List what does not fit between the wanted name, the one before, and the year."""
    doubts: list[Message] = []
    if name.strip() == was.strip():
        doubts.append(msg("和原来那一届同名"))
    years, numbers = _years_in(name), _editions_in(name)
    if year is not None and years and year not in years:
        doubts.append(msg("名称里写的是 %(named)s 年，年度是 %(year)s", named=years[-1], year=year))
    batches, same_years = _batches_in(name), years == _years_in(was)
    same_batches = same_years and batches == _batches_in(was)
    another = name.strip() != was.strip()
    if numbers and numbers == _editions_in(was) and another and (not batches or same_batches):
        doubts.append(msg("届数没有变，还是第 %(n)s 届", n=numbers[0]))
    if batches and same_batches and another:
        doubts.append(msg("批次没有变，还是第 %(n)s 批", n=batches[0]))
    if year is not None and starts is not None and starts.year != year:
        doubts.append(
            msg("年度写的是 %(year)s，%(starts)s 年才开始", year=year, starts=starts.year)
            if starts.year > year
            else msg("年度写的是 %(year)s，%(starts)s 年就开始", year=year, starts=starts.year)
        )
    return doubts


def _years_in(name: str) -> list[int]:
    """The years that a name bears, each once, the earliest first."""
    years = {int(year) for year in _YEAR.findall(name)}
    return sorted(years | {_year_of(words) for words in _YEAR_IN_WORDS.findall(name)})


def _editions_in(name: str) -> list[int]:
    """The numbers of 第N届 that it bears; 首届 is the first."""
    return [number for match in _EDITION.finditer(name) if (number := _number(match)) is not None]


def _batches_in(name: str) -> list[int]:
    """The numbers of 第N批 that it bears."""
    return [number for match in _BATCH.finditer(name) if (number := _number(match)) is not None]


def _raised(match: re.Match[str]) -> str:
    number = _number(match)
    return match[0] if number is None else _with_number(match, number + 1)


def _with_number(match: re.Match[str], number: int) -> str:
    """The words of an edition or a batch with another number, in digits where they have digits."""
    if match[1] and match[1].isdigit():
        return match[0].replace(match[1], str(number))
    return f"第{_in_words(number)}{match[0][-1]}"


def _number(match: re.Match[str]) -> int | None:
    """The number of an edition; None for words that are no number."""
    text = match[1]
    if not text:
        return 1
    if text.isdigit() and text.isascii():
        return int(text)
    usual = _usual(text)
    return next((n for n in range(1, _MOST_IN_WORDS) if _in_words(n) == usual), None)


def _usual(text: str) -> str:
    text = text.replace("零", "〇")
    return text[1:] if text.startswith("一十") else text


def _in_words(number: int) -> str:
    """The number in words: 12 gives 十二, 105 gives 一百〇五. At most 999."""
    if number > _MOST_IN_WORDS:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        words += "〇"
    return words + (_DIGITS[ones] if ones else "")


def _year_of(words: str) -> int:
    usual = words.replace("零", "〇").replace("○", "〇")
    return int("".join(str(_DIGITS.index(digit)) for digit in usual))


def _year_words(year: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(year))
