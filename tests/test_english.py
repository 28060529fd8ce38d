"""English as it ships: nothing is counted in the plural that may be one."""

from __future__ import annotations

import re
from gettext import GNUTranslations
from pathlib import Path

from tools.translations import load

ROOT = Path(__file__).parents[1]

ONE_OF_THEM = re.compile(r"%\((?:n|count|apart|limit|left|entrants|sheets)\)s ([a-z]+s)\b")
"""A number that may be one, and a plural behind it."""
NO_PLURALS = {"is", "was", "has", "as", "does", "waits", "gives", "stays", "leaves", "touches"}
MANY = {
    # Limits, and what there is always more than one of.
    "characters", "units", "digits", "judges", "members", "sheets", "hours", "photos",
    "bits", "bytes", "rows", "columns",
}  # fmt: skip


def test_english_says_no_plural_of_what_may_be_one() -> None:
    texts = {
        (entry.string, match[1])
        for entry in load(ROOT, "en")
        if isinstance(entry.id, str) and isinstance(entry.string, str)
        for match in ONE_OF_THEM.finditer(entry.string)
        if match[1] not in NO_PLURALS | MANY
    }
    assert texts == set()
    assert not [e.string for e in load(ROOT, "en") if re.search(r"\brungs?\b", str(e.string))]


SETTLED = {
    r"\bveto": "disqualifying incident",
    r"\bred flag|\bflags? (?:is |may be )?kept for good": "challenge banner",
    r"\bon notice\b": "public notice until ...",
    r"\bmend(?:s|ed|ing)?\b": "correct",
    r"\branks to open|\bopen the champion": "still to reveal, reveal the champion",
    r"\bno doubles\b": "nothing is duplicated",
    r"\brules? on it\b": "decide it",
    r"\bbe recused by\b|\brecuse me\b": "recuse myself",
    r"\bjudges what\b": "modules",
    r"\bhanded over how\b": "method of collection",
    r"\bpenalty taken\b": "penalty applied",
    r"\bsenior \(level 3\)": "advanced skilled worker (level 3)",
    r"\b1 places\b": "a plural that may be one",
}
"""Words that were settled: {what is said no more: what is said}."""
CHINESE = re.compile("[\u4e00-\u9fff]")


def test_english_says_what_was_settled() -> None:
    texts = [str(message.string) for message in load(ROOT, "en")]
    assert {
        text for text in texts for word in SETTLED if re.search(word, text, re.IGNORECASE)
    } == set()
    # Chinese punctuation stands in English only where Chinese is quoted.
    assert [
        text for text in texts if re.search("[、，；：（）]", text) and not CHINESE.search(text)
    ] == []


CURLED = re.compile("[“”‘’]")


def test_english_has_the_straight_quotes_that_every_typeface_sets_narrow() -> None:
    """Chinese typefaces, which stand first, set curled ones as wide as a character."""
    assert not [message.id for message in load(ROOT, "en") if CURLED.search(str(message.string))]


def test_what_becomes_a_sentence_of_its_own_begins_with_a_capital() -> None:
    """`remark.js` joins these by full stops."""
    translations = {str(message.id): str(message.string) for message in load(ROOT, "en")}
    for text in ("你评的是 %(value)s", "最多差 %(limit)s 档", "最多差 %(limit)s 分", "要一样"):
        assert translations[text][0].isupper(), translations[text]


def test_what_has_a_plural_is_found_alone_too() -> None:
    """By itself Python before 3.11.5 would leave it in Chinese."""
    with (ROOT / "compete/translations/en/LC_MESSAGES/messages.mo").open("rb") as file:
        catalogue = vars(GNUTranslations(file))["_catalog"]
    plurals = {key[0] for key in catalogue if isinstance(key, tuple)}
    assert plurals
    assert plurals <= catalogue.keys()
