"""Unfolded form of rules, with all its steps shown, for tests of what stands in them."""

from __future__ import annotations

from playwright.sync_api import Page

_SHOWN = """addEventListener("DOMContentLoaded", () => {
  const sheet = new CSSStyleSheet();
  const folds = ":is(.rule-step, .rule-more, .rule-sheet)::details-content";
  sheet.replaceSync(`${folds} { display: block; content-visibility: visible; }`);
  document.adoptedStyleSheets.push(sheet);
});"""


def unfold(page: Page) -> None:
    """Show every step on each page that is opened from now on."""
    page.context.add_init_script(_SHOWN)
