"""Sources of a dossier: what an inspection asks for, each from the paper or file that there is.

A row of `SOURCES` a paper: where it lies in the dossier, what it is, and what gives it. Papers are
those of the desk, taken as they are printed there. ID numbers are masked in all of them but in the
workbook that the authority was sent; of what applicants handed in there is a list with hashes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from msgspec import structs
from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from compete.domain.bundle.writing import write_bundle
from compete.domain.eligibility import RULE_WORDS
from compete.domain.evaluation.documents import KIND_WORDS, DocumentState
from compete.domain.kinds.description import KindDescription
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.canonical import canonical_json
from compete.domain.values.instants import instant_text
from compete.domain.values.messages import Message, Translate, msg
from compete.domain.values.roles import ROLE_WORDS
from compete.domain.values.states import state_words
from compete.models import (
    Admission,
    Appeal,
    ApplicantDocument,
    Application,
    AuditEntry,
    Competition,
    DrawCeremony,
    Entrant,
    Event,
    Exemption,
    Sheet,
    SignedSheet,
    Slot,
    Withdrawal,
    db,
)
from compete.services.appeals.record_paper import print_appeal
from compete.services.certificates.authority_books import UPLOAD_BOOK
from compete.services.directory.rooms import rooms_by_number
from compete.services.jobs.papers.kinds import (
    APPLICATIONS_BOOK,
    ENTRANTS_BOOK,
    RECORDS_BOOK,
    REGISTER_BOOK,
    VERDICTS_BOOK,
    Asked,
    paper_kinds,
)
from compete.services.judging.printed_sheets import print_signed_sheets
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.exempted import LEVEL
from compete.services.kernel.participants import withdrawal_word
from compete.services.kernel.refusal import Refused
from compete.services.registration.oversight_reports import OVERSIGHT
from compete.services.registration.printed_forms import PEOPLE_FORM, SEATING
from compete.services.results.notice import NOTICE
from compete.services.results.results_booklet import RESULTS_BOOK
from compete.services.results.score_summary import SCORE_SUMMARY
from compete.services.results.snapshots import publications, snapshot_files
from compete.services.schedule.arrivals import EventOccasions, came_on
from compete.services.schedule.panel_list import panels_workbook
from compete.services.scoring.bundle_out import export_bundle
from compete.sheets.workbook.tables import Table, Value, write_tables

MOST_PRINTED = 5000
"""The most signed sheets that are printed as well: about a minute and a half."""
_PORTION = 250
_CHAIN_CHUNK = 2000

Parts = Iterator[tuple[str, bytes]]
"""Files of one source: what each is called besides the source's own name, and its content."""


class Folder(NamedTuple):
    """A folder of a dossier."""

    number: str
    name: Message


@dataclass(frozen=True, slots=True)
class Source:
    """A paper of a dossier: where it lies, its `name` there, what it is, what gives it.

    `files` raises `Refused` where there is nothing of the kind; the dossier then says why. `of`
    says which kinds of competition have such a paper at all.
    """

    folder: Folder
    name: Message
    ending: str
    title: Message
    files: Callable[[Asked], Parts]
    of: Callable[[KindDescription], bool] = lambda kind: kind.of_people

    def named(self, part: str, translate: Translate) -> str:
        """The name of one of its files, in the words of the competition's kind."""
        folder = f"{self.folder.number} {self.folder.name.render(translate)}"
        words = " ".join(filter(None, (self.name.render(translate), _plain(part))))
        return f"{folder}/{words}.{self.ending}"


def _plain(name: str) -> str:
    """A name as every system takes it for a file: no slash, no colon."""
    return "".join("_" if it in '/\\:*?"<>|' or it < " " else it for it in name).strip(". ")


def _alone(make: Callable[[Asked], bytes]) -> Callable[[Asked], Parts]:
    """A source of one file."""
    return lambda asked: iter([("", make(asked))])


