"""Audit rows about photos of people as short sentences."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.web.organiser.overview.sentences import Either, Sentences, number_of

SENTENCES: Sentences = {
    "portrait.put": Either(
        "replaced", msg("%(who)s 换了 %(what)s 的照片"), msg("%(who)s 传了 %(what)s 的照片")
    ),
    "portrait.remove": msg("%(who)s 删了 %(what)s 的照片"),
    "portrait.upload": msg("%(who)s 上传照片，%(n)s 个文件", n=number_of("files")),
    "portrait.import": msg("%(who)s 写入 %(n)s 张照片", n=number_of("codes")),
    "portrait.discard": msg("%(who)s 不写入上传的照片"),
}
