"""The draw file, version 1, as values: attributes are the file's keys, in the written order.

`docs/draw.md` tells what each means. A key that was left out is None.
"""

from __future__ import annotations

from typing import Literal

import msgspec

FORMAT: Literal["compete-draw/1"] = "compete-draw/1"
MOST_TRIES = 100
SEAL_DIGITS = 64
KEY_BYTES = 16


class _Record(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    pass


class Person(_Record, frozen=True, kw_only=True, gc=False):
    """Somebody who is drawn. Without a unit no rule binds them."""

    code: str
    unit: str | None = None


class Place(_Record, frozen=True, kw_only=True, gc=False):
    """A place that is drawn for. `line` and `order` are a station and a turn at it."""

    code: str
    line: str | None = None
    order: int | None = None
    session: str | None = None


class Rule(_Record, frozen=True, kw_only=True):
    """The rule that the order has to meet, as far as it can be met."""

    apart: bool | None = None
    per_session: int | None = None


class Placed(_Record, frozen=True, kw_only=True, gc=False):
    """A person and the place drawn; `moved` if the rule had them change it."""

    place: str
    code: str
    moved: bool


class Draw(_Record, frozen=True, kw_only=True):
    """One list of people drawn for one list of places. Before it is drawn `tries` is 0."""

    event: str
    stage: str
    module: str
    layer: str
    people: tuple[Person, ...] = msgspec.field(name="list")
    places: tuple[Place, ...]
    rule: Rule | None = None
    result: tuple[Placed, ...]
    unmet: tuple[str, ...]
    tries: int


class Party(_Record, frozen=True, kw_only=True):
    """A person who gives a share: a party, or the keeper of the spare.

    `seal` and `key` are lower-case hex. `share` and `key` are None until it opens.
    """

    name: str
    seal: str
    share: str | None
    key: str | None

    @property
    def opened(self) -> bool:
        """True if share and key are in the file."""
        return self.share is not None and self.key is not None


class Before(_Record, frozen=True, kw_only=True):
    """The ceremony before this one: its head, why there is another, who decided so."""

    head: str
    reason: str
    by: str


class DrawFile(_Record, frozen=True, kw_only=True):
    """A whole ceremony. One from `read_draw_file` keeps the format's every promise."""

    format: Literal["compete-draw/1"]
    ceremony: str
    number: int
    before: Before | None = None
    draws: tuple[Draw, ...]
    parties: tuple[Party, ...]
    spare: Party

    @property
    def void(self) -> bool:
        """True if nothing can be drawn: no party opened, or the spare was not opened."""
        return not self.spare.opened or not any(party.opened for party in self.parties)
