"""Grade rules of a form of rules read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from compete.services.competitions.grade_draft import GradeDraft
from compete.web.organiser.events.form_texts import chosen, line, lines, number, rows

_TEXTS = {
    "cite": "cite",
    "max_rank": "when.max_rank",
    "item": "when.item.code",
    "item_rank": "when.item.max_rank",
    "top_percent": "when.top_percent",
    "min_total": "when.min_total",
    "passing": "when.pass_modules",
    "at_least": "when.holds.at_least",
    "at_most": "when.holds.at_most",
    "min_ranked": "when.min_ranked",
    "to": "grant.to",
    "up": "grant.up",
    "floor": "grant.floor",
    "ceiling": "grant.ceiling",
    "max_step": "grant.max_step",
    "titles": "grant.titles",
}
"""By what a draft calls it, the field in which it is."""
_CODES = ("item", "passing")
_TICKED = {
    "levels": "when.levels",
    "groups": "when.groups",
    "awards": "when.awards",
    "passed": "when.pass_modules",
    "roles": "when.roles",
}
"""Lists of which each thing has a box of its own: `when.levels.municipal`."""


def grades_in(form: Mapping[str, str], before: Sequence[GradeDraft]) -> tuple[GradeDraft, ...]:
    """The rules; those that a form does not have stay. Empty new ones are left out."""
    sent = {name: text for name, text in form.items() if name.startswith("grades[")}
    if not sent:
        return tuple(before)
    known = {rule.was: rule for rule in before}
    read = (_rule(sent, path, known) for path in rows(sent, "grades", "grant.to"))
    return tuple(rule for rule in read if not rule.is_blank)


def _rule(form: Mapping[str, str], path: str, known: Mapping[str, GradeDraft]) -> GradeDraft:
    was = form.get(f"{path}.was", "")
    old = known.get(was, GradeDraft())
    texts = {name: number(form, f"{path}.{field}") for name, field in _TEXTS.items()}
    texts |= {name: form.get(f"{path}.{_TEXTS[name]}", "") for name in _CODES}
    texts["top_percent"] = texts["top_percent"].removesuffix("%")
    texts["cite"] = line(form, f"{path}.cite")
    texts["titles"] = lines(form, f"{path}.grant.titles")
    ticked = {
        name: _ticked(form, f"{path}.{field}.", getattr(old, name))
        for name, field in _TICKED.items()
    }
    return GradeDraft(
        was=was if was in known else "",
        cite=texts["cite"],
        levels=ticked["levels"],
        groups=ticked["groups"],
        max_rank=texts["max_rank"],
        awards=ticked["awards"],
        item=texts["item"],
        item_rank=texts["item_rank"],
        top_percent=texts["top_percent"],
        min_total=texts["min_total"],
        passing=texts["passing"],
        passed=ticked["passed"],
        once_a_year=f"{path}.when.once_a_year" in form,
        under=chosen(form, f"{path}.when.under"),
        at_least=texts["at_least"],
        at_most=texts["at_most"],
        min_ranked=texts["min_ranked"],
        roles=ticked["roles"],
        to=texts["to"],
        up=texts["up"],
        floor=texts["floor"],
        ceiling=texts["ceiling"],
        max_step=texts["max_step"],
        titles=texts["titles"],
    )


def _ticked(form: Mapping[str, str], start: str, old: Sequence[str]) -> tuple[str, ...]:
    """What was ticked: first what was before, in its order."""
    found = [name.removeprefix(start) for name in form if name.startswith(start)]
    return (*(code for code in old if code in found), *(it for it in found if it not in old))


def grade_fields(grades: Iterable[GradeDraft]) -> dict[str, str]:
    """What stands in each field of them; a list of boxes stands as a whole."""
    names: dict[str, str] = {}
    for n, rule in enumerate(grades):
        path = f"grades[{n}]"
        names |= {
            f"{path}.{field}": " ".join(getattr(rule, name)) for name, field in _TICKED.items()
        }
        names |= {f"{path}.{field}": getattr(rule, name) for name, field in _TEXTS.items()}
        names |= {f"{path}.when.under[{k}]": code for k, code in enumerate((*rule.under, ""))}
    return names
