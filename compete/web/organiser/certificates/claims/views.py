"""Grades on other grounds: propose, put up, decide, certify, and what each ground needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.event_types import Occupation
from compete.domain.grades.ladder import GRADES, NATIONAL, Ladder, grade_label
from compete.domain.identity.occupations import same_occupation
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.values.claim_states import (
    GROUND_WORDS,
    OFFERED_GROUNDS,
    ClaimState,
    GradeGround,
)
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.domain.values.states import MoveError
from compete.domain.values.upload_limits import LARGEST_DOCUMENT
from compete.models import (
    Certificate,
    ClaimDocument,
    Competition,
    Examinee,
    GradeClaim,
    Job,
    utc_now,
)
from compete.services.accounts.card_handlers import signed_as
from compete.services.certificates.claim_certificates import DUE_CLAIMS, count_claims_due
from compete.services.certificates.claim_proposals import (
    MOVE_CLAIMS,
    PROPOSE_CLAIMS,
    Claim,
    move_or_ask,
    propose_or_ask,
)
from compete.services.certificates.claims import (
    certificates_of_claims,
    change_grounds,
    claim_word,
    claims_in_notice,
    claims_of,
    claims_to_approve,
    claims_to_put_up,
    count_claims,
    decide_claims,
    drop_claims,
    facts_of,
    search_claims,
    terms_of,
)
from compete.services.certificates.examinees import (
    Candidate,
    candidates_of_table,
    examinee_number,
    read_candidates,
)
from compete.services.certificates.issuing_bodies import body_for, occupations_of
from compete.services.certificates.issuing_jobs import issue_or_ask
from compete.services.certificates.promotions import has_listed_claims
from compete.services.directory.occupations.claims import (
    claim_place,
    ladder_of_claim,
    shared_ladder,
)
from compete.services.jobs.queue import job_step, open_jobs
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import GroundTerms
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.refusal import Refused, invalid
from compete.sheets.texts import typed_codes
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
from compete.web.calendar_words import calendar_doubt
from compete.web.certificate_words import shown_number
from compete.web.downloads import send_document
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.job_faces import face_of, job_url
from compete.web.organiser.list_book import send_list, sentences
from compete.web.pages import own_row, sent_file
from compete.web.paging import asked_page, describe_page
from compete.web.posted import posted_numbers, posted_reason
from compete.web.refusals import problem_of, refusal_on, status_of
from compete.web.shapes import Choice, choices
from compete.web.templating import moment, state_word

_C = ClaimState
_ICONS = {
    _C.PROPOSED: "proposed",
    _C.NOTICE: "review",
    _C.DEFERRED: "held",
    _C.REFUSED: "refused",
    _C.APPROVED: "approved",
    _C.ISSUED: "issued",
    _C.REVOKED: "revoked",
    _C.DROPPED: "withdrawn",
}
_DECIDED = (_C.NOTICE, _C.DEFERRED, _C.REFUSED, _C.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One person's grade on one ground, in words."""

    row: GradeClaim
    paper: Certificate | None
    name: str
    examinee: int | None
    """The number of an examinee; None of a contestant."""
    job: str
    """The occupation, if no event says it."""
    present: str
    to: str
    ground: str
    facts: str
    icon: str
    """The key of `state` in `_parts/states.html`."""
    notes: Sequence[str]
    may: str
    """The next act for the rows ticked with it: `notice`, `decide`, `drop`, or nothing."""
    why_not: str | None


def _claim_rows(competition: Competition, claims: Sequence[GradeClaim]) -> list[ClaimRow]:
    """Return the rows of these claims as the list shows them."""
    papers = certificates_of_claims(claims)
    barred = {
        number: claim_word(competition, number).why_not(current_user)
        for number in {row.proposed_by for row in claims if row.state in _DECIDED}
    }
    return [
        _row(competition, row, papers.get(row.id), barred.get(row.proposed_by)) for row in claims
    ]


