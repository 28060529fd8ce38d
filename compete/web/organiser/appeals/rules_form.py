"""The form on which organisers set how appeals go."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _

from compete.domain.aspects import AspectType
from compete.models import Competition
from compete.services.appeals import appeal_rules
from compete.services.kernel import AppealRules
from compete.web.appealing.shapes import Choice
from compete.web.organiser.appeals.shapes import RulesForm

SINCE = ("either", "module", "publication")


def type_words() -> dict[AspectType, str]:
    """What the types of aspects are called."""
    return {
        AspectType.JUDGEMENT: _("评判分（裁判按档评）"),
        AspectType.SCORE: _("打分（裁判直接给分）"),
        AspectType.RELATIVE: _("相对分（和别人比）"),
        AspectType.MEASUREMENT: _("测量值"),
        AspectType.CHECKLIST: _("要点清单"),
        AspectType.DEDUCTION: _("扣分次数"),
        AspectType.TIME: _("用时"),
    }


def rules_form(competition: Competition, error: str | None = None) -> RulesForm:
    """As they stand; with `error` as they were typed."""
    stands = appeal_rules(competition)
    typed = request.form if error is not None else None
    return RulesForm(
        url=url_for("organiser.appeal_rules", code=competition.code),
        since=typed.get("since", "") if typed else stands.since,
        answer_hours=typed.get("answer_hours", "") if typed else str(stands.answer_hours),
        second_hours=typed.get("second_hours", "") if typed else str(stands.second_hours),
        arbiters=typed.get("arbiters", "") if typed else str(stands.arbiters),
        clause=typed.get("clause", "") if typed else stands.clause,
        barred=typed.getlist("barred") if typed else list(stands.barred),
        types=[Choice(value=kind.value, label=word) for kind, word in type_words().items()],
        error=error,
    )


def read_rules() -> AppealRules:
    """What was typed. Raises ValueError for what is no number or no choice."""
    form = request.form
    since = form.get("since", "")
    if since not in SINCE:
        raise ValueError(since)
    numbers = [form.get(key, "").strip() for key in ("answer_hours", "second_hours", "arbiters")]
    if not all(number.isascii() and number.isdigit() and len(number) < 5 for number in numbers):
        raise ValueError(numbers)
    answer, second, arbiters = (int(number) for number in numbers)
    return AppealRules(
        since=since,  # type: ignore[arg-type]
        answer_hours=answer,
        second_hours=second,
        arbiters=arbiters,
        barred=tuple(dict.fromkeys(form.getlist("barred"))),
        clause=form.get("clause", "").strip(),
    )
