"""What tokens write: on record under their name, and not twice what must be done once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from compete.domain.values.messages import msg
from compete.models import ApiAnswer, ApiToken, utc_now
from compete.models.types import keyed_hash
from compete.services.accounts.api_tokens import ANSWERS_KEPT_FOR
from compete.services.kernel.audit import THROUGH
from compete.services.kernel.refusal import invalid
from compete.services.kernel.transactions import unit_of_work


@contextmanager
def acting_through(token: ApiToken) -> Iterator[None]:
    """Put on record what its maker's account does within as done by the token, by its name."""
    before = THROUGH.set((token.account_id, token.name))
    try:
        yield
    finally:
        THROUGH.reset(before)


def answered_once(token: ApiToken, key: str, request: bytes, answer: Callable[[], bytes]) -> bytes:
    """Give the answer to a request, the first time it comes with its key; later the same again.

    What it writes and that it was answered stand or fall together. Raises `Refused` (INVALID)
    for another request with the key of one that was answered within a day.
    """
    key_hash = keyed_hash(f"idempotency key {key}")
    digest = keyed_hash(request.decode("utf-8", "surrogateescape"))
    with unit_of_work() as session:
        session.execute(delete(ApiAnswer).where(ApiAnswer.made_at < utc_now() - ANSWERS_KEPT_FOR))
        connection = session.connection()
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        claim = insert(ApiAnswer).values(
            token_id=token.id, key_hash=key_hash, digest=digest, made_at=utc_now()
        )
        # Of two at once the second waits here, and finds the answer of the first.
        number = session.scalar(claim.on_conflict_do_nothing().returning(ApiAnswer.id))
        if number is not None:
            content = answer()
            session.execute(update(ApiAnswer).where(ApiAnswer.id == number).values(content=content))
            return content
        row = session.scalars(
            select(ApiAnswer).where(ApiAnswer.token_id == token.id, ApiAnswer.key_hash == key_hash)
        ).one()
        if row.digest != digest:
            raise invalid(msg("这个 Idempotency-Key 用过，内容不一样；另一件事用另一个"))
        return row.content or b""
