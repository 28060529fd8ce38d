"""Draws at the desk: prepared, held step by step, ended; and those held on paper entered."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import CeremonyState, Right, hash_phrase, msg
from compete.models import Competition, DrawCeremony, Event
from compete.services.kernel import Refused, find_own, module_key, module_title, rules_of
from compete.services.schedule import (
    LAYERS,
    STATION,
    OverPaperError,
    PlacesError,
    add_seal,
    discard_draw,
    end_draw,
    fix_openings,
    open_party,
    prepare_draw,
    publish_head,
    read_places,
    remove_seal,
    retake_list,
    stations_of,
    void_draw,
)
from compete.sheets.workbook.tables import Table, Value
from compete.web import guard
from compete.web.headers import with_camera
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.confirming.last_look import last_look
from compete.web.organiser.confirming.view_model import make_fact
from compete.web.organiser.draws.paper_model import paper_lines
from compete.web.organiser.draws.party_card import party_card
from compete.web.organiser.draws.shapes import OpeningForm, PaperForm, PrepareForm, SealForm
from compete.web.organiser.draws.view_model import (
    NOTHING_TYPED,
    Typed,
    ceremony_lines,
    ceremony_url,
    describe_ceremony,
    describe_draws,
)
from compete.web.organiser.list_book import send_list
from compete.web.pages import fields_of
from compete.web.refusals import status_of
from compete.web.words import heads_in

_Module = tuple[Event, str, str]
_ASKED = {"publish": CeremonyState.PREPARING, "fix": CeremonyState.OPENING}
_ACTS = {
    "list": retake_list,
    "publish": publish_head,
    "fix": fix_openings,
}


@face.get("/<code>/draws")
@guard.may(Right.DRAW)
def draws(competition: Competition) -> ResponseReturnValue:
    """The competition's draws, and the forms to prepare one and to enter one held on paper."""
    return list_page(competition, suggested_form(competition), None)


@face.post("/<code>/draws")
@guard.may(Right.DRAW)
@only_once
def prepare_draws(competition: Competition) -> ResponseReturnValue:
    """Prepare a ceremony; what is wrong is said beside its field."""
    form = request.form
    errors: dict[str, str] = {}
    rule: dict[str, int | bool] = {}
    places = None
    module = chosen_module(competition, form.get("module", ""))
    try:
        places = read_places(
            form.get("stations", ""), form.get("sessions", ""), form.get("check_in", "")
        )
    except PlacesError as error:
        errors = {name: say(fault) for name, fault in error.faults.items()}
    layer = form.get("layer", STATION)
    one_layer = layer not in LAYERS
    if one_layer and form.get("apart"):
        rule["apart"] = True
    most = form.get("per_session", "").strip() if one_layer else ""
    if most:
        if most.isascii() and most.isdigit() and int(most[:6]) > 0:
            rule["per_session"] = int(most[:6])
        else:
            errors["per_session"] = _("写 1 或更大的整数，不限就空着")
    if places is not None and not errors:
        try:
            ceremony = prepare_draw(
                *module,
                name=_name(form.get("name", ""), module),
                places=places,
                rule=rule,
                by=current_user,
                layer=layer,
                why=form.get("why", ""),
            )
            return redirect(ceremony_url(ceremony))
        except OverPaperError as refused:
            errors["why"] = say(refused.message)
        except Refused as refused:
            errors["all"] = say(refused.message)
    typed = PrepareForm(
        **{
            key: form.get(key, "")
            for key in ("module", "name", "stations", "sessions", "check_in", "per_session", "why")
        },
        layer=layer,
        apart=bool(form.get("apart")),
        errors=errors,
    )
    return list_page(competition, typed, None), 400


@face.get("/<code>/draws/list.xlsx")
@guard.may(Right.DRAW)
def draws_book(competition: Competition) -> Response:
    """The draws that were held, here and on paper, as they are listed."""
    rows: list[list[Value]] = [
        [each.name, each.module, each.number, each.when, each.state.text, "", "", ""]
        for each in ceremony_lines(competition)
    ]
    rows += [
        [
            *(_("在纸上抽的"), each.module, "", each.day),
            *(_("纸上抽的"), each.people, each.supervisor, each.signed),
        ]
        for each in paper_lines(competition)
    ]
    heads = (
        *(_("抽签"), _("模块"), _("第几次"), _("时间")),
        *(_("状态"), _("人数"), _("监督人"), _("签名")),
    )
    return send_list(competition, msg("抽签"), heads, rows)


@face.get("/<code>/draws/<int:number>")
@guard.may(Right.DRAW)
def draw_ceremony(competition: Competition, number: int) -> ResponseReturnValue:
    """One ceremony: where it stands, and the next act; with `party` that party's own link."""
    ceremony = find_ceremony(competition, number)
    return _page(ceremony, NOTHING_TYPED._replace(party=party_card(ceremony)))


@face.get("/<code>/draws/<int:number>/list.xlsx")
@guard.may(Right.DRAW)
def draw_book(competition: Competition, number: int) -> Response:
    """What was drawn, as it is shown: the places, and the units where those are drawn first."""
    page = describe_ceremony(find_ceremony(competition, number))
    if page.urls.book is None:
        abort(404)
    heads = (_("第几签"), _("场次"), _("时间"), _("工位"), _("编号"), _("选手"), _("单位"))
    rows: list[list[Value]] = [
        [
            *(row.position, row.session, row.time, row.place, row.code, row.name, row.unit),
            _("调") if row.moved else "",
        ]
        for row in page.rows
    ]
    units = Table(
        name=msg("单位抽到的号"),
        title=msg("单位抽到的号"),
        columns=[_("第几号"), _("编号"), _("单位"), _("人数")],
        rows=[[row.number, row.code, row.name, row.people] for row in page.units],
    )
    others = [units] if page.units else []
    return send_list(competition, msg("抽签结果"), [*heads, _("说明")], rows, *others)


