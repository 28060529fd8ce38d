"""师徒: the list of agreements, one with its visits and what is done with it, as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.grades.ladder import grade_label
from compete.domain.values.mentor_states import MentorshipState
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import MentorNote, Mentorship
from compete.services.directory.merged import standing
from compete.services.kernel.refusal import Refused
from compete.services.mentors.mentor_rights import own_organisations
from compete.services.mentors.mentor_rules import (
    ALLOWANCE_WORDS,
    OUTCOME_WORDS,
    rules_in_force,
)
from compete.services.mentors.mentorship_fields import (
    PAIR_FIELDS,
    PAIR_ROWS,
    STATE_WORDS,
    EndFields,
    PairFields,
    TermFields,
    VisitFields,
    term_of,
    texts_of_pair,
)
from compete.services.mentors.mentorship_rows import plan_pairs
from compete.services.mentors.mentorships import (
    Wanted,
    correct_pair,
    end_pair,
    find_mentorship,
    find_mentorships,
    make_pair,
    note_visit,
    notes_of,
    open_again,
    organisations_with_pairs,
    withdraw_pair,
    withdraw_visit,
    write_pairs,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.catalogue_pages import WorkbookPages
from compete.web.organiser.headed_rows import RowsPreview, SentRows, fields_preview
from compete.web.pages import or_404
from compete.web.paging import asked_number, asked_page, asked_text, describe_page
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act
from compete.web.shapes import Choice, choices

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """An agreement as the list shows it."""

    number: int
    mentor: str
    mentor_unit: str
    pupil: str
    pupil_unit: str
    job: str
    organisation: str
    first: str
    last: str
    state: str
    outcome: str


def _row(row: Mentorship) -> PairRow:
    return PairRow(
        number=row.id,
        mentor=row.mentor.name,
        mentor_unit=row.mentor_unit,
        pupil=row.pupil.name,
        pupil_unit=row.pupil_unit,
        job=_job(row),
        organisation=standing(row.organisation).name,
        first=str(row.starts),
        last=str(row.last_day),
        state=say(STATE_WORDS[row.state]),
        outcome=say(OUTCOME_WORDS[row.outcome]) if row.outcome is not None else "",
    )


def _job(row: Mentorship) -> str:
    if row.target_grade is None:
        return row.occupation
    label = say(grade_label(row.target_grade))
    return _("%(occupation)s，目标%(grade)s", occupation=row.occupation, grade=label)


def _wanted() -> Wanted:
    state = request.args.get("state", "")
    return Wanted(
        q=asked_text(),
        state=MentorshipState(state) if state in list(MentorshipState) else None,
        organisation=asked_number("organisation"),
    )


def _organisation_choices() -> list[Choice]:
    rows = organisations_with_pairs(current_user)
    return [
        Choice(value="", label=_("全部组织")),
        *(Choice(value=str(row.id), label=row.name) for row in rows),
    ]


@face.get("/mentorships")
@guard.may(Right.MENTORS)
def mentorships() -> ResponseReturnValue:
    """The agreements that the reader sees."""
    wanted, number = _wanted(), asked_page()
    rows, total = find_mentorships(
        current_user, wanted, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    kept = {
        "q": wanted.q,
        "state": wanted.state.value if wanted.state is not None else "",
        "organisation": str(wanted.organisation or ""),
    }
    return render_template(
        "organiser/mentors/all.html",
        rows=[_row(row) for row in rows],
        page=describe_page(total, number, PAGE_SIZE, "organiser.mentorships", **kept),
        wanted=wanted,
        states=choices({"": msg("全部"), **STATE_WORDS}),
        organisations=_organisation_choices(),
    )


def _show_new(refused: Refused | None = None) -> str:
    own = own_organisations(current_user)
    return render_template(
        "organiser/mentors/new.html",
        form=act_form(PairFields, refused),
        own=[row.name for row in own.values()],
        problem=problem_of(refused),
    )


@face.get("/mentorships/new")
@guard.may(Right.MENTORS)
def new_mentorship() -> ResponseReturnValue:
    """The form of one more agreement."""
    return _show_new()


@face.post("/mentorships/new")
@guard.may(Right.MENTORS)
@only_once
@refusal_on(_show_new)
def make_mentorship() -> ResponseReturnValue:
    """Make an agreement."""
    made = make_pair(typed_act(PairFields), current_user)
    flash(
        _("%(mentor)s 带 %(pupil)s，记下了", mentor=made.mentor.name, pupil=made.pupil.name), "ok"
    )
    return redirect(url_for("organiser.mentorship", number=made.id))


def _pair_or_404(number: int) -> Mentorship:
    return or_404(find_mentorship(number, current_user))


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """A visit as the page shows it."""

    number: int
    day: str
    by: str
    hours: str
    text: str
    withdrawn: str | None
    """Why it was withdrawn; None while it stands."""


def _visits(notes: Sequence[MentorNote]) -> Sequence[VisitRow]:
    return [
        VisitRow(
            number=note.id,
            day=str(note.day),
            by=note.by,
            hours=str(note.hours) if note.hours is not None else "",
            text=note.text,
            withdrawn=note.ended_why if note.ended_at is not None else None,
        )
        for note in notes
    ]


def _show(number: int, visit_number: int | None = None, refused: Refused | None = None) -> str:
    """Render the agreement; `visit_number` is the visit that was to be withdrawn."""
    row = _pair_or_404(number)
    organisation = standing(row.organisation)
    stand = rules_in_force(organisation)
    is_open = row.state is MentorshipState.OPEN
    notes = notes_of(row)
    standing_notes = [note for note in notes if note.ended_at is None]
    allowance = (
        say(ALLOWANCE_WORDS[stand.rules.allowance(row.outcome)]) if row.outcome is not None else ""
    )
    return render_template(
        "organiser/mentors/one.html",
        row=row,
        shown=_row(row),
        mentor_grade=say(grade_label(row.mentor_grade)) if row.mentor_grade is not None else "",
        visits=_visits(notes),
        count=len(standing_notes),
        hours=sum((note.hours for note in standing_notes if note.hours is not None), start=0),
        allowance=allowance,
        is_open=is_open,
        is_ended=row.state is MentorshipState.ENDED,
        is_withdrawn=row.state is MentorshipState.WITHDRAWN,
        visit_form=act_form(VisitFields, refused, at="visit"),
        end_form=act_form(EndFields, refused, at="end"),
        term_form=act_form(TermFields, refused, term_of(row), at="term"),
        rules_url=url_for("organiser.mentor_rules", organisation_id=organisation.id),
        problem=problem_of(refused),
    )


@face.get("/mentorships/<int:number>")
@guard.may(Right.MENTORS)
def mentorship(number: int) -> ResponseReturnValue:
    """One agreement with its visits."""
    return _show(number)


def _after(number: int) -> ResponseReturnValue:
    return redirect(url_for("organiser.mentorship", number=number))


@face.post("/mentorships/<int:number>")
@guard.may(Right.MENTORS)
@refusal_on(_show)
def correct_mentorship(number: int) -> ResponseReturnValue:
    """Correct the terms of an agreement."""
    changed = correct_pair(_pair_or_404(number), typed_act(TermFields), current_user)
    flash(_("存下了") if changed else _("和原来一样"), "ok")
    return _after(number)


@face.post("/mentorships/<int:number>/visits")
@guard.may(Right.MENTORS)
@only_once
@refusal_on(_show)
def note_mentor_visit(number: int) -> ResponseReturnValue:
    """Write down a visit."""
    note_visit(_pair_or_404(number), typed_act(VisitFields), current_user)
    flash(_("记下了"), "ok")
    return _after(number)


@face.post("/mentorships/<int:number>/visits/<int:visit_number>/withdraw")
@guard.may(Right.MENTORS)
@refusal_on(_show)
def withdraw_mentor_visit(number: int, visit_number: int) -> ResponseReturnValue:
    """Withdraw a visit that was written down by mistake."""
    withdraw_visit(_pair_or_404(number), visit_number, posted_reason(), current_user)
    flash(_("撤回了，不算次数和小时"), "ok")
    return _after(number)


@face.post("/mentorships/<int:number>/end")
@guard.may(Right.MENTORS)
@refusal_on(_show)
def end_mentorship(number: int) -> ResponseReturnValue:
    """End an agreement with its outcome."""
    end_pair(_pair_or_404(number), typed_act(EndFields), current_user)
    flash(_("结束了，结果记下了"), "ok")
    return _after(number)


@face.post("/mentorships/<int:number>/open")
@guard.may(Right.MENTORS)
@refusal_on(_show)
def open_mentorship_again(number: int) -> ResponseReturnValue:
    """Take an end back."""
    open_again(_pair_or_404(number), posted_reason(), current_user)
    flash(_("接着带"), "ok")
    return _after(number)


@face.post("/mentorships/<int:number>/withdraw")
@guard.may(Right.MENTORS)
@refusal_on(_show)
def withdraw_mentorship(number: int) -> ResponseReturnValue:
    """Withdraw an agreement that was entered by mistake."""
    withdraw_pair(_pair_or_404(number), posted_reason(), current_user)
    flash(_("撤回了，什么都不算"), "ok")
    return _after(number)


def preview(sent: SentRows, problem: str | None) -> RowsPreview:
    """Preview what a workbook would do, row by row."""
    plan = partial(plan_pairs, by=current_user)
    return fields_preview("mentorships", PAIR_FIELDS, plan, sent, problem)


def _flash_counts(made: int, changed: int) -> None:
    if made or not changed:
        flash(ngettext("加了 %(num)s 对", "加了 %(num)s 对", made), "ok")
    if changed:
        flash(ngettext("更正了 %(num)s 对", "更正了 %(num)s 对", changed), "ok")


WorkbookPages(
    kind=PAIR_ROWS,
    right=Right.MENTORS,
    title=msg("师徒协议"),
    template="organiser/mentors/upload.html",
    rows=lambda: map(texts_of_pair, find_mentorships(current_user, Wanted())[0]),
    plan=lambda rows: plan_pairs(rows, current_user),
    preview=preview,
    write=lambda rows: write_pairs(rows, current_user),
    written=_flash_counts,
).hang()
