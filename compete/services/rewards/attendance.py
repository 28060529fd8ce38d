"""Attendance of trainings (培训签到) by lists: people of a scheme, a course once a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, msg
from compete.models import Account, Attendance, Person, RewardScheme, db, utc_now
from compete.models.types import keyed_hash
from compete.services.directory.merged import standing, with_merged
from compete.services.directory.person_records import name_key_of
from compete.services.directory.search_columns import TAIL, tail_key
from compete.services.kernel import audit
from compete.services.kernel.catalogues import Planned
from compete.services.kernel.chunks import in_chunks, rows_among
from compete.services.kernel.clock import local_today
from compete.services.kernel.fields import Setting, headings, other_headings, read_texts
from compete.services.kernel.refusal import invalid
from compete.services.kernel.transactions import unit_of_work
from compete.services.rewards.people import people_of
from compete.services.rewards.schemes import record_reward, require_keeper
from compete.sheets.headed_rows import RowsKind

_HOURS = msg("写 0 到 1000 的数，没有就空着")


class AttendanceFields(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a list of attendance."""

    name: Annotated[str, Setting(msg("姓名"), most=60, needed=msg("姓名要写"))]
    id_number: Annotated[
        str,
        Setting(
            msg("证件号码"),
            msg("全的或者后四位；没有重名可以空着"),
            most=40,
            also=("身份证号", "身份证号码", "证件后四位"),
        ),
    ] = ""
    course: Annotated[
        str,
        Setting(
            msg("培训"),
            most=200,
            needed=msg("写是哪一次培训"),
            also=("培训名称", "课程", "班次", "培训班"),
        ),
    ]
    day: Annotated[
        date,
        Setting(
            msg("日期"),
            needed=msg("写哪一天"),
            wrong=msg("日期看不懂，写成 2026-09-15 这样"),
            also=("培训日期", "签到日期"),
        ),
    ]
    hours: Annotated[
        Decimal | None,
        Setting(msg("学时"), most=1000, wrong=_HOURS, also=("课时", "小时")),
    ] = None


ATTENDANCE_ROWS = RowsKind(
    "attendance",
    headings(AttendanceFields),
    other_headings(AttendanceFields),
    most=5000,
    least_fields=1,
)
PlannedAttendance: TypeAlias = Planned[Attendance, Mapping[str, str], AttendanceFields]


def plan_attendance(
    scheme: RewardScheme, rows: Sequence[tuple[int, Mapping[str, str]]]
) -> list[PlannedAttendance]:
    """Plan each row of a list; nothing is written. What has other hours already changes."""
    checked = [(number, texts, *read_texts(AttendanceFields, texts)) for number, texts in rows]
    fine = [row for _number, _texts, row, _faults in checked if row is not None]
    own = _OwnPeople(scheme, {row.name for row in fine})
    known = _known(scheme, own.numbers)
    planned: list[PlannedAttendance] = []
    before: dict[tuple[int, str, date], int] = {}
    for number, texts, row, wrong in checked:
        if row is None:
            planned.append(Planned(number, texts, wrong, None))
            continue
        person, faults = own.find(row)
        if row.day > local_today():
            faults = {**faults, "day": msg("这一天还没到")}
        if person is None or faults:
            planned.append(Planned(number, texts, faults, None))
            continue
        key = person.id, row.course, row.day
        if (other := before.setdefault(key, number)) != number:
            words = msg("和第 %(n)s 行是同一个人、同一次", n=other)
            planned.append(Planned(number, texts, {"name": words}, None))
            continue
        stands = known.get(key)
        changes = None if stands is None else _changes(stands, row)
        planned.append(Planned(number, texts, {}, changes, row, stands))
    return planned


def _changes(stands: Attendance, row: AttendanceFields) -> Mapping[str, str]:
    return {} if stands.hours == _hours(row) else {"hours": str(stands.hours)}


def _hours(row: AttendanceFields) -> Decimal:
    return Decimal(1) if row.hours is None else row.hours


class _OwnPeople:
    """The people of a scheme under some names."""

    def __init__(self, scheme: RewardScheme, names: Collection[str]) -> None:
        keys = sorted({name_key_of(name) for name in names})
        own = people_of(scheme.organisation) if keys else {}
        self._by_name: defaultdict[str, list[Person]] = defaultdict(list)
        # By the name that a record bore before it was merged into another, too.
        for row in rows_among(select(Person).order_by(Person.id), Person.name_key, keys):
            if standing(row).id in own:
                self._by_name[row.name_key].append(row)
        self.numbers = sorted({standing(row).id for it in self._by_name.values() for row in it})

    def find(self, row: AttendanceFields) -> tuple[Person | None, Mapping[str, Message]]:
        """Who is meant, or what is wrong."""
        alike = self._by_name[name_key_of(row.name)]
        if not alike:
            return None, {"name": msg("这个单位没有叫%(name)s的", name=row.name)}
        if row.id_number:
            wanted = row.id_number.upper()
            if wanted.isdecimal() and len(wanted) < TAIL:
                # A cell that is a number has lost the zeros before it.
                wanted = wanted.zfill(TAIL)
            tail = len(wanted) == TAIL
            alike = [
                it
                for it in alike
                if (
                    it.id_tail == tail_key(None, wanted)
                    if tail
                    else it.id_hash == keyed_hash(wanted)
                )
            ]
            if not alike:
                words = msg("叫%(name)s的没有这个证件号码", name=row.name)
                return None, {"id_number": words}
        people = {it.id: it for it in map(standing, alike)}
        if len(people) > 1:
            words = msg("有 %(n)s 个%(name)s，写证件号码", n=len(people), name=row.name)
            return None, {"id_number": words}
        return next(iter(people.values())), {}


