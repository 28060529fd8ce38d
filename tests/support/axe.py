"""Accessibility by axe, on a page whose animations have come to rest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Axe keeps the parts of each of its thousands of colours in weak maps, a quarter of its work. In
# these they are kept on the colour itself: a page that is looked at is soon closed.
WITH_QUICK_MAPS = """((WeakMap, WeakSet) => { %s })(...(() => {
  class Kept {
    #key = Symbol();
    has(of) { return this.#key in of; }
    get(of) { return of[this.#key]; }
    set(of, value) { of[this.#key] = value; return this; }
    add(of) { of[this.#key] = true; return this; }
    delete(of) { return delete of[this.#key]; }
  }
  return [Kept, Kept];
})())"""

# Half of what axe works out is colours, the same few words ten thousand times a page.
REMEMBER_COLOURS = """() => {
  const { Color } = axe.commons.color;
  const read = Color.prototype.parseString;
  const known = new Map();
  Color.prototype.parseString = function (text) {
    if (!known.has(text)) known.set(text, read.call(new Color(0, 0, 0, 1), text));
    const { r, g, b, alpha } = known.get(text);
    return Object.assign(this, { r, g, b, alpha });
  };
}"""

# Files that axe would fetch beside sounds and films are for a rule that it does not run.
ASK = """async ([only, resized]) => {
  // Brought to its end, not waited for: one of a page that draws nothing just then never ends.
  for (const moving of document.getAnimations()) {
    if (moving.effect.getComputedTiming().endTime < Infinity) moving.finish();
  }
  const options = { resultTypes: ["violations"], preload: { assets: ["media"] } };
  if (only.length) options.runOnly = only;
  const shown = [...document.body.querySelectorAll("*")].filter((each) => each.checkVisibility());
  const colours = { ...options, runOnly: ["color-contrast"] };
  if (resized) options.rules = { "color-contrast": { enabled: false } };
  const { violations } = await axe.run(options);
  if (resized) {
    // A page that follows what is recorded may have put others in their place meanwhile.
    const fresh = new Set(
      shown.filter((each) => each.isConnected && !window.lookedAt.has(each)));
    const include = [...fresh].filter((each) => !fresh.has(each.parentElement));
    if (include.length) violations.push(...(await axe.run({ include }, colours)).violations);
  } else {
    window.lookedAt = new WeakSet();
  }
  for (const each of shown) window.lookedAt.add(each);
  return violations.map(({ id, nodes }) =>
    [id, ...nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`)]);
}"""


def violations(page: Page, only: Sequence[str] = (), *, resized: bool = False) -> list[list[str]]:
    """List rules that the page breaks, each with where; of all rules, or `only` these.

    `resized`: nothing was changed since it was last asked but the window, so that colours, more
    than half of the work, are looked at where something was not shown before.
    """
    if not page.evaluate("'axe' in window"):
        # Half a megabyte: once for each page that was loaded.
        page.evaluate(_script())
        page.evaluate(REMEMBER_COLOURS)
    faults: list[list[str]] = page.evaluate(ASK, [list(only), resized])
    return faults


@lru_cache
def _script() -> str:
    return WITH_QUICK_MAPS.replace("%s", Axe().axe_script)
