"""First start: the link that makes the first administrator, printed if nobody can sign in yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compete.commands.printing import tell
from compete.domain.values.messages import msg

if TYPE_CHECKING:
    from flask import Flask

    from compete.config import Config


def print_first_link(app: Flask, base: str) -> None:
    """Print a new link, good once and for a day, while there is no administrator.

    Must come before the server makes its processes, which inherit no connection.
    """
    from compete.models import db
    from compete.services.accounts.invitations import first_link

    with app.app_context():
        token = first_link()
        db.engine.dispose()
    if token is not None:
        tell(msg("还没有管理员。打开下面的链接建第一个，只能用一次，24 小时内有效："))
        print(f"  {link_to(base, token)}", flush=True)


def link_to(base: str, token: str) -> str:
    """The full address of an invitation."""
    return f"{base}/invitation/{token}"


def base_of(config: Config, host: str = "127.0.0.1", port: int = 8000, *, tls: bool = False) -> str:
    """The site's address: as configured, else the one it listens on."""
    if config.base_url:
        return config.base_url
    name = "127.0.0.1" if host in ("", "0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{name}:{port}"
