"""A draw held at the desk: who may do which step when, its refusals, and what is written.

By the computer (电脑随机抽) the server keeps every share, and one press draws. Its file is like
every other: the seals go out with the list before anything is drawn, and the shares with the
result. That the server chose before it knew the list rests on the server alone.

By a party's own link its phone hands in the seal, and when the time has come opens the share.
Only the seal travels before the head is published. A link stands for one seal: it is signed, has
an end, and dies where that seal was taken out again. What does not fit the seal is not taken as
an opening, so that nobody who saw the link can spoil one.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict, TypeVar, Unpack

from sqlalchemy import select

from compete.domain.ceremonies import holding
from compete.domain.ceremonies.hashing import head
from compete.domain.ceremonies.holding import OpeningError, open_share, seal_share
from compete.domain.ceremonies.problems import DrawFileError
from compete.domain.ceremonies.types import DrawFile
from compete.domain.values.base64url import base64url, from_base64url
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import CEREMONY_MOVES, CeremonyState, move
from compete.models import (
    Account,
    AuditEntry,
    Competition,
    DrawCeremony,
    DrawShare,
    Event,
    db,
    utc_now,
)
from compete.models.types import keyed_hash
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.link_lives import DRAW_PARTY
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.public_reasons import check_nobody_named
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.kernel.versions import remembered
from compete.services.log.sequencing import then_logged
from compete.services.schedule.double_bookings import (
    Parted,
    ReasonWantedError,
    part_places,
    refuse_met,
    refuse_sealed_besides,
    why_doubled,
)
from compete.services.schedule.draw_lists import (
    LAYERS,
    STATION,
    PlaceList,
    check_people,
    file_of,
    file_text,
    has_sheets,
    nfc,
    people_to_draw,
    plain_name,
    why_over_paper,
)
from compete.services.schedule.slots import (
    GivenPlace,
    Placing,
    place_all,
    places_given,
    placing,
)
from compete.services.schedule.stage_undo import begun_stage

T = TypeVar("T")

LEAST_PARTIES = 2
_SEAL_DIGITS = 64
LONGEST_SHARE = 10_000
DRAWS_OVER = (CeremonyState.VOID, CeremonyState.ENDED)
"""Without places that stand."""
DRAWS_DONE = (CeremonyState.DRAWN, *DRAWS_OVER)
"""Over one way or another."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The result of an opening: it counts, or `why` it counts as none."""

    name: str
    why: Message | None


def ceremonies_of(competition: Competition) -> Sequence[DrawCeremony]:
    """The competition's ceremonies, the newest first."""
    query = select(DrawCeremony).where(DrawCeremony.competition_id == competition.id)
    return db.session.scalars(query.order_by(DrawCeremony.id.desc())).all()


def published_draws(most: int) -> Sequence[DrawCeremony]:
    """The newest draws of all competitions that are over one way or another."""
    query = select(DrawCeremony).where(DrawCeremony.state.in_(DRAWS_DONE))
    return db.session.scalars(query.order_by(DrawCeremony.id.desc()).limit(most)).all()


def latest_ceremony(event: Event, stage: str, module: str) -> DrawCeremony | None:
    """The last ceremony for that module, or None."""
    return db.session.scalar(
        select(DrawCeremony)
        .where(of_event(DrawCeremony, event, stage, module))
        .order_by(DrawCeremony.number.desc())
        .limit(1)
    )


class AskedDraw(TypedDict):
    """The draw that is asked for; `layer` is `STATION` where it is not said, `why` may be empty."""

    name: str
    places: PlaceList
    rule: Mapping[str, Any]
    layer: NotRequired[str]
    why: NotRequired[str]


