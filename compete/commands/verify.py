"""`compete verify [CODE]`: walk audit chains, publications and signatures; say if they hold."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from compete.domain.values import Message, msg
from compete.language import say

if TYPE_CHECKING:
    from compete.models import Competition


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which competition; all of them without one."""
    parser.add_argument("code", nargs="?", help="竞赛编号；不写就查全部")


def run(arguments: argparse.Namespace) -> int:
    """Check every chain; exit status 1 when one does not hold, or there is no such competition."""
    from sqlalchemy import select

    from compete import create_app
    from compete.models import Competition, db
    from compete.services.accounts import find_competition

    with create_app().app_context():
        if arguments.code:
            found = find_competition(arguments.code)
            if found is None:
                sentence = msg("没有编号为“%(code)s”的竞赛", code=arguments.code)
                print(say(sentence), file=sys.stderr)
                return 1
            return 0 if _check(found) else 1
        competitions = db.session.scalars(select(Competition).order_by(Competition.id)).all()
        sound = [_check(competition) for competition in (*competitions, None)]
    return 0 if all(sound) else 1


def _check(competition: Competition | None) -> bool:
    """Say how one chain stands, with its last hash in words, every version and signature."""
    from compete.domain.values import hash_phrase
    from compete.services.judging import check_signatures, count_signatures
    from compete.services.kernel import chain_head, verify_chain
    from compete.services.publication import check_records, is_unchanged, publications
    from compete.services.sheets import check_acts

    name = competition.code if competition else "-"
    faults = [(f"{name} #{broken.seq}", broken.fault) for broken in verify_chain(competition)]
    if competition is not None:
        # Marks and records are compared with the chain, which must be sound itself for that.
        if faults:
            faults.append((name, msg("记录链断了，分数和公布没法再对照")))
        else:
            faults += [(f"{name} #{seq}", fault) for seq, fault in check_acts(competition)]
            faults += [(name, fault) for fault in check_records(competition)]
        faults += [
            (name, msg("第 %(n)s 版公布的成绩和指纹不一致", n=published.version))
            for published in publications(competition)
            if not is_unchanged(published)
        ]
        faults += [
            (
                f"{name} {fault.label}",
                msg("裁判 %(judge)s：%(what)s", judge=fault.judge, what=fault.what),
            )
            for fault in check_signatures(competition)
        ]
    for where, fault in faults:
        print(f"{where}: {say(fault)}", file=sys.stderr)
    if not faults:
        seq, last = chain_head(competition)
        print(f"{name}: {say(_holds(seq, hash_phrase(bytes.fromhex(last))))}")
        signed = count_signatures(competition) if competition else 0
        if signed:
            print(f"{name}: {say(msg('%(n)s 个签名都和评分记录一致', n=signed))}")
    return not faults


def _holds(count: int, words: str) -> Message:
    return msg("%(n)s 条记录，链完好，末条口令 %(words)s", n=count, words=words)
