"""Audit rows about theory examinations in a hall as short sentences."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values.messages import listed, msg
from compete.web.language import say
from compete.web.organiser.log.sentences import Act, Either, Sentences, number_of, row_value


def _rooms(act: Act) -> str:
    rooms = [str(room) or _("考场") for room in act.after.get("rooms") or ()]
    return rooms[0] if len(rooms) == 1 else _("%(n)s 个考场", n=len(rooms))


def _judges(act: Act) -> str:
    return say(listed([str(code) for code in act.after.get("who") or ()]))


SENTENCES: Sentences = {
    "exam.set_up": msg("%(who)s 给 %(what)s 设了机考，用试卷 %(paper)s"),
    "exam.put_away": msg("%(who)s 撤了 %(what)s 的机考"),
    "exam.open": msg("%(who)s 开了 %(what)s 的考场 %(room)s，%(people)s 人"),
    "exam.start": msg("%(who)s 让 %(what)s 的考场 %(room)s 开考，%(people)s 人"),
    "exam.close": Either(
        "nobody",
        msg("%(who)s 收了 %(what)s 的考场 %(room)s，没有人来"),
        msg("%(who)s 收了 %(what)s 的考场 %(room)s"),
    ),
    "exam.reopen": msg("%(who)s 重开了 %(what)s 的考场 %(room)s"),
    "exam.seat": Either(
        "late",
        msg("%(person)s 迟到，在 %(device)s 上坐下考 %(what)s", person=row_value("who")),
        msg("%(person)s 在 %(device)s 上坐下考 %(what)s", person=row_value("who")),
    ),
    # Whose paper a device sent is not said: who sat there is, and a marker may read both.
    "exam.acts": msg("%(device)s 上传答题记录 %(n)s 条", n=row_value("n", 0)),
    "exam.time": Either(
        "who",
        msg(
            "%(who)s 给 %(what)s 的 %(person)s 加 %(minutes)s 分钟，理由：%(why)s",
            person=row_value("who"),
        ),
        msg("%(who)s 给 %(what)s 的 %(rooms)s 加 %(minutes)s 分钟，理由：%(why)s", rooms=_rooms),
    ),
    "exam.move": Either(
        "why",
        msg("%(who)s 让 %(person)s 离开 %(device)s 换机，理由：%(why)s", person=row_value("who")),
        msg("%(who)s 让 %(person)s 离开 %(device)s 换机", person=row_value("who")),
    ),
    "exam.let_in": msg(
        "%(who)s 放迟到的 %(person)s 进来考 %(what)s，理由：%(why)s", person=row_value("who")
    ),
    "exam.go_on": msg(
        "%(who)s 让交了卷的 %(person)s 接着考 %(what)s，理由：%(why)s", person=row_value("who")
    ),
    "exam.void": msg(
        "%(who)s 把 %(person)s 的 %(what)s 考试作废，理由：%(why)s", person=row_value("who")
    ),
    "exam.marked": msg(
        "%(who)s 算出 %(what)s 的机考成绩，写入 %(put)s 人，%(same)s 人没变",
        put=row_value("put", 0),
        same=row_value("same", 0),
    ),
    "exam.marks": msg("%(what)s 的机考成绩写进 %(n)s 张评分表", n=number_of("sheets")),
    "exam.figures": msg("%(what)s 有 %(n)s 道题的得分率、区分度记进题库", n=row_value("n", 0)),
    "exam.markers": msg("%(who)s 定了 %(what)s 的简答题由 %(judges)s 来评", judges=_judges),
    "exam.essays": msg("%(who)s 把 %(what)s 的 %(n)s 份简答发给评卷人", n=row_value("n", 0)),
    # Nor the points: the other marker of that answer may read them.
    "exam.essay_mark": msg("%(marker)s 评了答卷 %(what)s 的 %(question)s 题"),
    "exam.file": msg("%(who)s 取了 %(what)s 的考试文件"),
    "exam.key_ask": Either(
        "struck",
        msg("%(who)s 提出删掉 %(what)s 的 %(question)s 题，理由：%(why)s"),
        msg("%(who)s 提出改 %(what)s 的 %(question)s 题的答案，理由：%(why)s"),
    ),
    "exam.key_back": msg("%(who)s 提出放回 %(what)s 的 %(question)s 题，理由：%(why)s"),
    "exam.key": msg(
        "%(asked)s 提出、%(who)s 同意，更正 %(what)s 的 %(question)s 题，理由：%(why)s"
    ),
    "exam.key_drop": msg("%(who)s 不改 %(what)s 的 %(question)s 题了"),
}
