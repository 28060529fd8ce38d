"""People registered at the desk: by a workbook looked at first, or one added by hand (加一个人)."""

from __future__ import annotations

from collections.abc import Collection

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState, ImportState
from compete.models import Competition
from compete.services.kernel.refusal import Refused
from compete.services.registration.known_layouts import (
    content_of,
    forget_arrangement,
    open_work,
    waiting_uploads,
)
from compete.services.registration.portrait_zip import waiting_portraits
from compete.services.registration.preview import (
    check_registration_open,
    desk_offer,
    find_batch,
    keep_upload,
    table_of_upload,
)
from compete.services.registration.sheet_photos import offer_photos, people_of, pictures_in
from compete.services.registration.staging import ask_preview, ask_write
from compete.services.registration.waiting_list import plan_with_places
from compete.services.registration.writing import (
    ADD_FIELDS,
    UnfitPersonError,
    add_person,
    write_plan,
)
from compete.services.schedule.station_moves import rule_for_late
from compete.services.schedule.stations import stations_of_entrants
from compete.sheets.photo_zip import PhotoZipError
from compete.sheets.registration.plan import RowStatus
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.organiser.registration.fields import person_field, problem_above, wrong_fields
from compete.web.organiser.registration.upload_pages import UploadPages, tell_row_counts
from compete.web.refusals import refusal_on
from compete.web.words import some_names


def _tell_places(competition: Competition, added: Collection[str]) -> None:
    """Say where entrants of these codes are to be, or that they have no place yet."""
    if rule_for_late(competition) is None:
        return
    places = stations_of_entrants(competition, added)
    placed = [
        _("%(code)s（%(stations)s）", code=code, stations=_("、").join(stations))
        for code, stations in places.items()
        if stations
    ]
    without = [code for code, stations in places.items() if not stations]
    if placed and competition.state is CompetitionState.JUDGING:
        flash(_("没有抽签，排到了人最少的工位：%(people)s", people=some_names(placed)), "warn")
    elif placed:
        # Before judging begins nobody is placed but those whom the file's schedule names.
        flash(_("照竞赛文件的赛程排了：%(people)s", people=some_names(placed)), "info")
    if without:
        flash(_("还没有工位：%(people)s", people=some_names(without)), "warn")


_NEEDED = frozenset({"unit", "name", "id_number", "event"})


def _entry_page(competition: Competition, refused: Refused | None = None) -> str:
    # Several of one unit come one after another.
    typed = _typed_person() if refused else {"unit": request.args.get("unit", "")}
    wrong, reason = wrong_fields(refused), request.form.get("exempted_for", "")
    offer = desk_offer(competition)
    late = rule_for_late(competition)
    shut = _registration_closed(competition)
    unnumbered = all(event.unnumbered for event in offer.events)
    hints = {
        "code": _("空着由系统编"),
        "crew": _("写名单里已有的组合，就加进这个组合；新的组合用报名表"),
        "role": _("空着就是辅助选手"),
    }
    keys = [
        key
        for key in ADD_FIELDS
        if key not in offer.left_out and (key != "event" or len(offer.events) > 1)
    ]
    return render_template(
        "organiser/registration/add.html",
        fields=[
            person_field(
                *(offer, key, typed.get(key, ""), wrong.get(key)),
                hint=hints.get(key),
                required=key in _NEEDED and not (key == "id_number" and unnumbered),
            )
            for key in keys
        ],
        problem=problem_above(refused),
        # What was typed before it closed is given back all the same.
        closed=None if request.method == "POST" else shut,
        late=late if not shut else None,
        unfit=isinstance(refused, UnfitPersonError) or bool(wrong and reason),
        reason=reason,
    )


def _typed_person() -> dict[str, str]:
    return {key: request.form[key] for key in ADD_FIELDS if key in request.form}


