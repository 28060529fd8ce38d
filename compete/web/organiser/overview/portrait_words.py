"""Audit rows about photos of people as short sentences."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from compete.web.organiser.overview.counting import counted


def portrait_words(who: str, what: str, _why: str, after: Mapping[str, object]) -> dict[str, str]:
    """By action."""
    return {
        "portrait.put": _("%(who)s 换了 %(what)s 的照片", who=who, what=what)
        if after.get("replaced")
        else _("%(who)s 传了 %(what)s 的照片", who=who, what=what),
        "portrait.remove": _("%(who)s 删了 %(what)s 的照片", who=who, what=what),
        "portrait.upload": _(
            "%(who)s 上传照片 zip，%(n)s 个文件", who=who, n=counted(after.get("files"))
        ),
        "portrait.import": _(
            "%(who)s 从 zip 写入 %(n)s 张照片", who=who, n=counted(after.get("codes"))
        ),
        "portrait.discard": _("%(who)s 不写入上传的照片 zip", who=who),
    }