def prepare_draw(
    event: Event, stage: str, module: str, *, by: Account, **asked: Unpack[AskedDraw]
) -> DrawCeremony:
    """A ceremony with its list and places; nothing is published yet.

    `layer` is `STATION`, or one of `LAYERS`: then units are drawn first and the people of each
    after them, and there is no rule. Raises `Refused` for a module that has been drawn, here or
    on paper that a supervisor signed, or whose judges have sheets; `ReasonWantedError` without the
    reason `why` where somebody will be in two places at one time whatever is drawn.
    """
    places, rule, layer = asked["places"], asked["rule"], asked.get("layer", STATION)
    if layer not in (STATION, *LAYERS):
        raise invalid(msg("没有这种抽法"))
    if layer in LAYERS and rule:
        raise invalid(msg("先抽单位的抽签不带规则"))
    name = plain_name(asked["name"], msg("请写抽签的名称"))
    with unit_of_work() as session:
        competition = for_update(event.competition)
        refuse_if(why_no_draw(event, stage, module) or why_over_paper(event, stage, module))
        why = reason_text(asked.get("why", ""))
        last = latest_ceremony(event, stage, module)
        people = people_to_draw(event, stage, module)
        check_people(people, places.places)
        refuse_sealed_besides(event, stage, module, places)
        parted, doubled = _parting(event, stage, module, places, layer)
        if doubled and not why:
            raise ReasonWantedError(doubled)
        ceremony = DrawCeremony(
            competition_id=competition.id,
            event_id=event.id,
            stage=stage,
            module=module,
            layer=layer,
            name=name,
            number=last.number + 1 if last else 1,
            before=_before(last),
            people=people,
            places=parted.places,
            times=places.times,
            rule=_whole_rule(rule, parted, despite=bool(why)),
            made_by=by.id,
        )
        session.add(ceremony)
        session.flush()
        _record(ceremony, by, "draw.prepare", {"people": len(people)}, why)
    return ceremony


def _parting(
    event: Event, stage: str, module: str, places: PlaceList, layer: str
) -> tuple[Parted, Message | None]:
    """Part the places, and say who would be in two at one time; remembered for the version."""

    def part() -> tuple[Parted, Message | None]:
        people = people_to_draw(event, stage, module)
        check_people(people, places.places)
        parted = part_places(event, stage, module, people, places, as_one=layer in LAYERS)
        return parted, why_doubled(event, parted)

    laid = json.dumps([places.places, places.times], sort_keys=True)
    key = ("draw", "parting", event.id, stage, module, layer in LAYERS, laid)
    return remembered(event.competition, key, part)


def _whole_rule(rule: Mapping[str, Any], parted: Parted, *, despite: bool) -> dict[str, Any] | None:
    """The file's rule, who is drawn apart, and whether two places at one time were agreed to."""
    whole = {key: value for key, value in rule.items() if key not in ("groups", "despite")}
    if parted.groups:
        whole["groups"] = parted.groups
    if parted.doubled and despite:
        whole["despite"] = True
    return whole or None


def _before(last: DrawCeremony | None) -> dict[str, str] | None:
    """A further ceremony's words on the one before. Raises `Refused` while that stands."""
    if last is None:
        return None
    if last.state not in DRAWS_OVER or last.head is None:
        raise Refused(msg("上一次抽签还没作废，也没写明理由结束，不能再办一次"))
    names = [person.name for person in (last.ender, last.agreer) if person]
    by = msg("%(names)s", names=listed(names)).render()
    return {"head": last.head, "reason": last.ended_why or "", "by": by}


def why_no_draw(event: Event, stage: str, module: str) -> Message | None:
    """Say why the module cannot be drawn any more, nor a draw of it be ended; None where it can."""
    if not has_sheets(event, stage, module):
        return None
    title = module_title(event, stage, module)
    # The first stage is no later one that could be taken back.
    begun = begun_stage(event) if stage != rules_of(event).stages[0].code else None
    if begun is not None and begun.code == stage and begun.why_not is None:
        return msg(
            "“%(module)s”的评分表已经按工位发给裁判了，不能再抽；还没有分，先在评分进度页撤回开始",
            module=title,
        )
    return msg("“%(module)s”的评分表已经按工位发给裁判了，不能再抽", module=title)


