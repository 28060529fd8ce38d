"""Pages on which nothing is folded, for tests of what stands in the folds."""

from __future__ import annotations

from playwright.sync_api import Page

_SHOWN = """addEventListener("DOMContentLoaded", () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("details::details-content { display: block; content-visibility: visible; }");
  document.adoptedStyleSheets.push(sheet);
});"""


def unfold(page: Page) -> None:
    """Show what is folded on every page that is opened from now on."""
    page.context.add_init_script(_SHOWN)
