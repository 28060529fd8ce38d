"""The browser's check of a credential's signature: the standard's vector, and what was touched."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Page

from compete.domain.credentials.json_text import canonical
from compete.domain.credentials.multikey import multikey
from compete.domain.credentials.signed import our_proofs, proof_holds
from compete.keys.ed25519 import check_signature
from tests.domain.credentials.issued import OLD, STRANGER, credential, signed
from tests.domain.credentials.test_embedded_proof import PUBLIC, VECTOR, changes

SCRIPT = """async ([cases, values]) => {
  const { canonical, fromMultibase, fromMultikey, ourProofs, proofHolds } =
    await import("/static/js/proof/credential.js");
  const { signatureChecker } = await import("/static/js/proof/ed25519.js");
  const { hex } = await import("/static/js/proof/encoding.js");
  const check = await signatureChecker("/static/vendor");
  const held = [];
  for (const [text, key] of cases) {
    const document = JSON.parse(text);
    const proofs = ourProofs(document);
    held.push(await Promise.all(
      proofs.map((proof) => proofHolds(document, proof, fromMultikey(key), check))));
  }
  return {
    held,
    canonical: values.map((text) => canonical(JSON.parse(text))),
    keys: ["z", "z0", "u6Mk", 1, null, "z" + "1".repeat(200), "z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1"]
      .map((text) => fromMultikey(text)),
    zeros: hex(fromMultibase("z112")),
  };
}"""
VALUES = [
    '{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}',
    "[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,1.0,-0]",
    '["\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/",null,true,false,{},[]]',
]


def test_signatures_hold_or_not_as_ours_do(bench: Callable[..., Page]) -> None:
    own = json.loads(signed(credential()))
    cases = [(VECTOR["signed"], PUBLIC), (own, OLD.public_key), (own, STRANGER.public_key)]
    cases += [(signed_text, PUBLIC) for signed_text in changes(VECTOR["signed"])]
    cases += [(signed_text, OLD.public_key) for signed_text in list(changes(own))[::7]]
    wanted = [
        [proof_holds(document, proof, key, check_signature) for proof in our_proofs(document)]
        for document, key in cases
    ]
    sent = [[json.dumps(document), multikey(key)] for document, key in cases]
    for scheme in ("https", "http"):
        verdicts = bench(scheme).evaluate(SCRIPT, [sent, VALUES])
        assert verdicts["held"] == wanted
        assert verdicts["canonical"] == [canonical(json.loads(text)).decode() for text in VALUES]
        assert verdicts["keys"] == [None] * 7
        assert verdicts["zeros"] == "000001"
    assert wanted[:3] == [[True], [True], [False]]
    assert sum(map(len, wanted)) > 60
