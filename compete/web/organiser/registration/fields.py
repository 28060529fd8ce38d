"""The fields in which somebody is registered by hand: what can be chosen, what is hinted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from compete.domain.entry_fields import EDUCATION_WORDS
from compete.domain.grades.ladder import grade_label
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.values.messages import Message
from compete.domain.values.roles import CREW_ROLE_WORDS
from compete.sheets.registration.entry_cells import CONSENT_WORDS
from compete.sheets.registration.people import RegistrationOffer
from compete.web.language import say
from compete.web.shapes import Choice
from compete.web.words import gender_word, group_word

_GRADES = (5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonField:
    """A field of the form, with what is wrong in it."""

    name: str
    label: str
    value: str
    choices: Sequence[Choice]
    hint: str | None
    error: str | None
    required: bool


def choices_of(key: str, offer: RegistrationOffer) -> list[Choice]:
    """What a field offers to choose from; nothing for one to write in."""
    none = Choice(value="", label="—")
    if key == "paper":
        # Kept in the workbook's own words, shown in the reader's.
        papers = [paper_name(paper) for paper in Paper]
        return [Choice(value=str(name), label=say(name)) for name in papers]
    if key == "gender":
        genders = ("male", "female")
        return [none, *(Choice(value=word, label=gender_word(word)) for word in genders)]
    if key == "group":
        groups = ("worker", "teacher", "student")
        return [Choice(value=group, label=group_word(group)) for group in groups]
    if key == "role":
        # Kept in the workbook's own words, shown in the reader's.
        return [none, *_worded(CREW_ROLE_WORDS.values())]
    if key == "education":
        return [none, *_worded(EDUCATION_WORDS.values())]
    if key == "consent":
        return [Choice(value="", label=_("没有问过")), *_worded(CONSENT_WORDS.values())]
    if key == "grade" and offer.own_ladders:
        return [none, *(Choice(value=name, label=name) for name in offer.grade_names)]
    if key == "grade":
        return [none, *(Choice(value=str(n), label=say(grade_label(n))) for n in _GRADES)]
    if key == "event":
        return [none, *(Choice(value=event.code, label=event.name) for event in offer.events)]
    return []


def _worded(words: Iterable[Message]) -> list[Choice]:
    return [Choice(value=str(word), label=say(word)) for word in words]


def hint_of(key: str) -> str | None:
    """What is said below a field whoever fills it in."""
    if key == "name":
        return _("和证件一样，生僻字也要一样")
    if key in ("gender", "birth"):
        return _("身份证的跟着号码走，不用填")
    if key == "team":
        return _("不算团体就空着")
    if key == "certificate":
        return _("现等级的：22 位，或旧职业资格证书 16、13 位")
    if key == "months":
        return _("如 5、4.5 或 4年10个月")
    if key == "grade_since":
        return _("现等级的证书上的日期，写到日，如 2021-06-01")
    if key == "papers":
        return _("毕业证、职称证，写名称和日期，如 中专 2010-07-01；几个用顿号隔开")
    if key in ("mentor", "coach"):
        return _("几个人用顿号隔开。和裁判同名的，排裁判时会提醒回避")
    if key == "consent":
        return _("本人同意才选同意，没有同意的公布时隐去一部分，如 林*涛")
    if key == "promoted":
        return _("因竞赛晋升过等级的写年份，没有就空着")
    return None
