"""People of a competition's book of grades who take no part in it: entered, corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from compete.domain.grades.ladder import GradeError, parse_grade
from compete.domain.identity.certificate_number import held_certificate_number
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.names import LONGEST_NAME, same_name_key
from compete.domain.identity.papers import Paper, check_paper
from compete.domain.values.messages import Message, listed, msg
from compete.models import Account, Certificate, Competition, Examinee, GradeClaim, db
from compete.services.directory.person_records import connect_people
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_today
from compete.services.kernel.numbering import add_numbered
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.registration.portraits import clean_portrait
from compete.services.registration.preview import id_key
from compete.sheets.headed_rows import RowsKind, read_headed_rows
from compete.sheets.reading.kinds import KINDS
from compete.sheets.texts import tidy, tidy_name

LONGEST_UNIT = 200
_CELLS = 5
CANDIDATE_ROWS = RowsKind(
    "claims",
    {
        "name": msg("姓名"),
        "id_number": msg("证件号码"),
        "unit": msg("单位"),
        "grade": msg("现有等级"),
        "certificate": msg("证书编号"),
    },
    {},
    5000,
    least_fields=3,
    as_written=("id_number", "grade"),
    called=KINDS["people"],
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate as entered, checked: paper and number, unit, the grade held with its number."""

    name: str
    paper: Paper
    id_number: str = field(repr=False)
    unit: str
    grade: int | None = None
    certificate: str | None = field(default=None, repr=False)


def read_candidates(text: str, paper: Paper) -> list[Candidate]:
    """Read people from lines of name, number, unit, present grade and its certificate's number.

    Cells stand apart by tabs, as from a workbook, by commas, or else by blanks; the last two may
    be left out. Raises `Refused` (INVALID) that names the first line that cannot be taken.
    """
    lines = enumerate(text.splitlines(), 1)
    return _checked([(n, _cells_of(line)) for n, line in lines if line.strip()], paper)


def candidates_of_table(content: bytes, paper: Paper) -> tuple[list[Candidate], list[Message]]:
    """Read people from a workbook or a pasted table with headings, and say what was not read.

    Raises `WorkbookError` where there is no such table, `Refused` (INVALID) for a row or column.
    """
    rows = read_headed_rows(content, CANDIDATE_ROWS)
    if rows.missing:
        lacking = listed([str(it) for it in rows.missing])
        raise invalid(msg("没有一列是%(what)s", what=lacking))
    for faults in rows.faults.values():
        raise invalid(next(iter(faults.values())))
    cells = [(n, [texts.get(key, "") for key in CANDIDATE_ROWS.headings]) for n, texts in rows]
    return _checked(cells, paper), rows.notices


def _checked(lines: Sequence[tuple[int, Sequence[str]]], paper: Paper) -> list[Candidate]:
    candidates: list[Candidate] = []
    numbers: set[str] = set()
    for number, cells in lines:
        try:
            candidate = _read(cells, paper)
        except (IdentityError, GradeError, Refused) as error:
            raise _wrong_line(number, error.message) from None
        if candidate.id_number in numbers:
            raise _wrong_line(number, msg("证件号码前面写过了"))
        numbers.add(candidate.id_number)
        candidates.append(candidate)
    return candidates


def _cells_of(line: str) -> list[str]:
    """A line's cells: apart by tabs, as from a workbook, by commas, or else by blanks."""
    for sign in ("\t", "，", ","):
        if sign in line:
            return [tidy(cell) for cell in line.split(sign)]
    return [tidy(cell) for cell in line.split()]


def _wrong_line(line: int, why: Message) -> Refused:
    """A refusal of a list that names its line."""
    return invalid(msg("第 %(line)s 行：%(why)s", line=line, why=why))


def _read(cells: Sequence[str], paper: Paper) -> Candidate:
    if not 3 <= len(cells) <= _CELLS or not all(cells[:3]):
        raise Refused(msg("要写姓名、证件号码、单位，有等级的再写现有等级和证书编号"))
    name, number, unit, grade, certificate = [*cells, "", ""][:_CELLS]
    present = parse_grade(grade)
    return Candidate(
        _name(name),
        paper,
        check_paper(paper, number, today=local_today()),
        _unit(unit),
        present,
        held_certificate_number(certificate) if certificate and present else None,
    )


def _name(text: str) -> str:
    name, _note = tidy_name(text)
    if not name or len(name) > LONGEST_NAME or any(sign.isdigit() for sign in name):
        raise invalid(msg("姓名不对：%(name)s", name=name[:20]))
    return name


def _unit(text: str) -> str:
    unit = tidy(text)
    if not unit or len(unit) > LONGEST_UNIT:
        raise invalid(msg("要写单位，最多 %(most)s 字", most=LONGEST_UNIT))
    return unit


def known_examinees(
    competition: Competition, candidates: Sequence[Candidate]
) -> Mapping[str, Examinee]:
    """The candidates, by ID number, who are in the competition's book already.

    Raises `Refused` (CONFLICT) where a number is there under another name.
    """
    keys = {id_key(candidate.paper, candidate.id_number): candidate for candidate in candidates}
    examinees: dict[str, Examinee] = {}
    for chunk in in_chunks(list(keys)):
        query = select(Examinee).where(
            Examinee.competition_id == competition.id, Examinee.id_hash.in_(chunk)
        )
        for row in db.session.scalars(query):
            candidate = keys[row.id_hash or ""]
            if same_name_key(row.name) != same_name_key(candidate.name):
                raise Refused(
                    msg(
                        "%(name)s 的证件号码在这里登记的是%(other)s，先更正再提",
                        name=candidate.name,
                        other=row.name,
                    )
                )
            examinees[candidate.id_number] = row
    return examinees


