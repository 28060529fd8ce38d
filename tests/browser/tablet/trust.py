"""Browsers that trust the certificate of a real server, in two ways."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser

from compete.config import Config
from compete.tls.keeping import folder_of, load_leaf
from tests.support.browser import ARGUMENTS, SIZES, Visitor, find_chromium

WITHOUT_CERTUTIL = (
    "no certutil on this machine (Debian: libnss3-tools): that a browser with the root certificate "
    "installed trusts the server by itself was not tried, only one that was told its very key"
)


def told_the_key(config: Config) -> list[str]:
    """The argument by which Chromium lets this server's key pass, whoever signed it."""
    leaf = load_leaf(folder_of(config.data_dir))
    assert leaf is not None
    info = leaf.certificate.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    mark = base64.b64encode(hashlib.sha256(info).digest()).decode()
    return [f"--ignore-certificate-errors-spki-list={mark}"]


def can_install() -> bool:
    """Whether a root certificate can be installed here."""
    return shutil.which("certutil") is not None


def install(root: Path, home: Path) -> None:
    """Put the authority among those that Chromium trusts for whoever has this home folder."""
    program = shutil.which("certutil")
    if program is None:
        pytest.skip(WITHOUT_CERTUTIL)
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    place = ["-d", f"sql:{store}"]
    for words in (
        ["-N", *place, "--empty-password"],
        ["-A", *place, "-n", "compete", "-t", "C,,", "-i", str(root)],
    ):
        subprocess.run([program, *words], check=True, capture_output=True)


@contextmanager
def devices(
    chromium: Browser, words: list[str], home: Path, *, whole: bool = True
) -> Iterator[Callable[..., Visitor]]:
    """Make visitors with a browser of their own, started with `words` by the owner of `home`.

    The `whole` browser alone asks whom that owner trusts. As with `visitor`, what goes wrong
    on a page fails the test unless it is expected.
    """
    home.mkdir(exist_ok=True)
    browser = chromium.browser_type.launch(
        executable_path=find_chromium(windows=whole),
        args=[*ARGUMENTS, *words],
        env={**os.environ, "HOME": str(home)},
    )
    met: list[Visitor] = []

    def make(size: str = "tablet", **options: Any) -> Visitor:
        settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"} | SIZES[size] | options
        met.append(Visitor(browser.new_context(**settings)))
        return met[-1]

    try:
        yield make
    finally:
        browser.close()
    assert [text for visitor in met for text in visitor.unexpected()] == []
