"""The form on which organisers set how appeals go."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from compete.models import Competition
from compete.services.kernel.competition_settings import AppealRules, settings_of
from compete.services.kernel.fields import Step, steps_of
from compete.services.kernel.refusal import Refused
from compete.web.organiser.asked_cards import asked_terms_card
from compete.web.setting_forms import form_of, why_field

RulesForm = form_of(
    AppealRules,
    why=why_field(
        _l("少受理、缩短提请时间的理由"),
        _l("评分开始以后，多勾一种或写短提请的时间，要写理由、由第二个人同意；其余的马上算。"),
    ),
)


def rules_form(competition: Competition, refused: Refused | None = None) -> dict[str, object]:
    """Return the rules as they stand; where they were `refused` as they were typed."""
    form = RulesForm(formdata=None) if refused is None else RulesForm()
    if refused is None:
        form.show(settings_of(competition).appeals)
    return {
        "form": form,
        "error": form.shown_again(refused) if refused else None,
        "refused": refused is not None,
        # Once judging has begun less for appellants takes a reason and a second person.
        "asks_why": Step.OPENED in steps_of(competition),
        "asked": asked_terms_card(competition),
    }
