"""Draws at the desk: prepared, held step by step, ended; those on paper entered; timetables."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from unicodedata import normalize

import msgspec
from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.domain.values.states import CeremonyState
from compete.models import Competition, DrawCeremony, Entrant, Event, PaperDraw
from compete.services.closing.penalties_and_outcomes import photo_type
from compete.services.kernel.competition_settings import Timetable
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.rows_by_number import find_own
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.schedule.double_bookings import ReasonWantedError
from compete.services.schedule.draw_ceremonies import (
    add_seal,
    discard_draw,
    draw_now,
    fix_openings,
    make_party_link,
    open_party,
    prepare_draw,
    publish_head,
    remove_seal,
    retake_list,
    seal_list,
    void_draw,
)
from compete.services.schedule.draw_ends import agree_end, end_draw, keep_draw
from compete.services.schedule.draw_lists import (
    LAYERS,
    STATION,
    PlacesError,
    places_of,
    read_places,
)
from compete.services.schedule.drawn_places import (
    enter_paper_draw,
    paper_draws,
    read_drawn,
    record_faults,
    sign_paper_draw,
    supervisor_fault,
    typed_places,
)
from compete.services.schedule.slots import GivenPlace
from compete.services.schedule.station_moves import swap_people
from compete.services.schedule.timetables import (
    Bulk,
    close_places,
    laid_out,
    lay_out,
    rule_of,
    timetable_of,
    undo_timetable,
)
from compete.sheets.workbook.tables import Table, Value
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.guard import allowed_url, may_do
from compete.web.headers import with_camera
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.last_look import last_look, make_fact
from compete.web.organiser.list_book import send_list
from compete.web.organiser.places import place_key
from compete.web.organiser.places import places_of as modules_of
from compete.web.organiser.schedule.draws.draws_model import (
    COMPUTER,
    PAPER,
    Entered,
    describe_draws,
)
from compete.web.organiser.schedule.draws.view_model import (
    LayoutForm,
    PartyCard,
    asked_ends,
    ceremony_lines,
    ceremony_url,
    describe_ceremony,
    describe_screen,
    drawn_file,
    paper_lines,
    paper_to_sign,
    rows_of,
    signed_words,
    units_of,
)
from compete.web.pages import or_404, own_row
from compete.web.posted import posted_text
from compete.web.refusals import refusal_on, status_of
from compete.web.templating import day
from compete.web.words import heads_in

Module = tuple[Event, str, str]
_ASKED = {"publish": CeremonyState.PREPARING, "fix": CeremonyState.OPENING}
_ACTS = {
    "draw": draw_now,
    "list": retake_list,
    "publish": publish_head,
    "fix": fix_openings,
}


@face.get("/<code>/draws")
@guard.may(Right.DRAW)
def draws(competition: Competition) -> ResponseReturnValue:
    """Show one module's draw: how it is drawn, its timetable, what comes next."""
    if not competition.events:
        flash(_("先设赛项，再抽签"), "info")
        return redirect(url_for("organiser.events"))
    return describe_draws(competition, _chosen_module(competition, request.args.get("module", "")))


def _again(competition: Competition, refused: Refused, field: str = "problem", **typed: Any) -> str:
    """The page with what was typed; `field` is where it says why."""
    entered = Entered(**typed | {field: say(refused.message)})
    return describe_draws(competition, _module(competition), entered)


def _refused_preparation(competition: Competition, refused: Refused) -> str:
    form = request.form
    field = "why_error" if isinstance(refused, ReasonWantedError) else "problem"
    typed = {"way": form.get("way", COMPUTER), "why": form.get("why", "")}
    return _again(competition, refused, field, **typed)


@face.post("/<code>/draws")
@guard.may(Right.DRAW)
@only_once
@refusal_on(_refused_preparation)
def prepare_draws(competition: Competition) -> ResponseReturnValue:
    """Seal the list for the computer, or prepare a ceremony of parties, of the timetable."""
    module, way = _module(competition), request.form.get("way", COMPUTER)
    plan = timetable_of(*module)
    if plan is None:
        raise invalid(msg("先排场次和工位"))
    prepare = seal_list if way == COMPUTER else prepare_draw
    ceremony = prepare(
        *module,
        name=_name(module),
        places=places_of(plan),
        rule=rule_of(plan),
        by=current_user,
        layer=plan.layer,
        why=request.form.get("why", ""),
    )
    if way == COMPUTER:
        return _to_draws(module)
    return redirect(ceremony_url(ceremony))


