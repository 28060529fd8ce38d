"""Data folder: if it can be used, how full its disk is, and the keys in it."""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from compete.config_reading import is_key
from compete.domain.values.messages import Message, ToldError, listed, msg
from compete.system_reasons import reason_of

try:
    import fcntl
except ImportError:  # pragma: no cover - elsewhere than on Unix
    fcntl = None  # type: ignore[assignment]

SECRET_KEY_FILE, FIELD_KEY_FILE, LOG_KEY_FILE = "secret.key", "field.key", "log.key"
# The key that is to take the place of `field.key`, and the beginning of those it was before.
NEXT_KEY_FILE, FORMER_KEY_FILES = "field.key.new", "field-"
SERVER_LOCK = "server.lock"
# Folders that a restore prepares, and that it puts aside.
RESTORING, BEFORE_RESTORE = ".restoring", "before-restore-"
LITTLE_SPACE = 200 * 1024 * 1024
_FULL = ("database or disk is full", "No space left on device", "disk I/O error")


def prepare(folder: Path) -> list[Message]:
    """Make the folder if it is not there; return what keeps the program from using it, in words."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except NotADirectoryError:
        return [msg("数据文件夹 %(folder)s：上面有一层是文件，不是文件夹", folder=str(folder))]
    except FileExistsError:
        return [msg("数据文件夹 %(folder)s：是文件，不是文件夹", folder=str(folder))]
    except OSError as error:
        return [
            msg(
                "数据文件夹 %(folder)s：建不了，%(why)s",
                folder=str(folder),
                why=_why(error, folder),
            )
        ]
    if os.path.lexists(folder / RESTORING):
        return [
            msg(
                "数据文件夹 %(folder)s：上一次恢复没有做完。"
                "请再运行一次：compete restore 备份 --replace",
                folder=str(folder),
            )
        ]
    if os.geteuid() == 0 and folder.stat().st_uid != 0:
        atexit.register(_tell_and_give, folder, os.getpid())
    return _unusable(folder)


def give_to_owner(folder: Path) -> list[str]:
    """Give files that root made in a folder to the folder's owner; return their names.

    Asked of what is open, on the way down through folders that are open too, and only of what
    has one name: nobody gets a file of root's from elsewhere by linking it in here, or by
    putting a link in a folder's place meanwhile.
    """
    owner, given = folder.stat(), []
    for inside, folders, files, here in os.fwalk(folder):
        for name in (*folders, *files):
            try:
                file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
            except OSError:
                continue
            try:
                status = os.fstat(file)
                single = stat.S_ISDIR(status.st_mode) or (
                    stat.S_ISREG(status.st_mode) and status.st_nlink == 1
                )
                if status.st_uid == 0 and single:
                    os.fchown(file, owner.st_uid, owner.st_gid)
                    given.append(str(Path(inside, name).relative_to(folder)))
            finally:
                os.close(file)
    return sorted(given)


def _tell_and_give(folder: Path, process: int) -> None:
    """Give files to the owner and tell it, as root's own process ends, not one that it began."""
    if os.getpid() != process or not folder.exists():
        return
    given = give_to_owner(folder)
    if given:
        from compete.language import say

        warning = msg(
            "程序以 root 的身份运行，数据文件夹 %(folder)s 是 %(owner)s 的：新建的 %(files)s "
            "已经给了 %(owner)s。下次请用：sudo -u %(owner)s compete …",
            folder=str(folder),
            owner=_user(folder.stat().st_uid),
            files=listed(given),
        )
        print(say(warning), file=sys.stderr)


def _unusable(folder: Path) -> list[Message]:
    faults = []
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK) or _read_only(folder):
        faults.append(
            msg(
                "数据文件夹 %(folder)s：写不了，%(why)s",
                folder=str(folder),
                why=_why(PermissionError(), folder),
            )
        )
        return faults
    faults += _closed_files(folder)
    mode = folder.stat().st_mode
    if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        faults.append(
            msg(
                "数据文件夹 %(folder)s：这台机器上谁都能改（%(mode)s）。"
                "请运行：chmod 700 %(folder)s",
                folder=str(folder),
                mode=f"{stat.S_IMODE(mode):o}",
            )
        )
    return faults


def _closed_files(folder: Path) -> list[Message]:
    """Files in it that cannot be used; another user's in one sentence, mended by one command."""
    written = [*sorted(folder.glob("*.sqlite*")), folder / SERVER_LOCK]
    read = [folder / name for name in (SECRET_KEY_FILE, FIELD_KEY_FILE, LOG_KEY_FILE)]
    wanted = [(path, os.R_OK | os.W_OK) for path in written] + [(path, os.R_OK) for path in read]
    shut = [path for path, use in wanted if path.exists() and not os.access(path, use)]
    others = [path for path in shut if path.stat().st_uid != os.geteuid()]
    faults = [
        msg("%(path)s：用不了，%(why)s", path=str(path), why=_why(PermissionError(), path))
        for path in shut
        if path not in others
    ]
    if others:
        faults.append(
            msg(
                "数据文件夹 %(folder)s 里的 %(files)s：用不了，是 %(owner)s 的，"
                "程序以 %(me)s 的身份运行。请运行：chown -R %(me)s %(folder)s",
                folder=str(folder),
                files=listed([path.name for path in others]),
                owner=listed(dict.fromkeys(_user(path.stat().st_uid) for path in others)),
                me=_user(os.geteuid()),
            )
        )
    return faults


