"""What anyone may open: the landing page, a badge's page, look-up of certificates."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from compete.domain.identity import IdentityError
from compete.domain.values import SCORING_ROLES, hash_phrase
from compete.models import Competition, Publication, db, utc_now
from compete.services.accounts import memberships_with
from compete.services.certificates import bodies, find_by_number, find_by_token
from compete.services.judging import sheets_of_entrant
from compete.services.publication import (
    find_by_badge,
    latest_publication,
    read_snapshot,
    snapshot_files,
)
from compete.web import guard
from compete.web.downloads import send_json
from compete.web.extensions import limiter
from compete.web.language import say
from compete.web.public.badge import describe_badge
from compete.web.public.certificate import describe_certificate
from compete.web.templating import day, moment

face = Blueprint("public", __name__)


@face.get("/")
@guard.public
def index() -> ResponseReturnValue:
    """The landing page: three doors and what is announced."""
    return render_template(
        "public/index.html",
        competitions=[_announced(publication) for publication in _published()],
        urls={"verify": url_for("public.verify"), "sign_in": url_for("auth.sign_in")},
    )


@face.get("/c/<token>")
@guard.public
def contestant(token: str) -> ResponseReturnValue:
    """A badge's own page; a judge who scans it is taken to the sheet instead."""
    entrant = find_by_badge(token)
    if entrant is None:
        abort(404)
    if current_user.is_authenticated and not entrant.event.blind:
        for membership in memberships_with(current_user, SCORING_ROLES):
            if membership.judge and membership.competition_id == entrant.competition_id:
                sheets = sheets_of_entrant(membership.judge, entrant)
                if sheets:
                    return redirect(url_for("judge.sheet", public_id=sheets[0].public_id))
    return render_template("public/contestant.html", **describe_badge(entrant))


@face.get("/p/<code>")
@guard.public
def standings(code: str) -> ResponseReturnValue:
    """The published standings, names masked; from the stored publication."""
    publication = _publication(code)
    bundle, results = read_snapshot(publication)
    events = {event.code: event for event in results.events}
    if not events:
        abort(404)
    chosen = events.get(request.args.get("event", ""), results.events[0])
    rules = next(e for e in bundle.events if e.code == chosen.code)
    people = {entrant.code: entrant for entrant in bundle.entrants}
    units = {unit.code: unit.name for unit in bundle.units}
    names = {award.code: award.name for award in rules.awards}
    awards = {a.entrant: names[a.award] for a in chosen.awards or () if a.entrant and not a.item}
    teams = {team.code: team.name for team in bundle.teams}
    titles = {event.code: event.name for event in bundle.events}
    return render_template(
        "public/standings.html",
        heading=bundle.competition.name,
        subheading=rules.name,
        chips=[
            {
                "text": _("公示到 %(at)s", at=moment(publication.notice_until)),
                "kind": "warn",
                "icon": None,
            },
            {"text": _("第 %(n)s 版", n=publication.version), "kind": "", "icon": None},
        ],
        note=publication.note,
        views=[
            {
                "label": titles[event_code],
                "url": url_for("public.standings", code=code, event=event_code),
                "current": event_code == chosen.code,
            }
            for event_code in events
        ]
        if len(events) > 1
        else [],
        rows=[
            {
                "rank": row.rank,
                "name": people[row.entrant].name,
                "unit": units[people[row.entrant].unit],
                "total": row.total,
                "award": awards.get(row.entrant),
            }
            for row in chosen.standings
            if row.rank is not None
        ],
        teams=[
            {"rank": row.rank, "name": teams[row.team], "total": row.total}
            for row in chosen.teams or ()
            if row.rank is not None
        ],
        hash={
            "words": hash_phrase(bytes.fromhex(publication.sha256)),
            "when": _("%(at)s 存档", at=moment(publication.published_at)),
        },
        bundle_url=url_for("public.bundle", code=code),
        results_url=url_for("public.results", code=code),
        page=None,
    )


