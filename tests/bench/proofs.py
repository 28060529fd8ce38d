"""What the log and the credentials cost, beside the bare hashing and signing that they stand on.

Run: `.venv/bin/python tests/bench/proofs.py`. Times depend on the machine; the
ratios to the floor of the same run are what to compare. A log of ten million
leaves is made up of equal ones, whose nodes are the same in each level. The
exit status is 1 where a limit is passed.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from compete.domain.credentials.verification import verify_credential
from compete.domain.log.checking import shows_inclusion
from compete.domain.log.growing import Frontier, read_frontier
from compete.domain.log.hashing import leaf_hash, node_hash
from compete.domain.log.nodes import Node
from compete.domain.log.proving import inclusion_proof
from compete.keys.ed25519 import check_signature
from tests.domain.credentials.issued import KEYS, OLD, SUITE, credential, signed

RUNS = 5
LONG, SHORT = 10_000_001, 1_001
PAIR = bytes(65)


def best(run: Callable[[], object], times: int) -> float:
    """Seconds of one call, from the best of a few rounds of `times` calls."""
    durations = []
    for _ in range(RUNS):
        start = time.process_time()
        for _ in range(times):
            run()
        durations.append((time.process_time() - start) / times)
    return min(durations)


def levels() -> list[bytes]:
    made = [leaf_hash(b"the same")]
    while len(made) < 25:
        made.append(node_hash(made[-1], made[-1]))
    return made


LEVELS = levels()


def read(nodes: Sequence[Node]) -> list[bytes]:
    return [LEVELS[node.level] for node in nodes]


def log_rows() -> list[tuple[str, float, float]]:
    """What, ratio to the floor, and the most that is wanted."""
    pair = best(lambda: hashlib.sha256(PAIR).digest(), 20_000)
    leaves = [LEVELS[0]] * 1000
    adding = best(lambda: Frontier().grown(leaves), 20) / len(leaves)
    long = read_frontier(LONG, read)

    def append() -> Frontier:
        frontier, _stored = read_frontier(LONG, read).grown(leaves[:1])
        return frontier

    def proofs(size: int) -> Callable[[], object]:
        return lambda: inclusion_proof(size // 3, size, read)

    proof = inclusion_proof(LONG // 3, LONG, read)
    prove_long, prove_short = best(proofs(LONG), 300), best(proofs(SHORT), 300)
    check = best(lambda: shows_inclusion(LEVELS[0], LONG // 3, LONG, proof, long.root), 300)
    return [
        ("a leaf among a thousand added, over one hash of two", adding / pair, 8),
        ("a leaf added to ten million, over one hash of two", best(append, 300) / pair, 60),
        ("a proof among ten million, over one among a thousand", prove_long / prove_short, 4),
        ("checking it, over one hash of two for each step", check / pair / len(proof), 4),
    ]


def credential_rows() -> list[tuple[str, float, float]]:
    """The same for a credential, over bare Ed25519 and the reading of its JSON."""
    data = signed(credential())
    message, at = data, datetime(2024, 1, 1, tzinfo=UTC)
    signature = OLD.sign(message)

    def bare() -> None:
        assert check_signature(OLD.public_key, message, signature)
        json.loads(data)

    def whole() -> None:
        assert verify_credential(data, KEYS, suite=SUITE, at=at).holds

    return [
        ("checking a credential, over its signature and JSON", best(whole, 50) / best(bare, 50), 7)
    ]


def main() -> int:
    print("| what | found | limit |\n|---|--:|--:|")
    passed = True
    for what, ratio, most in (*log_rows(), *credential_rows()):
        print(f"| {what} | {ratio:.1f} | ≤ {most} |")
        passed &= ratio <= most
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
