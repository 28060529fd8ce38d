"""Issuing bodies are registered by administrators, once; nobody else's come on a certificate."""

from __future__ import annotations

import pytest
from flask import Flask

from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account
from compete.services.certificates.issuing_bodies import (
    bodies,
    body_for,
    choose_body,
    create_body,
    file_scope,
    occupations_of,
    read_scope,
    scope_text,
)
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused
from tests.support.announced import body_for as entered


def code_of(competition: Competition) -> str:
    (occupation,) = occupations_of(competition)
    return occupation.code


def enter(name: str, code: str, by: Account | None = None, site: str = "000999") -> None:
    create_body(
        name=name,
        kind="Y",
        body_code="0000",
        province="32",
        site=site,
        phone=None,
        scope=[{"code": code, "name": "叉车司机", "grades": [3, 2]}],
        by=by,
    )


def test_an_organiser_registers_none_and_files_none(
    forklift: Competition, organiser: Account
) -> None:
    with pytest.raises(Refused, match="由管理员登记"):
        enter("甲", code_of(forklift), organiser)
    registered = entered(forklift)
    with pytest.raises(Refused, match="由管理员登记"):
        file_scope(registered, [], organiser)
    assert [body.name for body in bodies()] == [registered.name]


@pytest.mark.each_database
def test_codes_are_registered_once(here: Flask) -> None:
    admin = create_account("管理员", is_admin=True)
    enter("甲", "6-30-05-03", admin)
    with pytest.raises(Refused, match="是“甲”的"):
        enter("乙", "6-30-05-03", admin)
    # However they are typed, numbers would bear the same.
    with pytest.raises(Refused, match="机构代码 Y000032000999 是“甲”的"):
        enter("乙", "6-30-05-03", admin, site="０００999")
    enter("乙", "6-30-05-03", admin, site="０００998")
    assert {body.site for body in bodies()} == {"000999", "000998"}
    assert {body.codes for body in bodies()} == {"Y000032000999", "Y000032000998"}


def test_a_body_registered_later_does_not_take_over(forklift: Competition) -> None:
    assert body_for(forklift) is None
    first = entered(forklift)
    enter("AAA", code_of(forklift))
    chosen = body_for(forklift)
    assert chosen is not None
    assert chosen.name == first.name


def test_an_organiser_chooses_among_those_filed_for_the_occupation(
    forklift: Competition, organiser: Account
) -> None:
    entered(forklift)
    enter("本次的", code_of(forklift))
    enter("别的职业的", "1-01-01-01", site="000997")
    by_name = {body.name: body for body in bodies()}
    choose_body(forklift, by_name["本次的"], organiser)
    chosen = body_for(forklift)
    assert chosen is not None
    assert chosen.name == "本次的"
    assert audit.recent(forklift, 1)[0].action == "body.choose"
    with pytest.raises(Refused, match="没有备案"):
        choose_body(forklift, by_name["别的职业的"], organiser)


def test_a_scope_is_read_line_by_line() -> None:
    text = "6-30-05-03 叉车司机 3、4,5\n\n6-18-01-01 车 工 2\n６-28-03-03 L 废水处理工 5"
    scope = read_scope(text)
    assert scope[0] == {"code": "6-30-05-03", "name": "叉车司机", "grades": [5, 4, 3]}
    assert scope[1]["name"] == "车 工"
    assert scope[2] == {"code": "6-28-03-03", "name": "废水处理工", "grades": [5]}
    assert read_scope(scope_text(scope)) == scope
    code = "6-30-05-03"
    for wrong in (f"{code} 叉车司机", f"{code} 叉车司机 六级", f"{code} 甲 5\n{code} 乙 4"):
        with pytest.raises(Refused, match=r"第 [12] 行"):
            read_scope(wrong)
    with pytest.raises(Refused, match="没写"):
        read_scope(" \n")


@pytest.mark.parametrize("code", ["叉车司机", "6-30-5-3", "9-30-05-03", "a", "未知", "6-30-05-031"])
def test_what_is_no_code_is_not_filed_as_one(code: str) -> None:
    with pytest.raises(Refused, match=f"第 1 行：“{code}”不是职业编码"):
        read_scope(f"{code} 叉车司机 5")


def test_two_occupations_without_a_code_are_filed_side_by_side() -> None:
    scope = read_scope("待核 救援机械操作员 5,4\n-- 灌排泵站运行工 3")
    assert [entry["name"] for entry in scope] == ["救援机械操作员", "灌排泵站运行工"]
    assert read_scope(scope_text(scope)) == scope
    with pytest.raises(Refused, match="第 2 行：甲 前面写过了"):
        read_scope("待核 甲 5\n待核 甲 4")


def test_nobody_filed_for_the_occupation_is_taken_by_default(forklift: Competition) -> None:
    enter("别的职业的", "1-01-01-01")
    assert body_for(forklift) is None
