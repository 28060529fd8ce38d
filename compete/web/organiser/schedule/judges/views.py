"""Judges: their modules, their sign-in cards, their sheets; corrected, replaced, seated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.language import FIRST, worded
from compete.models import Assignment, Competition, Event, Judge, Unit
from compete.services.competitions.officials_upload import (
    OFFICIAL_FIELDS,
    OFFICIAL_ROWS,
    fields_of_official,
    plan_officials,
    remove_official,
    why_official_stays,
)
from compete.services.competitions.officials_upload import write_officials as write
from compete.services.competitions.overview import unjudged_modules
from compete.services.judging.judge_replacement import (
    Following,
    is_replaceable,
    modules_of_judge,
    replace_judge,
    replaced_together,
    successors,
    what_follows,
    why_needless,
)
from compete.services.judging.panels.judge_progress import assignments_of, judge_lines, stations_of
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.registration.officials import (
    add_official,
    correct_official,
    replace_by_new_judge,
    roles_to_add,
)
from compete.services.registration.units.unit_list import LONGEST_UNIT
from compete.services.schedule.allocation import assign_judges, movable_seats, name_timekeeper
from compete.services.schedule.clashes import scoring_judges
from compete.services.schedule.examiners import examiners_short
from compete.services.sheets.working_times import timed_aspects
from compete.sheets.headed_rows import write_headed_rows
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import board_link
from compete.web.organiser.headed_rows import (
    SentRows,
    Show,
    looked_at,
    planned_row,
    rows_preview,
    write_looked_at,
)
from compete.web.organiser.last_look import Fact, make_fact
from compete.web.organiser.list_book import send_list
from compete.web.organiser.places import BoardModule, place_key, place_label, places_of
from compete.web.organiser.schedule.judges.view_model import (
    REPLACEABLE,
    OfficialForm,
    cards_warning,
    judge_row,
    modules_to_seat,
    official_form,
    official_lines,
    unit_choices,
)
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of, of_code, or_404, posted
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on, status_of
from compete.web.shapes import choices
from compete.web.templating import role_word

_CLOSED = (CompetitionState.LOCKED, CompetitionState.NOTICE, CompetitionState.FINAL)


@face.get("/<code>/judges")
@guard.may(Right.SEE)
def judges(competition: Competition) -> ResponseReturnValue:
    """Show everybody who judges, their modules and cards."""
    code = competition.code
    begun = competition.state is not CompetitionState.REGISTERING
    if begun and "people" not in request.args:
        return redirect(url_for("organiser.progress", code=code))
    return _judges_page(competition)


@face.get("/<code>/judges/list.xlsx")
@guard.may(Right.SEE)
def judges_book(competition: Competition) -> Response:
    """The list as it is shown."""
    heads = (_("编号"), _("姓名"), _("单位"), _("职责"), _("评什么"))
    rows: list[list[Value]] = []
    for line in judge_lines(competition):
        row, judge = judge_row(competition, line), line.judge
        modules = _("、").join(row.modules) or row.warning
        sheets = (row.done, row.all) if row.all else (None, None)
        person = (judge.code, judge.name, judge.unit_name, row.role)
        rows.append([*person, modules, *sheets, row.card or row.no_card])
    last = (_("已提交"), _("评分表"), _("登录卡"))
    return send_list(competition, msg("裁判名单"), [*heads, *last], rows)


def _judges_page(competition: Competition, adding: OfficialForm | None = None) -> str:
    """The page; with the form that was refused, as it was filled in."""
    adding = adding or official_form(competition, request.args.get("role", ""))
    code, final = competition.code, competition.state is CompetitionState.FINAL
    may_change = guard.may_do(Right.APPOINT)
    editable = may_change and competition.state not in _CLOSED
    lines = judge_lines(competition)
    rows = [judge_row(competition, line) for line in lines]
    apart = {
        "cardless": [row for row in rows if not row.card],
        "free": [row for row in rows if row.warning is not None],
    }
    shown = request.args.get("show", "all")
    if shown not in apart:
        shown = "all"
    return render_template(
        "organiser/schedule/judges/judges.html",
        rows=apart.get(shown, rows),
        final=final,
        may_change=may_change,
        may_open=guard.may_open,
        views=[
            View(
                label=_("%(what)s %(n)s", what=word, n=len(apart.get(key, rows))),
                url=url_for("organiser.judges", code=code, people=1, show=key),
                current=key == shown,
            )
            for key, word in (("all", _("全部")), ("cardless", _("没卡")), ("free", _("没排")))
        ],
        cards_warning=cards_warning(lines) if editable else None,
        adding=adding if may_change and not final else None,
        missing=[
            *(_("“%(name)s”还没有裁判", name=name) for name in unjudged_modules(competition)),
            *(say(short.line) for short in examiners_short(competition)),
        ],
        progress=board_link(competition),
        events=competition.events,
    )


@face.post("/<code>/judges/add")
@guard.may(Right.APPOINT)
@only_once
def new_official(competition: Competition) -> ResponseReturnValue:
    """More recorders, supervisors, judges or coders: a line for each."""
    wanted = request.form.get("role")
    role = next((role for role in roles_to_add(competition) if role.value == wanted), None)
    if role is None:
        abort(400)
    name, chosen = request.form.get("name", ""), request.form.get("unit", "")
    rows = official_lines(name, role, _chosen_unit(competition, chosen))
    if len(rows) > 1 or (rows[0]["unit"] and not chosen):
        return _add_all(competition, rows, official_form(competition, role.value, name, "", chosen))
    try:
        judge = add_official(
            competition, role, name, current_user, unit=_chosen_unit(competition, chosen)
        )
    except Refused as refused:
        if refused.kind is not Refusal.INVALID:
            raise
        form = official_form(competition, role.value, name, say(refused.message), chosen)
        return _judges_page(competition, form), status_of(refused)
    flash(
        _(
            "加了%(role)s %(name)s，编号 %(code)s。给他发登录卡。",
            role=role_word(role),
            name=judge.name,
            code=judge.code,
        ),
        "ok",
    )
    return _to_people(role.value)


def _add_all(
    competition: Competition, rows: Sequence[Mapping[str, str]], form: OfficialForm
) -> ResponseReturnValue:
    """Add them by the checks of a workbook; a wrong line is named, and nobody is added."""
    planned = plan_officials(competition, list(enumerate(rows, start=1)))
    wrong = [
        _("第 %(n)s 行 %(name)s：%(why)s", n=plan.number, name=plan.texts["name"], why=say(why))
        for plan in planned
        for why in plan.faults.values()
    ]
    if wrong:
        return _judges_page(competition, replace(form, error=_("；").join(wrong))), 400
    made = write(competition, rows, current_user)
    known = len(rows) - len(made)
    there = ngettext("%(num)s 人已在名单里", "%(num)s 人已在名单里", known) if known else ""
    flash(_("；").join(filter(None, (_added_words(made), there))), "ok")
    return _to_people(form.role)


def _to_people(role: str | None = None) -> ResponseReturnValue:
    """Go to the list, its form for a role."""
    return redirect(url_for("organiser.judges", people=1, role=role))


def _added_words(made: Sequence[Judge]) -> str:
    """Say how many were added; empty for none."""
    added = ngettext(
        "加了 %(num)s 人，接着给他们发登录卡", "加了 %(num)s 人，接着给他们发登录卡", len(made)
    )
    return added if made else ""


def _chosen_unit(competition: Competition, code: str) -> Unit | None:
    """The unit of a code that was chosen; None for none. Another code gives a 400."""
    return of_code(competition.units, code, 400) if code else None


def _correction_page(
    competition: Competition, judge_code: str, refused: Refused | None = None
) -> str:
    judge = of_code(competition.judges, judge_code)
    stands = {
        "name": judge.name,
        "unit": judge.unit.code if judge.unit else "",
        "other": "" if judge.unit else judge.unit_name,
    }
    values = request.form if refused else stands
    return render_template(
        "organiser/schedule/judges/correct.html",
        judge=judge,
        name=values.get("name", ""),
        unit=values.get("unit", ""),
        units=unit_choices(competition),
        other=values.get("other", ""),
        longest=LONGEST_UNIT,
        reason=posted_reason(),
        asks_reason=competition.state is not CompetitionState.REGISTERING,
        problem=problem_of(refused),
        stays=why_official_stays(judge),
    )


@face.route(
    "/<code>/judges/<judge_code>/correct", methods=["GET", "POST"], endpoint="correct_official"
)
@guard.may(Right.APPOINT)
@refusal_on(_correction_page)
def official_correction(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """The name and the unit as they are, to be put right."""
    judge = of_code(competition.judges, judge_code)
    if competition.state is CompetitionState.FINAL:
        abort(404)
    if request.method != "POST":
        return _correction_page(competition, judge_code)
    form, home = request.form, (judge.unit, judge.unit_name)
    unit, reason = _chosen_unit(competition, form.get("unit", "")), posted_reason()
    changed = correct_official(
        judge, form.get("name", ""), unit, reason, current_user, other=form.get("other")
    )
    if changed:
        parts = {"code": judge.code, "name": judge.name}
        if home == (judge.unit, judge.unit_name):
            flash(_("更正了 %(code)s %(name)s", **parts), "ok")
        else:
            text = _(
                "更正了 %(code)s %(name)s。单位变了，回避跟着变，在“裁判分工”里再看一遍", **parts
            )
            flash(text, "ok")
    else:
        flash(_("没有要改的"), "info")
    return _to_people()


@face.post("/<code>/judges/<judge_code>/remove")
@guard.may(Right.APPOINT)
def drop_official(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Take somebody off the list who was added by mistake."""
    judge = of_code(competition.judges, judge_code)
    name = judge.name
    remove_official(judge, current_user)
    flash(_("%(name)s 不在名单里了", name=name), "ok")
    return _to_people()


