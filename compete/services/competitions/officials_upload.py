"""Officials brought as a workbook: looked at row by row, then all of them written or none.

And one who was added by mistake taken off the list, while nothing hangs on them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import select

from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.roles import ROLE_WORDS, Role
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Expert, Judge, Unit, db
from compete.services.directory.experts import experts_by_name
from compete.services.directory.person_records import connect_people
from compete.services.kernel import audit
from compete.services.kernel.catalogues import Planned
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.row_references import tables_naming
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.registration.officials import (
    checked_official_name,
    new_official,
    people_among_officials,
    roles_to_add,
)
from compete.services.registration.people_seals import seal_people
from compete.sheets.headed_rows import RowsKind
from compete.sheets.reading.kinds import KINDS

OFFICIAL_FIELDS: Mapping[str, Message] = {
    "name": msg("姓名"),
    "duty": msg("职责"),
    "unit": msg("单位"),
    "code": msg("编号"),
}
_CODE = re.compile(r"[\w-]{1,20}")
_OTHER_WORDS: Mapping[str, Role] = {
    "裁判员": Role.JUDGE,
    "考评员": Role.JUDGE,
    "考评组长": Role.CHIEF,
    "加密考评员": Role.CODER,
    "加密员": Role.CODER,
    "监督员": Role.SUPERVISOR,
    "督导": Role.SUPERVISOR,
    "督导员": Role.SUPERVISOR,
    "仲裁员": Role.ARBITER,
}
OFFICIAL_ROWS = RowsKind(
    "officials",
    OFFICIAL_FIELDS,
    {},
    500,
    least_fields=1,
    called=KINDS["judges"],
    worded={"duty": {role.value: str(word) for role, word in ROLE_WORDS.items()}},
    own_words={"duty": {*map(str, ROLE_WORDS.values()), *_OTHER_WORDS}},
)


@dataclass(frozen=True, slots=True)
class CheckedOfficial:
    """An official that can be written; `notes` say what is worth knowing before."""

    name: str
    role: Role
    unit: Unit | None
    expert: Expert | None
    code: str
    """As somebody gave it; empty for the next that is free."""
    unit_name: str
    notes: Sequence[Message] = ()


PlannedOfficial: TypeAlias = Planned[Judge, Mapping[str, str], CheckedOfficial]


def fields_of_official(judge: Judge) -> dict[str, str]:
    """The texts that would make them again."""
    return {
        "name": judge.name,
        "duty": str(ROLE_WORDS[judge.role or Role.JUDGE]),
        "unit": judge.unit_name,
        "code": judge.code,
    }


def plan_officials(
    competition: Competition, rows: Sequence[tuple[int, Mapping[str, str]]]
) -> list[PlannedOfficial]:
    """Plan each row of a workbook; nothing is written."""
    work = _Reading(competition)
    return [work.plan(number, texts) for number, texts in rows]


def write_officials(
    competition: Competition, rows: Sequence[Mapping[str, str]], by: Account
) -> list[Judge]:
    """Add all that are not on the list yet. One wrong row, and nothing is written.

    Raises `Refused` (INVALID) for a wrong row and for too many, (CONFLICT) once the competition
    is over.
    """
    if len(rows) > OFFICIAL_ROWS.most:
        raise invalid(msg("一次最多 %(most)s 行", most=OFFICIAL_ROWS.most))
    with unit_of_work() as session:
        competition = for_update(competition)
        session.refresh(competition, ["judges", "units"])
        if competition.state is CompetitionState.FINAL:
            raise Refused(msg("竞赛已经结束，不再加人"))
        planned = plan_officials(competition, list(enumerate(rows, start=1)))
        if any(plan.faults for plan in planned):
            raise invalid(msg("有的行要改，一行都没有写"))
        fresh = [plan.checked for plan in planned if plan.state == "added"]
        there = set(
            session.scalars(select(Judge.code).where(Judge.competition_id == competition.id))
        )
        made = [
            new_official(
                competition,
                row.role,
                row.name,
                there,
                unit=row.unit,
                expert=row.expert,
                code=row.code,
                unit_name=row.unit_name,
            )
            # Codes that were given first, so that none of them is taken by counting.
            for row in sorted(fresh, key=lambda row: not (row and row.code))
            if row is not None
        ]
        if not made:
            return made
        session.flush()
        connect_people(competition, by)
        after = {
            "added": {judge.code: judge.name for judge in made},
            "people": seal_people(competition, ()),
        }
        audit.record(competition, by, "judges.import", competition.code, after=after, bends=True)
    return made


class _Reading:
    """The list as it stands, and what the rows before added to it."""

    def __init__(self, competition: Competition) -> None:
        self._units = {same_name_key(unit.name): unit for unit in competition.units}
        self._roles = roles_to_add(competition)
        self._chief = next((it.name for it in competition.judges if it.role is Role.CHIEF), "")
        self._people = people_among_officials(competition)
        self._seen: set[tuple[str, Role | None, str]] = set()
        self._codes: dict[str, list[str]] = {}
        self._owners = {judge.code: judge.name for judge in competition.judges}
        self._code_of = {
            self._key(fields_of_official(judge)): judge.code for judge in competition.judges
        }
        for judge in competition.judges:
            self._codes.setdefault(same_name_key(judge.name), []).append(judge.code)

    def plan(self, number: int, texts: Mapping[str, str]) -> PlannedOfficial:
        cells = {field: " ".join(texts.get(field, "").split()) for field in OFFICIAL_FIELDS}
        key = self._key(cells)
        name, role, _unit = key
        if name and role and (key in self._code_of or key in self._seen):
            had = self._code_of.get(key, cells["code"])
            if cells["code"] in ("", had):
                return Planned(number, texts, {}, {})
            sentence = msg("已在名单里，编号是 %(code)s，编号不改", code=had)
            return Planned(number, texts, {"code": sentence}, None)
        faults = self._code_faults(cells["code"])
        try:
            checked_official_name(cells["name"])
        except Refused as refused:
            faults["name"] = refused.message
        if role is None:
            words = [str(ROLE_WORDS[allowed]) for allowed in self._roles]
            faults["duty"] = msg("写 %(words)s 里的一个", words=some_of(words, len(words)))
        elif role is Role.CHIEF and self._chief:
            faults["duty"] = msg("裁判长只有一名，已经是 %(name)s", name=self._chief)
        elif role not in self._roles:
            faults["duty"] = msg("这个职责不在这里加")
        if faults or role is None:
            return Planned(number, texts, faults, None)
        self._seen.add(key)
        if cells["code"]:
            self._owners[cells["code"]] = cells["name"]
        if role is Role.CHIEF:
            self._chief = cells["name"]
        return Planned(number, texts, {}, None, self._checked(cells, role))

    def _checked(self, cells: Mapping[str, str], role: Role) -> CheckedOfficial:
        notes: list[Message] = []
        unit = self._units.get(same_name_key(cells["unit"])) if cells["unit"] else None
        if cells["unit"] and unit is None:
            notes.append(
                msg("“%(unit)s”不是参赛单位，单位记下来，不用按单位回避", unit=cells["unit"])
            )
        bare = self._code_of.get((same_name_key(cells["name"]), role, ""))
        named = [it for it in self._codes.get(same_name_key(cells["name"]), []) if it != bare]
        if bare:
            notes.append(
                msg(
                    "名单里有同名的 %(who)s，没写单位：是同一个人就把表里这一行去掉，"
                    "到裁判名单里更正他，补上单位",
                    who=bare,
                )
            )
        if named:
            notes.append(msg("名单里已经有同名的 %(who)s", who=some_of(named, len(named))))
        expert = self._expert(cells)
        if expert is not None:
            notes.append(msg("专家库里有他，资格照那里"))
        return CheckedOfficial(
            cells["name"], role, unit, expert, cells["code"], cells["unit"], notes
        )

    def _code_faults(self, code: str) -> dict[str, Message]:
        if not code:
            return {}
        if not _CODE.fullmatch(code):
            return {"code": msg("编号只用汉字、字母、数字和 -，最多 20 个字")}
        if code in self._owners:
            return {"code": msg("编号 %(code)s 是 %(who)s 的", code=code, who=self._owners[code])}
        return {}

    def _expert(self, cells: Mapping[str, str]) -> Expert | None:
        """The expert of the pool with this name and unit who is not on the list yet, or None."""
        if not cells["unit"]:
            return None
        experts = experts_by_name(cells["name"], cells["unit"])
        return next((it for it in experts if it.person_id not in self._people), None)

    def _key(self, cells: Mapping[str, str]) -> tuple[str, Role | None, str]:
        """The key of the official, as the list keeps them."""
        name, role = same_name_key(cells["name"]), _role_of(cells["duty"])
        return name, role, same_name_key(cells["unit"])


def _role_of(word: str) -> Role | None:
    """The role of a word; None for what is no role; judges may be left unsaid."""
    if not word:
        return Role.JUDGE
    roles = (role for role, known in ROLE_WORDS.items() if word in (str(known), role.value))
    return next(roles, _OTHER_WORDS.get(word))


def why_official_stays(judge: Judge) -> Message | None:
    """Say why the official cannot be taken off the list, or None."""
    competition = db.session.get_one(Competition, judge.competition_id)
    if competition.state is CompetitionState.FINAL:
        return msg("竞赛已经结束，不再改名单")
    if tables_naming(judge):
        return msg("他有登录卡、分工、回避关系或者评分记录，不能删；换了人，用“换人”")
    # The code is free again, and whoever got it next would keep them.
    if any(judge.code in coding.keepers for coding in settings_of(competition).coding.values()):
        return msg("他保管加密号，不能删；先在“加密号”页换一个加密裁判")
    return None


def remove_official(judge: Judge, by: Account) -> None:
    """Take the official off the list; the code is free again. Raises `Refused` where they stay."""
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, judge.competition_id))
        session.refresh(judge)
        refuse_if(why_official_stays(judge))
        code, name = judge.code, judge.name
        role = str(ROLE_WORDS[judge.role]) if judge.role else ""
        session.delete(judge)
        session.flush()
        session.refresh(competition, ["judges"])
        before = {"name": name, "role": role}
        after = {"name": name, "people": seal_people(competition, ())}
        audit.record(competition, by, "judge.remove", code, before=before, after=after)
