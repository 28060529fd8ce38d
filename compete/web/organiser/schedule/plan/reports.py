"""The page of reports: what whoever oversees sessions saw there, with photos."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.upload_limits import LARGEST_DOCUMENT, MIB
from compete.models import Competition, OversightReport
from compete.services.accounts.access import may
from compete.services.kernel.refusal import Refused
from compete.services.registration.oversight_reports import (
    MOST_PHOTOS,
    OVERSIGHT,
    ReportFields,
    add_report,
    photo_of_report,
    report_of_key,
    reports_of,
)
from compete.services.registration.room_papers import room_sittings
from compete.services.schedule.overseers import session_key
from compete.services.sheets.sent_documents import JPEG
from compete.web import guard
from compete.web.downloads import send_file_bytes
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.pages import or_404
from compete.web.posted import posted_text
from compete.web.refusals import faults_of, problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act
from compete.web.shapes import Choice, choices
from compete.web.templating import day, moment


def _page(competition: Competition, refused: Refused | None = None) -> str:
    faults = faults_of(refused)
    return render_template(
        "organiser/schedule/plan/reports.html",
        rows=[_row(report) for report in reports_of(competition)],
        places=_places(competition) if may(current_user, competition, Right.OVERSEE) else [],
        form=act_form(ReportFields, refused),
        wrong=faults.get("photos"),
        problem=problem_of(refused) if not faults else None,
        most=MOST_PHOTOS,
        most_mb=LARGEST_DOCUMENT // MIB,
    )


def _row(report: OversightReport) -> dict[str, object]:
    where = [day(report.day), report.session, report.room.name if report.room else ""]
    return {
        "where": " ".join(filter(None, where)),
        "text": report.text or "",
        "who": _("%(who)s %(at)s", who=report.maker.name, at=moment(report.made_at)),
        "photos": [
            url_for("organiser.oversight_photo", key=report.public_id, number=number)
            for number in range(1, len(report.photos) + 1)
        ],
        "erased": report.erased_at is not None,
    }


def _places(competition: Competition) -> list[Choice]:
    """The sessions, and each room in them."""
    places: dict[str, str] = {}
    for it in room_sittings(competition):
        key, words = session_key(it.day, it.session), f"{day(it.day)} {it.session}"
        places.setdefault(f"{key}|", _("%(session)s，全部赛场", session=words))
        places[f"{key}|{it.room.id}"] = f"{words} {it.room.name}"
    return choices(places)


@face.get("/<code>/plan/reports")
@guard.may(Right.SEE, of=guard.EVALUATIONS)
def oversight_reports(competition: Competition) -> ResponseReturnValue:
    """Show what was reported, and to who oversees the form."""
    return _page(competition)


@face.get("/<code>/plan/reports.pdf")
@guard.may(Right.SEE, of=guard.EVALUATIONS)
def oversight_paper(competition: Competition) -> ResponseReturnValue:
    """Print the reports with their photos."""
    return print_or_follow(competition, OVERSIGHT, f"{_('督导记录')}_{competition.name}.pdf")


@face.post("/<code>/plan/reports")
@guard.may(Right.OVERSEE, of=guard.EVALUATIONS)
@only_once
@refusal_on(_page)
def report_on_session(competition: Competition) -> ResponseReturnValue:
    """Keep a report."""
    photos = [
        sent.stream.read(LARGEST_DOCUMENT + 1)
        for sent in request.files.getlist("photos")[: MOST_PHOTOS + 1]
    ]
    add_report(competition, posted_text("place"), typed_act(ReportFields), photos, current_user)
    flash(_("记下了，组委会看得到，印在考场记录上"), "ok")
    return redirect(url_for("organiser.oversight_reports"))


@face.get("/<code>/plan/reports/<key>/<int:number>.jpg")
@guard.may(Right.SEE, of=guard.EVALUATIONS)
def oversight_photo(competition: Competition, key: str, number: int) -> Response:
    """Send a photo of a report."""
    content = photo_of_report(or_404(report_of_key(competition, key)), number)
    if content is None:
        abort(404)
    return send_file_bytes(content, f"{key}-{number}.jpg", JPEG, show=True)