@face.get("/<code>/draws/<int:number>/<act>")
@guard.may(Right.DRAW)
def confirm_draw(competition: Competition, number: int, act: str) -> ResponseReturnValue:
    """What publishing the head, or fixing the openings, will do; once done, the draw's page."""
    ceremony = find_ceremony(competition, number)
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
    ceremony = find_ceremony(competition, number)
    if act in _ACTS:
        _ACTS[act](ceremony, current_user)
    elif act == "unseal":
        remove_seal(ceremony, request.form.get("name", ""), current_user)
    elif act == "discard":
        discard_draw(ceremony, current_user)
        return redirect(url_for("organiser.draws", code=competition.code))
    elif act in ("seal", "open", "void", "end"):
        typed = {"seal": _seal, "open": _open, "void": _end, "end": _end}[act](ceremony)
        if typed is not None:
            return _page(ceremony, typed), typed.status
    else:
        abort(404)
    return redirect(ceremony_url(ceremony))


def _words_of(seal: str) -> str:
    return " ".join(hash_phrase(bytes.fromhex(seal)).split())


def _seal(ceremony: DrawCeremony) -> Typed | None:
    """Take a seal in; what was typed where it is refused."""
    form = request.form
    name, seal, spare = form.get("name", ""), form.get("seal", ""), bool(form.get("spare"))
    try:
        add_seal(ceremony, name, seal, spare=spare, by=current_user)
    except Refused as refused:
        error = SealForm(name=name, seal=seal, spare=spare, error=say(refused.message))
        return NOTHING_TYPED._replace(seal=error, status=status_of(refused))
    return None


def _open(ceremony: DrawCeremony) -> Typed | None:
    """Open a share; what was typed where it counts as none."""
    form = request.form
    name, key = form.get("name", ""), form.get("key", "")
    # Forms send line breaks in their own way; a share has one byte for each.
    share = form.get("share", "").replace("\r\n", "\n")
    try:
        opened = open_party(ceremony, name, share, key, current_user)
    except Refused as refused:
        error = OpeningForm(name=name, share=share, key=key, error=say(refused.message))
        return NOTHING_TYPED._replace(opening=error, status=status_of(refused))
    if opened.why is None:
        flash(_("%(name)s 的签和封签对上了", name=name), "ok")
        return None
    why = _("%(why)s。这一次算没拆，已经记下；时间没到，可以照原样再输一次。", why=say(opened.why))
    return NOTHING_TYPED._replace(opening=OpeningForm(name=name, share=share, key=key, error=why))


def _end(ceremony: DrawCeremony) -> Typed | None:
    """Void it, or end it, with a reason."""
    why = request.form.get("why", "")
    act = void_draw if request.path.endswith("/void") else end_draw
    try:
        act(ceremony, why, current_user)
    except Refused as refused:
        return NOTHING_TYPED._replace(
            why=why, why_error=say(refused.message), status=status_of(refused)
        )
    return None


def find_ceremony(competition: Competition, number: int) -> DrawCeremony:
    """The competition's own ceremony of that number; 404 where there is none."""
    ceremony = find_own(DrawCeremony, competition, number)
    if ceremony is None:
        abort(404)
    return ceremony


def _page(ceremony: DrawCeremony, typed: Typed = NOTHING_TYPED) -> Response:
    page = describe_ceremony(ceremony, typed)
    # Codes are read off the parties' phones.
    return with_camera(render_template("organiser/draws/ceremony.html", **fields_of(page)))


def list_page(competition: Competition, prepare: PrepareForm, paper: PaperForm | None) -> str:
    page = describe_draws(
        competition,
        prepare,
        paper or PaperForm(module=prepare.module),
    )
    return render_template("organiser/draws/draws.html", **fields_of(page))


def _name(typed: str, module: _Module) -> str:
    """The draw's name as typed; where nothing was, one that tells whose draw it is."""
    event, stage, code = module
    title = module_title(event, stage, code)
    return typed.strip() or _(
        "%(competition)s %(module)s抽签", competition=event.competition.code, module=title
    )


def suggested_form(competition: Competition) -> PrepareForm:
    """An empty form, with the stations that are known."""
    if not competition.events:
        return PrepareForm(
            module="",
            name="",
            layer=STATION,
            stations="",
            sessions="",
            check_in="",
            apart=False,
            per_session="",
        )
    event, stage, module = chosen_module(competition, request.args.get("module", ""))
    return PrepareForm(
        module=module_key(event, stage, module),
        name="",
        layer=STATION,
        stations="\n".join(stations_of(event, stage, module)),
        sessions="",
        check_in="20",
        apart=True,
        per_session="",
    )


def chosen_module(competition: Competition, value: str) -> _Module:
    """The module of that value, else the first. 404 where there is none at all."""
    known = [
        (event, stage.code, module.code)
        for event in competition.events
        for stage in rules_of(event).stages
        for module in stage.modules
    ]
    if not known:
        abort(404)
    return next(
        (place for place in known if f"{place[0].code}|{place[1]}|{place[2]}" == value), known[0]
    )
