"""Templates read only what the view models have; a name misspelt there says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from compete.web.organiser.shapes import Link
from tests.look.environment import environment
from tests.look.pages import PAGES, Look


@pytest.mark.parametrize("look", PAGES, ids=lambda look: look.name)
def test_a_page_reads_no_field_that_its_types_lack(look: Look, tmp_path: Path) -> None:
    assert environment(tmp_path).get_template(look.template).render(**look.sample())


@pytest.mark.parametrize("name", ["each.lable", "each['lable']"])
def test_a_misspelt_field_is_an_error(name: str, tmp_path: Path) -> None:
    template = environment(tmp_path).from_string("{% if " + name + " %}there{% endif %}")
    with pytest.raises(UndefinedError, match="Link object' has no attribute"):
        template.render(each=Link(label="去看", url="#"))
    assert template.render(each={}) == ""
