"""A bank at the desk: the tree, what is looked for, a question, its reviews; and to whom."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from compete.domain.exam.bank import QuestionState, read_bank
from compete.domain.values.roles import BankRole
from compete.models import Account, BankPart, BankRequest, QuestionBank, QuestionLook, db
from compete.services.accounts.accounts import create_account
from compete.services.accounts.invitations import invite, take_up_invitation
from compete.services.questions.bank_questions import last_versions
from compete.services.questions.bank_rights import put_in_bank
from compete.services.questions.question_fields import QUESTION_ROWS
from compete.sheets.headed_rows import read_headed_rows
from compete.sheets.questions.formats import questions_in
from tests.support.banks import administrator, in_bank, other_bank, question, small_bank
from tests.support.pictures import photo
from tests.support.signing_in import signed_in


class Desk:
    """A bank, with somebody of each role signed in."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.admin = administrator()
        self.bank: QuestionBank = small_bank()
        self.accounts = {
            name: in_bank(self.bank, role, name, self.admin)
            for name, role in (
                ("author", BankRole.AUTHOR),
                ("first", BankRole.REVIEWER),
                ("second", BankRole.REVIEWER),
                ("assembler", BankRole.ASSEMBLER),
                ("keeper", BankRole.KEEPER),
            )
        }
        self.at = f"/desk/banks/{self.bank.id}"

    def as_(self, name: str) -> FlaskClient:
        return signed_in(self.app, self.accounts[name])

    def of(self, code: str) -> str:
        return f"{self.at}/questions/{question(code).id}"


@pytest.fixture
def desk(here: Flask) -> Desk:
    return Desk(here)


def looks_by(account: Account) -> list[str]:
    query = select(QuestionLook.questions).where(QuestionLook.account_id == account.id)
    return list(db.session.scalars(query.order_by(QuestionLook.id)))


def test_the_tree_has_weights_and_what_is_in_use(desk: Desk) -> None:
    page = desk.as_("author").get(desk.at).text
    assert "B-001 离心泵启动" in page
    assert '<td class="num is-warn">2<span class="under soft">等审 1</span></td>' in page
    assert '<td class="num">60</td><td class="num">3' in page


def test_two_characters_find_a_question_one_finds_nothing_by_itself(desk: Desk) -> None:
    client = desk.as_("author")
    page = client.get(f"{desk.at}?q=轴承").text
    assert "滚动轴承温度" in page
    assert "离心泵启动前" not in page
    assert "两个字起才找" in client.get(f"{desk.at}?q=轴").text
    assert "没有找到" in client.get(f"{desk.at}?q=汽轮").text
    assert "没有找到" in client.get(f"{desk.at}?q=%25%25").text
    below = client.get(f"{desk.at}?node={question('Q004').node_id}&kind=numeric").text
    assert "滚动轴承温度" in below
    assert "离心泵启动前" not in below


def test_each_page_with_secret_questions_leaves_a_row_of_which(desk: Desk) -> None:
    client, numbers = desk.as_("author"), [question(it).id for it in ("Q001", "Q002", "Q004")]
    client.get(desk.at)
    assert looks_by(desk.accounts["author"]) == [f",{','.join(map(str, numbers))},"]
    client.get(desk.of("Q004"))
    assert looks_by(desk.accounts["author"])[1] == f",{question('Q004').id},"
    client.get(f"{desk.at}?pool=practice")
    assert len(looks_by(desk.accounts["author"])) == 2
    page = desk.as_("keeper").get(desk.of("Q004")).text
    assert "3 次，最近的在上面" in page
    assert "谁看过" not in desk.as_("author").get(desk.of("Q004")).text


def test_a_picture_comes_with_the_form_and_stands_in_the_question_alone(desk: Desk) -> None:
    author, first = desk.as_("author"), desk.as_("first")
    typed = {"stem": "图里是哪种阀？", "key": "对", "node": "B-001"}
    svg = {"picture": (io.BytesIO(b"<svg><script>alert(1)</script></svg>"), "a.png")}
    assert "不是照片" in author.post(f"{desk.at}/questions/new", data=typed | svg).text
    sent = {"picture": (io.BytesIO(photo("PNG")), "a.png")}
    answer = author.post(f"{desk.at}/questions/new", data=typed | sent)
    assert answer.status_code == 302
    assert "data:image/jpeg;base64," in first.get(answer.location).text
    assert looks_by(desk.accounts["first"]) == [f",{question('Q00005').id},"]
    listed = first.get(desk.at).text
    assert "图里是哪种阀？<br><i>[图]</i>" in listed
    assert "data:image" not in listed
    # The next version keeps it by its mark.
    form = author.get(f"{answer.location}/change").text
    mark = re.search(r"&lt;img name=&#34;([0-9a-f]{16})&#34;/&gt;", form)
    assert mark is not None
    typed["stem"] = f'看图<img name="{mark[1]}"/>：是哪种阀？'
    assert author.post(f"{answer.location}/change", data=typed).status_code == 302
    assert first.get(answer.location).text.count("data:image/jpeg;base64,") == 2