MOST_NAMED = 5


def _replacement_page(
    competition: Competition, judge_code: str, refused: Refused | None = None
) -> str:
    judge = of_code(competition.judges, judge_code)
    own = _places_of_judge(competition, judge)
    apart = [it for n, it in enumerate(own) if not _goes_with_one_of(competition, it, own[:n])]
    place = _place_to_replace(own)
    at = place.row if place else None
    shown = next(
        (it for it in apart if place and _goes_with_one_of(competition, it, [place])), None
    )
    following = what_follows(judge, at)
    needless = why_needless(judge, following)
    others = successors(judge, at)
    able = {other.code: f"{other.code} {other.name}" for other, why in others if why is None}
    return render_template(
        "organiser/schedule/judges/replace.html",
        judge=judge,
        scopes=[
            View(
                label=_replaced_label(competition, it, own) if it else _("全部"),
                url=url_for(
                    "organiser.replace", judge_code=judge.code, module=it and place_key(it)
                ),
                current=it == shown,
            )
            for it in (None, *apart)
        ]
        if len(apart) > 1
        else [],
        module=place_key(place) if place else "",
        needless=say(needless) if needless else "",
        facts=_replacement_facts(judge, following, [why for _other, why in others if why]),
        choices=choices({"": _("名单里没有的人，写在下面"), **able}),
        sent=request.form,
        problem=problem_of(refused),
    )


