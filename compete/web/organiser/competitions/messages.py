"""Messages of one competition: which kinds, in which words and when; what became of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.identity.masks import mask_phone
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.domain.values.states import DeliveryState
from compete.models import Competition, Delivery
from compete.services.kernel.clock import moment_words
from compete.services.kernel.refusal import Refused, invalid
from compete.services.messages.preview import preview
from compete.services.outbox.channels import CHANNEL_WORDS, ROBOTS, Channel, channels_here
from compete.services.outbox.deliveries import WHY_WORDS
from compete.services.outbox.kinds import FIELDS, KINDS, TO_WORDS, To, kinds_for, sms_count
from compete.services.outbox.message_acts import (
    add_group,
    correct_address,
    go_on_with_messages,
    remove_group,
    send_message_again,
    set_quiet,
    set_words,
    stop_messages,
    switch,
    try_words,
)
from compete.services.outbox.messages import (
    count_held_back,
    groups_of,
    is_on,
    is_stopped,
    messages_of,
    plan_of,
    sizes_by_kind,
    sizes_of,
    title_of,
    words_of,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.refusals import problem_of, refusal_on

_SHOWN = 20
FILTERS: Mapping[DeliveryState, Message] = {
    DeliveryState.FAILED: msg("没送到"),
    DeliveryState.WAITING: msg("等着"),
    DeliveryState.HELD: msg("停下"),
    DeliveryState.SENT: msg("送到"),
}
_HELD: Mapping[str, Message] = {
    "stopped": msg("停下，都先停了"),
    "restored": msg("停下，从备份恢复的"),
    "done": msg("停下，事已经办完"),
    "off": msg("停下，对方不再收"),
}


class KindRow(NamedTuple):
    """A kind of messages in the list: to whom, how many so far, whether it is on."""

    key: str
    name: str
    to: str
    how_many: int
    is_on: bool


class Line(NamedTuple):
    """A message in the outbox: whose, by which channel, what became of it."""

    row: Delivery
    what: str
    channel: str
    address: str
    state: str
    chip: str
    dead: bool


def _page(competition: Competition, refused: Refused | None = None, **_more: object) -> str:
    plan = plan_of(competition)
    kinds = kinds_for(labour=competition_kind(competition).has_periods)
    asked = (request.view_args or {}).get("kind", request.values.get("kind", ""))
    chosen = asked if asked in kinds else next(iter(kinds))
    counts, sizes = sizes_by_kind(competition), sizes_of(competition)
    groups, here = groups_of(competition), channels_here()
    wanted = request.args.get("state", "")
    state = next((it for it in FILTERS if it == wanted), None)
    of_group = request.values.get("by") == "group" and To.GROUP in kinds[chosen].to
    by_sms = not of_group and To.PERSON in kinds[chosen].to
    sample = preview(competition, chosen, group=of_group, sms=by_sms)
    rows = messages_of(competition, state, _SHOWN)
    words = words_of(plan, chosen, group=of_group)
    typed = request.form.get("words") if refused else None
    return render_template(
        "organiser/competitions/messages.html",
        kinds=[
            KindRow(
                key=key,
                name=say(kind.name),
                to=_("、").join(say(TO_WORDS[it]) for it in kind.to),
                how_many=counts.get(key, 0),
                is_on=is_on(plan, key),
            )
            for key, kind in kinds.items()
        ],
        kind=kinds[chosen],
        chosen=chosen,
        of_group=of_group,
        has_group=To.GROUP in kinds[chosen].to,
        fields=[say(FIELDS[it]) for it in kinds[chosen].fields_for(group=of_group)],
        words=typed if typed is not None else _by_name(words),
        sample=sample,
        length=len(sample.longest),
        sms=sms_count(sample.longest) if by_sms else None,
        plan=plan,
        stopped=is_stopped(plan),
        channels=[say(CHANNEL_WORDS[it]) for it in Channel if it in here],
        groups=groups,
        channel_words={it: say(text) for it, text in CHANNEL_WORDS.items()},
        filters=[(it, say(text), sizes[it]) for it, text in FILTERS.items()],
        shown=state,
        total=sum(sizes.values()),
        failed=sizes[DeliveryState.FAILED],
        waiting=sizes[DeliveryState.WAITING],
        held_back=count_held_back(competition),
        lines=[_line(row) for row in rows],
        left=(sizes[state] if state else sum(sizes.values())) - len(rows),
        problem=problem_of(refused),
    )


def _by_name(words: str) -> str:
    """Words with their fields by the names that people know."""
    return re.sub(
        r"\{([a-z_]+)\}",
        lambda it: "{" + say(FIELDS[it[1]]) + "}" if it[1] in FIELDS else it[0],
        words,
    )


def _line(row: Delivery) -> Line:
    address = row.address
    channel = say(CHANNEL_WORDS[address.channel]) if address is not None else ""
    text = (address.address or "") if address is not None else ""
    if address is not None and address.channel in ROBOTS:
        who, text = address.name or "", ""
    else:
        values = msgspec.json.decode(row.words, type=dict[str, str]) if row.words else {}
        who = values.get("name", "")
    if address is not None and address.channel == Channel.SMS:
        text = mask_phone(text)
    state, chip = _state_of(row)
    dead = address is not None and address.dead_at is not None
    return Line(row, f"{say(_title(row))} → {who}", channel, text, state, chip, dead)


def _title(row: Delivery) -> Message:
    return KINDS[row.kind].name if row.kind in KINDS else Message(title_of(row), {})


def _state_of(row: Delivery) -> tuple[str, str]:
    if row.state is DeliveryState.SENT:
        return _("送到了"), "ok"
    if row.state is DeliveryState.WAITING:
        why = row.tries[-1].get("why") if row.tries else None
        at = say(moment_words(row.due_at))
        if why is not None:
            return _("%(why)s，%(at)s 再试", why=say(WHY_WORDS[why]), at=at), "warn"
        return _("等着，%(at)s 发", at=at), "warn"
    if row.state is DeliveryState.HELD:
        return say(_HELD.get(row.why or "", _HELD["stopped"])), ""
    if row.why == "dead" and row.address is not None and row.address.channel == Channel.SMS:
        return _("空号，不再试"), "bad"
    return say(WHY_WORDS[row.why or "error"]), "bad"


def _back(competition: Competition, **more: str) -> ResponseReturnValue:
    kind = (request.view_args or {}).get("kind", request.form.get("kind"))
    values: dict[str, Any] = {"kind": kind, **more}
    return redirect(url_for("organiser.messages", code=competition.code, **values))


@face.get("/<code>/messages")
@guard.may(Right.TELL, of=guard.ANY_KIND)
def messages(competition: Competition) -> ResponseReturnValue:
    """Show the kinds, the chosen one's words, and what became of each message."""
    return _page(competition)


