"""A record on paper: what the next grade wants, and the lines that a page shows."""

from __future__ import annotations

from collections.abc import Sequence

from compete.documents.lists import Column, ListDocument, Row, Stamp, render_list
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Translate, msg
from compete.models import utc_now
from compete.services.kernel.clock import local_time
from compete.services.kernel.installation import fonts
from compete.services.workers.record import Record

_COLUMNS = (
    Column(msg("日期"), 0),
    Column(msg("得到什么"), 3),
    Column(msg("说明"), 5),
)


def print_record(
    record: Record,
    leads: Sequence[str],
    rows: Sequence[tuple[str, str, str]],
    translate: Translate | None = None,
) -> PrintedFile:
    """The record as PDF; `leads` and `rows` are what its page says, in the reader's words."""
    name = record.person.name
    title = msg("%(name)s的技能档案", name=name).render(translate)
    document = ListDocument(
        title=title,
        subtitle=record.unit,
        columns=_COLUMNS,
        rows=[Row(cells=row, who=name) for row in rows],
        stamp=Stamp(printed_at=local_time(utc_now())),
        before=leads,
        after=[
            msg(
                "名次是公布了的，证书的真伪凭编号和姓名在网站上查；打印以后变了的，以网站上的为准。"
            ).render(translate)
        ],
    )
    return render_list(document, fonts=fonts(), translate=translate, author=name)
