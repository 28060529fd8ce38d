"""QTI 3: items and packages read, what is scored otherwise, and what is written read again."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.exam.bank import as_marked
from compete.sheets.headed_rows import OtherRows
from compete.sheets.questions.blanks import blanks_text
from compete.sheets.questions.formats import questions_in
from compete.sheets.questions.qti_writing import write_package
from compete.sheets.workbook.refusal import WorkbookError

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"
MATCHED = f'<qti-response-processing template="{TEMPLATES}/match_correct.xml"/>'
MAPPED = f'<qti-response-processing template="{TEMPLATES}/map_response"/>'
OPTIONS = (
    '<qti-simple-choice identifier="x">全开</qti-simple-choice>'
    '<qti-simple-choice identifier="y">R&lt;5<qti-feedback-inline identifier="y">看铭牌'
    '</qti-feedback-inline></qti-simple-choice><qti-simple-choice identifier="z">半开'
    "</qti-simple-choice>"
)


def declared(*right: str, base: str = "identifier", name: str = "R", mapped: str = "") -> str:
    """A response and its right answers; `mapped` are the entries of its mapping."""
    values = "".join(f"<qti-value>{it}</qti-value>" for it in right)
    many = "multiple" if len(right) > 1 else "single"
    return (
        f'<qti-response-declaration identifier="{name}" cardinality="{many}" base-type="{base}">'
        f"<qti-correct-response>{values}</qti-correct-response>"
        f"<qti-mapping>{mapped}</qti-mapping></qti-response-declaration>"
    )


def entry(key: str, points: str, more: str = "") -> str:
    return f'<qti-map-entry map-key="{key}" mapped-value="{points}" {more}/>'


def choice(inside: str = OPTIONS) -> str:
    return (
        '<p>出口阀？</p><qti-choice-interaction response-identifier="R" max-choices="0">'
        f"<qti-prompt>选一选</qti-prompt>{inside}</qti-choice-interaction>"
    )


def text_entry(name: str = "R") -> str:
    return f'<qti-text-entry-interaction response-identifier="{name}"/>'


def item(declarations: str, body: str, scored: str = MATCHED, head: str = "") -> str:
    """An item of the format; its third line is where it begins."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n\n'
        f'<qti-assessment-item xmlns="{NAMESPACE}" identifier="Q1" title="题一" {head}>\n'
        f"{declarations}<qti-item-body>{body}</qti-item-body>{scored}</qti-assessment-item>"
    )


def read(text: str) -> OtherRows:
    rows = questions_in(text.encode())
    assert rows is not None
    return rows


def only(text: str) -> dict[str, str]:
    rows = read(text)
    assert {key: str(it) for faults in rows.faults.values() for key, it in faults.items()} == {}
    ((line, texts),) = rows.rows
    assert line == 3
    return {key: it for key, it in texts.items() if it}


def why(text: str) -> dict[str, str]:
    ((_line, faults),) = read(text).faults.items()
    return {key: str(it) for key, it in faults.items()}


def test_each_kind_of_item_is_read() -> None:
    assert only(item(declared("y"), choice())) == {
        "stem": "出口阀？\n选一选",
        "kind": "单选",
        "key": "B",
        "option_a": "全开",
        "option_b": "R&lt;5",
        "option_c": "半开",
        "explanation": "B：看铭牌",
    }
    several = only(item(declared("z", "x"), choice()))
    assert (several["kind"], several["key"]) == ("多选", "AC")
    two = "".join(
        f'<qti-simple-choice identifier="{it}">{text}</qti-simple-choice>'
        for it, text in (("t", "True"), ("f", "false"))
    )
    assert only(item(declared("f"), choice(two)))["key"] == "错"
    listed = "".join(
        f'<qti-inline-choice identifier="{it}">{it}</qti-inline-choice>' for it in ("高", "低")
    )
    inline = f'<qti-inline-choice-interaction response-identifier="R">{listed}'
    inline += "</qti-inline-choice-interaction>"
    texts = only(item(declared("低"), f"<p>水位{inline}了</p>"))
    assert (texts["stem"], texts["kind"], texts["key"]) == ("水位_____了", "单选", "B")
    number = only(item(declared("1450", base="integer"), f"<p>转速{text_entry()}</p>"))
    assert (number["kind"], number["key"]) == ("计算", "1450")
    two_blanks = declared("扬程", base="string") + declared("流量", base="string", name="S")
    texts = only(item(two_blanks, f"<p>{text_entry()}和{text_entry('S')}</p>"))
    assert (texts["stem"], texts["kind"], texts["key"]) == ("_____和_____", "填空", "扬程;流量")
    essay = (
        '<p>写一写</p><qti-rubric-block view="scorer"><p>三点</p></qti-rubric-block>'
        '<qti-extended-text-interaction response-identifier="R"/>'
    )
    texts = only(item(declared(base="string"), essay, ""))
    assert (texts["stem"], texts["kind"], texts["guide"]) == ("写一写", "简答", "三点")


