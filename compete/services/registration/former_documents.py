"""Documents of the batches before: they come along with whoever goes on in the next one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from compete.domain.evaluation.documents import MOST_DOCUMENTS
from compete.domain.values.messages import msg
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    ApplicantDocument,
    Application,
    Competition,
    Entrant,
    db,
)
from compete.services.kernel.audit import Said, record_many
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.registration.batch_before import batches_before

_KEPT = (
    *("kind", "file", "file_key", "sha256", "media", "size", "source", "made_by", "made_at"),
    *("state", "reason", "until", "decided_by", "decided_at"),
)
"""What the copy has of the document; both name the same file, which goes with the last of them."""


def count_with_former(competition: Competition, by: Account) -> int:
    """Count who handed documents in there and has none here yet."""
    if competition.state is not CompetitionState.REGISTERING:
        return 0
    return len(_both_times(competition, batches_before(competition, by)))


def bring_former_documents(competition: Competition, by: Account) -> int:
    """Bring them along as they stand there: recognised, given back or not looked at.

    Returns of how many people. Raises `Refused` (CONFLICT) where there are none, or too late.
    """
    batches = batches_before(competition, by)
    if not batches:
        raise Refused(_NOBODY)
    codes = {before.id: before.code for before in batches}
    with unit_of_work():
        # Nobody erases there meanwhile what is brought here; in one order, whoever asks.
        for it in sorted((competition, *batches), key=lambda row: row.id):
            for_update(it)
        if competition.state is not CompetitionState.REGISTERING:
            raise Refused(msg("已经开考，材料不能再改"))
        if settings_of(competition).put_away is not None:
            raise Refused(msg("这一批已经收起来了"))
        pairs = _both_times(competition, batches)
        if not pairs:
            raise Refused(_NOBODY)
        here = {row.id: row for row in rows_among(select(Entrant), Entrant.id, list(pairs))}
        former = rows_among(
            select(ApplicantDocument),
            ApplicantDocument.entrant_id,
            sorted({number for numbers in pairs.values() for number in numbers}),
        )
        acts = []
        for number, there in pairs.items():
            rows = _newest([row for row in former if row.entrant_id in there])
            db.session.add_all(_copy(row, here[number]) for row in rows)
            after = {
                "from": codes[rows[0].competition_id],
                "documents": [row.sha256 for row in rows],
            }
            acts.append(Said("document.bring", here[number].code, after))
        record_many(competition, by, acts)
    return len(pairs)


def _copy(row: ApplicantDocument, entrant: Entrant) -> ApplicantDocument:
    return ApplicantDocument(
        public_id=secrets.token_hex(8),
        competition_id=entrant.competition_id,
        entrant_id=entrant.id,
        **{key: getattr(row, key) for key in _KEPT},
    )


_NOBODY = msg("上一批没有能带来的材料，或者都带来了")


def _newest(rows: Sequence[ApplicantDocument]) -> list[ApplicantDocument]:
    """As many as somebody may have, each once."""
    alike = {(row.kind, row.sha256): row for row in sorted(rows, key=lambda row: row.id)}
    return list(alike.values())[-MOST_DOCUMENTS:]


def _both_times(competition: Competition, batches: Sequence[Competition]) -> Mapping[int, set[int]]:
    """Whoever the desk wrote here by the number of the document they had there too, by both rows.

    Of several batches the newest counts in which somebody handed something in.

    Whoever entered themselves, or whom a unit entered, typed a number that may be another's: their
    page would show them that person's documents.
    """
    here, there = aliased(Entrant), aliased(Entrant)
    query = (
        select(here.id, there.id, there.competition_id)
        .join(there, there.id_hash == here.id_hash)
        .where(
            here.competition_id == competition.id,
            there.competition_id.in_([before.id for before in batches]),
            here.erased_at.is_(None),
            there.erased_at.is_(None),
            _has(ApplicantDocument.entrant_id == there.id),
            ~_has(ApplicantDocument.entrant_id == here.id),
            ~_has(Application.entrant_id == here.id),
        )
        .order_by(here.id)
    )
    place = {before.id: place for place, before in enumerate(batches)}
    times: dict[int, dict[int, set[int]]] = {}
    for number, former, batch in db.session.execute(query).tuples():
        times.setdefault(number, {}).setdefault(place[batch], set()).add(former)
    return {number: there[min(there)] for number, there in times.items()}


def _has(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(which)
