"""Names of people: what is none."""

from __future__ import annotations

import pytest

from compete.domain.identity.names import no_name


@pytest.mark.parametrize(
    "name",
    ["<b>张三</b>", "张三<script>", "&lt;i&gt;李四", "http://a", "{{7*7}}", "张\\三", "`王`"],
)
def test_markup_is_no_name(name: str) -> None:
    assert no_name(name) is not None


@pytest.mark.parametrize(
    "name", ["张三", "杨 海东", "古丽·买买提", "O'Neil", "Jean-Luc", "张三（大）", "D. H. Lee"]
)
def test_what_people_are_called_is_one(name: str) -> None:
    assert no_name(name) is None