@face.route("/<code>/entrants/new", methods=["GET", "POST"])
@guard.may(Right.REGISTER)
@only_once
@refusal_on(_entry_page)
def new_entrant(competition: Competition) -> ResponseReturnValue:
    """The form, and putting the person on the list."""
    if request.method != "POST":
        return _entry_page(competition)
    reason = request.form.get("exempted_for", "")
    entrant = add_person(competition, _typed_person(), current_user, exempted_for=reason)
    flash(_("%(name)s 在名单里了，编号 %(code)s", name=entrant.name, code=entrant.code), "ok")
    _tell_places(competition, [entrant.code])
    code = competition.code
    if "another" in request.form:
        return redirect(url_for("organiser.new_entrant", code=code, unit=entrant.unit.code))
    return redirect(url_for("organiser.person", code=code, who=entrant.code))


def _registration_closed(competition: Competition) -> str | None:
    """Say why nobody can be registered any more, or None."""
    try:
        check_registration_open(competition)
    except Refused as error:
        return say(error.message)
    return None


def _late_notice(competition: Competition, added: int) -> list[str]:
    """Name the rule that gives late people a place, if others have theirs."""
    rule = rule_for_late(competition) if added else None
    return [say(rule)] if rule else []


UPLOAD_PAGES = UploadPages(
    face=face,
    right=Right.REGISTER,
    at="/<code>/entrants/upload",
    end="organiser.entrants",
    closed=_registration_closed,
    waiting=waiting_uploads,
    keep=keep_upload,
    find=find_batch,
    plan=plan_with_places,
    notices=_late_notice,
    whose=lambda competition: competition.name,
)
UPLOAD_PAGES.hang()


@face.post("/<code>/entrants/upload/<int:batch_id>/columns/forget")
@guard.may(Right.REGISTER)
@only_once
def forget_file_columns(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Read this kind of file from the start again, now and from now on."""
    batch = UPLOAD_PAGES.waiting_file(competition, batch_id)
    forget_arrangement(batch, current_user)
    flash(_("忘掉了，重新认这些列"), "ok")
    return redirect(UPLOAD_PAGES.url("file_columns", batch))


@face.post("/<code>/entrants/upload/<int:batch_id>/write")
@guard.may(Right.REGISTER)
@only_once
def write(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Write all good rows, many in parts; those of a large workbook by a job."""
    batch, reason = (
        UPLOAD_PAGES.batch_or_404(competition, batch_id),
        request.form.get("exempted_for"),
    )
    if batch.state is not ImportState.PREVIEWED:
        return UPLOAD_PAGES.done_already(batch)
    why = request.form.get("changed_for", "")
    if batch.large:
        return redirect(job_url(ask_write(batch, current_user, reason, why)))
    seen = request.args.get("plan", "")
    # Afterwards the file is gone.
    pictures = pictures_in(content_of(batch.id), table_of_upload(batch).pictures)
    try:
        plan = write_plan(batch_id, seen, current_user, exempted_for=reason, changed_for=why)
    except Refused as refused:
        return UPLOAD_PAGES.preview_again(competition, batch_id, refused)
    tell_row_counts(plan)
    if plan.refused and plan.to_write:
        flash(_("没写的 %(n)s 行在“上传报名表”里留 30 天，改好再写", n=len(plan.refused)), "info")
    added = (row.registration for row in plan.rows if row.status is RowStatus.ADDED)
    _tell_places(competition, {new.entrant_code for new in added if new})
    earlier = waiting_portraits(competition, current_user.id)
    try:
        photos = offer_photos(competition, pictures, people_of(plan), current_user)
    except (Refused, PhotoZipError) as error:
        flash(_("表里的照片没有收：%(why)s", why=say(error.message)), "warn")
        photos = None
    code = competition.code
    if photos is not None:
        flash(_("表里的照片在这里，一张张核对再存"), "info")
        if earlier is not None:
            flash(_("先前那批没核对的照片没有了，要就再传一次"), "warn")
        return redirect(url_for("organiser.preview_portraits", code=code, upload_id=photos.id))
    return redirect(url_for("organiser.entrants", code=code))


@face.post("/<code>/entrants/upload/<int:batch_id>/again")
@guard.may(Right.REGISTER)
def look_again(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Look through a large workbook once more, since somebody changed the list."""
    batch = UPLOAD_PAGES.batch_or_404(competition, batch_id)
    if batch.state is not ImportState.PREVIEWED or not batch.large:
        return UPLOAD_PAGES.done_already(batch)
    return redirect(job_url(open_work(batch) or ask_preview(batch, current_user)))
