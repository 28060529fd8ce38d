"""The tablets' journals held against the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select

from compete.domain.values.states import SheetState
from compete.models import Act, AuditEntry, Competition, Judge, Sheet, db
from compete.services.kernel.chain_checks import verify_chain
from compete.services.sheets.act_seals import check_acts
from compete.services.sheets.values import standing_values
from tests.tablets.contest import CODE
from tests.tablets.journal import Plain, Read


@dataclass
class Findings:
    """What does not agree, by UUID or place; all empty is what is promised."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    wrong_standing: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    chain: list[str] = field(default_factory=list)
    seals: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def faults(self) -> dict[str, list[str]]:
        """What was found, by kind."""
        lists = {name: value for name, value in vars(self).items() if isinstance(value, list)}
        return {name: value for name, value in lists.items() if value}


@dataclass(frozen=True)
class Row:
    """An act as the database holds it, with the sheet's public id and the judge's code."""

    id: int
    sheet: str
    judge: str
    kind: str
    aspect: str | None
    value: Decimal | None
    note: str | None
    at: str | None
    tablet: str | None
    seq: int | None


def check(journals: Sequence[Read], alone: frozenset[str]) -> Findings:
    """Compare; inside an app context. `alone` are tablets whose judge has no other."""
    findings = Findings()
    competition = db.session.scalars(select(Competition).filter_by(code=CODE)).one()
    rows, twice = _rows()
    findings.doubled = twice
    known: set[str] = set()
    for journal in journals:
        known |= journal.acts.keys()
        _check_journal(findings, journal, rows)
        if journal.tablet in alone:
            findings.refused += [f"{journal.tablet}: {why}" for why in journal.refused.values()]
    findings.unknown = sorted(rows.keys() - known)
    _check_sheets(findings, rows.values())
    findings.chain = [f"{entry.seq}: {entry.fault}" for entry in verify_chain(competition)]
    findings.seals = [f"{seq}: {fault}" for seq, fault in check_acts(competition)]
    _check_records(findings, competition, len(rows))
    findings.counts |= {
        "marked": sum(len(journal.acts) for journal in journals),
        "acknowledged": sum(len(journal.stored) for journal in journals),
        "held": len(rows),
        "refused": sum(len(journal.refused) for journal in journals),
    }
    return findings


def _rows() -> tuple[dict[str, Row], list[str]]:
    """Every act by UUID, and the UUIDs that stand there more than once."""
    query = (
        select(
            *(Act.uuid, Act.id, Sheet.public_id, Judge.code, Act.kind, Act.aspect, Act.value),
            *(Act.note, Act.said_at, Act.tablet, Act.tablet_seq),
        )
        .join(Sheet, Sheet.id == Act.sheet_id)
        .join(Judge, Judge.id == Act.judge_id)
        .where(Sheet.judge_id == Act.judge_id)
    )
    every = [(uuid, Row(*rest)) for uuid, *rest in db.session.execute(query)]
    times = Counter(uuid for uuid, _ in every)
    return dict(every), sorted(uuid for uuid, count in times.items() if count > 1)


def _check_journal(findings: Findings, journal: Read, rows: dict[str, Row]) -> None:
    last = 0
    for uuid, act in journal.acts.items():
        row = rows.get(uuid)
        if row is None:
            if uuid in journal.stored:
                findings.lost.append(uuid)
            continue
        if row != _expected(act, journal.tablet, row.id) or uuid in journal.refused:
            findings.misplaced.append(f"{uuid}: {act} is held as {row}")
        if row.id < last:
            findings.out_of_order.append(f"{uuid} of {journal.tablet}")
        last = row.id


def _expected(act: Plain, tablet: str, number: int) -> Row:
    value = act.get("value")
    return Row(
        id=number,
        sheet=act["sheet"],
        judge=tablet.partition("-")[0],
        kind=act["kind"],
        aspect=act["aspect"],
        value=None if value is None else Decimal(int(value) if isinstance(value, bool) else value),
        note=act.get("note"),
        at=act["at"],
        tablet=act["tablet"],
        seq=act["seq"],
    )


def _check_sheets(findings: Findings, rows: Iterable[Row]) -> None:
    """What each sheet says is the last act on each aspect, and its state follows from that."""
    wanted: dict[str, dict[str, Decimal]] = {}
    versions: Counter[str] = Counter()
    submitted: set[str] = set()
    for row in sorted(rows, key=lambda act: act.id):
        values = wanted.setdefault(row.sheet, {})
        versions[row.sheet] += 1
        if row.kind == "mark" and row.aspect and row.value is not None:
            values[row.aspect] = row.value
        elif row.kind == "clear" and row.aspect:
            values.pop(row.aspect, None)
        elif row.kind == "submit":
            submitted.add(row.sheet)
    sheets = db.session.scalars(select(Sheet)).all()
    standing = standing_values([sheet.id for sheet in sheets])
    for sheet in sheets:
        name = sheet.public_id
        agrees = standing[sheet.id] == wanted.get(name, {})
        counted = sheet.version == versions[name]
        closed = (sheet.state is SheetState.SUBMITTED) == (name in submitted)
        if not (agrees and counted and closed):
            findings.wrong_standing.append(f"{name}: {sheet.state}, version {sheet.version}")


def _check_records(findings: Findings, competition: Competition, acts: int) -> None:
    """The audit chain speaks of every act that is held."""
    query = select(AuditEntry.after).where(
        AuditEntry.competition_id == competition.id, AuditEntry.action == "acts.take"
    )
    act_count = sum(after["held"] for after in db.session.scalars(query))
    if act_count != acts:
        findings.chain.append(f"the records speak of {act_count} acts, {acts} are held")
