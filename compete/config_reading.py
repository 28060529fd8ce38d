"""Reading settings: each kind of value by its own rule, and every fault kept for one list."""

from __future__ import annotations

import difflib
import importlib.util
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit
from zoneinfo import ZoneInfo

from compete.domain.values.messages import Message, listed, msg

PREFIX = "COMPETE_"
# Variables for checks and tests of a checkout; no settings of the program.
_SEVERAL_HOSTS = re.compile(
    r"(?P<start>postgres[a-z+]*://)(?P<user>[^@/?]*@)?(?P<hosts>[^@/?,]+(?:,[^@/?,]+)+)"
    r"(?P<name>/[^?]*)?(?:\?(?P<query>.*))?"
)
_DEVELOPMENT = tuple(PREFIX + name for name in ("TEST_", "CHROMIUM", "WITHOUT_"))
_HOST = re.compile(
    r"[a-z0-9_.-]+(:[0-9]{1,5})?|[0-9a-f:.]+(/[0-9]{1,3})?|\[[0-9a-f:.]+\]:[0-9]{1,5}"
)
_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
_WEB_PORTS = range(1, 65536)
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
# TrueType (also as Apple marks it), OpenType, and several in one file.
_FONT_HEADS = (b"\0\1\0\0", b"true", b"OTTO", b"ttcf")


