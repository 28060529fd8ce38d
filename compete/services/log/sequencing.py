"""Sequencing: leaves get their places: all that chains tell and the log does not have yet.

Nothing waits for it: who signs a sheet writes the record and no more. Who publishes,
certifies, asks for a checkpoint or mirrors the log brings it up to date, and a thread of
the server does now and then (`keep_log_up`), one at a time
under the log's lock, a piece in each transaction. One that dies leaves the log as it was,
and the next begins where the last checkpoint says.

The log is kept as tiles, leaves and checkpoints; what proves it to outsiders is told from them.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from itertools import accumulate
from typing import ParamSpec, TypeVar

from sqlalchemy import JSON, Integer, Text, cast, func, literal, select

from compete.domain.log.checkpoints import Checkpoint, read_checkpoint, signed_checkpoint
from compete.domain.log.growing import Frontier, read_frontier
from compete.domain.log.hashing import leaf_hash
from compete.domain.log.nodes import Node, NodesMissingError, ReadNodes
from compete.domain.log.notes import VerifierKey
from compete.domain.log.proof_texts import LogProof
from compete.domain.log.proving import consistency_proof, inclusion_proof
from compete.domain.log.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, nodes_from_tiles
from compete.domain.values.messages import msg
from compete.keys.ed25519 import SigningKey
from compete.models import AuditEntry, Competition, LogCheckpoint, LogLeaf, LogTile, Publication, db
from compete.services.kernel.installation import config_here, installation_here
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.shown_competitions import is_shown
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.versions import is_writing
from compete.services.log.leaves_of_records import ACTIONS, Record, Told, leaves_of, records_after

HASH_BYTES = 32


class LogBrokenError(Exception):
    """The kept log is not the one that the newest checkpoint was signed over: nothing is added."""


def newest_checkpoint() -> LogCheckpoint | None:
    """The last one that was signed; None while the log is empty."""
    return db.session.scalar(select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1))


def newest_checkpoints(most: int) -> list[LogCheckpoint]:
    """The last ones, newest first."""
    query = select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(most)
    return list(db.session.scalars(query))


def checkpoint_at(size: int) -> LogCheckpoint | None:
    """The checkpoint over so many leaves, if one was signed there."""
    return db.session.scalar(select(LogCheckpoint).where(LogCheckpoint.size == size))


def signing_key() -> SigningKey:
    """The installation's key for the log."""
    return SigningKey.from_seed(config_here().log_key)


def origin() -> str:
    """The log's name: that of its first checkpoint for ever, else its address.

    An installation without an address is named by its key.
    """
    first = db.session.scalar(select(LogCheckpoint.note).order_by(LogCheckpoint.size).limit(1))
    if first is not None:
        return first.partition("\n")[0]
    base = (config_here().base_url or "").partition("://")[2].strip("/").replace("+", "-")
    own = f"compete-{signing_key().public_key.hex()[:12]}"
    return f"{base or own}/log"


def verifier_key() -> VerifierKey:
    """The public key, by which anybody checks what is signed from now on."""
    return VerifierKey(origin(), signing_key().public_key)


def read_nodes(size: int) -> ReadNodes:
    """A reader of the tree as it was with so many leaves."""
    return nodes_from_tiles(size, read_tile)


def read_tile(tile: Tile) -> bytes:
    """A tile, cut to its width. Raises `NodesMissingError` where so much is not kept."""
    content = db.session.scalar(
        select(LogTile.content).where(LogTile.level == tile.level, LogTile.number == tile.number)
    )
    wanted = tile.width * HASH_BYTES
    if content is None or len(content) < wanted:
        raise NodesMissingError(f"{tile.path} is not kept")
    return content[:wanted]


def kept_tile(level: int, number: int, width: int) -> bytes:
    """A tile for whoever mirrors; `Refused` (UNKNOWN) where so much is not kept."""
    try:
        return read_tile(Tile(level, number, width))
    except NodesMissingError:
        raise Refused(msg("总账里没有这一块"), kind=Refusal.UNKNOWN) from None


