"""Draws in words: what comes next, who opened, who got which place; and the big screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.ceremonies.hashing import seed
from compete.domain.ceremonies.types import DrawFile, Place
from compete.domain.ceremonies.units_then_people import BY_ROUNDS, IN_A_ROW, Final, final_places
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.roles import ROLE_WORDS
from compete.domain.values.states import CeremonyState, state_words
from compete.models import (
    Competition,
    DrawCeremony,
    DrawShare,
    Entrant,
    Event,
    PaperDraw,
    Slot,
    utc_now,
)
from compete.services.accounts.second_persons import why_not_second
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.schedule.draw_ceremonies import (
    ceremonies_of,
    list_is_old,
    why_no_draw,
)
from compete.services.schedule.draw_changes import changes_since
from compete.services.schedule.draw_ends import draw_end_word, wants_two
from compete.services.schedule.draw_lists import LAYERS, published_file, standing_papers
from compete.services.schedule.drawn_places import paper_draws, places_on_paper
from compete.web.addresses import public_url
from compete.web.language import say
from compete.web.shapes import Chip, Choice, Told
from compete.web.templating import clock, day, moment, moment_in_sentence, zone
from compete.web.words import heads_in


def people_of(ceremony: DrawCeremony) -> dict[str, Entrant]:
    """Return the people of the draw, by code."""
    codes = [person["code"] for person in ceremony.people]
    return entrants_by_code(ceremony.event.competition, codes)


def starts_at(ceremony: DrawCeremony, place: str) -> str:
    """Time at which a place begins, by the hall's clock."""
    text = ceremony.times.get(place, {}).get("starts")
    return clock(datetime.fromisoformat(text)) if text else ""


def units_of(ceremony: DrawCeremony, drawn: DrawFile) -> list[tuple[str, str, int]]:
    """The units where they are drawn first, in the order that they drew: code, name, people."""
    names = {person.unit.code: person.unit.name for person in people_of(ceremony).values()}
    people = Counter(person["unit"] for person in ceremony.people)
    return [
        (row.code, names.get(row.code, row.code), people[row.code]) for row in drawn.draws[0].result
    ]


def moved_by_rule(ceremony: DrawCeremony, drawn: DrawFile | None) -> int | None:
    """Count the people whom the rule moved; None if there is no rule."""
    if not (ceremony.rule or {}).keys() & {"apart", "per_session"}:
        return None
    return sum(row.moved for draw in drawn.draws for row in draw.result) if drawn else 0


def turns_of(places: Iterable[Place]) -> dict[str, str]:
    """Name the turn of its session that each place is, by its code."""
    numbers: dict[str | None, dict[int | None, int]] = {}
    texts = {}
    for place in places:
        turns = numbers.setdefault(place.session, {})
        turn = turns.setdefault(place.order, len(turns) + 1)
        texts[place.code] = _("%(session)s第 %(n)s 个", session=place.session, n=turn)
    return texts


def _unmet_of(drawn: DrawFile) -> Sequence[str]:
    """The places at which the rule could not be met: station, session and turn."""
    unmet = []
    for draw in drawn.draws:
        turns = turns_of(draw.places)
        stations = {place.code: place.line or place.code for place in draw.places}
        unmet += [f"{stations[code]} {turns[code]}" for code in draw.unmet]
    return unmet


def rows_of(ceremony: DrawCeremony, drawn: DrawFile) -> list[tuple[Final, Entrant | None, str]]:
    """List the places with their people and when each begins, in the order of places."""
    people = people_of(ceremony)
    order = {place["code"]: number for number, place in enumerate(ceremony.places)}
    return [
        (row, people.get(row.code), starts_at(ceremony, row.place.code))
        for row in sorted(final_places(drawn), key=lambda row: order[row.place.code])
    ]


_S = CeremonyState
_CHIPS = {
    _S.PREPARING: "",
    _S.OPENING: "warn",
    _S.FIXED: "warn",
    _S.DRAWN: "ok",
    _S.VOID: "bad",
    _S.ENDED: "bad",
}


def ceremony_lines(competition: Competition) -> list[tuple[DrawCeremony, str, Chip]]:
    """The draws that were held here, the newest first: when each moved last, where it stands."""
    return [
        (
            ceremony,
            moment(ceremony.drawn_at or ceremony.ended_at or ceremony.head_at or ceremony.made_at),
            state,
        )
        for ceremony in ceremonies_of(competition)
        for state in [state_chip_of(ceremony)]
    ]


