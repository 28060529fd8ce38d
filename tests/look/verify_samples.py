"""Sample data of looking certificates up, and of checking credentials."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.pages import fields_of
from compete.web.public.certificate import (
    CertificateFace,
    CredentialDoor,
    FoundCertificate,
    Labelled,
    Revoked,
)
from compete.web.public.look_up import LookUp, LookUpForm

Sample = dict[str, Any]


def _certificate(number: str, name: str) -> CertificateFace:
    facts = {
        "姓名": name,
        "职业名称": "起重装卸机械操作工",
        "工种/职业方向": "叉车司机",
        "技能等级": "二级/技师",
        "发证日期": "2022年10月12日",
        "评价机构": "江苏某某职业技能评价机构",
    }
    return CertificateFace(
        number=number,
        name="赵启明",
        has_holder=True,
        facts=[Labelled(label=label, value=value) for label, value in facts.items()],
    )


LOOK_UP = LookUp(
    found=None,
    form=LookUpForm(url="#"),
    heading="证书真伪查询",
    subheading="江苏某某职业技能评价机构（示例）",
    phone="025-0000 0012",
    asked_at="2022年11月3日 15:20",
    addresses=[
        Labelled(label="国家统一查询", value="jndj.osta.org.cn"),
        Labelled(label="评价机构查询", value="pjjg.osta.org.cn"),
    ],
)
CHECKED = "登记册里有这张证书，编号和姓名对得上。"
VALID = FoundCertificate(
    found="valid",
    since=None,
    successors=[],
    compare="只查了登记册，没有看到手里的纸。请把上面各项和纸上逐项核对，再核对本人的证件。",
    certificate=_certificate("Y0000 32 000123 22 2 000001", "赵启明"),
    revoked=None,
    subheading=LOOK_UP.subheading,
    phone=LOOK_UP.phone,
    credential=CredentialDoor(url="#", number="Y000032000123222000001", name="赵启明"),
)


def verify_form() -> Sample:
    """Page 8: the form with a mistake."""
    form = LookUpForm(
        number="Y0000 32 000123 22 2 00000",
        name="赵启明",
        url="#",
        errors={"number": "少 1 位。编号是 1 个字母加 21 位数字，现在是 20 位数字。"},
    )
    return fields_of(replace(LOOK_UP, form=form))


def verify_valid() -> Sample:
    """Page 8: genuine."""
    return {**fields_of(replace(LOOK_UP, addresses=[]), VALID), "checked": CHECKED}


def verify_revoked() -> Sample:
    """Page 8: revoked."""
    found = replace(
        VALID,
        found="revoked",
        credential=None,
        certificate=_certificate("Y0000 32 000123 22 2 000004", "何卫东"),
        revoked=Revoked(
            since="2022年12月8日起无效，不能再使用",
            reason="理论成绩经复核更正为 58.00，不符合晋升条件",
            basis="成绩更正第 2 版，竞赛规则 2022-03 第 15 条",
        ),
    )
    return {**fields_of(replace(LOOK_UP, addresses=[]), found), "checked": CHECKED}


def verify_missing() -> Sample:
    """Page 8: nothing found."""
    form = LookUpForm(number="Y1", name="赵启明", url="#")
    return fields_of(replace(LOOK_UP, found="missing", form=form))


def credential_check() -> Sample:
    """Checking a credential: the same for everybody."""
    return {"words": None, "did": "did:web:jingsai.example", "keys": "/.well-known/did.json"}
