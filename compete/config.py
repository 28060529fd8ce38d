"""Settings from the environment: keys, addresses, sizes of uploads, how long one may be idle.

Every variable begins with `COMPETE_`; `docs/operating.md` lists them. Nothing
else in the program reads the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from compete.config_reading import Reading
from compete.data_folder import (
    FIELD_KEY_FILE,
    LOG_KEY_FILE,
    SECRET_KEY_FILE,
    keep_key,
    new_key,
    prepare,
    read_key,
)
from compete.domain.values.messages import Message, listed, msg
from compete.language import VARIABLE, say

KEY_FILES = {"secret": SECRET_KEY_FILE, "field": FIELD_KEY_FILE, "log": LOG_KEY_FILE}
KEY_SETTINGS = {
    "secret": "COMPETE_SECRET_KEY",
    "field": "COMPETE_FIELD_KEY",
    "log": "COMPETE_LOG_KEY",
}

HOURS = {
    "judge_idle_hours": 16,
    "desk_session_hours": 24,
    "desk_idle_hours": 8,
    "admin_session_hours": 12,
    "admin_idle_hours": 2,
}
"""The hours for which one stays signed in, and idle, where no setting says otherwise."""

MOST_KEEP_MONTHS = 600
"""The most months to keep personal data after a competition's end: fifty years."""


class CannotStartError(Exception):
    """Error: the program cannot run here; `faults` says why in words."""

    def __init__(self, faults: Sequence[Message]) -> None:
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(map(say, self.faults))


class ConfigError(CannotStartError, ValueError):
    """Error: settings that cannot be used, all of them; each fault names its variable or file."""


PASSPHRASE = "COMPETE_BACKUP_PASSPHRASE"
"""Gives `compete backup` and `restore` the passphrase, where nobody can type it."""