@face.post("/<code>/messages/kinds/<kind>")
@guard.may(Right.TELL, of=guard.ANY_KIND)
def set_message_kind(competition: Competition, kind: str) -> ResponseReturnValue:
    """Switch a kind on or off."""
    switch(competition, kind, request.form.get("on") == "1", current_user)
    return _back(competition)


@face.post("/<code>/messages/words/<kind>")
@guard.may(Right.TELL, of=guard.ANY_KIND)
@refusal_on(_page)
def set_message_words(competition: Competition, kind: str) -> ResponseReturnValue:
    """Set a kind's words; empty ones are the usual."""
    group = request.form.get("by") == "group"
    set_words(competition, kind, request.form.get("words", ""), current_user, group=group)
    flash(_("话存下了"), "ok")
    return _back(competition, **({"by": "group"} if group else {}))


@face.post("/<code>/messages/quiet")
@guard.may(Right.TELL, of=guard.ANY_KIND)
@refusal_on(_page)
def set_quiet_hours(competition: Competition) -> ResponseReturnValue:
    """Set in which hours nothing is sent."""
    hours = [request.form.get(name, "") for name in ("from", "until")]
    if not all(it.isascii() and it.isdigit() and len(it) <= 2 for it in hours):
        raise invalid(msg("钟点写 0 到 23"))
    set_quiet(competition, int(hours[0]), int(hours[1]), current_user)
    flash(_("存下了"), "ok")
    return _back(competition)


@face.post("/<code>/messages/stop")
@guard.may(Right.TELL, of=guard.ANY_KIND)
@refusal_on(_page)
def stop_all_messages(competition: Competition) -> ResponseReturnValue:
    """Hold back all that waits and all that comes."""
    n = stop_messages(competition, current_user)
    flash(_("都停了，%(n)s 条留着没发", n=n), "ok")
    return _back(competition)


@face.post("/<code>/messages/go-on")
@guard.may(Right.TELL, of=guard.ANY_KIND)
@refusal_on(_page)
def reopen_messages(competition: Competition) -> ResponseReturnValue:
    """Send what was held back, and what comes."""
    n = go_on_with_messages(competition, current_user)
    flash(_("接着发，%(n)s 条", n=n), "ok")
    return _back(competition)


@face.post("/<code>/messages/try")
@guard.may(Right.TELL, of=guard.ANY_KIND)
@only_once
@refusal_on(_page)
def try_message(competition: Competition) -> ResponseReturnValue:
    """Send the chosen kind's words, as one person gets them, to who asks."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise invalid(msg("没有这一种消息"))
    if Channel.MAIL not in channels_here() or not current_user.mail:
        raise invalid(msg("试发用邮件：先设邮件服务器，再在“我的账号和设备”里写邮箱"))
    text = preview(competition, kind, group=False, sms=False).text
    try_words(competition, current_user.mail, text)
    flash(_("发到您的邮箱了，半分钟里到"), "ok")
    return _back(competition)


@face.post("/<code>/messages/<public_id>/again")
@guard.may(Right.TELL, of=guard.ANY_KIND)
@only_once
@refusal_on(_page)
def repeat_message(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Send a message again, to another address where one is written."""
    address = request.form.get("address", "").strip()
    if address:
        correct_address(competition, public_id, address, current_user)
    else:
        send_message_again(competition, public_id, current_user)
    flash(_("这就再发"), "ok")
    return _back(competition)


@face.post("/<code>/messages/groups")
@guard.may(Right.TELL, of=guard.ANY_KIND)
@only_once
@refusal_on(_page)
def add_message_group(competition: Competition) -> ResponseReturnValue:
    """Tell a group from now on."""
    name, url = request.form.get("name", ""), request.form.get("url", "")
    add_group(competition, name, url, current_user)
    flash(_("群加好了"), "ok")
    return _back(competition)


@face.post("/<code>/messages/groups/<int:number>/remove")
@guard.may(Right.TELL, of=guard.ANY_KIND)
@refusal_on(_page)
def drop_message_group(competition: Competition, number: int) -> ResponseReturnValue:
    """Tell a group nothing more."""
    remove_group(competition, number, current_user)
    flash(_("不再告诉这个群"), "ok")
    return _back(competition)
