"""A competition file between being looked at and being written: sealed, stored, for a day.

Each account has a folder in the file store. Of what was written or discarded an empty file stays
for that day: so many a day may be sent.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from compete.domain.values.messages import msg
from compete.models import Account
from compete.models.types import seal_bytes, unseal_bytes
from compete.services.kernel.file_store import UPLOADS, store_here
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import Refusal, Refused

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class BundleUpload:
    """An uploaded bundle: its file name and its bytes."""

    filename: str
    data: bytes

    @property
    def is_json(self) -> bool:
        """True if it is JSON by its name; else YAML."""
        return not self.filename.lower().endswith((".yaml", ".yml"))

    @property
    def is_workbook(self) -> bool:
        """True if it is one by its name or its first bytes, an old or locked one too."""
        named = self.filename.lower().endswith((".xlsx", ".xlsm", ".xls", ".et"))
        return named or self.data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def keep_bundle_upload(filename: str, data: bytes, by: Account) -> str:
    """Keep it for whoever sent it; the token by which it is found. What is a day old goes.

    Raises `Refused` where that account has sent as many as may be within a day.
    """
    _sweep()
    most = config_here().uploads_per_day
    if sum(1 for _file in store_here().files(_folder(by))) >= most:
        raise Refused(
            msg("一个账号一天最多传 %(most)s 个文件，明天再传，或者请管理员改设置", most=most)
        )
    name = "".join(character for character in filename if character.isprintable())[-200:]
    head = json.dumps({"name": name, "by": by.id}).encode()
    token = secrets.token_urlsafe(24)
    store_here().write(_folder(by) + token, seal_bytes(head + b"\n" + data))
    return token


def open_bundle_upload(token: str, by: Account) -> BundleUpload:
    """The upload that somebody sent. Raises `Refused` (GONE) if it is no more, or another's."""
    gone = Refused(msg("这个文件已经处理过，或者放了一天以上，请重新上传"), kind=Refusal.GONE)
    if not _TOKEN.fullmatch(token):
        raise gone
    sealed = store_here().read(_folder(by) + token)
    if not sealed:
        raise gone
    try:
        plain = unseal_bytes(sealed)
    except InvalidTag:
        raise gone from None
    head, _line, data = plain.partition(b"\n")
    header = json.loads(head)
    if header["by"] != by.id:
        raise gone
    return BundleUpload(header["name"], data)


def drop_bundle_upload(token: str, by: Account) -> None:
    """Drop an upload that is no longer wanted."""
    open_bundle_upload(token, by)
    store_here().write(_folder(by) + token, b"")


def _folder(by: Account) -> str:
    return f"{UPLOADS}{by.id}/"


def _sweep() -> None:
    for file in store_here().files(UPLOADS):
        if time.time() - file.written_at > _KEPT_SECONDS:
            store_here().remove(file.name)