def _places_of_judge(competition: Competition, judge: Judge) -> list[BoardModule]:
    """The modules in which a judge can be replaced."""
    own = set(modules_of_judge(judge))
    return [place for place in places_of(competition) if place.row in own]


def _goes_with_one_of(
    competition: Competition, place: BoardModule, others: Sequence[BoardModule]
) -> bool:
    """True for an attempt of a part of which another attempt is among the others."""
    together = replaced_together(competition, place.row)
    return any(other.row in together for other in others)


def _replaced_label(
    competition: Competition, place: BoardModule, own: Sequence[BoardModule]
) -> str:
    """The module, and of several attempts each in which the judge is replaced with it."""
    together = replaced_together(competition, place.row)
    return say(listed([place_label(it) for it in own if it.row in together]))


def _place_to_replace(own: Sequence[BoardModule]) -> BoardModule | None:
    """The module asked for; None: everywhere. 404 where the judge is not in it."""
    wanted = request.values.get("module")
    if not wanted:
        return None
    return or_404(next((place for place in own if place_key(place) == wanted), None))


def _replacement_facts(judge: Judge, following: Following, barred: Sequence[Message]) -> list[Fact]:
    """Tell what goes over, what stays, and what becomes of the judge."""
    name, left, kept = judge.name, len(following.sheets), following.kept
    facts = [
        make_fact(
            _("%(n)s 张没签的评分表跟着走", n=left)
            if following.signed
            else _("%(n)s 张没交的评分表跟着走", n=left),
            _(
                "其中 %(n)s 张已经写了：原来写的留在记录里，不算分，接替的人从空表评起",
                n=following.begun,
            )
            if following.begun
            else "",
        ),
        make_fact(
            _("%(n)s 张签过的不动", n=kept)
            if following.signed
            else _("%(n)s 张交了的不动", n=kept),
            _("还是 %(name)s 评的", name=name),
        ),
        make_fact(
            _("%(name)s 在别的模块照旧评分", name=name),
            _("登录卡和 PIN 不变。这个模块平板上还没上传的分不再收，能联网的，先请他上传再换"),
        )
        if following.elsewhere
        else make_fact(
            _("%(name)s 的登录卡和 PIN 马上不能用", name=name),
            _("平板上还没上传的分不再收。能联网的，先请他上传再换"),
        ),
    ]
    if following.locked:
        facts.append(
            make_fact(
                _("锁定了的 %(n)s 张没签的也不动", n=following.locked)
                if following.signed
                else _("锁定了的 %(n)s 张没交的也不动", n=following.locked),
                "",
            )
        )
    if barred:
        facts.append(
            make_fact(
                ngettext(
                    "%(num)s 名裁判不能接替，没有列出来",
                    "%(num)s 名裁判不能接替，没有列出来",
                    len(barred),
                ),
                _barred_words(barred),
            )
        )
    return facts


