from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import UndefinedError

from compete.web.organiser.shapes import Link


@pytest.mark.parametrize("name", ["link.lable", "link['lable']"])
def test_a_misspelt_field_is_an_error(app: Flask, name: str) -> None:
    template = app.jinja_env.from_string("{% if " + name + " %}there{% endif %}")
    with pytest.raises(UndefinedError, match="Link object' has no attribute"):
        template.render(link=Link(label="去看", url="#"))
    assert template.render(link={}) == ""


def test_what_is_not_given_is_an_error_where_it_is_shown_and_may_be_asked_for(app: Flask) -> None:
    jinja = app.jinja_env
    for shown in ("{{ row.lable }}", "{% for part in row.parts %}{% endfor %}", "{{ title }}"):
        with pytest.raises(UndefinedError):
            jinja.from_string(shown).render(row={})
    asked = "{% if row.note %}there{% endif %}{{ row.note | default('none') }}"
    assert jinja.from_string(asked).render(row={}) == "none"
