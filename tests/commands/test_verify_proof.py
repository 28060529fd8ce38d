"""`compete verify-proof FILE --key KEY`: 0 in the log, 1 not, 2 no proof."""

from __future__ import annotations

from pathlib import Path

import pytest

from compete.cli import main
from compete.domain.log.checkpoints import Checkpoint, signed_checkpoint
from compete.domain.log.leaves import PublicationLeaf, leaf_bytes
from compete.domain.log.notes import VerifierKey
from compete.domain.log.proof_texts import LogProof
from compete.domain.log.proving import inclusion_proof
from compete.domain.values.hashwords import hash_words
from compete.keys.ed25519 import SigningKey
from tests.domain.log.naive_tree import Store

Output = pytest.CaptureFixture[str]

KEY = SigningKey.from_seed(bytes(range(32)))
OURS = VerifierKey("jingsai.example/log", KEY.public_key)
LEAVES = [
    leaf_bytes(
        PublicationLeaf(
            competition="FORK-2022",
            act="announce",
            version=number + 1,
            sha256=f"{number:064x}",
            at="2022-09-16T06:00:00Z",
        )
    )
    for number in range(184)
]
STORE = Store(LEAVES)


def proof(leaf: bytes = LEAVES[38], size: int = 184) -> str:
    checkpoint = Checkpoint(OURS.name, size, STORE.frontier.root)
    signed = signed_checkpoint(checkpoint, OURS, KEY.sign)
    return str(LogProof(leaf, 38, inclusion_proof(38, 184, STORE.read), signed))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A proof that holds."""
    path = tmp_path / "39.tlog-proof"
    path.write_text(proof(), "utf-8")
    return path


def test_a_line_that_is_in_the_log(file: Path, capsys: Output) -> None:
    leaf = file.with_name("leaf.json")
    leaf.write_bytes(LEAVES[38])
    assert main(["verify-proof", str(file), "--key", str(OURS), "--leaf", str(leaf)]) == 0
    root = STORE.frontier.root
    assert capsys.readouterr().out.splitlines() == [
        "总账：jingsai.example/log",
        "第 39 条，共 184 条，一层层往上对了 8 次",
        f"根：{' '.join(hash_words(root, 8))}  {root.hex()}",
        f"这一条：{LEAVES[38].decode()}",
        "在总账里",
    ]
    leaf.write_bytes(LEAVES[37])
    assert main(["verify-proof", str(file), "--key", str(OURS), "--leaf", str(leaf)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "在总账里的不是这一条"


def test_a_leaf_that_is_none_of_ours_is_told(tmp_path: Path, capsys: Output) -> None:
    store = Store([b"\xffa\n"])
    signed = signed_checkpoint(Checkpoint(OURS.name, 1, store.frontier.root), OURS, KEY.sign)
    path = tmp_path / "proof"
    path.write_text(str(LogProof(b"\xffa\n", 0, (), signed)), "utf-8")
    assert main(["verify-proof", str(path), "--key", str(OURS)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[3:5] == ["这一条：\\xffa\\n", "总账里的这一条读不懂，JSON 不对"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (proof(LEAVES[39]), "第 39 条不在这 184 条里"),
        (proof(size=38), "第 39 条不在这 38 条里"),
        (proof().replace("\n184\n", "\n185\n"), "签名对不上"),
        (proof().replace("— jing", "— ming"), "没有一个签名"),
    ],
)
def test_a_line_that_is_not(file: Path, text: str, why: str, capsys: Output) -> None:
    file.write_text(text, "utf-8")
    assert main(["verify-proof", str(file), "--key", str(OURS)]) == 1
    output = capsys.readouterr().out
    assert why in output
    assert output.splitlines()[-1] == "对不上"
    assert "在总账里" not in output
    assert main(["verify-proof", "--lang", "en", str(file), "--key", str(OURS)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "Does not match"


@pytest.mark.parametrize(
    ("text", "key", "why"),
    [
        ("", str(OURS), "这不是总账的证明"),
        (proof().replace("index 38", "index x"), str(OURS), "序号写得不对"),
        (proof(), str(OURS)[:-1], "--key: 不是 Ed25519 公钥"),
        (proof(), str(OURS).replace("jing", "ming"), "--key: 公钥抄错了"),
    ],
)
def test_what_is_no_proof_or_no_key(
    file: Path, text: str, key: str, why: str, capsys: Output
) -> None:
    file.write_text(text, "utf-8")
    assert main(["verify-proof", str(file), "--key", key]) == 2
    output = capsys.readouterr()
    assert why in output.err
    assert output.out == ""
    file.unlink()
    assert main(["verify-proof", str(file), "--key", str(OURS)]) == 2
    assert "读不了这个文件" in capsys.readouterr().err