def add_seal(
    ceremony: DrawCeremony,
    name: str,
    seal: str,
    *,
    spare: bool,
    by: Account,
    own: bool = False,
    kept: str | None = None,
) -> None:
    """Take in the seal of a party, or of the keeper of the spare.

    `own`: off its phone's link; `kept`: the opening, where the server made the seal.
    """
    name, seal = plain_name(name, msg("请写出签方的名字")), "".join(seal.split()).lower()
    if len(seal) != _SEAL_DIGITS or not set(seal) <= set("0123456789abcdef"):
        raise invalid(msg("封签是 64 位，只有数字和 a 到 f，这里是 %(n)s 位", n=len(seal)))
    with unit_of_work() as session:
        for_update(ceremony.event.competition)
        session.refresh(ceremony)
        _refuse_seal(ceremony, name, spare=spare)
        if twin := next((share for share in ceremony.shares if share.seal == seal), None):
            raise Refused(msg("这个封签是“%(name)s”交过的，各方自己做自己的", name=twin.name))
        session.add(
            DrawShare(
                competition_id=ceremony.competition_id,
                ceremony_id=ceremony.id,
                name=name,
                spare=spare,
                seal=seal,
                kept=kept,
            )
        )
        session.flush()
        content = {"name": name, "seal": seal, "spare": spare} | ({"own": True} if own else {})
        _record(ceremony, by, "draw.seal", content)


def _refuse_seal(ceremony: DrawCeremony, name: str, *, spare: bool) -> None:
    """Raise `Refused` where no seal of this name can be handed in."""
    if ceremony.state is not CeremonyState.PREPARING:
        raise Refused(msg("封存值已经公布，不能再交封签：这一次没有“%(name)s”的签", name=name))
    if any(share.name == name for share in ceremony.shares):
        raise Refused(msg("“%(name)s”已经交过封签；要换，先拿掉原来那一个", name=name))
    if spare and any(share.spare for share in ceremony.shares):
        raise Refused(msg("备签只有一个，已经有了"))


def remove_seal(ceremony: DrawCeremony, name: str, by: Account) -> None:
    """Take a seal out again, before the head is published."""
    with unit_of_work() as session:
        ceremony = _claimed(ceremony, CeremonyState.PREPARING)
        share = _share(ceremony, name)
        session.delete(share)
        session.flush()
        _record(ceremony, by, "draw.unseal", {"name": name, "seal": share.seal})


def discard_draw(ceremony: DrawCeremony, by: Account) -> None:
    """Throw a ceremony away of which nothing was published."""
    with unit_of_work() as session:
        ceremony = _claimed(ceremony, CeremonyState.PREPARING)
        _record(ceremony, by, "draw.discard", {"people": len(ceremony.people)})
        for share in list(ceremony.shares):
            session.delete(share)
        session.flush()
        session.delete(ceremony)


def retake_list(ceremony: DrawCeremony, by: Account) -> None:
    """Take the list of people anew, before it is published."""
    with unit_of_work():
        ceremony = _claimed(ceremony, CeremonyState.PREPARING)
        people = people_to_draw(ceremony.event, ceremony.stage, ceremony.module)
        check_people(people, ceremony.places)
        order = {code: number for number, code in enumerate(ceremony.times)}
        places = sorted(ceremony.places, key=lambda place: order.get(place["code"], 0))
        parted = part_places(
            ceremony.event,
            ceremony.stage,
            ceremony.module,
            people,
            PlaceList(places, ceremony.times),
            as_one=ceremony.layer in LAYERS,
        )
        rule = ceremony.rule or {}
        if not rule.get("despite") and (why := why_doubled(ceremony.event, parted)):
            raise Refused(msg("%(why)s：丢掉这次准备，重新来", why=why))
        ceremony.people, ceremony.places = people, parted.places
        ceremony.rule = _whole_rule(rule, parted, despite=bool(rule.get("despite")))
        _record(ceremony, by, "draw.list", {"people": len(people)})


