"""Certificates: issue, print, look up, revoke; the issuing body's settings."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import CertificateState, GradeState
from compete.models import Certificate, Competition, db
from compete.services.certificates import (
    bodies,
    body_for,
    certificates_of,
    create_body,
    issue_award_certificates,
    issue_grade_certificates,
    notice_running,
    print_certificates,
    revoke_certificate,
    unissued_awards,
)
from compete.services.closing import grade_decisions_of
from compete.services.kernel import Refused
from compete.services.publication import latest_publication
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.certificates.forms import BodyForm
from compete.web.organiser.certificates.view_model import (
    certificate_row,
    matches_search,
    occupations_of,
    why_blocked,
)
from compete.web.paging import asked_page, describe_page
from compete.web.templating import day

PAGE_SIZE = 50


@face.get("/<code>/certificates")
@guard.organiser
def certificates(competition: Competition) -> ResponseReturnValue:
    """What can be issued and what has been."""
    code = competition.code
    published = latest_publication(competition) is not None
    approved = sum(1 for d in grade_decisions_of(competition) if d.state is GradeState.APPROVED)
    blocked = why_blocked(competition, published)
    until = notice_running(competition) if blocked is None else None
    known = body_for(competition)
    wanted = {key: request.args.get(key, "").strip() for key in ("q", "kind")}
    rows = [
        certificate
        for certificate in certificates_of(competition)
        if matches_search(certificate, **wanted)
    ]
    page = asked_page()
    issued = {certificate.kind for certificate in certificates_of(competition)}
    return render_template(
        "organiser/certificates/certificates.html",
        competition={"name": competition.name, "url": url_for("organiser.overview", code=code)},
        kinds=[
            {
                "key": "grade",
                "name": _("职业技能等级证书"),
                "ready": approved,
                "issue_url": url_for("organiser.issue", code=code, kind="grade"),
                "print_url": url_for("organiser.print_all", code=code, kind="grade")
                if "grade" in issued
                else None,
                "blocked": blocked or (None if known else _("先填评价机构")),
                "note": known.name if known else None,
            },
            {
                "key": "award",
                "name": _("获奖证书"),
                "ready": unissued_awards(competition) if published else 0,
                "issue_url": url_for("organiser.issue", code=code, kind="award"),
                "print_url": url_for("organiser.print_all", code=code, kind="award")
                if "award" in issued
                else None,
                "blocked": blocked,
                "note": None,
            },
        ],
        certificates=[
            certificate_row(competition, row)
            for row in rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        ],
        filters=wanted,
        urls={
            "self": url_for("organiser.certificates", code=code),
            "settings": url_for("organiser.body", code=code),
        },
        early=_("公示到 %(day)s，期满前发证要写理由", day=day(until)) if until else None,
        page=describe_page(
            len(rows), page, PAGE_SIZE, "organiser.certificates", code=code, **wanted
        ),
        total=len(rows),
        body_missing=None if known else _("还没填评价机构，等级证书编不了号。"),
    )


@face.post("/<code>/certificates/issue/<kind>")
@guard.organiser
def issue(competition: Competition, kind: str) -> ResponseReturnValue:
    """Issue every certificate of a kind that is ready, all or none."""
    why = request.form.get("reason", "")
    if kind == "grade":
        known = body_for(competition)
        if known is None:
            return redirect(url_for("organiser.body", code=competition.code))
        made = issue_grade_certificates(competition, known, current_user, why)
    elif kind == "award":
        made = issue_award_certificates(competition, current_user, why)
    else:
        abort(404)
    flash(_("发了 %(n)s 张证书", n=len(made)), "ok")
    return redirect(url_for("organiser.certificates", code=competition.code))


@face.get("/<code>/certificates/<kind>.pdf")
@guard.organiser
def print_all(competition: Competition, kind: str) -> Response:
    """Every valid certificate of a kind as one PDF."""
    rows = [
        certificate
        for certificate in certificates_of(competition, kind)
        if certificate.state is CertificateState.VALID
    ]
    return send_pdf(print_certificates(rows), f"证书_{competition.name}.pdf")


@face.get("/<code>/certificates/<int:number>/file.pdf")
@guard.organiser
def print_one(competition: Competition, number: int) -> Response:
    """One certificate as PDF."""
    certificate = _certificate(competition, number)
    return send_pdf(
        print_certificates([certificate]), f"{certificate.face['name']}_{certificate.number}.pdf"
    )


@face.post("/<code>/certificates/<int:number>/revoke")
@guard.organiser
def revoke(competition: Competition, number: int) -> ResponseReturnValue:
    """Make one certificate void, with a reason."""
    certificate = _certificate(competition, number)
    revoke_certificate(certificate, request.form.get("reason", ""), current_user)
    flash(_("已撤销 %(number)s", number=certificate.number), "ok")
    return redirect(url_for("organiser.certificates", code=competition.code))


@face.route("/<code>/certificates/body", methods=["GET", "POST"])
@guard.organiser
def body(competition: Competition) -> ResponseReturnValue:
    """The issuing body: its parts of the number, and what it is filed for."""
    form = BodyForm()
    problem = None
    if form.validate_on_submit():
        try:
            create_body(
                name=form.name.data or "",
                kind=form.kind.data or "",
                body_code=form.body_code.data or "",
                province=form.province.data or "",
                site=form.site.data or "",
                phone=form.phone.data or None,
                scope=_scope(competition, [int(grade) for grade in form.grades.data or []]),
                by=current_user,
                competition=competition,
            )
            return redirect(url_for("organiser.certificates", code=competition.code))
        except Refused as error:
            problem = say(error.message)
    return render_template(
        "organiser/certificates/body.html",
        competition={
            "name": competition.name,
            "url": url_for("organiser.certificates", code=competition.code),
        },
        form=form,
        problem=problem,
        bodies=bodies(),
        occupations=[rules.name for rules in occupations_of(competition)],
    )


def _scope(competition: Competition, grades: list[int]) -> list[dict[str, Any]]:
    return [
        {"code": occupation.code, "name": occupation.name, "grades": grades}
        for occupation in occupations_of(competition)
    ]


def _certificate(competition: Competition, number: int) -> Certificate:
    certificate = db.session.get(Certificate, number)
    if certificate is None or certificate.competition_id != competition.id:
        abort(404)
    return certificate
