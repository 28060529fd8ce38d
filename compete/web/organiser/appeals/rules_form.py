"""The form on which organisers set how appeals go."""

from __future__ import annotations

from flask import request

from compete.domain.values.messages import msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.states import CompetitionState
from compete.models import Competition
from compete.services.kernel.competition_settings import AppealRules, settings_of
from compete.services.kernel.refusal import invalid
from compete.web.organiser.asked_terms import asked_terms_card
from compete.web.organiser.competition_words import type_words
from compete.web.shapes import Choice

_NUMBERS = ("answer_hours", "second_hours", "arbiters", "file_minutes")
SINCE = ("either", "module", "publication")


def rules_form(competition: Competition, error: str | None = None) -> dict[str, object]:
    """Return the rules as they stand; with `error` as they were typed."""
    stands = settings_of(competition).appeals
    typed = request.form if error is not None else None
    return {
        **{
            key: typed.get(key, "") if typed else str(getattr(stands, key))
            for key in ("since", *_NUMBERS, "clause")
        },
        "barred": typed.getlist("barred") if typed else list(stands.barred),
        "types": [Choice(value=kind.value, label=word) for kind, word in type_words().items()],
        "error": error,
        "why": typed.get("why", "") if typed else "",
        # Once judging has begun less for appellants takes a reason and a second person.
        "asks_why": competition.state is not CompetitionState.REGISTERING,
        "asked": asked_terms_card(competition),
    }


def read_rules() -> AppealRules:
    """Read the typed rules. Raises `Refused` (INVALID) for what is no number or no choice."""
    form = request.form
    since = form.get("since", "")
    numbers = {key: whole_number(form.get(key, ""), 9999) for key in _NUMBERS}
    if since not in SINCE or None in numbers.values():
        raise invalid(msg("小时、分钟和人数写整数"))
    return AppealRules(
        since=since,  # type: ignore[arg-type]
        **numbers,  # type: ignore[arg-type]
        barred=tuple(dict.fromkeys(form.getlist("barred"))),
        clause=form.get("clause", "").strip(),
    )
