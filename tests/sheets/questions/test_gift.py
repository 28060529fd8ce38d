"""GIFT as it is written down and as people write it; what no row can have is refused by line."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.sheets.headed_rows import OtherRows
from compete.sheets.questions.blanks import blanks_text
from compete.sheets.questions.formats import questions_in
from tests.sheets.questions.writing import gift

OPTIONS = ("option_a", "option_b", "option_c", "option_d")


def read(text: str | bytes) -> OtherRows:
    content = text if isinstance(text, bytes) else text.encode()
    rows = questions_in(content)
    assert rows is not None
    return rows


def only(text: str) -> dict[str, str]:
    """The texts of a file's only question, which has no fault."""
    rows = read(text)
    assert {key: str(it) for faults in rows.faults.values() for key, it in faults.items()} == {}
    ((_line, texts),) = rows.rows
    return {key: it for key, it in texts.items() if it}


def why(text: str) -> dict[str, str]:
    """What is wrong with a file's only question."""
    rows = read(text)
    ((line, _texts),) = rows.rows
    return {key: str(it) for key, it in rows.faults[line].items()}


def test_each_kind_of_question_is_read() -> None:
    assert only("出口阀门怎么放？{~全开 =全关 ~半开}") == {
        "stem": "出口阀门怎么放？",
        "kind": "单选",
        "key": "B",
        "option_a": "全开",
        "option_b": "全关",
        "option_c": "半开",
    }
    several = only("哪些要查？{\n~%50%油位\n~%-100%颜色\n~%50%温度\n}")
    assert (several["kind"], several["key"]) == ("多选", "AC")
    assert only("泵要充水。{TRUE}")["key"] == "对"
    assert only("泵要充水。{F}") == {"stem": "泵要充水。", "kind": "判断", "key": "错"}
    assert only("叫什么？{=扬程 =总扬程}")["key"] == "扬程|总扬程"
    number = only("多少？{#1450:5}")
    assert (number["kind"], number["key"], number["tolerance"]) == ("计算", "1450", "5")
    between = only("多少？{#1..5}")
    assert (between["key"], between["tolerance"]) == ("3", "2")
    assert "tolerance" not in only("多少？{#=7:0}")
    assert only("写一写。{}") == {"stem": "写一写。", "kind": "简答"}


def test_three_thirds_are_one_choice_of_several() -> None:
    text = "哪些？{~%33.33333%甲 ~%33.33333%乙 ~%33.33333%丙 ~丁}"
    assert only(text)["key"] == "ABC"


def test_an_answer_in_the_middle_leaves_a_blank() -> None:
    assert only("离心泵启动前{~全开 =全关}出口阀。")["stem"] == "离心泵启动前_____出口阀。"
    assert only("{=扬程}是泵的参数。")["stem"] == "_____是泵的参数。"


def test_escaped_signs_are_themselves_and_comments_are_passed_over() -> None:
    texts = only(
        "// [id:KB-7] [tag:泵]\n::阀\\:门::R\\=U\\:I \\{a\\} 3\\#泵\\n第二行\\\\完{\n"
        "// 说明\n\\~甲\n=\\=乙\n}".replace("\\~甲", "~\\~甲")
    )
    assert texts["stem"] == "R=U:I {a} 3#泵\n第二行\\完"
    assert (texts["option_a"], texts["option_b"], texts["key"]) == ("~甲", "=乙", "B")
    assert texts["code"] == "KB-7"


def test_the_last_part_of_the_category_is_the_point() -> None:
    rows = read(
        "$CATEGORY: $course$/top/B-001 离心泵启动\n\n一{T}\n\n$CATEGORY: 甲//乙\n二{T}\n\n"
        "$CATEGORY: $course$/top\n\n三{F}\n"
    )
    assert [texts["node"] for _line, texts in rows.rows] == ["B-001 离心泵启动", "甲/乙", ""]
    assert [line for line, _texts in rows.rows] == [3, 6, 10]


