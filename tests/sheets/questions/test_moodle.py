"""Moodle XML: kinds, categories, HTML, files, and XML that would do harm."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.sheets.headed_rows import OtherRows
from compete.sheets.questions.formats import questions_in
from compete.sheets.workbook.refusal import WorkbookError
from tests.sheets.questions.writing import answers, asked, category, moodle


def read(content: bytes) -> OtherRows:
    rows = questions_in(content)
    assert rows is not None
    return rows


def only(question: str) -> dict[str, str]:
    rows = read(moodle(question))
    assert {key: str(it) for faults in rows.faults.values() for key, it in faults.items()} == {}
    ((_line, texts),) = rows.rows
    return {key: it for key, it in texts.items() if it}


def why(question: str) -> dict[str, str]:
    ((_line, faults),) = read(moodle(question)).faults.items()
    return {key: str(it) for key, it in faults.items()}


def test_each_kind_of_question_is_read() -> None:
    shares = answers(("全开", "0"), ("全关", "100"), ("R<5", "0"))
    assert only(asked("multichoice", "<p>出口阀？</p>", "<single>true</single>", shares)) == {
        "stem": "出口阀？",
        "kind": "单选",
        "key": "B",
        "option_a": "全开",
        "option_b": "全关",
        "option_c": "R&lt;5",
    }
    thirds = answers(*((text, "33.33333") for text in "甲乙丙"), ("丁", "-100"))
    several = only(asked("multichoice", "哪些？", "<single>false</single>", thirds))
    assert (several["kind"], several["key"]) == ("多选", "ABC")
    assert only(asked("truefalse", "对吗", answers(("true", "0"), ("false", "100"))))["key"] == "错"
    ways = answers(("扬程", "100"), ("总|扬程", "100"))
    assert only(asked("shortanswer", "叫什么", "<usecase>0</usecase>", ways))["key"] == (
        "扬程|总\\|扬程"
    )
    number = answers(("1450", "100"), more=["<tolerance>0.5</tolerance>"])
    texts = only(asked("numerical", "多少", number))
    assert (texts["kind"], texts["key"], texts["tolerance"]) == ("计算", "1450", "0.5")
    guide = '<graderinfo format="html"><text>&lt;p&gt;三点&lt;/p&gt;</text></graderinfo>'
    essay = only(asked("essay", "写一写", guide, "<idnumber>KB-7</idnumber>"))
    assert (essay["kind"], essay["guide"], essay["code"]) == ("简答", "三点", "KB-7")


def test_the_category_gives_the_point_and_the_line_is_that_of_the_question() -> None:
    true = answers(("true", "100"), ("false", "0"))
    rows = read(
        moodle(
            asked("truefalse", "一", true),
            category("$course$/top/B-001"),
            asked("truefalse", "二", true) + asked("truefalse", "三", true),
        )
    )
    assert [(line, texts["node"]) for line, texts in rows.rows] == [
        (3, ""),
        (8, "B-001"),
        (11, "B-001"),
    ]


def test_html_is_cut_to_the_marks() -> None:
    stem = (
        "<p>H<sub>2</sub>O&nbsp;<span style='x'>很</span>\n 重</p><div>\\(a &lt; b\\)</div>"
        "&lt;sub&gt; &amp;amp;<o:p></o:p>"
    )
    true = answers(("true", "100"), ("false", "0"))
    assert only(asked("truefalse", stem, true))["stem"] == (
        "H<sub>2</sub>O 很 重\n<math>a &lt; b</math>\n&lt;sub> &amp;amp;"
    )


TRUE = answers(("true", "100"), ("false", "0"))
FILE = '<file name="a.png" encoding="base64">R0lGODlh</file>'


@pytest.mark.parametrize(
    ("question", "field", "reason"),
    [
        (asked("matching", "配", name="国家"), "kind", "“国家”：这是配对题"),
        (asked("cloze", "填"), "kind", "这是综合填空题"),
        (asked("calculated", "算"), "kind", "这是带公式的计算题"),
        (asked("stack", "算"), "kind", "这是stack题"),
        (asked("description", "说明"), "kind", "这是文字说明题"),
        (asked("truefalse", '<img src="@@PLUGINFILE@@/a.png">', TRUE), "stem", "图片"),
        (asked("truefalse", "看图", TRUE, "<image>a.png</image>"), "stem", "文件 a.png"),
        (asked("truefalse", "听<audio src='x'></audio>", TRUE), "stem", "声音"),
        (asked("truefalse", "<math xmlns='m'><mi>x</mi></math>", TRUE), "stem", "公式"),
        (asked("truefalse", "x<script>alert(1)</script>", TRUE), "stem", "脚本"),
        (asked("truefalse", "对吗", answers(("true", "100"), ("false", "100"))), "key", "对还是错"),
        (
            asked(
                "multichoice", "问", "<single>true</single>", answers(("甲", "100"), ("乙", "50"))
            ),
            "key",
            "A 100%、B 50%",
        ),
        (
            asked("shortanswer", "问", "<usecase>1</usecase>", answers(("kW", "100"))),
            "key",
            "要分大小写",
        ),
        (asked("numerical", "问", answers(("1", "100"), ("2", "100"))), "key", "1 100%、2 100%"),
        (asked("multichoice", "问", answers(("甲", "一半"), ("乙", "100"))), "key", "不是数"),
    ],
)
def test_what_a_row_cannot_have_is_refused_with_its_reason(
    question: str, field: str, reason: str
) -> None:
    assert reason in why(question)[field]


def test_a_file_in_a_text_is_refused_at_its_field_and_its_mark_stays() -> None:
    stem = f'看<img src="@@PLUGINFILE@@/a.png">]]></text>{FILE}<text><![CDATA['
    rows = read(moodle(asked("truefalse", stem, TRUE)))
    assert rows.rows[0][1]["stem"] == '看<img name="a.png"/>'
    assert "stem" in rows.faults[3]
    sound = asked("truefalse", f"听]]></text>{FILE}<text><![CDATA[", TRUE)
    assert "文件 a.png" in why(sound)["stem"]


def test_what_is_not_read_is_counted() -> None:
    more = "<defaultgrade>2.0</defaultgrade><tags><tag><text>泵</text></tag></tags>"
    hint = "<hint><text>想想</text></hint><correctfeedback><text>好</text></correctfeedback>"
    rows = read(moodle(asked("truefalse", "问", TRUE, more, hint)))
    notice = "题名 1 处、标签 1 处、分值 1 处、提示 1 处、不分选项的反馈 1 处"
    assert notice in str(rows.notices[-1])


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><quiz>&b;</quiz>',
        b'<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz></quiz>',
        b"<quiz><question type='essay'></quiz>",
        b"<quiz>" + b"<a>" * 10,
        b"<quiz>&nothing;</quiz>",
    ],
)
def test_xml_that_is_broken_or_would_do_harm_is_refused(content: bytes) -> None:
    with pytest.raises(WorkbookError, match="XML 文件坏了"):
        questions_in(content)


def test_other_xml_is_left_to_others_and_gbk_is_read() -> None:
    assert questions_in(b"<html><p>quiz</p></html>") is None
    text = moodle(asked("truefalse", "泵要充水", TRUE)).decode()
    gbk = text.replace("UTF-8", "GBK").encode("gb18030")
    assert read(gbk).rows == read(text.encode()).rows


WORDS = st.text("甲乙pbr<>&;/=\"'#5", min_size=1, max_size=15)


@settings(max_examples=200, deadline=None)
@given(WORDS, st.lists(WORDS, min_size=2, max_size=10), st.data())
def test_what_is_written_as_html_is_read_back_the_same(
    stem: str, options: list[str], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(options) - 1))
    shares = [(html.escape(text), "100" if it == place else "0") for it, text in enumerate(options)]
    inside = "".join(
        f'<answer fraction="{share}" format="html"><text>{html.escape(text)}</text></answer>'
        for text, share in shares
    )
    texts = only(asked("multichoice", html.escape(stem), "<single>true</single>", inside))
    assert html.unescape(texts["stem"]) == stem
    assert [html.unescape(texts[f"option_{it}"]) for it in "abcdefghij"[: len(options)]] == options
    assert texts["key"] == "ABCDEFGHIJ"[place]
