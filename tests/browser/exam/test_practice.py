"""Practice on a phone: a set taken, the network cut, all of it answered, wrong ones come back."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.domain.bundle.problems import Problems
from compete.domain.exam.answers import QuestionKind, read_key
from compete.domain.exam.exam_reading import Marking, Question
from compete.domain.exam.item_points import answer_points
from compete.domain.values.roles import BankRole
from compete.services.questions.bank_files import bring_bank
from compete.services.questions.practice import open_practice
from tests.support.axe import violations
from tests.support.banks import SYLLABUS, administrator, in_bank, single
from tests.support.browser import wait_on_page

KEPT = "async () => (await (await caches.open('opened')).match(location.pathname)) !== undefined"
OTHERS = [
    ("multiple", {"key": ["A", "C"], "options": single("", "")["versions"][0]["options"]}),
    ("true_false", {"key": False, "explanation": "H<sub>2</sub>O &lt; 1"}),
    ("blank", {"key": [["3600", "三千六"], ["Ab c"]]}),
    ("numeric", {"key": "12.5", "tolerance": "0.5"}),
]
ANSWERS: list[tuple[str, dict[str, Any], list[Any]]] = [
    ("blank", {"key": [["3600"]]}, [["3600.0"], [" ３６００ "], ["+3600."], ["36 00"], [""]]),
    ("blank", {"key": [["Ab c"], [".5"]], "case": True}, [["Ab  c", "0.50"], ["ab c", ".5"]]),
    ("blank", {"key": [["−5 ℃"]]}, [["-5　℃"], ["−5℃"], ["-5 ℃\n"]]),
    ("numeric", {"key": "-2", "relative": "0.1"}, ["-2.2", "-2.21", "−1.8", "two", "2"]),
    ("numeric", {"key": 80}, ["80.000", "8e1", "８０", "80.1", "."]),
    ("multiple", {"key": ["A", "C"]}, [["C", "A"], ["A"], ["A", "B", "C"], []]),
    ("single", {"key": ["B"]}, ["B", "A"]),
    ("true_false", {"key": False}, [False, True]),
]
TOLD = """async (cases) => {
  const {isRight} = await import('/static/js/practice/right.js');
  return cases.map(([question, value]) => isRight(question, value));
}"""

LATER = """() => {
  const key = `practice ${document.body.dataset.practice}`;
  const now = JSON.parse(localStorage[key]);
  localStorage[key] = JSON.stringify({...now, began: now.began - 400_000});
}"""
# Of a new set those of before that were wrong come last, and none stands in it twice.
QUEUES = """async () => {
  const {Round} = await import('/static/js/practice/round.js');
  const round = new Round('a round');
  const take = (...codes) => {
    round.take({minutes: 5, questions: codes.map((code) => ({code}))});
    return structuredClone(round.now.queue);
  };
  take('a', 'b');
  round.answer(null, false);
  round.next();
  return [take('c', 'd'), take('a')];
}"""


def _bank() -> bytes:
    """Twenty-one questions in use and for practice; a secret one, and one that is written out."""
    questions = [single(f"Q{n:03}", f"第 {n} 道：阀门", pool="practice") for n in range(17)]
    for number, (kind, more) in enumerate(OTHERS):
        version = {"number": 1, "stem": f"{kind} 的题 x<sub>{number}</sub>", "difficulty": "0.5"}
        row = {"code": kind, "node": "B-002", "kind": kind, "versions": [version | more]}
        questions.append(row | {"pool": "practice"})
    questions.append(single("SECRET", "正式题"))
    essay = {"number": 1, "stem": "问答", "difficulty": "0.5", "guide": "略"}
    row = {"code": "ESSAY", "node": "B-002", "kind": "essay", "versions": [essay]}
    questions.append(row | {"pool": "practice"})
    tree = {"format": "compete-bank/1", "code": "P", "name": "泵站运行工 四级"}
    return json.dumps(tree | {"syllabus": SYLLABUS, "questions": questions}).encode()


class Phone:
    """Whoever practises."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def part(self, name: str) -> Any:
        return self.page.locator(f"main [data-part={name}], footer [data-part={name}]").first

    def press(self, name: str) -> Phone:
        self.part(name).click()
        return self

    def answer(self, *, right: bool) -> str:
        """Answer what is in front, and go on; gives its stem."""
        stem = str(self.part("stem").inner_text())
        if not right:
            self.press("giveup")
        elif stem.startswith("multiple"):
            for text in ("全开", "半开"):
                self.page.get_by_role("checkbox", name=text).click()
            self.press("check")
        elif stem.startswith("true_false"):
            self.page.get_by_role("radio", name="错").click()
        elif stem.startswith("blank"):
            for place, text in enumerate(("三千六", "ab C")):
                self.page.fill(f"#answer-{place}", text)
            self.press("check")
        elif stem.startswith("numeric"):
            self.page.fill("#answer-0", "12")
            self.page.keyboard.press("Enter")
        else:
            self.page.get_by_role("radio", name="全关").click()
        expect(self.part("verdictword")).to_have_text("对了" if right else "先记住")
        self.press("next")
        return stem


