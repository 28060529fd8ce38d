"""The notice (公示文件): its title and lines, out of the stored publication.

Headings and columns on paper: `documents/standings_list.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from compete.documents.lists import Stamp
from compete.documents.standings_list import StandingsRow, TeamLine, render_standings_list
from compete.documents.typesetting import PrintedFile
from compete.domain.bundle.results import Results
from compete.domain.bundle.types import Bundle
from compete.domain.evaluation.unranked_results import unranked
from compete.domain.kinds.kinds import competition_kind
from compete.domain.log.checkpoints import read_checkpoint, short_form
from compete.domain.scoring.scorer import score
from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, Translate, msg
from compete.domain.values.states import ResultState
from compete.models import Competition, Entrant, Event, Publication, db, utc_now
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.kernel.clock import local_time
from compete.services.kernel.installation import fonts
from compete.services.kernel.participants import takes_part
from compete.services.kernel.printed_hashes import publication_record
from compete.services.kernel.public_reasons import public_note
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.log.sequencing import checkpoint_over, leaf_of_publication, verifier_key
from compete.services.results.bends import bends_of
from compete.services.results.event_lines import EventLines, notice_period, tables_beside
from compete.services.results.public_rechecks import recheck_lines
from compete.services.results.result_stands import Stand, stand_words, stands_of
from compete.services.results.snapshots import read_snapshot
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.stages_to_come import all_without_promises, why_provisional

NOTICE = "notice"
_MOST_TIES = 20


def ranked_in(asked: Asked) -> list[int]:
    """The codes whose rows stand on a paper of one event."""
    query = (
        select(Entrant.id)
        .join(Entrant.event)
        .where(Entrant.competition_id == asked.competition.id, Event.code == asked.of["event"])
        .where(takes_part())
    )
    return list(db.session.scalars(query))


@printed_as(NOTICE, at_once=500, keys=ranked_in)
def _print_notice(asked: Asked, _rows: Sequence[int]) -> PrintedFile:
    return print_notice(asked.competition, asked.of["event"], asked.translate)


def print_notice(
    competition: Competition, event_code: str, translate: Translate | None = None
) -> PrintedFile:
    """The standings of one event as PDF: as published, or 暂定 while nothing is.

    Names are masked unless the organiser's setting `full_names` says otherwise of those who
    consent.
    Grades are printed as they were decided. Raises `Refused` for an event of
    which nothing is published, `KeyError` for an unknown one.
    """
    publication = latest_publication(competition)
    bundle, results = _what_stands(competition, publication)
    rules = next(event for event in bundle.events if event.code == event_code)
    event = next((event for event in results.events if event.code == event_code), None)
    if event is None:
        raise Refused(msg("成绩还没公布，没有可以张贴的"))
    # Before it is published a table may add up an event whose results nobody may see yet.
    tables = tables_beside(publication, event_code) if publication else []
    page = EventLines(competition, publication, bundle, event, translate, tables=tables)
    stand = stands_of(competition)[event_code]
    logged, people, beside = _logged(publication), page.people(), page.beside()
    provisional = why_provisional(competition, rules, event)
    titled = _passed_title if competition_kind(competition).gives_verdicts else _title
    return render_standings_list(
        people,
        title=titled(bundle.competition.name, publication, stand).render(translate),
        subtitle=rules.name,
        ranked=not competition_kind(competition).gives_verdicts,
        stamp=stamp_of(publication),
        notice=notice_period(competition, stand) if publication else None,
        issuer=[competition.issuer, ""],
        beside=beside,
        after=[
            *([provisional.render(translate)] if provisional else ()),
            *_ties([*people, *beside.teams], translate),
            *page.partings(),
            *page.called_up(),
            *_said_of(publication, stand, translate),
            *(line.render(translate) for line in recheck_lines(bundle, competition, event_code)),
            *(
                msg("和原定不同：%(what)s", what=bend.line).render(translate)
                for bend in bends_of(competition, event_code)
            ),
            *_written_down(publication, translate),
            *(line.render(translate) for line in logged.lines),
        ],
        settled=stand.stands,
        qr_text=logged.code,
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
    )


def _ties(rows: Sequence[StandingsRow | TeamLine], translate: Translate | None) -> list[str]:
    """Say why people with one total do not share a place: a line each, up to a page's foot full."""
    ties = [
        msg("第 %(rank)s 名 %(name)s%(why)s", rank=row.rank, name=row.name, why=row.tie)
        for row in rows
        if row.tie
    ]
    more = len(ties) - _MOST_TIES
    if more > 0:
        ties[_MOST_TIES:] = [msg("还有 %(n)s 处同分，公布的网页上写着凭什么分的先后", n=more)]
    return [tie.render(translate) for tie in ties]