def test_what_is_mapped_counts_by_its_points() -> None:
    ways = declared("扬程", base="string", mapped=entry("扬程", "2") + entry("总扬程", "2"))
    assert only(item(ways, text_entry(), MAPPED))["key"] == "扬程|总扬程"
    parts = declared("扬程", base="string", mapped=entry("扬程", "2") + entry("压头", "1"))
    assert "扬程 100%、压头 50%" in why(item(parts, text_entry(), MAPPED))["key"]
    cased = declared("kW", base="string", mapped=entry("kW", "1", 'case-sensitive="true"'))
    assert "要分大小写" in why(item(cased, text_entry(), MAPPED))["key"]
    # The template says which of the two counts.
    assert only(item(parts, text_entry(), MATCHED))["key"] == "扬程"
    both = declared("x", "y", mapped=entry("x", "1") + entry("y", "1") + entry("z", "-2"))
    assert only(item(both, choice(), MAPPED))["key"] == "AB"


RIGHT = '<qti-variable identifier="R"/><qti-correct identifier="R"/>'
ONE = (
    '<qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">{}'
    "</qti-base-value></qti-set-outcome-value>"
)


def written_out(condition: str, met: str, otherwise: str = "0") -> str:
    return (
        f"<qti-response-processing><qti-response-condition><qti-response-if>{condition}"
        f"{ONE.format(met)}</qti-response-if><qti-response-else>{ONE.format(otherwise)}"
        "</qti-response-else></qti-response-condition></qti-response-processing>"
    )


def test_a_template_written_out_is_known_and_nothing_that_only_looks_like_it() -> None:
    matched = f"<qti-match>{RIGHT}</qti-match>"
    assert only(item(declared("y"), choice(), written_out(matched, "1")))["key"] == "B"
    another = RIGHT.replace('correct identifier="R"', 'correct identifier="S"')
    for scored in (
        written_out(matched, "0", "1"),
        written_out(f"<qti-not>{matched}</qti-not>", "1"),
        written_out(f"<qti-match>{another}</qti-match>", "1"),
        f"<qti-response-processing>{ONE.format('1')}</qti-response-processing>",
        MAPPED.replace("map_response", "map_response_point"),
    ):
        assert "由它自己的程序定" in why(item(declared("y"), choice(), scored))["key"]


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        (item(declared("y"), choice(), head='adaptive="true"'), "key", "分几步作答"),
        (item(declared("y") + "<qti-template-declaration/>", choice()), "key", "每次另出"),
        (item("", choice()), "key", "没有声明答案"),
        (item(declared("w"), choice()), "key", "没有选项 w"),
        (item(declared("y"), choice() + choice()), "key", "有 2 处作答"),
        (item("", "<p>读一读</p>", ""), "key", "没有作答的地方"),
        (
            item("", '<qti-slider-interaction response-identifier="R"/>'),
            "kind",
            "“题一”：这是滑块题，题库没有这种题型",
        ),
        (item(declared("y"), '<img src="a.png"/>' + choice()), "stem", "图片"),
    ],
)
def test_what_a_bank_does_not_have_is_refused_with_its_reason(
    text: str, place: str, reason: str
) -> None:
    assert reason in why(text)[place]


