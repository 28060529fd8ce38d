"""Photo re-encoding: decisions' photos that were kept as they came are drawn anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from compete.domain.values.upload_limits import LARGEST_OUTCOME_PHOTO
from compete.models import Competition, Decision, db
from compete.services.closing.penalties_and_outcomes import (
    decision_label,
)
from compete.services.kernel import audit
from compete.services.kernel.chains import known_chains
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import RowFault, check_rows
from compete.services.sheets.photo_files import clean_picture, is_clean


def redraw_old_photos() -> list[int]:
    """Draw every decision's photo anew that carries more than what it shows; in a unit of work.

    Place, time and camera are gone then. The chain says of which photo it was done, with the
    hashes before and after. Returns the numbers of decisions whose photo is none that can be
    drawn, or was changed behind the program's back: they stay as they are.
    """
    query = select(Decision.id).where(Decision.photo.is_not(None)).order_by(Decision.id)
    numbers = list(db.session.scalars(query))
    changed = {fault.row for fault in _faults()} if numbers else set()
    left = []
    for number in numbers:
        decision = db.session.get_one(Decision, number)
        try:
            old = decision.photo
        except Exception:
            # Spoilt in the database, which `compete verify` tells.
            left.append(number)
            continue
        if old is None or is_clean(old):
            continue
        if number in changed:
            # Drawn anew it would be sealed anew, as if it had always been so.
            left.append(number)
            continue
        try:
            new = clean_picture(old, max(LARGEST_OUTCOME_PHOTO, len(old))).data
        except Refused:
            left.append(number)
            continue
        decision.photo = new
        audit.record(
            db.session.get_one(Competition, decision.competition_id),
            None,
            "decision.redraw",
            decision_label(decision.entrant),
            before={"photo": hashlib.sha256(old).hexdigest()},
            after={"decision": number, "photo": hashlib.sha256(new).hexdigest()},
        )
        # A photo is large: none of them is kept in memory beside the next.
        db.session.flush()
        db.session.expire(decision)
    return left


def _faults() -> Iterator[RowFault]:
    for chain in known_chains():
        yield from check_rows(chain.number, {Decision.__tablename__})