def state_chip_of(ceremony: DrawCeremony) -> Chip:
    """Show the state of the ceremony."""
    if ceremony.waits_to_end:
        return Chip(text=_("作废等另一个人"), kind="warn", icon="half-circle")
    return Chip(text=say(state_words(ceremony.state)), kind=_CHIPS[ceremony.state])


def ceremony_url(ceremony: DrawCeremony, act: str = "") -> str:
    """The ceremony's page, or where one of its acts is."""
    page = url_for("organiser.draw_ceremony", number=ceremony.id)
    return f"{page}/{act}" if act else page


def _check_url(ceremony: DrawCeremony) -> str | None:
    """The public page that works the draw out again; None before there is an end."""
    if ceremony.file is None or ceremony.state in (_S.OPENING, _S.FIXED):
        return None
    file = url_for("draws.file", code=ceremony.event.competition.code, number=ceremony.id)
    return public_url("draws.check", file=file)


def drawn_file(ceremony: DrawCeremony) -> DrawFile | None:
    """Return the file of the draw; None before, and if the draw was made void."""
    return published_file(ceremony) if ceremony.state in (_S.DRAWN, _S.ENDED) else None


def describe_ceremony(
    ceremony: DrawCeremony, party: PartyCard, refused: str = "", error: str = ""
) -> str:
    """Render a draw's page; an act that was `refused` shows what was sent."""
    event = ceremony.event
    file = published_file(ceremony)
    why_late = why_no_draw(event, ceremony.stage, ceremony.module)
    too_late = say(why_late) if why_late else ""
    old = list_is_old(ceremony)
    drawn = file if ceremony.state in (_S.DRAWN, _S.ENDED) else None
    return render_template(
        "organiser/schedule/draws/ceremony.html",
        ceremony=ceremony,
        label=state_chip_of(ceremony),
        rule=rule_words(ceremony),
        before=_(
            "上一次：%(why)s（%(by)s）", why=ceremony.before["reason"], by=ceremony.before["by"]
        )
        if ceremony.before
        else "",
        next_text=_next_text(ceremony, too_late),
        too_late=too_late,
        list_is_old=old and not too_late,
        lacking=too_late or _shares_lacking(ceremony, old),
        steps=steps_of(ceremony),
        hashes=hashes_of(ceremony, file),
        shares=[
            (share, hash_phrase(bytes.fromhex(share.seal)), _share_note(ceremony, share))
            for share in ceremony.shares
        ],
        closed=[
            Choice(value=share.name, label=share.name)
            for share in ceremony.shares
            if share.opened_at is None
            and share.spare is (ceremony.state is _S.FIXED)
            and not ceremony.by_computer
        ],
        sent=request.form,
        refused=refused,
        error=error,
        units=units_of(ceremony, drawn) if drawn and ceremony.layer in LAYERS else [],
        rows=rows_of(ceremony, drawn) if drawn else [],
        moved=moved_by_rule(ceremony, drawn),
        unmet=_unmet_of(drawn) if drawn else [],
        ended=ended_words(ceremony),
        changes=_change_words(ceremony),
        ending=ending_of(ceremony, error if refused in ("void", "end") else "")
        if not too_late
        else None,
        party=party,
        again=module_key(event, ceremony.stage, ceremony.module),
        seal_page=public_url("draws.seal", ceremony=ceremony.name, number=ceremony.number),
        check_url=_check_url(ceremony),
    )


def ending_of(draw: DrawCeremony | PaperDraw, error: str = "") -> Told | None:
    """Offer the ways to make it count no more; None if it does not stand, or nobody knows of it.

    `asked` is who wants it and why, while nobody has agreed; `barred` the reason the viewer cannot
    agree, and who can.
    """
    if isinstance(draw, PaperDraw):
        stands = draw.signed_by is not None and draw.ended_at is None
        end = url_for("organiser.end_paper", number=draw.id)
        answers = "organiser.agree_end_of_paper", "organiser.keep_paper"
    else:
        stands = draw.state in (_S.OPENING, _S.FIXED, _S.DRAWN)
        end = ceremony_url(draw, "end")
        answers = "organiser.agree_draw_end", "organiser.keep_drawn"
    if not stands:
        return None
    asker = draw.ender if draw.waits_to_end else None
    barred = draw_end_word(draw).why_not(current_user) if asker else None
    agree, keep = (url_for(answer, number=draw.id) for answer in answers)
    return {
        "end_url": end,
        "agree_url": agree,
        "keep_url": keep,
        "two": wants_two(draw),
        "why": request.form.get("why", "") if error else "",
        "error": error,
        "asked": _("%(who)s 要作废：%(why)s", who=asker.name, why=draw.ended_why) if asker else "",
        "barred": say(barred) if barred else "",
    }


