"""Proof that whoever appeals from a badge is its holder; guesses are slow, nobody is locked out.

Wrong answers are counted alone. What others get wrong elsewhere costs the holder nothing
until the badge's own budget is spent: then four characters are no proof any more, while the
whole ID number still is, and the desk's word always is, since nobody guesses it.
"""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from compete.models import Entrant
from compete.services.appeals.appellants import (
    LAST,
    can_prove,
    last_four_are_public,
    plain_proof,
    proves,
    proves_by_word,
)
from compete.web.wrong_answers import is_exhausted, is_wrong_too_often

WRONG_HERE, WRONG_HERE_A_DAY = "5 per 10 minute", "10 per day"
"""The wrong tries on one badge from one address."""
WRONG_OF_BADGE, WRONG_OF_BADGE_A_MONTH = "40 per day", "100 per 30 day"
"""The wrong tries on one badge from everywhere: some thousands of numbers end differently."""
WRONG_OF_ADDRESS = "200 per day"
"""The wrong tries from one address on all badges, for those who go from badge to badge."""


def not_proven(entrant: Entrant) -> tuple[str, int] | None:
    """Explain a wrong proof of identity in the form, with the status; None: it is right."""
    typed = plain_proof(request.form.get("last_four", ""))
    if proves_by_word(entrant, typed):
        return None
    if not can_prove(entrant):
        return _("申诉码不对。登记的资料里没有证件号码，请工作人员给申诉码，或由单位来提"), 403
    if len(typed) <= LAST and last_four_are_public(entrant):
        return _(
            "已经发了等级证书，后四位凭证书就能查到，不算证明。改填完整的证件号码，"
            "或请工作人员看过参赛证给申诉码；写的还在"
        ), 422
    if len(typed) < LAST:
        return _("填证件号码的后四位，写的还在"), 422
    budgets = _budgets(entrant, "whole" if len(typed) > LAST else "four")
    # Looked at first: who guesses is stopped, and not only told.
    if any(is_exhausted(limit, *name) for limit, *name in budgets):
        return _spent(len(typed) > LAST), 429
    if proves(entrant, typed):
        return None
    for limit, *name in budgets:
        is_wrong_too_often(limit, *name)
    if len(typed) > LAST:
        return _("证件号码或申诉码不对，写的还在，改一下再交"), 422
    return _("证件号码的后四位不对，写的还在，改一下再交"), 422


def _budgets(entrant: Entrant, of: str) -> list[tuple[str, ...]]:
    whose, here = str(entrant.id), request.remote_addr or ""
    budgets = [
        (WRONG_HERE, "appeal", of, whose, here),
        (WRONG_HERE_A_DAY, "appeal-day", of, whose, here),
        (WRONG_OF_BADGE, "appeal-badge", of, whose),
        (WRONG_OF_BADGE_A_MONTH, "appeal-month", of, whose),
    ]
    return budgets if of == "whole" else [*budgets, (WRONG_OF_ADDRESS, "appeal-from", here)]


def _spent(whole: bool) -> str:
    if whole:
        return _("证件号码也输错太多次了。请工作人员看过参赛证给申诉码，或由单位联系人来提")
    return _(
        "后四位输错太多次了，先不看后四位。改填完整的证件号码，"
        "或请工作人员看过参赛证给申诉码；单位联系人也能提"
    )