@dataclass(frozen=True, slots=True)
class FirmSettings:
    """The firm's own sign-in (OpenID Connect), and what this site is called there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """The SMS gateway: where a message is sent, as what, and what its answers mean.

    `body` has `{phone}` and `{text}`; a text of `taken` in the answer says that it was taken, one
    of `dead` that the number never will be reached.
    """

    url: str
    body: str = field(repr=False)
    header: str = field(repr=False)
    taken: tuple[str, ...]
    dead: tuple[str, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration of this installation.

    `secret_key` signs sessions; `field_key` (32 bytes) encrypts ID numbers and
    phones, and keys their look-up hash; `log_key` (the 32 bytes of an Ed25519
    seed) signs the log's checkpoints. All are made once, beside an empty
    database, and kept in `data_dir` unless the environment gives them; losing
    `field_key` loses every ID number. `new_keys` names those that stand
    nowhere yet: whoever has seen that the database is empty keeps them
    (`services.backups`).
    """

    data_dir: Path
    database_url: str
    secret_key: str = field(repr=False)
    field_key: bytes = field(repr=False)
    log_key: bytes = field(repr=False)
    base_url: str | None = None
    redis_url: str | None = None
    font_dir: Path | None = None
    # Where files stand if not in the data folder (`services.kernel.file_store`).
    files_url: str = ""
    timezone: str = "Asia/Shanghai"
    secure_cookies: bool = False
    trusted_proxies: int = 0
    max_upload_bytes: int = 20 * 1024 * 1024
    uploads_per_day: int = 200
    entries_per_day: int = 1000
    judge_idle_hours: int = HOURS["judge_idle_hours"]
    desk_session_hours: int = HOURS["desk_session_hours"]
    desk_idle_hours: int = HOURS["desk_idle_hours"]
    admin_session_hours: int = HOURS["admin_session_hours"]
    admin_idle_hours: int = HOURS["admin_idle_hours"]
    keep_months: int = 24
    second_factor: str = "wanted"
    metrics_token: str = field(default="", repr=False)
    webhook_hosts: tuple[str, ...] = ()
    firm: FirmSettings | None = None
    # The mail server as apprise writes it: mailtos://user:password@host:465?from=…
    mail_url: str = field(default="", repr=False)
    sms: SmsSettings | None = None
    sqlite_synchronous: str = "FULL"
    testing: bool = False
    new_keys: tuple[str, ...] = ()
    # The keys that the environment gives; the others stand in the data folder.
    given_keys: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read the settings; make the data folder, and the keys where there is no database yet.

        Raises `ConfigError` with everything that cannot be used.
        """
        env = os.environ if environ is None else environ
        read = Reading(env)
        data_dir = Path(read.text("COMPETE_DATA_DIR") or "var").resolve()
        default = f"sqlite:///{data_dir / 'compete.sqlite'}"
        given = {
            "secret": read.secret("COMPETE_SECRET_KEY", 32),
            "field": read.key("COMPETE_FIELD_KEY"),
            "log": read.key("COMPETE_LOG_KEY"),
        }
        database_url = read.database_url("COMPETE_DATABASE_URL", default)
        settings = {
            "base_url": read.base_url("COMPETE_BASE_URL"),
            "redis_url": read.redis_url("COMPETE_REDIS_URL"),
            "files_url": read.files_url("COMPETE_FILES_URL", data_dir),
            "font_dir": read.font_folder("COMPETE_FONT_DIR"),
            "timezone": read.timezone("COMPETE_TIMEZONE", "Asia/Shanghai"),
            "secure_cookies": read.flag("COMPETE_SECURE_COOKIES"),
            "trusted_proxies": read.whole("COMPETE_TRUSTED_PROXIES", 0, 0, 10),
            "max_upload_bytes": read.whole("COMPETE_MAX_UPLOAD_MB", 20, 1, 2048) * 1024 * 1024,
            "uploads_per_day": read.whole("COMPETE_UPLOADS_PER_DAY", 200, 1, 100_000),
            "entries_per_day": read.whole("COMPETE_ENTRIES_PER_DAY", 1000, 10, 1_000_000),
            "judge_idle_hours": read.whole(
                "COMPETE_JUDGE_SESSION_HOURS", HOURS["judge_idle_hours"], 1, 744
            ),
            "desk_session_hours": read.whole(
                "COMPETE_DESK_SESSION_HOURS", HOURS["desk_session_hours"], 1, 744
            ),
            "desk_idle_hours": read.whole(
                "COMPETE_DESK_IDLE_HOURS", HOURS["desk_idle_hours"], 1, 744
            ),
            "admin_session_hours": read.whole(
                "COMPETE_ADMIN_SESSION_HOURS", HOURS["admin_session_hours"], 1, 744
            ),
            "admin_idle_hours": read.whole(
                "COMPETE_ADMIN_IDLE_HOURS", HOURS["admin_idle_hours"], 1, 744
            ),
            "second_factor": read.one_of("COMPETE_SECOND_FACTOR", "wanted", ("wanted", "off")),
            "webhook_hosts": read.hosts("COMPETE_WEBHOOK_HOSTS"),
            "metrics_token": read.secret("COMPETE_METRICS_TOKEN", 16),
            "firm": _firm(read),
            "mail_url": read.mail_url("COMPETE_MAIL_URL"),
            "sms": _sms(read),
            "keep_months": read.whole("COMPETE_KEEP_MONTHS", 24, 1, MOST_KEEP_MONTHS),
            "sqlite_synchronous": read.one_of(
                "COMPETE_SQLITE_SYNCHRONOUS", "FULL", ("FULL", "NORMAL", "EXTRA")
            ),
        }
        if (settings["mail_url"] or settings["sms"]) and not settings["base_url"]:
            read.faults.append(msg("要发消息，先填 COMPETE_BASE_URL：消息里有链接"))
        read.look_for_strangers((VARIABLE, PASSPHRASE))
        faults = read.faults + prepare(data_dir)
        known = {} if faults else _keys(data_dir, given, faults)
        if faults:
            raise ConfigError(faults)
        new = tuple(name for name, key in known.items() if key is None)
        keys = {name: key or new_key() for name, key in known.items()}
        if new and _no_database(database_url):
            try:
                for name in new:
                    keep_key(data_dir / KEY_FILES[name], keys[name])
            except FileExistsError:
                # Somebody else starts here for the first time too, and was quicker.
                return cls.from_env(env)
            new = ()
        return cls(
            data_dir=data_dir,
            database_url=database_url,
            secret_key=keys["secret"],
            field_key=bytes.fromhex(keys["field"]),
            log_key=bytes.fromhex(keys["log"]),
            new_keys=new,
            given_keys=tuple(name for name, text in given.items() if text),
            **settings,  # type: ignore[arg-type]
        )

    def place_of(self, key: str) -> str:
        """The place of a key: the variable that gives it, or its file."""
        if key in self.given_keys:
            return KEY_SETTINGS[key]
        return str(self.data_dir / KEY_FILES[key])


_FIRM = ("COMPETE_OIDC_ISSUER", "COMPETE_OIDC_CLIENT_ID", "COMPETE_OIDC_CLIENT_SECRET")
_FIRM_NAME = "COMPETE_OIDC_NAME"


def _firm(read: Reading) -> FirmSettings | None:
    """Read the firm's sign-in; None where there is none. Half of it is a fault."""
    issuer = read.issuer(_FIRM[0])
    client_id, client_secret = (read.text(name) for name in _FIRM[1:])
    name = read.short_text(_FIRM_NAME, 20)
    given = dict(zip(_FIRM, (issuer, client_id, client_secret), strict=True))
    missing = [setting for setting, value in given.items() if not value]
    if missing and (name or len(missing) < len(_FIRM)):
        read.faults.append(
            msg(
                "单位登录的设置不全，还缺 %(names)s：三样都填，或者都不填",
                names=listed(missing),
            )
        )
    if missing:
        return None
    return FirmSettings(issuer, client_id, client_secret, name or msg("单位账号").render())


