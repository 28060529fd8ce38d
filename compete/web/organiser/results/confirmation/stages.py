"""Confirmation of the next stage: who goes on, who stays, and the act."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import listed
from compete.domain.values.rights import Right
from compete.models import Account, Competition
from compete.services.accounts.card_handlers import signed_as
from compete.services.competitions.file_versions import is_newest
from compete.services.judging.stage_following import Followed, asked_stage, follow_stage, stage_word
from compete.services.kernel.rows_by_number import find
from compete.services.rules.next_in_rank import ask_successor, successors
from compete.services.rules.stage_courses import Course, ask_course, stage_changed
from compete.services.schedule.next_stage import (
    NextStage,
    blind_in_stage,
    handed_by,
    named_in_stage,
    next_stages,
    open_stage,
)
from compete.services.schedule.stage_undo import begun_stage, take_stage_back
from compete.services.sheets.blind_codes import may_see_names
from compete.web import guard
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import stage_board_url
from compete.web.organiser.last_look import Blocking, Fact, last_look, make_fact
from compete.web.organiser.places import place_key, place_label, places_of
from compete.web.organiser.shapes import Link, link_to
from compete.web.posted import posted_text
from compete.web.words import heads_in, some_names


@face.get("/<code>/next-stage")
@guard.may(Right.AGREE)
def confirm_stage(competition: Competition) -> ResponseReturnValue:
    """Show who goes on, and what beginning the stage will do."""
    back = url_for("organiser.overview")
    stages = next_stages(competition)
    asked = request.args.get("event")
    among = [it for it in stages if asked in (None, it.event)]
    # Of several events that which waits for nothing first.
    stage = min(among, key=lambda it: it.why_not is not None, default=None)
    if stage is None:
        return redirect(back)
    if stage.begun:
        return _look_at_moves(competition, stage, back)
    if allowed_url("organiser.begin_stage") is None:
        return redirect(back)
    return last_look(
        competition,
        _("开始评“%(stage)s”", stage=stage.name),
        list(_facts(competition, stage)),
        _blocking(competition, stage),
        url_for("organiser.begin_stage"),
        back,
        fields={"event": stage.event, "stage": stage.code, "seen": stage.mark},
    )


@face.post("/<code>/next-stage")
@guard.may(Right.OPEN_MARKING)
@only_once
def begin_stage(competition: Competition) -> ResponseReturnValue:
    """Make sheets for whoever goes on."""
    event, stage = posted_text("event"), posted_text("stage")
    made = open_stage(competition, event, stage, posted_text("seen"), current_user)
    flash(_("开始评了，%(n)s 张评分表", n=made), "ok")
    return redirect(stage_board_url(competition, event, stage))


@face.get("/<code>/next-stage/take-back")
@guard.may(Right.OPEN_MARKING)
def confirm_stage_back(competition: Competition) -> ResponseReturnValue:
    """Show what goes with a stage that was begun too soon."""
    back = url_for("organiser.overview")
    code = request.args.get("event")
    begun = [it for event in competition.events if (it := begun_stage(event)) is not None]
    stage = next((it for it in begun if code in (None, it.event)), None)
    if stage is None:
        return redirect(back)
    facts = [
        make_fact(
            _("“%(stage)s”的 %(n)s 张空评分表没有了", stage=stage.name, n=stage.sheets),
            _("抽过的场次和工位还在，可以重新抽；谁进不变，再开始一次就再生成。"),
        ),
        make_fact(
            _("先问过裁判：没有人已经在评"),
            _("没联网的平板上写的分传上来会被拒收，存在那台平板里。"),
        ),
    ]
    return last_look(
        competition,
        _("撤回开始评“%(stage)s”", stage=stage.name),
        facts,
        [Blocking(what=say(stage.why_not))] if stage.why_not is not None else [],
        url_for("organiser.take_stage_back"),
        back,
        fields={"event": stage.event, "stage": stage.code},
    )


@face.post("/<code>/next-stage/take-back", endpoint="take_stage_back")
@guard.may(Right.OPEN_MARKING)
@only_once
def post_stage_back(competition: Competition) -> ResponseReturnValue:
    """Undo the beginning of a stage while nothing stands in it."""
    event, stage = posted_text("event"), posted_text("stage")
    gone = take_stage_back(competition, event, stage, current_user)
    flash(_("撤回了，%(n)s 张空表没有了。重新抽签或改好再开始", n=gone), "ok")
    return redirect(url_for("organiser.overview"))


@face.get("/<code>/next-stage/successor")
@guard.may(Right.SET_UP)
def confirm_successor(competition: Competition) -> ResponseReturnValue:
    """Show who would follow somebody that leaves before the stage begins."""
    back = url_for("organiser.confirm_stage")
    event, who = request.args.get("event", ""), request.args.get("who", "")
    matching = (it for it in successors(competition) if (it.event, it.leaver) == (event, who))
    asked = next(matching, None)
    stage = next((it for it in next_stages(competition) if it.event == event), None)
    if asked is None or stage is None:
        return redirect(back)
    facts = []
    if asked.next:
        heads = heads_in(len(asked.next), competition)
        names = _names(competition, stage, asked.next)
        then = _("照名次和规则往后，依次是 %(names)s", names=names) if names else ""
        facts.append(make_fact(_("%(who)s进“%(stage)s”", who=heads, stage=asked.name), then))
    if asked.equal:
        heads = heads_in(len(asked.equal), competition)
        words = _("%(who)s同名次，先加赛或抽签", who=heads)
        facts.append(make_fact(words, _names(competition, stage, asked.equal)))
    facts.append(
        make_fact(
            _("等裁判长和监督同意"),
            _("谁进是规则定的，递补是改规则：两个人都同意才生效，写在公布的文件里。"),
        )
    )
    url = url_for("organiser.ask_for_successor")
    fields = {"event": event, "who": asked.leaver}
    return last_look(competition, _("提出递补"), facts, [], url, back, fields=fields)


@face.post("/<code>/next-stage/successor")
@guard.may(Right.SET_UP)
def ask_for_successor(competition: Competition) -> ResponseReturnValue:
    """Ask that one more goes on instead of the one who leaves."""
    form = request.form
    change = ask_successor(competition, posted_text("event"), form.get("who", ""), current_user)
    flash(_("提出了，等裁判长和监督同意"), "ok")
    return redirect(url_for("organiser.event_change", number=change.id))


@face.get("/<code>/next-stage/course")
@guard.may(Right.SET_UP)
def confirm_course(competition: Competition) -> ResponseReturnValue:
    """Show what another course than the rules' would do to whom."""
    back = url_for("organiser.confirm_stage")
    event, code = request.args.get("event", ""), request.args.get("stage", "")
    course = _course_of(request.args.get("course"))
    stage = stage_changed(competition, event, code, course)
    if stage is None:
        return redirect(back)
    keeps = course is Course.KEEP
    return last_look(
        competition,
        _("提出都留下") if keeps else _("提出不补进"),
        [
            *(_kept_facts(competition, stage) if keeps else _closed_facts(competition, stage)),
            make_fact(
                _("等裁判长和监督同意"),
                _(
                    "谁进是规则定的，%(what)s是改规则：两个人都同意才生效，写在公布的文件里，理由谁都看得到。",
                    what=_("都留下") if keeps else _("不补进"),
                ),
            ),
        ],
        [],
        url_for("organiser.ask_for_course"),
        back,
        fields={"event": event, "stage": code, "course": course.value, "seen": stage.mark},
        asks_why=True,
    )


