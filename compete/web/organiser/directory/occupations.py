"""职业目录: the pages of the catalogue, and what it proposes where an occupation is typed."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, flash, jsonify, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.event_types import Occupation as NamedOccupation
from compete.domain.identity.occupations import NO_CODE
from compete.domain.values.messages import listed, msg
from compete.domain.values.rights import Right
from compete.models import Occupation
from compete.services.directory.occupations.catalogue import (
    OCCUPATIONS,
    OccupationView,
    find_occupations,
    plan_occupations,
)
from compete.services.directory.occupations.fields import (
    CONFIDENCE,
    EDITION_WORDS,
    FIELDS,
    FLAGS,
    OCCUPATION_ROWS,
    CheckedOccupation,
    fields_of,
    is_to_check,
)
from compete.services.directory.occupations.proposals import (
    occupation_hints,
    only_code,
    propose_occupations,
)
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.catalogue_pages import CataloguePages, WorkbookPages
from compete.web.organiser.headed_rows import RowsPreview, SentRows, fields_preview
from compete.web.organiser.shapes import views_of
from compete.web.paging import asked_page, asked_text, describe_page
from compete.web.refusals import problem_of
from compete.web.setting_forms import SettingForm, act_form, posted_texts
from compete.web.shapes import choices

PAGE_SIZE = 50
_MOST_SHOWN = 300
_USUAL_EDITION = 2015


def _show_occupations(refused: Refused | None) -> str:
    """Show a page of the catalogue, or of a search in it."""
    query, number = asked_text(), asked_page()
    wanted = request.args.get("view", "")
    view = OccupationView(wanted) if wanted in list(OccupationView) else OccupationView.STANDING
    year = request.args.get("edition", "")
    edition = next((known for known in EDITION_WORDS if str(known) == year), None)
    rows, total = find_occupations(
        query, view, edition, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    kept = {"q": query, "edition": str(edition) if edition else ""}
    words = dict(zip(OccupationView, (_("使用中"), _("待核"), _("已停用")), strict=True))
    return render_template(
        "organiser/directory/occupations/occupations.html",
        rows=rows,
        flag_words=_flag_words,
        confidence=CONFIDENCE,
        is_to_check=is_to_check,
        listed=listed,
        page=describe_page(total, number, PAGE_SIZE, "organiser.occupations", **kept, view=view),
        query=query,
        edition=kept["edition"],
        editions=choices({"": msg("全部版本"), **EDITION_WORDS}),
        view=view.value,
        views=views_of("organiser.occupations", "view", view, words, **kept),
        form=_form(refused) if current_user.is_admin else None,
        problem=problem_of(refused),
    )


def _show_occupation(
    row: Occupation | None, _typed: Mapping[str, str] | None, refused: Refused | None
) -> str:
    """Show one row, with its form for administrators."""
    assert row is not None, "one more is written beside the list"
    stands, opens = fields_of(row), current_user.is_admin and row.ended_at is None
    return render_template(
        "organiser/directory/occupations/occupation.html",
        row=row,
        form=_form(refused, row) if opens else None,
        facts=[(FIELDS[key], text) for key, text in stands.items() if text],
        problem=problem_of(refused),
    )


def preview(sent: SentRows, problem: str | None) -> RowsPreview:
    """Preview what a workbook would do, row by row."""
    return fields_preview("occupations", FIELDS, plan_occupations, sent, problem, most=_MOST_SHOWN)


def _flag_words(row: Occupation) -> str:
    return say(listed(word for key, word in FLAGS.items() if key in row.flags))


def _form(refused: Refused | None, row: Occupation | None = None) -> SettingForm:
    """The fields of one row, as they stand or as they were typed."""
    form = act_form(CheckedOccupation, refused, row)
    form.edition.data = form.edition.data or _USUAL_EDITION
    return form


_LONGEST_TYPED = 200


@face.get("/occupations/proposed")
@guard.may(Right.DIRECTORY)
def proposed_occupations() -> Response:
    """Propose occupations for typed text (`q`), or say what speaks against `code` and `name`."""
    typed, code, name = (
        request.args.get(key, "").replace("\0", "")[:_LONGEST_TYPED]
        for key in ("q", "code", "name")
    )
    hints = occupation_hints(NamedOccupation(code=code, name=name)) if code or name else []
    answer = jsonify(
        rows=render_template(
            "organiser/directory/occupations/_proposed.html",
            rows=propose_occupations(typed),
            no_code=NO_CODE,
            is_to_check=is_to_check,
        ),
        hints=render_template(
            "organiser/directory/occupations/_hints.html", hints=[say(it) for it in hints]
        ),
        code="" if code else only_code(name),
    )
    answer.cache_control.no_store = True
    return answer


CataloguePages(
    catalogue=OCCUPATIONS,
    at="/occupations",
    name="occupation",
    apart=False,
    sent=lambda: posted_texts(CheckedOccupation),
    show=_show_occupations,
    show_row=_show_occupation,
    closed=lambda name: _("%(name)s 停用了，用过它的赛项和证书不变", name=name),
).hang()
WorkbookPages(
    kind=OCCUPATION_ROWS,
    right=Right.ADMINISTER,
    title=msg("职业目录"),
    template="organiser/directory/occupations/upload.html",
    rows=lambda: map(fields_of, find_occupations()[0]),
    plan=plan_occupations,
    preview=preview,
    write=lambda rows: OCCUPATIONS.write(rows, current_user),
    written=lambda added, changed: flash(
        _("新增 %(added)s 条，更正 %(changed)s 条", added=added, changed=changed), "ok"
    ),
).hang()