def ended_words(ceremony: DrawCeremony | PaperDraw) -> str:
    """Say when and why it was made void or ended, and by whom."""
    if ceremony.ended_at is None:
        return ""
    who = _("、").join(person.name for person in (ceremony.ender, ceremony.agreer) if person)
    return _(
        "%(at)s %(who)s：%(why)s", at=moment(ceremony.ended_at), who=who, why=ceremony.ended_why
    )


def _next_text(ceremony: DrawCeremony, too_late: str) -> str:
    if ceremony.waits_to_end:
        return _("作废等另一个人同意。同意以前，这次抽签照样算数。")
    match ceremony.state:
        case _S.PREPARING if too_late:
            return _("这次准备用不上了，丢掉就行。")
        case _S.PREPARING:
            return _(
                "请各方用自己的手机打开封签页，做好封签，扫他手机上的封签码，一方一行登记；"
                "两方以上，再加一个备签。齐了就公布封存值。"
            )
        case _S.OPENING | _S.FIXED if ceremony.by_computer:
            return _("名单和三个签都封存了，按“现在抽”就拆签、落位。")
        case _S.OPENING:
            return _(
                "当众拆签：谁拆，就扫他手机上的拆签码，或者把他的签和随机码照样输进来。"
                "时间到了，公布拆签值。"
            )
        case _S.FIXED:
            return _("把拆签值念给大家记下，再请保管人拆备签。拆开当场抽好。")
        case _S.DRAWN:
            return _("打开大屏，让名字一个一个落位。工位和时间已经写给选手，文件谁都能下载、重算。")
        case _ if too_late:
            return _("这一次不算数。")
        case _:
            return _("这一次不算数。要抽，就再办一次：换一个保管人，签全部重做。")


def _shares_lacking(ceremony: DrawCeremony, old: bool) -> str:
    parties = sum(not share.spare for share in ceremony.shares)
    if old:
        return _("名单变了，先重新取一次名单")
    if parties < 2:
        return _("还差 %(n)s 方的封签", n=2 - parties)
    if parties == len(ceremony.shares):
        return _("还差备签")
    return ""


def heads_of(ceremony: DrawCeremony, n: int) -> str:
    """Count people or crews of the draw, by the word for those who take part in the event."""
    return heads_in(n, ceremony.event.competition, ceremony.event)


def rule_words(ceremony: DrawCeremony) -> str:
    """The rule of a ceremony in a sentence."""
    return rule_sentence(ceremony.event, ceremony.layer, ceremony.rule or {})


def rule_sentence(event: Event, layer: str, rule: Mapping[str, Any]) -> str:
    """A rule in a sentence; of a draw of two layers, how they give the places."""
    if layer == IN_A_ROW:
        return _("先抽单位，再抽单位里的人，一个单位的人接着一个单位的人")
    if layer == BY_ROUNDS:
        return _("先抽单位，再抽单位里的人，各单位轮流，每轮各出一人")
    parts = []
    if rule.get("apart"):
        parts.append(_("同单位不在同一工位连着上"))
    if rule.get("per_session"):
        parts.append(
            _(
                "一场里一个单位最多 %(who)s",
                who=heads_in(rule["per_session"], event.competition, event),
            )
        )
    if rule.get("groups"):
        parts.append(_("那时在别处的人分开抽"))
    return _("，").join(parts) if parts else _("没有规则")


def steps_of(ceremony: DrawCeremony) -> list[dict[str, str]]:
    """The five steps with their times; their state is `done`, `now` or `later`."""
    sealed = max((share.sealed_at for share in ceremony.shares), default=None)
    spare = next((share.opened_at for share in ceremony.shares if share.spare), None)
    times: list[tuple[str, datetime | None]] = [
        (_("名单封存"), ceremony.head_at),
        (_("各方封签"), sealed if ceremony.head_at else None),
        (_("当众拆签"), ceremony.openings_at),
        (_("算出种子"), spare),
        (_("名字落位"), ceremony.drawn_at),
    ]
    over = ceremony.state in (_S.VOID, _S.ENDED)
    steps, begun = [], over
    for name, at in times:
        state = "done" if at else "later" if begun else "now"
        begun = begun or at is None
        steps.append({"name": name, "time": moment_in_sentence(at) if at else "", "state": state})
    return steps


