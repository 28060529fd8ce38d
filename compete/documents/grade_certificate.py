"""The certificate of occupational skill level (职业技能等级证书), one A4 page each.

What stands on it and in what order follows 人社鉴发〔2021〕1号: the title, the
statement, the holder's seven fields, photo, code, the two query addresses, the
body's name exactly as filed, and the day. Fields are filled in with 小四 (12 pt)
仿宋; see `compete.documents.fonts` for where a 仿宋 comes from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from compete.documents.dates import chinese_date
from compete.documents.fonts import FontBook
from compete.documents.qr import qr_ink
from compete.documents.typesetting import About, PrintedFile, Sheet, not_drawn, typeset

NO_TRADE = "--"
"""The text that the regulation wants where an occupation has no 工种; never a blank."""

_CERTIFICATE_SITE = "jndj.osta.org.cn"
_BODY_SITE = "pjjg.osta.org.cn"

STATEMENT = (
    "持证人参加本机构组织的职业技能等级认定，成绩合格，"
    "具备相应职业（工种）和等级的职业技能水平，特发此证。"
)


@dataclass(frozen=True, slots=True)
class GradeCertificate:
    """One certificate.

    `level` is written as the regulation writes it, "二级/技师". `number` has 22
    characters. `verify_url` is the public page of this certificate and holds no
    ID number. `photo`: JPEG or PNG, 1 inch on white; without it a frame is left.
    `void` is set across the page: 已撤销 or 已换发 for one that is not valid, 复核中 or 待换发
    where a later version of the results speaks against it.
    """

    name: str
    id_type: str
    id_number: str = field(repr=False)
    occupation: str
    trade: str
    level: str
    number: str
    body: str
    issued_on: date
    verify_url: str
    photo: bytes | None = field(default=None, repr=False)
    void: str = ""


def render_grade_certificates(
    certificates: Sequence[GradeCertificate],
    *,
    note: str = "",
    fonts: FontBook | None = None,
    author: str = "",
) -> PrintedFile:
    """Print a PDF with a page for each, in the order given. It is in Chinese, whoever prints it.

    `note` is set small at the foot (版式示意, 补发, a print number).
    Who has a character that no font draws, or a photo that can't be opened, is left
    out and named on the last page and in `left_out`.
    Raises `NothingPrinted` when none can be printed, ValueError for none at all.
    """
    if not certificates:
        raise ValueError("no certificates to print")
    shared = {
        "title": "职业技能等级证书",
        "note": note,
        "words": {
            "title": "职业技能等级证书",
            "subtitle": "CERTIFICATE OF OCCUPATIONAL SKILL LEVEL",
            "photo": "照片",
            "photo-hint": "1 寸白底照片",
            "scan": "扫码核对真伪",
            "certificate-site": f"证书查询：{_CERTIFICATE_SITE}",
            "body-site": f"机构查询：{_BODY_SITE}",
            "seal": "盖章处",
            "body": "评价机构",
            "issued": "发证日期",
        },
    }
    about = About(author, max(certificate.issued_on for certificate in certificates))
    return typeset(
        "grade_certificate", shared, [_sheet(c) for c in certificates], fonts, about=about
    )


def grade_not_drawn(certificate: GradeCertificate, fonts: FontBook | None = None) -> list[str]:
    """List its characters that no font draws; while there are any, nobody's file has it."""
    return not_drawn(_sheet(certificate), fonts)


def _sheet(certificate: GradeCertificate) -> Sheet:
    fields = [
        ("姓名", certificate.name),
        ("证件类型", certificate.id_type),
        ("证件号码", certificate.id_number),
        ("职业名称", certificate.occupation),
        ("工种/职业方向", certificate.trade.strip() or NO_TRADE),
        ("职业技能等级", certificate.level),
        ("证书编号", certificate.number),
    ]
    return Sheet(
        who=certificate.name,
        photo=certificate.photo,
        data={
            "statement": STATEMENT,
            "fields": [{"label": label, "value": value} for label, value in fields],
            "body": certificate.body,
            "issued": chinese_date(certificate.issued_on),
            "qr": qr_ink(certificate.verify_url),
            "void": certificate.void,
        },
    )