def list_is_old(ceremony: DrawCeremony) -> bool:
    """True if a ceremony that is prepared has another list than the entrants of now."""
    return ceremony.state is CeremonyState.PREPARING and ceremony.people != people_to_draw(
        ceremony.event, ceremony.stage, ceremony.module
    )


@then_logged
def publish_head(ceremony: DrawCeremony, by: Account) -> None:
    """Fix list, places, rule and seals: nothing of it changes from now on."""
    _work_out(ceremony)
    with unit_of_work():
        ceremony = _claimed(ceremony, CeremonyState.PREPARING)
        place = ceremony.event, ceremony.stage, ceremony.module
        refuse_if(why_no_draw(*place) or why_over_paper(*place))
        if list_is_old(ceremony):
            raise Refused(msg("名单变了，重新取一次名单再公布"))
        parties = sum(not share.spare for share in ceremony.shares)
        if parties < LEAST_PARTIES or parties == len(ceremony.shares):
            raise Refused(msg("要两方以上的封签，再加一个备签"))
        refuse_met(ceremony)
        # What is remembered is good until something is written.
        file, digest = _file(ceremony), _head(ceremony)
        ceremony.state = move(ceremony.state, CeremonyState.OPENING, CEREMONY_MOVES)
        ceremony.head, ceremony.head_at = digest, utc_now()
        ceremony.file = file_text(file)
        _record(ceremony, by, "draw.head", {"head": ceremony.head})


@then_logged
def open_party(ceremony: DrawCeremony, name: str, share: str, key: str, by: Account) -> Opened:
    """An opening, of a party before the openings are fixed or of the spare after.

    One that does not give its seal counts as none; it is on record, and may be mended
    while there is time. The spare's gives the outcome, which is written to the slots.
    """
    key = "".join(key.split()).lower()
    _work_out(ceremony, name, share, key)
    with unit_of_work():
        late = msg("抽签已经走到下一步，不能再拆签")
        ceremony = _claimed(ceremony, CeremonyState.OPENING, CeremonyState.FIXED, late=late)
        row = _share(ceremony, name)
        if row.spare is not (ceremony.state is CeremonyState.FIXED):
            raise Refused(
                msg("先公布拆签值，再拆备签")
                if row.spare
                else msg("拆签值已经公布，不能再拆：“%(name)s”算没拆", name=name)
            )
        if row.opened_at is not None:
            raise Refused(msg("“%(name)s”的签已经拆了", name=name))
        try:
            if len(share) > LONGEST_SHARE:
                raise holding.OpeningError(
                    msg("签最长 %(most)s 个字，这里是 %(n)s 个", most=LONGEST_SHARE, n=len(share))
                )
            opened = holding.open_share(_file(ceremony), name, share, key)
        except holding.OpeningError as error:
            row.refused_at, row.refused_why = utc_now(), "seal"
            after = {"name": name, "why": str(error.message)}
            _record(ceremony, by, "draw.opening_refused", after)
            return Opened(name, error.message)
        # What is remembered is good until something is written.
        places = _placing(ceremony, opened) if row.spare else None
        row.share, row.key, row.opened_at = share, key, utc_now()
        _record(ceremony, by, "draw.opening", {"name": name, "share": share, "key": key})
        if places is not None:
            _finish(ceremony, places, by)
    return Opened(name, None)


@then_logged
def fix_openings(ceremony: DrawCeremony, by: Account) -> None:
    """The parties' time is over: who opened, and what, is published. Void where nobody did."""
    _work_out(ceremony)
    with unit_of_work():
        ceremony = _claimed(ceremony, CeremonyState.OPENING)
        if ceremony.by_computer and not all(it.spare or it.opened_at for it in ceremony.shares):
            raise Refused(msg("电脑随机抽的，按“现在抽”"))
        refuse_met(ceremony)
        file, openings = _file(ceremony), _openings(ceremony)
        ceremony.openings, ceremony.openings_at = openings, utc_now()
        ceremony.file = file_text(file)
        _record(ceremony, by, "draw.openings", {"openings": ceremony.openings})
        if any(party.opened for party in file.parties):
            ceremony.state = move(ceremony.state, CeremonyState.FIXED, CEREMONY_MOVES)
        else:
            _void(ceremony, msg("没有一方拆签").render(), by)