class Reading:
    """A reader of the environment, name by name.

    Each method answers a value that can be used, the default where nothing or
    nothing usable is set; what is wrong is added to `faults`, in words.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.faults: list[Message] = []
        self._known: set[str] = set()

    def text(self, name: str) -> str:
        """The text of a setting, without blanks at its ends; empty if there is none."""
        self._known.add(name)
        return self.env.get(name, "").strip()

    def flag(self, name: str) -> bool:
        """Read yes or no."""
        text = self.text(name)
        if text.lower() not in (*_YES, *_NO, ""):
            self._wrong(name, text, msg("填 1（是）或 0（否）"))
        return text.lower() in _YES

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """Read a whole number between two others, both included."""
        text = self.text(name)
        if not text:
            return default
        if text.isascii() and text.isdigit() and least <= int(text[:20]) <= most:
            return int(text)
        self._wrong(name, text, msg("填 %(least)s 到 %(most)s 的整数", least=least, most=most))
        return default

    def one_of(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """Read one of a few words, in capitals."""
        text = self.text(name).upper() or default
        if text in allowed:
            return text
        self._wrong(name, text, msg("只能是 %(allowed)s", allowed=listed(allowed)))
        return default

    def timezone(self, name: str, default: str) -> str:
        """Read a time zone by its name in the world's list."""
        text = self.text(name) or default
        try:
            ZoneInfo(text)
        except (OSError, ValueError, LookupError):
            self._wrong(name, text, msg("没有这个时区，例：Asia/Shanghai"))
            return default
        return text

    def base_url(self, name: str) -> str | None:
        """Read the site's address: scheme, host and port, without a slash at its end."""
        text = self.text(name).rstrip("/")
        if not text:
            return None
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
            self._wrong(
                name, text, msg("要写全，例：https://jingsai.example.cn 或 http://192.168.1.5:8000")
            )
        elif parts.path or parts.query or parts.fragment or parts.username:
            self._wrong(name, text, msg("只写协议、主机和端口，后面不带别的"))
        return text

    def issuer(self, name: str) -> str:
        """Read the address by which a firm's sign-in calls itself, as it is written there."""
        text = self.text(name)
        if not text:
            return ""
        try:
            parts = urlsplit(text)
            usable = bool(parts.hostname) and parts.port != 0
        except ValueError:
            parts, usable = urlsplit(""), False
        if not usable or parts.query or parts.fragment or parts.username or len(text) > 300:
            self._wrong(name, text, msg("要写全，例：https://login.example.cn/realms/gongsi"))
        elif parts.scheme != "https" and not (
            parts.scheme == "http" and parts.hostname in _THIS_MACHINE
        ):
            self._wrong(name, text, msg("要以 https:// 开头：单位的登录不走明文"))
        return text

    def short_text(self, name: str, most: int) -> str:
        """Read a few words for a button."""
        text = self.text(name)
        if len(text) > most or not text.isprintable():
            self._wrong(name, text, msg("最多 %(most)s 个字", most=most))
        return text

    def folder(self, name: str) -> Path | None:
        """Read a folder that is there and can be read."""
        text = self.text(name)
        if not text:
            return None
        path = Path(text)
        try:
            next(path.iterdir(), None)
        except FileNotFoundError:
            self._wrong(name, text, msg("没有这个文件夹"))
        except NotADirectoryError:
            self._wrong(name, text, msg("是文件，要的是文件夹"))
        except OSError:
            self._wrong(name, text, msg("这个文件夹读不了，看看权限"))
        return path

    def font_folder(self, name: str) -> Path | None:
        """Read a folder in which there is a font, at any depth."""
        before = len(self.faults)
        path = self.folder(name)
        if path is None or len(self.faults) > before:
            return path
        from compete.documents.fonts import font_files

        if not any(map(_is_font, font_files(path))):
            self._wrong(
                name, str(path), msg("里面没有能用的字体，要 .ttf、.otf、.ttc 或 .otc 文件")
            )
        return path

    def redis_url(self, name: str) -> str | None:
        """Read the address of a Redis server."""
        text = self.text(name)
        if not text:
            return None
        try:
            parts = urlsplit(text)
            usable = parts.scheme in ("redis", "rediss") and bool(parts.hostname)
            usable = usable and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            self._wrong(name, _without_password(text), msg("例：redis://127.0.0.1:6379/0"))
            return None
        if importlib.util.find_spec("redis") is None:
            self._wrong(
                name, _without_password(text), msg("没有装 redis 包，安装时写 compete[redis]")
            )
            return None
        if not _reaches_redis(text):
            self._wrong(
                name,
                _without_password(text),
                msg("端口后面只写库的编号，例：redis://127.0.0.1:6379/0"),
            )
            return None
        return text

    def database_url(self, name: str, default: str) -> str:
        """Read the address of a database that the program can use."""
        text = hosts_in_query(self.text(name))
        if not text:
            return default
        fault = _database_fault(text)
        if fault is not None:
            self._wrong(name, _without_password(text), fault)
            return default
        return text

    def files_url(self, name: str, data_dir: Path) -> str:
        """Read the address of the file store; empty for the data folder itself."""
        text = self.text(name)
        if not text:
            return ""
        fault = _files_fault(text, data_dir)
        if fault is not None:
            self._wrong(name, _without_password(text), fault)
            return ""
        own = text.startswith("file:") and Path(unquote(urlsplit(text).path)).resolve() == data_dir
        return "" if own else text

    def hosts(self, name: str) -> tuple[str, ...]:
        """Read names and addresses of machines, with or without a port; networks as 10.0.0.0/8."""
        texts = [text.lower() for text in self.text(name).replace("，", ",").split(",")]
        hosts = tuple(text.strip() for text in texts if text.strip())
        for text in hosts:
            if not _HOST.fullmatch(text):
                self._wrong(name, text, msg("例：oa.example.cn,10.20.3.8:8443,10.20.0.0/16"))
        return hosts

    def http_url(self, name: str) -> str:
        """Read the address of a service that is asked by HTTP."""
        text = self.text(name)
        if text and not text.startswith(("http://", "https://")):
            self._wrong(name, text, msg("例：https://sms.example.cn/send"))
        return text

    def mail_url(self, name: str) -> str:
        """Read a mail server with its password, as apprise writes it; it is never told."""
        text = self.text(name)
        if text and not text.startswith(("mailto://", "mailtos://")):
            self.faults.append(
                msg(
                    "%(name)s：例：%(example)s",
                    name=name,
                    example="mailtos://user:password@smtp.example.cn:465?from=compete@example.cn",
                )
            )
        return text

    def secret(self, name: str, least: int) -> str:
        """Read a long text that nobody can guess; it is never told."""
        text = self.text(name)
        if text and len(text) < least:
            self.faults.append(
                msg("%(name)s：太短了，至少 %(least)s 个字符，没人猜得到", name=name, least=least)
            )
        return text

    def key(self, name: str) -> str:
        """Read 64 hexadecimal digits; they are never told."""
        text = self.text(name)
        if text and not is_key(text):
            self.faults.append(
                msg("%(name)s：要 64 位十六进制数，填了 %(n)s 个字符", name=name, n=len(text))
            )
        return text

    def look_for_strangers(self, known: tuple[str, ...] = ()) -> None:
        """Complain of names that look like settings and are none, with a guess."""
        self._known.update(known)
        for name in sorted(self.env):
            if not name.startswith(PREFIX) or name in self._known:
                continue
            if name.startswith(_DEVELOPMENT):
                continue
            near = difflib.get_close_matches(name, sorted(self._known), 1, 0.7)
            if near:
                self.faults.append(
                    msg("没有 %(name)s 这个设置，是不是 %(near)s？", name=name, near=near[0])
                )
            else:
                self.faults.append(msg("没有 %(name)s 这个设置，去掉它", name=name))

    def _wrong(self, name: str, text: str, what: Message) -> None:
        shown = text if len(text) <= 60 else text[:60] + "…"
        self.faults.append(
            msg("%(name)s：填的是“%(found)s”，%(what)s", name=name, found=shown, what=what)
        )


