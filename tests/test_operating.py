"""The page for operators names every setting and every command it should."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETTING = re.compile(r"COMPETE_[A-Z_]*[A-Z]")
PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_the_settings_in_the_page_are_those_the_program_reads() -> None:
    read = {
        name
        for path in (ROOT / "compete").rglob("*.py")
        for name in SETTING.findall(path.read_text(encoding="utf-8"))
    }
    assert len(read) > 10
    assert set(re.findall(rf"^\| `({SETTING.pattern})`", PAGE, re.MULTILINE)) == read


def test_the_options_of_serve_in_the_page_are_those_it_has() -> None:
    import argparse

    from compete.commands import serve

    parser = argparse.ArgumentParser(add_help=False)
    serve.add_arguments(parser)
    has = {option for action in parser._actions for option in action.option_strings}
    section = PAGE[PAGE.index("| 选项 |") : PAGE.index("SIGTERM")]
    assert set(re.findall(r"`(--[a-z-]+)`", section)) == has
