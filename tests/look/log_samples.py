"""Sample data of the log's pages."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from compete.web.pages import fields_of
from compete.web.public.log import CheckPage, NewestCheckpoint, ShownCheckpoint, TrustPage

_WORDS = "卡车 羔羊 船长 金秋 提琴 剪纸 纺车 松针"
_KEY = "jingsai.example/log+a828ed08+Ad4Iu6SOsrjVx9GWU/kqHHc1HanBjn1EA7ESp3sAohuC"
_NOTE = """jingsai.example/log
184
3cAIhsZ4HuuPEnctNWF3YGES//iDRoiK6EFjlXJmDSk=

— jingsai.example/log qCjtCB8U8HP8gUbBYy9+B/krmGx367A6JWwA9xgGXpbHUOZLPgcsvYHRzvlkd1LG1eDLdTVZ
"""


def trust() -> dict[str, Any]:
    """The newest checkpoint and one before it."""
    newest = NewestCheckpoint(
        size=184,
        made_at="9月16日 14:00",
        words=_WORDS,
        url="#",
        digits="dcc00886c6781eeb 8f12772d35617760 6112fff883468 8ae841639572660d29",
        note=_NOTE,
        code=Markup('<svg viewBox="0 0 9 9"><path d="M0 0h9v9h-9z"/></svg>'),
    )
    before = ShownCheckpoint(size=39, made_at="9月16日 11:20", words=_WORDS, url="#")
    address = "https://jingsai.example/log"
    return fields_of(TrustPage(newest=newest, earlier=[before], key=_KEY, address=address))


def check() -> dict[str, Any]:
    """Before anything was fetched: there is nothing to fetch here."""
    return fields_of(
        CheckPage(
            heading="2022年全省港口叉车司机职业技能竞赛",
            version=2,
            versions=[],
            words=None,
            competition="FORK-2022",
            files=["#", "#"],
            periods=None,
            contact="监督 田春，0517-0000 0012",
            key=_KEY,
            vendor="/static/vendor",
            log="/log",
        )
    )