def _known(
    scheme: RewardScheme, people: Sequence[int]
) -> Mapping[tuple[int, str, date], Attendance]:
    return {(person, row.course, row.day): row for person, row in attendance_of(scheme, people)}


def write_attendance(
    scheme: RewardScheme, rows: Sequence[Mapping[str, str]], by: Account
) -> tuple[int, int]:
    """Add what is new and correct what differs; how many of each. One wrong row writes nothing."""
    require_keeper(by, scheme)
    if len(rows) > ATTENDANCE_ROWS.most:
        raise invalid(msg("一次最多 %(most)s 行", most=ATTENDANCE_ROWS.most))
    with unit_of_work() as session:
        audit.claim_chain(None)
        planned = plan_attendance(scheme, list(enumerate(rows, 1)))
        if any(it.faults for it in planned):
            raise invalid(msg("有的行要改，一行都没有写"))
        own = _OwnPeople(scheme, {it.checked.name for it in planned if it.checked})
        changed = 0
        fresh: list[Attendance] = []
        for plan in planned:
            row = plan.checked
            assert row is not None
            person, _faults = own.find(row)
            assert person is not None
            if plan.known is not None:
                changed += bool(plan.changes)
                plan.known.hours = _hours(row)
                continue
            fresh.append(
                Attendance(
                    scheme_id=scheme.id,
                    person_id=person.id,
                    course=row.course,
                    day=row.day,
                    hours=_hours(row),
                    made_by=by.id,
                )
            )
        session.add_all(fresh)
        session.flush()
        if fresh or changed:
            record_reward(scheme, by, "attendance", after={"added": len(fresh), "changed": changed})
    return len(fresh), changed


def attendance_texts(scheme: RewardScheme, by: Account) -> list[Mapping[str, str]]:
    """All that stands, as the workbook has it, the newest day first; of numbers the last four."""
    require_keeper(by, scheme)
    query = select(Attendance).options(joinedload(Attendance.person))
    query = query.where(Attendance.scheme_id == scheme.id, Attendance.ended_at.is_(None))
    rows = db.session.scalars(query.order_by(Attendance.day.desc(), Attendance.id))
    return [
        {
            "name": row.person.name,
            "id_number": (row.person.id_number or "")[-TAIL:],
            "course": row.course,
            "day": row.day.isoformat(),
            "hours": str(row.hours),
        }
        for row in rows
    ]


def courses_of(scheme: RewardScheme) -> Sequence[tuple[str, date, int]]:
    """The trainings of a scheme, the newest first: course, day, how many came."""
    query = (
        select(Attendance.course, Attendance.day, func.count())
        .where(Attendance.scheme_id == scheme.id, Attendance.ended_at.is_(None))
        .group_by(Attendance.course, Attendance.day)
        .order_by(Attendance.day.desc(), Attendance.course)
    )
    return list(db.session.execute(query).tuples())


def end_course(scheme: RewardScheme, course: str, day: date, by: Account) -> int:
    """Take a training of a day back with all who came; how many that were."""
    require_keeper(by, scheme)
    with unit_of_work() as session:
        audit.claim_chain(None)
        query = select(Attendance).where(
            Attendance.scheme_id == scheme.id,
            Attendance.course == course,
            Attendance.day == day,
            Attendance.ended_at.is_(None),
        )
        rows = session.scalars(query.order_by(Attendance.id)).all()
        for row in rows:
            row.ended_at, row.ended_by = utc_now(), by.id
        if rows:
            after = {"course": course, "day": day.isoformat(), "people": len(rows)}
            record_reward(scheme, by, "end_attendance", after=after)
    return len(rows)


def attendance_of(
    scheme: RewardScheme, people: Collection[int]
) -> Sequence[tuple[int, Attendance]]:
    """What stands of these people, each with whose it is: also under records merged into them."""
    rows: list[tuple[int, Attendance]] = []
    for chunk in in_chunks(sorted(people)):
        records = with_merged(Person, chunk)
        query = select(Attendance).where(
            Attendance.scheme_id == scheme.id, Attendance.ended_at.is_(None)
        )
        of = rows_among(query.order_by(Attendance.id), Attendance.person_id, sorted(records))
        rows += [(records[row.person_id], row) for row in of]
    return rows
