"""The hall's server where photos come in: each held once, whatever the tablet sends again."""

from __future__ import annotations

from email import message_from_bytes
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.browser.tablet.hall import Hall


def take(hall: Hall, path: str, sent: bytes) -> tuple[int, dict[str, Any]]:
    """`POST /api/sheets/<id>/photos`."""
    fields = _fields(sent)
    uuid = fields["uuid"].decode()
    aspect = fields["aspect"].decode() if "aspect" in fields else None
    if aspect in hall.refusing:
        return 409, {"error": hall.refusing[aspect]}
    with hall.lock:
        row = {"sheet": path.split("/")[3], "aspect": aspect, "data": fields["photo"]}
        hall.photos.setdefault(uuid, row | {"times": 0})["times"] += 1
    return 200, {"held": uuid}


def of_sheet(hall: Hall, name: str) -> list[dict[str, Any]]:
    """The key `photos` of a sheet."""
    return [
        {"uuid": uuid, "aspect": photo["aspect"]}
        for uuid, photo in hall.photos.items()
        if photo["sheet"] == name
    ]


def picture(hall: Hall, path: str) -> bytes:
    """`GET /api/sheets/<id>/photos/<uuid>`."""
    data: bytes = hall.photos[path.rsplit("/", 1)[-1]]["data"]
    return data


def _fields(sent: bytes) -> dict[str, bytes]:
    boundary = sent.split(b"\r\n", 1)[0][2:]
    head = b'Content-Type: multipart/form-data; boundary="' + boundary + b'"\r\n\r\n'
    fields = {}
    for part in message_from_bytes(head + sent).get_payload():
        assert not isinstance(part, str)
        name = part.get_param("name", header="content-disposition")
        body = part.get_payload(decode=True)
        assert isinstance(name, str)
        assert isinstance(body, bytes)
        fields[name] = body
    return fields
