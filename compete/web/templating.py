"""Functions that every template may call: times in the hall's clock, words for states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g
from flask_babel import gettext as _
from markupsafe import Markup

from compete.config import Config
from compete.documents.qr import opens_here_alone, opens_nearby_alone, qr_svg
from compete.domain.aspects.clock_times import clock_time, told_time
from compete.domain.grades.ladder import grade_label
from compete.domain.identity.masks import mask_id, mask_name, mask_phone
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.days import date_words, day_words
from compete.domain.values.messages import listed, some_of
from compete.domain.values.roles import ROLE_WORDS, Role
from compete.domain.values.states import state_words
from compete.domain.values.upload_limits import (
    LARGEST_DOCUMENT,
    LARGEST_PORTRAIT,
    LARGEST_SHEET_PHOTO,
    MIB,
)
from compete.models import utc_now
from compete.services.kernel.clock import moment_words
from compete.services.kernel.edit_conflicts import shown_settings
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.text_limits import LONGEST_REASON
from compete.web.addresses import asked_at
from compete.web.language import say
from compete.web.refusals import came_back, fault_back, typed_back
from compete.web.script_translations import tablet_words
from compete.web.state_chips import state_chip
from compete.web.words import begun_here, heads_here, kind_here, ranked_here, told_to_all

PHOTO_TYPES = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
"""The file types of a photo; by ending too, since some systems do not know HEIC."""


def zone() -> ZoneInfo:
    """The time zone that the competition's clocks show."""
    config: Config = current_app.extensions["compete.config"]
    return ZoneInfo(config.timezone)


def clock(at: datetime | None) -> str:
    """`14:05`, or a dash where there is no time."""
    return at.astimezone(zone()).strftime("%H:%M") if at else "—"


def day(at: date | datetime | None, with_year: bool = False) -> str:
    """`9月16日`, with the year where it may be in doubt."""
    if at is None:
        return "—"
    local = at.astimezone(zone()).date() if isinstance(at, datetime) else at
    return say(date_words(local) if with_year else day_words(local))


def days_words(days: Sequence[date], most: int = 3) -> str:
    """`5月11日、12日`: the first of them by name, the rest counted."""
    named = _("、").join(day(when) for when in days[:most])
    return _("%(named)s等 %(n)s 天", named=named, n=len(days)) if len(days) > most else named


def weekday(on: date) -> str:
    """`星期一`."""
    names = (
        _("星期一"),
        _("星期二"),
        _("星期三"),
        _("星期四"),
        _("星期五"),
        _("星期六"),
        _("星期日"),
    )
    return names[on.weekday()]


def day_of_week(on: date) -> str:
    """`9月16日 星期五`."""
    return _("%(day)s %(weekday)s", day=day(on), weekday=weekday(on))


def near_day(at: date | datetime | None) -> str:
    """`9月16日`, and the year before it where it is not the present one."""
    if at is None:
        return "—"
    local = at.astimezone(zone()) if isinstance(at, datetime) else at
    return day(at, with_year=local.year != utc_now().astimezone(zone()).year)


def moment(at: datetime | None) -> str:
    """`9月16日 14:05`, and the year before it where it is not the present one."""
    return f"{near_day(at)} {clock(at)}" if at else "—"


def dated_moment(at: datetime | None) -> str:
    """`2026年9月16日 14:05`: for a page that is stored and read in later years."""
    return f"{day(at, with_year=True)} {clock(at)}" if at else "—"


def moment_in_sentence(at: datetime | None) -> str:
    """`9月16日 14:05`, today by the clock alone: for a sentence about what is near."""
    return say(moment_words(at)) if at else "—"


def plain(value: Decimal | None) -> str:
    """A decimal without the zeros at its end, or a dash."""
    if value is None:
        return "—"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def minutes(seconds: Decimal | None) -> str:
    """`7:32` or `7:32.5` of working time, or a dash."""
    return "—" if seconds is None else clock_time(seconds)


def told_seconds(seconds: str) -> str:
    """A working time, kept as a text of seconds: `70:00（4200 秒）`."""
    return say(told_time(Decimal(seconds)))


def state_word(state: StrEnum) -> str:
    """A state in words."""
    return say(state_words(state))


def role_word(role: Role) -> str:
    """A role in words."""
    return say(ROLE_WORDS[role])


_PHONE = re.compile(
    r"(?<![\d.])(?:1\d{10}|0\d{2,3}[- ]?\d{7,8}|[48]00[- ]?\d{3}[- ]?\d{4})(?![\d.])"
)


def with_phones(words: str) -> Markup:
    """Words in which each telephone number can be tapped."""
    pieces, at = Markup(), 0
    for phone in _PHONE.finditer(words):
        number = "".join(filter(str.isdigit, phone[0]))
        link = Markup('<a href="tel:{number}">{shown}</a>').format(number=number, shown=phone[0])
        pieces += words[at : phone.start()] + link
        at = phone.end()
    return pieces + words[at:]


def sentence(words: str) -> str:
    """Words that stand at the head of something: the first letter is a capital."""
    return words[:1].upper() + words[1:]


def _shown_here(action: str, *names: str) -> str:
    """Return a form's mark of the settings that it shows, for this page's competition."""
    return shown_settings(g.competition, action, *names)


def init_app(app: Flask) -> None:
    """Give the templates their filters and globals."""
    app.jinja_env.globals["clock_zone"] = lambda: zone().key
    for here in (begun_here, heads_here, kind_here, ranked_here, told_to_all):
        app.jinja_env.globals[here.__name__] = here
    for back in (came_back, typed_back, fault_back):
        app.jinja_env.globals[back.__name__] = back
    app.jinja_env.globals["longest_reason"] = LONGEST_REASON
    app.jinja_env.globals["competition_kind"] = competition_kind
    app.jinja_env.globals["shown_settings"] = _shown_here
    app.jinja_env.globals["module_title"] = module_title
    app.jinja_env.globals.update(
        photo_types=PHOTO_TYPES,
        document_mb=LARGEST_DOCUMENT // MIB,
        portrait_mb=LARGEST_PORTRAIT // MIB,
        sheet_photo_bytes=LARGEST_SHEET_PHOTO,
        tablet_words=tablet_words,
    )
    app.jinja_env.globals["codes_lead_here_alone"] = lambda: opens_here_alone(asked_at())
    app.jinja_env.globals["codes_lead_nearby_alone"] = lambda: opens_nearby_alone(asked_at())
    for function in (
        *(clock, dated_moment, day, moment, moment_in_sentence, plain, minutes, told_seconds),
        *(state_word, role_word, sentence, with_phones),
    ):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters.update(
        mask_name=mask_name,
        mask_id=mask_id,
        mask_phone=mask_phone,
        grade_label=lambda grade: say(grade_label(grade)),
        near_day=near_day,
        qr=lambda text, *label: Markup(qr_svg(text, *label)),
        state_chip=state_chip,
        say=say,
        listed=lambda names: say(listed(names)),
        some_of=lambda names, most: say(some_of(names, most)),
        joined=lambda names: _("、").join(names),
    )
