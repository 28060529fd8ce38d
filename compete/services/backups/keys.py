"""The keys and the database know each other: a check value of each key stands beside the data.

A key that is not the one that sealed the data must never be used on it: every
row of the chain would look forged, no ID number could be read, and what is
written meanwhile would be sealed by it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidTag
from sqlalchemy import Inspector, exists, inspect, select
from sqlalchemy.exc import IntegrityError, OperationalError

from compete.config import KEY_FILES, KEY_SETTINGS, CannotStartError, Config
from compete.data_folder import NEXT_KEY_FILE, RESTORING, is_full, keep_key, read_key
from compete.domain.values.messages import Message, msg
from compete.models import (
    Account,
    AuditEntry,
    Base,
    Competition,
    FormerKey,
    KeyCheck,
    db,
    utc_now,
)
from compete.models.types import EncryptedBytes, EncryptedText
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work

_SHOWN = 8


def check_value(name: str, config: Config) -> str:
    """The check value: HMAC-SHA-256 in hex under the key of that name, over the name."""
    keys = {"field": config.field_key, "secret": config.secret_key.encode(), "log": config.log_key}
    return hmac.new(keys[name], f"compete key check: {name}".encode(), hashlib.sha256).hexdigest()


def settle_keys(config: Config, *, accept: str | None = None) -> None:
    """See that the keys are those of this database; keep new ones if it is empty.

    A key of the log is made for a database that never had one. With `accept` the key of
    that name (`secret` or `log`) that is set now becomes the right one: it seals nothing
    that is kept. Raises `CannotStartError` for a missing or
    another key, saying which and where it may be, and for a database that does
    not answer; nothing is changed then. To be called in an application's
    context, before anything else.
    """
    try:
        tables = inspect(db.engine)
        faults = _faults(config, tables, [name for name in KEY_FILES if name != accept])
        if faults:
            raise CannotStartError(faults)
        for name in config.new_keys:
            keep_key(config.data_dir / KEY_FILES[name], _text(name, config))
        if tables.has_table(KeyCheck.__tablename__):
            if accept is not None:
                _accept(accept, config)
            _remember(config)
    except OperationalError as error:
        raise CannotStartError([unreachable(error)]) from error
    except FileExistsError:
        again = msg("另一个程序刚刚做好了钥匙，请再运行一次")
        raise CannotStartError([again]) from None
    finally:
        db.session.remove()
        # Whoever forks after this must not inherit an open connection.
        db.engine.dispose()


def unreachable(error: OperationalError) -> Message:
    """The message for the operator whose database does not answer."""
    if is_full(error):
        return msg("磁盘满了，没有写入。腾出空间再试")
    return msg("连不上数据库：%(why)s", why=str(error.orig).strip())


def _faults(config: Config, tables: Inspector, names: Iterable[str]) -> list[Message]:
    known, filled = _key_checks(tables), _has_rows(tables)
    faults: list[Message] = []
    if change_under_way(tables) or _only_files_are_left(config, known.get("field")):
        return [msg("换钥匙没有做完，做完以前什么都不能启动。请再运行一次：compete rotate-key")]
    for name in names:
        value = known.get(name)
        if name in config.new_keys:
            # Programs before there was a log made no key for it.
            if value is not None or (filled and name != "log"):
                faults.append(_missing(name, config, value))
        elif value is not None:
            if not hmac.compare_digest(value, check_value(name, config)):
                faults.append(_another(name, config, value))
        elif name == "field" and _opens(tables) is False:
            faults.append(_another(name, config, None))
    return faults


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The check values of the field keys of a change that was begun and is not done."""

    former: str
    next: str


def change_under_way(tables: Inspector) -> KeyChange | None:
    """The change of the field key that was broken off; of a database of any version."""
    if not tables.has_table(FormerKey.__tablename__):
        return None
    change = db.session.execute(
        select(FormerKey.value, FormerKey.next_value).where(FormerKey.done_at.is_(None))
    ).first()
    return KeyChange(change.value, change.next_value) if change else None


def _only_files_are_left(config: Config, known: str | None) -> bool:
    """True if the data is under the next key already, and its file not yet in its place."""
    key = read_key(config.data_dir / NEXT_KEY_FILE)
    if known is None or not isinstance(key, str):
        return False
    return hmac.compare_digest(known, check_value("field", with_key(config, key)))


def with_key(config: Config, key: str) -> Config:
    """The settings with another field key, in hexadecimal digits."""
    return replace(config, field_key=bytes.fromhex(key))


