"""导入名单: officials brought as a workbook, looked at row by row, then added together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.competitions.officials_upload import (
    OFFICIAL_FIELDS,
    OFFICIAL_ROWS,
    fields_of_official,
    plan_officials,
)
from compete.services.competitions.officials_upload import write_officials as write
from compete.sheets.headed_rows import write_headed_rows
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.headed_rows import (
    SentRows,
    Show,
    looked_at,
    planned_row,
    rows_preview,
    write_looked_at,
)
from compete.web.pages import fields_of


@face.get("/<code>/judges/workbook.xlsx")
@guard.may(Right.APPOINT)
def officials_workbook(competition: Competition) -> Response:
    """The list as it stands, to be added to and brought back; headings alone where it is empty."""
    rows = [fields_of_official(judge) for judge in competition.judges]
    content = write_headed_rows(msg("裁判名单"), OFFICIAL_FIELDS, rows)
    return send_workbook(content, f"裁判名单_{competition.name}.xlsx")


@face.route("/<code>/judges/upload", methods=["GET", "POST"])
@guard.may(Right.APPOINT)
@only_once
def upload_officials(competition: Competition) -> ResponseReturnValue:
    """A workbook looked at row by row; nothing is written."""
    return looked_at(OFFICIAL_ROWS, _shown(competition))


@face.post("/<code>/judges/write")
@guard.may(Right.APPOINT)
@only_once
def write_officials(competition: Competition) -> ResponseReturnValue:
    """Write the rows that were looked at onto the list."""

    def written(rows: Sequence[Mapping[str, str]]) -> ResponseReturnValue:
        made = write(competition, rows, current_user)
        added = ngettext(
            "加了 %(num)s 人，接着给他们发登录卡", "加了 %(num)s 人，接着给他们发登录卡", len(made)
        )
        flash(added if made else _("都在名单里了，没有写"), "ok")
        return redirect(url_for("organiser.judges", code=competition.code, people=1))

    return write_looked_at(
        OFFICIAL_ROWS, _shown(competition), partial(plan_officials, competition), written
    )


def _shown(competition: Competition) -> Show:
    def show(sent: SentRows, problem: str | None) -> str:
        words = {key: say(title) for key, title in OFFICIAL_FIELDS.items()}
        planned = []
        for plan in plan_officials(competition, sent) if sent else ():
            row = planned_row(
                plan, [plan.texts.get(key, "") for key in OFFICIAL_FIELDS], words, sent
            )
            notes = [say(note) for note in plan.checked.notes] if plan.checked else []
            planned.append(replace(row, told=[*row.told, *notes]))
        page = rows_preview(
            "officials",
            list(words.values()),
            planned,
            sent,
            problem,
            of=competition.code,
            back=url_for("organiser.judges", code=competition.code, people=1),
        )
        return render_template(
            "organiser/schedule/judges/upload.html",
            **fields_of(page),
        )

    return show
