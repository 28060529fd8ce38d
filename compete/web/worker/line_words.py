"""Lines of a record in words: what each kind of line says, with its icon and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from compete.domain.bundle.crews import heads
from compete.domain.grades.ladder import grade_label, ladder_in
from compete.domain.values.states import CertificateState
from compete.models import Certificate
from compete.services.certificates.certificates_since import states_of
from compete.services.mentors.mentor_rules import OUTCOME_WORDS
from compete.services.registration.people import brought_by
from compete.services.workers.record import LineKind, RecordLine
from compete.web.certificate_words import level_of, shown_number, title_of
from compete.web.kind_words import speaking_of
from compete.web.language import say
from compete.web.outside_words import outside_place
from compete.web.templating import day
from compete.web.verdict_words import verdict_word, why_words
from compete.web.words import outcome_word


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line as it is shown; `url` leads to where anybody looks the certificate up."""

    year: str
    """Empty where the line above is of the same year."""
    day: str
    icon: str
    title: str
    texts: Sequence[str]
    state: str = ""
    """The certificate's, as chips have it."""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    icon: str
    title: str
    texts: Sequence[str]
    state: str = ""
    certificate: Certificate | None = None


def show_lines(lines: Sequence[RecordLine]) -> list[ShownLine]:
    """The lines of a record in words, each year named once."""
    shown: list[ShownLine] = []
    year = 0
    for line in lines:
        competition = line.competition
        with speaking_of(competition) if competition is not None else nullcontext():
            words = _WORDS[line.kind](line)
        certificate = words.certificate
        shown.append(
            ShownLine(
                year=str(line.day.year) if line.day.year != year else "",
                day=day(line.day, with_year=True),
                icon=words.icon,
                title=words.title,
                texts=[text for text in words.texts if text],
                state=words.state,
                url=url_for("public.verify_link", token=certificate.token)
                if certificate is not None and certificate.state is CertificateState.VALID
                else None,
            )
        )
        year = line.day.year
    return shown


def _grade(line: RecordLine) -> _Words:
    row = line.certificate
    assert row is not None
    occupation = str(row.face["occupation"])
    trade = str(row.face.get("trade") or "--")
    job = (
        occupation
        if trade == "--"
        else _("%(occupation)s（%(trade)s）", occupation=occupation, trade=trade)
    )
    assert line.part is not None
    texts = [
        job,
        shown_number(row),
        _("%(unit)s · %(day)s 发", unit=line.part.unit, day=str(row.issued_on)),
    ]
    return _Words("bookmark", level_of(row), texts, _stands(row), row)


def _contest(line: RecordLine) -> _Words:
    verdict, row = line.verdict, line.certificate
    assert verdict is not None
    assert line.part is not None
    place = (
        _("第 %(n)s 名", n=verdict.rank)
        if verdict.rank is not None
        else _("还没评完")
        if verdict.status == "incomplete"
        else outcome_word(verdict.status)
    )
    of = _("%(who)s参评", who=say(heads(verdict.ranked, verdict.crewed)))
    honours = [*verdict.awards, *(say(title) for title in verdict.honours)]
    result = _("，").join([place, *honours])
    texts = [line.part.competition.name, f"{result} · {of}" if verdict.rank is not None else result]
    for graded in verdict.grades:
        if graded.promoted and graded.grade is not None:
            label = say(grade_label(graded.grade, ladder_in(verdict.rules)))
            texts.append(_("按规则晋升%(grade)s", grade=label))
    if row is not None:
        texts.append(shown_number(row))
    state = _stands(row) if row is not None else ""
    return _Words("trophy", verdict.rules.name, texts, state, row)


def _evaluation(line: RecordLine) -> _Words:
    assert line.part is not None
    verdict, entrant = line.verdict, line.part.entrant
    assert verdict is not None
    assert verdict.judged is not None
    assert entrant is not None
    label = say(grade_label(verdict.rules.grade, ladder_in(verdict.rules)))
    why = why_words(verdict.rules, verdict.judged, brought_by(entrant.carried))
    texts = [
        line.part.competition.name,
        _("%(grade)s：%(verdict)s", grade=label, verdict=verdict_word(verdict.judged.verdict)),
        why,
    ]
    return _Words("note", verdict.rules.name, texts)


def _honour(line: RecordLine) -> _Words:
    given, row = line.distinction, line.certificate
    assert given is not None
    assert line.part is not None
    texts = [line.part.competition.name]
    if row is not None:
        texts.append(shown_number(row))
    title = title_of(row) if row is not None else given.title
    return _Words("flag", title, texts, _stands(row) if row is not None else "", row)


def _mentor(line: RecordLine) -> _Words:
    tie = line.tie
    assert tie is not None
    row = tie.agreement
    other = row.pupil.name if tie.teaches else row.mentor.name
    title = _("带徒弟%(name)s", name=other) if tie.teaches else _("师傅%(name)s", name=other)
    job = row.occupation
    if row.target_grade is not None:
        label = say(grade_label(row.target_grade))
        job = _("%(occupation)s，目标%(grade)s", occupation=job, grade=label)
    texts = [
        row.organisation.name,
        job,
        _("%(first)s 到 %(last)s", first=str(row.starts), last=str(row.last_day)),
        say(OUTCOME_WORDS[row.outcome]) if row.outcome is not None else _("在带"),
    ]
    return _Words("people", title, texts)


def _outside(line: RecordLine) -> _Words:
    row = line.outside
    assert row is not None
    return _Words("trophy", row.event, [row.contest, outside_place(row), row.host])


_WORDS: Mapping[LineKind, Callable[[RecordLine], _Words]] = {
    LineKind.GRADE: _grade,
    LineKind.CONTEST: _contest,
    LineKind.EVALUATION: _evaluation,
    LineKind.HONOUR: _honour,
    LineKind.MENTOR: _mentor,
    LineKind.OUTSIDE: _outside,
}


def _stands(certificate: Certificate) -> str:
    """How a certificate stands, as its page says it."""
    return states_of([certificate])[certificate.id]
