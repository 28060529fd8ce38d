"""What is known of a person, as facts on the page."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.eligibility import months_words
from compete.domain.entry_fields import BACKGROUND
from compete.domain.grades.ladder import grade_label
from compete.domain.identity.masks import mask_phone
from compete.domain.identity.papers import Paper, paper_name
from compete.models import Entrant, Member
from compete.services.kernel.event_rules import ladder_of
from compete.web.language import say
from compete.web.organiser.person.history import shown_value
from compete.web.organiser.person.shapes import Fact
from compete.web.organiser.person.words import birth_words, field_words
from compete.web.words import gender_word


def personal_facts(entrant: Entrant) -> list[Fact]:
    """Paper, phone and birth, all of them masked."""
    gender = gender_word(entrant.gender) if entrant.gender else None
    birth = birth_words(entrant)
    return [
        Fact(label=_("证件类型"), value=say(paper_name(Paper(entrant.id_type)))),
        Fact(label=_("手机"), value=mask_phone(entrant.phone) if entrant.phone else "—"),
        Fact(label=_("出生"), value=_("，").join(part for part in (birth, gender) if part) or "—"),
    ]


def grade_fact(entrant: Entrant) -> Fact:
    """The present grade, with its certificate."""
    year = entrant.promoted
    notes = [
        entrant.certificate,
        _("%(year)s 年因竞赛晋升过", year=year) if year else None,
    ]
    return Fact(
        label=_("现等级"),
        value=say(grade_label(entrant.grade, ladder_of(entrant.event))),
        note=_("，").join(note for note in notes if note) or None,
    )


def work_facts(holder: Entrant | Member) -> list[Fact]:
    """Post, years of work and what else was asked, where they are known."""
    facts = []
    if holder.post:
        facts.append(Fact(label=_("岗位"), value=holder.post))
    if holder.months is not None:
        facts.append(Fact(label=_("本职业年限"), value=say(months_words(holder.months))))
    words = field_words()
    for key in BACKGROUND:
        value = getattr(holder, key)
        if value:
            facts.append(Fact(label=words[key], value=shown_value(key, value)))
    return facts