def examinee_from(candidate: Candidate, competition: Competition, code: str) -> Examinee:
    """The row that stands for one who is not in the book yet; not added."""
    return Examinee(
        competition_id=competition.id,
        code=code,
        name=candidate.name,
        id_type=candidate.paper.value,
        id_number=candidate.id_number,
        id_hash=id_key(candidate.paper, candidate.id_number),
        unit_name=candidate.unit,
        grade=candidate.grade,
        certificate=candidate.certificate,
    )


def enter_examinees(
    competition: Competition, candidates: Sequence[Candidate], by: Account
) -> list[Examinee]:
    """Enter examinees in this order; who is in the book already is brought up to date.

    In a unit of work that holds the competition. Raises `Refused` as `known_examinees` does.
    """
    known = known_examinees(competition, candidates)
    here = select(func.count()).where(Examinee.competition_id == competition.id)
    last = db.session.scalar(here) or 0
    examinees, new = [], list[Examinee]()
    for candidate in candidates:
        row = known.get(candidate.id_number)
        if row is None:
            row = examinee_from(candidate, competition, f"#{last + len(new) + 1}")
            new.append(row)
        row.unit_name, row.grade = candidate.unit, candidate.grade
        row.certificate = candidate.certificate
        examinees.append(row)
    add_numbered(new)
    connect_people(competition, by)
    return examinees


def find_examinee(competition: Competition, number: int) -> Examinee | None:
    """The competition's, by the number in its code, or None."""
    return db.session.scalar(
        select(Examinee).where(
            Examinee.competition_id == competition.id, Examinee.code == f"#{number}"
        )
    )


def examinee_number(examinee: Examinee) -> int:
    """The number in the code: 3 of `#3`."""
    return int(examinee.code.removeprefix("#"))


def claims_of_examinee(examinee: Examinee) -> Sequence[GradeClaim]:
    """List every grade ever proposed for the examinee, in that order."""
    query = select(GradeClaim).where(GradeClaim.examinee_id == examinee.id)
    return db.session.scalars(query.order_by(GradeClaim.id)).all()


def certificates_of_examinee(examinee: Examinee) -> Sequence[Certificate]:
    """List every certificate ever issued to the examinee, in that order."""
    return db.session.scalars(
        select(Certificate)
        .join(GradeClaim, GradeClaim.id == Certificate.claim_id)
        .where(GradeClaim.examinee_id == examinee.id)
        .order_by(Certificate.id)
    ).all()


def photos_of(rows: Sequence[int]) -> Mapping[int, bytes]:
    """The photos for the certificate, JPEGs, by the row of each who has one."""
    photos: dict[int, bytes] = {}
    for chunk in in_chunks(rows):
        query = select(Examinee.id, Examinee.photo).where(
            Examinee.id.in_(chunk), Examinee.photo.is_not(None)
        )
        photos |= {row: photo for row, photo in db.session.execute(query).tuples() if photo}
    return photos


def correct_examinee(
    examinee: Examinee,
    *,
    name: str,
    id_number: str,
    unit: str,
    photo: bytes,
    reason: str,
    by: Account,
) -> bool:
    """Correct who the examinee is, or add a photo; what is empty stays as it is.

    Certificates stay as they were issued, until another is issued in their stead. Returns
    whether anything changed. Raises `Refused`: INVALID for what cannot be or no reason, CONFLICT
    for somebody erased or another's number.
    """
    reason = reason_text(reason, msg("更正要写理由"))
    picture = clean_portrait(photo) if photo else None
    try:
        number = check_paper(Paper(examinee.id_type), id_number) if id_number.strip() else None
    except IdentityError as error:
        raise invalid(error.message) from None
    columns = {
        "name": _name(name) if name.strip() else None,
        "unit_name": _unit(unit) if unit.strip() else None,
        "id_number": number,
        "photo": picture,
    }
    with unit_of_work() as session:
        competition = for_update(examinee.competition)
        session.refresh(examinee)
        if examinee.erased_at is not None:
            raise Refused(msg("个人资料已经删除"))
        changed = [
            column
            for column, value in columns.items()
            if value is not None and value != getattr(examinee, column)
        ]
        if not changed:
            return False
        for column in changed:
            setattr(examinee, column, columns[column])
        if number is not None:
            key = id_key(Paper(examinee.id_type), number)
            other = session.scalar(
                select(Examinee.name).where(
                    Examinee.competition_id == competition.id,
                    Examinee.id_hash == key,
                    Examinee.id != examinee.id,
                )
            )
            if other is not None:
                raise Refused(msg("这个证件号码是%(name)s的", name=other))
            examinee.id_hash = key
        session.flush()
        connect_people(competition, by, [examinee])
        after = {"changed": changed}
        audit.record(competition, by, "examinee.correct", examinee.code, after=after, reason=reason)
    return True
