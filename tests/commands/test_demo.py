"""What `compete demo` says before it serves."""

from __future__ import annotations

import pytest

from compete.commands.demo import _print_links
from compete.domain.values.roles import ROLE_WORDS, Role
from compete.language import use_language
from compete.services.competitions.demonstration import Link


def test_the_links_are_listed_in_the_language_that_is_spoken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    links = [
        Link("吴敏", ROLE_WORDS[Role.ORGANISER], "", "t"),
        Link("许静", ROLE_WORDS[Role.JUDGE], "J03", "u"),
    ]
    use_language("en")
    _print_links("http://here", links, lan=False)
    output = capsys.readouterr().out
    assert "Organiser\t吴敏\thttp://here/sign-in/t" in output
    assert "Judge J03\t许静\thttp://here/sign-in/u" in output