def _row(
    competition: Competition, row: GradeClaim, paper: Certificate | None, barred: Message | None
) -> ClaimRow:
    person = row.person
    may, why = _next(row, barred)
    ladder = ladder_of_claim(row)
    return ClaimRow(
        row=row,
        paper=paper,
        name=person.name
        if row.member is None or row.entrant is None
        else _("%(name)s（%(more)s）", name=person.name, more=row.entrant.name),
        examinee=examinee_number(row.examinee) if row.examinee is not None else None,
        job=claim_place(row) if row.examinee is not None else "",
        present=say(
            grade_label(row.present_grade if row.present_grade in GRADES else None, ladder)
        ),
        to=say(grade_label(row.grade, ladder)),
        ground=say(GROUND_WORDS[row.ground]),
        facts=say(facts_of(row)),
        icon=_ICONS[row.state],
        notes=_notes(competition, row),
        may=may,
        why_not=why,
    )


def _next(row: GradeClaim, barred: Message | None) -> tuple[str, str | None]:
    """Return the viewer's next act, or why none; `barred`: why they are no second person."""
    decides = guard.may_do(Right.DECIDE_AWARDS)
    if row.state is _C.PROPOSED:
        return ("notice", None) if decides else ("", None)
    if row.state not in _DECIDED:
        return "", None
    if barred is not None:
        return ("drop" if decides and row.state is _C.NOTICE else ""), say(barred)
    return "decide", None


def _notes(competition: Competition, row: GradeClaim) -> list[str]:
    notes = [
        _(
            "%(who)s 提出，%(at)s",
            who=say(signed_as(row.proposer)),
            at=moment(row.proposed_at),
        )
    ]
    if row.notice_until is not None and row.state is _C.NOTICE:
        over = row.notice_until <= utc_now()
        last = local_time(row.notice_until).date()
        notes.append(
            _("没有公示：这种依据定的是公示 0 天")
            if over and not terms_of(competition, row.ground).days
            else _("公示期满了，可以定")
            if over
            else _("公示到 %(at)s，期满以后才能批准", at=moment(row.notice_until))
        )
        if not over and (doubt := calendar_doubt(row.notice_from or last, last)):
            notes.append(doubt)
    if row.decider is not None and row.decided_at is not None:
        who = say(signed_as(row.decider))
        notes.append(_("%(who)s 定的，%(at)s", who=who, at=moment(row.decided_at)))
    if row.decision_reason:
        notes.append(row.decision_reason)
    return notes


def examinee_url(competition: Competition, examinee: Examinee) -> str:
    """Address of the page of an examinee, who takes no part."""
    number = examinee_number(examinee)
    return url_for("organiser.examinee", code=competition.code, number=number)