def _course_of(text: str | None) -> Course:
    return Course.CLOSE if text == Course.CLOSE else Course.KEEP


def _kept_facts(competition: Competition, stage: NextStage) -> Iterator[Fact]:
    who = heads_in(len(stage.leaving), competition)
    yield make_fact(
        _("%(who)s留在“%(stage)s”", who=who, stage=stage.name),
        _after_names(_names(competition, stage, stage.leaving), _("评的分照算。")),
    )
    if stage.people:
        who = heads_in(len(stage.people), competition)
        words = _("%(who)s照更正也进", who=who)
        yield make_fact(words, _names(competition, stage, stage.people))
    yield make_fact(
        _("等裁判长和监督同意"),
        _("谁进是规则定的，都留下是改规则：两个人都同意才生效，写在公布的文件里，理由谁都看得到。"),
    )


def _closed_facts(competition: Competition, stage: NextStage) -> Iterator[Fact]:
    who = heads_in(len(stage.people), competition)
    kept = _("名额空着，名次排在进了的人后面，最前。")
    yield make_fact(
        _("%(who)s照更正能进“%(stage)s”，不再补进", who=who, stage=stage.name),
        _after_names(_names(competition, stage, stage.people), kept),
    )
    if stage.leaving:
        who = heads_in(len(stage.leaving), competition)
        words = _("%(who)s不再进，同意以后再按“按新的名单评”", who=who)
        yield make_fact(words, _names(competition, stage, stage.leaving))
    yield make_fact(
        _("等裁判长和监督同意"),
        _("谁进是规则定的，不补进是改规则：两个人都同意才生效，写在公布的文件里，理由谁都看得到。"),
    )


