"""Single items and awards of a form of rules read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from compete.services.competitions.award_draft import AwardDraft
from compete.services.competitions.item_draft import ItemDraft
from compete.web.organiser.events.form_texts import chosen, line, number, rows

OF_AWARDS = ("scope", "round", "at_least", "min_total", "within")


def items_in(form: Mapping[str, str], before: Iterable[ItemDraft]) -> tuple[ItemDraft, ...]:
    """The single items; those that a form does not have stay."""
    if "items[0].of" not in form:
        return tuple(before)
    read = (
        ItemDraft(
            was=form.get(f"{path}.was", ""),
            name=line(form, f"{path}.name"),
            of=form[f"{path}.of"],
            ties=chosen(form, f"{path}.ties"),
        )
        for path in rows(form, "items", "of")
    )
    return tuple(item for item in read if not item.is_blank)


def awards_in(form: Mapping[str, str], before: Iterable[AwardDraft]) -> tuple[AwardDraft, ...]:
    """The awards in which something was written."""
    return tuple(award for award in _awards(form, before) if not award.is_blank)


def prize_fields(items: Iterable[ItemDraft], awards: Iterable[AwardDraft]) -> dict[str, str]:
    """What stands in each field of them."""
    names: dict[str, str] = {}
    for n, item in enumerate(items):
        names |= {f"items[{n}].name": item.name, f"items[{n}].of": item.of}
        names |= {f"items[{n}].ties[{k}]": key for k, key in enumerate((*item.ties, ""))}
    for n, award in enumerate(awards):
        values = {"name": award.name, "top": award.top, "ratio": award.percent}
        values |= {key: getattr(award, key) for key in OF_AWARDS}
        values["pass_modules"] = award.pass_modules
        names |= {f"awards[{n}].{key}": text for key, text in values.items()}
    return names


def _awards(form: Mapping[str, str], before: Iterable[AwardDraft]) -> Iterator[AwardDraft]:
    known = {award.was: award for award in before}
    for path in rows(form, "awards", "name"):
        was = form.get(f"{path}.was", "")
        award = replace(
            known.get(was, AwardDraft()),
            was=was if was in known else "",
            name=line(form, f"{path}.name"),
            top=number(form, f"{path}.top"),
            percent=number(form, f"{path}.ratio").removesuffix("%"),
        )
        if f"{path}.scope" in form:
            award = replace(
                award,
                scope=form[f"{path}.scope"],
                round=form.get(f"{path}.round", award.round),
                at_least=number(form, f"{path}.at_least"),
                min_total=number(form, f"{path}.min_total"),
                within=number(form, f"{path}.within"),
                pass_modules=form.get(f"{path}.pass_modules", ""),
            )
        yield award