def void_draw(ceremony: DrawCeremony, why: str, by: Account) -> None:
    """The spare is not opened: the ceremony is void, and nothing is drawn. The reason is public."""
    why = reason_text(nfc(why), msg("请写理由"))
    check_nobody_named(ceremony.event.competition, why)
    with unit_of_work():
        ceremony = _claimed(ceremony, CeremonyState.FIXED)
        if ceremony.by_computer:
            raise Refused(msg("电脑随机抽的，按“现在抽”"))
        _void(ceremony, why, by)


def _void(ceremony: DrawCeremony, why: str, by: Account) -> None:
    ceremony.state = move(ceremony.state, CeremonyState.VOID, CEREMONY_MOVES)
    ceremony.ended_at, ceremony.ended_by, ceremony.ended_why = utc_now(), by.id, why
    ceremony.file = file_text(holding.draw(_file(ceremony)))
    _record(ceremony, by, "draw.void", {"head": ceremony.head}, why, bends=True)


def _placing(ceremony: DrawCeremony, opened: DrawFile) -> Placing:
    """What gives everybody their place by a file whose last share is opened."""

    def make() -> Placing:
        given = places_given(ceremony, holding.draw(holding.checked(opened)))
        return placing(ceremony.event, ceremony.stage, ceremony.module, given)

    return _remembered(ceremony, "placing", make)


def _finish(ceremony: DrawCeremony, places: Placing, by: Account) -> None:
    """Draw, keep the file, and give everybody their place."""
    file = holding.draw(_file(ceremony))
    ceremony.state = move(ceremony.state, CeremonyState.DRAWN, CEREMONY_MOVES)
    ceremony.drawn_at = utc_now()
    ceremony.file = file_text(file)
    place_all(ceremony.event, ceremony.stage, ceremony.module, places)
    _record(
        ceremony,
        by,
        "draw.result",
        {"head": ceremony.head, "openings": ceremony.openings, "places": places.people},
    )


def _claimed(
    ceremony: DrawCeremony, *states: CeremonyState, late: Message | None = None
) -> DrawCeremony:
    """The ceremony as it stands now, claimed. Raises `Refused` in other states, with `late`."""
    for_update(ceremony.event.competition)
    db.session.refresh(ceremony)
    if ceremony.state not in states:
        raise Refused(late or msg("抽签已经走到下一步了，刷新看看"))
    return ceremony


def _share(ceremony: DrawCeremony, name: str) -> DrawShare:
    row = next((share for share in ceremony.shares if share.name == name), None)
    if row is None:
        raise Refused(msg("没有“%(name)s”封的签", name=name), kind=Refusal.UNKNOWN)
    return row


def _work_out(ceremony: DrawCeremony, name: str = "", share: str = "", key: str = "") -> None:
    """Work out before the lock is taken what is asked for under it: of thousands it takes long.

    That is who may be seated, the file, and with the opening of the spare the places. What is
    wrong with any of it is said under the lock.
    """
    list_is_old(ceremony)
    with suppress(Refused, DrawFileError, holding.OpeningError):
        file = _file(ceremony)
        if ceremony.state is CeremonyState.PREPARING:
            _head(ceremony)
        elif ceremony.state is CeremonyState.OPENING and not name:
            _openings(ceremony)
        if name and len(share) <= LONGEST_SHARE:
            opened = holding.open_share(file, name, share, key)
            if opened.spare.opened:
                _placing(ceremony, opened)


def _remembered(ceremony: DrawCeremony, what: str, make: Callable[[], T]) -> T:
    return remembered(ceremony.event.competition, ("draw", what, ceremony.id), make)


