"""What kinds and classes are called, what a table wants beside its lines, what a paper lacks."""

from __future__ import annotations

from collections.abc import Mapping

from compete.domain.bundle.reader.words import clipped
from compete.domain.exam.answers import QuestionKind
from compete.domain.exam.bank import Pool
from compete.domain.exam.files import Record
from compete.domain.exam.paper import FEWER, MET, NEARER, Paper
from compete.domain.exam.syllabus import Importance
from compete.domain.exam.table import Table
from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain

KIND_WORDS: Mapping[QuestionKind, Message] = {
    QuestionKind.SINGLE: msg("单选"),
    QuestionKind.MULTIPLE: msg("多选"),
    QuestionKind.TRUE_FALSE: msg("判断"),
    QuestionKind.BLANK: msg("填空"),
    QuestionKind.NUMERIC: msg("计算"),
    QuestionKind.ESSAY: msg("简答"),
}
IMPORTANCE_WORDS: Mapping[Importance, Message] = {
    Importance.X: msg("核心"),
    Importance.Y: msg("一般"),
    Importance.Z: msg("辅助"),
}


def table_words(table: Table) -> list[Message]:
    """What a table wants of a paper beside its lines, a sentence for each."""
    sentences = [
        msg("%(forms)s 卷", forms=listed([clipped(form) for form in table.forms])),
        msg("满分 %(total)s，%(n)s 分钟", total=plain(table.total), n=table.minutes),
    ]
    for importance, word in IMPORTANCE_WORDS.items():
        limits = table.limits(importance)
        named = {"letter": importance.value, "word": word}
        if limits.at_least is not None:
            sentences.append(
                msg("%(letter)s 类（%(word)s）至少 %(n)s 题", n=limits.at_least, **named)
            )
        if limits.at_most is not None:
            sentences.append(
                msg("%(letter)s 类（%(word)s）最多 %(n)s 题", n=limits.at_most, **named)
            )
    if table.difficulty is not None:
        aim = table.difficulty
        sentences.append(
            msg(
                "平均难度 %(target)s，上下不超过 %(band)s",
                target=plain(aim.target),
                band=plain(aim.band),
            )
        )
        if aim.apart is not None and len(table.forms) > 1:
            sentences.append(msg("各卷之间相差不超过 %(apart)s", apart=plain(aim.apart)))
    if table.rest is not None:
        sentences.append(
            msg(
                "%(day)s 开考，之前 %(n)s 个月里用过的题不用",
                day=date_words(table.rest.day),
                n=table.rest.months,
            )
        )
    practice = table.pool is Pool.PRACTICE
    sentences.append(msg("只用练习题") if practice else msg("只用正式题"))
    if table.one_per_point:
        sentences.append(msg("一套卷里一个鉴定点最多一题"))
    if table.one_per_family:
        sentences.append(msg("一套卷里一个题组最多一题"))
    return sentences


def short_words(paper: Paper, table: Table) -> list[Message]:
    """What a paper of that table says that it lacks, a sentence for each; nothing if it meets it.

    The paper is one that agrees with its table.
    """
    short = paper.short
    if short is None:
        return []
    sentences = [
        msg(
            "%(form)s 卷 第 %(line)s 行 %(kind)s 少 %(n)s",
            form=clipped(lack.form),
            line=lack.line + 1,
            kind=KIND_WORDS[table.lines[lack.line].kind],
            n=lack.missing,
        )
        for lack in short.lines
    ]
    sentences += [
        msg(
            "%(form)s 卷 %(letter)s 类（%(word)s）少 %(n)s",
            form=clipped(lack.form),
            word=IMPORTANCE_WORDS[Importance(lack.importance)],
            letter=lack.importance,
            n=lack.missing,
        )
        for lack in short.importance
    ]
    if not short.missing:
        sentences.append(msg("题目够，难度做不到方案要的"))
    if not short.proven and not limit_words(paper):
        sentences.append(msg("限时里没能证明不能更好"))
    return sentences


def limit_words(paper: Paper) -> list[Message]:
    """What a paper says of how much better another may be, where the solver came to its limit."""
    fewer = _extra(paper.short, FEWER) if paper.short else None
    nearer = _extra(paper.difficulty, NEARER) if paper.difficulty else None
    sentences = []
    if isinstance(fewer, int) and paper.short and 0 < fewer <= paper.short.missing:
        sentences.append(
            msg(
                "求解器到时间停了：这份少 %(n)s，别的卷最多也只少缺 %(fewer)s",
                n=paper.short.missing,
                fewer=fewer,
            )
        )
    if isinstance(nearer, str) and paper.state == MET:
        sentences.append(
            msg("求解器到限度停了：别的卷离目标最多再近 %(nearer)s", nearer=clipped(nearer))
        )
    return sentences


def _extra(record: Record, key: str) -> object:
    return record.extra.get(key) if isinstance(record.extra, dict) else None