@face.post("/<code>/next-stage/course")
@guard.may(Right.SET_UP)
@only_once
def ask_for_course(competition: Competition) -> ResponseReturnValue:
    """Ask for another course than the rules'."""
    form = request.form
    change = ask_course(
        competition,
        posted_text("event"),
        posted_text("stage"),
        _course_of(form.get("course")),
        posted_text("seen"),
        form.get("why", ""),
        current_user,
    )
    flash(_("提出了，等裁判长和监督同意"), "ok")
    return redirect(url_for("organiser.event_change", number=change.id))


@face.post("/<code>/next-stage/follow")
@guard.may(Right.AGREE)
def follow_stage_before(competition: Competition) -> ResponseReturnValue:
    """Make sheets for those who newly go on, none for the others; by two if those have marks."""
    form = request.form
    event, stage = posted_text("event"), posted_text("stage")
    why = form.get("why", "")
    done = follow_stage(competition, event, stage, posted_text("seen"), current_user, why)
    if done.waits:
        flash(_("提出了，等另一个人同意。没同意以前什么都没有变"), "ok")
        return redirect(url_for("organiser.overview"))
    flash(_followed_words(done), "ok")
    if done.placeless:
        flash(
            _("%(codes)s 还没有场次和工位，到他那一页定", codes=_("、").join(done.placeless)),
            "warn",
        )
    return redirect(url_for("organiser.overview"))


def _followed_words(done: Followed) -> str:
    parts = [_("新生成 %(n)s 张评分表", n=done.made)] if done.made else []
    parts += [_("重新打开 %(n)s 张", n=done.again)] if done.again else []
    parts += [_("停用 %(n)s 张", n=done.closed)] if done.closed else []
    return _("，").join(parts)


def _look_at_moves(competition: Competition, stage: NextStage, back: str) -> ResponseReturnValue:
    """Show who comes and who leaves; the reason, if it takes two people."""
    asked = asked_stage(competition, stage)
    barred = stage_word(competition, asked).why_not(current_user) if asked else None
    blocking = _blocking(competition, stage)
    if barred is not None and not blocking:
        blocking = [Blocking(what=say(barred))]
    first = bool(stage.marked) and asked is None
    act = _("提出，等另一个人同意") if first else _("同意") if asked else _("按新的名单评")
    return last_look(
        competition,
        _("进“%(stage)s”的人变了", stage=stage.name),
        list(_move_facts(competition, stage)),
        blocking,
        url_for("organiser.follow_stage_before"),
        back,
        fields={"event": stage.event, "stage": stage.code, "seen": stage.mark},
        asks_why=first,
        act=act,
    )


