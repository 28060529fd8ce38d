"""Reading what was published: versions, stored files, their hash, whole names."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import delete, func, select
from sqlalchemy.orm import aliased, joinedload

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import EvaluationResults, EventResults, Results
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.types import Entrant as Registered
from compete.domain.evaluation.passed import passed_list, write_passed
from compete.domain.evaluation.unranked_results import unranked
from compete.domain.identity.masks import pseudonym, shown_crew_name
from compete.domain.kinds.kinds import competition_kind, kinds_where
from compete.domain.values.canonical import sealed_text
from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition, Entrant, Member, Publication, StoredPage, db
from compete.services.kernel.clock import moment_words

EVERYBODY = "*"
"""In `Publication.erased`: nobody's name is shown any more."""


def digest(bundle: bytes, results: bytes) -> str:
    """The SHA-256 in hex over both files, each preceded by its length in eight bytes."""
    whole = hashlib.sha256()
    for part in (bundle, results):
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()


def published_already(publication: Publication) -> Message:
    """Tell whoever would publish the same again who was quicker, and when."""
    who = db.session.get_one(Account, publication.published_by)
    return msg(
        "没有要公布的：第 %(n)s 版已经公布了（%(who)s，%(when)s）",
        n=publication.version,
        who=who.name,
        when=moment_words(publication.published_at),
    )


def newest_publications() -> list[Publication]:
    """The newest version of each skills competition that is announced, the last one first."""
    rows = db.session.scalars(
        select(Publication)
        .join(Competition, Competition.id == Publication.competition_id)
        .where(
            Publication.withdrawn_at.is_(None),
            Competition.kind.in_(kinds_where(lambda kind: kind.of_people)),
        )
        .order_by(Publication.published_at.desc())
    )
    newest: dict[int, Publication] = {}
    for row in rows:
        newest.setdefault(row.competition_id, row)
    return list(newest.values())


def announced_page(*, limit: int, offset: int) -> tuple[Sequence[Publication], int]:
    """A page of the newest versions of all that is announced, the last first, and how many."""
    newer = aliased(Publication)
    newest = (
        select(func.max(newer.version))
        .where(newer.competition_id == Publication.competition_id, newer.withdrawn_at.is_(None))
        .correlate(Publication)
        .scalar_subquery()
    )
    query = select(Publication).where(
        Publication.withdrawn_at.is_(None), Publication.version == newest
    )
    total = db.session.scalar(query.with_only_columns(func.count(Publication.id))) or 0
    page = query.order_by(Publication.published_at.desc(), Publication.id.desc())
    rows = db.session.scalars(
        page.options(joinedload(Publication.competition).selectinload(Competition.events))
        .limit(limit)
        .offset(offset)
    )
    return rows.all(), total


def publications(competition: Competition) -> Sequence[Publication]:
    """List every version, newest first."""
    return db.session.scalars(
        select(Publication)
        .where(Publication.competition_id == competition.id)
        .order_by(Publication.version.desc())
    ).all()


def standing_publications(competition: Competition) -> list[Publication]:
    """List every version that may be read, newest first; the first is the one in force."""
    return [
        publication for publication in publications(competition) if publication.withdrawn_at is None
    ]


def version_at(versions: Iterable[Publication], at: datetime) -> Publication | None:
    """The one of these versions, the newest first, that was out at that moment; or None."""
    return next((version for version in versions if version.published_at <= at), None)


def chosen_parts(publication: Publication | None) -> frozenset[str]:
    """The parts chosen to go out besides what the rules ask for; nothing by default."""
    return frozenset(publication.also_told or ()) if publication else frozenset()


def snapshot_files(publication: Publication) -> tuple[bytes, bytes]:
    """The published bundle and results, byte for byte as they were stored."""
    return zlib.decompress(publication.bundle), zlib.decompress(publication.results)


def public_files(publication: Publication) -> tuple[bytes, bytes]:
    """The files that anyone may have of a version; of an evaluation only who passed."""
    if not competition_kind(publication.competition).tells_passed_alone:
        return snapshot_files(publication)
    file = write_passed(passed_list(read_snapshot(publication)[0]))
    return file, file


def stored_fault(publication: Publication) -> Message | None:
    """The fault in the files that are stored of a version; None for nothing."""
    for column in ("bundle", "results"):
        try:
            zlib.decompress(getattr(publication, column))
        except (zlib.error, TypeError):
            return msg(
                "第 %(n)s 版的文件打不开：publication %(row)s %(column)s 写入后被改过",
                n=publication.version,
                row=publication.id,
                column=column,
            )
    if digest(*snapshot_files(publication)) != publication.sha256:
        return msg("第 %(n)s 版公布的成绩和核对词不一致", n=publication.version)
    return None


