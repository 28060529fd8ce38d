"""The log's addresses: files as the standard names them, the same for everybody, none besides."""

from __future__ import annotations

import base64
import hashlib

import pytest
from flask import Flask

from compete.domain.log.checkpoints import from_short_form, short_form
from compete.domain.log.proof_texts import checked_log_proof
from compete.keys.ed25519 import check_signature
from compete.models import Account, Competition
from compete.services.log.sequencing import verifier_key
from tests.support.announced import announce


@pytest.mark.usefixtures("here")
def test_whoever_asks_gets_checkpoint_proof_and_lines_and_no_more(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    visitor = app.test_client()
    assert visitor.get("/log/checkpoint").status_code == 404
    assert "还是空的" in visitor.get("/log").text
    assert visitor.get(f"/log/check/{judged.code}").status_code == 404
    published = announce(judged, organiser)
    note = visitor.get("/log/checkpoint").text
    assert visitor.get("/log/checkpoint/1").text == note
    assert visitor.get("/log/key").text == f"{verifier_key()}\n"
    leaf = visitor.get("/log/leaf/0").data
    assert published.sha256.encode() in leaf
    proven = checked_log_proof(visitor.get("/log/proof/0").data, [verifier_key()], check_signature)
    assert proven.leaf == leaf
    entry = visitor.get("/log/tile/entries/000.p/1").data
    assert entry == len(leaf).to_bytes(2, "big") + leaf
    tile = visitor.get("/log/tile/0/000.p/1").data
    assert tile == hashlib.sha256(b"\x00" + leaf).digest()
    assert base64.b64encode(tile).decode() in note
    assert visitor.get("/log/consistency/1/1").data == b""
    assert from_short_form(short_form(note.encode())) == note
    page = visitor.get("/log")
    assert proven.checkpoint.long_words in " ".join(page.text.split())
    assert "Set-Cookie" not in page.headers
    assert published.sha256 in visitor.get(f"/log/check/{judged.code}").text
    for nowhere in (
        *("checkpoint/2", f"checkpoint/{10**30}", "leaf/1", "proof/1", f"leaf/{10**30}"),
        *("consistency/1/2", "consistency/2/1", "tile/0/000", "tile/0/000.p/0", "tile/9/000.p/1"),
        *("tile/0/0000", "tile/entries/000.p/2", "tile/entries/x", "check/NONE"),
        *(f"tile/{kind}/x999/x999/x999/x999/x999/999" for kind in ("0", "entries")),
    ):
        assert visitor.get(f"/log/{nowhere}").status_code == 404, nowhere
