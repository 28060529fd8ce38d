"""A browser that cannot read a page's script says so; what is added works as the browser's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from compete.models import Account, Competition
from tests.support.announced import announce

OLDER = Path(__file__).resolve().parents[3] / "static/js/shared/older.js"
TRIED = """() => {
  const box = document.createElement("p");
  box.append("a", document.createElement("b"));
  box.replaceChildren("c", document.createElement("i"));
  const groups = Map.groupBy([1, 2, 3], (n) => n % 2);
  return [
    [5, 6].at(-1), [5].at(3) ?? null, "abc".at(1), new Uint8Array([7, 8]).at(-2),
    "a.b.c".replaceAll(".", "$&+"), "aXbx".replaceAll(/x/gi, ""), "a(b".replaceAll("(", () => "$1"),
    box.innerHTML, Object.hasOwn({ a: 1 }, "a"), Object.hasOwn({}, "toString"),
    [...groups.entries()],
  ];
}"""


def test_what_is_added_works_as_the_browsers_own(
    live_url: str, visitor: Callable[..., Any]
) -> None:
    page = visitor("phone").page()
    page.goto(f"{live_url}/")
    own = page.evaluate(TRIED)
    page.evaluate(
        """() => {
          const owners = [Array, String, Object.getPrototypeOf(Uint8Array)];
          for (const owner of owners) delete owner.prototype.at;
          delete String.prototype.replaceAll;
          delete Element.prototype.replaceChildren;
          delete Object.hasOwn;
          delete Map.groupBy;
        }"""
    )
    page.evaluate(f"() => {{ {OLDER.read_text(encoding='utf-8')} }}")
    assert "native" not in page.evaluate("() => String([].at) + Map.groupBy")
    assert page.evaluate(TRIED) == own


def test_a_script_that_cannot_be_read_is_told_in_words(
    judged: Competition, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    announce(judged, organiser)
    phone = visitor("phone")
    phone.expect("SyntaxError|Unexpected")
    page = phone.page()
    page.route("**/assets/js-*/**", lambda route: route.fulfill(
        body="class A { static { let a ? }", content_type="text/javascript"
    ))  # fmt: skip
    page.goto(f"{live_url}/p/X")
    expect(page.locator("#too-old")).to_contain_text("太旧")
    page.unroute("**/assets/js-*/**")
    page.reload()
    expect(page.locator("#too-old")).to_be_hidden()