@face.get("/p/<code>/bundle.json")
@guard.public
def bundle(code: str) -> Response:
    """The published bundle, byte for byte, for anyone to score again."""
    return send_json(snapshot_files(_publication(code))[0], f"{code}.bundle.json")


@face.get("/p/<code>/results.json")
@guard.public
def results(code: str) -> Response:
    """The published results, byte for byte."""
    return send_json(snapshot_files(_publication(code))[1], f"{code}.results.json")


def _missed(_response: Response) -> bool:
    """Whether a look-up found nothing: a hall at one address is not counted, who tries out is."""
    return bool(g.get("missed"))


def _asked_number() -> str:
    return f"number:{request.remote_addr}:{''.join(request.args.get('number', '').split())[:40]}"


@face.get("/verify")
@guard.public
@limiter.limit("30 per minute", deduct_when=_missed)
@limiter.limit("5 per minute", key_func=_asked_number, deduct_when=_missed)
def verify() -> ResponseReturnValue:
    """Look a certificate up by its number and the holder's name."""
    number, name = request.args.get("number", ""), request.args.get("name", "")
    errors: dict[str, str] = {}
    certificate = None
    asked = bool(number or name)
    if asked and not name.strip():
        errors["name"] = _("请写姓名")
    if asked and not number.strip():
        errors["number"] = _("请写证书编号")
    if asked and not errors:
        try:
            certificate = find_by_number(number, name)
        except IdentityError as error:
            errors["number"] = say(error.message)
    found = None if not asked or errors else "missing"
    g.missed = found is not None and certificate is None
    context: dict[str, Any] = {
        "found": found,
        "form": {
            "number": number,
            "name": name,
            "errors": errors,
            "url": url_for("public.verify"),
        },
        "certificate": None,
        "revoked": None,
        "asked_at": moment(utc_now()),
        "phone": next((body.phone for body in bodies() if body.phone), None),
        "heading": _("证书真伪查询"),
        "subheading": next((body.name for body in bodies()), ""),
        "addresses": [
            {"label": _("国家统一查询"), "value": "jndj.osta.org.cn"},
            {"label": _("评价机构查询"), "value": "pjjg.osta.org.cn"},
        ],
    }
    if certificate is not None:
        context |= describe_certificate(certificate)
    return render_template("public/verify.html", **context)


@face.get("/v/<token>")
@guard.public
def verify_link(token: str) -> ResponseReturnValue:
    """What the QR code on a certificate opens: genuine, revoked, or unknown."""
    certificate = find_by_token(token)
    context: dict[str, Any] = {
        "found": "missing",
        "form": {"number": "", "name": "", "errors": {}, "url": url_for("public.verify")},
        "certificate": None,
        "revoked": None,
        "asked_at": moment(utc_now()),
        "phone": None,
        "heading": _("证书真伪查询"),
        "subheading": "",
        "addresses": [],
    }
    if certificate is not None:
        context |= describe_certificate(certificate)
    page = render_template("public/verify.html", **context)
    return page, 200 if certificate else 404


def _published() -> list[Publication]:
    rows = db.session.scalars(
        select(Publication)
        .where(Publication.withdrawn_at.is_(None))
        .order_by(Publication.published_at.desc())
    ).all()
    latest: dict[int, Publication] = {}
    for row in rows:
        latest.setdefault(row.competition_id, row)
    return [
        publication for publication in latest.values() if publication.competition.kind != "labour"
    ]


def _announced(publication: Publication) -> dict[str, str]:
    competition = publication.competition
    return {
        "name": competition.name,
        "state": _("第 %(n)s 版", n=publication.version),
        "dates": day(competition.starts, with_year=True) if competition.starts else "",
        "url": url_for("public.standings", code=competition.code),
    }


def _publication(code: str) -> Publication:
    competition = db.session.scalar(select(Competition).where(Competition.code == code))
    publication = latest_publication(competition) if competition else None
    if publication is None:
        abort(404)
    return publication