def test_feedback_goes_into_the_explanation_and_is_told() -> None:
    rows = read("问{\n=甲#对了\n~乙#不对\n####总说明\n}")
    assert rows.rows[0][1]["explanation"] == "总说明\nA：对了\nB：不对"
    assert "1 道，在第 1 行" in str(rows.notices[0])
    assert only("错的。{FALSE#应当是错#对了}")["explanation"] == "对：应当是错\n错：对了"
    assert only("对的。{T#应当是对#对了}")["explanation"] == "对：对了\n错：应当是对"


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        ("::配::配一配{=甲->1 =乙->2}", "kind", "“配”：这是配对题"),
        ("只有说明，没有问\n\n", "kind", "这是文字说明题"),
        ("问{=甲 ~%50%乙 ~丙}", "key", "A 100%、B 50%"),
        ("问{~%60%甲 ~%40%乙}", "key", "A 60%、B 40%"),
        ("问{~%30%甲 ~%30%乙}", "key", "A 30%、B 30%"),
        ("问{=甲\n=乙\n~丙}", "key", "A 100%、B 100%"),
        ("问{~甲 ~乙}", "key", "没有一项是对的"),
        ("问{=甲 =%50%乙}", "key", "甲 100%、乙 50%"),
        ("问{=甲*}", "key", "代表任何字"),
        ("问{=U=IR}", "key", "“U=IR”里的 ="),
        ("问{=U = IR}", "key", "“U = IR”里的 ="),
        ("问{#=7:0 =%50%8:0}", "key", "7 100%、8 50%"),
        (
            "问{" + "".join(f"\n{'=' if n == 1 else '~'}第{n}项" for n in range(11)) + "}",
            "key",
            "11 个",
        ),
        ("问{=甲", "key", "没有成对"),
        ("甲{=1}乙{=2}丙", "key", "有 2 处"),
        ("::一::集合 {1,2} 说明 {3,4} 完", "key", "不像答案"),
        ("看图 <img src='a.png'> 问{T}", "stem", "这里有图片"),
        ("[html]<table><tr><td>1</td></tr></table>{T}", "stem", "这里有表格"),
    ],
)
def test_what_a_row_cannot_have_is_refused_with_its_reason(
    text: str, field: str, reason: str
) -> None:
    text = text if "{" in text else f"::一::{text}"
    assert reason in why(text)[field]


def test_signs_without_their_backslash_are_read_as_they_were_meant() -> None:
    assert only("欧姆定律？{~U = R\n=I=U/R\n~R = UI}")["key"] == "B"
    law = only("欧姆定律？{\n=U = IR\n~U = I/R\n}")
    assert (law["option_a"], law["option_b"], law["key"]) == ("U = IR", "U = I/R", "A")
    glued = only("问{~甲=乙~丙}")
    assert (glued["option_a"], glued["option_b"], glued["key"]) == ("甲", "乙", "B")
    shares = only("问{~%100%U=IR ~%-50%U=I}")
    assert shares["option_a"] == "U=IR"


def test_braces_of_formulas_are_no_answers() -> None:
    texts = only(r"算 $$\frac{1}{2}$$ 的值 {#0.5}")
    assert texts["stem"] == r"算 <math>\frac{1}{2}</math> 的值"
    assert only(r"\(a \neq b\)？{~$\frac{1}{2}$ =\\(x\\)}")["stem"] == r"<math>a \neq b</math>？"
    assert only("甲\\ne 乙{T}")["stem"] == "甲\ne 乙"


def test_blank_lines_too_few_and_too_many() -> None:
    rows = read("一{T}\n二{F}\n::三::三{\n=甲\n\n~乙\n}\n四 {\n=丙\n}\n")
    assert [texts["stem"] for _line, texts in rows.rows] == ["一", "二", "三", "四"]
    assert [line for line, _texts in rows.rows] == [1, 2, 3, 8]
    assert rows.faults == {}
    rows = read("一{=甲\n\n::二::二{T}\n\n三{F}\n")
    assert list(rows.faults) == [1]
    assert [texts["stem"] for _line, texts in rows.rows] == ["一{=甲", "二", "三"]


def test_files_of_all_kinds_of_text_are_read() -> None:
    text = "::名::问一问{~甲 =乙}\n\n二{T}\n"
    expected = read(text).rows
    for content in (
        text.replace("\n", "\r\n").encode(),
        text.encode("utf-8-sig"),
        text.encode("gb18030"),
        text.encode("utf-16"),
        text.replace("\n", "\r").encode(),
    ):
        assert read(content).rows == expected
    wide = read("问一问｛～甲 ＝乙｝")
    assert wide.rows[0][1]["key"] == "B"


