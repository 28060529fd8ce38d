"""Grades on other grounds: propose, put up, decide, certify, and what each ground needs."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle import Occupation
from compete.domain.identity import Paper
from compete.domain.values import ClaimState, GradeGround, MoveError, Right, msg
from compete.models import Competition
from compete.services.certificates import (
    Claim,
    body_for,
    change_grounds,
    claims_in_notice,
    count_claims_due,
    decide_claims,
    drop_claims,
    find_claim_document,
    has_listed_claims,
    issue_claim_certificates,
    propose_claims,
    put_up_claims,
    read_candidates,
)
from compete.services.kernel import GroundTerms, Refusal, Refused
from compete.services.sheets import LARGEST_DOCUMENT
from compete.web import guard
from compete.web.downloads import send_file_bytes
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.claims.shapes import ClaimTyped
from compete.web.organiser.claims.view_model import (
    claim_rows,
    grade_choices,
    ground_choices,
    ground_rows,
    occupation_choices,
    occupations_filed,
    paper_choices,
)
from compete.web.organiser.list_book import send_list, sentences
from compete.web.organiser.shapes import competition_link
from compete.web.refusals import status_of

_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}
_BETWEEN = re.compile(r"[\s,，、;；]+")
_ACTS = {
    "approve": ClaimState.APPROVED,
    "hold": ClaimState.DEFERRED,
    "refuse": ClaimState.REFUSED,
}
_FIELDS = (
    *("people", "ground", "grade", "clause", "facts", "reason"),
    *("lines", "paper", "occupation", "track"),
)


@face.get("/<code>/claims")
@guard.may(Right.SEE)
def claims(competition: Competition) -> ResponseReturnValue:
    """Every grade that is proposed on another ground than a place."""
    return _page(competition)


@face.get("/<code>/claims/list.xlsx")
@guard.may(Right.SEE)
def claims_book(competition: Competition) -> Response:
    """Every one as the page lists it; the number of its certificate where it has one."""
    heads = (_("姓名"), _("参赛号"), _("职业"), _("单位"), _("现有等级"), _("认定到"), _("依据"))
    rest = (_("文件和条款"), _("情况"), _("状态"), _("经过"), _("证书编号"))
    rows = [
        [
            *(row.name, row.code, row.job or "—", row.unit, row.present, row.to, row.ground),
            *(row.clause, row.facts, row.word, sentences(row.notes)),
            row.certificate.label if row.certificate is not None else "—",
        ]
        for row in claim_rows(competition)
    ]
    return send_list(competition, msg("等级认定"), [*heads, *rest], rows)


@face.post("/<code>/claims")
@guard.may(Right.DECIDE_AWARDS)
def propose_claim(competition: Competition) -> ResponseReturnValue:
    """Propose a grade for one or several people, with the evidence."""
    people = [code for code in _BETWEEN.split(request.form.get("people", "").strip()) if code]
    try:
        made = propose_claims(competition, replace(_claim(), people=people), current_user)
    except Refused as refused:
        return _page(competition, _typed(refused, "new")), status_of(refused)
    flash(_("提出了，人数：%(n)s", n=len(made)), "ok")
    return _back(competition)


@face.post("/<code>/claims/others")
@guard.may(Right.DECIDE_AWARDS)
def propose_for_others(competition: Competition) -> ResponseReturnValue:
    """Propose a grade for people who take no part: they sat an exam, or the employer rates them."""
    form = request.form
    if form.get("paper", "") not in set(Paper):
        abort(400)
    chosen = form.get("occupation", "")
    entry = occupations_filed(competition).get(chosen)
    try:
        if chosen and entry is None:
            gone = msg("“%(name)s”不在评价机构的备案范围里，请重新选职业", name=chosen[:120])
            raise Refused(gone, kind=Refusal.INVALID)
        track = " ".join(form.get("track", "").split())
        wanted = replace(
            _claim(),
            examinees=read_candidates(form.get("lines", ""), Paper(form["paper"])),
            occupation=Occupation(code=entry.code, name=entry.name, track=track or None)
            if entry is not None
            else None,
        )
        made = propose_claims(competition, wanted, current_user)
    except Refused as refused:
        return _page(competition, _typed(refused, "others")), status_of(refused)
    flash(_("提出了，人数：%(n)s", n=len(made)), "ok")
    return _back(competition)


def _claim() -> Claim:
    """What the form says beside whom it is about. Aborts for a ground that there is not."""
    form, sent = request.form, request.files.get("document")
    if form.get("ground", "") not in set(GradeGround):
        abort(400)
    grade = form.get("grade", "")
    return Claim(
        ground=GradeGround(form["ground"]),
        grade=int(grade) if grade in ("1", "2", "3", "4", "5") else 0,
        clause=form.get("clause", ""),
        facts=form.get("facts", ""),
        document=sent.stream.read(LARGEST_DOCUMENT + 1) if sent is not None else b"",
    )


@face.post("/<code>/claims/put-up")
@guard.may(Right.DECIDE_AWARDS)
def put_up_claim(competition: Competition) -> ResponseReturnValue:
    """Begin the notice of those that are ticked."""
    try:
        count = put_up_claims(competition, _ids(), current_user)
    except (Refused, MoveError) as refused:
        return _refused(competition, refused)
    flash(_("开始公示，人数：%(n)s", n=count), "ok")
    return _back(competition)


@face.post("/<code>/claims/decide/<act>")
@guard.may(Right.AGREE)
def decide_claim(competition: Competition, act: str) -> ResponseReturnValue:
    """Approve, hold or refuse those that are ticked."""
    if act not in _ACTS:
        abort(404)
    why = request.form.get("reason", "")
    try:
        count = decide_claims(competition, _ids(), _ACTS[act], current_user, why)
    except (Refused, MoveError) as refused:
        return _refused(competition, refused)
    flash(_("定了，人数：%(n)s", n=count), "ok")
    return _back(competition)


@face.post("/<code>/claims/drop")
@guard.may(Right.DECIDE_AWARDS)
def drop_claim(competition: Competition) -> ResponseReturnValue:
    """Those that are ticked are not proposed any more."""
    try:
        count = drop_claims(competition, _ids(), request.form.get("reason", ""), current_user)
    except (Refused, MoveError) as refused:
        return _refused(competition, refused)
    flash(_("不提了，人数：%(n)s", n=count), "ok")
    return _back(competition)


@face.post("/<code>/claims/issue")
@guard.may(Right.ISSUE)
def issue_claims(competition: Competition) -> ResponseReturnValue:
    """Number and issue the certificate of every grade that is approved."""
    body = body_for(competition)
    try:
        if body is None:
            raise Refused(msg("还没填评价机构，等级证书编不了号。"))
        made = issue_claim_certificates(competition, body, current_user)
    except Refused as refused:
        return _refused(competition, refused)
    flash(_("发了 %(n)s 张证书", n=len(made)), "ok")
    return redirect(url_for("organiser.certificates", code=competition.code))


@face.post("/<code>/claims/grounds")
@guard.may(Right.DECIDE_AWARDS)
def claim_grounds(competition: Competition) -> ResponseReturnValue:
    """What each ground needs: evidence, and how long a notice."""
    terms = {}
    try:
        for ground in GradeGround:
            days = request.form.get(f"{ground}.days", "").strip()
            if not (days.isascii() and days.isdigit() and len(days) < 4):
                raise Refused(msg("公示天数要写整数"), kind=Refusal.INVALID)
            document = request.form.get(f"{ground}.document") == "yes"
            terms[ground] = GroundTerms(document=document, days=int(days))
        change_grounds(competition, terms, current_user)
    except Refused as refused:
        return _page(competition, _typed(refused, "grounds")), status_of(refused)
    flash(_("改好了"), "ok")
    return _back(competition)


@face.get("/<code>/claims/documents/<int:number>")
@guard.may(Right.SEE)
def claim_document(competition: Competition, number: int) -> Response:
    """The evidence as it was sent, to be saved."""
    found = find_claim_document(competition, number)
    if found is None or found.media not in _ENDINGS:
        abort(404)
    name = f"证明材料_{found.id}.{_ENDINGS[found.media]}"
    return send_file_bytes(found.document, name, found.media, show=False)


def _page(competition: Competition, typed: ClaimTyped | None = None) -> str:
    code = competition.code
    rows, lists = claim_rows(competition), has_listed_claims(competition)
    return render_template(
        "organiser/claims/claims.html",
        competition=competition_link(competition),
        rows=rows,
        may_put_up=any(row.may == "notice" for row in rows),
        may_decide=any(row.may == "decide" for row in rows),
        may_drop=any(row.may in ("notice", "drop") for row in rows),
        approved=count_claims_due(competition),
        book_url=guard.allowed_url("organiser.promotions_workbook", code=code) if lists else None,
        whole_url=url_for("organiser.claims_book", code=code),
        list_url=guard.allowed_url("organiser.promotions", code=code) if lists else None,
        issue_url=guard.allowed_url("organiser.issue_claims", code=code),
        proposes=guard.may_do(Right.DECIDE_AWARDS),
        typed=typed,
        grounds=ground_rows(
            competition, request.form if typed and typed.where == "grounds" else None
        ),
        ground_choices=ground_choices(),
        grade_choices=grade_choices(competition),
        occupation_choices=occupation_choices(competition),
        paper_choices=paper_choices(),
        # Without a notice that runs there is no such page.
        public_url=url_for("public.claims", code=code) if claims_in_notice(competition) else None,
        propose_url=url_for("organiser.propose_claim", code=code),
        others_url=url_for("organiser.propose_for_others", code=code),
        put_up_url=url_for("organiser.put_up_claim", code=code),
        drop_url=url_for("organiser.drop_claim", code=code),
        decide_urls={act: url_for("organiser.decide_claim", code=code, act=act) for act in _ACTS},
        grounds_url=url_for("organiser.claim_grounds", code=code),
    )


def _refused(competition: Competition, refused: Refused | MoveError) -> ResponseReturnValue:
    status = status_of(refused) if isinstance(refused, Refused) else 409
    return _page(competition, _typed(refused, "list")), status


def _typed(refused: Refused | MoveError, where: str) -> ClaimTyped:
    form = request.form
    return ClaimTyped(
        problem=say(refused.message),
        where=where,
        fields={key: form.get(key, "") for key in _FIELDS},
        ids=form.getlist("claim"),
    )


def _ids() -> list[int]:
    return [
        int(text)
        for text in request.form.getlist("claim")
        if text.isascii() and text.isdigit() and len(text) < 19
    ]


def _back(competition: Competition) -> ResponseReturnValue:
    return redirect(url_for("organiser.claims", code=competition.code))