@face.route("/<code>/judges/<judge_code>/replace", methods=["GET", "POST"], endpoint="replace")
@guard.may(Right.APPOINT)
@only_once
@refusal_on(_replacement_page)
def replace_official(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Ask where and who takes over, known or new, and why; then do it."""
    judge = of_code(competition.judges, judge_code)
    if not is_replaceable(judge) or competition.state not in REPLACEABLE:
        abort(404)
    if request.method != "POST":
        return _replacement_page(competition, judge_code)
    form = request.form
    place = _place_to_replace(_places_of_judge(competition, judge))
    at = place.row if place else None
    chosen = posted_text("judge")
    others = {other.code: other for other in competition.judges}
    if chosen and chosen not in others:
        abort(400)
    reason = posted_reason()
    if chosen:
        successor = others[chosen]
        done = replace_judge(judge, successor, reason, current_user, at=at)
    else:
        name = form.get("name", "")
        successor, done = replace_by_new_judge(judge, name, reason, current_user, at=at)
    words = {"new": successor.name, "old": judge.name, "n": len(done.sheets), "kept": done.kept}
    text = (
        _(
            "%(new)s 接替了 %(old)s：%(n)s 张评分表跟过去了，签过的 %(kept)s 张没动。"
            "%(new)s 没有登录卡的，现在发。",
            **words,
        )
        if done.signed
        else _(
            "%(new)s 接替了 %(old)s：%(n)s 张评分表跟过去了，交了的 %(kept)s 张没动。"
            "%(new)s 没有登录卡的，现在发。",
            **words,
        )
    )
    flash(text, "ok")
    return _to_people()


def _barred_words(barred: Sequence[Message]) -> str:
    text = _("；").join(say(why) for why in barred[:MOST_NAMED])
    left = len(barred) - MOST_NAMED
    return _("%(said)s；另外还有 %(n)s 名", said=text, n=left) if left > 0 else text


def _seats_page(competition: Competition, refused: Refused | None = None) -> str:
    """The page, with the form as it was filled in where that was refused."""
    editable = competition.state not in _CLOSED
    if refused is not None and not editable:
        # The form stands on the page no more.
        raise refused
    timed = {place_key(it) for it in places_of(competition) if timed_aspects(it.module)}
    movable = movable_seats(competition) if editable else frozenset()
    return render_template(
        "organiser/schedule/judges/seats.html",
        assignments=[
            (
                row,
                module_title(event, row.stage, row.module),
                editable and module_key(event, row.stage, row.module) in timed,
                editable and row.id in movable,
            )
            for event, row in assignments_of(competition)
        ],
        may_assign=editable and competition.judges and competition.events,
        judges=choices(
            {judge.code: f"{judge.code} {judge.name}" for judge in scoring_judges(competition)}
        ),
        modules=modules_to_seat(competition),
        stations=choices({"": _("不分工位"), **{it: it for it in stations_of(competition)}}),
        sent=request.form,
        error=problem_of(refused),
        may_seat=bool(competition.events) and guard.may_open("organiser.seating"),
    )


@face.route("/<code>/judges/assign", methods=["GET", "POST"])
@guard.may(Right.APPOINT)
@only_once
@refusal_on(_seats_page)
def assign(competition: Competition) -> ResponseReturnValue:
    """Assign judges: who marks what and who takes the time; at a module, a station or at all."""
    if request.method != "POST":
        return _seats_page(competition)
    typed = {key: request.form.get(key, "") for key in ("judge", "module", "station", "reason")}
    places = {place_key(place): place.codes for place in places_of(competition)}
    module = places.get(typed["module"]) or abort(400)
    judge = posted(competition.judges, "judge")
    seats = [*_seats(competition, *module), (judge, typed["station"])]
    assign_judges(*module, seats, current_user, reason=typed["reason"])
    return redirect(url_for("organiser.assign", code=competition.code))


@face.post("/<code>/judges/assign/<int:row_id>/remove")
@guard.may(Right.APPOINT)
def unassign(competition: Competition, row_id: int) -> ResponseReturnValue:
    """Take one judge off one module; refused once that judge has begun."""
    event, row = _row(competition, row_id)
    seats = _seats(competition, event, row.stage, row.module)
    seats.remove((row.judge, row.station))
    assign_judges(event, row.stage, row.module, seats, current_user)
    return redirect(url_for("organiser.assign", code=competition.code))


@face.post("/<code>/judges/assign/<int:row_id>/time")
@guard.may(Right.APPOINT)
def keep_time(competition: Competition, row_id: int) -> ResponseReturnValue:
    """Name the judge who takes the time there, or let everybody's readings count again."""
    _event, seat = _row(competition, row_id)
    name_timekeeper(seat, not seat.timekeeper, current_user)
    return redirect(url_for("organiser.assign", code=competition.code))


def _row(competition: Competition, number: int) -> tuple[Event, Assignment]:
    """The seat of that number; 404 if there is none."""
    rows = assignments_of(competition)
    return or_404(next((row for row in rows if row[1].id == number), None))


def _seats(
    competition: Competition, event: Event, stage: str, module: str
) -> list[tuple[Judge, str]]:
    """The seats of a module."""
    return [
        (row.judge, row.station)
        for _event, row in assignments_of(competition)
        if (row.event_id, row.stage, row.module) == (event.id, stage, module)
    ]


@face.get("/<code>/judges/workbook.xlsx")
@guard.may(Right.APPOINT)
def officials_workbook(competition: Competition) -> Response:
    """The list as it stands, to be added to and brought back; headings alone where it is empty."""

    def in_words(text: str) -> str:
        return worded(text, competition.kind, FIRST.code)

    rows = [
        row | {"duty": in_words(row["duty"])} for row in map(fields_of_official, competition.judges)
    ]
    title = msg("裁判名单")
    content = write_headed_rows(title, OFFICIAL_FIELDS, rows, in_words)
    return send_workbook(content, f"{in_words(str(title))}_{competition.name}.xlsx")


@face.route("/<code>/judges/upload", methods=["GET", "POST"])
@guard.may(Right.APPOINT)
@only_once
def upload_officials(competition: Competition) -> ResponseReturnValue:
    """A workbook looked at row by row; nothing is written."""
    return looked_at(OFFICIAL_ROWS, _preview_of(competition))


@face.post("/<code>/judges/write")
@guard.may(Right.APPOINT)
@only_once
def write_officials(competition: Competition) -> ResponseReturnValue:
    """Write the rows that were looked at onto the list."""

    def write_rows(rows: Sequence[Mapping[str, str]]) -> ResponseReturnValue:
        made = write(competition, rows, current_user)
        flash(_added_words(made) or _("都在名单里了，没有写"), "ok")
        return _to_people()

    return write_looked_at(
        OFFICIAL_ROWS, _preview_of(competition), partial(plan_officials, competition), write_rows
    )


def _preview_of(competition: Competition) -> Show:
    def show(sent: SentRows, problem: str | None) -> str:
        words = {key: say(title) for key, title in OFFICIAL_FIELDS.items()}
        planned = []
        for plan in plan_officials(competition, sent) if sent else ():
            row = planned_row(
                plan, [plan.texts.get(key, "") for key in OFFICIAL_FIELDS], words, sent
            )
            notes = [say(note) for note in plan.checked.notes] if plan.checked else []
            planned.append(replace(row, remarks=[*row.remarks, *notes]))
        page = rows_preview(
            "officials",
            list(words.values()),
            planned,
            sent,
            problem,
            of=competition.code,
            back=url_for("organiser.judges", code=competition.code, people=1),
        )
        return render_template(
            "organiser/schedule/judges/upload.html",
            most_rows=OFFICIAL_ROWS.most,
            **fields_of(page),
        )

    return show
