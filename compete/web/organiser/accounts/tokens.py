"""Tokens of the API at the desk: made, shown once, taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import ApiToken, Competition, utc_now
from compete.services.accounts.api_tokens import (
    SCOPE_WORDS,
    TokenFields,
    all_tokens,
    make_token,
    revoke_token,
)
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.rows_by_number import competition_by_code
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act

ENDS_SOON = timedelta(days=14)


class MadeToken(NamedTuple):
    """A token just made, shown this one time."""

    name: str
    token: str


def _page(made: MadeToken | None = None, refused: Refused | None = None) -> str:
    now = utc_now()
    rows = all_tokens()
    return render_template(
        "organiser/accounts/tokens.html",
        running=[row for row in rows if _runs(row)],
        ended=[row for row in rows if not _runs(row)],
        soon=now + ENDS_SOON,
        scope_words={scope.value: say(words) for scope, words in SCOPE_WORDS.items()},
        made=made,
        problem=problem_of(refused),
        form=act_form(TokenFields, refused, here=made is None),
    )


@face.route("/tokens", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
@only_once
@refusal_on(_page)
def tokens() -> ResponseReturnValue:
    """Every token with its use; the form makes one, which the answer alone shows."""
    if request.method != "POST":
        return _page()
    typed = typed_act(TokenFields)
    row, token = make_token(
        typed.name,
        scopes=typed.scope,
        competitions=competitions_named(typed.competitions),
        days=typed.days,
        by=current_user,
    )
    return _page(made=MadeToken(row.name, token))


@face.post("/tokens/<int:number>/revoke")
@guard.may(Right.ADMINISTER)
@refusal_on(lambda number, refused: _page(refused=refused))
def end_api_token(number: int) -> ResponseReturnValue:
    """Take a token back: it holds no longer from this moment on."""
    row = revoke_token(number, by=current_user)
    flash(_("令牌 %(name)s 停用了", name=row.name), "ok")
    return redirect(url_for("organiser.tokens"))


def _runs(row: ApiToken) -> bool:
    return row.revoked_at is None and row.expires_at > utc_now()


def competitions_named(text: str) -> Sequence[Competition]:
    """List the competitions whose codes somebody typed. Raises `Refused` for one that is none."""
    chosen = []
    for code in dict.fromkeys(re.split(r"[\s,，、;；]+", text.strip())):
        if not code:
            continue
        competition = competition_by_code(code)
        if competition is None:
            raise invalid(msg("没有编号为“%(code)s”的竞赛", code=code))
        chosen.append(competition)
    return chosen
