"""Grades on other grounds: propose, put up, decide, certify, and what each ground needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.event_types import Occupation
from compete.domain.identity.papers import Paper
from compete.domain.values.claim_states import OFFERED_GROUNDS, ClaimState, GradeGround
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import MoveError
from compete.models import ClaimDocument, Competition, Job
from compete.services.certificates.claim_certificates import DUE_CLAIMS, count_claims_due
from compete.services.certificates.claim_jobs import (
    MOVE_CLAIMS,
    PROPOSE_CLAIMS,
    move_or_ask,
    propose_or_ask,
)
from compete.services.certificates.claim_list import has_listed_claims
from compete.services.certificates.claim_proposals import Claim
from compete.services.certificates.claims import (
    ClaimsSought,
    change_grounds,
    claims_found,
    claims_in_notice,
    claims_of,
    claims_to_approve,
    claims_to_put_up,
    count_claims,
    decide_claims,
    drop_claims,
)
from compete.services.certificates.examinees import Candidate, candidates_of_table, read_candidates
from compete.services.certificates.issuing_jobs import issue_or_ask
from compete.services.jobs.queue import job_step, open_jobs
from compete.services.kernel.competition_settings import GroundTerms
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.rows_by_number import find_own
from compete.services.sheets.sent_documents import LARGEST_DOCUMENT
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
from compete.web.certificate_words import shown_number
from compete.web.downloads import send_file_bytes
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.certificates.claims.view_model import (
    claim_rows,
    grade_choices,
    ground_choices,
    ground_rows,
    occupation_choices,
    occupations_filed,
    paper_choices,
)
from compete.web.organiser.jobs.view_model import face_of, job_url
from compete.web.organiser.list_book import send_list, sentences
from compete.web.paging import asked_page, describe_page
from compete.web.refusals import status_of
from compete.web.templating import state_word

_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}
_BETWEEN = re.compile(r"[\s,，、;；]+")
_ACTS = {
    "approve": ClaimState.APPROVED,
    "hold": ClaimState.DEFERRED,
    "refuse": ClaimState.REFUSED,
}
_JOBS = (PROPOSE_CLAIMS, MOVE_CLAIMS, DUE_CLAIMS.job)
_PAGE, _LONGEST_SOUGHT = 100, 60


@face.get("/<code>/claims")
@guard.may(Right.SEE, of=guard.SKILLS)
def claims(competition: Competition) -> ResponseReturnValue:
    """Every grade that is proposed on another ground than a place."""
    return _page(competition)


@face.get("/<code>/claims/list.xlsx")
@guard.may(Right.SEE, of=guard.SKILLS)
def claims_book(competition: Competition) -> Response:
    """Every one as the page lists it; the number of its certificate where it has one."""
    heads = (_("姓名"), _("参赛号"), _("职业"), _("单位"), _("现有等级"), _("认定到"), _("依据"))
    rest = (_("文件和条款"), _("情况"), _("状态"), _("经过"), _("证书编号"))
    rows = [
        [
            *(it.name, it.row.person.code, it.job or "—", it.row.unit_name, it.present, it.to),
            *(it.ground, it.row.clause, it.facts, state_word(it.row.state), sentences(it.notes)),
            shown_number(it.paper) if it.paper is not None else "—",
        ]
        for it in claim_rows(competition, claims_of(competition))
    ]
    return send_list(competition, msg("等级认定"), [*heads, *rest], rows)


@face.post("/<code>/claims")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
@only_once
def propose_claim(competition: Competition) -> ResponseReturnValue:
    """Propose a grade for one or several people, with the evidence."""
    typed = request.form.get("people", "")
    people = [code for code in _BETWEEN.split(typed.strip()) if code]
    return _proposed(competition, "new", lambda: replace(_claim(), people=people))


@face.post("/<code>/claims/others")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
@only_once
def propose_for_others(competition: Competition) -> ResponseReturnValue:
    """Propose a grade for people who take no part: they sat an exam, or the employer rates them."""
    if request.form.get("paper", "") not in set(Paper):
        abort(400)
    return _proposed(competition, "others", lambda: _claim_of_others(competition))


def _claim_of_others(competition: Competition) -> Claim:
    form = request.form
    chosen = form.get("occupation", "")
    entry = occupations_filed(competition).get(chosen)
    if chosen and entry is None:
        gone = msg("“%(name)s”不在评价机构的备案范围里，请重新选职业", name=chosen[:120])
        raise invalid(gone)
    track = " ".join(form.get("track", "").split())
    return replace(
        _claim(),
        examinees=_candidates(Paper(form["paper"])),
        occupation=Occupation(code=entry["code"], name=entry["name"], track=track or None)
        if entry is not None
        else None,
    )


def _candidates(paper: Paper) -> list[Candidate]:
    """The people of the file that was sent, of a pasted table with headings, or of lines."""
    sent, lines = request.files.get("workbook"), request.form.get("lines", "")
    try:
        if sent is not None and sent.filename:
            content = read_upload(sent.stream, declared=request.content_length)
        else:
            content = lines.encode()
        found, notices = candidates_of_table(content, paper)
    except WorkbookError as error:
        if sent is not None and sent.filename:
            raise invalid(error.message) from None
        return read_candidates(lines, paper)
    for notice in notices:
        flash(say(notice), "info")
    return found


def _proposed(
    competition: Competition, where: str, wanted: Callable[[], Claim]
) -> ResponseReturnValue:
    return _done(
        competition,
        lambda: propose_or_ask(competition, wanted(), current_user),
        lambda n: _("提出了，人数：%(n)s", n=n),
        where=where,
    )


def _done(
    competition: Competition,
    act: Callable[[], int | Sequence[object] | Job],
    told: Callable[[int], str],
    *,
    where: str = "list",
    back: str = "organiser.claims",
) -> ResponseReturnValue:
    """Do it to several people and say to how many; the page again if it is refused."""
    try:
        made = act()
    except (Refused, MoveError) as refused:
        status = status_of(refused) if isinstance(refused, Refused) else 409
        return _page(competition, say(refused.message), where), status
    if isinstance(made, Job):
        return redirect(job_url(made))
    flash(told(made if isinstance(made, int) else len(made)), "ok")
    return redirect(url_for(back))


def _claim() -> Claim:
    """Read the claim from the form, without its people. Aborts for an unknown ground."""
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
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
def put_up_claim(competition: Competition) -> ResponseReturnValue:
    """Begin the notice of those that are ticked, or of all that are proposed."""
    ids = claims_to_put_up(competition) if "all" in request.form else _ids()
    return _done(
        competition,
        lambda: move_or_ask(competition, ids, ClaimState.NOTICE, current_user),
        lambda n: _("开始公示，人数：%(n)s", n=n),
    )


@face.post("/<code>/claims/decide/<act>")
@guard.may(Right.AGREE, of=guard.SKILLS)
def decide_claim(competition: Competition, act: str) -> ResponseReturnValue:
    """Approve, hold or refuse those that are ticked; approve all whose notice is over."""
    to, why = _ACTS.get(act), request.form.get("reason", "")
    if to is None:
        abort(404)

    def decide() -> int | Job:
        if to is ClaimState.APPROVED and "all" in request.form:
            ids = claims_to_approve(competition, current_user)
            return move_or_ask(competition, ids, to, current_user)
        return decide_claims(competition, _ids(), to, current_user, why)

    return _done(competition, decide, lambda n: _("定了，人数：%(n)s", n=n))


@face.post("/<code>/claims/drop")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
def drop_claim(competition: Competition) -> ResponseReturnValue:
    """Withdraw the proposals of the ticked people."""
    why = request.form.get("reason", "")
    return _done(
        competition,
        lambda: drop_claims(competition, _ids(), why, current_user),
        lambda n: _("不提了，人数：%(n)s", n=n),
    )


@face.post("/<code>/claims/issue")
@guard.may(Right.ISSUE, of=guard.SKILLS)
@only_once
def issue_claims(competition: Competition) -> ResponseReturnValue:
    """Number and issue the certificate of every grade that is approved."""
    return _done(
        competition,
        lambda: issue_or_ask(DUE_CLAIMS, competition, current_user),
        lambda n: _("发了 %(n)s 张证书", n=n),
        back="organiser.certificates",
    )


@face.post("/<code>/claims/grounds")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
def claim_grounds(competition: Competition) -> ResponseReturnValue:
    """Set what each ground needs: evidence, and how long a notice."""
    terms = {}
    try:
        for ground in OFFERED_GROUNDS:
            days = request.form.get(f"{ground}.days", "").strip()
            if not (days.isascii() and days.isdigit() and len(days) < 4):
                raise invalid(msg("公示天数要写整数"))
            document = request.form.get(f"{ground}.document") == "yes"
            terms[ground] = GroundTerms(document=document, days=int(days))
        change_grounds(competition, terms, current_user)
    except Refused as refused:
        return _page(competition, say(refused.message), "grounds"), status_of(refused)
    flash(_("改好了"), "ok")
    return redirect(url_for("organiser.claims"))


@face.get("/<code>/claims/documents/<int:number>")
@guard.may(Right.SEE, of=guard.SKILLS)
def claim_document(competition: Competition, number: int) -> Response:
    """The evidence as it was sent, to be saved."""
    found = find_own(ClaimDocument, competition, number)
    if found is None or found.media not in _ENDINGS:
        abort(404)
    name = f"证明材料_{found.id}.{_ENDINGS[found.media]}"
    return send_file_bytes(found.document, name, found.media, show=False)


def _page(competition: Competition, problem: str | None = None, where: str = "") -> str:
    """Render the page; with a `problem` what was sent stands `where` it was typed.

    That is `new` or `others` for a form that proposes, `list` for the rows, `grounds`.
    """
    sought = _sought()
    counts = count_claims(competition, sought)
    total = counts.get(sought.state, 0) if sought.state is not None else sum(counts.values())
    number = min(asked_page(), max(1, -(-total // _PAGE)))
    found = claims_found(competition, sought, (number - 1) * _PAGE, _PAGE)
    rows = claim_rows(competition, found)
    return render_template(
        "organiser/certificates/claims/claims.html",
        competition=competition,
        rows=rows,
        any=bool(counts) or bool(sought.text),
        q=sought.text,
        state_now=sought.state.value if sought.state else "",
        counts={state: counts[state] for state in ClaimState if counts.get(state)},
        page=describe_page(
            total,
            number,
            _PAGE,
            "organiser.claims",
            q=sought.text,
            state=sought.state.value if sought.state else "",
        ),
        under_way=[
            (say(step) if (step := job_step(job)) else face_of(job).title(job), job_url(job))
            for job in open_jobs(competition)
            if job.kind in _JOBS
        ],
        shown_number=shown_number,
        all_put_up=len(claims_to_put_up(competition)) if guard.may_do(Right.DECIDE_AWARDS) else 0,
        all_approve=len(claims_to_approve(competition, current_user))
        if guard.may_do(Right.AGREE)
        else 0,
        may_put_up=any(row.may == "notice" for row in rows),
        may_decide=any(row.may == "decide" for row in rows),
        may_drop=any(row.may in ("notice", "drop") for row in rows),
        approved=count_claims_due(competition),
        lists=has_listed_claims(competition),
        proposes=guard.may_do(Right.DECIDE_AWARDS),
        problem=problem,
        where=where,
        grounds=ground_rows(competition, request.form if where == "grounds" else None),
        ground_choices=ground_choices(),
        grade_choices=grade_choices(competition),
        occupation_choices=occupation_choices(competition),
        paper_choices=paper_choices(),
        # Without a notice that runs there is no such page.
        in_notice=bool(claims_in_notice(competition)),
    )


def _sought() -> ClaimsSought:
    state = request.args.get("state", "")
    return ClaimsSought(
        state=ClaimState(state) if state in set(ClaimState) else None,
        text=" ".join(request.args.get("q", "").split())[:_LONGEST_SOUGHT],
    )


def _ids() -> list[int]:
    return [
        int(text)
        for text in request.form.getlist("claim")
        if text.isascii() and text.isdigit() and len(text) < 19
    ]
