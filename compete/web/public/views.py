"""Public pages: the landing page, a badge's page, published results and their files."""

from __future__ import annotations

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.rights import Right, roles_for
from compete.domain.values.states import CompetitionState
from compete.models import Entrant, Member, Publication, utc_now
from compete.services.accounts.access import memberships_with
from compete.services.certificates.printing import print_certificates
from compete.services.judging.tablet_view import sheets_of_entrant
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.results_plan import planned_results
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.kernel.versions import version_of
from compete.services.registration.badges import holder_of, is_replaced_badge
from compete.services.results.contestants import (
    certificates_of_entrant,
    find_by_badge,
    verdict_for,
)
from compete.services.results.notice import is_logged, print_notice
from compete.services.results.result_stands import all_stand_words
from compete.services.results.snapshots import announced_page, public_files
from compete.web import guard
from compete.web.downloads import send_file_bytes, send_json
from compete.web.extensions import limiter
from compete.web.kind_words import speak_of
from compete.web.language import in_a_row
from compete.web.paging import asked_page, describe_page
from compete.web.public.badge import appeal_words_change, badge_page
from compete.web.public.badge_certificates import may_save
from compete.web.public.blueprint import chosen_version, face, versions_of
from compete.web.public.labour_views import labour_page
from compete.web.public.no_version import no_such_version, taken_down
from compete.web.public.practice import practice_page
from compete.web.public.results import (
    hands_out_notice,
    is_taken_down,
    is_withheld,
    passed_page,
    results_page,
)
from compete.web.public.stored_pages import may_store
from compete.web.templating import dated_moment, day

_ANNOUNCED = 20
"""So many competitions on a page of what is announced."""


@face.get("/")
@guard.public
def index() -> ResponseReturnValue:
    """The landing page: its doors and what is announced, the last first."""
    number = asked_page()
    rows, total = announced_page(limit=_ANNOUNCED, offset=(number - 1) * _ANNOUNCED)
    return render_template(
        "public/index.html",
        competitions=[(row, all_stand_words(row.competition)) for row in rows],
        page=describe_page(total, number, _ANNOUNCED, "public.index"),
    )


@face.get("/c/<token>")
@guard.public
def contestant(token: str) -> ResponseReturnValue:
    """A badge's own page; a judge who scans it is taken to the sheet instead."""
    holder = holder_of(token)
    if holder is None:
        return no_badge(token)
    entrant = holder.entrant if isinstance(holder, Member) else holder
    speak_of(entrant.competition)
    if current_user.is_authenticated and not entrant.event.blind:
        for membership in memberships_with(current_user, roles_for(Right.MARK)):
            if membership.judge and membership.competition_id == entrant.competition_id:
                sheets = sheets_of_entrant(membership.judge, entrant)
                if sheets:
                    return redirect(url_for("judge.sheet", public_id=sheets[0].public_id))
    if not competition_kind(entrant.competition).has_results:
        return practice_page(entrant)
    version = version_of(entrant.competition)
    verdict = verdict_for(entrant)
    publication = latest_publication(entrant.competition)
    if verdict is not None and publication is not None:
        may_store(version, publication, appeal_words_change(publication))
    return badge_page(holder, entrant, token, verdict)


def entrant_behind(token: str) -> Entrant:
    """The entrant of a badge; where its code opens nothing the answer says why.

    A practice has none of what stands behind a badge but the page itself.
    """
    entrant = find_by_badge(token)
    if entrant is None or not competition_kind(entrant.competition).has_results:
        abort(make_response(no_badge(token)))
    return entrant


def no_badge(token: str) -> ResponseReturnValue:
    """Say why the code opens nothing: the badge was replaced, or there never was one."""
    replaced = is_replaced_badge(token)
    return render_template("public/no_badge.html", replaced=replaced), 404