def doubts(folder: Path) -> list[Message]:
    """Doubts: what is not as it should be, though the program can run."""
    sentences = []
    status = folder.stat()
    mode = stat.S_IMODE(status.st_mode)
    if os.geteuid() == 0 and status.st_uid != 0:
        sentences.append(
            msg(
                "程序以 root 的身份运行，数据文件夹是 %(owner)s 的：新建的文件到命令结束才给 "
                "%(owner)s，这以前 %(owner)s 写不了。请用：sudo -u %(owner)s compete …",
                owner=_user(status.st_uid),
            )
        )
    if mode & 0o077 and not mode & stat.S_IWOTH:
        sentences.append(
            msg(
                "数据文件夹 %(folder)s：别的用户也能进（%(mode)s）。建议：chmod 700 %(folder)s",
                folder=str(folder),
                mode=f"{mode:o}",
            )
        )
    free = free_bytes(folder)
    if free < LITTLE_SPACE:
        sentences.append(
            msg(
                "数据文件夹 %(folder)s：磁盘只剩 %(mb)s MB",
                folder=str(folder),
                mb=free // 1024**2,
            )
        )
    return sentences


def free_bytes(folder: Path) -> int:
    """The number of bytes that the disk under the folder still takes from this user."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def is_full(error: BaseException) -> bool:
    """True if an error of the system's or of a database's says that the disk is full."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return any(words in str(error) for words in _FULL)


def _read_only(folder: Path) -> bool:
    """True if the disk lets nobody write, whatever the permissions say."""
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _why(error: OSError, folder: Path) -> Message:
    """Say the cause, and what helps."""
    there = folder
    while not os.path.lexists(there) and there != there.parent:
        there = there.parent
    if _read_only(there):
        return msg("磁盘是只读的")
    if isinstance(error, PermissionError):
        owner, me = _user(there.stat().st_uid), _user(os.geteuid())
        if owner != me:
            return msg(
                "%(folder)s 是 %(owner)s 的，程序以 %(me)s 的身份运行。"
                "请运行：chown -R %(me)s %(folder)s",
                folder=str(there),
                owner=owner,
                me=me,
            )
        mode = "700" if there.is_dir() else "600"
        return msg("权限不够，请运行：chmod %(mode)s %(folder)s", mode=mode, folder=str(there))
    return msg("系统说 %(error)s", error=reason_of(error))


def _user(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def read_key(path: Path) -> str | Message | None:
    """Read the key in a file; a sentence if the file cannot be used; None if there is no file."""
    try:
        text = path.read_text(encoding="ascii").strip()
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None
    except PermissionError as error:
        return msg("钥匙 %(path)s：读不了，%(why)s", path=str(path), why=_why(error, path))
    except (OSError, ValueError):
        return msg("钥匙 %(path)s：读不了，从备份里取回它", path=str(path))
    if not is_key(text):
        return msg(
            "钥匙 %(path)s：不是 64 位十六进制数，坏了。从备份里取回它，不要另做一把",
            path=str(path),
        )
    if mode & 0o077:
        return msg(
            "钥匙 %(path)s：别的用户也能读（%(mode)s）。请运行：chmod 600 %(path)s",
            path=str(path),
            mode=f"{mode:o}",
        )
    return text


def new_key() -> str:
    """Make 256 random bits in hexadecimal digits."""
    return secrets.token_hex(32)


def keep_key(path: Path, key: str) -> None:
    """Write a new key, whole or not at all, readable by its owner alone.

    Raises `FileExistsError` if there is one: a key is never overwritten.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    finally:
        part.unlink()


def put_next_key(folder: Path, former: str) -> Path | None:
    """Make the next key `field.key`; return where the one before is kept, if there was a file.

    `former` tells former keys apart. Broken off anywhere, it can be done once more.
    """
    path, kept = folder / FIELD_KEY_FILE, folder / f"{FORMER_KEY_FILES}{former}.key"
    if path.exists():
        with contextlib.suppress(FileExistsError):
            os.link(path, kept)
    (folder / NEXT_KEY_FILE).replace(path)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return kept if kept.exists() else None


def close_to_others(database: Path) -> None:
    """Make a file of SQLite its owner's alone, before it is made or opened.

    What SQLite puts beside it has the same permissions then.
    """
    # One that is there is not opened: closing it would drop the locks that SQLite holds on it.
    with contextlib.suppress(OSError):
        os.close(os.open(database, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with contextlib.suppress(OSError):
        for path in database.parent.glob(f"{database.name}*"):
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                path.chmod(0o600)


class FolderTakenError(ToldError):
    """Error: another server works on this data folder, which is wanted at rest."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            msg("网站还在运行，先停掉它：数据文件夹 %(folder)s 正在用", folder=str(folder))
        )


@contextlib.contextmanager
def locked_for_server(folder: Path, address: str = "") -> Iterator[None]:
    """Hold the folder for one server; its workers hold it too until they have ended.

    `address` is where it serves, for commands beside it (`served_at`).
    Raises `FolderTakenError` if another has it.
    """
    handle = os.open(folder / SERVER_LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderTakenError(folder) from None
        os.ftruncate(handle, 0)
        os.write(handle, address.encode())
        yield
    finally:
        os.close(handle)


def served_at(folder: Path) -> str | None:
    """The address of the server that holds the folder; None if none does, or it said none."""
    try:
        handle = os.open(folder / SERVER_LOCK, os.O_RDWR)
    except OSError:
        return None
    try:
        if fcntl is None:
            return None
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None
        return os.read(handle, 1000).decode(errors="replace") or None
    finally:
        os.close(handle)
