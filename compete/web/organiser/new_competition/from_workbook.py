"""A workbook that begins a competition: looked at, then written."""

from __future__ import annotations

from pathlib import PurePath

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.models import Competition
from compete.services.competitions.bundle_uploads import BundleUpload, drop_bundle_upload
from compete.services.competitions.drafts import FieldRefused, check_beginnings, propose_code
from compete.services.competitions.workbook_starts import (
    RulesStart,
    SchemeStart,
    make_labour_start,
    make_scheme_start,
    read_start,
)
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refused
from compete.web.language import other_languages, say
from compete.web.organiser.new_competition.book_pages import rules_page, scheme_page
from compete.web.organiser.new_competition.forms import RulesBookForm, SchemeBookForm
from compete.web.pages import fields_of
from compete.web.refusals import status_of


def workbook_page(token: str, upload: BundleUpload) -> ResponseReturnValue:
    """Preview what the workbook would bring; once sent, write it."""
    start = read_start(upload.data, other_languages())
    form = RulesBookForm() if isinstance(start, RulesStart) else SchemeBookForm()
    form.offer_levels(as_before=False)
    problem, status = None, 200
    if not form.is_submitted():
        _propose(form, start, upload.filename)
    else:
        made, problem, status = _made(form, start, upload.filename)
        if made is not None:
            drop_bundle_upload(token, current_user)
            flash(_("建好了草稿，谁也没通知。下面列着还要补的"), "ok")
            return redirect(url_for("organiser.overview", code=made.code))
    page = (
        rules_page(token, upload.filename, start, problem)
        if isinstance(start, RulesStart)
        else scheme_page(token, upload.filename, start, problem)
    )
    return (
        render_template("organiser/new_competition/file.html", form=form, **fields_of(page)),
        status,
    )


def _made(
    form: RulesBookForm | SchemeBookForm, start: RulesStart | SchemeStart, filename: str
) -> tuple[Competition | None, str | None, int]:
    """Make the draft; or return the reason there is none, beside the fields' faults."""
    valid, wanted = form.validate(), form.beginnings()
    faults = check_beginnings(wanted)
    for fault in faults:
        field = getattr(form, fault.field)
        field.errors = field.errors or [say(fault.message)]
    if not valid or faults:
        return None, None, min([status_of(fault) for fault in faults] if valid else [400])
    try:
        if isinstance(start, RulesStart):
            return make_labour_start(start, wanted, filename, current_user), None, 302
        assert isinstance(form, SchemeBookForm)
        names = form.event_name, form.module_name
        return make_scheme_start(start, wanted, *names, filename, current_user), None, 302
    except FieldRefused as refused:
        getattr(form, refused.field).errors = [say(refused.message)]
        return None, None, status_of(refused)
    except Refused as refused:
        return None, say(refused.message), status_of(refused)


def _propose(
    form: RulesBookForm | SchemeBookForm, start: RulesStart | SchemeStart, filename: str
) -> None:
    stem = PurePath(filename).stem
    form.code.data = propose_code("", local_today().year)
    if isinstance(start, RulesStart):
        form.name.data = start.title or stem
    elif isinstance(form, SchemeBookForm):
        # A file is often called after the day it was sent: an event is not.
        form.name.data, form.event.data = start.heading or stem, start.title
        form.module.data = start.sheet
