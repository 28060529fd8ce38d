"""The browser's checks of the log say what ours say, with its own cryptography and without."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page

from compete.domain.log.checking import shows_consistency, shows_inclusion
from compete.domain.log.checkpoints import (
    Checkpoint,
    from_short_form,
    short_form,
    signed_checkpoint,
)
from compete.domain.log.hashing import leaf_hash, node_hash
from compete.domain.log.notes import LogTextError, VerifierKey, signed_note
from compete.domain.log.proof_texts import LogProof, checked_log_proof
from compete.domain.log.proving import consistency_proof, inclusion_proof
from compete.keys.ed25519 import SigningKey, check_signature
from compete.web.assets.packs import pack
from tests.domain.log import naive_tree
from tests.domain.log.naive_tree import Store
from tests.domain.log.test_notes import GO, STANDARD
from tests.domain.log.test_tree import CONSISTENCIES, INCLUSIONS, LEAVES, ROOTS, spoilt
from tests.keys.test_ed25519 import VECTORS

STATIC = Path(__file__).resolve().parents[3] / "static"
KEY = SigningKey.from_seed(bytes(range(32)))
OURS = VerifierKey("竞赛.example/log", KEY.public_key)

TREE = """async (cases) => {
  const m = await import("/static/js/proof/merkle.js");
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  return cases.map(([what, a, one, b, other, proof]) =>
    what === "inclusion"
      ? m.showsInclusion(bytes(one), a, b, proof.map(bytes), bytes(other))
      : m.showsConsistency(a, bytes(one), b, bytes(other), proof.map(bytes)));
}"""

TEXTS = """async ([files, keyTexts, makers]) => {
  const { checkedLogProof } = await import("/static/js/proof/log_proof.js");
  const { checkedCheckpoint, fromShortForm } = await import("/static/js/proof/checkpoint.js");
  const { readKey, readNote, whoSigned } = await import("/static/js/proof/note.js");
  const ed25519 = await import("/static/js/proof/ed25519.js");
  const { hex } = await import("/static/js/proof/encoding.js");
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const said = async (act) => {
    try {
      return await act();
    } catch (error) {
      if (!error.reason) throw error;
      return `${error.reason} ${error.name}`;
    }
  };
  const all = [];
  for (const make of makers) {
    const check = await ed25519[make]("/static/vendor");
    const found = [];
    for (const [kind, text] of files) {
      const data = bytes(text);
      found.push(await said(async () => {
        if (kind === "vector") {
          const [key, message, signature] = atob(text).split(" ").map(
            (part) => Uint8Array.from(part.match(/../g) ?? [], (pair) => parseInt(pair, 16)));
          return check(key, message, signature);
        }
        if (kind === "key") return readKey(new TextDecoder().decode(data)).name;
        if (kind === "short") {
          return hex(fromShortForm(new TextDecoder().decode(data)));
        }
        const keys = keyTexts.map(readKey);
        if (kind === "proof") {
          const proven = await checkedLogProof(data, keys, check);
          return [hex(proven.leaf), proven.index, proven.steps, proven.checkpoint.size,
            hex(proven.checkpoint.root), proven.checkpoint.origin];
        }
        if (kind === "checkpoint") return (await checkedCheckpoint(data, keys, check)).size;
        return (await whoSigned(readNote(data), keys, check)).map((key) => key.name);
      }));
    }
    all.push(found);
  }
  return all;
}"""


def b64(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def tree_cases() -> list[tuple[str, int, bytes, int, bytes, list[bytes]]]:
    """Proofs that hold and proofs that don't, of small logs and of one beyond 32 bits."""
    chance = Random(6962)
    cases: list[tuple[str, int, bytes, int, bytes, list[bytes]]] = []
    roots = [bytes.fromhex(root) for root in ROOTS]
    for index, size, way in INCLUSIONS:
        proof = [bytes.fromhex(digest) for digest in way]
        cases.append(("inclusion", index, leaf_hash(LEAVES[index]), size, roots[size], proof))
    for old, new, way in CONSISTENCIES:
        proof = [bytes.fromhex(digest) for digest in way]
        cases.append(("consistency", old, roots[old], new, roots[new], proof))
    for size in (1, 2, 3, 7, 8, 33):
        leaves = [f"leaf {number}".encode() for number in range(size)]
        store = Store(leaves)
        index, old = chance.randrange(size), chance.randrange(size + 1)
        way, grown = (
            list(inclusion_proof(index, size, store.read)),
            list(consistency_proof(old, size, store.read)),
        )
        root, before = store.frontier.root, naive_tree.root(leaves[:old])
        for path in [way, *spoilt(way, chance)]:
            cases.append(("inclusion", index, leaf_hash(leaves[index]), size, root, path))
        for other in range(size + 1):
            cases.append(("inclusion", other, leaf_hash(leaves[index]), size, root, way))
        for path in [grown, *spoilt(grown, chance)]:
            cases.append(("consistency", old, before, size, root, path))
        cases.append(("consistency", size, root, old, before, grown))
    levels = [leaf_hash(b"the same")]
    while len(levels) < 42:
        levels.append(node_hash(levels[-1], levels[-1]))
    size = 2**40 + 3

    def read(nodes: Any) -> list[bytes]:
        return [levels[node.level] for node in nodes]

    roots = {at: naive_root(at, levels) for at in (size, 2**39 + 5, 2**33)}
    for index in (0, 2**35 + 1, size - 1):
        proof = list(inclusion_proof(index, size, read))
        cases.append(("inclusion", index, levels[0], size, roots[size], proof))
        cases.append(("inclusion", index, levels[0], size, roots[size], proof[::-1]))
    for old in (2**39 + 5, 2**33):
        proof = list(consistency_proof(old, size, read))
        cases.append(("consistency", old, roots[old], size, roots[size], proof))
        cases.append(("consistency", old + 1, roots[old], size, roots[size], proof))
    return cases


