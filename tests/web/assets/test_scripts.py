"""Scripts are served under an address that names their content."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.web.assets.packs import squeeze
from compete.web.assets.scripts import read_scripts, script_url

ROOT = Path(__file__).resolve().parents[3]


def test_a_script_may_be_kept_for_ever_and_comes_zipped(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        url = script_url("judge/sheet.js")
    plain = client.get(url)
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.mimetype == "text/javascript"
    zipped = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert b"location.hash" in plain.data


@pytest.mark.parametrize("name", ["judge/sheet.js", "sheet.js", "plain_judge.js", "codes_in.js"])
def test_a_page_older_than_the_program_gets_todays_script_but_may_not_keep_it(
    client: FlaskClient, name: str
) -> None:
    answer = client.get(f"/assets/js-0000000000000000/{name}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing.js", "../css/base.css", "%2e%2e/css/base.css"])
def test_what_is_no_script_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/assets/js-0000000000000000/{name}").status_code == 404


def test_the_digest_follows_every_file(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    before = read_scripts(tmp_path).digest
    (tmp_path / "a.js").write_text("2")
    assert read_scripts(tmp_path).digest != before


def test_the_service_worker_stands_at_the_top_and_is_asked_for_anew(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert re.search(rb"addEventListener\(.fetch.,", answer.data)
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_only_whole_lines_of_comment_and_indents_are_left_out() -> None:
    written = """// What it does.

/** How.
 *  And why. */
export function twice(a) {
  // Not a sum.
  const url = "https://elsewhere/";  // stays
  return a * 2;
}
"""
    assert (
        squeeze(written)
        == """export function twice(a) {
const url = "https://elsewhere/";  // stays
return a * 2;
}
"""
    )


def test_no_template_string_of_ours_spans_lines() -> None:
    for path in sorted((ROOT / "static/js").rglob("*.js")):
        text = re.sub(r"^\s*(//|/?\*).*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for number, line in enumerate(text.splitlines(), start=1):
            assert line.count("`") % 2 == 0, f"{path.name}:{number}"
