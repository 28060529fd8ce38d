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
