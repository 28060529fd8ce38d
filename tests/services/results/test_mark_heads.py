"""Heads of the columns of marks."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.services.results.mark_heads import mark_heads


def test_a_long_or_unbroken_name_is_told_by_its_number() -> None:
    titles = ["采样", "5 吨折叠平板清障车", "Abc-0123456789", msg("%(stage)s 总分", stage="预赛")]
    heads, legend = mark_heads(titles, None, 12)
    assert [head if isinstance(head, str) else head.render(None) for head in heads] == [
        "采样",
        "5 吨折叠平板清障车",
        "项目 3",
        "预赛 总分",
    ]
    assert legend == ["项目 3：Abc-0123456789"]
    assert mark_heads(titles, None, 8)[1] == [
        "项目 2：5 吨折叠平板清障车",
        "项目 3：Abc-0123456789",
    ]
