"""That a backup was restored today, in words: whose tablets have come back since."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.services.safekeeping.generations import Restored
from compete.web.templating import moment_said


def describe_restored(restored: Restored | None) -> tuple[str, str] | None:
    """That it was, and what that means; None for nothing restored."""
    if restored is None:
        return None
    head = _(
        "%(time)s 从备份恢复过（%(backup)s）", time=moment_said(restored.at), backup=restored.backup
    )
    text = _(
        "备份以后的分数，平板连上来自己补传，已有的不会重复。"
        "备份以后的签名、设的 PIN、退回、裁定、检录和在这些页上办的别的，要再办一次。"
    )
    if restored.missing:
        text += _(
            "还没连上的裁判：%(judges)s。他们的平板连上以前，分数可能不全。",
            judges=_("、").join(restored.missing),
        )
    else:
        text += _("连过的裁判都回来了。")
    return head, text
