"""职业目录: the pages of the catalogue, and what it proposes where an occupation is typed."""

from __future__ import annotations

from flask import Response, flash, jsonify, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.event_types import Occupation as NamedOccupation
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.services.occupations.catalogue import OCCUPATIONS, find_occupations, plan_occupations
from compete.services.occupations.fields import OCCUPATION_ROWS, fields_of
from compete.services.occupations.proposing import occupation_hints, only_code, propose_occupations
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.catalogue_pages import CataloguePages, WorkbookPages
from compete.web.organiser.occupations.view_model import (
    preview,
    proposed_rows,
    show_occupation,
    show_occupations,
)

_LONGEST_TYPED = 200


@face.get("/occupations/proposed")
@guard.may(Right.DIRECTORY)
def proposed_occupations() -> Response:
    """What may be meant by what was typed (`q`), or what speaks against `code` and `name`."""
    typed, code, name = (
        request.args.get(key, "").replace("\0", "")[:_LONGEST_TYPED]
        for key in ("q", "code", "name")
    )
    rows = proposed_rows(propose_occupations(typed))
    said = occupation_hints(NamedOccupation(code=code, name=name)) if code or name else []
    answer = jsonify(
        rows=render_template("organiser/occupations/_proposed.html", rows=rows),
        hints=render_template("organiser/occupations/_hints.html", hints=[say(it) for it in said]),
        code="" if code else only_code(name),
    )
    answer.cache_control.no_store = True
    return answer


CataloguePages(
    catalogue=OCCUPATIONS,
    at="/occupations",
    name="occupation",
    apart=False,
    sent=lambda: request.form,
    show=show_occupations,
    show_row=show_occupation,
    closed=lambda name: _("%(name)s 停用了，用过它的赛项和证书不变", name=name),
).hang()
WorkbookPages(
    kind=OCCUPATION_ROWS,
    right=Right.ADMINISTER,
    title=msg("职业目录"),
    template="organiser/occupations/upload.html",
    rows=lambda: map(fields_of, find_occupations()[0]),
    plan=plan_occupations,
    preview=preview,
    write=lambda rows: OCCUPATIONS.write(rows, current_user),
    written=lambda added, changed: flash(
        _("新增 %(added)s 条，更正 %(changed)s 条", added=added, changed=changed), "ok"
    ),
).hang()
