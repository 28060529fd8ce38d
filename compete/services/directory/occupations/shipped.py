"""The list of occupations that ships with the program, put into the catalogue once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select

from compete.models import Occupation, db
from compete.services.directory.occupations.catalogue import put, stands
from compete.services.directory.occupations.fields import check_fields
from compete.services.kernel import audit

_FILE = Path(__file__).with_name("shipped.json")
_USUAL_EDITION = "2015"


def shipped_occupations() -> list[tuple[str, Mapping[str, str]]]:
    """List the shipped occupations, each with its key, as texts that can be checked."""
    entries = json.loads(_FILE.read_text(encoding="utf-8"))
    return [
        (
            entry["key"],
            {
                **{key: entry.get(key, "") for key in ("name", "code", "newer", "flags", "note")},
                "edition": str(entry.get("edition", _USUAL_EDITION)),
                "tracks": "、".join(entry.get("tracks", ())),
                "confidence": entry["confidence"],
            },
        )
        for entry in entries
    ]


def fill_catalogue() -> None:
    """Add what was never there: an upgrade's last step, in a unit of work.

    What was corrected or closed since stays so; so does what somebody entered before.
    """
    known = set(db.session.scalars(select(Occupation.origin)))
    codes = set(db.session.execute(select(Occupation.edition, Occupation.code).where(stands())))
    added = 0
    for origin, texts in shipped_occupations():
        row, _faults = check_fields(texts)
        if row is None or origin in known or (row.code and (row.edition, row.code) in codes):
            continue
        occupation = Occupation(origin=origin)
        put(occupation, row)
        db.session.add(occupation)
        added += 1
    if added:
        db.session.flush()
        audit.record(None, None, "occupation.shipped", "catalogue", after={"added": added})
