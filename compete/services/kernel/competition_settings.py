"""An organiser's settings and their defaults: days of notice, shares of a re-check and the like."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from compete.models import Competition


class RecheckShares(msgspec.Struct, frozen=True):
    """Per cent: of the best, of the others, of errors. `required` None: by the level."""

    required: bool | None = None
    top: Decimal = Decimal(30)
    rest: Decimal = Decimal(15)
    limit: Decimal = Decimal(5)


class CompetitionSettings(msgspec.Struct, frozen=True):
    """`notice_days` are working days; `notice_closes` is a time of day such as `17:00`.

    `must_sign` None: by the level; `body` is the number of the issuing body chosen;
    `award_date` stands on award certificates and gives their numbers the year, None: the
    day of issue; `confirmed` names the rule packs whose presumptions the organiser has confirmed.
    """

    contact: str | None = None
    bring: str | None = None
    place: str | None = None
    full_names: bool = False
    notice_days: int = 5
    notice_closes: str | None = None
    appeal_hours: int = 2
    must_sign: bool | None = None
    body: int | None = None
    award_date: date | None = None
    confirmed: tuple[str, ...] = ()
    recheck: RecheckShares = RecheckShares()


def settings_of(competition: Competition) -> CompetitionSettings:
    """The settings. Raises `msgspec.ValidationError` for what was spoilt in the database."""
    return msgspec.convert(competition.settings, CompetitionSettings, strict=False)


def change_settings(competition: Competition, **changed: Any) -> None:
    """Set some of them; inside a unit of work. What is None goes back to what holds unsaid."""
    asked: dict[str, Any] = msgspec.to_builtins(msgspec.convert(changed, CompetitionSettings))
    kept = {key: value for key, value in competition.settings.items() if key not in changed}
    said = {key: asked[key] for key, value in changed.items() if value is not None}
    competition.settings = kept | said
