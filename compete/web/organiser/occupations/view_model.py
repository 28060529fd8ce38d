"""The catalogue in rows, forms and proposals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.identity import NO_CODE
from compete.domain.values import listed
from compete.models import Occupation
from compete.services.occupations import (
    CONFIDENCE,
    EDITIONS,
    FIELDS,
    FLAGS,
    OccupationView,
    PlannedOccupation,
    Proposed,
    fields_of,
    find_occupations,
    is_to_check,
)
from compete.web.language import say
from compete.web.organiser.occupations.shapes import (
    OccupationForm,
    OccupationPage,
    OccupationRow,
    OccupationsPage,
    OccupationsPreview,
    PlannedRow,
    ProposedRow,
)
from compete.web.organiser.shapes import Choice, View
from compete.web.paging import asked_page, describe_page

PAGE_SIZE = 50
_MOST_SHOWN = 300
_STATES = ("refused", "changed", "added")


def occupations_page(
    values: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    problem: str | None = None,
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
        form=_form(values or {}, faults or {}, url_for("organiser.add_occupation"))
        if may_change
        else None,
        problem=problem,
        search_url=url_for("organiser.occupations"),
        upload_url=url_for("organiser.upload_occupations") if may_change else None,
        workbook_url=url_for("organiser.occupations_workbook"),
    )


def occupation_page(
    occupation: Occupation,
    values: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    problem: str | None = None,
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
        form=_form(values or stands, faults or {}, address) if opens else None,
        facts=[(say(FIELDS[key]), text) for key, text in stands.items() if text],
        problem=problem,
        close_url=close if opens else None,
        reopen_url=reopen if may_change and closed else None,
        back_url=url_for("organiser.occupations"),
    )


def preview(
    rows: Sequence[PlannedOccupation] = (), problem: str | None = None
) -> OccupationsPreview:
    """What a workbook would do, row by row."""
    described = [_planned(row) for row in rows]
    count = {state: sum(row.state == state for row in described) for state in (*_STATES, "same")}
    shown = sorted(
        (row for row in described if row.state != "same"), key=lambda row: _STATES.index(row.state)
    )
    does = count["added"] + count["changed"]
    packed = json.dumps([dict(row.texts) for row in rows], ensure_ascii=False)
    return OccupationsPreview(
        rows=shown[:_MOST_SHOWN],
        more=max(0, len(shown) - _MOST_SHOWN),
        headings=[say(title) for title in FIELDS.values()],
        read=len(described),
        fresh=count["added"],
        changed=count["changed"],
        same=count["same"],
        wrong=count["refused"],
        packed=packed if does and not count["refused"] else "",
        problem=problem,
        upload_url=url_for("organiser.upload_occupations"),
        write_url=url_for("organiser.write_occupations"),
        back_url=url_for("organiser.occupations"),
        workbook_url=url_for("organiser.occupations_workbook"),
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


def _planned(row: PlannedOccupation) -> PlannedRow:
    if row.faults:
        state = "refused"
        told = [
            _("%(field)s：%(why)s", field=say(FIELDS[key]), why=say(why))
            for key, why in row.faults.items()
        ]
    elif row.changes is None:
        state, told = "added", []
    else:
        state = "changed" if row.changes else "same"
        told = [
            _("%(field)s：原来是 %(was)s", field=say(FIELDS[key]), was=was or "—")
            for key, was in row.changes.items()
        ]
    texts = [row.texts.get(key, "") for key in FIELDS]
    return PlannedRow(number=row.number, state=state, texts=texts, told=told)


def _row(occupation: Occupation) -> OccupationRow:
    return OccupationRow(
        name=occupation.name,
        url=url_for("organiser.occupation", occupation_id=occupation.id),
        code=occupation.code,
        edition=str(occupation.edition),
        flags=_listed([say(word) for key, word in FLAGS.items() if key in occupation.flags]),
        moved=_("新编码 %(code)s", code=occupation.newer) if occupation.newer else "",
        tracks=_listed(occupation.tracks),
        confidence=say(CONFIDENCE[occupation.confidence]),
        to_check=is_to_check(occupation),
        note=occupation.note,
    )


def _listed(names: Sequence[str]) -> str:
    found = listed(names)
    return found if isinstance(found, str) else say(found)


def _form(values: Mapping[str, str], faults: Mapping[str, str], url: str) -> OccupationForm:
    both = _listed([say(word) for word in FLAGS.values()])
    return OccupationForm(
        values=values,
        faults=faults,
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