def _paper(kind: str, **of: str) -> Callable[[Asked], Parts]:
    """A paper that the desk prints, in files as long as the desk's."""

    def files(asked: Asked) -> Parts:
        paper, wanted = paper_kinds()[kind], replace(asked, of=of)
        keys = list(paper.keys(wanted))
        parts = list(in_chunks(keys, paper.portion or max(1, len(keys)))) or [()]
        for number, part in enumerate(parts, 1):
            yield str(number) if len(parts) > 1 else "", paper.make(wanted, part)

    return files


def _for_each_event(kind: str) -> Callable[[Asked], Parts]:
    def files(asked: Asked) -> Parts:
        for event in asked.competition.events:
            for part, content in _paper(kind, event=event.code)(asked):
                yield " ".join(filter(None, (event.code, part))), content

    return files


def _bundle(asked: Asked) -> bytes:
    """The competition's file with every mark that was replaced; results follow without numbers."""
    bundle = export_bundle(asked.competition, history=True)
    people = tuple(
        structs.replace(
            entrant,
            id_number=None,
            phone=None,
            members=tuple(
                structs.replace(it, id_number=None, phone=None) for it in entrant.members
            ),
        )
        for entrant in bundle.entrants
    )
    return write_bundle(structs.replace(bundle, entrants=people))


def _versions(asked: Asked) -> Parts:
    rows = sorted(publications(asked.competition), key=lambda row: row.version)
    for row in rows:
        for name, content in zip(("bundle", "results"), snapshot_files(row), strict=True):
            yield f"{row.version} {name}", content


def _draws(asked: Asked) -> Parts:
    query = (
        select(DrawCeremony)
        .where(DrawCeremony.competition_id == asked.competition.id, DrawCeremony.file.is_not(None))
        .order_by(DrawCeremony.id)
    )
    rows = db.session.scalars(query).all()
    if not rows:
        raise Refused(msg("没有在系统里抽过签"))
    for row in rows:
        yield f"{row.event.code} {row.module} {row.layer} {row.number}", (row.file or "").encode()


def _at(moment: Any) -> str:
    return f"{local_time(moment):%Y-%m-%d %H:%M}" if moment else ""


def _who(account: Any) -> str:
    return account.name if account is not None else ""


def _decisions(asked: Asked) -> bytes:
    """What was decided of applicants, exemptions, documents, passes: by whom, when and why."""
    here, translate = asked.competition, asked.translate
    tables = [_applications(here, translate), _exemptions(here, translate)]
    tables.append(_withdrawals(here, translate))
    if competition_kind(here).has_review:
        tables.append(_admissions(here))
    return write_tables([*tables, _documents(here, translate)], translate, row_by_row=True)


def _applications(here: Competition, translate: Translate) -> Table:
    query = (
        select(Application)
        .where(Application.competition_id == here.id)
        .options(*(joinedload(it) for it in (Application.unit, Application.decider)))
        .order_by(Application.id)
    )
    entrants = select(Entrant.id, Entrant.code).where(Entrant.competition_id == here.id)
    codes = dict(db.session.execute(entrants).tuples().all())
    events = {event.id: event.name for event in here.events}
    rows: Iterator[Sequence[Value]] = (
        (
            *(row.name, row.unit.name if row.unit else "", events.get(row.event_id or 0, "")),
            *(state_words(row.state).render(translate), _at(row.submitted_at)),
            *(_who(row.decider), _at(row.decided_at), row.reason or ""),
            codes.get(row.entrant_id or 0, ""),
        )
        for row in db.session.scalars(query)
    )
    heads = (msg("姓名"), msg("单位"), msg("赛项"), msg("状态"), msg("交上来"), msg("谁办的"))
    rest = (msg("什么时候"), msg("为什么"), msg("参赛号"))
    return Table(msg("报名"), msg("报名和怎么办的"), (*heads, *rest), rows, frozen=1)


