"""Single items and prizes in the form of rules: their kinds, holders and conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from flask_babel import gettext as _

from compete.domain.bundle.event_types import Event
from compete.services.competitions.award_draft import AwardDraft
from compete.services.competitions.item_draft import ItemDraft
from compete.web.organiser.rules.events.shapes import AwardView, ItemView, Words

_CONDITIONS = ("scope", "round", "at_least", "min_total", "within", "pass_modules")
_USUAL = AwardDraft()
_AWARD = re.compile(r"awards\[\d+\](?:\.(\w+))?")


def item_words(rules: Event, items: Sequence[ItemDraft]) -> Mapping[str, str]:
    """Parts and modules of the last stage in force, and whatever the `items` are of."""
    last = rules.stages[-1]
    words = {"": _("没选")}
    words |= {part.code: part.name for part in last.parts}
    words |= {module.code: module.name for module in last.modules}
    for item in items:
        words.setdefault(item.of, item.of)
    return words


def item_views(items: Sequence[ItemDraft], blank: int, *, adds: bool) -> list[ItemView]:
    """List the rows, and `blank` new ones; if it `adds`, each with one more tie."""
    return [
        ItemView(path=f"items[{n}]", draft=item, ties=[*item.ties, *([""] if adds else [])])
        for n, item in enumerate((*items, *[ItemDraft()] * blank))
    ]


def award_words(*, newest: bool) -> Words:
    """Return the choices for a prize, as the version of the file has them."""
    passing = {"": _("不看"), "all": _("有合格线的都要合格")}
    if newest:
        passing = {
            "": _("不看"),
            "all": _("每个赛段有合格线的都要合格"),
            "taken": _("到过的赛段里有合格线的都要合格"),
        }
    return {
        "scope": {"entrants": _("个人"), "teams": _("代表队"), "items": _("每个单项")},
        "round": {"half_up": _("四舍五入"), "floor": _("舍去小数"), "ceil": _("有小数就进一")},
        "passing": passing,
    }


def award_views(
    awards: Sequence[AwardDraft], told: Mapping[str, str], blank: int
) -> list[AwardView]:
    """List the rows, and `blank` new ones; `told` are sentences beside fields."""
    return [
        AwardView(path=path, draft=award, more=list(_more(award)), opens=_opens(path, told))
        for path, award in (
            (f"awards[{n}]", award) for n, award in enumerate((*awards, *[AwardDraft()] * blank))
        )
    ]


def award_fault(path: str) -> str | None:
    """Explain a fault at this place of a file in the form's words; None for other places."""
    found = _AWARD.fullmatch(path)
    if found is None:
        return None
    return {
        None: _("人数和百分比写一样，也只写一样"),
        "pass_modules": _("给单项的奖不看模块合格不合格，这里不要勾"),
        "scope": _("还没有单项，不能给单项发奖"),
    }.get(found[1])


def _opens(path: str, told: Mapping[str, str]) -> bool:
    return any(f"{path}.{key}" in told for key in _CONDITIONS)


def _more(award: AwardDraft) -> Iterator[str]:
    """List the parts of a prize beyond its sentence."""
    choices = award_words(newest=True)
    for key in ("scope", "round", "pass_modules"):
        said = getattr(award, key)
        if said != getattr(_USUAL, key):
            offered = choices["passing" if key == "pass_modules" else key]
            yield offered.get(said, said)
    for said, word in (
        (award.at_least, _("至少 %(n)s 个", n=award.at_least)),
        (award.min_total, _("%(n)s 分以上", n=award.min_total)),
        (award.within, _("相差 %(n)s 分以内的也给", n=award.within)),
    ):
        if said:
            yield word
