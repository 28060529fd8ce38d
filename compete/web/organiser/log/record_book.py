"""The workbook of all records of a competition: when, who, what, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.jobs.papers.kinds import RECORDS_BOOK, Asked, printed_as
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.chains import record_numbers, records_of_numbers
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.competition_words import module_names
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.list_book import AT_ONCE, long_list
from compete.web.organiser.log.record_words import applicants_in, record_text
from compete.web.templating import dated_moment


@face.get("/<code>/records.xlsx")
@guard.may(Right.SEE)
def records_book(competition: Competition) -> ResponseReturnValue:
    """Every record, the newest first; the page shows the first few of them."""
    name = f"{say(msg('变更记录'))}_{competition.name}.xlsx"
    return print_or_follow(competition, RECORDS_BOOK, name)


def names_of(competition: Competition) -> tuple[Mapping[str, str], Mapping[int, str]]:
    """Return the names of modules and events, and of the judges, for the sentences."""
    modules = module_names(competition) | {event.code: event.name for event in competition.events}
    return modules, {judge.id: f"{judge.code} {judge.name}" for judge in competition.judges}


@printed_as(RECORDS_BOOK, at_once=AT_ONCE, keys=lambda asked: record_numbers(asked.competition))
def _book(asked: Asked, numbers: Sequence[int]) -> bytes:
    names = names_of(asked.competition)

    def read(part: Sequence[int]) -> list[Sequence[Value]]:
        rows = records_of_numbers(part)
        applicants = applicants_in(asked.competition, rows)
        return [
            [
                row.seq,
                dated_moment(row.at),
                say(signer_words(row.actor)),
                record_text(row, *names, applicants),
                row.reason or "—",
            ]
            for row in rows
        ]

    return long_list(asked, msg("变更记录"), _heads, numbers, read)


def _heads() -> list[str]:
    return [_("序号"), _("什么时候"), _("谁"), _("什么"), _("为什么")]