def _exemptions(here: Competition, translate: Translate) -> Table:
    """What was waived for whom: who asked, and where it takes two, who agreed."""
    words = {rule.value: text for rule, text in RULE_WORDS.items()} | {
        LEVEL: msg("申报这一级的条件")
    }
    heads = (msg("哪个条件"), msg("谁同意"), msg("哪天同意"))
    return _decided(
        *(here, Exemption, msg("特准"), heads),
        lambda row: (words[row.rule].render(translate), _who(row.second), _at(row.agreed_at)),
        joinedload(Exemption.second),
    )


def _withdrawals(here: Competition, translate: Translate) -> Table:
    return _decided(
        *(here, Withdrawal, msg("退赛"), (msg("怎么退的"),)),
        lambda row: (withdrawal_word(row).render(translate),),
    )


def _admissions(here: Competition) -> Table:
    """Who passed whom, and when it was taken back; nobody where it was so before reviews."""
    query = (
        select(Admission)
        .join(Admission.entrant)
        .where(Entrant.competition_id == here.id)
        .options(contains_eager(Admission.entrant), *map(joinedload, _PASSERS))
        .order_by(Admission.id)
    )
    rows: Iterator[Sequence[Value]] = (
        (
            *(row.entrant.code, row.entrant.name, row.entrant.event.name),
            *(_who(row.maker), _at(row.made_at), _who(row.ender), _at(row.ended_at)),
        )
        for row in db.session.scalars(query)
    )
    heads = (msg("参赛号"), msg("姓名"), msg("赛项"), msg("谁通过的"), msg("哪天通过"))
    rest = (msg("谁收回"), msg("哪天收回"))
    return Table(msg("审核通过"), msg("谁通过了谁"), (*heads, *rest), rows, frozen=1)


_PASSERS = (Admission.maker, Admission.ender)


def _decided(
    here: Competition,
    table: type[Exemption] | type[Withdrawal],
    title: Message,
    more: Sequence[Message] = (),
    more_of: Callable[[Any], Sequence[Value]] = lambda _row: (),
    *also: Any,
) -> Table:
    """Who decided something about somebody, when and why, and when it was taken back; `more` heads
    with what `more_of` a row stands under them."""
    query: Select[Any] = (
        select(table)
        .join(table.entrant)
        .where(Entrant.competition_id == here.id)
        .options(contains_eager(table.entrant), joinedload(table.maker), *also)
        .order_by(table.id)
    )
    rows: Iterator[Sequence[Value]] = (
        (
            *(row.entrant.code, row.entrant.name, row.reason, _who(row.maker), _at(row.made_at)),
            *(*more_of(row), _at(row.ended_at)),
        )
        for row in db.session.scalars(query)
    )
    heads = (msg("参赛号"), msg("姓名"), msg("为什么"), msg("谁办的"), msg("什么时候"))
    return Table(title, title, (*heads, *more, msg("收回")), rows, frozen=1)


_DOCUMENT_WORDS = {
    DocumentState.SENT: msg("没看"),
    DocumentState.RECOGNISED: msg("认可"),
    DocumentState.RETURNED: msg("退回"),
}


def _documents(here: Competition, translate: Translate) -> Table:
    query = (
        select(ApplicantDocument, Entrant.code, func.coalesce(Entrant.name, Application.name))
        .outerjoin(Entrant, Entrant.id == ApplicantDocument.entrant_id)
        .outerjoin(Application, Application.id == ApplicantDocument.application_id)
        .where(ApplicantDocument.competition_id == here.id)
        .options(joinedload(ApplicantDocument.decider))
        .order_by(ApplicantDocument.id)
    )
    rows: Iterator[Sequence[Value]] = (
        (
            *(code or "", name, KIND_WORDS[row.kind].render(translate), row.media, row.size),
            *(_at(row.made_at), _DOCUMENT_WORDS[row.state].render(translate)),
            *(_who(row.decider), _at(row.decided_at), row.reason or "", row.sha256),
        )
        for row, code, name in db.session.execute(query).tuples()
    )
    heads = (msg("参赛号"), msg("姓名"), msg("材料"), msg("格式"), msg("字节"), msg("交上来"))
    rest = (msg("状态"), msg("谁办的"), msg("什么时候"), msg("为什么"), msg("SHA-256"))
    return Table(msg("申报材料"), msg("申报材料（只列散列）"), (*heads, *rest), rows, frozen=2)


