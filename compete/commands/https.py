"""HTTPS for a server by `--tls`: the certificate of `compete cert`, and https:// everywhere.

No Strict-Transport-Security is sent. The certificate authority is private and
leaves the tablets after the event; a browser that had been told to insist on
HTTPS would then be locked out of this host for as long as it remembers, of
every port, the plain page that hands out the authority included. What it would
protect from is met otherwise: cookies go over HTTPS alone, and the links and
codes that are handed out begin with https://.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from compete.commands.printing import tell, warn
from compete.commands.program import called_as
from compete.domain.values.messages import Message, msg
from compete.language import say

if TYPE_CHECKING:
    from compete.config import Config


def with_tls(config: Config, host: str, port: int) -> Config:
    """Serve HTTPS at this place: return the settings, print doubts about the certificate.

    Raises `TlsError` if there is no certificate that can be used, or if the
    settings say that the site is reached by plain HTTP.
    """
    from compete.tls.files import TlsError
    from compete.tls.keeping import folder_of, note_address
    from compete.tls.renewing import check, reached_at

    folder = folder_of(config.data_dir)
    here = reached_at(host)
    address = config.base_url or f"https://{f'[{here}]' if ':' in here else here}:{port}"
    if not address.startswith("https://"):
        raise TlsError(
            msg(
                "COMPETE_BASE_URL 是 %(found)s，和 --tls 对不上。"
                "改成 https:// 开头的地址，或者不设",
                found=address,
            )
        )
    for doubt in check(folder, urlsplit(address).hostname or "", datetime.now(UTC)):
        warn(doubt)
    note_address(folder, address)
    return replace(config, base_url=address, secure_cookies=True)


def with_own_certificate(config: Config, host: str, port: int) -> Config:
    """Serve as `with_tls`, with a certificate made or renewed at need.

    A base URL of plain HTTP is passed over, as the demonstration passes over any.
    """
    from compete.tls.keeping import folder_of
    from compete.tls.renewing import renew

    renew(folder_of(config.data_dir), (), datetime.now(UTC))
    known = config.base_url or ""
    return with_tls(
        replace(config, base_url=known if known.startswith("https://") else None), host, port
    )


def tls_options(config: Config) -> dict[str, Any]:
    """The settings of gunicorn for HTTPS."""
    from compete.tls.keeping import SERVER, folder_of
    from compete.tls.listening import Certificates

    path = folder_of(config.data_dir) / SERVER
    certificates = Certificates(path)
    return {
        "certfile": str(path),
        "ssl_context": lambda _settings, _default: certificates.context(),
    }


def say_where(config: Config) -> None:
    """Print the address, and its code for tablets that trust the certificate already."""
    from compete.documents.qr import qr_terminal

    address = config.base_url or ""
    print(qr_terminal(address))
    tell(msg("装了根证书的平板扫上面的码，打开 %(address)s", address=address))
    print(say(trust_first()), flush=True)


def trust_first() -> Message:
    """Say what a tablet needs that has not got the root certificate yet."""
    return msg("还没装根证书的，先运行 %(program)s cert --serve，扫它的码", program=called_as())
