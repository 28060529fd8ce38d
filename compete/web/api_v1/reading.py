"""What other systems read: competitions, what was published, and who is entered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from zlib import crc32

import msgspec
from flask import url_for
from flask_babel import gettext as _

from compete.domain.bundle.results import EventResults
from compete.domain.bundle.types import Bundle
from compete.domain.identity.masks import mask_name
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Publication
from compete.services.accounts.api_rows import competitions_after, entrants_after
from compete.services.accounts.api_tokens import Scope
from compete.services.results.snapshots import read_snapshot, standing_publications
from compete.services.schedule.calendars import turns_of
from compete.services.scoring.live import live_results
from compete.services.sheets.blind_codes import require_unblinded
from compete.web.api_v1.operations import (
    MOST_ROWS,
    Operation,
    Page,
    PagedQuery,
    Query,
    Tagged,
    asking_token,
    cursor_after,
    number_after,
    operation,
    own_competition,
    part_of,
    read_cursor,
    reads_people,
    refuse_parameter,
    require_scope,
    seen_competition,
)
from compete.web.api_v1.people import ENTRANT, EntrantOut, entrant_answer, entrant_out, own_entrant
from compete.web.problems import refuse
from compete.web.public.results import is_withheld


class EventOut(msgspec.Struct, frozen=True):
    """An event of a competition."""

    code: str
    name: str


class PublicationOut(msgspec.Struct, frozen=True):
    """A published version, and where its files are."""

    version: int
    kind: str
    """`published` at first, then `corrected`; `final` where it is the one that stands for good."""
    at: datetime
    sha256: str
    note: str | None
    bundle: str | None
    results: str | None
    proof: str


class CompetitionOut(msgspec.Struct, frozen=True):
    """A competition."""

    code: str
    name: str
    kind: str
    year: int | None
    starts: date | None
    ends: date | None
    host: str | None
    state: str


class CompetitionDetail(CompetitionOut, frozen=True):
    """A competition with its events and what was published last."""

    events: list[EventOut]
    latest: PublicationOut | None


class StandingOut(msgspec.Struct, frozen=True):
    """A row as published, or with `live` as of now, which is not public.

    The name is masked as on the public page; of now it is whole for `people:read`.
    """

    event: str
    entrant: str
    name: str
    unit: str
    rank: int | None
    status: str
    total: str | None
    version: int | None
    live: bool = False


class PersonOut(msgspec.Struct, frozen=True):
    """Somebody in a session; the name is masked as on the public page."""

    entrant: str
    name: str


class SessionOut(msgspec.Struct, frozen=True):
    """A turn of the plan: at one station, or at none in particular."""

    event: str
    stage: str
    module: str
    session: str | None
    station: str | None
    starts: datetime | None
    ends: datetime | None
    entrants: list[PersonOut]


class CompetitionsQuery(PagedQuery, frozen=True, kw_only=True):
    """Which competitions."""

    state: CompetitionState | None = None
    kind: Kind | None = None
    year: Annotated[int, msgspec.Meta(ge=1900, le=9999)] | None = None
    q: Annotated[str, msgspec.Meta(max_length=100)] | None = None


class StandingsQuery(PagedQuery, frozen=True, kw_only=True):
    """Of which event; `live` for the rows of now."""

    event: Annotated[str, msgspec.Meta(max_length=80)] | None = None
    live: bool = False


_PUBLICATION = {
    "version": 1,
    "kind": "published",
    "at": "2026-09-18T10:20:00Z",
    "sha256": "0" * 64,
    "note": None,
    "bundle": "/p/FORK-2026/bundle.json?version=1",
    "results": "/p/FORK-2026/results.json?version=1",
    "proof": "/log/check/FORK-2026",
}
_COMPETITION = {
    "code": "FORK-2026",
    "name": "叉车司机技能竞赛",
    "kind": "skills",
    "year": 2026,
    "starts": "2026-09-17",
    "ends": "2026-09-18",
    "host": "省总工会",
    "state": "notice",
}
_STANDING = {
    "event": "forklift",
    "entrant": "A01",
    "name": "赵*明",
    "unit": "一分厂",
    "rank": 1,
    "status": "ranked",
    "total": "91.50",
    "version": 1,
    "live": False,
}
_SESSION = {
    "event": "forklift",
    "stage": "final",
    "module": "drive",
    "session": "第1场",
    "station": "2号工位",
    "starts": "2026-09-17T08:30:00+08:00",
    "ends": None,
    "entrants": [{"entrant": "A01", "name": "赵*明"}],
}


@operation(
    Operation(
        name="competitions",
        path="/competitions",
        scope=None,
        summary=msg("竞赛：公布过的；令牌有 admin:read 就是它看得到的全部"),
        query=CompetitionsQuery,
        answer=Page[CompetitionOut],
        example={"data": [_COMPETITION], "next": None},
    )
)
def competitions(query: CompetitionsQuery) -> Page[CompetitionOut]:
    """List competitions, in the order in which they were made."""
    columns = {name: getattr(query, name) for name in ("state", "kind", "year")}
    rows = competitions_after(
        asking_token(),
        number_after(query.cursor),
        query.limit + 1,
        being={name: value for name, value in columns.items() if value is not None},
        saying=query.q,
    )
    shown, following = part_of(rows, query, lambda row: row.id)
    return Page([CompetitionOut(**_plain(row)) for row in shown], following)


@operation(
    Operation(
        name="competition",
        path="/competitions/<code>",
        scope=None,
        summary=msg("一个竞赛：项目和最近一次公布"),
        answer=CompetitionDetail,
        example={
            **_COMPETITION,
            "events": [{"code": "forklift", "name": "叉车"}],
            "latest": _PUBLICATION,
        },
    )
)
def competition(code: str, query: Query) -> CompetitionDetail:
    """Tell of one competition."""
    row = seen_competition(code)
    versions = standing_publications(row)
    return CompetitionDetail(
        **_plain(row),
        events=[EventOut(event.code, event.name) for event in row.events],
        latest=_publication(versions[0], versions) if versions else None,
    )


@operation(
    Operation(
        name="publications",
        path="/competitions/<code>/publications",
        scope=None,
        summary=msg("公布过的各版，新的在前"),
        query=PagedQuery,
        answer=Page[PublicationOut],
        example={"data": [_PUBLICATION], "next": None},
    )
)
def publications(code: str, query: PagedQuery) -> Page[PublicationOut]:
    """List the published versions, the newest first."""
    versions = standing_publications(seen_competition(code))
    before = number_after(query.cursor)
    rows = [row for row in versions if before is None or row.version < before]
    shown, following = part_of(rows, query, lambda row: row.version)
    return Page([_publication(row, versions) for row in shown], following)


@operation(
    Operation(
        name="publication",
        path="/competitions/<code>/publications/<int:version>",
        scope=None,
        summary=msg("公布的一版，和它的文件、证明的地址"),
        answer=PublicationOut,
        example=_PUBLICATION,
    )
)
def publication(code: str, version: int, query: Query) -> PublicationOut:
    """Tell of one published version."""
    versions = standing_publications(seen_competition(code))
    row = next((row for row in versions if row.version == version), None)
    if row is None:
        refuse(404, _("没有第 %(n)s 版", n=version))
    return _publication(row, versions)


@operation(
    Operation(
        name="standings",
        path="/competitions/<code>/standings",
        scope=None,
        summary=msg("最近一次公布的名次，姓名按公布页遮住；live=1 读现在的，要 results:read"),
        query=StandingsQuery,
        answer=Page[StandingOut],
        example={"data": [_STANDING], "next": None},
    )
)
def standings(code: str, query: StandingsQuery) -> Page[StandingOut]:
    """List the published rows, or those of now; a cursor goes on in what it began in."""
    if query.live:
        return _live_standings(code, query)
    versions = standing_publications(seen_competition(code))
    after = read_cursor(query.cursor, 2)
    row = next((row for row in versions if after is None or row.version == after[0]), None)
    if row is None:
        refuse(404, _("成绩还没有公布，或者这一版撤了"))
    if _ranks_nobody(row.competition) or is_withheld(row, versions):
        refuse(409, _("这个竞赛现在没有可读的名次"))
    bundle, results = read_snapshot(row)
    rows = _standings(bundle, results.events, query, version=row.version)
    start = 0 if after is None else after[1]
    end = start + query.limit
    return Page(rows[start:end], cursor_after(row.version, end) if end < len(rows) else None)


def _live_standings(code: str, query: StandingsQuery) -> Page[StandingOut]:
    require_scope(Scope.RESULTS_READ)
    row, token = own_competition(code, Scope.RESULTS_READ), asking_token()
    assert token is not None
    if _ranks_nobody(row):
        refuse(409, _("这个竞赛现在没有可读的名次"))
    chosen = [event for event in row.events if query.event in (None, event.code)]
    require_unblinded(row, chosen, token.account)
    live = live_results(row)
    rows = _standings(live.bundle, live.results.events, query, version=None)
    # They move: what goes on in others would tell of somebody twice and of another never.
    mark = crc32(msgspec.json.encode(rows))
    after = read_cursor(query.cursor, 2) or (mark, 0)
    if after[0] != mark:
        refuse(409, _("名次变了，从第一页再读；一次最多 %(n)s 行", n=MOST_ROWS))
    end = after[1] + query.limit
    shown = rows[after[1] : end]
    if not reads_people(row, count=len(shown)):
        shown = [msgspec.structs.replace(line, name=mask_name(line.name)) for line in shown]
    return Page(shown, cursor_after(mark, end) if end < len(rows) else None)


def _ranks_nobody(competition: Competition) -> bool:
    kind = competition_kind(competition)
    return kind.has_periods or kind.tells_passed_alone


def _standings(
    bundle: Bundle, events: Sequence[EventResults], query: StandingsQuery, *, version: int | None
) -> list[StandingOut]:
    if query.event is not None and query.event not in {event.code for event in events}:
        refuse_parameter("event", _("没有项目 %(code)s", code=query.event))
    people = {entrant.code: entrant for entrant in bundle.entrants}
    units = {unit.code: unit.name for unit in bundle.units}
    return [
        StandingOut(
            event=event.code,
            entrant=line.entrant,
            name=people[line.entrant].name,
            unit=units[people[line.entrant].unit],
            rank=line.rank,
            status=line.status,
            total=line.total,
            version=version,
            live=version is None,
        )
        for event in events
        if query.event in (None, event.code)
        for line in event.standings
    ]


@operation(
    Operation(
        name="entrants",
        path="/competitions/<code>/entrants",
        scope=Scope.REGISTRATION_READ,
        summary=msg("参赛的人；证件号码和电话要 people:read，每次都留记录"),
        query=PagedQuery,
        answer=Page[EntrantOut],
        example={"data": [ENTRANT], "next": None},
    )
)
def entrants(code: str, query: PagedQuery) -> Page[EntrantOut]:
    """List who is entered, in the order of entry."""
    row = own_competition(code, Scope.REGISTRATION_READ)
    rows = entrants_after(row, number_after(query.cursor), query.limit + 1)
    shown, following = part_of(rows, query, lambda entrant: entrant.id)
    whole = reads_people(row, count=len(shown))
    return Page([entrant_out(entrant, whole=whole) for entrant in shown], following)


@operation(
    Operation(
        name="entrant",
        path="/competitions/<code>/entrants/<entrant>",
        scope=Scope.REGISTRATION_READ,
        summary=msg("一个参赛的人，退赛的也在"),
        answer=EntrantOut,
        example=ENTRANT,
    )
)
def entrant(code: str, entrant: str, query: Query) -> Tagged:
    """Tell of somebody who is entered, or was."""
    row = own_competition(code, Scope.REGISTRATION_READ)
    return entrant_answer(row, own_entrant(row, entrant))


@operation(
    Operation(
        name="schedule",
        path="/competitions/<code>/schedule",
        scope=None,
        summary=msg("场次和工位，姓名遮住；盲评的项目不写谁在哪"),
        query=PagedQuery,
        answer=Page[SessionOut],
        example={"data": [_SESSION], "next": None},
    )
)
def schedule(code: str, query: PagedQuery) -> Page[SessionOut]:
    """List the turns of the plan, in its order."""
    row = seen_competition(code)
    start = number_after(query.cursor) or 0
    turns = turns_of(row)
    shown = [
        SessionOut(
            event=turn.event,
            stage=turn.stage,
            module=turn.module,
            session=turn.session or None,
            station=turn.station or None,
            starts=turn.starts,
            ends=turn.ends,
            entrants=[PersonOut(who, mask_name(name)) for who, name in turn.people],
        )
        for turn in turns[start : start + query.limit]
    ]
    end = start + query.limit
    return Page(shown, cursor_after(end) if end < len(turns) else None)


def _plain(row: Competition) -> dict[str, Any]:
    names = CompetitionOut.__struct_fields__
    return {name: getattr(row, name) for name in names} | {"state": row.state.value}


def _kind_of(row: Publication, versions: list[Publication]) -> str:
    if row.id == versions[0].id and row.competition.state is CompetitionState.FINAL:
        return "final"
    return "published" if row.version == versions[-1].version else "corrected"


def _publication(row: Publication, versions: list[Publication]) -> PublicationOut:
    address: dict[str, Any] = {"code": row.competition.code, "version": row.version}
    withheld = is_withheld(row, versions)
    return PublicationOut(
        version=row.version,
        kind=_kind_of(row, versions),
        at=row.published_at,
        sha256=row.sha256,
        note=row.note,
        bundle=None if withheld else url_for("public.bundle", **address),
        results=None if withheld else url_for("public.results", **address),
        proof=url_for("log.check", code=row.competition.code),
    )
