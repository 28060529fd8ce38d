"""二次抽查: draw squares of a closed period to be looked at once more.

The sample can be drawn again by anyone who knows the seed and the squares: each is the text of
its unit's code, a tab and its indicator's code; these are put in order and shuffled as
`recheck.shuffled` says, and the first are drawn, the share of them rounded up, `least` at least.
"""

from __future__ import annotations

from collections.abc import Collection

from compete.domain.recheck import share_count, shuffled
from compete.domain.values.points import Number


def look_draw(
    pool: Collection[tuple[str, str]], seed: str, share: Number, least: int
) -> list[tuple[str, str]]:
    """Draw among these squares (unit and indicator); in the order of the draw.

    ValueError for a share outside 0 to 100.
    """
    squares = {f"{unit}\t{indicator}": (unit, indicator) for unit, indicator in pool}
    count = max(share_count(len(squares), share), least)
    return [squares[text] for text in shuffled(squares, seed)[:count]]
