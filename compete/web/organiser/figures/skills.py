"""Skills by section of the standard: a map of shares, what is weak beside it, workbooks of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.explanation.labour_moves import percent
from compete.domain.figures.small_groups import LEAST
from compete.domain.values.mentor_states import MentorshipState
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.models import Competition, Event, Mentorship
from compete.services.accounts.access import where_may
from compete.services.figures.aspect_sections import (
    aspect_rows,
    sections_by_aspect,
    sections_known,
    set_sections,
)
from compete.services.figures.skills import (
    Cell,
    Lesson,
    PersonSkills,
    SkillMap,
    SkillRow,
    events_by_occupation,
    lessons_of,
    occupation_of,
    person_map,
    skill_map,
    trainees_in,
)
from compete.services.figures.years import SeenYear, year_seen
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refused
from compete.services.mentors.mentorships import Wanted, find_mentorships
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.figures.shapes import Choice
from compete.web.organiser.list_book import send_list
from compete.web.pages import or_404
from compete.web.paging import asked_number
from compete.web.posted import posted_text
from compete.web.refusals import problem_of, refusal_on

TITLE, WHAT = msg("哪里强，哪里弱"), msg("按职业标准的各节看得分率，弱的列成要补的课")
_BANDS = ((92, "skill-4"), (85, "skill-3"), (78, "skill-2"), (70, "skill-1"))
_FEW_ASPECTS = 2
_MOST_NAMES = 5
_MOST_TIES = 10
_LOOK_S = 0.5
"""For so long competitions are looked through anew for a page; the next goes on with the others."""
_BY: Mapping[str, Message] = {
    "unit": msg("按单位"),
    "person": msg("按人"),
    "event": msg("按场"),
    "year": msg("按年"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row of the map: its name, its people, and a cell for each section: text and kind."""

    name: str
    people: int
    cells: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLesson:
    """A section to be trained: its share of all, who is weak, how many, who can teach it."""

    section: str
    whole: str
    rows: str
    people: str
    mentors: str
    few: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the address asks for: the year, the occupation, what the rows are."""

    seen: SeenYear
    occupations: Sequence[tuple[int, str]]
    number: int | None
    name: str
    events: Sequence[Event]
    led: Sequence[Event]
    by: str

    @property
    def map(self) -> SkillMap:
        """What is shown: by person of the competitions that the account leads."""
        if self.by == "person":
            return person_map(self.led)
        return skill_map(self.events, self.by, _LOOK_S)


def _asked() -> _Asked:
    seen = year_seen(current_user, whole_number(request.args.get("year", "")) or 0)
    asked, by = asked_number("of"), request.args.get("by", "unit")
    by = by if by in _BY else "unit"
    groups = events_by_occupation(seen.here)
    numbers = {min(it.id for it in events): name for name, events in groups.items()}
    number = asked if asked in numbers else next(iter(numbers), None)
    name = numbers[number] if number is not None else ""
    events = groups.get(name, [])
    leads = where_may(current_user, seen.here, Right.LEAD)
    if by == "year":
        events = events_by_occupation(seen.everything).get(name, [])
    return _Asked(
        seen=seen,
        occupations=list(numbers.items()),
        number=number,
        name=name,
        events=events,
        led=[it for it in groups.get(name, ()) if it.competition_id in leads],
        by=by,
    )


@face.get("/figures/skills")
@guard.may(Right.OPEN_DESK)
def skills() -> ResponseReturnValue:
    """Show the map of an occupation, and what is to be trained."""
    asked = _asked()
    shown = asked.map
    by_unit = shown if asked.by == "unit" else skill_map(asked.events, "unit", _LOOK_S)
    lessons = lessons_of(by_unit)
    to_tie = sorted(asked.led, key=lambda it: (bool(sections_by_aspect(it)), -it.id))
    mentors = _mentors(asked.name)
    return render_template(
        "organiser/figures/skills.html",
        title=TITLE,
        years=asked.seen.years,
        year=asked.seen.year,
        name=asked.name,
        of=asked.number,
        by=asked.by,
        choices=_choices(asked),
        ways=[(key, _way(asked, key), key == asked.by) for key in _BY if _offers(asked, key)],
        way_words=_BY,
        sections=shown.sections,
        rows=[_shown(row, asked.by) for row in shown.rows],
        others=_shown(shown.others, "", _others(shown)) if shown.others is not None else None,
        whole=_shown(shown.whole, "", _("全部")) if shown.whole is not None else None,
        hidden=_hidden(shown, asked.by),
        count=len({it.competition_id for it in asked.events}),
        unseen=shown.unseen,
        lessons=[_lesson(it, mentors) for it in lessons],
        trainees=bool(asked.led),
        ties=[(it, bool(sections_by_aspect(it))) for it in to_tie[:_MOST_TIES]],
        more_ties=max(len(to_tie) - _MOST_TIES, 0),
    )


def _offers(asked: _Asked, by: str) -> bool:
    return by != "person" or bool(asked.led)


def _way(asked: _Asked, by: str) -> str:
    return url_for("organiser.skills", year=asked.seen.year, of=asked.number, by=by)


def _choices(asked: _Asked) -> list[Choice]:
    if len(asked.occupations) < 2:
        return []
    return [
        Choice(
            name=name,
            url=url_for("organiser.skills", year=asked.seen.year, of=number, by=asked.by),
            is_chosen=number == asked.number,
        )
        for number, name in asked.occupations
    ]


def _shown(row: SkillRow, by: str, name: str = "") -> ShownRow:
    return ShownRow(
        name=name or _row_name(row, by),
        people=row.people,
        cells=[(_hundredths(cell), _band(cell)) for cell in row.cells],
    )


def _row_name(row: SkillRow, by: str) -> str:
    if isinstance(row.key, PersonSkills):
        return _("%(name)s，%(unit)s", name=row.key.name, unit=row.key.unit)
    if by == "year":
        return _("%(year)s 年", year=row.key)
    if isinstance(row.key, tuple):
        _number, name = row.key
        return str(name)
    return str(row.key) or _("没有单位")


def _hundredths(cell: Cell | None) -> str:
    # Cut, not rounded: 69.9 is below 70 on the page too.
    return str(int(cell.share * 100)) if cell is not None else "—"


def _band(cell: Cell | None) -> str:
    if cell is None:
        return "skill-none"
    share = int(cell.share * 100)
    return next((name for least, name in _BANDS if share >= least), "skill-weak")


def _others(shown: SkillMap) -> str:
    return ngettext("其他 %(num)s 组", "其他 %(num)s 组", shown.merged)


def _hidden(shown: SkillMap, by: str) -> str:
    """What is said of groups of a few."""
    if not shown.merged or by == "person":
        return ""
    if shown.others is None:
        return _("不到 %(n)s 人的不列，合计也不列，看不出是谁。", n=LEAST)
    return _("不到 %(n)s 人的和下一个小的合成一行，看不出是谁。", n=LEAST)


def _lesson(lesson: Lesson, mentors: str) -> ShownLesson:
    names = [str(row.key) or _("其他") for row in lesson.rows]
    first = _("、").join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    rows = _("%(names)s等 %(n)s 个", names=first, n=len(names)) if more > 0 else first
    return ShownLesson(
        section=lesson.section,
        whole=_("全部 %(share)s", share=_hundredths(lesson.whole)) if lesson.whole else "",
        rows=rows,
        people=ngettext("%(num)s 人", "%(num)s 人", lesson.people),
        mentors=mentors,
        few=0 < lesson.aspects <= _FEW_ASPECTS,
    )


def _agreements(occupation: str) -> list[Mentorship]:
    """The agreements in this occupation that run, as far as the account sees them."""
    wanted = Wanted(q=occupation, state=MentorshipState.OPEN)
    rows, _total = find_mentorships(current_user, wanted)
    today = local_today()
    return [it for it in rows if it.occupation.strip() == occupation and it.last_day >= today]


def _mentors(occupation: str) -> str:
    names = list(dict.fromkeys(it.mentor.name for it in _agreements(occupation)))
    return _("、").join(names[:_MOST_NAMES])


@face.get("/figures/skills/list.xlsx")
@guard.may(Right.OPEN_DESK)
def skills_book() -> Response:
    """The map as a workbook: the shares, and on how many people each row rests."""
    asked = _asked()
    shown = asked.map
    title = msg("%(year)s 年%(figures)s", year=asked.seen.year, figures=TITLE)
    named = [(_row_name(row, asked.by), row) for row in shown.rows]
    if shown.others is not None:
        named.append((_others(shown), shown.others))
    if shown.whole is not None:
        named.append((_("全部"), shown.whole))
    rows: list[Sequence[Value]] = [
        [name, row.people, *(percent(it.share) if it is not None else "—" for it in row.cells)]
        for name, row in named
    ]
    heads = [asked.name or _("职业"), _("人数"), *shown.sections]
    return send_list(None, title, heads, rows)


@face.get("/figures/skills/lessons.xlsx")
@guard.may(Right.OPEN_DESK)
def lessons_book() -> Response:
    """The people who are weak in each section, with their mentor, for who leads alone."""
    asked = _asked()
    agreements = _agreements(asked.name)
    own = {it.pupil_id: it.mentor.name for it in agreements}
    others = _mentors(asked.name)
    rows = [
        [
            it.section,
            it.who.name,
            it.who.unit,
            percent(it.share),
            own.get(it.who.person or 0, others),
        ]
        for it in trainees_in(asked.led)
    ]
    heads = [_("标准的节"), _("姓名"), _("单位"), _("得分率"), _("师傅")]
    title = msg("%(year)s 年%(occupation)s要补的课", year=asked.seen.year, occupation=asked.name)
    return send_list(None, title, heads, rows)


def _sections_page(competition: Competition, event: str, refused: Refused | None = None) -> str:
    row = _event(competition, event)
    rows = aspect_rows(row)
    alike = [it for it in competition.events if occupation_of(it) == occupation_of(row)]
    typed = {it.key: posted_text(it.key) for it in rows} if refused is not None else {}
    return render_template(
        "organiser/figures/sections.html",
        competition=competition,
        event=row,
        rows=[(it, typed.get(it.key, it.section)) for it in rows],
        known=sections_known(alike),
        problem=problem_of(refused),
    )


def _event(competition: Competition, code: str) -> Event:
    return or_404(next((it for it in competition.events if it.code == code), None))


@face.get("/<code>/events/<event>/sections")
@guard.may(Right.LEAD)
def aspect_sections(competition: Competition, event: str) -> ResponseReturnValue:
    """Show to which sections of the standard an event's aspects belong."""
    return _sections_page(competition, event)


@face.post("/<code>/events/<event>/sections")
@guard.may(Right.LEAD)
@only_once
@refusal_on(_sections_page)
def set_aspect_sections(competition: Competition, event: str) -> ResponseReturnValue:
    """Say to which sections they belong."""
    row = _event(competition, event)
    changed = set_sections(
        row, {it.key: posted_text(it.key) for it in aspect_rows(row)}, current_user
    )
    flash(_("记下了") if changed else _("没有改动"), "ok")
    return redirect(url_for("organiser.aspect_sections", code=competition.code, event=event))
