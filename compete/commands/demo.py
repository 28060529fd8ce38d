"""`compete demo`: a demonstration on this machine, with samples and one-time links."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from compete.commands.printing import tell
from compete.commands.serve import port_number, why_not_free
from compete.domain.values.messages import msg
from compete.language import say
from compete.tls.addresses import lan_address


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: the address to serve at."""
    parser.add_argument(
        "--port", type=port_number, default=8000, help=say(msg("端口（默认 8000）"))
    )
    parser.add_argument("--lan", action="store_true", help=say(msg("局域网里的平板和手机也能打开")))
    parser.add_argument("--tls", action="store_true", help=say(msg("用 HTTPS，没有证书就先做一张")))


def run(arguments: argparse.Namespace) -> int:
    """Make the database, load the samples on the first start, print links, serve."""
    host = "0.0.0.0" if arguments.lan else "127.0.0.1"
    # Before the program is read in, which takes seconds.
    taken = why_not_free(host, arguments.port)
    if taken is not None:
        print(say(taken), say(msg("（用 make run 的话：PORT=8001）")), file=sys.stderr, sep="")
        return 1
    from compete.commands.db import upgrade
    from compete.commands.https import tls_options, with_own_certificate
    from compete.commands.serve import place_reserved, serve, small_server_options
    from compete.config import Config
    from compete.resources import resource_dir
    from compete.services.competitions.demonstration import demo_links, load_samples
    from compete.web.startup import open_app

    name = lan_address() if arguments.lan else "127.0.0.1"
    config = Config.from_env()
    if arguments.tls:
        config = with_own_certificate(config, host, arguments.port)
    else:
        config = replace(config, base_url=f"http://{name}:{arguments.port}")
    base = config.base_url or ""
    with place_reserved(config, host, arguments.port, base):
        app = open_app(config)
        with app.app_context():
            upgrade(app)
            loaded = load_samples(resource_dir("sample_events"))
            for competition in loaded:
                tell(msg("已载入样例：%(name)s", name=competition))
            _print_links(base, list(demo_links()), arguments.lan)
        options = small_server_options(host, arguments.port)
        serve(config, options | tls_options(config) if arguments.tls else options)
    return 0


def _print_links(base: str, links: list, lan: bool) -> None:  # type: ignore[type-arg]
    print()
    tell(msg("打开 %(address)s", address=base))
    if links:
        tell(msg("登录链接，每个只能用一次，12 小时内有效："))
        for link in links:
            role = f"{say(link.role)} {link.code}".strip()
            print(f"  {role}\t{link.name}\t{base}/sign-in/{link.token}")
    if lan:
        from compete.commands.https import trust_first
        from compete.documents.qr import qr_terminal

        print()
        print(qr_terminal(base))
        tell(msg("平板或手机扫上面的码，打开 %(address)s", address=base))
        if base.startswith("https:"):
            tell(trust_first())
    print(say(msg("按 Ctrl+C 停止，数据都留着")), flush=True)