def hashes_of(ceremony: DrawCeremony, file: DrawFile | None) -> list[dict[str, str]]:
    """Head, openings and seed, as far as they are out; each for the ear and in full."""
    hashes = []
    if ceremony.head:
        hashes.append(_hash_text(_("封存值"), ceremony.head))
    if ceremony.openings:
        hashes.append(_hash_text(_("拆签值"), ceremony.openings))
        if file and file.spare.opened:
            hashes.append(_hash_text(_("种子"), seed(ceremony.openings, file.spare).hex()))
    return hashes


def _hash_text(label: str, digits: str) -> dict[str, str]:
    return {"label": label, "words": hash_phrase(bytes.fromhex(digits)), "hex": digits}


def _share_note(ceremony: DrawCeremony, share: DrawShare) -> str:
    """Say when a share opened; or that it counted as none when handed in, and when."""
    if share.opened_at:
        return _("%(at)s 拆的，和封签对上了", at=moment_in_sentence(share.opened_at))
    if share.refused_at:
        return _("%(at)s 交的和封签对不上，算没拆", at=moment_in_sentence(share.refused_at))
    if ceremony.state is _S.PREPARING:
        return _("%(at)s 交的", at=moment_in_sentence(share.sealed_at))
    return _("没拆")


def paper_lines(competition: Competition) -> list[tuple[PaperDraw, list[str], Chip]]:
    """The draws that were held on paper, the newest first: each with who supervised and signed it,
    why it was ended, and where it stands."""
    return [
        (paper, [note for note in (*_supervised(paper), ended_words(paper)) if note], chip)
        for paper in paper_draws(competition)
        for chip in [paper_chip_of(paper)]
    ]


def _supervised(paper: PaperDraw) -> tuple[str, str]:
    """Name the supervisor on the paper, once where the same one signed it; and who signed it."""
    own = paper.signer is not None and paper.signer.name == paper.supervisor
    return "" if own else _("监督 %(name)s", name=paper.supervisor), signed_words(paper)


def paper_chip_of(paper: PaperDraw) -> Chip:
    """Show the state of a draw on paper."""
    if paper.ended_at is not None:
        return Chip(text=_("作废了"), kind="bad")
    if paper.waits_to_end:
        return Chip(text=_("作废等另一个人"), kind="warn", icon="half-circle")
    if paper not in standing_papers(paper.event, paper.stage, paper.module):
        return Chip(text=_("后来另抽了"), kind="")
    if paper.signed_by is None:
        return Chip(text=_("等监督签名"), kind="warn", icon="clock")
    return Chip(text=_("纸上抽的"), kind="")


def asked_ends(competition: Competition) -> list[tuple[str, Told]]:
    """List the draws that somebody wants to count no more, each by its title."""
    asked = [
        (_("%(name)s，第 %(n)s 次", name=ceremony.name, n=ceremony.number), ending)
        for ceremony in ceremonies_of(competition)
        if ceremony.waits_to_end and (ending := ending_of(ceremony)) is not None
    ]
    return asked + [
        (
            _(
                "%(module)s，%(day)s 在纸上抽的",
                module=module_title(paper.event, paper.stage, paper.module),
                day=day(paper.drawn_on, with_year=True),
            ),
            ending,
        )
        for paper in paper_draws(competition)
        if paper.waits_to_end and (ending := ending_of(paper)) is not None
    ]


def _change_words(ceremony: DrawCeremony) -> list[str]:
    """Tell what changed after the draw: who swapped or was moved, when and why; by numbers."""
    sentences = []
    for it in changes_since(ceremony):
        facts = {"at": moment(it.at), "code": it.code, "why": it.reason}
        if it.partner is not None:
            text = _("%(at)s %(code)s 和 %(other)s 换了位置", other=it.partner, **facts)
        else:
            text = _("%(at)s %(code)s 挪到 %(place)s", place=it.place or "—", **facts)
        if it.reason:
            text = _("%(text)s，原因：%(why)s", text=text, why=it.reason)
        sentences.append(text)
    return sentences


def signed_words(paper: PaperDraw) -> str:
    """Say which supervisor signed it and when; empty if nobody did."""
    if paper.signer is None or paper.signed_as is None or paper.signed_at is None:
        return ""
    return _(
        "%(role)s %(name)s 签名，%(when)s",
        role=say(ROLE_WORDS[paper.signed_as]),
        name=paper.signer.name,
        when=moment(paper.signed_at),
    )