def test_html_is_cut_to_the_marks_and_a_lower_sign_is_no_tag() -> None:
    texts = only("[html]<p>H<sub>2</sub>O <b>很</b>重</p><p>m<sup>3</sup>&nbsp;&gt; 5&lt;6</p>{T}")
    assert texts["stem"] == "H<sub>2</sub>O 很重\nm<sup>3</sup> > 5&lt;6"
    assert only("若 a<b，<br>则 b>a{T}")["stem"] == "若 a&lt;b，\n则 b>a"
    assert only("若 R<5 & 冷{T}")["stem"] == "若 R<5 & 冷"


def test_what_is_not_read_is_counted() -> None:
    rows = read("::甲::问{T}\n\n::乙::问二{=对 ~%-50%错}\n")
    assert "题名 2 处、选错扣的分 1 处" in str(rows.notices[-1])


def test_tables_are_left_to_who_reads_tables() -> None:
    assert questions_in("题干\t答案\n问{T}\t对\n".encode()) is None
    assert questions_in("题干,答案,鉴定点\n问{T},对,一\n".encode()) is None
    assert questions_in(b"PK\x03\x04 {T}") is None
    assert questions_in("一句话".encode()) is None


PLAIN = st.text("甲乙xnez~=#{}:\\\n\"' .,%-<>&|；/3", min_size=1, max_size=12).map(
    lambda text: "\n".join(" ".join(it.split()) for it in text.split("\n")).strip()
)
WORDS = PLAIN.filter(lambda it: it and it[0] != "%")


@st.composite
def questions(draw: st.DrawFn) -> dict[str, str]:
    kind = draw(st.sampled_from(("单选", "多选", "判断", "填空", "计算", "简答")))
    texts = {"kind": kind, "stem": draw(WORDS), "key": "", "node": ""}
    if kind in ("单选", "多选"):
        options = draw(st.lists(WORDS, min_size=3, max_size=10))
        texts |= {f"option_{letter}": it for letter, it in zip("abcdefghij", options, strict=False)}
        letters = st.sampled_from("ABCDEFGHIJ"[: len(options)])
        count = 1 if kind == "单选" else draw(st.integers(2, 3))
        right = draw(st.lists(letters, min_size=count, max_size=count, unique=True))
        texts["key"] = "".join(sorted(right))
    elif kind == "判断":
        texts["key"] = draw(st.sampled_from("对错"))
    elif kind == "填空":
        ways = st.lists(WORDS.filter(lambda it: "->" not in it and "*" not in it), min_size=1)
        texts["key"] = blanks_text([draw(ways)])
    elif kind == "计算":
        texts["key"] = draw(st.sampled_from(("12.5", "-3", "0", "1450")))
        texts["tolerance"] = draw(st.sampled_from(("0.5", "2")))
    texts["explanation"] = draw(st.just("") | PLAIN)
    return {key: it for key, it in texts.items() if it or key in ("key", "node")}


@settings(max_examples=300, deadline=None)
@given(st.lists(questions(), min_size=1, max_size=4))
def test_what_is_written_as_gift_is_read_back_the_same(bank: list[dict[str, str]]) -> None:
    text = "".join(gift(it, name=f"第 {number} 题") for number, it in enumerate(bank))
    rows = read(text)
    assert rows.faults == {}
    assert [texts for _line, texts in rows.rows] == bank


@given(st.text("甲=~#{}\\:n%50T\n $", max_size=60))
def test_no_text_breaks_the_reader_and_no_stem_is_lost(text: str) -> None:
    rows = read(f"::首::{text}")
    lines = [line for line, _texts in rows.rows]
    assert lines == sorted(set(lines))
    assert rows.rows or not text.strip()


def test_24000_questions_are_read_in_seconds_and_hostile_files_too() -> None:
    whole = "".join(
        f"::第 {number} 题::第 {number} 台泵的出口阀门怎么放？{{\n~全开\n=全关#对\n~半开\n}}\n\n"
        for number in range(24_000)
    )
    begun = time.perf_counter()
    assert len(read(whole).rows) == 24_000
    for text in (
        "::一::{" + "\n" * 300_000 + "=甲}",
        "::一::" + "{x}\n" * 100_000,
        "::一::" + "\\(" * 100_000 + "{T}",
        "::一::问{" + "=甲" * 50_000 + "}",
        "::一::" + "$\\ne " * 50_000 + "{T}",
        "::一::{T}\n" * 50_000,
        "::一::<p " * 50_000,
    ):
        read(text)
    assert time.perf_counter() - begun < 30
