"""The ladder that ships with the program: the eight national grades (新八级工)."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.grades.ladder import NATIONAL, ladder_tree
from compete.models import GradeLadder, db
from compete.services.kernel import audit
from compete.sheets.texts import same_name_key

NATIONAL_KEY = "national-8"
_SOURCE = "人社部发〔2022〕14号；学徒工、特级技师、首席技师没有国家证书编码，证书上怎么写可以改"


def fill_ladders() -> None:
    """Add it where it was never there: an upgrade's last step, in a unit of work.

    What was corrected or closed since stays so; so does one of that name that was entered before.
    """
    key = same_name_key(NATIONAL.name)
    there = (GradeLadder.key == NATIONAL_KEY) | (GradeLadder.name_key == key)
    if db.session.scalar(select(GradeLadder.id).where(there).limit(1)) is not None:
        return
    rungs = ladder_tree(NATIONAL)["rungs"]
    row = GradeLadder(key=NATIONAL_KEY, name=NATIONAL.name, name_key=key, rungs=rungs, note=_SOURCE)
    db.session.add(row)
    db.session.flush()
    audit.record(None, None, "ladder.shipped", str(row.id), after={"name": row.name})