_SMS = ("COMPETE_SMS_URL", "COMPETE_SMS_BODY", "COMPETE_SMS_TAKEN")


def _sms(read: Reading) -> SmsSettings | None:
    """Read the SMS gateway; None where there is none. Half of it is a fault."""
    url, body, taken = read.http_url(_SMS[0]), read.text(_SMS[1]), read.text(_SMS[2])
    header, dead = read.text("COMPETE_SMS_HEADER"), read.text("COMPETE_SMS_DEAD")
    signature = read.short_text("COMPETE_SMS_SIGNATURE", 20)
    missing = [name for name, text in zip(_SMS, (url, body, taken), strict=True) if not text]
    if missing and (len(missing) < len(_SMS) or header or dead or signature):
        read.faults.append(
            msg("短信的设置不全，还缺 %(names)s：三样都填，或者都不填", names=listed(missing))
        )
    if missing:
        return None
    for hole in ("{phone}", "{text}"):
        if hole not in body:
            read.faults.append(msg("COMPETE_SMS_BODY：里面要有 %(hole)s", hole=hole))
    if header and ":" not in header:
        read.faults.append(msg("COMPETE_SMS_HEADER：要写成 名字: 值"))
    words = ([word.strip() for word in text.split("|")] for text in (taken, dead))
    known = [tuple(word for word in some if word) for some in words]
    return SmsSettings(url, body, header, known[0], known[1], signature)


def _keys(data_dir: Path, given: Mapping[str, str], faults: list[Message]) -> dict[str, str | None]:
    """Read each key as given or kept; None for one that stands nowhere."""
    keys: dict[str, str | None] = {}
    for name, file in KEY_FILES.items():
        kept = given[name] or read_key(data_dir / file)
        if isinstance(kept, Message):
            faults.append(kept)
        else:
            keys[name] = kept
    return keys


def _no_database(url: str) -> bool:
    """True if there is certainly no data yet: a file of SQLite that is not there or empty."""
    if not url.startswith("sqlite:///"):
        return False
    path = Path(url.removeprefix("sqlite:///").partition("?")[0])
    return not path.exists() or not path.stat().st_size
