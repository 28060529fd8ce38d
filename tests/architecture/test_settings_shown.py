"""Whoever sets a competition's settings by a form says what the form showed of them.

Else the later of two organisers writes over the earlier unseen. A new setting fails here until
its form has `as_shown`, or somebody writes down what keeps two from meeting on it.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import compete
from compete.resources import resource_dir

OTHERWISE = {
    # Compared with what was shown in another way.
    "units_from": "the window is merged (`merged`)",
    "units_until": "the window is merged (`merged`)",
    "unit_quota": "the window is merged (`merged`)",
    "certify_early": "the details are merged (`merged`)",
    "conditions": "`seen` is the mark of what the page showed",
    "entry_fields": "`seen` is the mark of what the page showed",
    "batch_before": "written once, as the next batch is made",
    "set_up": "each part is looked at under its mark",
    # Acts on one thing, not a form of values.
    "honours": "an act on one title",
    "overseers": "an act on one session",
    "asked": "asked for once, agreed to by a second person",
    "asked_roles": "asked for once, agreed to by a second person",
    "asked_stages": "asked for once, agreed to by a second person",
    "asked_tables": "asked for once under the mark of what stood, agreed to by two",
    "moved_tables": "what came of an act that two agreed to",
    "body": "one choice of a list",
    "must_sign": "a switch, under the state of each lock",
    "put_away": "a switch",
    "confirmed": "a pack is confirmed or not",
    "panels": "settled with the chief judge",
    "coding": "drawn once",
    "messages": "switches and words, each an act on one kind",
    "award_styles_made": "a count",
}


def test_each_setting_of_a_form_is_shown_with_it() -> None:
    services = Path(compete.__file__).parent / "services"
    written: set[str] = set()
    texts = (file.read_text("utf-8") for file in services.rglob("*.py"))
    for text in (text for text in texts if "change_settings(" in text):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "change_settings":
                written |= {keyword.arg for keyword in node.keywords if keyword.arg}
    shown = {
        name
        for template in resource_dir("templates").rglob("*.html")
        for call in re.findall(r"as_shown\(([^)]*)\)", template.read_text("utf-8"))
        for name in re.findall(r"'([a-z_]+)'", call)
    }
    assert written - shown - set(OTHERWISE) == set()
    assert set(OTHERWISE) <= written
    assert not shown & set(OTHERWISE)
