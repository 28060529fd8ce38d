"""The examples on the page about proofs are real: each holds as the page says."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from compete.commands.verify_credential import WORDS
from compete.domain.log import leaves
from compete.domain.log.checkpoints import checked_checkpoint, from_short_form
from compete.domain.log.leaves import (
    CertificateLeaf,
    DrawLeaf,
    PublicationLeaf,
    SheetLeaf,
    commitment,
    read_leaf,
)
from compete.domain.log.notes import VerifierKey
from compete.domain.log.proof_texts import checked_log_proof
from compete.domain.values.messages import Message
from compete.keys.ed25519 import check_signature

PAGE = (Path(__file__).parents[1] / "docs" / "proofs.md").read_text("utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def block(start: str) -> str:
    return next(text for text in BLOCKS if text.startswith(start))


def test_the_commitment_is_worked_out_as_written() -> None:
    lines = block("compete-leaf/1").rstrip("\n")
    thing, salt, digest = lines.split("\n")
    wanted = BLOCKS[BLOCKS.index(lines + "\n") + 1].strip()
    assert hashlib.sha256(lines.encode()).hexdigest() == wanted
    assert thing == "compete-leaf/1 signed-sheet"
    assert commitment("signed-sheet", bytes.fromhex(salt), digest) == wanted


def test_checkpoint_short_form_and_proof_hold() -> None:
    key = VerifierKey.parse(block("compete verify-proof").split()[-1])
    checkpoint = checked_checkpoint(block("jingsai").encode(), [key], check_signature)
    assert from_short_form(block("cp1~")) == block("jingsai")
    proven = checked_log_proof(block("c2sp.org").encode(), [key], check_signature)
    assert (proven.index, proven.checkpoint) == (1, checkpoint)
    assert isinstance(read_leaf(proven.leaf), PublicationLeaf)


def test_every_kind_field_and_word_is_on_the_page() -> None:
    for kind in (SheetLeaf, DrawLeaf, PublicationLeaf, CertificateLeaf):
        row = next(line for line in PAGE.split("\n") if line.startswith(f"| `{tag(kind)}`"))
        for field in kind.__struct_fields__:
            assert f"`{field}`" in (PAGE if field in ("format", "competition") else row), field
    for thing in leaves.Thing.__args__:
        assert f"`{thing}`" in PAGE
    conclusions = PAGE.partition("| 结论 |")[2]
    words: list[Message] = list(WORDS.values())
    for word in words:
        assert str(word) in conclusions


def tag(kind: type) -> str:
    return str(kind.__struct_config__.tag)  # type: ignore[attr-defined]