@face.get("/<code>/draws/list.xlsx")
@guard.may(Right.DRAW)
def draws_book(competition: Competition) -> Response:
    """The draws that were held, here and on paper, as they are listed."""
    rows: list[list[Value]] = [
        [
            *(draw.name, _title_of(draw), draw.number, when),
            *(state.text, "", "", ""),
        ]
        for draw, when, state in ceremony_lines(competition)
    ]
    rows += [
        [
            *(_("在纸上抽的"), _title_of(paper), "", day(paper.drawn_on, with_year=True)),
            *(state.text, len(paper.codes), paper.supervisor, signed_words(paper)),
        ]
        for paper, _notes, state in paper_lines(competition)
    ]
    heads = (
        *(_("抽签"), _("模块"), _("第几次"), _("时间")),
        *(_("状态"), _("人数"), _("监督人"), _("签名")),
    )
    return send_list(competition, msg("抽签"), heads, rows)


@face.get("/<code>/draws/<int:number>")
@guard.may(Right.DRAW)
def draw_ceremony(competition: Competition, number: int) -> ResponseReturnValue:
    """Show one ceremony: its state, and the next act; with `party` that party's own link."""
    return _page(own_row(DrawCeremony, competition, number))


@face.get("/<code>/draws/<int:number>/list.xlsx")
@guard.may(Right.DRAW)
def draw_book(competition: Competition, number: int) -> Response:
    """Download the draw as it is shown: the places, and the units if those are drawn first."""
    ceremony = own_row(DrawCeremony, competition, number)
    drawn = or_404(drawn_file(ceremony))
    heads = (_("第几签"), _("场次"), _("时间"), _("工位"), _("编号"), _("选手"), _("单位"))
    rows: list[list[Value]] = [
        [
            *(number, row.place.session or "", time, row.place.line or row.place.code, row.code),
            *((person.name, person.unit.name) if person else ("", "")),
            _("调") if row.moved else "",
        ]
        for number, (row, person, time) in enumerate(rows_of(ceremony, drawn), start=1)
    ]
    in_units = units_of(ceremony, drawn) if ceremony.layer in LAYERS else []
    units = Table(
        name=msg("单位抽到的号"),
        title=msg("单位抽到的号"),
        columns=[_("第几号"), _("编号"), _("单位"), _("人数")],
        rows=[[number, *unit] for number, unit in enumerate(in_units, start=1)],
    )
    others = [units] if in_units else []
    return send_list(competition, msg("抽签结果"), [*heads, _("说明")], rows, *others)


@face.get("/<code>/draws/<int:number>/<act>")
@guard.may(Right.DRAW)
def confirm_draw(competition: Competition, number: int, act: str) -> ResponseReturnValue:
    """Show what publishing the head, or fixing the openings, will do; then the draw's page."""
    ceremony = own_row(DrawCeremony, competition, number)
    if act in _ASKED and ceremony.state is not _ASKED[act]:
        return redirect(ceremony_url(ceremony))
    if act == "publish":
        title = _("公布封存值")
        facts = [
            make_fact(
                _("名单、位置、规则和封签一个字也不能再改"),
                _(
                    "%(who)s，%(places)s 个位置，%(shares)s 个签",
                    who=heads_in(len(ceremony.people), competition, ceremony.event),
                    places=len(ceremony.places),
                    shares=len(ceremony.shares),
                ),
            ),
            make_fact(_("封存值记进变更记录，谁都看得到"), _("念核对词，请大家记下前 32 位。")),
            *(
                make_fact(
                    _("%(name)s：%(words)s", name=share.name, words=_words_of(share.seal)),
                    _("和他手机上的四个词不一样，就先拿掉。"),
                )
                for share in ceremony.shares
            ),
        ]
    elif act == "fix":
        closed = [
            share.name for share in ceremony.shares if share.opened_at is None and not share.spare
        ]
        title = _("公布拆签值")
        facts = [
            make_fact(_("各方不能再拆签"), _("念核对词，请大家记下前 32 位，再拆备签。")),
            make_fact(_("没拆的：%(names)s", names=_("、").join(closed)), "")
            if closed
            else make_fact(_("各方都拆了"), ""),
        ]
        if len(closed) == len(ceremony.shares) - 1:
            facts.append(make_fact(_("没有一方拆签，这一次作废"), _("什么也不抽，要再办一次。")))
    else:
        abort(404)
    return last_look(
        competition,
        title,
        facts,
        [],
        ceremony_url(ceremony, act),
        ceremony_url(ceremony),
        area="competitions",
    )


