"""How often advice on judges accuses the fair, and how often it finds what is there.

Run as a script: `python tests/bench/judges.py [N]`. It makes N competitions of each kind (2,000),
prints the two tables of docs/checking.md, and ends with exit status 1 where a rate is past what
is promised there.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from compete.domain.reliability.findings import find  # noqa: E402
from tests.support.judged import (  # noqa: E402
    OFF,
    Chance,
    Lot,
    competition,
    lopsided,
    two_sided,
    uniform,
)

FULL = 100
FALSE_ALARMS, NEIGHBOURS = 0.05, 0.05
ERRORS: dict[str, Chance | None] = {
    "normal": None,
    "uniform": uniform,
    "long tails": two_sided,
    "one long tail": lopsided,
}
FAIR = (Lot(1, 3, 12, 2), Lot(1, 2, 12, 2), Lot(6, 3, 12, 2), Lot(10, 5, 10, 4), Lot(1, 7, 45, 2))
SOUGHT: tuple[tuple[str, Lot, Callable[[float, bool], float], float], ...] = (
    ("10 off", Lot(1, 3, 12, 2), OFF["severity"], 0.9),
    ("10 off", Lot(4, 3, 12, 4), OFF["severity"], 0.0),
    ("10 off, panel of two", Lot(2, 2, 12, 2), OFF["severity"], 0.0),
    ("5 off", Lot(1, 5, 20, 2), lambda share, own: 5, 0.8),
    ("10 over the day", Lot(1, 5, 30, 2), OFF["drift"], 0.0),
    ("own unit by 10", Lot(1, 5, 30, 2), OFF["own_unit"], 0.9),
)


def main(tried: int) -> int:
    """Print both tables; the exit status."""
    print("| panels × judges × people, error | " + " | ".join(ERRORS) + " |")
    print("|---|" + "--:|" * len(ERRORS))
    kept = False not in [_fair_row(lot, tried) for lot in FAIR]
    print("\n| J02 is | panels × judges × people, error | named | a neighbour named |")
    print("|---|---|--:|--:|")
    kept &= False not in [_sought_row(*row, tried) for row in SOUGHT]
    return 0 if kept else 1


def _name(lot: Lot) -> str:
    return f"{lot.panels} × {lot.judges} × {lot.people}, {lot.error}"


def _fair_row(lot: Lot, tried: int) -> bool:
    rates = {
        name: sum(bool(findings) for _, findings in _runs(lot, error, None, tried)) / tried
        for name, error in ERRORS.items()
    }
    print(f"| {_name(lot)} | " + " | ".join(f"{rate:.1%}" for rate in rates.values()) + " |")
    return rates["normal"] <= FALSE_ALARMS


def _sought_row(
    what: str, lot: Lot, off: Callable[[float, bool], float], least: float, tried: int
) -> bool:
    named = wrong = 0
    for judges, findings in _runs(lot, None, off, tried):
        named += "J02" in judges
        wrong += any("J02" not in {finding.judge, *finding.either} for finding in findings)
    print(f"| {what} | {_name(lot)} | {named / tried:.1%} | {wrong / tried:.1%} |")
    return named / tried >= least and wrong / tried <= NEIGHBOURS


def _runs(
    lot: Lot, error: Chance | None, off: Callable[[float, bool], float] | None, tried: int
) -> Iterator[tuple[frozenset[str], tuple[object, ...]]]:
    chance = random.Random(20261128)
    for _ in range(tried):
        findings = find(competition(chance, lot, error, off), FULL)
        yield findings.named, findings.findings


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