def test_who_has_no_part_is_refused_in_words_and_an_administrator_sees_no_question(
    desk: Desk,
) -> None:
    stranger = signed_in(desk.app, create_account("过路人"))
    assert stranger.get(desk.at).status_code == 404
    other = administrator_of_other(desk)
    assert "请管理员给" in other.get(desk.at).text
    page = signed_in(desk.app, desk.admin).get(desk.at).text
    assert "试题不给您看" in page
    assert "离心泵启动前" not in page
    answer = desk.as_("assembler").get(f"{desk.at}/questions/new")
    assert answer.status_code == 404
    assert looks_by(desk.admin) == []


def administrator_of_other(desk: Desk) -> FlaskClient:
    """Somebody with a part in another bank alone."""
    other = other_bank()
    return signed_in(desk.app, in_bank(other, BankRole.AUTHOR, "elsewhere", desk.admin))


def test_a_question_shows_its_key_its_explanation_and_what_is_like_it(desk: Desk) -> None:
    page = desk.as_("author").get(desk.of("Q001")).text
    assert "关阀启动电流小" in page
    assert "<dd>B</dd>" in page
    assert "离心泵启动之前" in page
    assert "97%" in page
    assert "滚动轴承" not in page


def test_two_who_did_not_write_it_put_a_question_in_use(desk: Desk) -> None:
    author = desk.as_("author")
    address = f"{desk.at}/questions/new"
    typed = {
        "stem": "水泵的扬程单位是 m<sup>3</sup>/h？R<5 & 好",
        "key": "错",
        "node": "交接班",
        "pool": "练习",
    }
    answer = author.post(address, data=typed)
    assert answer.status_code == 302
    made = question("Q00005")
    assert (made.kind.value, made.state) == ("true_false", QuestionState.DRAFT)
    page = author.get(desk.of("Q00005")).text
    assert "m<sup>3</sup>/h？R&lt;5 &amp; 好" in page
    review = {"verdict": "agree", "version": "1"}
    at = f"{desk.of('Q00005')}/review"
    assert author.post(at, data=review).status_code == 404
    assert desk.as_("first").post(at, data=review).status_code == 302
    again = desk.as_("first").post(at, data=review)
    assert again.status_code == 409
    assert "您审过了" in again.text
    assert question("Q00005").state is QuestionState.DRAFT
    db.session.expire_all()
    assert desk.as_("second").post(at, data=review).status_code == 302
    db.session.expire_all()
    assert question("Q00005").state is QuestionState.IN_USE


def test_who_came_by_the_first_reviewers_link_is_no_second_opinion(desk: Desk) -> None:
    review, at = {"verdict": "agree", "version": "1"}, f"{desk.of('Q002')}/review"

    with time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        _made, token = invite("假名", by=desk.accounts["first"])
        own = take_up_invitation(token, name="假名", username="own", password="lamp-cobalt-42")
        put_in_bank(desk.bank, own, BankRole.REVIEWER, desk.admin)
        clock.shift(timedelta(days=3))
        assert desk.as_("first").post(at, data=review).status_code == 302
        refused = signed_in(desk.app, own).post(at, data=review)
        assert (refused.status_code, "不算两个人" in refused.text) == (409, True)
        assert question("Q002").state is QuestionState.DRAFT
        assert desk.as_("second").post(at, data=review).status_code == 302
        db.session.expire_all()
        assert question("Q002").state is QuestionState.IN_USE