@face.get("/c/<token>/certificates/<int:number>.pdf")
@guard.public
@limiter.limit("20 per minute")
def badge_certificate(token: str, number: int) -> ResponseReturnValue:
    """A valid award certificate of the badge's holder as PDF."""
    issued = certificates_of_entrant(entrant_behind(token))
    certificate = next((it for it in issued if it.id == number and may_save(it)), None)
    if certificate is None:
        return no_badge(token)
    name = f"{certificate.face['name']}_{certificate.number}.pdf"
    content = print_certificates([certificate])
    return send_file_bytes(content, name, "application/pdf", show=False)


@face.get("/p/<code>")
@guard.public
def standings(code: str) -> ResponseReturnValue:
    """The published standings, names masked; of the version in the address or the newest."""
    version, versions = versions_of(code)
    publication = chosen_version(versions)
    if publication is None and versions:
        return no_such_version(versions)
    if publication is None:
        return render_template("public/not_yet.html", **_to_come(code)), 404
    speak_of(publication.competition)
    if competition_kind(publication.competition).has_periods:
        return labour_page(code, None) or abort(404)
    if competition_kind(publication.competition).tells_passed_alone:
        return passed_page(publication, versions, version)
    return results_page(publication, versions, version)


@face.get("/p/<code>/bundle.json")
@guard.public
def bundle(code: str) -> Response:
    """The published bundle, byte for byte, for anyone to score again."""
    return send_json(public_files(_publication(code))[0], f"{code}.bundle.json")


@face.get("/p/<code>/results.json")
@guard.public
def results(code: str) -> Response:
    """The published results, byte for byte."""
    return send_json(public_files(_publication(code))[1], f"{code}.results.json")


@face.get("/p/<code>/notice.pdf")
@guard.public
@limiter.limit("60 per minute")
def notice(code: str) -> Response:
    """The notice of an event as it is put up, names as published; of the newest version."""
    version, versions = versions_of(code)
    publication = next(iter(versions), None)
    if (
        publication is None
        or version is None
        or competition_kind(publication.competition).has_periods
    ):
        abort(404)
    events = [event.code for event in publication.competition.events]
    event = request.args.get("event", events[0])
    if is_taken_down(publication.competition, event):
        return taken_down(publication.competition)
    if not hands_out_notice(publication, versions, event):
        abort(404)
    # Until the log's checkpoint stands on it, it is not what is handed out from then on.
    if is_logged(publication):
        may_store(version, publication)
    printed = print_notice(publication.competition, event, _)
    return send_file_bytes(printed, f"公示文件_{code}.pdf", "application/pdf", show=True)


def _to_come(code: str) -> dict[str, str]:
    """Say whose results come here, and when; nothing until judging has begun.

    Before that what is not there and what is not out yet read alike: a draft is nobody's business.
    """
    competition = competition_by_code(code)
    if competition is None or competition.state is CompetitionState.REGISTERING:
        return {}
    if not competition_kind(competition).has_results:
        return {}
    speak_of(competition)
    days = settings_of(competition).notice_days
    notes = [_("评完、核对以后在这里公布。")]
    if (at := planned_results(competition)) is not None:
        notes = [_("计划 %(at)s 在这里公布。", at=dated_moment(at))]
        if at < utc_now():
            notes.append(_("时间过了，还在核对。"))
    if days:
        notes.append(_("公布后公示的工作日：%(n)s。", n=days))
    if competition.ends or competition.starts:
        last = day(competition.ends or competition.starts, with_year=True)
        notes.insert(0, _("竞赛到 %(day)s。", day=last))
    return {
        "heading": competition.name,
        "coming": in_a_row(notes),
        "calendar": url_for("public.schedule", code=code),
    }


def _publication(code: str) -> Publication:
    version, versions = versions_of(code)
    publication = chosen_version(versions)
    if publication is None and versions:
        abort(no_such_version(versions))
    if publication is None or version is None:
        abort(404)
    if is_taken_down(publication.competition):
        abort(taken_down(publication.competition))
    if is_withheld(publication, versions):
        abort(404)
    may_store(version, publication)
    return publication
