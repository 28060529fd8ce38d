"""`compete packs`: list the rule packs that ship with the program, or show one in full."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from compete.commands.printing import refuse
from compete.domain.bundle.packs.kinds import AwardPack, GradePack, Pack, TiePack, status_name
from compete.domain.bundle.packs.named import all_packs, get_pack
from compete.domain.values.messages import Message, msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: `compete packs [NAME]`."""
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help=say(msg("写出这一包的全部规则（JSON）"))
    )


def run(arguments: Namespace) -> int:
    """List the packs, or print one; exit status 2 for a name that no pack bears."""
    if arguments.name is None:
        print("\n".join(listing()))
        return 0
    try:
        pack = get_pack(arguments.name)
    except KeyError:
        return refuse(_unknown(arguments.name))
    sys.stdout.write(in_full(pack))
    return 0


def listing() -> Iterator[str]:
    """Write a line for each pack under a heading for each kind, with where it comes from."""
    kind = None
    for pack in all_packs():
        if type(pack) is not kind:
            if kind is not None:
                yield ""
            kind = type(pack)
            yield say(_heading(pack))
        yield f"  {pack.name}"
        yield f"      {pack.title}"
        yield f"      {say(status_name(pack.status))} · {pack.edition} · {' '.join(pack.source)}"
        yield from (f"      ※ {note}" for note in pack.notes)
        if isinstance(pack, GradePack) and pack.presumes is not None:
            asked = msg("批准等级以前要组委会确认：%(what)s", what=pack.presumes)
            yield f"      ※ {say(asked)}"


def in_full(pack: Pack) -> str:
    """The keys of an event that the pack stands for, with its source under `extra`."""
    import msgspec

    about = {
        "pack": pack.name,
        "title": pack.title,
        "edition": pack.edition,
        "status": str(pack.status),
        "source": list(pack.source),
        "notes": list(pack.notes),
    }
    text = msgspec.json.encode({**_keys(pack), "extra": about})
    return msgspec.json.format(text, indent=1).decode() + "\n"


def _keys(pack: Pack) -> dict[str, Any]:
    match pack:
        case GradePack():
            return {"grades": pack.rules}
        case AwardPack():
            return {"awards": pack.awards}
        case TiePack(for_teams=True):
            return {"team_ranking": {"ties": pack.keys_for()}}
        case TiePack():
            return {"ranking": {"ties": pack.keys_for()}}
    raise TypeError(type(pack))


def _heading(pack: Pack) -> Message:
    match pack:
        case GradePack():
            return msg("晋升规则（赛项的 grades 可以直接写名字）")
        case TiePack():
            return msg("并列怎么分（抄进 ranking.ties 或 team_ranking.ties）")
    return msg("奖项设置（抄进 awards）")


def _unknown(name: str) -> Message:
    near = difflib.get_close_matches(name, [pack.name for pack in all_packs()], n=1)
    if near:
        return msg("没有叫 %(name)s 的规则包，是不是 %(near)s？", name=name, near=near[0])
    return msg("没有叫 %(name)s 的规则包。compete packs 列出全部", name=name)
