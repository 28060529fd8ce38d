"""Grade certificates as workbooks: what the authority's system takes in, and who signs for them.

The body uploads what it issued to the authority's system, which asks for whole ID numbers and
the scores that were reached; what was made void since has to be taken out of it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from compete.documents.forms import Form, form_tables
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import EventResults
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, Translate, listed, msg
from compete.domain.values.states import CertificateState, state_words
from compete.models import Certificate, Competition, Publication, db
from compete.services.awards.holders import ground_words, sex_of, unit_of
from compete.services.certificates.claims import marks_of
from compete.services.certificates.part_scores import part_scores
from compete.services.certificates.printing import handing_out_lines, still_valid
from compete.services.certificates.register import register_ids
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.kernel import audit
from compete.services.kernel.clock import date_text, local_today
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.snapshots import read_snapshot

if TYPE_CHECKING:
    from compete.sheets.workbook.tables import Value

UPLOAD_BOOK, HANDING_OUT_BOOK = "upload_book", "handing_out_book"
_VOID = (CertificateState.REVOKED, CertificateState.REPLACED)


@dataclass(frozen=True, slots=True)
class _Reached:
    """The results that somebody reached in the stage that counted: parts by name, and the total."""

    parts: Mapping[str, str] = field(default_factory=dict)
    total: str | None = None


def _grades(state: str) -> Callable[[Asked], list[int]]:
    return lambda asked: register_ids(asked.competition, state=state, kind="grade")


@printed_as(HANDING_OUT_BOOK, at_once=1000, keys=_grades("valid"))
def write_handing_out(asked: Asked, certificates: Sequence[int]) -> bytes:
    """The list of `print_handing_out` as an .xlsx, with its columns left to be filled in."""
    from compete.sheets.workbook.tables import Table, write_tables

    lines = handing_out_lines(asked.competition, still_valid(certificates))
    (section,) = form_tables(Form.HANDING_OUT, lines)
    table = Table(
        msg("证书发放登记表"),
        msg("%(name)s 证书发放登记表", name=asked.competition.name),
        [column.title for column in section.columns],
        [row.cells for row in section.rows],
        frozen=2,
    )
    return write_tables([table], asked.translate)


@printed_as(UPLOAD_BOOK, at_once=1000, keys=_grades("all"))
def write_upload(asked: Asked, _rows: Sequence[int] = ()) -> bytes:
    """Write all grade certificates as the authority's system asks for, with whole ID numbers.

    Those that are valid on the first sheet, those that were annulled or replaced on a second.
    What is under review or to be replaced is on neither; the title says how many. It is
    recorded who had it written. Raises `Refused` where none was ever issued.
    """
    from compete.sheets.workbook.tables import Table, write_tables

    competition, by, translate = asked.competition, asked.by, asked.translate
    everyone = db.session.scalars(
        select(Certificate)
        .where(Certificate.competition_id == competition.id, Certificate.kind == "grade")
        .options(
            selectinload(Certificate.entrant),
            selectinload(Certificate.member),
            selectinload(Certificate.body),
            selectinload(Certificate.replaced_by),
            selectinload(Certificate.claim),
        )
        .order_by(Certificate.id)
    ).all()
    if not everyone:
        raise Refused(msg("还没有证书，先发证"))
    standing = set(register_ids(competition, state="valid", kind="grade"))
    valid = [row for row in everyone if row.id in standing]
    void = [row for row in everyone if row.state in _VOID]
    with unit_of_work():
        counts = {"people": len(valid), "void": len(void)}
        audit.record(competition, by, "certificate.upload_book", competition.code, after=counts)
    reached = _reached_by(competition, valid)
    parts = list(dict.fromkeys(name for row in reached.values() for name in row.parts))
    # Whom lines alone are held against has no total.
    totals = (msg("总成绩"),) if competition_kind(competition).ranks_people else ()
    waiting = len(everyone) - len(valid) - len(void)
    title = msg(
        "%(name)s 技能等级证书上传数据，截至 %(day)s",
        name=competition.name,
        day=date_words(local_today()),
    )
    if waiting:
        title = msg("%(title)s，%(n)s 张正在复核或者等换发，没有列入", title=title, n=waiting)
    tables = [
        Table(
            msg("上传数据"),
            title,
            [*_COLUMNS, *parts, *totals, *_AFTER_PARTS],
            [
                _row(place, row, reached[row.id], parts, totals, translate)
                for place, row in enumerate(valid, 1)
            ],
            frozen=3,
        )
    ]
    if void:
        rows = [_void_row(place, row, translate) for place, row in enumerate(void, 1)]
        tables.append(Table(msg("撤销和换发"), title, _VOID_COLUMNS, rows, frozen=3))
    return write_tables(tables, translate)


_COLUMNS = (
    msg("序号"),
    msg("证书编号"),
    msg("姓名"),
    msg("性别"),
    msg("证件类型"),
    msg("证件号码"),
    msg("单位"),
    msg("职业名称"),
    msg("职业编码"),
    msg("工种/职业方向"),
    msg("职业技能等级"),
)
_AFTER_PARTS = (msg("依据"), msg("发证日期"), msg("评价机构"))
_VOID_COLUMNS = (
    msg("序号"),
    msg("证书编号"),
    msg("姓名"),
    msg("证件号码"),
    msg("职业名称"),
    msg("职业技能等级"),
    msg("状态"),
    msg("从哪天起"),
    msg("原因"),
    msg("换成"),
)


def _row(
    place: int,
    certificate: Certificate,
    reached: _Reached,
    parts: Sequence[str],
    totals: Sequence[Message],
    translate: Translate,
) -> list[Value]:
    face, person = certificate.face, certificate.person
    return [
        place,
        certificate.number,
        face["name"],
        sex_of(person, translate) if person is not None else "",
        paper_name(Paper(face["id_type"])).render(translate),
        certificate.id_number or "",
        unit_of(certificate),
        face["occupation"],
        face.get("occupation_code") or "",
        face["trade"],
        face["level"],
        *(_number(reached.parts.get(part)) for part in parts),
        *(_number(reached.total) for _title in totals),
        ground_words(certificate).render(translate),
        certificate.issued_on.isoformat(),
        face["body"],
    ]


def _void_row(place: int, certificate: Certificate, translate: Translate) -> list[Value]:
    new = certificate.replaced_by
    since = certificate.revoked_at or (new[0].issued_at if new else None)
    return [
        place,
        certificate.number,
        certificate.face["name"],
        certificate.id_number or "",
        certificate.face["occupation"],
        certificate.face["level"],
        state_words(certificate.state).render(translate),
        date_text(since) or "",
        certificate.revoke_reason or (new[0].replaced_why if new else None) or "",
        msg("%(numbers)s", numbers=listed(successor.number for successor in new)).render(translate),
    ]


def _number(score: str | None) -> Value:
    return Decimal(score) if score is not None else ""


def _reached_by(
    competition: Competition, certificates: Sequence[Certificate]
) -> dict[int, _Reached]:
    """The results of each certificate's holder in the version in force."""
    version = latest_publication(competition)
    published = _reached_in(version) if version is not None else {}
    reached: dict[int, _Reached] = {}
    for certificate in certificates:
        entrant = certificate.entrant
        if certificate.claim is not None:
            # What rests on another ground than results: of an assessment its own marks.
            marks = marks_of(certificate.claim)
            reached[certificate.id] = _Reached({part: str(mark) for part, mark in marks.items()})
            continue
        key = (entrant.event.code, entrant.code) if entrant is not None else ("", "")
        reached[certificate.id] = published.get(key, _Reached())
    return reached


def _reached_in(publication: Publication) -> dict[tuple[str, str], _Reached]:
    bundle, results = read_snapshot(publication)
    rules = {event.code: event for event in bundle.events}
    return {
        (event.code, code): reached
        for event in results.events
        for code, reached in _reached_of(rules[event.code], event).items()
    }


def _reached_of(rules: Event, results: EventResults) -> dict[str, _Reached]:
    """The results by entrant: parts, and modules that are in none, of the stage that counted."""
    stages = {stage.code: stage for stage in rules.stages}
    rows = {(stage.code, row.entrant): row for stage in results.stages for row in stage.standings}
    reached: dict[str, _Reached] = {}
    for final in results.standings:
        stage, row = stages[final.stage], rows[final.stage, final.entrant]
        reached[final.entrant] = _Reached(dict(part_scores(stage, row)), final.total)
    return reached