def naive_root(size: int, levels: list[bytes]) -> bytes:
    """The root of so many equal leaves."""
    if size & (size - 1) == 0:
        return levels[size.bit_length() - 1]
    left = naive_tree.split(size)
    return node_hash(levels[left.bit_length() - 1], naive_root(size - left, levels))


def test_proofs_of_the_tree_hold_or_not_as_ours_do(bench: Callable[..., Page]) -> None:
    cases = tree_cases()
    wanted = [
        shows_inclusion(first_root, a, b, proof, other)
        if what == "inclusion"
        else shows_consistency(a, first_root, b, other, proof)
        for what, a, first_root, b, other, proof in cases
    ]
    sent = [
        [what, a, b64(first_root), b, b64(other), [b64(digest) for digest in proof]]
        for what, a, first_root, b, other, proof in cases
    ]
    assert bench("http").evaluate(TREE, sent) == wanted
    assert len(cases) > 100
    assert 30 < sum(wanted) < len(cases) - 30


def proof_files() -> list[tuple[str, bytes]]:
    """Files of every kind, whole and spoilt; each is also read by our own functions."""
    leaves = [f'{{"number":{number}}}'.encode() for number in range(184)]
    store = Store(leaves)
    signed = signed_checkpoint(Checkpoint(OURS.name, 184, store.frontier.root), OURS, KEY.sign)
    proof = str(LogProof(leaves[38], 38, inclusion_proof(38, 184, store.read), signed))
    lines = proof.split("\n")
    changed = [
        "\n".join([*lines[:at], *more, *lines[at + 1 :]])
        for at in range(len(lines))
        for more in ([], [lines[at]] * 2, ["AAAA"], ["index 039"], [lines[at][:-1] + "\t"])
    ]
    files = [("proof", text.encode()) for text in (proof, *changed, proof[:-1], "")]
    files.append(("proof", b"\xff" + proof.encode()))
    other = VerifierKey("other.example", KEY.public_key)
    for text in (
        signed,
        str(signed_note("竞赛.example/log\n0\nAAAA\n", OURS, KEY.sign)),
        str(signed_note(lines[12] + "\n184\n" + lines[14] + "\n", other, KEY.sign)),
    ):
        files.append(("checkpoint", text.encode()))  # fmt: skip
    for _key, note in (STANDARD, GO):
        files += [("note", note.encode()), ("note", note.replace("i", "j", 1).encode())]
    short = short_form(signed.encode())
    files += [("short", text.encode()) for text in (short, short[:-20], short.replace("~1", "~01"))]
    for key in (STANDARD[0], GO[0], str(OURS), str(OURS)[:-2], str(OURS).replace("竞", "竞 ")):
        files.append(("key", key.encode()))
    return files


