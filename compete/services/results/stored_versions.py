"""A version of what is announced is stored: by publishing, and where what bends came after it."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.canonical import sealed_text
from compete.models import Account, Competition, LabourRuleChange, Publication, db, utc_now
from compete.models.types import keyed_hash
from compete.services.closing.grade_decisions import as_published, decided_grades
from compete.services.kernel import audit
from compete.services.kernel.publications import latest_publication, next_version
from compete.services.kernel.transactions import changing
from compete.services.log.sequencing import then_logged
from compete.services.registration.carried_modules import void_changed
from compete.services.results.bends import bends_of, with_bends
from compete.services.results.consequences import work_out
from compete.services.results.snapshots import chosen_parts, digest, names_of, snapshot_files
from compete.services.results.verdict_sums import packed_sums
from compete.services.results.version_listeners import tells_listeners
from compete.services.scoring.public_columns import CHOICES


@tells_listeners
@then_logged
def publish_bends(competition: Competition, by: Account) -> Publication:
    """A further version, if anything bent what was promised since the last; the one in force.

    It differs from the last in what is said of that alone. Somebody is told what was published
    already, so there is a version.
    """
    before = latest_publication(competition)
    assert before is not None
    stored, results = snapshot_files(before)
    bundle = msgspec.json.decode(stored, type=Bundle)
    files = write_bundle(with_bends(bundle, competition), "json"), results
    with changing(competition) as competition:
        newest = latest_publication(competition)
        assert newest is not None
        if newest.id != before.id or files[0] == stored:
            return newest
        return store_version(
            competition,
            packed(competition, files),
            by,
            bends_of(competition)[-1].what.render(),
            at=utc_now(),
            notice_until=before.notice_until,
            appeals_until=before.appeals_until,
            also=chosen_parts(before),
            periods=before.periods,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedVersion:
    """What is stored of a version, packed before anything was locked: that takes longest."""

    bundle: bytes
    results: bytes
    sha256: str
    names: bytes
    names_hash: str
    grades: Mapping[str, list[int | str]]
    sums: dict[str, Any] | None


def packed(competition: Competition, files: tuple[bytes, bytes]) -> PackedVersion:
    """The bundle and its results as they are stored, with everybody's name and grade of now."""
    names = sealed_text(names_of(competition))
    return PackedVersion(
        bundle=zlib.compress(files[0], 6),
        results=zlib.compress(files[1], 6),
        sha256=digest(*files),
        names=zlib.compress(names, 6),
        names_hash=keyed_hash(names.decode()),
        grades=as_published(decided_grades(competition)),
        sums=packed_sums(competition, files[1]),
    )


def with_grades_of_now(competition: Competition, version: PackedVersion) -> PackedVersion:
    """The same, as grades were written since it was packed."""
    return replace(version, grades=as_published(decided_grades(competition)))


def store_version(
    competition: Competition,
    version: PackedVersion,
    by: Account,
    note: str,
    *,
    at: datetime,
    notice_until: datetime | None,
    appeals_until: datetime | None,
    also: Collection[str],
    periods: Sequence[str] | None = None,
) -> Publication:
    """Store what was `packed` as the next version, and what follows from it.

    What was brought from here to other evaluations is void where it no longer follows.
    """
    publication = Publication(
        competition_id=competition.id,
        version=next_version(competition),
        bundle=version.bundle,
        results=version.results,
        rule_versions={
            event.code: {"version": event.rules.number, "sha256": event.rules.sha256}
            for event in competition.events
        }
        | _labour_rules(competition),
        sha256=version.sha256,
        published_at=at,
        published_by=by.id,
        notice_until=notice_until,
        appeals_until=appeals_until,
        note=note.strip() or None,
        grades=dict(version.grades),
        names=version.names,
        also_told=[choice for choice in CHOICES if choice in also],
        periods=list(periods) if periods is not None else None,
        sums=version.sums,
    )
    db.session.add(publication)
    db.session.flush()
    waiting = work_out(competition, publication, by)
    for number in void_changed(publication, by):
        # What was certified there on a mark that is void now is to be settled there.
        home = db.session.get_one(Competition, number)
        latest = latest_publication(home)
        if latest is not None:
            work_out(home, latest, by)
    after = {
        "version": publication.version,
        "sha256": publication.sha256,
        "names": version.names_hash,
        "also_told": publication.also_told,
        "waiting": waiting,
        **({"periods": publication.periods} if periods is not None else {}),
    }
    audit.record(
        competition, by, "results.publish", competition.code, after=after, reason=publication.note
    )
    return publication


def _labour_rules(competition: Competition) -> dict[str, dict[str, int | str]]:
    """The version of a labour competition's rules, once there is more than one."""
    newest = db.session.execute(
        select(LabourRuleChange.number, LabourRuleChange.sha256)
        .where(
            LabourRuleChange.competition_id == competition.id,
            LabourRuleChange.number.is_not(None),
        )
        .order_by(LabourRuleChange.number.desc())
        .limit(1)
    ).first()
    return {"labour": {"version": newest[0], "sha256": newest[1]}} if newest else {}
