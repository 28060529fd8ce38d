"""A proof as a file: leaf, way up and checkpoint in one text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compete.domain.log.checkpoints import Checkpoint, signed_checkpoint
from compete.domain.log.notes import LogTextError, VerifierKey
from compete.domain.log.proof_texts import LogProof, checked_log_proof, read_log_proof
from compete.domain.log.proving import inclusion_proof
from compete.keys.ed25519 import SigningKey, check_signature
from tests.domain.log.naive_tree import Store

KEY = SigningKey.from_seed(bytes(range(32)))
OURS = VerifierKey("jingsai.example/log", KEY.public_key)
LEAVES = [f'{{"number":{number}}}'.encode() for number in range(184)]
STORE = Store(LEAVES)
SIGNED = signed_checkpoint(Checkpoint(OURS.name, 184, STORE.frontier.root), OURS, KEY.sign)
PROOF = str(LogProof(LEAVES[38], 38, inclusion_proof(38, 184, STORE.read), SIGNED))


def test_a_proof_is_a_file_that_holds_by_itself() -> None:
    proven = checked_log_proof(PROOF.encode(), [OURS], check_signature)
    assert (proven.leaf, proven.index, proven.steps) == (LEAVES[38], 38, 8)
    assert proven.checkpoint == Checkpoint(OURS.name, 184, STORE.frontier.root)
    assert str(read_log_proof(PROOF.encode())) == PROOF
    assert PROOF.startswith("c2sp.org/tlog-proof@v1\nextra eyJudW1iZXIiOjM4fQ==\nindex 38\n")


def test_a_log_of_one_leaf_has_a_proof_without_steps() -> None:
    store = Store(LEAVES[:1])
    signed = signed_checkpoint(Checkpoint(OURS.name, 1, store.frontier.root), OURS, KEY.sign)
    text = str(LogProof(LEAVES[0], 0, (), signed))
    assert checked_log_proof(text.encode(), [OURS], check_signature).steps == 0


def lines(change: Callable[[list[str]], object]) -> Callable[[str], str]:
    """A change of the proof's lines."""

    def spoil(text: str) -> str:
        lines_of_text = text.split("\n")
        change(lines_of_text)
        return "\n".join(lines_of_text)

    return spoil


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lines(lambda rows: rows.__setitem__(2, "index 39")), "第 40 条不在这 184 条里"),
        (lines(lambda rows: rows.__setitem__(2, "index 9999")), "第 10000 条不在这 184 条里"),
        (lines(lambda rows: rows.pop(3)), "第 39 条不在"),
        (lines(lambda rows: rows.insert(3, rows[4])), "第 39 条不在"),
        (lines(lambda rows: rows.__setitem__(1, "extra e30=")), "第 39 条不在"),
        (lines(lambda rows: rows.__setitem__(13, "183")), "签名对不上"),
        (lines(lambda rows: rows.__setitem__(12, "other.example/log")), "没有一个签名"),
        (lines(lambda rows: rows.__setitem__(0, "c2sp.org/tlog-proof@v2")), "第一行"),
        (lines(lambda rows: rows.pop(1)), "没有那一条本身"),
        (lines(lambda rows: rows.__setitem__(1, "extra e30")), "写得不对"),
        (lines(lambda rows: rows.__setitem__(2, "index 038")), "写得不对"),
        (lines(lambda rows: rows.__setitem__(2, "Index 38")), "写得不对"),
        (lines(lambda rows: rows.__setitem__(3, "AAAA")), "一步写得不对"),
        (lines(lambda rows: rows.__setitem__(3, "")), "检查点|签名的文字"),
        (lambda text: text.partition("\n\n")[0], "第一行"),
        (lambda text: text[:-1], "签名"),
        (lambda text: "", "第一行"),
    ],
)  # fmt: skip
def test_what_does_not_hold_says_which_part(spoil: Callable[[str], str], why: str) -> None:
    assert spoil(PROOF) != PROOF
    with pytest.raises(LogTextError, match=why):
        checked_log_proof(spoil(PROOF).encode(), [OURS], check_signature)


def test_an_endless_proof_is_not_looked_through() -> None:
    text = str(LogProof(b"{}", 0, (bytes(32),) * 65, SIGNED))
    with pytest.raises(LogTextError, match="太长"):
        read_log_proof(text.encode())
    with pytest.raises(LogTextError, match="UTF-8"):
        read_log_proof(b"\xff")
