"""Drafts: a new competition out of a file, an earlier edition, a template or nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import count
from typing import Any

import msgspec

from compete.domain.bundle import types
from compete.domain.bundle.evaluation_facts import day_of
from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.versions import NEWEST
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.kinds import Kind, Level
from compete.domain.values.messages import msg
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import grant_role
from compete.services.competitions.details import NO_DAY, day_fault
from compete.services.competitions.loading import broken_off, code_alike, load_bundle
from compete.services.competitions.set_up import marks_now
from compete.services.kernel.competition_settings import SetUp, change_settings
from compete.services.kernel.refusal import FieldRefused, Refusal
from compete.services.labour.departments import save_department
from compete.services.results.indicator_departments import DEPARTMENTS

LONGEST_CODE = 40
LONGEST_TITLE = 200
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_TAKEN_BY_PAGES = frozenset({"new", "accounts", "bodies", "invitations", "organisations", "people"})
"""Addresses at which something else stands."""
_YEAR_AT_END = re.compile(r"-?[0-9]{4}$")


class Origin(StrEnum):
    """The source that a competition was made from."""

    FILE = "file"
    EDITION = "edition"
    TEMPLATE = "template"
    BLANK = "blank"
    EVALUATION = "evaluation"
    SMALL = "small"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginnings:
    """The details of a competition that is to be made."""

    name: str
    code: str
    year: int | None = None
    starts: date | None = None
    ends: date | None = None
    level: Level | None = None
    """None: as the edition or the template has it, else of the enterprise."""

    @property
    def of_year(self) -> int | None:
        """The year that was written, else that of the first day."""
        return self.year or (self.starts.year if self.starts else None)


def check_beginnings(wanted: Beginnings) -> list[FieldRefused]:
    """List all that cannot be taken, at most one thing for each field."""
    faults = []
    if not wanted.name:
        faults.append(FieldRefused("name", msg("名称要写")))
    if len(wanted.name) > LONGEST_TITLE:
        faults.append(FieldRefused("name", msg("最多 %(max)s 个字", max=LONGEST_TITLE)))
    try:
        check_code(wanted.code)
    except FieldRefused as refused:
        faults.append(refused)
    if fault := day_fault(wanted.starts, wanted.ends):
        faults.append(fault)
    return faults


def check_code(code: str) -> None:
    """Raise `FieldRefused` for a code that no address can bear, or that is taken."""
    if not code:
        raise FieldRefused("code", msg("编号要写"))
    if len(code) > LONGEST_CODE:
        raise FieldRefused("code", msg("编号最长 %(most)s 个字", most=LONGEST_CODE))
    if not _CODE.fullmatch(code):
        raise FieldRefused("code", msg("编号只用字母、数字、- 和 _，字母或数字开头，如 FORK-2026"))
    if code.lower() in _TAKEN_BY_PAGES:
        raise FieldRefused("code", msg("“%(code)s”留给系统自己用，换一个", code=code))
    alike = code_alike(code)
    if alike is not None:
        raise FieldRefused(
            "code", msg("已经有编号为“%(code)s”的竞赛，换一个", code=alike), Refusal.CONFLICT
        )


def propose_code(base: str, year: int | None) -> str:
    """A free code after another's: FORK-2022 gives FORK-2023, and FORK-2023-2 where that is taken.

    What no address can bear is left out of it.
    """
    stem = "".join(_CODE.findall(_YEAR_AT_END.sub("", base)))[: LONGEST_CODE - 12].rstrip("-_")
    first = f"{stem or 'C'}-{year}" if year else stem or "C"
    numbered = (f"{first}-{number}" for number in count(2))
    return next(code for code in (first, *(next(numbered) for _ in range(50))) if _is_free(code))


def _is_free(code: str) -> bool:
    return code.lower() not in _TAKEN_BY_PAGES and code_alike(code) is None


def begun(wanted: Beginnings, like: types.Competition) -> types.Competition:
    """What another says of itself, with the name, code, year and days that are wanted."""
    return msgspec.structs.replace(
        like,
        code=wanted.code,
        name=wanted.name,
        level=wanted.level or like.level,
        year=wanted.of_year,
        starts=wanted.starts,
        ends=wanted.ends,
    )


def blank(wanted: Beginnings, kind: Kind = Kind.SKILLS, **parts: Any) -> types.Bundle:
    """A competition of which nothing is settled but these parts of a bundle."""
    bare = types.Competition(code="", name="", kind=kind, level=Level.ENTERPRISE)
    return types.Bundle(format=NEWEST, competition=begun(wanted, bare), **parts)


def read_blank(wanted: Beginnings, kind: Kind = Kind.SKILLS, **parts: Any) -> types.Bundle:
    """The blank one with these parts as a file writes them, read as any file.

    Raises `BundleError` for what no file can say either.
    """
    tree = msgspec.to_builtins(blank(wanted, kind)) | parts
    return read_bundle(json.dumps(tree, ensure_ascii=False, default=str).encode())


def renamed(bundle: types.Bundle, *, name: str, code: str) -> types.Bundle:
    """The same competition under another name and code."""
    competition = msgspec.structs.replace(bundle.competition, name=name, code=code)
    return msgspec.structs.replace(bundle, competition=competition)


def make_draft(
    bundle: types.Bundle,
    origin: Origin,
    of: str,
    by: Account,
    settings: Mapping[str, Any] | None = None,
    like: str = "",
) -> Competition:
    """Write it down, registering and with nothing open; whoever makes it becomes its organiser.

    A large file goes in by parts, and nobody is shown any of it before the last; one that broke
    off is gone on with (`load_bundle`).

    `of` says from which file, edition or template, `like` is the edition's code or the
    template's key. What came along has to be looked at before registration opens (`set_up`).
    Raises `FieldRefused` for a code that cannot be, `Refused` as `load_bundle` does.
    """
    if any(it.verdict and not day_of(it, bundle.competition) for it in bundle.events):
        raise FieldRefused("starts", NO_DAY)
    if broken_off(bundle) is None:
        check_code(bundle.competition.code)
    # A file that brings its people has been entered for already: nobody waits for a link.
    entered = origin is Origin.FILE and bool(bundle.entrants)

    def end(competition: Competition) -> None:
        if settings:
            change_settings(competition, **settings)
        if origin is Origin.FILE and bundle.labour is not None:
            _make_departments(competition, bundle.labour, by)
        if competition_kind(competition).ranks_people and not entered:
            _begin_set_up(competition, origin, of, like)
        if competition_kind(competition).has_sittings and origin is Origin.EDITION:
            change_settings(competition, batch_before=like)
        grant_role(by, competition, Role.ORGANISER, by=by)

    return load_bundle(
        bundle,
        by=by,
        registering=True,
        origin={"from": origin.value, "of": of[:200]},
        at_end=end,
    )


def _make_departments(competition: Competition, labour: Labour, by: Account) -> None:
    """Make the file's departments, with those indicators that exist and nobody else has."""
    departments = (labour.extra or {}).get(DEPARTMENTS)
    free, names = [indicator.code for indicator in labour.indicators], set()
    for row in departments if isinstance(departments, list) else ():
        if not isinstance(row, dict):
            continue
        name, codes = row.get("name"), row.get("indicators")
        if not isinstance(name, str) or not isinstance(codes, list) or name in names:
            continue
        own = [code for code in free if code in codes]
        if name.strip() and own:
            save_department(competition, name, own, None, by)
            free = [code for code in free if code not in own]
            names.add(name)


def _begin_set_up(competition: Competition, origin: Origin, of: str, like: str) -> None:
    if origin in (Origin.BLANK, Origin.FILE):
        change_settings(competition, set_up=SetUp())
        return
    begun = marks_now(competition, whole=origin is Origin.EDITION)
    set_up = SetUp(of=like, template=origin is Origin.TEMPLATE, called=of, begun=begun)
    change_settings(competition, set_up=set_up)
