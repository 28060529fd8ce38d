"""A stand-in for what could not be read, so that the rest can still be looked at.

Every other problem in a file should be told in the same run. So where a value
is wrong, the bundle under examination gets `UNREADABLE` in its place: it has
every attribute, is an empty list, takes part in arithmetic, and answers every
comparison with no. A check that asks "is something wrong here?" thus stays
silent about it. Such a bundle never leaves the reader.
"""

from collections.abc import Iterator
from typing import Any


class Unreadable:
    __slots__ = ()

    def __getattr__(self, name: str) -> "Unreadable":
        return self

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __hash__(self) -> int:
        return id(self)

    def _no(self, other: object) -> bool:
        return False

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = _no

    def _still(self, other: object = None) -> "Unreadable":
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _still
    __truediv__ = __rtruediv__ = __mod__ = __rmod__ = __neg__ = __abs__ = _still
    __getitem__ = _still


UNREADABLE: Any = Unreadable()
