"""Webhooks at the desk: who is told what happens, each try, and what one can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import DeliveryState
from compete.models import Delivery, Webhook
from compete.services.kernel.refusal import Refused
from compete.services.outbox.deliveries import (
    STOPPED_WORDS,
    WHY_WORDS,
    deliveries_of,
    send_again,
)
from compete.services.outbox.webhooks import (
    TYPE_WORDS,
    WebhookFields,
    all_webhooks,
    change_secret,
    go_on,
    make_webhook,
    ping,
    remove_webhook,
    stop_webhook,
    webhook_by_number,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.accounts.tokens import competitions_named
from compete.web.organiser.blueprint import face
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act


class NewSecret(NamedTuple):
    """A secret that was just made, shown this one time."""

    url: str
    secret: str


class Try(NamedTuple):
    """A try of a delivery: when, the status of the answer, what came of it."""

    at: datetime
    status: int | None
    words: str
    is_good: bool


class Row(NamedTuple):
    """A delivery with its tries, the newest first."""

    delivery: Delivery
    what: str
    code: str
    tries: Sequence[Try]


def _list(made: NewSecret | None = None, refused: Refused | None = None) -> str:
    rows = all_webhooks()
    return render_template(
        "organiser/accounts/webhooks.html",
        rows=rows,
        latest={row.id: _latest(row) for row in rows},
        type_words=TYPE_WORDS,
        stopped_words={why: say(words) for why, words in STOPPED_WORDS.items()},
        made=made,
        problem=problem_of(refused),
        form=act_form(WebhookFields, refused, here=made is None),
    )


def _page_of(number: int, made: NewSecret | None = None, refused: Refused | None = None) -> str:
    row = webhook_by_number(number)
    return render_template(
        "organiser/accounts/webhook.html",
        row=row,
        types=[say(TYPE_WORDS[kind]) for kind in row.types],
        stopped=say(STOPPED_WORDS[row.stopped_why]) if row.stopped_why else None,
        deliveries=[_row(delivery) for delivery in deliveries_of(row)],
        state=DeliveryState,
        made=made,
        problem=problem_of(refused),
    )


@face.route("/webhooks", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
@only_once
@refusal_on(_list)
def webhooks() -> ResponseReturnValue:
    """Every webhook with what became of the last try; the form makes one, its secret shown once."""
    if request.method != "POST":
        return _list()
    typed = typed_act(WebhookFields)
    row, secret = make_webhook(
        typed.url,
        types=typed.type,
        competitions=competitions_named(typed.competitions),
        by=current_user,
    )
    return _list(made=NewSecret(row.url, secret))


@face.get("/webhooks/<int:number>")
@guard.may(Right.ADMINISTER)
def one_webhook(number: int) -> ResponseReturnValue:
    """One webhook: what was sent there, each try with its answer."""
    return _page_of(number)


@face.post("/webhooks/<int:number>/ping")
@guard.may(Right.ADMINISTER)
@only_once
@refusal_on(lambda number, refused: _page_of(number, refused=refused))
def ping_webhook(number: int) -> ResponseReturnValue:
    """Put up a try; its answer stands on the page as soon as there is one."""
    ping(number)
    flash(_("试的那一条这就送，答了什么看下面"), "ok")
    return redirect(url_for("organiser.one_webhook", number=number))


@face.post("/webhooks/<int:number>/secret")
@guard.may(Right.ADMINISTER)
@only_once
def change_webhook_secret(number: int) -> ResponseReturnValue:
    """Change the secret, shown in the answer alone; the former signs beside it for a day."""
    row, secret = change_secret(number, by=current_user)
    return _page_of(number, made=NewSecret(row.url, secret))


@face.post("/webhooks/<int:number>/stop")
@guard.may(Right.ADMINISTER)
def stop_telling(number: int) -> ResponseReturnValue:
    """Send nothing more there until somebody lets it go on; what waits is held back."""
    stop_webhook(number, by=current_user)
    flash(_("停下了，等着的都留着不送"), "ok")
    return redirect(url_for("organiser.one_webhook", number=number))


@face.post("/webhooks/<int:number>/go-on")
@guard.may(Right.ADMINISTER)
def reopen_webhook(number: int) -> ResponseReturnValue:
    """Tell it of what happens from now on; what was held back is sent one by one."""
    go_on(number, by=current_user)
    flash(_("从现在起有事就送；停着时留下的要一条一条再送"), "ok")
    return redirect(url_for("organiser.one_webhook", number=number))


@face.post("/webhooks/<int:number>/remove")
@guard.may(Right.ADMINISTER)
def end_webhook(number: int) -> ResponseReturnValue:
    """Remove a webhook for good."""
    remove_webhook(number, by=current_user)
    flash(_("地址去掉了，不再送"), "ok")
    return redirect(url_for("organiser.webhooks"))


@face.post("/webhooks/<int:number>/again/<public_id>")
@guard.may(Right.ADMINISTER)
@only_once
@refusal_on(lambda number, public_id, refused: _page_of(number, refused=refused))
def send_delivery_again(number: int, public_id: str) -> ResponseReturnValue:
    """Send a delivery again under the same id."""
    send_again(public_id, current_user)
    flash(_("这就再送一次，编号不变"), "ok")
    return redirect(url_for("organiser.one_webhook", number=number))


def _latest(row: Webhook) -> Row | None:
    last = deliveries_of(row, most=1)
    return _row(last[0]) if last else None


def _row(delivery: Delivery) -> Row:
    tries = [
        Try(
            at=datetime.fromisoformat(entry["at"]),
            status=entry["status"],
            words=_words(entry.get("why"), entry["ms"]),
            is_good="why" not in entry,
        )
        for entry in reversed(delivery.tries)
    ]
    what = say(TYPE_WORDS[delivery.kind])
    return Row(delivery, what, delivery.content["data"].get("code", ""), tries)


def _words(why: str | None, ms: int) -> str:
    return say(WHY_WORDS[why]) if why else _("送到了，%(ms)s 毫秒", ms=ms)
