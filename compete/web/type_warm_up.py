"""Learning the shapes of all that is read, before threads read it.

msgspec learns a type when it is first asked to read it, and two threads that
make it do so at once end the process (seen with 0.22: several readers of a
published page in a server that had just started).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import msgspec

_LEARNT: set[type[Any]] = set()


def learn_shapes() -> None:
    """Let msgspec learn every type of ours that has been loaded."""
    for shape in _below(msgspec.Struct):
        if shape.__module__.startswith("compete.") and shape not in _LEARNT:
            _LEARNT.add(shape)
            # Some are only ever worked out, and cannot be read.
            with contextlib.suppress(TypeError):
                msgspec.json.Decoder(shape)


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    subclasses: list[type[Any]] = kind.__subclasses__()
    for subclass in subclasses:
        yield subclass
        yield from _below(subclass)