def _passed_title(name: str, publication: Publication | None, stand: Stand) -> Message:
    if publication is None:
        return msg("%(name)s合格人员名单（暂定）", name=name)
    if stand.withdrawn_why:
        return msg("%(name)s合格人员名单（公示已撤下）", name=name)
    if stand.runs:
        return msg("%(name)s合格人员公示", name=name)
    return msg("%(name)s合格人员名单", name=name)


def _title(name: str, publication: Publication | None, stand: Stand) -> Message:
    if publication is None:
        return msg("%(name)s成绩（暂定）", name=name)
    if stand.withdrawn_why:
        return msg("%(name)s成绩（公示已撤下）", name=name)
    if stand.state is ResultState.FINAL:
        return msg("%(name)s最终成绩", name=name)
    if stand.state is ResultState.CORRECTED:
        return msg("%(name)s更正后的成绩", name=name)
    if stand.notice_until is None:
        return msg("%(name)s成绩", name=name)
    return msg("%(name)s成绩公示", name=name)


def _said_of(
    publication: Publication | None, stand: Stand, translate: Translate | None
) -> list[str]:
    """The state in words, the notice with it that has ended; of a later version what it changed."""
    if publication is None:
        return []
    sentence = msg("状态：%(state)s", state=stand_words(stand))
    first, last = stand.notice_from, stand.last_day
    if stand.state is ResultState.FINAL and first is not None and last is not None:
        sentence = msg(
            "状态：最终成绩，公示期 %(first)s 至 %(last)s",
            first=date_words(first),
            last=date_words(last),
        )
    lines = [sentence]
    if note := public_note(publication):
        lines.append(msg("第 %(n)s 版改了什么：%(note)s", n=publication.version, note=note))
    return [line.render(translate) for line in lines]


def _written_down(publication: Publication | None, translate: Translate | None) -> list[str]:
    """The record of the publication, so that a record made anew can be told from the paper."""
    record = publication_record(publication) if publication else None
    if record is None:
        return []
    line = msg("变更记录第 %(seq)s 条，核对词：%(words)s", seq=record.seq, words=record.words)
    return [line.render(translate)]


class _Logged(NamedTuple):
    """The log in a notice: lines, and the checkpoint's short form for its QR code."""

    lines: tuple[Message, ...] = ()
    code: str = ""


def _logged(publication: Publication | None) -> _Logged:
    """The first checkpoint with this version in it, so that each print of it says the same."""
    leaf = leaf_of_publication(publication) if publication else None
    row = checkpoint_over(leaf) if leaf else None
    if leaf is None or row is None:
        return _Logged()
    note = row.note.encode()
    checkpoint, _note = read_checkpoint(note)
    line = msg(
        "总账第 %(n)s 条；检查点 %(size)s 条，核对词：%(words)s",
        n=leaf.number + 1,
        size=row.size,
        words=checkpoint.long_words,
    )
    return _Logged((line, msg("总账的公钥：%(key)s", key=str(verifier_key()))), short_form(note))


def is_logged(publication: Publication) -> bool:
    """True if a checkpoint is over this version, so that its notice says so from now on."""
    return bool(_logged(publication).code)


def stamp_of(publication: Publication | None) -> Stamp:
    """The stamp of a paper printed now: the publication's, or 暂定."""
    now = local_time(utc_now())
    if publication is None:
        return Stamp(now, provisional=True)
    return Stamp(now, publication.version, bytes.fromhex(publication.sha256))


def _what_stands(
    competition: Competition, publication: Publication | None
) -> tuple[Bundle, Results]:
    if publication is not None:
        return read_snapshot(publication)
    bundle = export_bundle(competition, private=False)
    return bundle, all_without_promises(competition, unranked(score(bundle), bundle))
