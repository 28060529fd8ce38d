"""`compete verify [CODE]`: check that audit chains, publications and signatures hold."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from compete.commands.printing import print_line, refuse, tell, warn
from compete.commands.progress_bar import progress_bar
from compete.domain.values.messages import Message, listed, msg
from compete.language import say
from compete.system_reasons import reason_of

if TYPE_CHECKING:
    from compete.config import Config
    from compete.models import Competition
    from compete.services.backups.stored_files import MovedFiles
    from compete.services.kernel.chains import KnownChain

_LONGEST_REASON = 200
_NO_FURTHER = msg("有的没法再对照：%(why)s")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: which competition; all of them without one."""
    parser.add_argument("code", nargs="?", help=say(msg("竞赛编号；不写就查全部")))
    parser.add_argument(
        "--against",
        metavar="FILE",
        help=say(msg("写在别处的核对词或散列值：文件，或直接写四个词；记录里找不到就说出来")),
    )


def run(arguments: argparse.Namespace) -> int:
    """Check every chain; exit status 1 when one does not hold, or there is no such competition."""
    from compete import create_app
    from compete.commands.account import no_competition
    from compete.config import Config
    from compete.services.backups.integrity import damage_of
    from compete.services.kernel.chains import known_chains

    try:
        written = _hashes_in(arguments.against)
    except _NothingWrittenError as nothing:
        return refuse(nothing.args[0])
    # What cannot be read is not compared: that would end in the middle, in a database's words.
    damage = damage_of(Config.from_env().database_url)
    if damage is not None:
        return refuse(damage, 1)
    app = create_app()
    with app.app_context():
        tell_carried(app.extensions["compete.config"])
        chains = known_chains()
        if arguments.code:
            chains = [chain for chain in chains if chain.name == arguments.code and chain.number]
            if not chains:
                return refuse(no_competition(arguments.code), 1)
        with progress_bar(rows_in_all()):
            faults = [faults_of(chain) for chain in chains]
        sound = [_tell(chain, of_it) for chain, of_it in zip(chains, faults, strict=True)]
        sound.append(_compare(chains, written))
    return 0 if all(sound) else 1


def tell_carried(config: Config) -> None:
    """Carry files of the data folder into the file store, and say what came in and what did not."""
    from compete.services.backups.stored_files import carry_over
    from compete.services.kernel.file_store import StoreAwayError

    try:
        moved = carry_over(config)
    except StoreAwayError as error:
        warn(error.message)
        return
    if moved.count:
        tell(msg("数据文件夹里的 %(n)s 个文件搬进了文件库", n=moved.count))
    tell_spoilt(moved)


def tell_spoilt(moved: MovedFiles) -> None:
    """Name the files that a move between stores left where they were."""
    if moved.spoilt:
        warn(
            msg(
                "%(n)s 个文件坏了，留在原处没有搬：%(names)s",
                n=len(moved.spoilt),
                names=listed(moved.spoilt[:5]),
            )
        )


class _NothingWrittenError(ValueError):
    """Error: the text to compare with cannot be read, or holds no words and no hash."""


def _hashes_in(given: str | None) -> list[str]:
    """Read the words and hashes to look for; none where nothing was given."""
    from compete.services.kernel.printed_hashes import written_down

    if given is None:
        return []
    text = given
    if Path(given).is_file():
        try:
            text = Path(given).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise _NothingWrittenError(
                msg("读不了 %(file)s：%(why)s", file=given, why=reason_of(error))
            ) from None
    words = written_down(text)
    if not words:
        raise _NothingWrittenError(
            msg("“%(given)s”里没有核对词（四个词），也没有 64 位的散列值", given=given[:60])
        )
    return words


def _compare(chains: Sequence[KnownChain], written: list[str]) -> bool:
    """Say of each of the words where it stands; False where one stands nowhere."""
    from compete.services.kernel.printed_hashes import sightings

    places: dict[str, str] = {}
    for chain in chains:
        for seen in sightings(chain.number, written):
            if seen.seq is not None:
                places[seen.text] = f"{chain.name} #{seen.seq}"
    for text in written:
        if text in places:
            agrees = msg("和写在别处的“%(text)s”一致", text=text)
            print(f"{places[text]}: {say(agrees)}")
        else:
            missing = msg("记录里没有写在别处的“%(text)s”：记录被截短或重做过", text=text)
            warn(missing)
    return all(text in places for text in written)


def rows_in_all() -> int:
    """Count the rows of the whole database that are checked."""
    from sqlalchemy import func, select

    from compete.models import Base, db

    tables = Base.metadata.sorted_tables
    return sum(db.session.scalar(select(func.count()).select_from(it)) or 0 for it in tables)


def _tell(chain: KnownChain, faults: list[tuple[str, Message]]) -> bool:
    """Say how one chain stands, with its last hash in words, every version and signature."""
    from compete.domain.values.hashwords import hash_phrase
    from compete.models import Competition, db
    from compete.services.competitions.retention import count_erased
    from compete.services.judging.proof import count_signatures
    from compete.services.kernel.audit import chain_head

    for where, fault in faults:
        print_line(f"{where}: {say(fault)}", sys.stderr)
    if not faults:
        seq, last = chain_head(chain.number)
        print(f"{chain.name}: {say(_holds(seq, hash_phrase(bytes.fromhex(last))))}")
        if chain.there and chain.number is not None and _is_loading(chain.number):
            partly = msg("没有载完，谁也看不到；写进去的各行都和封存一致")
            print(f"{chain.name}: {say(partly)}")
            return True
        signed = chain.number and count_signatures(db.session.get_one(Competition, chain.number))
        if signed:
            fitting = msg("%(n)s 个签名都和评分记录一致", n=signed)
            print(f"{chain.name}: {say(fitting)}")
        erased = count_erased(chain.number) if chain.number else 0
        if erased:
            without = msg("%(n)s 人的个人资料按记录删除了，名单照删除以后的核对", n=erased)
            print(f"{chain.name}: {say(without)}")
    return not faults