def _plan(asked: Asked) -> bytes:
    """Who sat where and when, and was let in when; who oversaw which session; the officials."""
    here, translate = asked.competition, asked.translate
    tables = [_places(here, translate), _overseers(here), _officials(here, translate)]
    return write_tables(tables, translate, row_by_row=True)


def _places(here: Competition, translate: Translate) -> Table:
    query = (
        select(Slot)
        .join(Slot.entrant)
        .where(Entrant.competition_id == here.id)
        .options(contains_eager(Slot.entrant).joinedload(Entrant.unit))
        .order_by(Slot.starts_at, Entrant.code, Slot.id)
    )
    slots = db.session.scalars(query).all()
    rooms = rooms_by_number({it.room_id for it in slots if it.room_id is not None})
    events = {event.id: event for event in here.events}
    let_in = _let_in(here, slots)
    titles: dict[tuple[int, str, str], str] = {}

    def title(slot: Slot) -> str:
        place = (slot.entrant.event_id, slot.stage, slot.module)
        if place not in titles:
            titles[place] = module_title(events[place[0]], slot.stage, slot.module)
        return titles[place]

    rows: Iterator[Sequence[Value]] = (
        (
            *(it.entrant.code, it.entrant.name, it.entrant.unit.name, title(it)),
            *(it.session or "", _at(it.starts_at), _at(it.ends_at)),
            rooms[it.room_id].name if it.room_id is not None else it.station or "",
            str(it.seat or ""),
            let_in.get(it.id, ""),
        )
        for it in slots
    )
    heads = (msg("参赛号"), msg("姓名"), msg("单位"), msg("模块"), msg("场次"), msg("开始"))
    rest = (msg("结束"), msg("赛场或工位"), msg("座位"), msg("检录"))
    return Table(msg("场次和座位"), msg("场次和座位"), (*heads, *rest), rows, frozen=2)


def _let_in(here: Competition, slots: Sequence[Slot]) -> Mapping[int, str]:
    """When somebody was first let in, by the place in the plan.

    Sessions of two days may have one name: a place has the check-in of its own occasion alone.
    """
    came_at, own = came_on(here), defaultdict(list)
    for slot in slots:
        own[slot.entrant_id].append(slot)
    events = {event.id: EventOccasions(event) for event in here.events}
    let_in: dict[int, str] = {}
    for number, places in own.items():
        for occasion, there in events[places[0].entrant.event_id].places(places):
            at = _at(came_at.get((number, *occasion.key)))
            let_in |= dict.fromkeys((slot.id for slot in there), at)
    return let_in


def _overseers(here: Competition) -> Table:
    names = {judge.code: judge.name for judge in here.judges}
    rows: list[Sequence[Value]] = []
    for key, codes in sorted(settings_of(here).overseers.items()):
        day, _bar, session = key.partition("|")
        rows += [(day, session, code, names.get(code, code)) for code in codes]
    heads = (msg("日期"), msg("场次"), msg("编号"), msg("姓名"))
    return Table(msg("监督的场次"), msg("监督的场次"), heads, rows)


def _officials(here: Competition, translate: Translate) -> Table:
    rows: list[Sequence[Value]] = [
        (
            *(judge.code, judge.name, judge.unit_name),
            ROLE_WORDS[judge.role].render(translate) if judge.role else "",
        )
        for judge in sorted(here.judges, key=lambda it: it.code)
    ]
    heads = (msg("编号"), msg("姓名"), msg("单位"), msg("职责"))
    return Table(msg("裁判和工作人员"), msg("裁判和工作人员"), heads, rows, frozen=1)