def test_sent_back_wants_a_reason_and_a_new_version_begins_anew(desk: Desk) -> None:
    at = f"{desk.of('Q002')}/review"
    answer = desk.as_("first").post(at, data={"verdict": "return", "version": "1"})
    assert answer.status_code == 400
    assert "写明哪里不对" in answer.text
    sent = {"verdict": "return", "version": "1", "note": "题干和 Q001 一样"}
    assert desk.as_("first").post(at, data=sent).status_code == 302
    author = desk.as_("author")
    form = author.get(f"{desk.of('Q002')}/change").text
    assert "离心泵启动之前" in form
    typed = {
        "stem": "离心泵停机以前，出口阀门先怎么办？",
        "key": "B",
        "node": "B-001",
        "pool": "正式",
        "difficulty": "0.5",
        **{f"option_{letter}": text for letter, text in zip("abc", "开关半", strict=True)},
    }
    assert author.post(f"{desk.of('Q002')}/change", data=typed).status_code == 302
    db.session.expire_all()
    assert question("Q002").version == 2
    stale = desk.as_("second").post(at, data={"verdict": "agree", "version": "1"})
    assert "刚才有了新的一版" in stale.text
    same = author.post(f"{desk.of('Q002')}/change", data=typed)
    assert "和原来一样" in same.text


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(desk: Desk) -> None:
    author, address = desk.as_("author"), f"{desk.at}/questions/new"
    typed = {
        "stem": "离心泵启动前，应把出口阀门放在什么位置？",
        "key": "E",
        "node": "没有的",
        "difficulty": "2",
        "option_a": "全开",
        "option_b": "全关",
    }
    answer = author.post(address, data=typed)
    assert answer.status_code == 400
    assert "难度系数是 0 到 1" in answer.text
    answer = author.post(address, data={**typed, "difficulty": "0.5"})
    assert "没有选项 E" in answer.text
    assert "细目表里没有这个鉴定点" in answer.text
    assert "应把出口阀门放在什么位置" in answer.text
    options = {f"option_{key}": it for key, it in zip("abcd", OPTION_TEXTS, strict=True)}
    same = author.post(
        address, data={**typed, **options, "node": "B-001", "key": "A", "difficulty": "0.5"}
    )
    assert "和 Q001 同一道题，答案不同" in same.text


OPTION_TEXTS = ("全开", "全关", "半开", "开关都可以")


def test_the_keeper_withdraws_with_a_reason_and_puts_back(desk: Desk) -> None:
    keeper = desk.as_("keeper")
    assert keeper.post(f"{desk.of('Q001')}/withdraw", data={}).status_code == 400
    assert (
        keeper.post(f"{desk.of('Q001')}/withdraw", data={"reason": "标准改了"}).status_code == 302
    )
    db.session.expire_all()
    assert question("Q001").state is QuestionState.WITHDRAWN
    assert keeper.post(f"{desk.of('Q001')}/put-back").status_code == 302
    db.session.expire_all()
    assert question("Q001").state is QuestionState.DRAFT
    assert desk.as_("author").post(f"{desk.of('Q001')}/withdraw").status_code == 404


def test_a_bank_leaves_by_two_and_once(desk: Desk) -> None:
    assembler, keeper, at = desk.as_("assembler"), desk.as_("keeper"), f"{desk.at}/files"
    assert desk.as_("author").get(at).status_code == 404
    assert "写明为什么取出" in assembler.post(at, data={"form": "file"}).text
    assembler.post(at, data={"form": "file", "reason": "组 2026 年的卷"})
    number = db.session.scalars(select(BankRequest.id)).one()
    fetch = f"{at}/{number}/fetch"
    assert "还没有第二个人同意" in assembler.post(fetch).text
    assert assembler.post(f"{desk.at}/asked/{number}/agree").status_code == 403
    assert "组 2026 年的卷" in keeper.get(at).text
    assert keeper.post(f"{desk.at}/asked/{number}/agree").status_code == 302
    assert "谁要的谁取" in keeper.post(fetch).text
    answer = assembler.post(fetch)
    assert len(read_bank(answer.data).questions) == 4
    assert "取过了" in assembler.post(fetch).text
    assert len(looks_by(desk.accounts["assembler"])) == 1
    assembler.post(at, data={"form": "qti", "reason": "放到培训系统里"})
    second = db.session.scalars(select(func.max(BankRequest.id))).one()
    keeper.post(f"{desk.at}/asked/{second}/agree")
    package = assembler.post(f"{at}/{second}/fetch")
    assert package.headers["Content-Disposition"].endswith(".zip")
    rows = questions_in(package.data)
    assert rows is not None
    assert (len(rows.rows), rows.faults) == (4, {})


def test_an_administrator_makes_a_bank_of_a_file_and_gives_parts(desk: Desk) -> None:
    admin = signed_in(desk.app, desk.admin)
    assert "选一个题库文件" in admin.post("/desk/banks", data={}).text
    wrong = {"file": (io.BytesIO(b'{"format": "compete-bank/1", "code": "X"}'), "x.json")}
    answer = admin.post("/desk/banks", data=wrong)
    assert answer.status_code == 400
    assert "syllabus" in answer.text
    tree = {
        "format": "compete-bank/1",
        "code": "NEW",
        "name": "电工 三级",
        "syllabus": [{"code": "A", "name": "基本要求", "weight": "100"}],
    }
    content = json.dumps(tree).encode()
    sent = {"file": (io.BytesIO(content), "bank.json")}
    assert admin.post("/desk/banks", data=sent).status_code == 302
    assert "电工 三级" in admin.get("/desk/banks").text
    people = f"{desk.at}/people"
    assert (
        "没有这个用户名" in admin.post(people, data={"username": "nobody", "role": "author"}).text
    )
    assert admin.post(people, data={"username": "keeper", "role": "author"}).status_code == 302
    assert (
        "已经有这个职责" in admin.post(people, data={"username": "keeper", "role": "author"}).text
    )
    part = db.session.scalars(select(BankPart.id).order_by(BankPart.id.desc())).first()
    assert admin.post(f"{people}/{part}/end").status_code == 302
    assert desk.as_("keeper").get(f"{desk.at}/questions/new").status_code == 404


