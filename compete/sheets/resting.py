"""Rest for the cyclic garbage collector, for work that makes much and throws nothing away."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_at_work = 0
_was_on = False
_passing = False
_for_good = False


@contextmanager
def passing_over_what_is() -> Iterator[None]:
    """Let the collector pass over all that is there already; it looks at new objects as ever.

    For work that makes rows by the ten thousand beside a large file that stays in memory:
    a third of the time of loading a competition was walking through its marks again and again.
    It is one for the whole process, and ends with the first that ends: nothing is lost by it.
    A server's process, which passes over the program for good, goes on with that alone.
    """
    global _passing, _for_good
    if not _passing:
        # Asked once where it is so: to count what is passed over is to walk through all of it.
        _for_good = _for_good or gc.get_freeze_count() > 0
    if _passing or _for_good:
        yield
        return
    _passing = True
    gc.freeze()
    try:
        yield
    finally:
        _passing = False
        gc.unfreeze()


@contextmanager
def resting_collector() -> Iterator[None]:
    """Stop the collector meanwhile; afterwards it is as it was, whatever happened.

    It would walk again and again through all that a large plan consists of, which is
    wanted to the last row. It is one for the whole process: while several do such
    work at once, the last of them sets it going again. Only for work of bounded size.
    """
    global _at_work, _was_on
    with _lock:
        if not _at_work:
            _was_on = gc.isenabled()
            gc.disable()
        _at_work += 1
    try:
        yield
    finally:
        with _lock:
            _at_work -= 1
            if not _at_work and _was_on:
                gc.enable()