def ours(kind: str, data: bytes) -> Any:
    """What our own functions make of a file, in the words of the browser's."""
    keys = [VerifierKey.parse(STANDARD[0]), VerifierKey.parse(GO[0]), OURS]
    if kind == "proof":
        proven = checked_log_proof(data, keys, check_signature)
        point = proven.checkpoint
        return [proven.leaf.hex(), proven.index, proven.steps, point.size, point.root.hex(),
                point.origin]  # fmt: skip
    if kind == "short":
        return from_short_form(data.decode()).encode().hex()
    if kind == "key":
        return VerifierKey.parse(data.decode()).name
    raise AssertionError(kind)


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_files_are_read_and_checked_as_ours_are(scheme: str, bench: Callable[..., Page]) -> None:
    files = proof_files()
    for _seed, public, message, signature in VECTORS:
        files.append(("vector", f"{public} {message} {signature}".encode()))
        for spoiled in (signature[:-2], "00" + signature[2:], signature[:64] + "f" * 64, ""):
            files.append(("vector", f"{public} {message} {spoiled}".encode()))
        files.append(("vector", f"{'00' * 32} {message} {signature}".encode()))
        files.append(("vector", f"{public}00 {message} {signature}".encode()))
    makers = ["byBrowser", "byLibrary"] if scheme == "https" else ["byLibrary"]
    sent = [[kind, b64(data)] for kind, data in files]
    keys = [STANDARD[0], GO[0], str(OURS)]
    answers = bench(scheme).evaluate(TEXTS, [sent, keys, makers])
    assert all(answer == answers[0] for answer in answers)
    counts = dict.fromkeys(("held", "refused"), 0)
    for (kind, data), answer in zip(files, answers[0], strict=True):
        if kind in ("proof", "short", "key"):
            try:
                assert ours(kind, data) == answer, data
                counts["held"] += 1
            except LogTextError:
                assert isinstance(answer, str), data
                assert answer.split()[0] in (
                    "note", "key", "checkpoint", "proof", "signature", "stranger", "leaf",
                ), answer  # fmt: skip
                counts["refused"] += 1
        elif kind == "vector":
            parts = data.decode().split(" ")
            right = [
                public for _, public, message, sign in VECTORS if parts == [public, message, sign]
            ]
            assert answer is bool(right), parts
    assert counts["held"] >= 5
    assert counts["refused"] > 40
    others = [answer for (kind, _), answer in zip(files, answers[0], strict=True) if kind == "note"]
    assert others[::2] == [["example.com/foo"], ["PeterNeumann"]]
    assert all(str(fault).startswith("signature") for fault in others[1::2])
    points = [
        answer for (kind, _), answer in zip(files, answers[0], strict=True) if kind == "checkpoint"
    ]
    assert points[0] == 184
    assert [point.split()[0] for point in points[1:]] == ["checkpoint", "stranger"]


@pytest.mark.parametrize(("scheme", "fetches"), [("https", False), ("http", True)])
def test_the_libraries_are_fetched_only_where_the_browser_cannot(
    scheme: str, fetches: bool, bench: Callable[..., Page]
) -> None:
    asked: list[str] = []
    made = bench(scheme, asked).evaluate(
        """async () => {
          const { signatureChecker } = await import("/static/js/proof/ed25519.js");
          return Boolean(await signatureChecker("/static/vendor"));
        }"""
    )
    assert made is True
    assert any("vendor" in path for path in asked) is fetches


def test_an_old_browser_is_told_that_it_cannot(bench: Callable[..., Page]) -> None:
    page = bench("http")
    page.context.route("**/noble-hashes/**", lambda route: route.fulfill(
        body="export const sha512 = () => new Uint8Array(64);", content_type="text/javascript"
    ))  # fmt: skip
    made = page.evaluate(
        """async () => {
          const { signatureChecker } = await import("/static/js/proof/ed25519.js");
          return signatureChecker("/static/vendor");
        }"""
    )
    assert made is None


def test_the_scripts_can_be_put_into_one() -> None:
    folder = STATIC / "js"
    files = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*.js")
    }
    for name in ("log_proof", "credential", "ed25519"):
        assert pack(files, f"proof/{name}.js")