def _signed(asked: Asked) -> Parts:
    """Each signature under a sheet with the text that it is under, by event; no name."""
    for event in asked.competition.events:
        query = (
            select(SignedSheet, Sheet.public_id, Sheet.label, Entrant.code)
            .join(Sheet, Sheet.id == SignedSheet.sheet_id)
            .join(Entrant, Entrant.id == Sheet.entrant_id)
            .where(Entrant.event_id == event.id)
            .options(joinedload(SignedSheet.judge))
            .order_by(SignedSheet.id)
        )
        rows = [
            {
                "sheet": sheet,
                "label": label,
                "entrant": code,
                "judge": row.judge.code,
                "method": row.method,
                "signed_at": instant_text(row.signed_at),
                "sha256": row.sha256,
                "content": row.content,
                "drawing": row.drawing,
                "superseded_at": instant_text(row.superseded_at) if row.superseded_at else None,
                "superseded_why": row.superseded_why,
            }
            for row, sheet, label, code in db.session.execute(query).tuples()
        ]
        if rows:
            yield event.code, json.dumps(rows, ensure_ascii=False, indent=1).encode()


def _printed_sheets(asked: Asked) -> Parts:
    query = (
        select(SignedSheet.sheet_id, Event.code)
        .join(Sheet, Sheet.id == SignedSheet.sheet_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        .where(Sheet.competition_id == asked.competition.id, SignedSheet.superseded_at.is_(None))
        .order_by(Event.id, Sheet.module, Sheet.judge_id, Sheet.label)
    )
    by_event: dict[str, list[int]] = {}
    for number, code in db.session.execute(query).tuples():
        by_event.setdefault(code, []).append(number)
    count = sum(map(len, by_event.values()))
    if not count:
        raise Refused(msg("没有签了名的评分表"))
    if count > MOST_PRINTED:
        raise Refused(
            msg(
                "签了名的评分表有 %(n)s 张，超过 %(most)s 张不再一张张印：签的内容和笔迹都在"
                "“签了名的评分表”的 JSON 里，要看一张，在它的页上印",
                n=count,
                most=MOST_PRINTED,
            )
        )
    for code, numbers in by_event.items():
        for part, some in enumerate(in_chunks(numbers, _PORTION), 1):
            yield f"{code} {part}", print_signed_sheets(asked.competition, some, asked.translate)


def _appeals(asked: Asked) -> Parts:
    query = select(Appeal).where(Appeal.competition_id == asked.competition.id)
    rows = db.session.scalars(query.order_by(Appeal.number)).all()
    if not rows:
        raise Refused(msg("没有人申诉"))
    for row in rows:
        yield f"{row.number:02}", print_appeal(row, asked.by, asked.translate)


def _chain(asked: Asked) -> bytes:
    """The competition's records as they stand in its chain, one a line."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.competition_id == asked.competition.id)
        .order_by(AuditEntry.seq)
    )
    lines = [
        canonical_json(
            {
                "seq": row.seq,
                "at": instant_text(row.at),
                "actor": row.actor,
                "action": row.action,
                "subject": row.subject,
                "before": row.before,
                "after": row.after,
                "reason": row.reason,
                "rows": row.rows,
                "prev_hash": row.prev_hash,
                "hash": row.hash,
                "form": row.form,
            }
        )
        for row in db.session.scalars(query.execution_options(yield_per=_CHAIN_CHUNK))
    ]
    return b"\n".join((*lines, b""))


_RULES = Folder("01", msg("规则和成绩"))
_ENTERED = Folder("02", msg("报名"))
_PLAN = Folder("03", msg("场次"))
_MARKS = Folder("04", msg("评分"))
_NOTICE = Folder("05", msg("公示"))
_APPEALS = Folder("06", msg("申诉"))
_CERTIFICATES = Folder("07", msg("证书"))
_RECORDS = Folder("08", msg("变更记录"))

SOURCES: tuple[Source, ...] = (
    Source(
        _RULES, msg("竞赛文件"), "json", msg("竞赛文件：规则、人、分数和改过的分"), _alone(_bundle)
    ),
    Source(
        _RULES, msg("公布的第几版"), "json", msg("公布过的各版，和当时的核对词对得上"), _versions
    ),
    Source(
        _ENTERED,
        msg("单位和个人报名"),
        "xlsx",
        msg("单位和个人报名"),
        _paper(APPLICATIONS_BOOK, show="", unit=""),
    ),
    Source(_ENTERED, msg("选手名单"), "xlsx", msg("选手名单"), _paper(ENTRANTS_BOOK)),
    Source(
        _ENTERED,
        msg("怎么办的"),
        "xlsx",
        msg("报名、特准、退赛、审核、申报材料：谁、哪天、为什么"),
        _alone(_decisions),
    ),
    Source(
        _PLAN,
        msg("场次和座位"),
        "xlsx",
        msg("场次和座位、监督的场次、裁判和工作人员"),
        _alone(_plan),
    ),
    Source(_PLAN, msg("座位表"), "pdf", msg("座位表"), _paper(PEOPLE_FORM, form=SEATING)),
    Source(
        _PLAN,
        msg("督导记录"),
        "pdf",
        msg("督导记录，照片印在里面"),
        _paper(OVERSIGHT),
        lambda kind: kind.has_review,
    ),
    Source(
        _PLAN,
        msg("裁判分工表"),
        "xlsx",
        msg("裁判分工表"),
        _alone(lambda asked: panels_workbook(asked.competition, asked.translate)),
    ),
    Source(_PLAN, msg("抽签"), "json", msg("抽签文件，谁都能复算"), _draws),
    Source(
        _MARKS, msg("签了名的评分表"), "json", msg("签了名的评分表：签的内容、笔迹和散列"), _signed
    ),
    Source(_MARKS, msg("评分表"), "pdf", msg("签了名的评分表，一张张印出来"), _printed_sheets),
    Source(
        _MARKS,
        msg("成绩汇总表"),
        "pdf",
        msg("成绩汇总表"),
        _for_each_event(SCORE_SUMMARY),
        lambda kind: kind.ranks_people,
    ),
    Source(
        _MARKS,
        msg("结果"),
        "xlsx",
        msg("各科成绩和结果"),
        _for_each_event(VERDICTS_BOOK),
        lambda kind: kind.gives_verdicts,
    ),
    Source(_NOTICE, msg("成绩公示"), "pdf", msg("成绩公示"), _for_each_event(NOTICE)),
    Source(
        _NOTICE,
        msg("成绩册"),
        "pdf",
        msg("成绩册"),
        _paper(RESULTS_BOOK),
        lambda kind: kind.ranks_people,
    ),
    Source(_APPEALS, msg("仲裁记录"), "pdf", msg("仲裁记录：申诉什么、怎么定的"), _appeals),
    Source(
        _CERTIFICATES,
        msg("证书登记册"),
        "xlsx",
        msg("证书登记册"),
        _paper(REGISTER_BOOK, state="all"),
    ),
    Source(
        _CERTIFICATES,
        msg("证书上传数据"),
        "xlsx",
        msg("证书上传数据，证件号码写全"),
        _paper(UPLOAD_BOOK),
    ),
    Source(
        _RECORDS,
        msg("变更记录"),
        "xlsx",
        msg("变更记录：谁、哪天、做了什么、为什么"),
        _paper(RECORDS_BOOK),
    ),
    Source(
        _RECORDS, msg("变更记录"), "jsonl", msg("变更记录的链，一条接一条的散列"), _alone(_chain)
    ),
)
"""What a dossier holds, in its order. Another paper is another row."""


def sources_for(competition: Competition) -> list[Source]:
    """The papers that a competition of its kind may have."""
    kind = competition_kind(competition)
    return [source for source in SOURCES if source.of(kind)]
