"""Certificates: issue, print, look up, revoke; the issuing body's settings."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.identity.occupations import occupation_code
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import listed, msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CertificateState
from compete.models import Certificate, Competition, Job
from compete.services.awards.issuing_gate import events_that_wait, why_reason
from compete.services.certificates.authority_books import HANDING_OUT_BOOK, UPLOAD_BOOK
from compete.services.certificates.award_certificates import DUE_AWARDS, set_award_date
from compete.services.certificates.entitlements import waits_for_results
from compete.services.certificates.grade_certificates import DUE_GRADES
from compete.services.certificates.issuer_keys import issuer_did
from compete.services.certificates.issuing_bodies import (
    bodies,
    body_for,
    choose_body,
    may_issue_for,
    occupations_of,
    scope_text,
)
from compete.services.certificates.issuing_jobs import issue_or_ask
from compete.services.certificates.printing import ALL_OF_A_KIND, HANDING_OUT, print_certificates
from compete.services.certificates.register import (
    kinds_issued,
    read_register,
    register_counts,
    register_frame,
)
from compete.services.certificates.reissuing import reissue_certificate, why_none_to_come
from compete.services.certificates.revocation_requests import (
    open_revocations,
    standing_revocation,
)
from compete.services.certificates.revoking import ask_again, ask_revocation, can_strike
from compete.services.certificates.rows import award_day
from compete.services.directory.occupations.proposals import occupation_hints
from compete.services.jobs.papers.kinds import REGISTER_BOOK
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.results.consequences import open_consequences
from compete.web import guard
from compete.web.certificate_words import level_words, shown_number
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.awards.kept_words import kept_notes, kept_words
from compete.web.organiser.blueprint import face
from compete.web.organiser.certificates.register_rows import (
    REASONS,
    here_url,
    looked_for,
    register_row,
    register_url,
)
from compete.web.organiser.certificates.view_model import (
    aside_note,
    grade_body,
    jobs_under_way,
    kind_cards,
    void_note,
    what_it_lacks,
    why_blocked,
)
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.pages import own_row
from compete.web.paging import asked_number
from compete.web.posted import posted_reason
from compete.web.refusals import refusal_on
from compete.web.shapes import Choice
from compete.web.templating import day

_LISTS = {waiting.kind: waiting for waiting in (DUE_AWARDS, DUE_GRADES)}


@face.get("/<code>/certificates")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
def certificates(competition: Competition) -> ResponseReturnValue:
    """Show the certificates that can be issued and that have been."""
    return _certificates(competition)


def _certificates(
    competition: Competition,
    kind: str = "",
    refused: Refused | None = None,
    unrevoked: tuple[Certificate, str] | None = None,
) -> str:
    """Render the page; `refused` is why certificates of the kind were not issued.

    `unrevoked` is a certificate whose revocation was not taken, and why.
    """
    published = latest_publication(competition) is not None
    waiting = open_consequences(competition)
    blocked = why_blocked(competition, published, waiting)
    early = why_reason(competition) if blocked is None else None
    apart = events_that_wait(competition) if blocked is None else None
    issuer = grade_body(competition)
    wanted = looked_for()
    without_state = {key: text for key, text in wanted.items() if key != "state"}
    by_state = register_counts(competition, **without_state)
    turned = bool(asked_number("after") or asked_number("before"))
    frame = register_frame(competition, turned=turned)
    page = read_register(
        competition,
        **wanted,
        after=asked_number("after") or 0,
        before=asked_number("before"),
        total=by_state.get(wanted["state"]),
    )
    issued = kinds_issued(competition)
    opened = _opened(competition, blocked)
    if opened is not None and opened not in page.rows:
        page = read_register(competition, after=opened.id - 1)
    if unrevoked is not None and unrevoked[0] not in page.rows:
        page = read_register(competition, after=unrevoked[0].id - 1)
    asked_for = {
        revocation.certificate_id: revocation for revocation in open_revocations(competition)
    }
    kept = kept_notes(competition)
    return render_template(
        "organiser/certificates/certificates.html",
        refused={kind: say(refused.message)} if refused else {},
        unrevoked={unrevoked[0].id: unrevoked[1]} if unrevoked is not None else {},
        no_credentials=issuer_did() is None,
        waits=say(apart),
        kinds=kind_cards(
            competition,
            blocked,
            issuer,
            issued=issued,
            published=published,
            waiting=bool(waiting),
        ),
        certificates=[
            register_row(
                row,
                in_review=row.id in page.in_review,
                to_replace=row.id in page.to_replace,
                may_reissue=blocked is None or not waits_for_results(row),
                revocation=asked_for.get(row.id),
                kept=kept.get(row.id),
                opened=row is opened,
                lacks=what_it_lacks(frame.aside, row.id, no_photo=row.id in page.no_photo),
            )
            for row in page.rows
        ],
        counts=by_state,
        state_urls={state: register_url({**wanted, "state": state}) for state in by_state},
        filters=wanted,
        workbook_url=register_url(wanted, page="organiser.register_workbook"),
        has_grades="grade" in issued,
        void=void_note(competition),
        early=say(early),
        page=page,
        previous_url=register_url(wanted, before=page.before) if page.before else None,
        next_url=register_url(wanted, after=page.after) if page.after else None,
        whole=frame.whole,
        years=frame.years,
        levels=[Choice(value=level, label=level_words(level)) for level in frame.levels],
        aside=None if turned else aside_note(frame.aside, wanted),
        under_way=jobs_under_way(competition),
        closed_url=f"{here_url()}#certificate-{opened.id}" if opened else None,
        kept=kept_words(competition),
        left=_("新一版公布后还有 %(n)s 件没办：撤回、换发或保留。办完才能发新证。", n=waiting)
        if waiting
        else None,
        body_missing=None if competition_kind(competition).has_periods else issuer.missing,
    )


def _opened(competition: Competition, blocked: str | None) -> Certificate | None:
    """Return the certificate that the address asks to reissue, if that can be done."""
    asked = asked_number("open")
    opened = own_row(Certificate, competition, asked) if asked else None
    if opened is None or why_none_to_come(opened) is not None:
        return None
    if standing_revocation(opened) is not None:
        return None
    return None if blocked and waits_for_results(opened) else opened


@face.post("/<code>/certificates/issue/<kind>")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
@only_once
@refusal_on(_certificates)
def issue(competition: Competition, kind: str) -> ResponseReturnValue:
    """Issue every certificate of a kind that is ready, all or none.

    What is refused is said on the page, beside the reason as it was written.
    """
    why, waiting = posted_reason(), _LISTS.get(kind)
    if waiting is None:
        abort(404)
    if kind == "grade" and body_for(competition) is None:
        return redirect(url_for("organiser.body"))
    made = issue_or_ask(waiting, competition, current_user, why)
    if isinstance(made, Job):
        return redirect(job_url(made))
    flash(_("发了 %(n)s 张证书", n=len(made)), "ok")
    return redirect(url_for("organiser.certificates"))


@face.post("/<code>/certificates/date")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
def award_date(competition: Competition) -> ResponseReturnValue:
    """The date that award certificates bear, which gives their numbers the year."""
    typed = request.form.get("date", "").strip()
    try:
        on = date.fromisoformat(typed) if typed else None
    except ValueError:
        abort(400)
    set_award_date(competition, on, current_user)
    flash(_("以后发的获奖证书落款 %(on)s", on=day(award_day(competition), with_year=True)), "ok")
    return redirect(url_for("organiser.certificates"))


@face.get("/<code>/certificates/<kind>.pdf")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
def print_all(competition: Competition, kind: str) -> ResponseReturnValue:
    """Every certificate of a kind as PDF: valid ones, and none that waits to be settled."""
    return print_or_follow(competition, ALL_OF_A_KIND, f"证书_{competition.name}.pdf", kind=kind)


@face.get("/<code>/certificates/<int:number>/file.pdf")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
def print_certificate(competition: Competition, number: int) -> Response:
    """Print one certificate as PDF."""
    certificate = own_row(Certificate, competition, number)
    return send_pdf(
        print_certificates([certificate]), f"{certificate.face['name']}_{certificate.number}.pdf"
    )


def _unrevoked_page(competition: Competition, number: int, refused: Refused) -> str:
    certificate = own_row(Certificate, competition, number)
    return _certificates(competition, unrevoked=(certificate, say(refused.message)))


@face.post("/<code>/certificates/<int:number>/revoke")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
@only_once
@refusal_on(_unrevoked_page, only=Refusal.INVALID)
def revoke(competition: Competition, number: int) -> ResponseReturnValue:
    """Ask that one certificate be made void, with a reason."""
    certificate = own_row(Certificate, competition, number)
    scope = request.form.get("scope")
    if can_strike(certificate) and scope not in ("paper", "result"):
        raise invalid(msg("先选撤销到哪一步"))
    reason = posted_reason()
    ask_revocation(certificate, reason, current_user, strike=scope == "result")
    flash(_("提出撤销 %(number)s，等第二个人同意", number=shown_number(certificate)), "ok")
    return redirect(url_for("organiser.certificates"))


@face.post("/<code>/certificates/<int:number>/reissue")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
@only_once
def reissue(competition: Competition, number: int) -> ResponseReturnValue:
    """Issue one again under a new number; the old one lapses in the same step.

    For one that is void it is asked for here, and a second person agrees.
    """
    certificate = own_row(Certificate, competition, number)
    word = REASONS.get(request.form.get("why", ""))
    more = posted_reason().strip()
    known = say(word) if word is not None and word is not REASONS["other"] else ""
    why = _("，").join(part for part in (known, more) if part)
    if certificate.state is CertificateState.REVOKED:
        ask_again(certificate, why, current_user)
        message = _("提出重新发 %(number)s，等第二个人同意", number=shown_number(certificate))
        flash(message, "ok")
        return redirect(url_for("organiser.certificates"))
    made = reissue_certificate(certificate, why, current_user)
    flash(
        _(
            "换发了：%(new)s 替换 %(old)s",
            new=say(listed(shown_number(certificate) for certificate in made)),
            old=shown_number(certificate),
        ),
        "ok",
    )
    return redirect(url_for("organiser.certificates", after=made[0].id - 1))


@face.route("/<code>/certificates/body", methods=["GET", "POST"])
@guard.may(Right.ISSUE)
def body(competition: Competition) -> ResponseReturnValue:
    """Choose the registered body that issues this competition's grade certificates."""
    if request.method == "POST":
        wanted = request.form.get("body", "")
        issuer = next((body for body in bodies() if str(body.id) == wanted), None)
        if issuer is None:
            abort(400)
        choose_body(competition, issuer, current_user)
        flash(_("等级证书由%(name)s发", name=issuer.name), "ok")
        return redirect(url_for("organiser.certificates"))
    chosen = body_for(competition)
    return render_template(
        "organiser/certificates/body.html",
        bodies=[
            {
                "body": body,
                "scope": scope_text(body.scope).splitlines(),
                "chosen": chosen is not None and chosen.id == body.id,
                "fits": may_issue_for(body, competition),
            }
            for body in bodies()
        ],
        occupations=[
            (
                occupation.name,
                occupation_code(occupation.code),
                [say(hint) for hint in occupation_hints(occupation)],
            )
            for occupation in occupations_of(competition)
        ],
        registers=current_user.is_admin,
    )


