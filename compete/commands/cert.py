"""`compete cert`: HTTPS on a local network, with a certificate authority of our own."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from compete.commands.printing import refuse, tell
from compete.commands.program import called_as
from compete.commands.serve import port_number
from compete.domain.values.days import date_words
from compete.domain.values.messages import msg
from compete.language import say
from compete.system_reasons import reason_with_file

if TYPE_CHECKING:
    from compete.config import Config
    from compete.tls.keeping import Kept
    from compete.tls.names import Name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: further names, and whether the page for tablets is served."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=say(msg("证书里另加的局域网地址或名字，以后也记着")),
    )
    parser.add_argument(
        "--serve",
        action="store_true",
        help=say(msg("用 HTTP 开放安装根证书的那一页，别的都不开放")),
    )
    parser.add_argument(
        "--port", type=port_number, default=8080, help=say(msg("那一页的端口（默认 8080）"))
    )


def run(arguments: argparse.Namespace) -> int:
    """Make certificates; exit status 1 if a name is refused or they cannot be used."""
    from compete.config import Config
    from compete.tls.keeping import folder_of
    from compete.tls.names import read_name
    from compete.tls.renewing import renew

    try:
        given: list[Name] = [read_name(name) for name in arguments.names]
        config = Config.from_env()
        kept = renew(folder_of(config.data_dir), given, datetime.now(UTC))
    except OSError as error:
        print(say(reason_with_file(error)), file=sys.stderr)
        return 1
    describe(kept)
    if arguments.serve:
        return _serve_page(config, arguments.port, kept)
    tell(msg("接下来："))
    program = called_as()
    tell(
        msg(
            "  %(program)s cert --serve                  平板扫码打开一页，装根证书",
            program=program,
        )
    )
    tell(msg("  %(program)s serve --tls --host 0.0.0.0    用 HTTPS 启动网站", program=program))
    return 0


def describe(kept: Kept) -> None:
    """Print what the certificates say, and the fingerprint to compare."""
    from compete.tls import fingerprint
    from compete.tls.addresses import lan_address
    from compete.tls.authority import called, names_of, sorting
    from compete.tls.names import is_local

    root, leaf = kept.authority.certificate, kept.leaf.certificate
    name = called(root)
    head = msg("做好了根证书：%(name)s", name=name)
    tell(head if kept.new_authority else msg("根证书：%(name)s", name=name))
    tell(msg("  有效到 %(end)s", end=date_words(root.not_valid_after_utc)))
    tell(msg("  指纹 SHA-256，装到平板上时逐段核对："))
    for line in fingerprint.lines(root):
        print(f"    {line}")
    print(f"    {fingerprint.words(root)}")
    tell(msg("做好了服务器证书") if kept.new_leaf else msg("服务器证书还能用，没有换"))
    tell(msg("  有效到 %(end)s", end=date_words(leaf.not_valid_after_utc)))
    names = sorted(names_of(leaf), key=sorting)
    tell(msg("  写着 %(names)s", names=", ".join(map(str, names))))
    here = lan_address()
    if not is_local(IPv4Address(here)):
        tell(
            msg(
                "本机地址 %(address)s 不是局域网地址，证书里没有它；平板请用上面的名字打开",
                address=here,
            )
        )


def _reached_as(kept: Kept) -> str:
    """This machine's address if the certificate has it, else a name or address that it has."""
    from compete.tls.addresses import lan_address
    from compete.tls.authority import names_of, sorting

    names = [str(name) for name in sorted(names_of(kept.leaf.certificate), key=sorting)]
    here = lan_address()
    others = [name for name in names if not name.startswith(("127.", "localhost", "::1"))]
    return here if here in names or not others else others[0]


def _serve_page(config: Config, port: int, kept: Kept) -> int:
    from compete.commands.serve import serve_app, small_server_options, why_not_free
    from compete.documents.qr import qr_terminal
    from compete.web.trust.site import make_site

    taken = why_not_free("0.0.0.0", port)
    if taken is not None:
        return refuse(taken, 1)
    address = f"http://{_reached_as(kept)}:{port}/ca"
    print()
    print(qr_terminal(address))
    tell(msg("平板扫上面的码，打开 %(address)s", address=address))
    print(say(msg("按 Ctrl+C 停止，装过的平板不受影响")), flush=True)
    serve_app(lambda: make_site(config), small_server_options("0.0.0.0", port))
    return 0
