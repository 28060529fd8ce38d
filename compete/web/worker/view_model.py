"""A record in words: first what the next grade wants, then the way that was gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.eligibility import months_words
from compete.domain.evaluation.conditions import Asked, Line
from compete.domain.grades.ladder import grade_label
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.values.days import months_until
from compete.domain.values.messages import listed
from compete.services.kernel.clock import local_today
from compete.services.workers.next_grade import NextGrade
from compete.services.workers.record import LineKind, Record
from compete.web.applicant_conditions import is_unknown
from compete.web.drawing.charts import share
from compete.web.language import say
from compete.web.templating import day
from compete.web.words import group_word
from compete.web.worker.line_words import ShownLine, show_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A waiting time as a bar: since when, how much of a hundred is over, and what in words."""

    since: str
    share: Decimal
    passed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionRow:
    """A condition beside what is known: met, not met, or not known."""

    title: str
    text: str
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What the next grade in an occupation wants, the largest words first."""

    occupation: str
    now: str
    next: str
    big: str
    text: str
    sentence: str
    """All of it in one sentence, for who hears the page."""
    kind: str
    """ok, short, unsure or top."""
    wait: Wait | None
    conditions: Sequence[ConditionRow]
    others: Sequence[tuple[str, str]]
    """The other ways to the grade: what each is called, and how it stands."""
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRecord:
    """A record as a page shows it."""

    name: str
    unit: str
    leads: Sequence[Lead]
    lines: Sequence[ShownLine]
    contests: int
    grades: int
    honours: int


def show_record(record: Record) -> ShownRecord:
    """Put a record into words, as of today."""
    kinds = [line.kind for line in record.lines]
    return ShownRecord(
        name=record.person.name,
        unit=record.unit,
        leads=[_lead(it) for it in record.next],
        lines=show_lines(record.lines),
        contests=kinds.count(LineKind.CONTEST),
        grades=kinds.count(LineKind.GRADE),
        honours=kinds.count(LineKind.HONOUR),
    )


def _lead(it: NextGrade) -> Lead:
    now = say(grade_label(it.now, it.ladder))
    following = say(grade_label(it.next, it.ladder)) if it.next is not None else ""
    kind, big, text = _verdict(it)
    line = it.nearest if it.next is not None else None
    whole = (
        _("现在 %(now)s。%(text)s", now=now, text=text)
        if it.next is None
        else _("下一级：%(next)s。%(big)s：%(text)s。", next=following, big=big, text=text)
    )
    return Lead(
        occupation=it.occupation.name,
        now=now,
        next=following,
        big=big,
        text=text,
        sentence=whole,
        kind=kind,
        wait=_wait(line) if line is not None and not line.met else None,
        conditions=[
            *_holding(it),
            *(_condition(asked) for asked in line.asked if asked.key != "holds" or not asked.met),
        ]
        if line is not None
        else (),
        others=[(_called(other), _stands(other)) for other in it.state.lines if other is not line],
        edition=it.edition,
    )


def _verdict(it: NextGrade) -> tuple[str, str, str]:
    """The kind of a lead, its largest words, and what stands under them."""
    line = it.nearest
    if it.next is None:
        return "top", _("到顶了"), _("再往上评聘看单位")
    if line is None:
        return "unsure", _("条件还没写"), _("这里没有这一级的申报条件，问单位或组委会")
    if not it.confirmed:
        return (
            "unsure",
            _("年限还没核对"),
            _("“%(edition)s”还没有和原文核对，下面的只作参考", edition=it.edition),
        )
    if line.met:
        return "ok", _("条件够了"), _("%(line)s，可以报名", line=_called(line))
    if line.met_on is not None:
        big = ngettext("还差 %(num)s 条", "还差 %(num)s 条", it.short)
        rest = _("，其余符合") if len(line.asked) > it.short else ""
        return (
            "short",
            big,
            _("%(line)s，%(day)s 满", line=_called(line), day=day(line.met_on, with_year=True))
            + rest,
        )
    if is_unknown(line):
        return "unsure", _("资料不全"), _("%(line)s：下面没写的，找单位补上", line=_called(line))
    big = ngettext("还差 %(num)s 条", "还差 %(num)s 条", it.short)
    return "short", big, _called(line)


def _called(line: Line) -> str:
    return line.line.cite or line.line.code


def _stands(line: Line) -> str:
    if line.met:
        return _("符合")
    if line.met_on is not None:
        return _("%(day)s 满", day=day(line.met_on, with_year=True))
    return _("要补资料") if is_unknown(line) else _("不符合")


def _wait(line: Line) -> Wait | None:
    """The longest of the waiting times of a line that are not over, from where it began."""
    today = local_today()
    waiting = [it for it in line.asked if it.met_on is not None and _since(it) is not None]
    if not waiting:
        return None
    asked = max(waiting, key=lambda it: it.met_on or date.min)
    since = _since(asked)
    assert since is not None
    assert asked.full is not None
    whole, over = (asked.full - since).days, max((today - since).days, 0)
    passed = say(months_words(_months_over(since, today)))
    return Wait(
        since=str(since),
        share=share(Decimal(over), Decimal(whole)),
        passed=_("过了 %(time)s", time=passed),
    )


def _months_over(since: date, today: date) -> int:
    """The whole months that are over since a day."""
    months = (today.year - since.year) * 12 + today.month - since.month
    return max(months - (today.day < since.day), 0)


def _since(asked: Asked) -> date | None:
    """The day from which a condition's time runs; None where it runs from none."""
    return date.fromisoformat(asked.found) if isinstance(asked.found, str) else None


def _holding(it: NextGrade) -> list[ConditionRow]:
    """The grade that somebody has, where the line asks for one and it is met."""
    line = it.nearest
    if line is None or not any(asked.key == "holds" and asked.met for asked in line.asked):
        return []
    label = say(grade_label(it.now, it.ladder))
    parts = []
    if it.number is not None:
        parts.append(CertificateNumber.parse(it.number).spaced)
    if it.since is not None:
        parts.append(_("%(day)s 发", day=str(it.since)))
    return [ConditionRow(title=_("有%(grade)s", grade=label), text=" · ".join(parts), met=True)]


def _condition(asked: Asked) -> ConditionRow:
    title = _TITLES[asked.key](asked)
    if asked.met:
        text = _("符合")
    elif asked.found is None:
        text = _("没有登记")
    elif asked.met_on is not None:
        left = say(months_words(max(months_until(asked.met_on, local_today()), 1)))
        text = _("差 %(time)s，%(day)s 满", time=left, day=str(asked.met_on))
    else:
        text = _("不符合")
    return ConditionRow(title=title, text=text, met=asked.met)


def _holds(asked: Asked) -> str:
    grade = asked.wanted.get("at_least") or asked.wanted.get("at_most")
    return _("有%(grade)s", grade=say(grade_label(grade)))


def _papers(asked: Asked) -> str:
    kinds, years = say(listed(asked.wanted["of"])), asked.wanted["years"]
    return _("%(kinds)s满 %(n)s 年", kinds=kinds, n=years) if years else kinds


_TITLES: Mapping[str, Callable[[Asked], str]] = {
    "holds": _holds,
    "years_in_grade": lambda asked: _("本等级满 %(n)s 年", n=asked.wanted),
    "years_in_trade": lambda asked: _("从业满 %(n)s 年", n=asked.wanted),
    "min_age": lambda asked: _("年满 %(n)s 岁", n=asked.wanted),
    "papers": _papers,
    "groups": lambda asked: _("、").join(group_word(it) for it in asked.wanted),
}