@face.get("/<code>/certificates/register.xlsx")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
def register_workbook(competition: Competition) -> ResponseReturnValue:
    """The register, or what of it was looked for, as a workbook."""
    filename = f"证书登记册_{competition.name}.xlsx"
    return print_or_follow(competition, REGISTER_BOOK, filename, **looked_for())


@face.post("/<code>/certificates/upload.xlsx")
@guard.may(Right.ISSUE)
def upload_workbook(competition: Competition) -> ResponseReturnValue:
    """Download the authority's upload workbook; by a press, since whole ID numbers are recorded."""
    return print_or_follow(competition, UPLOAD_BOOK, f"证书上传数据_{competition.name}.xlsx")


@face.get("/<code>/certificates/handing-out.pdf")
@guard.may(Right.ISSUE)
def handing_out(competition: Competition) -> ResponseReturnValue:
    """The list on which grade certificates are signed for; those that stand, as all are printed."""
    filename = f"证书发放登记_{competition.name}.pdf"
    return print_or_follow(competition, HANDING_OUT, filename, kind="grade")


@face.get("/<code>/certificates/handing-out.xlsx")
@guard.may(Right.ISSUE)
def handing_out_workbook(competition: Competition) -> ResponseReturnValue:
    """The same list as a workbook."""
    return print_or_follow(competition, HANDING_OUT_BOOK, f"证书发放登记_{competition.name}.xlsx")
