from __future__ import annotations

import msgspec
import pytest
from msgspec import _utils

from compete.web.type_warm_up import learn_shapes


def shape() -> type[msgspec.Struct]:
    """A type that nothing has been read as yet."""
    return msgspec.defstruct("Shape", [("value", int)], module="compete.shape")


def test_nothing_is_left_to_learn_when_threads_begin_to_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = shape()
    learn_shapes()
    late = shape()

    def learning(*_arguments: object) -> None:
        raise AssertionError("learnt while reading")

    monkeypatch.setattr(_utils, "_get_class_mro_and_typevar_mappings", learning)
    assert msgspec.json.decode(b'{"value": 1}', type=known) == known(value=1)
    with pytest.raises(AssertionError, match="learnt while reading"):
        msgspec.json.decode(b'{"value": 1}', type=late)
