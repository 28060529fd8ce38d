"""等级体系: the pages of the table of ladders."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.services.directory.ladders.fields import LADDER_ROWS, rows_of
from compete.services.directory.ladders.table import LADDERS, find_ladders
from compete.web.organiser.catalogue_pages import CataloguePages, WorkbookPages
from compete.web.organiser.directory.ladders.view_model import (
    preview,
    sent_texts,
    show_ladder,
    show_ladders,
)

CataloguePages(
    catalogue=LADDERS,
    at="/ladders",
    name="ladder",
    sent=sent_texts,
    show=show_ladders,
    show_row=show_ladder,
    closed=lambda name: _("%(name)s 停用了，用了它的赛项不变", name=name),
).hang()
WorkbookPages(
    kind=LADDER_ROWS,
    right=Right.ADMINISTER,
    title=msg("等级体系"),
    template="organiser/directory/ladders/upload.html",
    rows=lambda: (rung for row in find_ladders() for rung in rows_of(row)),
    plan=None,
    preview=preview,
    write=lambda rows: LADDERS.write(rows, current_user),
    written=lambda added, changed: flash(
        _("新增 %(added)s 个，更正 %(changed)s 个", added=added, changed=changed), "ok"
    ),
).hang()
