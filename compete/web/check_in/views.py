"""The clerk's page, the list that its device keeps, and the acts that the device sends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from flask import Blueprint, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.identity.masks import mask_id
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.models import CheckIn, Competition, Entrant, Member, utc_now
from compete.services.backups.generations import generation_now, standing
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_title, stage_apart
from compete.services.kernel.slot_order import slot_order
from compete.services.kernel.untrusted_json import read_json
from compete.services.registration.badges import badge_hashes_of_withdrawn, void_badge_hashes
from compete.services.registration.portraits import find_same_photo, marks_of_people
from compete.services.schedule.arrivals import Arrival, act_time, arrivals_of
from compete.services.schedule.check_in_acts import CheckInIn, checked_in_since, take_check_ins
from compete.web import guard
from compete.web.assets.packed import packed_data, packed_page
from compete.web.errors import answer
from compete.web.headers import with_camera
from compete.web.kept_acts import in_order
from compete.web.language import say
from compete.web.portraits import send_portrait_of
from compete.web.script_translations import script_words
from compete.web.templating import day
from compete.web.words import absence_word, station_of

BADGE_DIGITS = 32
"""Digits of a badge's hash on the device: enough to know it by, and nothing to open it with."""

Told = dict[str, Any]
"""A part of the list as the device keeps it."""


def changes_since(competition: Competition, known: str) -> Told | None:
    """Return the changes since that version; None if the device needs the whole list.

    Twelve seconds after each check-in every device asks: what stays the same is not sent again.
    """
    generation, _dash, text = known.rpartition("-")
    seq = whole_number(text)
    if generation != str(generation_now()) or seq is None:
        return None
    version = _version_now(competition)
    changed = checked_in_since(competition, seq)
    if changed is None:
        return None
    return {
        "now": utc_now().isoformat(),
        "version": version,
        "changed": _people(competition, changed) if changed else [],
    }


def _version_now(competition: Competition) -> str:
    """The version of the list as it stands now."""
    return f"{generation_now()}-{audit.count(competition)}"


def _list_data(competition: Competition) -> Told:
    """Return the list as it stands now.

    Its `version` is another one as soon as anything is recorded of the competition; `replaced` are
    hashes of badges that were replaced, as `badge`, and `left` of those of who withdrew.
    """
    return {
        "now": utc_now().isoformat(),
        "version": _version_now(competition),
        "items": list(settings_of(competition).check_in_items),
        "replaced": [digest[:BADGE_DIGITS] for digest in void_badge_hashes(competition)],
        "left": [digest[:BADGE_DIGITS] for digest in badge_hashes_of_withdrawn(competition)],
        "people": _people(competition),
    }


def _people(competition: Competition, only: Collection[int] | None = None) -> list[Told]:
    photos = marks_of_people(competition)
    return [
        _person(arrival, photos)
        for arrival in arrivals_of(competition, with_papers=True, only=only)
    ]


def _person(arrival: Arrival, photos: Mapping[tuple[str, int], str]) -> Told:
    """Tell of an entrant on one occasion: `key` is Pinyin, `outcome` such as 缺考.

    `absent` where they were decided absent, whatever was recorded; `room` is where they sit, empty
    where stations are no rooms.
    """
    entrant, occasion = arrival.entrant, arrival.occasion
    day = occasion.day.isoformat() if occasion.day else None
    parts = (entrant.code, occasion.stage, occasion.session, occasion.module, day)
    people: Sequence[Entrant | Member] = entrant.members or [entrant]
    slots = [
        slot
        for slot in sorted(entrant.slots, key=slot_order)
        if (slot.stage, slot.session) == (occasion.stage, occasion.session)
        and slot.module in occasion.modules
    ]
    seated = next((slot for slot in slots if slot.room_id is not None), None)
    acts = [*arrival.passes, *arrival.came, *([arrival.stopped] if arrival.stopped else [])]
    return {
        "id": "|".join(part or "" for part in parts),
        "entrant": entrant.code,
        "name": entrant.name,
        "key": entrant.name_key,
        "unit": entrant.unit.name,
        "event": entrant.event.name,
        "crew": bool(entrant.members),
        "papers": [_paper(person, entrant, photos) for person in people],
        "badge": entrant.badge_hash[:BADGE_DIGITS],
        "stage": occasion.stage,
        "session": occasion.session,
        "module": occasion.module,
        "day": day,
        "begins": _instant(occasion.begins),
        "title": _title(arrival),
        "station": " · ".join(dict.fromkeys(filter(None, map(station_of, slots)))),
        "room": (seated.station or "") if seated else "",
        "seat": seated.seat if seated else None,
        "opens": _instant(occasion.opens_at),
        "closes": _instant(arrival.closes_at),
        "starts": _instant(occasion.starts_at),
        "outcome": absence_word(arrival.outcome, waived=arrival.waived)
        if arrival.outcome
        else None,
        "absent": arrival.outcome == "dns",
        "acts": [_act(act) for act in acts],
    }


