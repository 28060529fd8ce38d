"""The keys that records of the chain are hashed with: that of now, and those it took the place of.

A record says by its form of which time it is. What a former key hashed is held
by what came after: the first record under the next key bears its hash.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from compete.models import FormerKey, db
from compete.models.compiled_statements import Prepared
from compete.models.types import keyed_hash, look_up_key

FIRST_FORM = 2
"""The form of records under the first key of an installation."""
_LAST = Prepared(select(FormerKey.form).order_by(FormerKey.form.desc()).limit(1))


_FIRST = Prepared(select(FormerKey.look_up).where(FormerKey.form == FIRST_FORM))


def form_now(connection: Connection) -> int:
    """The form of the records that are written now."""
    last = _LAST.first(connection)
    return FIRST_FORM if last is None else int(last[0]) + 1


def keys_by_form() -> dict[int, bytes]:
    """The keys for `keyed_hash` by form, of all times; without one that cannot be read."""
    known = [
        (number, form)
        for number, form in db.session.execute(select(FormerKey.id, FormerKey.form))
        # What was written there past the program is told by its row's seal.
        if isinstance(form, int)
    ]
    keys = {max((form for _number, form in known), default=FIRST_FORM - 1) + 1: look_up_key()}
    for number, form in known:
        try:
            key = db.session.scalar(select(FormerKey.look_up).where(FormerKey.id == number))
        except Exception:
            continue
        if key is not None:
            keys[form] = key
    return keys


def first_look_up_key() -> bytes:
    """The key for `keyed_hash` of the installation's first time: for what must not change with it.

    That is what went out to others, who hold it against what they are told later.
    """
    row = _FIRST.first(db.session.connection())
    return look_up_key() if row is None else bytes(row[0])


def is_keyed_hash(digest: object, text: str) -> bool:
    """True if a hash that a record bears is of this text, by the key of whatever time."""
    return digest == keyed_hash(text) or any(
        digest == keyed_hash(text, key) for key in keys_by_form().values()
    )