def _ground_rows(
    competition: Competition, typed: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """List the needs of each ground, or the typed ones."""
    rows = []
    for ground in OFFERED_GROUNDS:
        terms = terms_of(competition, ground)
        rows.append(
            {
                "key": ground.value,
                "name": say(GROUND_WORDS[ground]),
                "document": terms.document if typed is None else f"{ground}.document" in typed,
                "days": str(terms.days) if typed is None else typed.get(f"{ground}.days", ""),
            }
        )
    return rows


def _grade_choices(competition: Competition) -> list[Choice]:
    """The grades that may be given, lowest first; by every name that its events have for them."""
    ladders = [ladder_of(event) for event in competition.events] or [NATIONAL]

    def names(grade: int) -> list[str]:
        known = (ladder for ladder in ladders if ladder.of_grade(grade) is not None)
        return list(dict.fromkeys(say(grade_label(grade, ladder)) for ladder in known))

    return [
        Choice(value=str(grade), label=" / ".join(called))
        for grade in GRADES
        if (called := names(grade))
    ]


def _occupations_filed(competition: Competition) -> dict[str, Mapping[str, Any]]:
    """List the lines of the body's scope, the competition's own first, by code and name.

    Not by their places: another body may be chosen while somebody fills in the form.
    """
    body, own = body_for(competition), occupations_of(competition)

    def is_own(entry: Mapping[str, Any]) -> bool:
        code, name = entry["code"], entry["name"]
        return any(
            same_occupation(code, name, occupation.code, occupation.name) for occupation in own
        )

    return {
        f"{entry['code']} {entry['name']}": entry
        for entry in sorted(body.scope if body else (), key=lambda entry: not is_own(entry))
    }


def _occupation_choices(competition: Competition) -> list[Choice]:
    """The same, with the grades; none where there is no body."""
    ladder = shared_ladder(competition)
    return [
        Choice(
            value=key,
            label=_(
                "%(name)s %(code)s（%(grades)s）",
                name=entry["name"],
                code=entry["code"],
                grades=_grades_in_words(entry["grades"], ladder),
            ),
        )
        for key, entry in _occupations_filed(competition).items()
    ]


def _grades_in_words(grades: Sequence[int], ladder: Ladder) -> str:
    """Name all grades, or the first and the last: five names are longer than any field."""
    names = [say(grade_label(grade, ladder)) for grade in grades]
    steps = {grade - other for grade, other in pairwise(grades)}
    if len(names) > 2 and (steps == {1} or steps == {-1}):
        return _("%(first)s 到 %(last)s", first=names[0], last=names[-1])
    return _("、").join(names)


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
        for it in _claim_rows(competition, claims_of(competition))
    ]
    return send_list(competition, msg("等级认定"), [*heads, *rest], rows)


@face.post("/<code>/claims")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
@only_once
def propose_claim(competition: Competition) -> ResponseReturnValue:
    """Propose a grade for one or several people, with the evidence."""
    people = typed_codes(request.form.get("people", ""))
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
    entry = _occupations_filed(competition).get(chosen)
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
        candidates, notices = candidates_of_table(content, paper)
    except WorkbookError as error:
        if sent is not None and sent.filename:
            raise invalid(error.message) from None
        return read_candidates(lines, paper)
    for notice in notices:
        flash(say(notice), "info")
    return candidates


def _proposed(
    competition: Competition, where: str, wanted: Callable[[], Claim]
) -> ResponseReturnValue:
    return _do_to_several(
        competition,
        lambda: propose_or_ask(competition, wanted(), current_user),
        lambda n: _("提出了，人数：%(n)s", n=n),
        where=where,
    )