def test_a_workbook_is_looked_at_put_right_on_the_page_and_written(desk: Desk) -> None:
    author = desk.as_("author")
    pasted = (
        "题干\t答案\t鉴定点\t选项A\t选项B\n"
        "阀门手轮往哪边转是关？\tA\t离心泵启动\t顺时针\t逆时针\n"
        "轴承要加油。\t对\t没有的点\t\t\n"
    )
    page = author.post(f"{desk.at}/upload", data={"pasted": pasted}).text
    assert "新出 1 道" in page
    assert "细目表里没有这个鉴定点" in page
    packed = re.search(r'name="rows" value="([^"]+)"', page)
    assert packed is not None
    cell = re.search(r'name="(cell:\d+:node)"', page)
    assert cell is not None
    carried = {"rows": packed[1], cell[1]: "轴承温度"}
    answer = author.post(f"{desk.at}/write", data=carried)
    assert answer.status_code == 302
    assert question("Q00005").kind.value == "single"
    assert question("Q00006").node.code == "B-002"
    form = author.get(f"{desk.at}/questions.xlsx")
    assert form.status_code == 200
    rows = read_headed_rows(form.data, QUESTION_ROWS)
    assert [texts["code"] for _number, texts in rows] == ["Q003"]


def test_a_gift_file_comes_through_the_same_page_and_is_put_right_there(desk: Desk) -> None:
    author = desk.as_("author")
    text = (
        "$CATEGORY: $course$/top/离心泵启动\n\n"
        "::阀::阀门手轮往哪边转是关？{=顺时针#对 ~逆时针}\n\n"
        "::重::哪些要查？{~%60%油位 ~%40%温度 ~颜色}\n\n"
        "::配::配一配{=甲->1 =乙->2}\n\n"
        "$CATEGORY: $course$/top\n\n::轴::轴承要加油。{TRUE}\n"
    )
    sent = {"workbook": (io.BytesIO(text.encode("gb18030")), "题.gift")}
    page = author.post(f"{desk.at}/upload", data=sent).text
    assert "新出 1 道" in page
    assert "拒绝 3 道" in page
    assert "“重”：各项给的分是 A 60%、B 40%" in page
    assert "“配”：这是配对题" in page
    assert "鉴定点要写" in page
    assert "题名 4 处" in page
    assert "每列当作什么" not in page
    cells = dict(re.findall(r'name="(cell:\d+:\w+)" value="([^"]*)"', page))
    assert cells == {"cell:5:key": "", "cell:7:kind": "配对", "cell:11:node": ""}
    packed = re.search(r'name="rows" value="([^"]+)"', page)
    assert packed is not None
    # What rows lack is given to all of them by one press, but to those that have their own.
    cells["fill:difficulty"] = "0.4"
    answer = author.post(f"{desk.at}/write", data={"rows": packed[1], **cells})
    assert "还有 3 行没写" in answer.text
    assert question("Q00005").words.startswith("q00005")
    alike = {"cell:5:key": "AB", "fill:node": "轴承温度"}
    filled = author.post(f"{desk.at}/upload", data={"rows": packed[1], **cells, **alike}).text
    assert "鉴定点要写" not in filled
    assert re.search(r'name="fill:difficulty"[^>]*value="0.4"', filled)
    cells |= alike
    answer = author.post(f"{desk.at}/write", data={"rows": packed[1], **cells})
    assert "“配”：这是配对题" in answer.text
    assert question("Q00006").kind.value == "multiple"
    assert question("Q00007").node.code == "B-002"
    assert question("Q00005").node.code != "B-002"
    assert last_versions([question("Q00006")])[question("Q00006").id]["difficulty"] == "0.4"


def test_moodle_xml_with_entities_is_refused_in_words(desk: Desk) -> None:
    content = b'<!DOCTYPE quiz [<!ENTITY a "aa">]><quiz>&a;</quiz>'
    sent = {"workbook": (io.BytesIO(content), "quiz.xml")}
    answer = desk.as_("author").post(f"{desk.at}/upload", data=sent)
    assert answer.status_code == 400
    assert "这个 XML 文件坏了，或者带着 DOCTYPE" in answer.text
