"""Acts that bend a procedure, in words."""

from __future__ import annotations

from compete.services.kernel.bends import BENDS, RecordedAct


def test_a_quote_within_a_quote_bears_single_marks() -> None:
    after = {"what": "解锁“采样”", "due": "12 月 1 日"}
    act = RecordedAct(before=None, after=after, begun=True, module="")
    for action in ("second.paper", "second.countersign"):
        assert "“解锁‘采样’”" in str(BENDS[action].words(act))
