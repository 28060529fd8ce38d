"""What was asked for last stays, up to a bound."""

from __future__ import annotations

from compete.services.kernel.bounded_cache import Latest


def test_a_thing_is_made_once_and_goes_when_others_were_asked_for_since() -> None:
    kept: Latest[list[str]] = Latest(list, 2)
    kept.of("a").append("first")
    kept.of("b")
    assert kept.of("a") == ["first"]
    kept.of("c").append("third")
    assert kept.of("a") == ["first"]
    assert kept.of("c") == ["third"]
    kept.of("b").append("again")
    assert kept.of("a") == []
