"""Commands speak Chinese, or the language that is asked for."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from compete import language
from compete.domain.values.messages import msg
from compete.language import say, translator, use_language

SENTENCE = msg("“%(code)s”在 %(where)s 里找不到", code="U9", where=msg("最后一个赛段"))


@pytest.fixture
def _catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An English catalogue of two sentences, in place of the one that ships."""
    catalogue = Catalog(locale="en")
    catalogue.add(SENTENCE.text, "“%(code)s” is not among %(where)s")
    catalogue.add("最后一个赛段", "the last stage")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    folder = tmp_path / "translations" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.mo").write_bytes(compiled.getvalue())
    monkeypatch.setattr("compete.resources.package_dir", lambda: tmp_path)


def test_chinese_is_what_stands_in_the_code() -> None:
    use_language(None)
    assert translator("zh") is None
    assert say(SENTENCE) == "“U9”在 最后一个赛段 里找不到"


@pytest.mark.usefixtures("_catalogue")
def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    use_language("en")
    assert say(SENTENCE) == "“U9” is not among the last stage"


@pytest.mark.usefixtures("_catalogue")
def test_the_environment_may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(language.VARIABLE, "en_GB.UTF-8")
    use_language(None)
    assert say(msg("最后一个赛段")) == "the last stage"
    use_language("zh")
    assert say(msg("最后一个赛段")) == "最后一个赛段"


@pytest.mark.usefixtures("_catalogue")
def test_what_has_no_translation_stays_chinese() -> None:
    use_language("en")
    assert say(msg("还没有译文")) == "还没有译文"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError, match="tlh"):
        use_language("tlh")
