"""The catalogue in rows, forms and proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.identity.occupations import NO_CODE
from compete.domain.values.messages import listed
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
from compete.web.organiser.headed_rows import RowsPreview, SentRows, planned_row, rows_preview
from compete.web.organiser.occupations.shapes import (
    OccupationForm,
    OccupationPage,
    OccupationRow,
    OccupationsPage,
    ProposedRow,
)
from compete.web.organiser.shapes import View
from compete.web.paging import asked_page, describe_page
from compete.web.refusals import faults_of, problem_of
from compete.web.shapes import Choice

PAGE_SIZE = 50
_MOST_SHOWN = 300


def occupations_page(
    values: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> OccupationsPage:
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
    said = {key: text for key, text in kept.items() if text}
    words = (_("使用中"), _("待核"), _("已停用"))
    may_change = current_user.is_admin
    return OccupationsPage(
        rows=[_row(row) for row in rows],
        page=describe_page(
            total, number, PAGE_SIZE, "organiser.occupations", **kept, view=view.value
        ),
        query=query,
        edition=str(edition) if edition else "",
        editions=[Choice(value="", label=_("全部版本")), *_editions()],
        view=view.value,
        views=[
            View(
                label=label,
                url=url_for("organiser.occupations", **said, view=each.value),  # type: ignore[arg-type]
                current=each is view,
            )
            for each, label in zip(OccupationView, words, strict=True)
        ],
        form=_form(values or {}, refused, url_for("organiser.add_occupation"))
        if may_change
        else None,
        problem=problem_of(refused),
        search_url=url_for("organiser.occupations"),
        upload_url=url_for("organiser.upload_occupations") if may_change else None,
        workbook_url=url_for("organiser.occupations_workbook"),
    )


def occupation_page(
    occupation: Occupation,
    values: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> OccupationPage:
    """One row, with its form for administrators."""
    stands, number = fields_of(occupation), occupation.id
    closed, may_change = occupation.ended_at is not None, current_user.is_admin
    address = url_for("organiser.change_occupation", occupation_id=number)
    opens = may_change and not closed
    close = url_for("organiser.close_occupation", occupation_id=number)
    reopen = url_for("organiser.reopen_occupation", occupation_id=number)
    return OccupationPage(
        name=occupation.name,
        closed=closed,
        form=_form(values or stands, refused, address) if opens else None,
        facts=[(say(FIELDS[key]), text) for key, text in stands.items() if text],
        problem=problem_of(refused),
        close_url=close if opens else None,
        reopen_url=reopen if may_change and closed else None,
        back_url=url_for("organiser.occupations"),
    )


def preview(sent: SentRows, problem: str | None) -> RowsPreview:
    """What a workbook would do, row by row."""
    words = {key: say(title) for key, title in FIELDS.items()}
    planned = [
        planned_row(plan, [plan.texts.get(key, "") for key in FIELDS], words, sent)
        for plan in (plan_occupations(sent) if sent else ())
    ]
    return rows_preview(
        "occupations", list(words.values()), planned, sent, problem, most=_MOST_SHOWN
    )


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


def _row(occupation: Occupation) -> OccupationRow:
    return OccupationRow(
        name=occupation.name,
        url=url_for("organiser.occupation", occupation_id=occupation.id),
        code=occupation.code,
        edition=str(occupation.edition),
        flags=say(listed(word for key, word in FLAGS.items() if key in occupation.flags)),
        moved=_("新编码 %(code)s", code=occupation.newer) if occupation.newer else "",
        tracks=say(listed(occupation.tracks)),
        confidence=say(CONFIDENCE[occupation.confidence]),
        to_check=is_to_check(occupation),
        note=occupation.note,
    )


def _form(values: Mapping[str, str], refused: Refused | None, url: str) -> OccupationForm:
    both = say(listed(FLAGS.values()))
    return OccupationForm(
        values=values,
        faults=faults_of(refused),
        editions=_editions(),
        confidences=[
            Choice(value="", label=_("看编码：有就较可靠")),
            *(Choice(value=str(word), label=say(word)) for word in CONFIDENCE.values()),
        ],
        flags=[
            Choice(value="", label=_("没有")),
            *(Choice(value=key, label=say(word)) for key, word in FLAGS.items()),
            Choice(value="".join(FLAGS), label=both),
        ],
        url=url,
    )


def _editions() -> list[Choice]:
    return [Choice(value=str(each), label=_("%(edition)s 年版", edition=each)) for each in EDITIONS]
