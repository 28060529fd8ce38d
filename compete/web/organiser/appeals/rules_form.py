"""The form on which organisers set how appeals go."""

from __future__ import annotations

from flask import request

from compete.domain.values.states import CompetitionState
from compete.models import Competition
from compete.services.appeals.rules import appeal_rules
from compete.services.kernel.competition_settings import AppealRules
from compete.web.organiser.appeals.shapes import RulesForm
from compete.web.organiser.competition_words import type_words
from compete.web.organiser.details.asked import asked_terms_card
from compete.web.shapes import Choice

SINCE = ("either", "module", "publication")


def rules_form(competition: Competition, error: str | None = None) -> RulesForm:
    """Return the rules as they stand; with `error` as they were typed."""
    stands = appeal_rules(competition)
    typed = request.form if error is not None else None
    return RulesForm(
        since=typed.get("since", "") if typed else stands.since,
        answer_hours=typed.get("answer_hours", "") if typed else str(stands.answer_hours),
        second_hours=typed.get("second_hours", "") if typed else str(stands.second_hours),
        arbiters=typed.get("arbiters", "") if typed else str(stands.arbiters),
        file_minutes=typed.get("file_minutes", "") if typed else str(stands.file_minutes),
        clause=typed.get("clause", "") if typed else stands.clause,
        barred=typed.getlist("barred") if typed else list(stands.barred),
        types=[Choice(value=kind.value, label=word) for kind, word in type_words().items()],
        error=error,
        why=typed.get("why", "") if typed else "",
        asks_why=competition.state is not CompetitionState.REGISTERING,
        asked=asked_terms_card(competition),
    )


def read_rules() -> AppealRules:
    """Read the typed rules. Raises ValueError for what is no number or no choice."""
    form = request.form
    since = form.get("since", "")
    if since not in SINCE:
        raise ValueError(since)
    keys = ("answer_hours", "second_hours", "arbiters", "file_minutes")
    numbers = [form.get(key, "").strip() for key in keys]
    if not all(number.isascii() and number.isdigit() and len(number) < 5 for number in numbers):
        raise ValueError(numbers)
    answer, second, arbiters, minutes = (int(number) for number in numbers)
    return AppealRules(
        since=since,  # type: ignore[arg-type]
        answer_hours=answer,
        second_hours=second,
        arbiters=arbiters,
        file_minutes=minutes,
        barred=tuple(dict.fromkeys(form.getlist("barred"))),
        clause=form.get("clause", "").strip(),
    )
