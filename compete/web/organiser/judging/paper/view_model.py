"""Paper sheets in words: who has typed in what, and the form for the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.states import CompetitionState
from compete.models import Competition, Sheet
from compete.services.closing.paper_entry import paper_state, why_not_second_reader
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.sheets.act_rules import OPEN_STATES
from compete.services.sheets.counts import sheet_counts
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.judging.recheck.entry_form import field_row
from compete.web.organiser.places import (
    BoardModule,
    marks_list_url,
    place_key,
    place_label,
    places_of,
)
from compete.web.organiser.shapes import Link
from compete.web.shapes import Choice
from compete.web.templating import state_word


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """A paper sheet in a list."""

    sheet: Sheet
    key: str
    """The state's key in `_parts/states.html`, and its `word`."""
    word: str
    page: str
    """The page to do something about it, `sheet` or `paper_sheet`; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """An aspect with both readings."""

    code: str
    name: str
    differs: bool
    readings: Sequence[tuple[int, str]]
    """The reading of each recorder: the number of the entry, and the value."""
    tablet: str
    """The value that the judge's tablet itself has sent; empty for none."""


_WORDS = {"none": "not_begun", "open": "begun", "waits": "complete", "settled": "submitted"}


def blank_prints(competition: Competition) -> tuple[list[Choice], str]:
    """The modules for which there are empty sheets to print, and why there are no more."""
    if not guard.may_open("organiser.blank_sheets"):
        return [], ""
    if competition.state is CompetitionState.REGISTERING:
        return [], _("开始评分以后，这里打印空白表。")
    if competition.state is not CompetitionState.JUDGING:
        return [], _("评分锁定了，没有空白表要打印。")
    counts = sheet_counts(competition)
    left: list[BoardModule] = []
    done: list[BoardModule] = []
    for place in places_of(competition):
        here = counts.of(*place.codes)
        (left if here.left else done).append(place)
    return [Choice(value=place_key(place), label=place_label(place)) for place in left], (
        _(
            "没有没交的评分表，不用打印空白表：%(modules)s",
            modules=_("、").join(place_label(place) for place in done),
        )
        if done
        else ""
    )


def marks_lists(competition: Competition) -> list[Link]:
    """The modules whose marks may be brought as a list."""
    return [
        Link(label=place_label(place), url=url)
        for place in places_of(competition)
        if (url := marks_list_url(place)) is not None
    ]


def sheet_row(sheet: Sheet) -> PaperRow:
    """Describe one paper sheet in the list: its state, and where it is typed in or settled."""
    state = paper_state(sheet, current_user)
    words = {
        "none": state_word(sheet.state),
        "open": _("%(device)s 读了，等你录", device=state.by_device.device)
        if state.by_device
        else _("另一位录了，等你录"),
        "waits": _("你录了，等另一位"),
        "differs": _("两个人录的不一样"),
        "settled": _("录完了"),
    }
    shut = not state.settled and sheet.state not in OPEN_STATES
    if shut and state.word != "none":
        # What was begun on paper has come from the tablet since.
        words[state.word] = _("平板上的已经交了，不用再录")
    return PaperRow(
        sheet=sheet,
        key=sheet.state.value if shut else _WORDS.get(state.word, "returned"),
        word=words[state.word],
        page="" if shut or state.settled else "paper_sheet",
    )


def otherwise_row(sheet: Sheet) -> PaperRow:
    """Describe a sheet that a file contradicts; its page shows both."""
    key, word = sheet.state.value, state_word(sheet.state)
    return PaperRow(sheet=sheet, key=key, word=word, page="sheet")


def entry_form(
    sheet: Sheet, typed: Mapping[str, str], faults: Mapping[str, str], problem: str | None
) -> str:
    """Render the recorder's fields, with this recorder's own values; never the other's."""
    state = paper_state(sheet, current_user)
    mine = state.mine
    if not typed and mine is not None:
        typed = {f"v-{code}": text or "" for code, text in mine.values.items()}
        if mine.signed:
            typed = {**typed, "signed": "yes"}
    module = module_of_sheet(sheet)
    barred = why_not_second_reader(sheet, current_user)
    other = _("和另一位录的不一样，照着纸再看一眼")
    return render_template(
        "organiser/judging/paper/sheet.html",
        problem=problem,
        sheet=sheet,
        fields=[
            field_row(
                aspect,
                typed,
                faults.get(aspect.code) or (other if aspect.code in state.differs else None),
            )
            for aspect in module.aspects
        ],
        signed="signed" in typed,
        signature_differs=state.signature_differs,
        faults=len(faults),
        differs=len(state.differs) + state.signature_differs,
        waits=state.word == "waits",
        shut=sheet.state not in OPEN_STATES,
        barred=say(barred),
    )