def _head(ceremony: DrawCeremony) -> str:
    return _remembered(ceremony, "head", lambda: head(_file(ceremony)))


def _openings(ceremony: DrawCeremony) -> str:
    return _remembered(ceremony, "openings", lambda: holding.fix_openings(_file(ceremony)))


def _file(ceremony: DrawCeremony) -> DrawFile:
    try:
        return _remembered(ceremony, "file", lambda: file_of(ceremony))
    except DrawFileError as error:
        problem = error.problems[0]
        raise Refused(
            msg("抽签文件写不成：%(place)s：%(what)s", place=problem.path, what=problem.message)
        ) from None


def _record(
    ceremony: DrawCeremony,
    by: Account,
    action: str,
    after: Mapping[str, Any],
    why: str = "",
    *,
    bends: bool = False,
) -> None:
    event = ceremony.event
    audit.record(
        event.competition,
        by,
        action,
        f"{event.code}/{ceremony.stage}/{ceremony.module}",
        after={"number": ceremony.number, **after},
        reason=why or None,
        bends=bends,
    )


_RANDOM = 16
"""Bytes of a key, and of a share."""


def seal_list(
    event: Event, stage: str, module: str, *, by: Account, **asked: Unpack[AskedDraw]
) -> DrawCeremony:
    """Seal the list (封存名单): list, places, rule and server's seals are out, nothing is drawn.

    Raises `Refused` as `prepare_draw` does.
    """
    # Who may be seated where is remembered for the version: of thousands it takes long to work out.
    _parting(event, stage, module, asked["places"], asked.get("layer", STATION))
    with changing(event.competition):
        last = latest_ceremony(event, stage, module)
        if last is not None and last.state is CeremonyState.PREPARING and last.by_computer:
            discard_draw(last, by)
        ceremony = prepare_draw(event, stage, module, by=by, **asked)
        for party, spare in ((msg("电脑一"), 0), (msg("电脑二"), 0), (msg("电脑备签"), 1)):
            own = seal_share(
                ceremony.name,
                ceremony.number,
                party.render(),
                secrets.token_hex(_RANDOM),
                secrets.token_bytes(_RANDOM),
            )
            kept = f"{own.key}\n{own.share}"
            add_seal(ceremony, own.name, own.seal, spare=bool(spare), by=by, kept=kept)
            db.session.refresh(ceremony)
    publish_head(ceremony, by)
    return ceremony


InParts = Callable[[DrawCeremony, Sequence[GivenPlace]], None]
"""Puts people at the places of a ceremony before its last share is opened, in many writes."""


def draw_now(ceremony: DrawCeremony, by: Account, in_parts: InParts | None = None) -> None:
    """Draw now (现在抽): the server opens its shares in their order, and everybody has a place.

    Each step is stored and logged before the next; what broke off is gone on with. With
    `in_parts` the places of thousands are written before the last step, which then finds them
    there. Raises `Refused` for a ceremony of parties, and once it is drawn.
    """
    db.session.refresh(ceremony)
    if not ceremony.by_computer:
        raise Refused(msg("这一次是当众封签的，由各方拆签"))
    if ceremony.waits_to_end:
        raise Refused(msg("已经提了作废，等另一个人同意"))
    if ceremony.state not in (CeremonyState.OPENING, CeremonyState.FIXED):
        raise Refused(msg("抽签已经走到下一步了，刷新看看"))
    if ceremony.state is CeremonyState.OPENING:
        refuse_met(ceremony)
    for share in list(ceremony.shares):
        if not share.spare and share.opened_at is None:
            _open(ceremony, share, by)
    if ceremony.state is CeremonyState.OPENING:
        fix_openings(ceremony, by)
    spare = next(share for share in ceremony.shares if share.spare)
    if in_parts is not None:
        key, _line, text = (spare.kept or "").partition("\n")
        opened = holding.checked(holding.open_share(_file(ceremony), spare.name, text, key))
        in_parts(ceremony, places_given(ceremony, holding.draw(opened)))
    _open(ceremony, spare, by)


