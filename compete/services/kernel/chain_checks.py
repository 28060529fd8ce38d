"""Chain checks: whether an audit chain holds, and if not, which records hold by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from compete.domain.values.canonical import SEALED_TEXTS
from compete.domain.values.messages import Message, msg
from compete.models import AuditEntry, db
from compete.services.kernel.audit import ENDED, GENESIS, PLAIN, row_hash
from compete.services.kernel.chains import Chain, chain_number
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.former_keys import FIRST_FORM, keys_by_form
from compete.services.kernel.progress import passed


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """A break in a chain: the row's number and what is wrong with it."""

    seq: int
    fault: Message


def verify_chain(chain: Chain) -> Iterator[ChainBreak]:
    """Walk a chain from its first row and yield every place where it does not hold.

    Rows cut off at the end leave a chain that holds: against that, `chain_head` is
    written down elsewhere and compared.
    """
    expected_hash, expected_seq = GENESIS, 1
    plain, ended = (0, GENESIS), None
    keys, form = keys_by_form(), FIRST_FORM
    for seq, row in _rows(chain_number(chain)):
        if not isinstance(seq, int):
            yield ChainBreak(expected_seq, msg("读不出来，写入后被改过"))
            continue
        if row is not None and row.form == PLAIN:
            if plain[0] != seq - 1:
                yield ChainBreak(seq, msg("封存的方式被改成了旧的"))
            plain = (seq, row.hash)
        elif row is not None and row.action == ENDED and isinstance(row.after, dict):
            ended = (row.after.get("seq"), row.after.get("hash"))
        if row is not None and isinstance(row.form, int) and row.form != PLAIN:
            if row.form < form:
                yield ChainBreak(seq, msg("封存的方式被改成了旧的"))
            form = max(form, row.form)
        if seq != expected_seq:
            yield ChainBreak(seq, msg("前面少了第 %(seq)s 条", seq=expected_seq))
        elif row is not None and row.prev_hash != expected_hash:
            yield ChainBreak(seq, msg("和前一条接不上"))
        if row is None:
            yield ChainBreak(seq, msg("读不出来，写入后被改过"))
        elif not _is_hashed(row, keys):
            yield ChainBreak(seq, msg("写入后被改过"))
        expected_hash, expected_seq = row.hash if row else "", seq + 1
    if plain[0] and ended != plain:
        yield ChainBreak(plain[0], msg("旧记录没有封口，谁都能重算。先运行 compete db upgrade"))
    if expected_seq > 1 and form < max(keys):
        yield ChainBreak(expected_seq - 1, msg("换钥匙以后的记录不见了"))


def sound_records(chain: Chain) -> Iterator[tuple[Any, str, Any]]:
    """Find records that hold by themselves, and what they vouch for, wherever the chain breaks.

    Only who has the key makes such a record. That none is missing is not known.
    """
    keys = keys_by_form()
    for _seq, row in _rows(chain_number(chain)):
        if row is not None and row.form != PLAIN and _is_hashed(row, keys):
            yield row.rows, row.action, row.after


def _is_hashed(row: AuditEntry, keys: Mapping[int, bytes]) -> bool:
    try:
        return (row.form == PLAIN or row.form in keys) and any(
            row.hash == row_hash(row, text, keys.get(row.form)) for text in SEALED_TEXTS
        )
    except (ValueError, TypeError, OverflowError, RecursionError):
        # What it says now has no canonical text, as a number beyond all bounds.
        return False


def _rows(competition_id: int | None) -> Iterator[tuple[int, AuditEntry | None]]:
    """The rows of a chain by number; None for one that cannot even be read."""
    keys = db.session.execute(
        select(AuditEntry.id, AuditEntry.seq)
        .where(AuditEntry.competition_id == competition_id)
        .order_by(AuditEntry.seq, AuditEntry.id)
    ).all()
    for chunk in in_chunks(keys):
        by_id = _read([key.id for key in chunk])
        for key in chunk:
            yield key.seq, by_id.get(key.id)
        passed(len(chunk))


def _read(ids: list[int]) -> dict[int, AuditEntry]:
    query = (
        select(AuditEntry).where(AuditEntry.id.in_(ids)).execution_options(populate_existing=True)
    )
    try:
        return {row.id: row for row in db.session.scalars(query)}
    except Exception:
        # An instant or a JSON text in it was spoilt: find out in which row.
        half = len(ids) // 2
        return {} if not half else _read(ids[:half]) | _read(ids[half:])
