"""What a file may come to at its bounds: scored, explained and searched in little memory.

Run by a test in a process of its own, with the bytes of memory it may take and
how many files to try.
"""

from __future__ import annotations

import json
import resource
import sys
from random import Random
from typing import Any

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.problems import BundleError
from compete.domain.explanation.tree import explain
from compete.domain.robust.robustness import robustness
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.kinds import Kind
from tests.domain.bundle.spoiling import originals, places

EXTREMES: list[Any] = [
    0, 1, 99, 100, 1_000_000, "0", "999999999999999999.999999999999", "0.000000000001",
    "-999999999999999999", "0.333333333331", "123456789.123456789",
]  # fmt: skip


def extreme(rng: Random) -> Any:
    """A sample with some of its numbers as large, as small or as long as may be."""
    plain = json.loads(json.dumps(rng.choice(originals())))
    for _ in range(rng.randint(1, 3)):
        *way, key = rng.choice([way for way in places(plain) if is_number(plain, way)])
        here = plain
        for step in way:
            here = here[step]
        here[key] = rng.choice(EXTREMES)
    for event in plain.get("events", ()):
        for stage in event["stages"]:
            mend(stage)
    return plain


def is_number(plain: Any, way: tuple[Any, ...]) -> bool:
    """Whether a number stands there, in whatever writing."""
    for step in way:
        plain = plain[step]
    digits = str(plain).lstrip("-").replace(".", "", 1)
    return not isinstance(plain, bool | dict | list) and digits.isdigit()


def mend(stage: Any) -> None:
    """Make full marks what the aspects add up to again, so that the file can be read."""
    from fractions import Fraction

    for module in stage["modules"]:
        full = sum(
            Fraction(str(aspect["max"])) * Fraction(str(aspect.get("factor", 1)))
            for aspect in module["aspects"]
        )
        panel = module.get("panel") or {}
        if panel.get("combine") == "sum":
            full *= panel.get("size", 1)
        scaled, rest = divmod(full * 10**12, 1)
        if not rest:
            digits = f"{scaled:013d}"
            module["full"] = f"{digits[:-12]}.{digits[-12:]}"


def try_out(plain: Any) -> bool:
    """Read it and, if it can be read, ask everything of it that a command can ask."""
    try:
        bundle = read_bundle(json.dumps(plain).encode())
    except BundleError:
        return False
    write_results(score(bundle))
    if bundle.competition.kind is Kind.LABOUR:
        assert bundle.labour is not None
        for unit in bundle.labour.groups or ():
            explain(bundle, unit)
        return True
    for entrant in bundle.entrants[:3]:
        explain(bundle, entrant.code)
    for event in bundle.events if bundle.competition.kind is Kind.SKILLS else ():
        robustness(Scorer(bundle), event.code, most_trials=20)
    return True


if __name__ == "__main__":
    memory, count = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    print(sum(try_out(extreme(Random(seed))) for seed in range(count)))
