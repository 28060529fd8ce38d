"""Accessibility by axe, on a page whose animations have come to rest."""

from __future__ import annotations

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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

# Of what is alike, as the rows of a long table are, two are asked about. Alike are elements of
# one style with the same attributes, but for how a free text goes on, and the same inside them,
# within elements that are alike.
LEAVE_OUT_ALIKE = """() => {
  const STYLES = ["color", "background-color", "background-image", "opacity", "font-size",
    "font-weight", "text-shadow", "text-decoration-line", "position", "z-index", "display",
    "visibility", "overflow-x", "overflow-y"];
  const FREE = new Set(["id", "name", "value", "title", "alt", "aria-label", "placeholder", "src",
    "srcset", "style", "datetime", "href", "action", "formaction", "max", "min", "maxlength"]);
  const LEADING = new Set(["for", "list", "form", "headers", "popovertarget", "commandfor",
    "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details",
    "aria-errormessage", "aria-activedescendant"]);
  let leftOut = new WeakSet();
  const rule = Object.getPrototypeOf(axe._audit.rules[0]);
  const { gather } = rule;
  rule.gather = function (...all) {
    return gather.apply(this, all).filter(({ actualNode }) => !leftOut.has(actualNode));
  };
  // None, one sign, more.
  const length = (text) => Math.min([...text.trim()].length, 2);
  const target = (each, id) => {
    const to = document.getElementById(id);
    return to ? [to.localName, each.contains(to), length(to.textContent)].join() : "nowhere";
  };
  const said = (each, { name, value }) => {
    if (LEADING.has(name)) return value.split(/\\s+/).map((id) => target(each, id)).join();
    if (name === "href" && value.startsWith("#")) return target(each, value.slice(1));
    if (FREE.has(name)) return length(value);
    return name.startsWith("data-") || each.ownerSVGElement ? "" : value;
  };
  window.leaveOutAlike = () => {
    const numbers = new Map();
    const number = (text) => {
      if (!numbers.has(text)) numbers.set(text, numbers.size);
      return numbers.get(text);
    };
    const outside = new Map();
    const whole = new Map();
    const compare = (each) => {
      const style = getComputedStyle(each);
      const own = [each.localName, ...STYLES.map((name) => style.getPropertyValue(name))];
      own.push(...[...each.attributes].map((has) => `${has.name}=${said(each, has)}`));
      own.push(...[...(each.labels ?? [])].map((label) => length(label.textContent)));
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) {
        own.push(each.scrollWidth > each.clientWidth, each.scrollHeight > each.clientHeight);
      }
      outside.set(each, number(own.join("|")));
      const parts = [outside.get(each)];
      for (const child of each.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) parts.push(`text ${length(child.data)}`);
        if (child.nodeType === Node.ELEMENT_NODE) parts.push(compare(child));
      }
      whole.set(each, number(parts.join()));
      return whole.get(each);
    };
    const met = new Map();
    const walk = (each, within) => {
      const kind = number(`${within} holds ${whole.get(each)}`);
      met.set(kind, (met.get(kind) ?? 0) + 1);
      if (met.get(kind) > 2) {
        for (const out of [each, ...each.querySelectorAll("*")]) leftOut.add(out);
        return;
      }
      const here = number(`${within} in ${outside.get(each)}`);
      for (const child of each.children) walk(child, here);
    };
    leftOut = new WeakSet();
    compare(document.body);
    walk(document.body, "");
  };
}"""

# Files that axe would fetch beside sounds and films are for a rule that it does not run.
ASK = """async ([only, resized]) => {
  // Brought to its end, not waited for: one of a page that draws nothing just then never ends.
  for (const moving of document.getAnimations()) {
    if (moving.effect.getComputedTiming().endTime < Infinity) moving.finish();
  }
  window.leaveOutAlike();
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

    Of places that are alike two are named.

    `resized`: nothing was changed since it was last asked but the window, so that colours, more
    than half of the work, are looked at where something was not shown before.
    """
    if not page.evaluate("'axe' in window"):
        # Half a megabyte: once for each page that was loaded.
        page.evaluate(Axe().axe_script)
        page.evaluate(REMEMBER_COLOURS)
        page.evaluate(LEAVE_OUT_ALIKE)
    found: list[list[str]] = page.evaluate(ASK, [list(only), resized])
    return found