def packed(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_a_package_is_read_in_the_order_of_its_list_and_nothing_in_it_is_lost() -> None:
    manifest = "".join(
        f'<resource type="imsqti_item_xmlv3p0" href="{href}"/>'
        for href in ("b%201.xml", "gone.xml", "bad.xml")
    )
    rows = questions_in(
        packed(
            {
                "p/imsmanifest.xml": f"<manifest><resources>{manifest}</resources></manifest>",
                "p/a.xml": item(declared("x"), choice()),
                "p/b 1.xml": item(declared("z"), choice()),
                "p/bad.xml": "<qti-assessment-item><p></qti-assessment-item>",
            }
        )
    )
    assert rows is not None
    assert [(number, texts.get("key")) for number, texts in rows.rows] == [
        (1, "C"),
        (2, None),
        (3, None),
        (4, "A"),
    ]
    reasons = {number: str(faults["stem"]) for number, faults in rows.faults.items()}
    assert reasons[2] == "“p/gone.xml”：清单里有，压缩包里没有"
    assert "坏了" in reasons[3]


def test_what_does_harm_or_is_older_is_refused_whole() -> None:
    for text, reason in (
        ("<!DOCTYPE a>" + item(declared("y"), choice()).partition("?>")[2], "DOCTYPE"),
        (item(declared("y"), "<p>" * 5000 + "</p>" * 5000), "坏了"),
        ('<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"/>', "QTI 2"),
    ):
        with pytest.raises(WorkbookError, match=reason):
            questions_in(text.encode())
    with pytest.raises(WorkbookError, match="没有 QTI 3 的题"):
        questions_in(packed({"imsmanifest.xml": "<manifest/>"}))


WORDS = st.text("泵站阀AB1<&|;*", min_size=1, max_size=8).map(str.strip).filter(bool)
MARKED = st.one_of(
    st.lists(WORDS, min_size=1, max_size=3).map(lambda it: "\n".join(map(as_marked, it))),
    st.sampled_from(["H<sub>2</sub>O", "<math>x^2</math> 是多少", "上<sup>2</sup>"]),
)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, str]:
    """The texts of a question of any kind."""
    kind = draw(st.sampled_from(["单选", "多选", "判断", "填空", "计算", "简答"]))
    texts = {"kind": kind, "stem": draw(MARKED), "explanation": draw(MARKED | st.just(""))}
    if kind in ("单选", "多选"):
        options = draw(st.lists(MARKED, min_size=3, max_size=10))
        texts |= {f"option_{letter}": it for letter, it in zip("abcdefghij", options, strict=False)}
        texts["key"] = "B" if kind == "单选" else "AC"
    elif kind == "判断":
        texts["key"] = draw(st.sampled_from("对错"))
    elif kind == "填空":
        ways = st.lists(WORDS.filter(lambda it: "*" not in it), min_size=1, max_size=2, unique=True)
        blanks = draw(st.lists(ways, min_size=1, max_size=3))
        texts["key"] = blanks_text(blanks)
        if draw(st.booleans()):
            texts["stem"] = "和".join("____" for _ in blanks)
    elif kind == "计算":
        texts |= {"key": "-3.50", "tolerance": draw(st.sampled_from(["", "0.5", "2%"]))}
    else:
        texts |= {"key": "", "guide": draw(WORDS | st.just(""))}
    return texts


@settings(max_examples=60)
@given(st.lists(rows(), min_size=1, max_size=4))
def test_what_is_written_reads_back(questions: list[dict[str, str]]) -> None:
    package = write_package(questions)
    assert write_package(questions) == package
    read = questions_in(package)
    assert read is not None
    assert read.faults == {}
    for (_number, texts), written in zip(read.rows, questions, strict=True):
        kept = {key: it for key, it in texts.items() if it}
        assert kept == {key: it for key, it in written.items() if it}