def entries(number: int, width: int) -> list[bytes]:
    """Read so many leaves of a tile, from its first; `Refused` (UNKNOWN) if there are fewer."""
    start = number * TILE_WIDTH
    query = select(LogLeaf.content).where(LogLeaf.number >= start, LogLeaf.number < start + width)
    contents = db.session.scalars(query.order_by(LogLeaf.number)).all()
    if len(contents) < width:
        raise Refused(msg("总账里没有这一块"), kind=Refusal.UNKNOWN)
    return [content.encode("utf-8", "surrogatepass") for content in contents]


def require_leaf(number: int) -> LogLeaf:
    """The leaf of a number from 0; `Refused` (UNKNOWN) where the log is not as long."""
    leaf = db.session.scalar(select(LogLeaf).where(LogLeaf.number == number))
    if leaf is None:
        raise Refused(msg("总账里没有第 %(n)s 条", n=number + 1), kind=Refusal.UNKNOWN)
    return leaf


def append(leaves: Sequence[Told], reached: dict[str, int]) -> LogCheckpoint:
    """Put leaves behind the log and sign it; inside a unit of work that holds the log.

    `reached` says up to which records the leaves tell. Raises `LogBrokenError` where what
    is kept does not give the root that was signed last.
    """
    before = newest_checkpoint()
    size = before.size if before else 0
    try:
        frontier = read_frontier(size, read_nodes(size))
    except NodesMissingError as error:
        raise LogBrokenError(str(error)) from None
    if before is not None and frontier.root.hex() != before.root:
        raise LogBrokenError(f"the tiles give another root than was signed at {size}")
    grown = frontier.grown(leaf_hash(leaf.content) for leaf in leaves)
    _keep_nodes(grown.stored)
    db.session.add_all(
        LogLeaf(
            number=size + at,
            competition_id=leaf.record.competition_id,
            seq=leaf.record.seq,
            part=leaf.part,
            content=leaf.content.decode(),
        )
        for at, leaf in enumerate(leaves)
    )
    row = _checkpoint(grown.frontier, before.note.partition("\n")[0] if before else origin())
    row.reached = {**(before.reached if before else {}), **reached}
    db.session.add(row)
    db.session.flush()
    return row


def _is_signed_now(row: LogCheckpoint) -> bool:
    """True if the key of now has signed a checkpoint; another may have taken its place since."""
    key = verifier_key()
    _found, note = read_checkpoint(row.note.encode())
    return any((by.name, by.key_id) == (key.name, key.id) for by in note.signatures)


def _sign_too(row: LogCheckpoint) -> None:
    """Put the signature of the key of now before the others; inside a unit of work."""
    checkpoint, note = read_checkpoint(row.note.encode())
    signed = signed_checkpoint(checkpoint, verifier_key(), signing_key().sign)
    row.note = signed + "".join(map(str, note.signatures))


def _checkpoint(frontier: Frontier, name: str) -> LogCheckpoint:
    key = signing_key()
    note = signed_checkpoint(
        Checkpoint(name, frontier.size, frontier.root),
        VerifierKey(name, key.public_key),
        key.sign,
    )
    return LogCheckpoint(size=frontier.size, root=frontier.root.hex(), note=note)


