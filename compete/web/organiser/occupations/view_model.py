"""The catalogue in rows, forms and proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.identity.occupations import NO_CODE
from compete.domain.values.messages import Message, listed, msg
from compete.models import Occupation
from compete.services.kernel.refusal import Refused
from compete.services.occupations.catalogue import (
    OccupationView,
    find_occupations,
    plan_occupations,
)
from compete.services.occupations.fields import (
    CONFIDENCE,
    EDITIONS,
    FIELDS,
    FLAGS,
    fields_of,
    is_to_check,
)
from compete.services.occupations.proposing import Proposed
from compete.web.language import say
from compete.web.organiser.headed_rows import RowsPreview, SentRows, fields_preview
from compete.web.organiser.shapes import views_of
from compete.web.paging import asked_page, describe_page
from compete.web.refusals import faults_of, problem_of
from compete.web.shapes import Choice, choices

PAGE_SIZE = 50
_MOST_SHOWN = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRow:
    """What somebody may mean who types an occupation."""

    name: str
    code: str
    """待核 where nobody knows it."""
    track: str
    under: str
    to_check: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationForm:
    """The fields of one row, as they stand or as they were typed, and what may be chosen."""

    values: Mapping[str, str]
    faults: Mapping[str, str]
    editions: Sequence[Choice]
    confidences: Sequence[Choice]
    flags: Sequence[Choice]


def show_occupations(refused: Refused | None) -> str:
    """A page of the catalogue, or of what is looked for in it."""
    query, number = request.args.get("q", "").strip()[:100], asked_page()
    wanted = request.args.get("view", "")
    view = OccupationView(wanted) if wanted in list(OccupationView) else OccupationView.STANDING
    year = request.args.get("edition", "")
    edition = next((each for each in EDITIONS if str(each) == year), None)
    rows, total = find_occupations(
        query, view, edition, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    kept = {"q": query, "edition": str(edition) if edition else ""}
    words = dict(zip(OccupationView, (_("使用中"), _("待核"), _("已停用")), strict=True))
    return render_template(
        "organiser/occupations/occupations.html",
        rows=rows,
        flag_words=_flag_words,
        confidence=CONFIDENCE,
        is_to_check=is_to_check,
        listed=listed,
        page=describe_page(total, number, PAGE_SIZE, "organiser.occupations", **kept, view=view),
        query=query,
        edition=kept["edition"],
        editions=choices({"": msg("全部版本"), **_editions()}),
        view=view.value,
        views=views_of("organiser.occupations", "view", view, words, **kept),
        form=_form(request.form, refused) if current_user.is_admin else None,
        problem=problem_of(refused),
    )


def show_occupation(
    row: Occupation | None, typed: Mapping[str, str] | None, refused: Refused | None
) -> str:
    """One row, with its form for administrators."""
    assert row is not None, "one more is written beside the list"
    stands, opens = fields_of(row), current_user.is_admin and row.ended_at is None
    return render_template(
        "organiser/occupations/occupation.html",
        row=row,
        form=_form(typed or stands, refused) if opens else None,
        facts=[(FIELDS[key], text) for key, text in stands.items() if text],
        problem=problem_of(refused),
    )


def preview(sent: SentRows, problem: str | None) -> RowsPreview:
    """What a workbook would do, row by row."""
    return fields_preview("occupations", FIELDS, plan_occupations, sent, problem, most=_MOST_SHOWN)


def proposed_rows(found: Sequence[Proposed]) -> list[ProposedRow]:
    """As they are offered under the field."""
    rows = []
    for each in found:
        row = each.occupation
        said = [row.code or _("编码待核"), _("%(edition)s 年版", edition=row.edition)]
        if each.newer is not None:
            said.append(_("新编码 %(code)s", code=each.newer.code))
        rows.append(
            ProposedRow(
                name=row.name,
                code=row.code or NO_CODE,
                track=each.track,
                under=_("，").join(said),
                to_check=is_to_check(row),
            )
        )
    return rows


def _flag_words(row: Occupation) -> str:
    return say(listed(word for key, word in FLAGS.items() if key in row.flags))


def _form(values: Mapping[str, str], refused: Refused | None) -> OccupationForm:
    return OccupationForm(
        values=values,
        faults=faults_of(refused),
        editions=choices(_editions()),
        confidences=choices(
            {"": msg("看编码：有就较可靠"), **{str(word): word for word in CONFIDENCE.values()}}
        ),
        flags=choices({"": msg("没有"), **FLAGS, "".join(FLAGS): listed(FLAGS.values())}),
    )


def _editions() -> dict[str, Message]:
    return {str(each): msg("%(edition)s 年版", edition=each) for each in EDITIONS}