def _missing(name: str, config: Config, value: str | None) -> Message:
    words = {"key": _described(name, value), "places": _places(name, config)}
    if name == "log":
        return msg(
            "找不到%(key)s。%(places)s。真找不到了就另做一把，"
            "以后的检查点用新公钥验：compete keys accept log",
            **words,
        )
    return msg("找不到%(key)s。数据库里已有数据，不会另做一把。%(places)s", **words)


def _another(name: str, config: Config, value: str | None) -> Message:
    place = config.place_of(name)
    words = {"key": _described(name, value), "places": _places(name, config)}
    if name == "secret":
        return msg(
            "%(place)s 不是这个数据库的%(key)s。%(places)s。"
            "真要换掉它，让所有人重新登录：compete keys accept secret",
            place=place,
            **words,
        )
    if name == "log":
        return msg(
            "%(place)s 不是这个数据库的%(key)s。%(places)s。"
            "真要换掉它，以后的检查点用新公钥验：compete keys accept log",
            place=place,
            **words,
        )
    return msg(
        "%(place)s 不是这个数据库的%(key)s。用它什么也读不出来，所以没有启动，"
        "什么也没有改。%(places)s",
        place=place,
        **words,
    )


def _described(name: str, value: str | None) -> Message:
    what = {
        "field": msg("加密身份证号和封存记录的钥匙"),
        "secret": msg("签登录状态的钥匙"),
        "log": msg("签总账检查点的钥匙"),
    }[name]
    if value is None:
        return what
    return msg("%(what)s（校验值 %(value)s…）", what=what, value=value[:_SHOWN])


def _places(name: str, config: Config) -> Message:
    if config.data_dir.name == RESTORING:
        # That folder is gone after this sentence: what helps is beside the backup.
        return msg(
            "找到以后，把它放进备份文件夹，叫 %(short)s；"
            "或者设 %(setting)s（服务用的环境文件里的那一行，如 /etc/compete.env），再恢复",
            setting=KEY_SETTINGS[name],
            short=KEY_FILES[name],
        )
    return msg(
        "它可能在：%(file)s；服务用的环境文件里的 %(setting)s（如 /etc/compete.env）；"
        "备份文件夹里的 %(short)s",
        file=str(config.data_dir / KEY_FILES[name]),
        setting=KEY_SETTINGS[name],
        short=KEY_FILES[name],
    )


def _text(name: str, config: Config) -> str:
    return {
        "field": config.field_key.hex(),
        "secret": config.secret_key,
        "log": config.log_key.hex(),
    }[name]


def _key_checks(tables: Inspector) -> dict[str, str]:
    if not tables.has_table(KeyCheck.__tablename__):
        return {}
    return {check.name: check.value for check in db.session.scalars(select(KeyCheck))}


def _has_rows(tables: Inspector) -> bool:
    """True if anything was ever kept in this database; by any version of the program."""
    return any(
        tables.has_table(table.__tablename__)
        and db.session.scalar(select(exists(select(table.id))))
        for table in (AuditEntry, Account, Competition)
    )


def _opens(tables: Inspector) -> bool | None:
    """True if the field key opens what the database keeps sealed; None if there is nothing."""
    for table in Base.metadata.sorted_tables:
        sealed = [c for c in table.columns if isinstance(c.type, EncryptedText | EncryptedBytes)]
        if not sealed or not tables.has_table(table.name):
            continue
        there = {column["name"] for column in tables.get_columns(table.name)}
        for column in sealed:
            if column.name not in there:
                continue
            try:
                query = select(column).where(column.is_not(None)).limit(1)
                if db.session.scalar(query) is not None:
                    return True
            except InvalidTag:
                return False
    return None


def _remember(config: Config) -> None:
    """Write down the check value of each key that has none yet."""
    missing = set(KEY_FILES) - set(db.session.scalars(select(KeyCheck.name)))
    if not missing:
        return
    try:
        with unit_of_work() as session:
            session.add_all(
                KeyCheck(name=name, value=check_value(name, config)) for name in sorted(missing)
            )
    except IntegrityError:
        # Another program did it at the same moment; the next start compares with that.
        return


def _accept(name: str, config: Config) -> None:
    value = check_value(name, config)
    with unit_of_work() as session:
        known = session.scalar(select(KeyCheck).where(KeyCheck.name == name))
        if known is None or known.value == value:
            return
        known.value, known.since = value, utc_now()
        audit.record(None, None, "key.accepted", name, after={"check": value[:_SHOWN]})
