"""Tokens of the API at the desk: made, shown once, taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import ApiToken, Competition, utc_now
from compete.services.accounts.api_tokens import (
    LONGEST_DAYS,
    Scope,
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

SCOPE_WORDS: Mapping[Scope, Message] = {
    Scope.REGISTRATION_READ: msg("读报名"),
    Scope.REGISTRATION_WRITE: msg("送报名、改报名"),
    Scope.RESULTS_READ: msg("读没公布的成绩"),
    Scope.MARKS_WRITE: msg("写设备的成绩，等人核对"),
    Scope.LABOUR_READ: msg("读劳动竞赛的数"),
    Scope.LABOUR_WRITE: msg("写劳动竞赛的数"),
    Scope.CERTIFICATES_READ: msg("读证书"),
    Scope.PEOPLE_READ: msg("读全姓名、证件号和电话，每读一次都记下"),
    Scope.ADMIN_READ: msg("读没公开的竞赛"),
}
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
        longest=LONGEST_DAYS,
        made=made,
        problem=problem_of(refused),
        chosen=request.form.getlist("scope") if refused else [],
        typed=request.form if refused else {"days": "90"},
    )


@face.route("/tokens", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
@only_once
@refusal_on(_page)
def tokens() -> ResponseReturnValue:
    """Every token with its use; the form makes one, which the answer alone shows."""
    if request.method != "POST":
        return _page()
    row, token = make_token(
        request.form.get("name", ""),
        scopes=request.form.getlist("scope"),
        competitions=competitions_named(request.form.get("competitions", "")),
        days=_days(request.form.get("days", "")),
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


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text.strip()):
        raise invalid(msg("有效期是 1 到 %(most)s 天", most=LONGEST_DAYS))
    return int(text)


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
