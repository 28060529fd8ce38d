"""Heads of columns of figures: a long name is told over the table, its column has a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from compete.domain.values.messages import Message, Translate, msg

_UNBROKEN = re.compile(r"[!-~]{10,}")
"""The text that no line breaks: it would run over the next column."""


def mark_heads(
    titles: Sequence[Message | str],
    translate: Translate | None,
    most: int,
    numbered: Callable[[int], Message] = lambda number: msg("项目 %(n)s", n=number),
) -> tuple[list[Message | str], list[str]]:
    """A head for each title, `numbered` where it is longer than `most`, and what these are.

    As a head, a name of more than `most` characters would fill the page.
    """
    heads: list[Message | str] = []
    notes = []
    for number_of_column, title in enumerate(titles, start=1):
        name = title.render(translate) if isinstance(title, Message) else title
        if len(name) <= most and not _UNBROKEN.search(name):
            heads.append(title)
            continue
        head = numbered(number_of_column)
        heads.append(head)
        notes.append(msg("%(head)s：%(name)s", head=head, name=name).render(translate))
    return heads, notes