def _open(ceremony: DrawCeremony, share: DrawShare, by: Account) -> None:
    key, _line, text = (share.kept or "").partition("\n")
    opened = open_party(ceremony, share.name, text, key, by)
    refuse_if(opened.why)


_MAC = 32
_MOST = 2000


@dataclass(frozen=True, slots=True)
class PartyLink:
    """The link of a party in a ceremony; `by` made it."""

    ceremony: DrawCeremony
    name: str
    spare: bool
    by: Account

    @property
    def share(self) -> DrawShare | None:
        """The share that was handed in under that name, or None."""
        return next((row for row in self.ceremony.shares if row.name == self.name), None)


def make_party_link(ceremony: DrawCeremony, name: str, *, spare: bool, by: Account) -> str:
    """The text of a link for a party that has not sealed yet, or for the keeper of the spare.

    Raises `Refused` as `add_seal` does for the name, and once the head is published.
    """
    name = plain_name(name, msg("请写出签方的名字"))
    _refuse_seal(ceremony, name, spare=spare)
    whose = base64url(name.encode())
    made = int(utc_now().timestamp())
    body = f"{ceremony.id}.{int(spare)}.{made}.{by.id}.{whose}"
    return f"{body}.{_mac(body)}"


def open_party_link(text: str) -> PartyLink:
    """The link of that text. Raises `Refused` (UNKNOWN) for none, or one that is over."""
    unknown = Refused(msg("这个链接不能用了，请组委会再给一个"), kind=Refusal.UNKNOWN)
    body, _dot, mac = text[:_MOST].rpartition(".")
    if not body or not hmac.compare_digest(mac.encode(), _mac(body).encode()):
        raise unknown
    number, spare, made, by, whose = body.split(".")
    ceremony = db.session.get(DrawCeremony, int(number))
    account = db.session.get(Account, int(by))
    age = utc_now().timestamp() - int(made)
    if ceremony is None or account is None or age > DRAW_PARTY.total_seconds():
        raise unknown
    name = (from_base64url(whose) or b"").decode()
    if _taken_out_since(ceremony, name, int(made)):
        raise unknown
    return PartyLink(ceremony, name, spare == "1", account)


def seal_by_link(link: PartyLink, seal: str) -> None:
    """Hand in the seal. Raises `Refused` as `add_seal` does; the same one again is no fault."""
    share = link.share
    if share is not None and share.seal == seal:
        return
    add_seal(link.ceremony, link.name, seal, spare=link.spare, by=link.by, own=True)


def open_by_link(link: PartyLink, share: str, key: str) -> None:
    """Open the share. Raises `Refused` before its time, after it, and for what does not fit.

    What does not fit leaves no record: it need not come from the party.
    """
    row = link.share
    if row is None:
        raise Refused(msg("没有“%(name)s”封的签", name=link.name), kind=Refusal.UNKNOWN)
    wanted = CeremonyState.FIXED if row.spare else CeremonyState.OPENING
    if link.ceremony.state is wanted and row.opened_at is None:
        if len(share) > LONGEST_SHARE:
            raise invalid(msg("这个签和封签对不上"))
        try:
            open_share(file_of(link.ceremony), link.name, share, key)
        except OpeningError:
            raise invalid(msg("这个签和封签对不上")) from None
    open_party(link.ceremony, link.name, share, key, link.by)


def _taken_out_since(ceremony: DrawCeremony, name: str, made: int) -> bool:
    """True if a seal of that name was taken out after the link was made."""
    rows = db.session.scalars(
        select(AuditEntry).where(
            AuditEntry.competition_id == ceremony.competition_id,
            AuditEntry.action == "draw.unseal",
        )
    )
    return any(
        isinstance(row.after, dict)
        and row.after.get("name") == name
        and row.after.get("number") == ceremony.number
        and row.at.timestamp() >= made
        for row in rows
    )


def _mac(body: str) -> str:
    return keyed_hash(f"draw-party\n{body}")[:_MAC]