def _move_facts(competition: Competition, stage: NextStage) -> Iterator[Fact]:
    asked = asked_stage(competition, stage)
    results = _results_link(competition, stage)
    asker = find(Account, asked.by) if asked else None
    if asked is not None and asker is not None:
        who = say(signed_as(asker, asked.at))
        yield make_fact(
            _("%(who)s 提出，等另一个人同意", who=who),
            _("理由：%(why)s", why=asked.why),
        )
    if stage.people:
        yield make_fact(
            _(
                "%(who)s新进“%(stage)s”，生成评分表",
                who=heads_in(len(stage.people), competition),
                stage=stage.name,
            ),
            _names(competition, stage, stage.people),
            results,
        )
    if stage.leaving:
        kept = _("已经评的分留在记录里，不算；以后又进了，原来的表再打开。")
        names = _names(competition, stage, stage.leaving)
        yield make_fact(
            _(
                "%(who)s不再进“%(stage)s”，评分表停用，工位和场次空出来",
                who=heads_in(len(stage.leaving), competition),
                stage=stage.name,
            ),
            _after_names(names, kept),
            None if stage.people else results,
        )
        yield make_fact(
            _("不是他们的错，可以不换人"),
            _("原来的留下，新进的也进：组委会提出，裁判长和监督同意。"),
            link_to(_("都留下"), _course_url(stage, Course.KEEP)),
        )
    if stage.people:
        yield make_fact(
            _("来不及了，可以不补进"),
            _("新进的不进，名额空着：组委会提出，裁判长和监督同意。"),
            link_to(_("不补进"), _course_url(stage, Course.CLOSE)),
        )
    yield from _tied_facts(competition, stage)
    yield from _handed_fact(competition, stage)
    if stage.marked:
        yield make_fact(
            _("其中 %(who)s已经有分", who=heads_in(len(stage.marked), competition)),
            _("所以由两个人定：一个人写理由提出，另一个人同意。"),
        )


def _course_url(stage: NextStage, course: Course) -> str | None:
    return allowed_url(
        "organiser.confirm_course", event=stage.event, stage=stage.code, course=course.value
    )


def _names(competition: Competition, stage: NextStage, codes: Sequence[str]) -> str:
    """Name the people of these codes, unless the viewer must not see names beside results."""
    if not _may_see(competition, stage):
        return ""
    named = named_in_stage(competition, stage, codes)
    return some_names([f"{code} {name}" for code, name in named])


def _after_names(names: str, text: str) -> str:
    """The text after the names, or by itself where nobody is named."""
    return _("%(names)s。%(kept)s", names=names, kept=text) if names else text


def _tied_facts(competition: Competition, stage: NextStage) -> Iterator[Fact]:
    """Warn that the last rank is shared, if a rule or a number alone tells them apart."""
    if stage.tied:
        who = heads_in(len(stage.tied), competition)
        words = _("末位同名次的 %(who)s都进", who=who)
        yield make_fact(words, _names(competition, stage, stage.tied))
    if stage.tied_in_unit:
        who = heads_in(len(stage.tied_in_unit), competition)
        words = _("%(who)s和本单位的人同名次，都进，超过单位的名额", who=who)
        yield make_fact(words, _names(competition, stage, stage.tied_in_unit))
    if stage.tied_out:
        who = heads_in(len(stage.tied_out), competition)
        words = _("%(who)s和进的人同名次，照规则不进", who=who)
        names = _names(competition, stage, stage.tied_out)
        why = (
            _("同分的谁也没进，名额空着：先加赛或抽签分出来。")
            if is_newest(competition)
            else _("规则是末位同名次的按编号取满，或者单位的名额满了。")
        )
        yield make_fact(
            words, _after_names(names, why), link_to(_("去看"), allowed_url("organiser.ties"))
        )