def paper_to_sign(
    paper: PaperDraw,
) -> tuple[PaperDraw, str, Sequence[tuple[Entrant, Slot]], str]:
    """A draw on paper for its supervisor, beside the signed record: who signed it, its places, and
    why the viewer cannot be the one to sign."""
    signed = signed_words(paper)
    barred = None if signed else why_not_second(paper.made_by, current_user)
    return paper, signed, places_on_paper(paper), say(barred) if barred else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A session's turn, or a station, at the edge of the timetable."""

    label: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A place of the timetable.

    `kind`: `free`, `spare` (beyond the people), `closed`, `named`, `moved`, `double` or `none`.
    """

    kind: str
    text: str = ""
    note: str = ""
    place: str = ""
    """Its code, while it can be closed."""
    person: str = ""
    """The person who stands there, by number."""
    moved_from: str = ""
    """The place where they stood until the rule moved them."""
    found: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableView:
    """Sessions × stations, or the other way round where the stations are many."""

    corner: str
    heads: Sequence[Head]
    rows: Sequence[tuple[Head, Sequence[Cell]]]
    turned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutForm:
    """Sessions, stations and requirements as they stand, or were typed."""

    begins: str = ""
    count: str = ""
    minutes: str = ""
    pause: str = "10"
    posts: str = ""
    stations: str = ""
    sessions: str = ""
    check_in: str = "20"
    layer: str = ""
    apart: bool = True
    per_session: str = ""
    room: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingDraw:
    """The draw that stands, or is under way: how, when, who, its words."""

    icon: str
    title: str
    words: str
    note: str
    url: str | None
    """Its page: how it was drawn."""
    ending: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """The next step. `form` is sent by its button, or `url` opened, or `post` sent alone."""

    title: str
    text: str = ""
    label: str = ""
    form: str = ""
    url: str = ""
    post: str = ""
    """The address that the button alone is sent to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCard:
    """A party's own link, to be scanned; without a `url` the form that makes one."""

    name: str = ""
    spare: bool = False
    url: str = ""
    problem: str = ""


_NAMED = 6
_SHARE_SHOWN = 60
_UNIT_COLUMNS, _UNIT_ROWS = 4, 8


def describe_screen(ceremony: DrawCeremony) -> dict[str, Any]:
    """Build the present screen, as `hall/draw.html` says; places have names once all is opened."""
    published = file = published_file(ceremony)
    if ceremony.state in (_S.VOID, _S.ENDED):
        file = None
    drawn = {row.place.code: row for row in final_places(file)} if file else {}
    filled = [Place(**place) for place in ceremony.places[: len(ceremony.people)]]
    stations = list(dict.fromkeys(place.line or "" for place in filled))
    places = _places(ceremony, filled, stations, drawn)
    now = utc_now().astimezone(zone())
    units = {person["unit"] for person in ceremony.people}
    counts = {
        "who": heads_of(ceremony, len(ceremony.people)),
        "units": len(units),
        "stations": len(stations),
    }
    note = (
        _("%(who)s、%(units)s 个单位、%(stations)s 个工位。电脑随机抽，名单先封存", **counts)
        if ceremony.by_computer
        else _(
            "%(who)s、%(units)s 个单位、%(stations)s 个工位。种子由各方的签合成，谁也不能单独定",
            **counts,
        )
    )
    return {
        "key": f"draw-{ceremony.id}-{(ceremony.head or '')[:12]}",
        "competition": ceremony.event.competition.name,
        "title": module_title(ceremony.event, ceremony.stage, ceremony.module),
        "note": note
        if ceremony.number == 1
        else _("第 %(n)s 次抽：%(note)s", n=ceremony.number, note=note),
        "day": day(now),
        "seconds": now.hour * 3600 + now.minute * 60 + now.second,
        "phase": ceremony.state.value,
        "steps": steps_of(ceremony),
        "hashes": hashes_of(ceremony, published),
        "shares": [_share(ceremony, share) for share in ceremony.shares],
        "boards": [
            *([_units(ceremony, file if drawn else None)] if ceremony.layer in LAYERS else []),
            {
                "stations": stations,
                "turns": _turns(ceremony, filled),
                "places": places,
                "columns": len(stations),
            },
        ],
        "rule": rule_words(ceremony),
        "adjusted": _adjusted(ceremony, places, file),
        "ended": ended_words(ceremony),
        "check_url": _check_url(ceremony),
        "data_url": ceremony_url(ceremony, "hall/data"),
    }


