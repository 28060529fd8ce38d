"""`compete verify-dossier FILE`: hold a dossier against its manifest, without database or site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from compete.commands.bundle_file import tell_of
from compete.commands.printing import print_line
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import msg
from compete.language import say
from compete.system_reasons import reason_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: `compete verify-dossier FILE [--manifest HEX]`."""
    parser.add_argument("file", metavar="FILE", help=say(msg("档案文件，ZIP")))
    parser.add_argument(
        "--manifest",
        metavar="HEX",
        help=say(msg("别处写着的清单散列：网站的档案页、变更记录或总账")),
    )


def run(arguments: Namespace) -> int:
    """Check; exit status 0 where all fits, 1 with all that does not, 2 for no dossier."""
    from compete.services.competitions.dossier_file import DossierFileError, check_dossier

    try:
        checked = check_dossier(Path(arguments.file))
    except DossierFileError as error:
        tell_of(arguments.file, error.message)
        return 2
    except OSError as error:
        tell_of(arguments.file, reason_of(error))
        return 2
    of, faults = checked.manifest.of, list(checked.faults)
    wanted = "".join((arguments.manifest or "").split()).lower()
    if wanted and wanted != checked.sha256:
        faults.append(msg("清单的散列和别处写的不一样"))
    print_line(msg("%(name)s（%(code)s）第 %(n)s 份", name=of.name, code=of.code, n=of.number))
    print_line(msg("%(at)s 做的，%(who)s", at=of.made_at, who=of.made_by))
    words = hash_phrase(bytes.fromhex(checked.sha256))
    print_line(msg("清单：%(hash)s", hash=f"{words}  {checked.sha256}"))
    for paper in checked.manifest.lacking:
        print_line(msg("没有 %(what)s：%(why)s", what=paper.title, why=paper.why))
    for fault in faults:
        print_line(fault)
    if faults:
        print_line(msg("对不上"))
        return 1
    print_line(msg("%(n)s 个文件，和清单都对得上", n=len(checked.manifest.files)))
    if not wanted:
        print_line(msg("没有和别处写的清单散列比：整份重做过的，只有那样才看得出"))
    return 0
