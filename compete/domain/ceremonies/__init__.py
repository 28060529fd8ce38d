"""The draw that anybody can check: ceremonies of sealed shares, and the files that hold them.

`read_draw_file` and `check_draw_file` work a ceremony out again; `seal_share`,
`announce`, `open_share`, `fix_openings` and `draw`, in this order, hold one.
`docs/draw.md` tells how all of it is computed.
"""

from compete.domain.ceremonies.checking import Checked, Difference, Findings, check_draw_file
from compete.domain.ceremonies.drawing import Outcome, draw_places
from compete.domain.ceremonies.hashing import head, openings, seal, seed
from compete.domain.ceremonies.holding import (
    OpeningError,
    announce,
    checked,
    draw,
    fix_openings,
    moved_from,
    open_share,
    seal_share,
    sealed,
)
from compete.domain.ceremonies.problems import DrawFileError
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.ceremonies.types import (
    FORMAT,
    MOST_TRIES,
    Before,
    Draw,
    DrawFile,
    Party,
    Person,
    Place,
    Placed,
    Rule,
)
from compete.domain.ceremonies.units_then_people import (
    BY_ROUNDS,
    IN_A_ROW,
    UNIT,
    Final,
    final_places,
    is_layered,
    layered_draws,
)
from compete.domain.ceremonies.writing import write_draw_file

__all__ = [
    "BY_ROUNDS",
    "FORMAT",
    "IN_A_ROW",
    "MOST_TRIES",
    "UNIT",
    "Before",
    "Checked",
    "Difference",
    "Draw",
    "DrawFile",
    "DrawFileError",
    "Final",
    "Findings",
    "OpeningError",
    "Outcome",
    "Party",
    "Person",
    "Place",
    "Placed",
    "Rule",
    "announce",
    "check_draw_file",
    "checked",
    "draw",
    "draw_places",
    "final_places",
    "fix_openings",
    "head",
    "is_layered",
    "layered_draws",
    "moved_from",
    "open_share",
    "openings",
    "read_draw_file",
    "seal",
    "seal_share",
    "sealed",
    "seed",
    "write_draw_file",
]