def test_a_set_is_practised_without_the_network(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    with app.app_context():
        bank = bring_bank(_bank(), None)
        keeper = in_bank(bank, BankRole.KEEPER, "keeper", administrator())
        link = open_practice(bank, None, keeper).link
    holder = visitor("phone")
    holder.expect("ERR_INTERNET_DISCONNECTED")
    page: Page = holder.page()
    phone = Phone(page)
    page.goto(f"{live_url}/practice/{link}")
    expect(phone.part("resthead")).to_have_text("20 道题，5 分钟")
    assert page.context.cookies() == []
    assert violations(page) == []
    wait_on_page(page, KEPT)
    wait_on_page(page, "navigator.serviceWorker.controller !== null")
    kept = page.evaluate("localStorage[`practice ${document.body.dataset.practice}`]")
    assert not {"SECRET", "ESSAY"} & set(json.loads(kept)["questions"])
    _as_the_scorer_says(page)

    holder.context.set_offline(True)
    phone.press("go")
    wrong = [phone.answer(right=False) for _question in range(2)]
    # A wrong option is told beside the right one; a page opened anew says it still.
    while not phone.part("stem").inner_text().startswith("第"):
        phone.answer(right=True)
    wrong.append(phone.part("stem").inner_text())
    page.get_by_role("radio", name="全开").click()
    for _load in range(2):
        expect(phone.part("verdictword")).to_have_text("不对")
        expect(page.locator("[data-verdict=wrong] .text")).to_have_text("全开")
        expect(page.locator("[data-verdict=right] .text")).to_have_text("全关")
        expect(phone.part("explanation")).to_have_text("关阀启动电流小")
        assert violations(page) == []
        page.reload()
    phone.press("next")
    while phone.part("work").is_visible():
        phone.answer(right=True)
    expect(phone.part("resthead")).to_have_text("答完一遍")
    expect(phone.part("figures")).to_contain_text("一次答对 17/20")

    # In the order in which they were answered wrong, until each was right twice.
    phone.press("go")
    expect(phone.part("place")).to_have_text("答错过的，还有 3 道")
    assert phone.answer(right=False) == wrong[0]
    assert [phone.answer(right=True) for _question in range(2)] == wrong[1:]
    page.reload()
    expect(phone.part("restwords")).to_contain_text("答错的 3 道")
    phone.press("go")
    come_back = [wrong[0], *wrong[1:], wrong[0]]
    assert [phone.answer(right=True) for _question in come_back] == come_back
    expect(phone.part("resthead")).to_have_text("都答对了")
    phone.press("more")
    expect(phone.part("whywords")).to_contain_text("没连上网络")
    phone.press("repeat")
    expect(phone.part("resthead")).to_have_text("20 道题，5 分钟")

    phone.press("go")
    page.evaluate(LATER)
    page.reload()
    expect(page.locator("[data-part=clocklabel]")).to_have_text("时间到了")
    holder.context.set_offline(False)
    phone.press("more")
    expect(phone.part("resthead")).to_have_text("20 道题，5 分钟")
    assert page.evaluate(QUEUES) == [[["c", 1], ["d", 1], ["a", 2]], [["a", 1]]]


def _as_the_scorer_says(page: Page) -> None:
    """The phone calls right what the scorer of examinations gives all points."""
    cases, wanted = [], []
    for kind, keyed, values in ANSWERS:
        options = ("A", "B", "C") if kind in ("single", "multiple") else None
        deviations = {
            key: Decimal(str(keyed[key])) for key in ("tolerance", "relative") if key in keyed
        }
        question = Question(
            code="Q",
            version=1,
            kind=QuestionKind(kind),
            section="A",
            points=Decimal(1),
            options=options,
            **{**keyed, **deviations},
        )
        problems = Problems()
        key = read_key(
            question,
            question.kind,
            "",
            problems,
            options=options or (),
            case=bool(question.case),
        )
        assert key is not None
        for value in values:
            cases.append([{"kind": kind, **keyed}, value])
            is_empty = value in ([], [""])
            points = 0 if is_empty else answer_points(question, 100, key, value, Marking())
            wanted.append(points == 100)
    assert page.evaluate(TOLD, cases) == wanted
    assert {*wanted} == {True, False}
