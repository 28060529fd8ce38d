"""The fields of a question: on its form, and as the columns of a workbook, a row each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from compete.domain.exam.answers import CHOICES, MOST_OPTIONS, QuestionKind
from compete.domain.exam.bank import DIFFICULTY_PLACES, Pool, as_marked
from compete.domain.exam.exam_words import KIND_WORDS
from compete.domain.exam.folding import folded
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import number_in_text, plain
from compete.services.kernel.fields import Setting, headings, other_headings
from compete.sheets.headed_rows import RowsKind
from compete.sheets.questions.blanks import blanks_in, blanks_text
from compete.sheets.questions.brought import LETTERS
from compete.sheets.questions.formats import questions_in

POOL_WORDS: Mapping[Pool, Message] = {Pool.SECRET: msg("正式"), Pool.PRACTICE: msg("练习")}
MOST_QUESTION_ROWS = 30_000
USUAL_DIFFICULTY = Decimal("0.7")
_LONGEST, _LONGEST_OPTION = 8000, 2000
_KINDS = {
    **{"单项选择": "single", "单项选择题": "single", "单选题": "single", "选择": "single"},
    **{"选择题": "single", "多项选择": "multiple", "多项选择题": "multiple", "多选题": "multiple"},
    **{"不定项": "multiple", "判断题": "true_false", "是非": "true_false", "是非题": "true_false"},
    **{"填空题": "blank", "计算题": "numeric", "数值": "numeric", "简答题": "essay"},
    **{"问答": "essay", "问答题": "essay", "案例": "essay", "案例分析": "essay"},
    **{"案例题": "essay", "案例分析题": "essay", "论述": "essay", "论述题": "essay"},
}
_TRUE = frozenset({"对", "正确", "是", "√", "✓", "✔", "t", "true", "1", "y", "yes"})
_FALSE = frozenset({"错", "错误", "否", "不对", "×", "✗", "✘", "x", "f", "false", "0", "n", "no"})
_TRUE_WORD, _FALSE_WORD = "对", "错"
_OPTION_AT = re.compile(r"options\[([0-9]{1,2})\]")
_APART = re.compile(r"[\s,，、;；.．。/]+")


def _kind(text: str) -> str:
    known = {str(word): kind.value for kind, word in KIND_WORDS.items()}
    known |= {kind.value: kind.value for kind in QuestionKind} | _KINDS | {"": ""}
    if text not in known:
        raise ValueError(text)
    return known[text]


def _pool(text: str) -> str:
    known = {str(word): pool.value for pool, word in POOL_WORDS.items()}
    known |= {pool.value: pool.value for pool in Pool} | {"": Pool.SECRET.value}
    known |= {"正式题": Pool.SECRET.value, "练习题": Pool.PRACTICE.value}
    if text not in known:
        raise ValueError(text)
    return known[text]


def _difficulty(text: str) -> Decimal:
    if not text:
        return USUAL_DIFFICULTY
    number = number_in_text(unicodedata.normalize("NFKC", text))
    if number is None or not 0 <= number <= 1 or round(number, DIFFICULTY_PLACES) != number:
        raise ValueError(text)
    return number


def _kind_text(kind: str) -> str:
    return str(KIND_WORDS[QuestionKind(kind)]) if kind else ""


def _pool_text(pool: str) -> str:
    return str(POOL_WORDS[Pool(pool)])


def _option(letter: str) -> Any:
    return Setting(
        msg("选项 %(letter)s", letter=letter),
        most=_LONGEST_OPTION,
        lines=True,
        also=(f"选项{letter}", letter, f"{letter}选项", f"答案{letter}"),
    )


@dataclass(frozen=True, slots=True)
class QuestionFields:
    """A question as somebody writes it."""

    stem: Annotated[
        str,
        Setting(
            msg("题干"),
            most=_LONGEST,
            lines=True,
            needed=msg("题干要写"),
            also=("题目", "试题", "题目内容", "试题内容", "试题题干", "题目正文", "问题"),
        ),
    ]
    key: Annotated[
        str,
        Setting(
            msg("答案"),
            msg("单选写 A，多选写 ABD，判断写对或错；填空各空用分号隔开，几种写法用竖线隔开"),
            most=_LONGEST,
            lines=True,
            also=("正确答案", "标准答案", "参考答案", "试题答案"),
        ),
    ]
    node: Annotated[
        str,
        Setting(
            msg("鉴定点"),
            msg("细目表里的代码或者名称"),
            most=200,
            needed=msg("鉴定点要写"),
            also=("鉴定点代码", "鉴定点编号", "知识点", "鉴定要素", "考点", "知识点代码"),
        ),
    ]
    kind: Annotated[
        str,
        Setting(
            msg("题型"),
            msg("单选、多选、判断、填空、计算、简答，空着就看答案"),
            wrong=msg("题型写单选、多选、判断、填空、计算或简答"),
            also=("试题类型", "题目类型", "类型", "题型名称"),
            read=_kind,
            text=_kind_text,
        ),
    ]
    option_a: Annotated[str, _option("A")]
    option_b: Annotated[str, _option("B")]
    option_c: Annotated[str, _option("C")]
    option_d: Annotated[str, _option("D")]
    option_e: Annotated[str, _option("E")]
    option_f: Annotated[str, _option("F")]
    option_g: Annotated[str, _option("G")]
    option_h: Annotated[str, _option("H")]
    option_i: Annotated[str, _option("I")]
    option_j: Annotated[str, _option("J")]
    tolerance: Annotated[
        str,
        Setting(
            msg("允许误差"),
            msg("只有计算题写：0.5 或 2%"),
            most=40,
            also=("误差", "允差", "误差范围"),
        ),
    ]
    difficulty: Annotated[
        Decimal,
        Setting(
            msg("难度系数"),
            msg("0 到 1，预计考生拿到几成分，1 最容易；空着算 0.7"),
            wrong=msg("难度系数是 0 到 1，最多 4 位小数"),
            also=("难度", "预计难度"),
            read=_difficulty,
        ),
    ]
    explanation: Annotated[
        str,
        Setting(
            msg("解析"),
            most=_LONGEST,
            lines=True,
            also=("答案解析", "试题解析", "说明", "出处"),
        ),
    ]
    guide: Annotated[
        str,
        Setting(
            msg("评分要点"),
            msg("只有简答题写，给阅卷人看"),
            most=_LONGEST,
            lines=True,
            also=("评分标准", "得分点", "采分点"),
        ),
    ]
    family: Annotated[
        str,
        Setting(
            msg("题组"),
            msg("互相透露答案的题写同一个代码，一份卷只出一道"),
            most=100,
            also=("同族", "相似题组"),
        ),
    ]
    pool: Annotated[
        str,
        Setting(
            msg("题库类别"),
            msg("正式或练习；空着，新题是正式，改题照原来的"),
            wrong=msg("写正式或练习"),
            also=("用途", "类别", "正式或练习"),
            read=_pool,
            text=_pool_text,
        ),
    ]
    code: Annotated[
        str,
        Setting(
            msg("编号"),
            msg("空着就往下编"),
            most=100,
            also=("试题编号", "题号", "题目编号", "试题代码"),
        ),
    ]


QUESTION_FIELDS = headings(QuestionFields)
OPTION_FIELDS = tuple(f"option_{letter.lower()}" for letter in LETTERS)
assert len(OPTION_FIELDS) == MOST_OPTIONS
QUESTION_ROWS = RowsKind(
    "questions",
    QUESTION_FIELDS,
    other_headings(QuestionFields),
    MOST_QUESTION_ROWS,
    as_written=tuple(QUESTION_FIELDS),
    other=questions_in,
    pictured=("stem", *OPTION_FIELDS, "explanation"),
    alike=("node", "difficulty"),
)


def _kind_and_key(
    fields: QuestionFields, ids: Sequence[str]
) -> tuple[QuestionKind, Any, dict[str, Message]]:
    """The kind, the key as the file has it, and what is wrong with which field.

    `ids` are those of the options that there are, by place.
    """
    text = fields.key.strip()
    kind = QuestionKind(fields.kind) if fields.kind else _kind_of_key(text, bool(ids))
    match kind:
        case QuestionKind.TRUE_FALSE:
            word = folded(text).rstrip("。.")
            if word in _TRUE or word in _FALSE:
                return kind, word in _TRUE, {}
            return kind, None, {"key": msg("判断题的答案写对或错（√、×、1、0 也行）")}
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            letters = _letters(text)
            if letters is None:
                return kind, None, {"key": msg("答案写选项的字母，如 A、ABD")}
            beyond = [letter for letter in letters if LETTERS.index(letter) >= len(ids)]
            if beyond:
                return kind, None, {"key": msg("没有选项 %(letter)s", letter=beyond[0])}
            return kind, [ids[LETTERS.index(letter)] for letter in letters], {}
        case QuestionKind.BLANK:
            return kind, blanks_in(text), {}
        case QuestionKind.NUMERIC:
            number = number_in_text(unicodedata.normalize("NFKC", text).replace("\u2212", "-"))
            if number is None:
                return kind, None, {"key": msg("计算题的答案要写数，单位写在题干里")}
            return kind, plain(number), {}
        case QuestionKind.ESSAY:
            return kind, None, {}


def _kind_of_key(text: str, has_options: bool) -> QuestionKind:
    """The kind of a row that says none, by its answer."""
    if has_options:
        letters = _letters(text)
        several = letters is not None and len(letters) > 1
        return QuestionKind.MULTIPLE if several else QuestionKind.SINGLE
    if folded(text).rstrip("。.") in _TRUE | _FALSE:
        return QuestionKind.TRUE_FALSE
    return QuestionKind.BLANK if text else QuestionKind.ESSAY


def _letters(text: str) -> list[str] | None:
    letters = _APART.sub("", unicodedata.normalize("NFKC", text)).upper()
    return list(letters) if letters and set(letters) <= set(LETTERS) else None


def version_of_fields(
    fields: QuestionFields, earlier: Mapping[str, Any] | None
) -> tuple[QuestionKind, dict[str, Any], dict[str, Message]]:
    """The kind and the version that the fields make, and what is wrong with which field.

    What the fields do not tell (pictures, kept order) is that of the `earlier` version.
    """
    texts = [getattr(fields, name) for name in OPTION_FIELDS]
    while texts and not texts[-1]:
        texts.pop()
    faults: dict[str, Message] = {
        OPTION_FIELDS[place]: msg("中间空了一个选项")
        for place, text in enumerate(texts)
        if not text
    }
    before = {} if earlier is None else dict(earlier)
    options = list(before.get("options") or ())
    ids = [it["id"] for it in options]
    if len(ids) != len(texts):
        options, ids = [], list(LETTERS[: len(texts)])
    kind, key, wrong = _kind_and_key(fields, ids)
    faults |= wrong
    version: dict[str, Any] = {
        name: before[name] for name in ("media", "fixed", "case", "extra") if name in before
    }
    if kind is not QuestionKind.BLANK:
        version.pop("case", None)
    version |= {"stem": as_marked(fields.stem), "difficulty": plain(fields.difficulty)}
    if kind in CHOICES:
        version["options"] = [
            {**(options[place] if options else {}), "id": ids[place], "text": as_marked(text)}
            for place, text in enumerate(texts)
        ]
    else:
        version.pop("fixed", None)
        if texts and not faults:
            faults["option_a"] = msg("%(kind)s题没有选项", kind=KIND_WORDS[kind])
    if key is not None:
        version["key"] = key
    if fields.explanation:
        version["explanation"] = as_marked(fields.explanation)
    guide = fields.guide or (fields.key if kind is QuestionKind.ESSAY else "")
    if guide:
        version["guide"] = guide
    if fields.tolerance:
        faults |= _put_deviation(fields.tolerance, version)
    return kind, version, faults


def _put_deviation(text: str, version: dict[str, Any]) -> dict[str, Message]:
    written = unicodedata.normalize("NFKC", text).replace("±", "").strip()
    number = number_in_text(written.removesuffix("%").strip())
    if number is None:
        return {"tolerance": msg("误差写成 0.5 或 2%% 这样")}
    if written.endswith("%"):
        version["relative"] = plain(number / 100)
    else:
        version["tolerance"] = plain(number)
    return {}


def texts_of_question(question: Mapping[str, Any], version: Mapping[str, Any]) -> dict[str, str]:
    """The texts that would make the question again, by field; both as the file has them."""
    kind = QuestionKind(question["kind"])
    texts = dict.fromkeys(QUESTION_FIELDS, "")
    texts |= {
        "code": question["code"],
        "node": question["node"],
        "kind": str(KIND_WORDS[kind]),
        "family": question.get("family") or "",
        "pool": str(POOL_WORDS[Pool(question.get("pool") or Pool.SECRET)]),
        "stem": version["stem"],
        "difficulty": plain(Decimal(str(version["difficulty"]))),
        "explanation": version.get("explanation") or "",
        "guide": version.get("guide") or "",
        "key": key_text(kind, version),
    }
    for name, option in zip(OPTION_FIELDS, version.get("options") or (), strict=False):
        texts[name] = option["text"]
    if version.get("relative") is not None:
        texts["tolerance"] = f"{plain(Decimal(str(version['relative'])) * 100)}%"
    elif version.get("tolerance") is not None:
        texts["tolerance"] = plain(Decimal(str(version["tolerance"])))
    return texts


def key_text(kind: QuestionKind, version: Mapping[str, Any]) -> str:
    """The key as it is typed."""
    key: Any = version.get("key")
    match kind:
        case QuestionKind.TRUE_FALSE:
            return _TRUE_WORD if key else _FALSE_WORD
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            ids = [it["id"] for it in version["options"]]
            return "".join(sorted(LETTERS[ids.index(it)] for it in key))
        case QuestionKind.BLANK:
            return blanks_text(key)
        case QuestionKind.NUMERIC:
            return plain(Decimal(str(key)))
        case QuestionKind.ESSAY:
            return ""


def field_of_path(path: str) -> str:
    """The field that a place in a question's file belongs to: `versions[0].key` is `key`."""
    if (option := _OPTION_AT.search(path)) is not None:
        return OPTION_FIELDS[min(int(option[1]), MOST_OPTIONS - 1)]
    last = path.rpartition(".")[2].partition("[")[0]
    if last == "relative":
        return "tolerance"
    if last == "options":
        return OPTION_FIELDS[0]
    return last if last in QUESTION_FIELDS else "key"
