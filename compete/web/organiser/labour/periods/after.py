"""The form of a closed period's follow-up: days of the flag, talks, things put right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext as _

from compete.models import Competition
from compete.services.kernel.competition_settings import FlagDays, FollowUp
from compete.services.kernel.text_limits import too_long
from compete.services.labour.after_closing import MOST_WORDS, Followed, followed
from compete.services.labour.departments import departments_of, recorders_of
from compete.services.labour.period_progress import closed_periods
from compete.services.scoring.journeys import FlagJourney, flag_journey
from compete.services.scoring.live_labour import LabourLive
from compete.web.language import say
from compete.web.organiser.labour.periods.shapes import AfterForm, FlagRow
from compete.web.templating import zone


def after_form(
    competition: Competition,
    live: LabourLive,
    period: str,
    typed: Mapping[str, str] | None = None,
    problem: str | None = None,
) -> AfterForm | None:
    """The form as it is written, or as it was `typed`; None where there is nothing to write."""
    if period not in closed_periods(competition):
        return None
    found = followed(competition, live, period)
    if not found.flags and not found.talks:
        return None
    rows = {row.unit: row for row in live.standings[period]}
    journey = flag_journey(competition, live)

    def said(unit: str) -> str:
        words = [_("一票否决")] if rows[unit].vetoed else []
        words += [_("黄牌 %(total)s", total=rows[unit].total)] if rows[unit].warned else []
        return _("、").join(words) or _("更正以后没有黄牌和否决了")

    flags = [
        FlagRow(
            unit,
            live.units[unit],
            (rows[unit].group or "") if rows[unit].flag else _("更正以后红旗归了别的单位"),
            each.kept is not None or journey.may_keep(period, unit),
            _stays(journey, period, unit, each),
        )
        for unit, each in found.flags.items()
    ]
    fields = _fields(found)
    if typed is not None:
        fields = {name: typed.get(name, "") for name in fields}
    return AfterForm(
        flags=flags,
        talks=[(unit, live.units[unit], said(unit)) for unit in found.talks],
        fields=fields,
        problems=_too_long(fields),
        helpers=_helpers(competition),
        problem=problem,
    )


def _fields(found: Followed) -> dict[str, str]:
    """Return the present values by the fields' names, days and times as such fields have them."""
    fields = {}
    for unit, days in found.flags.items():
        for name in ("given", "back", "kept"):
            fields[f"{name}:{unit}"] = _day(getattr(days, name))
    for unit, talk in found.talks.items():
        fields |= {
            f"at:{unit}": f"{talk.at.astimezone(zone()):%Y-%m-%dT%H:%M}" if talk.at else "",
            f"place:{unit}": talk.place,
            f"by:{unit}": _day(talk.by),
            f"who:{unit}": talk.who,
        }
    return fields


def _too_long(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the faults by field, of the text as it is stored: without blanks at its ends."""
    texts = {
        name: " ".join(text.split())
        for name, text in fields.items()
        if name.startswith(("place:", "who:"))
    }
    return {
        name: say(too_long(text, MOST_WORDS))
        for name, text in texts.items()
        if len(text) > MOST_WORDS
    }


def _stays(journey: FlagJourney, period: str, unit: str, days: FlagDays) -> str:
    """Say why its flag may stay for good; or that a correction shortened the rest."""
    words = journey.told(period, unit)
    if words is None:
        return ""
    after = journey.after(period)
    if days.kept is not None and (after is None or journey.running(period, unit) < after):
        return _("%(said)s（现在不够连续的期数了）", said=say(words))
    return say(words)


def _helpers(competition: Competition) -> list[str]:
    """List the departments, each with the people who enter for it."""
    known = recorders_of(competition)
    return [
        row.name + _("、").join(each.account.name for each in known.get(row.id, ()))
        for row in departments_of(competition)
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def read_after(form: Mapping[str, str]) -> Followed:
    """Read the fields. Raises ValueError for what is no day or time."""
    flags, talks = {}, {}
    for name in form:
        key, _colon, unit = name.partition(":")
        if key == "given":
            flags[unit] = FlagDays(
                *(_read_day(form, f"{each}:{unit}") for each in ("given", "back", "kept"))
            )
        elif key == "at":
            text = form[name].strip()
            talks[unit] = FollowUp(
                at=datetime.fromisoformat(text).replace(tzinfo=zone()) if text else None,
                place=" ".join(form.get(f"place:{unit}", "").split()),
                by=_read_day(form, f"by:{unit}"),
                who=" ".join(form.get(f"who:{unit}", "").split()),
            )
    return Followed(flags, talks)


def _read_day(form: Mapping[str, str], name: str) -> date | None:
    text = form.get(name, "").strip()
    return date.fromisoformat(text) if text else None