def read_snapshot(publication: Publication) -> tuple[Bundle, Results]:
    """The published bundle and results as types; kept in memory by their hash.

    Whose personal data were erased bears a pseudonym; the stored files stay as they are.
    """
    erased = tuple(publication.erased or ())
    return _read(publication.id, publication.sha256, erased)


class Unpublished(NamedTuple):
    """The version that would go out if the results of now were published."""

    bundle: Bundle
    results: Results


def published_event(
    version: Publication | Unpublished, code: str
) -> tuple[Event, EventResults] | None:
    """The rules and the results of an event in a version; None where it tells nothing of it."""
    bundle, results = version if isinstance(version, Unpublished) else read_snapshot(version)
    event = next((event for event in results.events if event.code == code), None)
    if event is None:
        return None
    return next(rules for rules in bundle.events if rules.code == code), event


@lru_cache(maxsize=16)
def _read(publication_id: int, _sha256: str, erased: tuple[str, ...]) -> tuple[Bundle, Results]:
    publication = db.session.get_one(Publication, publication_id)
    files = snapshot_files(publication)
    bundle = _with_crews(msgspec.json.decode(files[0], type=Bundle), publication)
    if erased:
        bundle = _without_names(bundle, frozenset(erased))
    if competition_kind(bundle.competition).tells_passed_alone:
        return bundle, unranked(msgspec.json.decode(files[1], type=EvaluationResults), bundle)
    return bundle, msgspec.json.decode(files[1], type=Results)


def _with_crews(bundle: Bundle, publication: Publication) -> Bundle:
    """The bundle with crews by names, which earlier versions had masked like a person's."""
    names = published_names(publication) if publication.names is not None else {}

    def called(entrant: Registered) -> str:
        codes = [entrant.code, *(member.code for member in entrant.members)]
        if not entrant.members or any(code not in names for code in codes):
            return entrant.name
        own, *members = (names[code] for code in codes)
        return shown_crew_name(own, entrant.code, members)

    if not any(entrant.members for entrant in bundle.entrants):
        return bundle
    return replace(
        bundle,
        entrants=tuple(replace(entrant, name=called(entrant)) for entrant in bundle.entrants),
    )


def _without_names(bundle: Bundle, erased: frozenset[str]) -> Bundle:
    """The bundle with pseudonyms for these people, or for all."""
    return renamed(
        bundle,
        lambda code, name: pseudonym(code) if code in erased or EVERYBODY in erased else name,
    )


def renamed(bundle: Bundle, name: Callable[[str, str], str]) -> Bundle:
    """The bundle with other names of people, by what `name` makes of code and name."""
    return replace(
        bundle,
        entrants=tuple(
            replace(
                entrant,
                name=name(entrant.code, entrant.name),
                members=tuple(
                    replace(member, name=name(member.code, member.name))
                    for member in entrant.members
                ),
            )
            for entrant in bundle.entrants
        ),
    )


def published_names(publication: Publication) -> dict[str, str]:
    """The whole names by the codes of entrants and members, as they were on the day.

    Never for a page of others.
    A version from before names were kept with it gives those of today.
    """
    if publication.names is not None:
        names: dict[str, str] = json.loads(zlib.decompress(publication.names))
        return names
    return names_of(publication.competition)


def names_of(competition: Competition) -> dict[str, str]:
    """The whole names by the codes of entrants and members as they are registered now."""
    names: dict[str, str] = {}
    for table in (Entrant, Member):
        rows = db.session.execute(
            select(table.code, table.name).where(table.competition_id == competition.id)
        )
        names |= dict(rows.tuples().all())
    return names


def forget_names(competition: Competition, codes: Collection[str] | None) -> None:
    """Take the names of these people (None: of all) out of what is shown of every version.

    Whole names are kept no more; what was stored and hashed stays, with masked ones. Inside a
    unit of work that records it, after the people bear their pseudonyms.
    """
    for publication in publications(competition):
        if codes is None:
            publication.erased = [EVERYBODY]
        elif EVERYBODY not in (publication.erased or ()):
            publication.erased = sorted({*(publication.erased or ()), *codes})
        if publication.names is not None:
            names = {
                code: pseudonym(code) if codes is None or code in codes else name
                for code, name in published_names(publication).items()
            }
            publication.names = zlib.compress(sealed_text(names), 6)
    db.session.execute(delete(StoredPage).where(StoredPage.competition_id == competition.id))