def _do_to_several(
    competition: Competition,
    act: Callable[[], int | Sequence[object] | Job],
    wording: Callable[[int], str],
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
    flash(wording(made if isinstance(made, int) else len(made)), "ok")
    return redirect(url_for(back))


def _claim() -> Claim:
    """Read the claim from the form, without its people. Aborts for an unknown ground."""
    form = request.form
    if form.get("ground", "") not in set(GradeGround):
        abort(400)
    grade = form.get("grade", "")
    return Claim(
        ground=GradeGround(form["ground"]),
        grade=int(grade) if grade in ("1", "2", "3", "4", "5") else 0,
        clause=form.get("clause", ""),
        facts=form.get("facts", ""),
        document=sent_file("document", LARGEST_DOCUMENT),
    )


@face.post("/<code>/claims/put-up")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
def put_up_claim(competition: Competition) -> ResponseReturnValue:
    """Begin the notice of those that are ticked, or of all that are proposed."""
    ids = claims_to_put_up(competition) if "all" in request.form else _ids()
    return _do_to_several(
        competition,
        lambda: move_or_ask(competition, ids, ClaimState.NOTICE, current_user),
        lambda n: _("开始公示，人数：%(n)s", n=n),
    )


@face.post("/<code>/claims/decide/<act>")
@guard.may(Right.AGREE, of=guard.SKILLS)
def decide_claim(competition: Competition, act: str) -> ResponseReturnValue:
    """Approve, hold or refuse those that are ticked; approve all whose notice is over."""
    to, why = _ACTS.get(act), posted_reason()
    if to is None:
        abort(404)

    def decide() -> int | Job:
        if to is ClaimState.APPROVED and "all" in request.form:
            ids = claims_to_approve(competition, current_user)
            return move_or_ask(competition, ids, to, current_user)
        return decide_claims(competition, _ids(), to, current_user, why)

    return _do_to_several(competition, decide, lambda n: _("定了，人数：%(n)s", n=n))


@face.post("/<code>/claims/drop")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
def drop_claim(competition: Competition) -> ResponseReturnValue:
    """Withdraw the proposals of the ticked people."""
    why = posted_reason()
    return _do_to_several(
        competition,
        lambda: drop_claims(competition, _ids(), why, current_user),
        lambda n: _("不提了，人数：%(n)s", n=n),
    )


@face.post("/<code>/claims/issue")
@guard.may(Right.ISSUE, of=guard.SKILLS)
@only_once
def issue_claims(competition: Competition) -> ResponseReturnValue:
    """Number and issue the certificate of every grade that is approved."""
    return _do_to_several(
        competition,
        lambda: issue_or_ask(DUE_CLAIMS, competition, current_user),
        lambda n: _("发了 %(n)s 张证书", n=n),
        back="organiser.certificates",
    )


@face.post("/<code>/claims/grounds")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
@refusal_on(lambda competition, refused: _page(competition, problem_of(refused), "grounds"))
def claim_grounds(competition: Competition) -> ResponseReturnValue:
    """Set what each ground needs: evidence, and how long a notice."""
    terms = {}
    for ground in OFFERED_GROUNDS:
        days = whole_number(request.form.get(f"{ground}.days", ""), 999)
        if days is None:
            raise invalid(msg("公示天数要写整数"))
        document = request.form.get(f"{ground}.document") == "yes"
        terms[ground] = GroundTerms(document=document, days=days)
    change_grounds(competition, terms, current_user)
    flash(_("改好了"), "ok")
    return redirect(url_for("organiser.claims"))


@face.get("/<code>/claims/documents/<int:number>")
@guard.may(Right.SEE, of=guard.SKILLS)
def claim_document(competition: Competition, number: int) -> Response:
    """The evidence as it was sent, to be saved."""
    document = own_row(ClaimDocument, competition, number)
    return send_document(document.document, document.media, f"证明材料_{document.id}")


def _page(competition: Competition, problem: str | None = None, where: str = "") -> str:
    """Render the page; with a `problem` what was sent stands `where` it was typed.

    That is `new` or `others` for a form that proposes, `list` for the rows, `grounds`.
    """
    chosen, text = request.args.get("state", ""), " ".join(request.args.get("q", "").split())
    state, text = ClaimState(chosen) if chosen in set(ClaimState) else None, text[:_LONGEST_SOUGHT]
    counts = count_claims(competition, text)
    total = counts.get(state, 0) if state is not None else sum(counts.values())
    number = min(asked_page(), max(1, -(-total // _PAGE)))
    claims = search_claims(competition, (number - 1) * _PAGE, _PAGE, state=state, text=text)
    rows = _claim_rows(competition, claims)
    return render_template(
        "organiser/certificates/claims/claims.html",
        competition=competition,
        rows=rows,
        any=bool(counts) or bool(text),
        q=text,
        state_now=state or "",
        counts={state: counts[state] for state in ClaimState if counts.get(state)},
        page=describe_page(
            total,
            number,
            _PAGE,
            "organiser.claims",
            q=text,
            state=state,
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
        grounds=_ground_rows(competition, request.form if where == "grounds" else None),
        ground_choices=choices({ground: GROUND_WORDS[ground] for ground in OFFERED_GROUNDS}),
        grade_choices=_grade_choices(competition),
        occupation_choices=_occupation_choices(competition),
        paper_choices=choices({paper: paper_name(paper) for paper in Paper}),
        # Without a notice that runs there is no such page.
        in_notice=bool(claims_in_notice(competition)),
    )


def _ids() -> list[int]:
    return [*filter(None, posted_numbers("claim"))]
