"""考场和赛场: the pages of the rooms that competitions share."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from flask_babel import gettext as _

from compete.domain.values.rights import Right
from compete.models import Room
from compete.services.directory.rooms import ROOMS, CheckedRoom, RoomView, rooms_in_view
from compete.services.kernel.fields import fields_of, texts_of
from compete.services.kernel.refusal import Refused
from compete.web.organiser.catalogue_pages import CataloguePages
from compete.web.organiser.shapes import views_of
from compete.web.refusals import problem_of
from compete.web.setting_forms import act_form, posted_texts


def _show_rooms(refused: Refused | None) -> str:
    """Show the rooms that stand, or the closed ones, with the form of one more."""
    wanted = request.args.get("view", "")
    view = RoomView(wanted) if wanted in list(RoomView) else RoomView.STANDING
    words = dict(zip(RoomView, (_("使用中"), _("已停用")), strict=True))
    return render_template(
        "organiser/directory/rooms/rooms.html",
        rooms=rooms_in_view(view),
        views=views_of("organiser.rooms", "view", view, words),
        form=act_form(CheckedRoom, refused),
        problem=problem_of(refused),
    )


def _show_room(row: Room | None, _typed: Mapping[str, str] | None, refused: Refused | None) -> str:
    """Show one room with its form."""
    assert row is not None, "one more is written beside the list"
    stands = texts_of(row, CheckedRoom)
    return render_template(
        "organiser/directory/rooms/room.html",
        row=row,
        form=act_form(CheckedRoom, refused, row) if row.ended_at is None else None,
        facts=[(it.title, stands[name]) for name, it in fields_of(CheckedRoom).items()],
        problem=problem_of(refused),
    )


CataloguePages(
    catalogue=ROOMS,
    at="/rooms",
    name="room",
    apart=False,
    right=Right.DIRECTORY,
    sent=lambda: posted_texts(CheckedRoom),
    show=_show_rooms,
    show_row=_show_room,
    closed=lambda name: _("%(name)s 停用了，排在里面的人等你挪", name=name),
).hang()