def _title(arrival: Arrival) -> str:
    """The session, with its module where two have its name; or the module; or the stage."""
    event, occasion = arrival.entrant.event, arrival.occasion
    if not occasion.module:
        return occasion.session or stage_apart(event, occasion.stage)
    module = module_title(event, occasion.stage, occasion.module)
    return f"{occasion.session} {module}" if occasion.session else module


def _paper(
    person: Entrant | Member, entrant: Entrant, photos: Mapping[tuple[str, int], str]
) -> Told:
    """Tell of one person's paper: of a crew there are several.

    `badge` is the hash of the own badge, of one of a crew; `number` is masked, `tail` its last four
    characters, to be found by; `photo` is its address: another photo has another.
    """
    number = person.id_number
    kind = "member" if isinstance(person, Member) else "entrant"
    mark = photos.get((kind, person.id))
    own = person.badge_hash if isinstance(person, Member) else None
    return {
        "name": person.name,
        "code": person.code,
        "badge": own[:BADGE_DIGITS] if own else None,
        "number": mask_id(number) if number else None,
        "tail": number[-4:].upper() if number else None,
        "photo": url_for(
            "check_in.photo",
            code=entrant.competition.code,
            kind=kind,
            number=person.id,
            mark=mark,
        )
        if mark
        else None,
    }


def _act(act: CheckIn) -> Told:
    """Tell of a record that stands; `seen` are numbers of a crew, none if compared as one."""
    return {
        "uuid": act.uuid,
        "kind": act.kind.value,
        "at": act_time(act).isoformat(),
        "by": act.account.name,
        "note": act.note,
        "seen": act.seen or [],
    }


def _instant(at: datetime | None) -> str | None:
    """Return a time by the competition's clocks, which a device shows in whatever zone."""
    return local_time(at).isoformat() if at else None


face = Blueprint("check_in", __name__)


class Batch(msgspec.Struct):
    """The body of a call."""

    acts: list[CheckInIn]


@face.get("/check-in/<code>/")
@guard.may(Right.CHECK_IN)
def page(competition: Competition) -> ResponseReturnValue:
    """Find somebody, compare, tick, let in."""
    html = render_template(
        "check_in/check_in.html",
        data=_list_data(competition),
        words=script_words("check_in", "judge", "keeping", "shared"),
        competition=competition.name,
        code=competition.code,
        place=settings_of(competition).place or competition.venue,
        today=day(local_today()),
        judge_id=_mark(competition),
    )
    return with_camera(packed_page(html))


@face.get("/api/check-in/<code>/list")
@guard.may(Right.CHECK_IN)
def people(competition: Competition) -> ResponseReturnValue:
    """Send the list as it stands; or the records since, if the device has one."""
    _same_person(competition)
    known = request.args.get("known", "")
    news = changes_since(competition, known) or _list_data(competition)
    return packed_data({**news, **standing(competition.id)})


@face.get("/api/check-in/<code>/photos/<kind>/<int:number>/<mark>.jpg")
@guard.may(Right.CHECK_IN)
def photo(competition: Competition, kind: str, number: int, mark: str) -> ResponseReturnValue:
    """Send a photo that the list names, as long as it is the one it names."""
    _same_person(competition)
    return send_portrait_of(find_same_photo(competition, kind, number, mark))


@face.post("/api/check-in/<code>/acts")
@guard.may(Right.CHECK_IN)
def acts(competition: Competition) -> ResponseReturnValue:
    """Take acts in: those stored before count as stored; each refusal has its reason."""
    _same_person(competition)
    batch = read_json(request.get_data(), Batch)
    if batch is None:
        return answer(400, _("这次上传读不懂，检录还在本机"))
    taken = take_check_ins(competition, in_order(batch.acts), current_user)
    return jsonify(
        {
            "held": taken.stored,
            "refused": [{"uuid": uuid, "reason": say(why)} for uuid, why in taken.refused],
            "now": utc_now().isoformat(),
            **standing(competition.id),
        }
    )


def _mark(competition: Competition) -> str:
    """Return a mark that tells devices' users apart: nobody's acts are sent in another's name."""
    return f"k{competition.id}.{current_user.id}"


def _same_person(competition: Competition) -> None:
    """Refuse to answer a page made for another person."""
    if request.headers.get("X-Judge") not in (None, _mark(competition)):
        abort(403)