@face.post("/<code>/draws/<int:number>/<act>")
@guard.may(Right.DRAW)
def act_on_draw(competition: Competition, number: int, act: str) -> ResponseReturnValue:
    """Take one step of the ceremony."""
    ceremony = own_row(DrawCeremony, competition, number)
    if act in _ACTS:
        _ACTS[act](ceremony, current_user)
        if act == "draw":
            return _to_draws(_module_of(ceremony))
    elif act == "unseal":
        remove_seal(ceremony, request.form.get("name", ""), current_user)
    elif act == "discard":
        discard_draw(ceremony, current_user)
        return redirect(url_for("organiser.draws"))
    elif act in _SENT:
        try:
            _SENT[act](ceremony)
        except Refused as refused:
            return _page(ceremony, act, say(refused.message)), status_of(refused)
    else:
        abort(404)
    return redirect(ceremony_url(ceremony))


@face.post("/<code>/draws/<int:number>/end/agree")
@guard.may(Right.AGREE)
def agree_draw_end(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree, as the second person, that the draw counts no more."""
    ceremony = own_row(DrawCeremony, competition, number)
    agree_end(ceremony, current_user)
    flash(_("第 %(n)s 次抽签作废了", n=ceremony.number), "ok")
    return redirect(_after_end(ceremony))


@face.post("/<code>/draws/<int:number>/end/keep")
@guard.may(Right.AGREE)
def keep_drawn(competition: Competition, number: int) -> ResponseReturnValue:
    """Keep the draw: the request was taken back, or not agreed to."""
    ceremony = own_row(DrawCeremony, competition, number)
    keep_draw(ceremony, current_user)
    return redirect(_after_end(ceremony))


def _title_of(draw: DrawCeremony | PaperDraw) -> str:
    """The title of the module that was drawn."""
    return module_title(*_module_of(draw))


def _module_of(draw: DrawCeremony | PaperDraw) -> Module:
    return draw.event, draw.stage, draw.module


def _after_end(draw: DrawCeremony | PaperDraw) -> str:
    """The address of the draw, or of what else the reader may see of it."""
    if isinstance(draw, PaperDraw):
        shown = allowed_url("organiser.draws", module=module_key(*_module_of(draw)))
    else:
        shown = allowed_url("organiser.draw_ceremony", number=draw.id)
    return shown or allowed_url("organiser.paper_signing") or url_for("organiser.overview")


def _words_of(seal: str) -> str:
    return " ".join(hash_phrase(bytes.fromhex(seal)).split())


def _seal(ceremony: DrawCeremony) -> None:
    """Take a seal in."""
    form = request.form
    name, seal = form.get("name", ""), posted_text("seal")
    add_seal(ceremony, name, seal, spare=bool(form.get("spare")), by=current_user)


def _open(ceremony: DrawCeremony) -> None:
    """Open a share. Raises `Refused` where it counts as none, which is on record."""
    form = request.form
    name, key = form.get("name", ""), form.get("key", "")
    # Forms send line breaks in their own way; a share has one byte for each.
    share = posted_text("share").replace("\r\n", "\n")
    opened = open_party(ceremony, name, share, key, current_user)
    if opened.why is not None:
        raise invalid(
            msg("%(why)s。这一次算没拆，已经记下；时间没到，可以照原样再输一次。", why=opened.why)
        )
    flash(_("%(name)s 的签和封签对上了", name=name), "ok")


_SENT: dict[str, Callable[[DrawCeremony], None]] = {
    "seal": _seal,
    "open": _open,
    "void": lambda ceremony: void_draw(ceremony, request.form.get("why", ""), current_user),
    "end": lambda ceremony: end_draw(ceremony, request.form.get("why", ""), current_user),
}
"""The acts whose forms stay as they were sent where they are refused."""


def _page(ceremony: DrawCeremony, refused: str = "", error: str = "") -> Response:
    # Codes are read off the parties' phones.
    return with_camera(describe_ceremony(ceremony, _party_card(ceremony), refused, error))


def _name(module: Module) -> str:
    """Name a draw, with the competition that it belongs to."""
    event, stage, code = module
    return _(
        "%(competition)s %(module)s抽签",
        competition=event.competition.code,
        module=module_title(event, stage, code),
    )


def _chosen_module(competition: Competition, value: str) -> Module:
    """The module of that value, else the first. 404 where there is none at all."""
    known = modules_of(competition)
    if not known:
        abort(404)
    return next((place for place in known if place_key(place) == value), known[0]).codes


def _party_card(ceremony: DrawCeremony) -> PartyCard:
    """The link of the party that the address names, or the empty form."""
    # As the link has it: the phone's seal is over the very letters.
    name = normalize("NFC", request.args.get("party", "")).strip()
    spare = "spare" in request.args
    if not name:
        return PartyCard()
    try:
        link = make_party_link(ceremony, name, spare=spare, by=current_user)
    except Refused as refused:
        return PartyCard(name=name, spare=spare, problem=say(refused.message))
    page = public_url("draws.seal", ceremony=ceremony.name, number=ceremony.number, name=name)
    # What stands behind the # is kept by the phone: no log of any server has it.
    return PartyCard(name=name, spare=spare, url=f"{page}#to={link}")


@face.get("/<code>/draws/<int:number>/hall")
@guard.may(Right.DRAW)
def draw_hall(competition: Competition, number: int) -> ResponseReturnValue:
    """The five steps, the shares, and names that fall into their places one by one."""
    screen = describe_screen(own_row(DrawCeremony, competition, number))
    return render_template("hall/draw.html", screen=screen)


@face.get("/<code>/draws/<int:number>/hall/data")
@guard.may(Right.DRAW)
def draw_hall_data(competition: Competition, number: int) -> ResponseReturnValue:
    """The same as JSON, asked for until everybody is drawn."""
    return jsonify(describe_screen(own_row(DrawCeremony, competition, number)))


@face.post("/<code>/draws/paper")
@guard.may(Right.DRAW)
@only_once
def paper_draw(competition: Competition) -> ResponseReturnValue:
    """Put a draw on record that was held without the program, with the places where given."""
    form = request.form
    module = _module(competition)
    typed = {key: form.get(key, "") for key in ("drawn_on", "supervisor", "lines")}
    faults = record_faults(typed["drawn_on"], typed["supervisor"])
    if (stranger := supervisor_fault(competition, typed["supervisor"])) is not None:
        faults["supervisor"] = stranger
    plan = timetable_of(*module)
    places = places_of(plan) if plan else None
    given: list[GivenPlace] = []
    problem = why_error = ""
    if typed["lines"].strip():
        if places is None:
            faults["lines"] = msg("先排场次和工位")
        try:
            given = read_drawn(*module, places, typed["lines"])
        except PlacesError as error:
            faults |= error.faults
    if not faults:
        try:
            paper = enter_paper_draw(
                *module,
                drawn_on=typed["drawn_on"],
                supervisor=typed["supervisor"],
                by=current_user,
                given=given,
                photo=sent.read() if (sent := request.files.get("photo")) else b"",
                why=form.get("why", ""),
            )
        except ReasonWantedError as refused:
            why_error = say(refused.message)
        except Refused as refused:
            problem = say(refused.message)
    if faults or problem or why_error:
        errors = {name: say(fault) for name, fault in faults.items()}
        marks = typed_places(places, typed["lines"]) if places and "lines" in faults else None
        entered = Entered(
            errors=errors,
            way=PAPER,
            marks=marks,
            why=form.get("why", ""),
            why_error=why_error,
            problem=problem,
        )
        return describe_draws(competition, module, entered), 400
    people = heads_in(len(paper.codes), competition)
    flash(_("记下了：%(who)s的工位是抽签定的，请监督签名", who=people), "ok")
    return _to_draws(module)


@face.get("/<code>/draws/paper/signing")
@guard.may(Right.AGREE)
def paper_signing(competition: Competition) -> ResponseReturnValue:
    """The draws that somebody wants to count no more; for a supervisor also those on paper with
    their places, to hold beside the signed record.
    """
    signs = may_do(Right.OVERSEE)
    papers = paper_draws(competition) if signs else ()
    return render_template(
        "organiser/schedule/draws/signing.html",
        signs=signs,
        papers=[paper_to_sign(paper) for paper in papers],
        asked=asked_ends(competition),
    )


@face.get("/<code>/draws/paper/<int:number>/photo")
@guard.may(Right.SEE)
def paper_photo(competition: Competition, number: int) -> Response:
    """The signed record as it was photographed."""
    paper = find_own(PaperDraw, competition, number)
    if paper is None or paper.photo is None:
        abort(404)
    return Response(paper.photo, mimetype=photo_type(paper.photo) or "image/jpeg")


@face.post("/<code>/draws/paper/<int:number>/sign")
@guard.may(Right.OVERSEE)
def sign_paper(competition: Competition, number: int) -> ResponseReturnValue:
    """Put the supervisor's name under it."""
    paper = own_row(PaperDraw, competition, number)
    sign_paper_draw(paper, current_user)
    flash(_("签了名"), "ok")
    return redirect(url_for("organiser.paper_signing"))


def _refused_end(competition: Competition, number: int, refused: Refused) -> str:
    entered = Entered(end_error=say(refused.message))
    return describe_draws(competition, _module_of(own_row(PaperDraw, competition, number)), entered)


@face.post("/<code>/draws/paper/<int:number>/end")
@guard.may(Right.DRAW)
@refusal_on(_refused_end)
def end_paper(competition: Competition, number: int) -> ResponseReturnValue:
    """Ask that a signed draw on paper counts no more, with a reason."""
    paper = own_row(PaperDraw, competition, number)
    end_draw(paper, request.form.get("why", ""), current_user)
    return _to_draws(_module_of(paper))


@face.post("/<code>/draws/paper/<int:number>/end/agree")
@guard.may(Right.AGREE)
def agree_end_of_paper(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree, as the second person, that the draw on paper counts no more."""
    paper = own_row(PaperDraw, competition, number)
    agree_end(paper, current_user)
    flash(_("纸上的抽签作废了"), "ok")
    return redirect(_after_end(paper))


@face.post("/<code>/draws/paper/<int:number>/end/keep")
@guard.may(Right.AGREE)
def keep_paper(competition: Competition, number: int) -> ResponseReturnValue:
    """Keep the draw on paper: the request was taken back, or not agreed to."""
    paper = own_row(PaperDraw, competition, number)
    keep_draw(paper, current_user)
    return redirect(_after_end(paper))


_BULK = ("begins", "count", "minutes", "pause", "posts")
_LINES = ("stations", "sessions", "check_in")


@face.post("/<code>/draws/timetable")
@guard.may(Right.DRAW)
@only_once
def lay_out_places(competition: Competition) -> ResponseReturnValue:
    """Sessions and stations, out of a few numbers or as lines, and what the draw has to meet."""
    form, module = request.form, _module(competition)
    now = timetable_of(*module) or Timetable(stations="", sessions="")
    bulk = {key: form.get(key, "") for key in _BULK}
    faults: dict[str, Message] = {}
    wanted = msgspec.structs.replace(
        now,
        **{key: form.get(key, "").strip() for key in _LINES},
        layer=form.get("layer", STATION),
        apart=bool(form.get("apart")),
        per_session=_read_most(form.get("per_session", ""), faults),
        room=whole_number(posted_text("room")),
    )
    try:
        # A break alone stands in every form: it asks for nothing.
        if any(text.strip() for key, text in bulk.items() if key != "pause"):
            stations, sessions = laid_out(
                Bulk(**bulk),
                [line for line in map(str.strip, wanted.stations.splitlines()) if line],
            )
            wanted = msgspec.structs.replace(wanted, stations=stations, sessions=sessions)
        if now.seats and _lines_of(wanted) != _lines_of(now):
            # Typed by hand they are stations again, and no rooms with seats.
            wanted = msgspec.structs.replace(wanted, seats=())
        if faults:
            read_places(wanted.stations, wanted.sessions, wanted.check_in)
        else:
            lay_out(*module, wanted, current_user)
    except PlacesError as error:
        faults |= error.faults
    if faults:
        typed = LayoutForm(
            **bulk,
            **{key: form.get(key, "") for key in (*_LINES, "per_session", "layer", "room")},
            apart=wanted.apart,
            errors={name: say(fault) for name, fault in faults.items()},
        )
        return describe_draws(competition, module, Entered(layout=typed)), 400
    return _to_draws(module)


@face.post("/<code>/draws/timetable/close")
@guard.may(Right.DRAW)
@refusal_on(lambda **of: _again(**of, closed_why=request.form.get("why", "")))
def close_draw_place(competition: Competition) -> ResponseReturnValue:
    """Close a place (不用) with a reason, so that nobody is put there; or open it again.

    Of several places the page says of each what it is to be: nothing, or why it is not used.
    """
    module, form = _module(competition), request.form
    places, states = form.getlist("place"), form.getlist("state")
    now = timetable_of(*module)
    reasons: dict[str, str | None]
    if states:
        reasons = {place: _reason(text) for place, text in zip(places, states, strict=False)}
    else:
        closed = now.closed if now else ()
        reasons = {
            place: None if place in closed else form.get("why", "").strip() for place in places
        }
    close_places(*module, reasons, current_user)
    return _to_draws(module)


@face.post("/<code>/draws/timetable/undo")
@guard.may(Right.DRAW)
@only_once
def undo_layout(competition: Competition) -> ResponseReturnValue:
    """Undo one step of the layout."""
    module = _module(competition)
    undo_timetable(*module, current_user)
    return _to_draws(module)


@face.post("/<code>/draws/swap")
@guard.may(Right.DRAW)
@only_once
@refusal_on(partial(_again, field="swap_error"))
def swap_drawn(competition: Competition) -> ResponseReturnValue:
    """Swap the places of two people, with a reason."""
    module = _module(competition)
    typed = {key: request.form.get(key, "").strip() for key in ("first", "second", "reason")}
    first, second = (_person(competition, module, typed[key]) for key in ("first", "second"))
    swap_people(first, second, *module[1:], typed["reason"], current_user)
    return _to_draws(module)


def _lines_of(timetable: Timetable) -> tuple[list[str], list[str]]:
    return timetable.stations.splitlines(), timetable.sessions.splitlines()


def _reason(text: str) -> str | None:
    """Return why a place is not used, by its pasted text; None if it is one."""
    text = " ".join(text.split())
    return None if not text else "" if text in (_("不用"), "不用") else text


def _module(competition: Competition) -> Module:
    return _chosen_module(competition, posted_text("module"))


def _to_draws(module: Module) -> ResponseReturnValue:
    return redirect(url_for("organiser.draws", module=module_key(*module)))


def _read_most(text: str, faults: dict[str, Message]) -> int | None:
    """Read the most people of a unit in a session; None for no bound."""
    most = whole_number(text, 999_999, least=1)
    if text.strip() and most is None:
        faults["per_session"] = msg("写 1 或更大的整数，不限就空着")
    return most


def _person(competition: Competition, module: Module, code: str) -> Entrant:
    """Find the contestant of that number in the event. Raises `Refused` (INVALID) for nobody."""
    entrant = entrants_by_code(competition, [code]).get(code)
    if entrant is None or entrant.event_id != module[0].id:
        raise invalid(msg("这个模块没有参赛号 %(code)s", code=code[:40] or _("（空）")))
    return entrant