def all_faults() -> list[tuple[str, Message]]:
    """List whatever does not hold in the whole database, and where."""
    from compete.services.kernel.chains import known_chains

    return [fault for chain in known_chains() for fault in faults_of(chain)]


def faults_of(chain: KnownChain) -> list[tuple[str, Message]]:
    """List whatever does not hold of a competition or of the installation, and where."""
    faults = _faults_of(chain)
    if any(fault.text == _NO_FURTHER.text for _where, fault in faults):
        named = {where for where, _fault in faults}
        faults += [
            (place, fault)
            for place, fault in unreadable_places()
            if f"{chain.name} {place}" not in named
        ]
    return faults


def _faults_of(chain: KnownChain) -> list[tuple[str, Message]]:
    from compete.models import Competition, db
    from compete.services.kernel.chain_checks import verify_chain
    from compete.services.kernel.row_checks import check_rows

    name, number = chain.name, chain.number
    faults = [(f"{name} #{broken.seq}", broken.fault) for broken in verify_chain(number)]
    chain_holds = not faults
    broken = not chain_holds and not _keys_are_spoilt()
    if broken:
        faults.append((name, msg("记录链断了，各行照还作数的记录和封存对照")))
    try:
        for row in check_rows(number, broken=broken, filled=chain.tables):
            faults.append((f"{name} {row.place}", row.fault))
    except Exception as error:
        if chain_holds:
            raise
        faults.append((name, no_further(error)))
    if not chain.there and not faults:
        faults.append((name, msg("登记过的一行不见了")))
    if number is None:
        from compete.services.directory.circles import find_circles
        from compete.services.log.checking import check_log

        log = f"{name} {say(msg('总账'))}"
        try:
            faults += [(log, fault) for fault in check_log()]
        except Exception as error:
            faults.append((log, no_further(error)))
        try:
            faults += [(f"{name} {place}", fault) for place, fault in find_circles()]
        except Exception as error:
            faults.append((name, no_further(error)))
    if number is None or not chain.there or _is_loading(number):
        return faults
    # Marks and records are compared with the chain, which must be sound itself for that.
    if not chain_holds:
        faults.append((name, msg("记录链断了，分数和公布没法再对照")))
    try:
        checks = _checks(db.session.get_one(Competition, number), name, chain_holds=chain_holds)
    except Exception as error:
        return [*faults, (name, no_further(error))]
    for check in checks:
        try:
            faults += list(check)
        except Exception as error:
            # A row that was told of above cannot be read, and others hang on it.
            faults.append((name, no_further(error)))
    return faults


def _is_loading(number: int) -> bool:
    """True of a competition of which not every part is loaded: the record of it all is last."""
    from sqlalchemy import select

    from compete.models import Competition, db

    loading = select(Competition.loading).where(Competition.id == number)
    return db.session.scalar(loading) is not None


def _keys_are_spoilt() -> bool:
    """True if the former keys were changed: then no chain holds, and rows are told."""
    from compete.services.kernel.row_checks import check_rows

    try:
        return next(check_rows(None, {"former_key"}), None) is not None
    except Exception:
        return False


def no_further(error: Exception) -> Message:
    """Say that something spoilt kept a check from its end; where it lies is told beside it."""
    # Take the database's own words: with the statement come its values, as they are.
    cause = getattr(error, "orig", None) or error
    why = f"{type(cause).__name__} {cause}"[:_LONGEST_REASON]
    return Message(_NO_FURTHER.text, {"why": why})


def unreadable_places() -> list[tuple[str, Message]]:
    """List values that cannot be read, in any table: table, row, column."""
    from compete.services.kernel.row_checks import unreadable_cells

    return [(place, msg("读不出来，写入后被改过")) for place in unreadable_cells()]


def _checks(
    competition: Competition, name: str, *, chain_holds: bool
) -> Iterator[Iterator[tuple[str, Message]]]:
    """Check marks, records, publications and signatures against each other and the chain."""
    from compete.services.backups.stored_files import check_files
    from compete.services.judging.proof import check_signatures
    from compete.services.log.checking import check_leaves
    from compete.services.results.record_checks import check_records
    from compete.services.sheets.act_seals import check_acts

    if chain_holds:
        yield ((f"{name} #{seq}", fault) for seq, fault in check_acts(competition))
        yield ((name, fault) for fault in check_records(competition))
        yield ((name, fault) for fault in check_leaves(competition))
    yield _publications(competition, name)
    yield ((f"{name} {place}", fault) for place, fault in check_files(competition))
    yield (
        (
            f"{name} {fault.label}",
            msg("裁判 %(judge)s：%(what)s", judge=fault.judge, what=fault.what),
        )
        for fault in check_signatures(competition)
    )


def _publications(competition: Competition, name: str) -> Iterator[tuple[str, Message]]:
    from compete.services.results.snapshots import publications, stored_fault

    for published in publications(competition):
        if (fault := stored_fault(published)) is not None:
            yield name, fault


def _holds(count: int, words: str) -> Message:
    return msg("%(n)s 条记录，链完好，末条核对词 %(words)s", n=count, words=words)