def _share(ceremony: DrawCeremony, share: DrawShare) -> dict[str, Any]:
    closed = share.opened_at is None
    over = (_S.DRAWN, _S.VOID, _S.ENDED)
    return {
        "name": share.name,
        "spare": share.spare,
        "words": hash_phrase(bytes.fromhex(share.seal)),
        "share": _clipped(share.share),
        "time": clock(share.opened_at) if share.opened_at else "",
        "refused": closed and share.refused_at is not None,
        "missed": closed and ceremony.state in (over if share.spare else (*over, _S.FIXED)),
    }


def _clipped(share: str | None) -> str | None:
    """Cut a share to the length that fits beside the others; the file has the whole of it."""
    return f"{share[:_SHARE_SHOWN]}…" if share and len(share) > _SHARE_SHOWN else share


def _turns(ceremony: DrawCeremony, places: list[Place]) -> list[dict[str, Any]]:
    """List a row for each turn; the session stands where it begins."""
    turns: list[dict[str, Any]] = []
    last_order, last_session, number = None, None, 0
    for place in places:
        if place.order == last_order:
            continue
        begins = place.session != last_session
        number = 1 if begins else number + 1
        turns.append(
            {
                "session": place.session or "" if begins else "",
                "time": starts_at(ceremony, place.code) if begins else "",
                "number": number,
            }
        )
        last_order, last_session = place.order, place.session
    return turns


def _places(
    ceremony: DrawCeremony, places: list[Place], stations: list[str], drawn: dict[str, Final]
) -> list[dict[str, Any]]:
    people = people_of(ceremony) if drawn else {}
    orders = {order: row for row, order in enumerate(dict.fromkeys(p.order for p in places), 1)}
    turns = turns_of(places)
    rows = []
    for place in places:
        row = drawn.get(place.code)
        person = people.get(row.code) if row else None
        rows.append(
            {
                "code": place.code,
                "column": stations.index(place.line or "") + 1,
                "row": orders[place.order],
                "station": place.line or place.code,
                "where": turns[place.code],
                "time": starts_at(ceremony, place.code),
                "person": row.code if row else "",
                "name": person.name if person else "",
                "unit": person.unit.name if person else "",
                "moved": bool(row and row.moved),
            }
        )
    return rows


def _units(ceremony: DrawCeremony, drawn: DrawFile | None) -> dict[str, Any]:
    """The numbers of the units; before the draw empty."""
    rows = units_of(ceremony, drawn) if drawn else []
    number = len({person["unit"] for person in ceremony.people})
    columns = max(1, min(_UNIT_COLUMNS, -(-number // _UNIT_ROWS)))
    places = []
    for at in range(number):
        code, name, people = rows[at] if rows else ("", "", 0)
        places.append(
            {
                "code": str(at + 1),
                "column": at % columns + 1,
                "row": at // columns + 1,
                "station": _("第 %(n)s 号", n=at + 1),
                "where": _("单位的号"),
                "time": "",
                "person": code,
                "name": name,
                "unit": heads_of(ceremony, people) if rows else "",
                "moved": False,
            }
        )
    turns = [{"session": "", "time": "", "number": 0}] * -(-number // columns)
    return {"stations": [], "turns": turns, "places": places, "columns": columns}


def _adjusted(ceremony: DrawCeremony, places: list[dict[str, Any]], file: DrawFile | None) -> str:
    """Count the people whom the rule moved, and the places that could not meet it."""
    if file is None or ceremony.layer in LAYERS or not any(place["person"] for place in places):
        return ""
    unmet = {code for draw in file.draws for code in draw.unmet}
    moved = [place["name"] or place["person"] for place in places if place["moved"]]
    text = _("已调 %(who)s", who=heads_of(ceremony, len(moved)))
    if moved:
        named = _("、").join(moved[:_NAMED])
        text += _("：%(names)s 等", names=named) if len(moved) > _NAMED else f"：{named}"
    where = [place for place in places if place["code"] in unmet]
    if not where:
        return _("%(moved)s。没有做不到的", moved=text)
    return _(
        "%(moved)s。没做到的 %(n)s 处：%(places)s",
        moved=text,
        n=len(where),
        places=_("、").join(f"{place['station']} {place['where']}" for place in where[:_NAMED]),
    )