def _successor_facts(competition: Competition, stage: NextStage) -> Iterator[Fact]:
    """Name those who go on and do not take part, with the way to let the next in order follow."""
    for it in successors(competition):
        if (it.event, it.stage) != (stage.event, stage.code):
            continue
        url = allowed_url("organiser.confirm_successor", event=it.event, who=it.leaver)
        yield make_fact(
            _("%(who)s不参加“%(stage)s”", who=heads_in(1, competition), stage=stage.name),
            _names(competition, stage, [it.leaver]),
            link_to(_("递补"), url),
        )


def _handed_fact(competition: Competition, stage: NextStage) -> Iterator[Fact]:
    """Say which left places go to whom; nobody is named who must not be."""
    handed = handed_by(competition, stage)
    if not handed:
        return
    named = [
        _("%(who)s 接 %(before)s 的 %(place)s", who=it.to.code, before=it.before, place=it.words)
        for it in handed
    ]
    rule = _("位置照时间和工位、人照参赛号的次序，到了时间的不给。给了还能在他那一页改。")
    yield make_fact(
        _("空出来的 %(n)s 个位置给新进的人", n=len(handed)),
        _after_names(some_names(named) if _may_see(competition, stage) else "", rule),
    )


def _may_see(competition: Competition, stage: NextStage) -> bool:
    events = [it for it in competition.events if it.code == stage.event]
    return may_see_names(competition, events, current_user)


def _results_link(competition: Competition, stage: NextStage) -> Link | None:
    """Link to the results of its event, for those who may see them."""
    if not _may_see(competition, stage):
        return None
    url = url_for("organiser.standings", event=stage.event)
    return Link(label=_("看成绩"), url=url)


def _facts(competition: Competition, stage: NextStage) -> Iterator[Fact]:
    yield make_fact(
        _(
            "%(who)s进“%(stage)s”，生成评分表",
            who=heads_in(len(stage.people), competition),
            stage=stage.name,
        ),
        _names(competition, stage, stage.people)
        # All who go on at once: their codes beside their numbers tell of none whose it is.
        or some_names(blind_in_stage(competition, stage, stage.people)),
        _results_link(competition, stage),
    )
    yield from _tied_facts(competition, stage)
    yield from _handed_fact(competition, stage)
    yield from _successor_facts(competition, stage)
    yield make_fact(
        _("有人不参加的，先记下再开始"),
        _("到他那一页按“退赛”，两个人定；开始以后不能再递补。"),
    )
    if stage.staying > 0:
        who = heads_in(stage.staying, competition)
        yield make_fact(_("%(who)s止步“%(before)s”", who=who, before=stage.before), "")
    yield make_fact(
        _("有评分表以后不能再抽签"),
        _(
            "还没有场次和工位：%(modules)s。要抽签的，先抽好再开始。",
            modules=say(listed(stage.unplaced)),
        )
        if stage.unplaced
        else _("各模块的场次和工位都有了。"),
        link_to(_("去抽签"), allowed_url("organiser.draws")) if stage.unplaced else None,
    )


def _blocking(competition: Competition, stage: NextStage) -> list[Blocking]:
    why = stage.why_not
    if why is None:
        return []
    if stage.open_ties and not stage.unfinished and not stage.unlocked:
        link = link_to(_("去分同分的"), allowed_url("organiser.ties"))
    elif stage.locked and not stage.unfinished and not stage.unlocked:
        board = stage_board_url(competition, stage.event, stage.code)
        link = Link(label=_("去解锁"), url=board)
    elif stage.unfinished or stage.unlocked:
        board = stage_board_url(competition, stage.event, stage.before_code, stage.unlocked_code)
        link = Link(label=_("去看"), url=board)
    else:
        place = next(
            it
            for it in places_of(competition)
            if (it.event.code, it.stage.code) == (stage.event, stage.code)
            and place_label(it) in stage.unjudged
        )
        # Once judging has begun the list of judges leads to the board of sheets.
        seating = url_for("organiser.seating", module=place_key(place))
        link = Link(label=_("去补裁判"), url=seating)
    return [Blocking(what=say(why), link=link)]
