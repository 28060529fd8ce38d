"""The version of the results that a public page shows, and the other versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from compete.domain.values.hashwords import hash_phrase
from compete.models import Publication
from compete.services.kernel.printed_hashes import ChainRecord, publication_record
from compete.services.kernel.public_reasons import masked_words
from compete.services.results.bends import Bend, bends_of
from compete.web.language import say
from compete.web.shapes import Chip
from compete.web.templating import dated_moment


@dataclass(frozen=True, slots=True)
class Edition:
    """The version, the newest one, and the words about it on every page that shows it."""

    publication: Publication
    newest: Publication
    chips: Sequence[Chip]
    old: int | None
    """The version's number where it is not the newest: then addresses name it."""
    older: Sequence[Publication]
    """None on the page of an old one."""
    note: str
    """The words on it, whoever they name masked; empty for none."""
    bends: Sequence[str]
    """The departures from what was promised, who made them and why: a sentence each."""
    words: str
    """The words of the stored file's hash."""
    record: ChainRecord | None
    """Its record in the chain."""


def old_number(publication: Publication, versions: Sequence[Publication]) -> int | None:
    """The version's number where it is not the newest of all, which stands first."""
    return None if publication.id == versions[0].id else publication.version


def edition_of(
    publication: Publication,
    versions: Sequence[Publication],
    chips: Sequence[Chip],
    event: str | None = None,
) -> Edition:
    """Describe a version; `versions` are all of the competition's, newest first."""
    old = old_number(publication, versions)
    return Edition(
        publication,
        versions[0],
        chips,
        old,
        () if old else versions[1:],
        masked_words(publication.note or "", publication.competition),
        [say(bend.line) for bend in _bends(publication, versions, event)],
        hash_phrase(bytes.fromhex(publication.sha256)),
        publication_record(publication),
    )


def _bends(
    publication: Publication, versions: Sequence[Publication], event: str | None
) -> list[Bend]:
    """The bends by its time, of an old version; and that its own notice was taken down."""
    competition = publication.competition
    later = [version for version in versions if version.version > publication.version]
    if not later:
        return bends_of(competition, event)
    own, following = bends_of(competition, event, by=publication), later[-1]
    known = {bend.seq for bend in own}
    return own + [
        bend
        for bend in bends_of(competition, event, by=following)
        if bend.action == "results.withdraw" and bend.seq not in known
    ]


def version_chip(publication: Publication, kind: str = "") -> Chip:
    """Show the version."""
    return Chip(text=_("第 %(n)s 版", n=publication.version), kind=kind)


def published_chip(publication: Publication) -> Chip:
    """Show the time of publication."""
    return Chip(text=_("%(at)s 公布", at=dated_moment(publication.published_at)), kind="")