def _keep_nodes(stored: Sequence[tuple[Node, bytes]]) -> None:
    """Put the nodes that tiles hold at the end of theirs."""
    tiles: dict[tuple[int, int], LogTile] = {}
    for node, digest in stored:
        level, between = divmod(node.level, TILE_HEIGHT)
        if between:
            continue
        place = (level, node.number // TILE_WIDTH)
        tile = tiles.get(place) or _tile(*place)
        tiles[place] = tile
        kept = node.number % TILE_WIDTH * HASH_BYTES
        if len(tile.content) != kept:
            raise LogBrokenError(f"tile {place} has {len(tile.content)} bytes, not {kept}")
        tile.content += digest


def _tile(level: int, number: int) -> LogTile:
    query = select(LogTile).where(LogTile.level == level, LogTile.number == number)
    tile = db.session.scalar(query)
    if tile is None:
        tile = LogTile(level=level, number=number, content=b"")
        db.session.add(tile)
    return tile


def proof_of(number: int) -> LogProof:
    """Prove that leaf `number`, from 0, is in the log as it was signed last.

    Raises `Refused` (UNKNOWN) for one that is not, `LogBrokenError` for a tree with holes.
    """
    leaf, newest = require_leaf(number), newest_checkpoint()
    if newest is None or number >= newest.size:
        raise Refused(msg("总账里没有第 %(n)s 条", n=number + 1), kind=Refusal.UNKNOWN)
    try:
        hashes = inclusion_proof(number, newest.size, read_nodes(newest.size))
    except NodesMissingError as error:
        raise LogBrokenError(str(error)) from None
    return LogProof(leaf.content.encode("utf-8", "surrogatepass"), number, hashes, newest.note)


def continued(old: int, new: int) -> tuple[bytes, ...]:
    """The hashes that show that the log of `new` lines begins with that of `old`.

    Raises `Refused` (UNKNOWN) where it was never signed so long, `LogBrokenError` for a tree
    with holes.
    """
    newest = newest_checkpoint()
    if newest is None or not old <= new <= newest.size:
        raise Refused(msg("总账没有这么长"), kind=Refusal.UNKNOWN)
    try:
        return consistency_proof(old, new, read_nodes(new))
    except NodesMissingError as error:
        raise LogBrokenError(str(error)) from None


def leaf_of_publication(publication: Publication) -> LogLeaf | None:
    """The leaf that announces a version; None while the log has not come so far."""
    rows = db.session.execute(
        select(LogLeaf, AuditEntry.after)
        .join(
            AuditEntry,
            (AuditEntry.competition_id == LogLeaf.competition_id) & (AuditEntry.seq == LogLeaf.seq),
        )
        .where(
            LogLeaf.competition_id == publication.competition_id,
            AuditEntry.action == "results.publish",
        )
        .order_by(LogLeaf.number)
    )
    # Two versions may have the same hash: what was announced was taken back and stands again.
    leaves = (leaf for leaf, after in rows if after.get("version") == publication.version)
    return next(leaves, None)


def checkpoint_over(leaf: LogLeaf) -> LogCheckpoint | None:
    """The first checkpoint that was signed with a leaf in it."""
    return db.session.scalar(
        select(LogCheckpoint)
        .where(LogCheckpoint.size > leaf.number)
        .order_by(LogCheckpoint.size)
        .limit(1)
    )


_log = logging.getLogger(__name__)
_LOCK = 0x636F6D70_6C6F67
_PIECE = 100
"""Records in one transaction: a hall on SQLite waits for it, some hundredths of a second."""

_HEAVY = 500
"""Leaves after which a piece ends; a record of many certificates has one for each of them."""

LOGGING = msg("记进总账")
"""The step of a job while what it has done goes into the log."""

P = ParamSpec("P")
T = TypeVar("T")


def is_behind() -> bool:
    """True if any chain tells of something that has no leaf yet; reads alone."""
    newest = newest_checkpoint()
    return bool(_behind(newest.reached if newest else {}, most=1))


def _behind(reached: Mapping[str, int], most: int) -> list[int]:
    """The first competitions whose chains tell of something beyond what was reached of them.

    One statement, however many competitions there are: it is asked after every act of weight.
    """
    text = literal(json.dumps(dict(reached)), Text)
    if db.session.get_bind().dialect.name == "postgresql":
        rows = func.json_each_text(cast(text, JSON)).table_valued("key", "value")
    else:
        rows = func.json_each(text).table_valued("key", "value")
    last = select(
        cast(rows.c.key, Integer).label("number"), cast(rows.c.value, Integer).label("seq")
    ).cte()
    tells = (
        select(AuditEntry.id)
        .where(
            AuditEntry.competition_id == Competition.id,
            AuditEntry.seq > func.coalesce(last.c.seq, 0),
            AuditEntry.action.in_(ACTIONS),
        )
        .correlate(Competition, last)
    )
    query = (
        select(Competition.id)
        .outerjoin(last, last.c.number == Competition.id)
        .where(is_shown(), tells.exists())
        .order_by(Competition.id)
        .limit(most)
    )
    return list(db.session.scalars(query))


def catch_up() -> LogCheckpoint | None:
    """Bring the log up to date; its newest checkpoint, None while there is nothing in it.

    Raises `store.LogBrokenError` where what is kept is not what was signed, and nothing is added.
    """
    while is_behind():
        with unit_of_work():
            _claim_log()
            if not _next_piece():
                break
    newest = newest_checkpoint()
    if newest is not None and not _is_signed_now(newest):
        # Another key took the place of the one that signed it: both can be checked by it.
        with unit_of_work():
            _claim_log()
            newest = newest_checkpoint()
            if newest is not None and not _is_signed_now(newest):
                _sign_too(newest)
    return newest


def catch_up_quietly() -> None:
    """The same after an act that is done already: a fault is logged, and told by `verify`."""
    try:
        catch_up()
    except Exception:
        # What was done is done and on record; the log takes it in when it can.
        db.session.rollback()
        _log.exception("the log was not brought up to date")


def then_logged(act: Callable[P, T]) -> Callable[P, T]:
    """An act whose record has a leaf: once it is stored, the log is brought up to date.

    Within another's unit of work nothing is done, for nothing is stored yet.
    """

    @wraps(act)
    def logging_act(*args: P.args, **keys: P.kwargs) -> T:
        result = act(*args, **keys)
        if not is_writing():
            catch_up_quietly()
        return result

    return logging_act


def _claim_log() -> None:
    """Claim the log for one at a time, in all processes; SQLite's write lock does this already."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _next_piece() -> bool:
    """Take in the next records, competition by competition; False where there were none."""
    newest = newest_checkpoint()
    reached = dict(newest.reached) if newest else {}
    pending: list[Told] = []
    room, looked = _PIECE, False
    for number in _behind(reached, _PIECE):
        competition = db.session.get_one(Competition, number)
        key = str(competition.id)
        records = _not_too_many(records_after(competition.id, reached.get(key, 0), room))
        if not records:
            continue
        looked = True
        reached[key] = records[-1].seq
        leaves = list(leaves_of(competition, records))
        pending += leaves
        room -= max(len(records), len(leaves) * _PIECE // _HEAVY)
        if room <= 0:
            break
    if not looked:
        return False
    if pending or newest is None:
        append(pending, reached)
    else:
        newest.reached = reached
    return True


def _not_too_many(records: Sequence[Record]) -> Sequence[Record]:
    """The first of them, at least one, up to about `_HEAVY` leaves."""
    leaves = accumulate(_leaves(record.after) for record in records)
    light = sum(1 for so_far in leaves if so_far <= _HEAVY)
    return records[: max(1, light)]


def _leaves(after: object) -> int:
    values = after.values() if isinstance(after, dict) else ()
    return max((len(value) for value in values if isinstance(value, list)), default=1)


SECONDS = 30.0


class KeepingUp:
    """The thread of one process; `stop` ends it. Of several processes each finds what is left."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._here, self._seconds = installation_here(), seconds
        self._over = threading.Event()
        self._seen = 0
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)

    def start(self) -> None:
        """Begin; in a process that doesn't fork any more."""
        self._thread.start()

    def stop(self) -> None:
        """Stop keeping up, and wait for the end of that."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                with self._here.inside():
                    self._look()
            except Exception:
                # A database put back, a full disk: the next turn will see.
                _log.exception("the log was not looked after")

    def _look(self) -> None:
        newest = db.session.scalar(select(func.max(AuditEntry.id))) or 0
        if newest == self._seen:
            return
        if is_behind():
            catch_up_quietly()
        if not is_behind():
            self._seen = newest


def keep_log_up(seconds: float = SECONDS) -> KeepingUp:
    """Start keeping up for this process and the installation that the session belongs to."""
    thread = KeepingUp(seconds)
    thread.start()
    return thread