def is_key(text: str) -> bool:
    """True if the text is a key of 256 bits in hexadecimal digits."""
    try:
        return len(text) == 64 and len(bytes.fromhex(text)) == 32
    except ValueError:
        return False


def as_port(text: str) -> int:
    """Read a port of TCP. Raises `ValueError` for a text that is none."""
    number = int(text)
    if number not in _WEB_PORTS:
        raise ValueError(text)
    return number


def hosts_in_query(url: str) -> str:
    """An address with several hosts, `//user@one:5432,two:5432/name`, as the driver takes them."""
    match = _SEVERAL_HOSTS.fullmatch(url)
    if match is None:
        return url
    hosts = "&".join(f"host={quote(host, safe=':[]')}" for host in match["hosts"].split(","))
    rest = f"&{match['query']}" if match["query"] else ""
    return f"{match['start']}{match['user'] or ''}{match['name'] or '/'}?{hosts}{rest}"


def _database_fault(text: str) -> Message | None:
    """Say what keeps the program from using this database; None if nothing does."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        return msg("例：postgresql+psycopg://compete:密码@127.0.0.1/compete")
    backend, _, driver = url.drivername.partition("+")
    if backend == "sqlite":
        path = url.database
        if driver or not path or path == ":memory:":
            return msg("SQLite 要写文件，例：sqlite:////var/lib/compete/compete.sqlite")
        if not Path(path).parent.is_dir():
            return msg("没有这个文件夹：%(folder)s", folder=str(Path(path).parent))
        return None if _is_sqlite(Path(path)) else msg("这个文件不是 SQLite 数据库")
    if backend in ("postgres", "postgresql"):
        if (backend, driver) != ("postgresql", "psycopg"):
            return msg("PostgreSQL 的地址要以 postgresql+psycopg:// 开头，后面不变")
        if importlib.util.find_spec("psycopg") is None:
            return msg("没有装 psycopg 包，安装时写 compete[postgresql]")
        if url.port is not None and not 0 < url.port < 65536:
            return msg("端口是 1 到 65535 的整数")
        return None
    return msg("只能用 SQLite 或 PostgreSQL")


def _files_fault(text: str, data_dir: Path) -> Message | None:
    """Say what keeps the program from having its files there; None if nothing does."""
    try:
        parts = urlsplit(text)
        query = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError:
        parts, query = urlsplit(""), {}
    if parts.scheme == "file" and not parts.netloc and not query:
        return _shared_folder_fault(Path(unquote(parts.path)), data_dir)
    if parts.scheme != "s3" or not parts.netloc or query.keys() - {"endpoint", "region"}:
        return msg("例：file:///srv/compete 或 s3://桶/前缀?endpoint=https://s3.example.cn")
    if "@" in parts.netloc:
        return msg("地址里不写密钥，写在环境变量 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY 里")
    endpoint = urlsplit(query.get("endpoint", ["https://s3"])[-1])
    if endpoint.scheme not in ("http", "https") or not endpoint.netloc or "@" in endpoint.netloc:
        return msg("endpoint 要写全，例：endpoint=https://s3.example.cn")
    if importlib.util.find_spec("boto3") is None:
        return msg("没有装 boto3 包，安装时写 compete[s3]")
    return None


def _shared_folder_fault(folder: Path, data_dir: Path) -> Message | None:
    if not folder.is_absolute():
        return msg("例：file:///srv/compete 或 s3://桶/前缀?endpoint=https://s3.example.cn")
    if not folder.is_dir():
        return msg("没有这个文件夹；是挂载的，看看挂上了没有")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return msg("这个文件夹写不了，看看权限")
    if folder.resolve() != data_dir and folder.resolve().is_relative_to(data_dir):
        return msg("不能放在数据文件夹里面")
    return None


def _reaches_redis(text: str) -> bool:
    """True if Redis's own package takes the whole address; it ignores a path that is no number."""
    import redis

    path = urlsplit(text).path.strip("/")
    if path and not (path.isascii() and path.isdigit()):
        return False
    try:
        redis.Redis.from_url(text).connection_pool.make_connection()
    except (TypeError, ValueError):
        return False
    return True


def _is_font(path: Path) -> bool:
    """True if the file begins as fonts do; one that cannot be read is none."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _FONT_HEADS
    except OSError:
        return False


def _is_sqlite(path: Path) -> bool:
    """True if the file is such a database, or may become one; unreadable ones are told later."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        return True
    return not head or head == b"SQLite format 3\0"


def _without_password(text: str) -> str:
    """Show an address without its password."""
    before, at, after = text.rpartition("@")
    if not at:
        return text
    scheme, slashes, user = before.partition("://")
    return f"{scheme}{slashes}{user.partition(':')[0]}@{after}"
