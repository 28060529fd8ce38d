"""Correcting a name or an ID number, and what of it was issued or published otherwise."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.identity import mask_id
from compete.models import Certificate, Competition, Entrant
from compete.services.certificates import touched_by
from compete.services.kernel import Refusal, Refused
from compete.services.publication import open_consequences, publish_names
from compete.services.registration import (
    correct_identity,
    entrant_by_code,
    print_badge,
    replace_badge,
)
from compete.web import guard
from compete.web.certificate_words import shown_number, title_of
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.entrants.shapes import (
    BadgeUrls,
    PersonHead,
    TouchedCertificate,
    TouchedVersion,
)
from compete.web.organiser.shapes import CompetitionLink


@face.route("/<code>/entrants/<who>/identity", methods=["GET", "POST"])
@guard.organiser
def identity(competition: Competition, who: str) -> ResponseReturnValue:
    """The correction's form, and under it what it touches."""
    entrant = _entrant(competition, who)
    typed = {key: request.form.get(key, "") for key in ("name", "id_number", "reason")}
    problem = None
    if request.method == "POST":
        try:
            correct_identity(entrant, **typed, by=current_user)
        except Refused as error:
            if error.kind is not Refusal.INVALID:
                raise
            problem = say(error.message)
        else:
            flash(_("更正了。下面是它碰到的"), "ok")
            return redirect(url_for("organiser.identity", code=competition.code, who=who))
    touched = touched_by(entrant)
    page = render_template(
        "organiser/entrants/identity.html",
        competition=CompetitionLink(
            name=competition.name, url=url_for("organiser.entrants", code=competition.code)
        ),
        person=PersonHead(
            name=entrant.name,
            number=entrant.code,
            unit=entrant.unit.name,
            id_masked=mask_id(entrant.id_number) if entrant.id_number else _("没有"),
        ),
        form=typed if problem else {"name": entrant.name, "id_number": "", "reason": ""},
        problem=problem,
        badge=BadgeUrls(
            print_url=url_for("organiser.one_badge", code=competition.code, who=who),
            replace_url=url_for("organiser.another_badge", code=competition.code, who=who),
        ),
        certificates=[_row(competition, certificate) for certificate in touched.certificates],
        team_certificates=[
            _row(competition, certificate) for certificate in touched.team_certificates
        ],
        published=TouchedVersion(
            version=touched.publication.version,
            name=touched.published_name,
            url=url_for("organiser.publish_corrected_names", code=competition.code),
        )
        if touched.publication
        else None,
    )
    return page, 400 if problem else 200


@face.post("/<code>/entrants/<who>/badge")
@guard.organiser
def another_badge(competition: Competition, who: str) -> ResponseReturnValue:
    """A badge with another link; the old one opens nothing from now on."""
    replace_badge(_entrant(competition, who), request.form.get("reason", ""), current_user)
    flash(_("换发了，旧参赛证上的码不能再用。打印新的参赛证给本人"), "ok")
    return redirect(url_for("organiser.identity", code=competition.code, who=who, _anchor="badge"))


@face.get("/<code>/entrants/<who>/badge.pdf")
@guard.organiser
def one_badge(competition: Competition, who: str) -> Response:
    """The badge that this person has now."""
    entrant = _entrant(competition, who)
    return send_pdf(print_badge(entrant, gettext), f"参赛证_{entrant.code}.pdf")


@face.post("/<code>/publish/names")
@guard.organiser
def publish_corrected_names(competition: Competition) -> ResponseReturnValue:
    """A new version in which names alone are others."""
    publication = publish_names(competition, current_user, request.form.get("note", ""))
    flash(_("已公布第 %(n)s 版，成绩没变，只更正了姓名", n=publication.version), "ok")
    page = "consequences" if open_consequences(competition) else "standings"
    return redirect(url_for(f"organiser.{page}", code=competition.code))


def _row(competition: Competition, certificate: Certificate) -> TouchedCertificate:
    return TouchedCertificate(
        number=shown_number(certificate),
        title=title_of(certificate),
        name=certificate.face["name"],
        url=url_for(
            "organiser.certificates",
            code=competition.code,
            open=certificate.id,
            _anchor=f"certificate-{certificate.id}",
        ),
    )


def _entrant(competition: Competition, who: str) -> Entrant:
    entrant = entrant_by_code(competition, who)
    if entrant is None:
        abort(404)
    return entrant
