"""Reasons of the system for a file that cannot be read or written, in the reader's language."""

from __future__ import annotations

import errno

from compete.domain.values.messages import Message, msg

_REASONS = {
    errno.ENOENT: msg("没有这个文件或文件夹"),
    errno.ENOTDIR: msg("路径里有一层不是文件夹"),
    errno.EISDIR: msg("这是文件夹，不是文件"),
    errno.EACCES: msg("权限不够"),
    errno.EPERM: msg("权限不够"),
    errno.EROFS: msg("磁盘是只读的"),
    errno.ENOSPC: msg("磁盘满了"),
    errno.EDQUOT: msg("磁盘满了"),
    errno.ELOOP: msg("符号链接一层套一层，走不到头"),
    errno.EBUSY: msg("设备正在用"),
}


def reason_of(error: Exception) -> Message:
    """The reason in words; what is rare as the system says it."""
    known = _REASONS.get(getattr(error, "errno", None) or 0)
    reason = getattr(error, "strerror", None) or str(error)
    return known or Message("%(why)s", {"why": reason})


def reason_with_file(error: Exception) -> Message:
    """The reason, and the file where the system names it."""
    name, why = getattr(error, "filename", None), reason_of(error)
    return why if name is None else msg("%(file)s：%(why)s", file=str(name), why=why)
