"""The officials' list in words: what each marks, their sheets by state, their card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from compete.domain.stations import station_order
from compete.domain.values.rights import HOLDERS, Right
from compete.domain.values.roles import MARKING_ROLES, ROLE_WORDS, Role
from compete.domain.values.states import HANDED_IN, CompetitionState
from compete.models import Competition, Judge, Unit, utc_now
from compete.services.accounts.second_persons import NO_SECOND_PERSON_FOR
from compete.services.judging.judge_replacement import is_replaceable, states_that_stay
from compete.services.judging.panels.judge_progress import JudgeLine, assignments_of
from compete.services.kernel.event_rules import module_key
from compete.services.registration.officials import roles_to_add
from compete.services.schedule.allocation import full_stations
from compete.web.organiser.competition_words import module_choices
from compete.web.organiser.places import place_key, places_of
from compete.web.shapes import Choice, choices
from compete.web.templating import moment, role_word
from compete.web.words import some_names

REPLACEABLE = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialRow:
    """An official: role, modules, sheets, card, and what is amiss."""

    judge: Judge
    role: str
    modules: Sequence[str]
    all: int
    """Sheets in total, and those handed in."""
    done: int
    card: str
    """The state of the card in use: used or not; empty if there is none."""
    no_card: str
    """Why there is none in use."""
    warning: str | None
    replaceable: bool
    """True if another may take over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialForm:
    """The form that adds an official."""

    roles: Sequence[Choice]
    units: Sequence[Choice]
    """The units that they may be of; empty if the competition has none."""
    role: str
    name: str
    unit: str
    error: str | None
    """The fault of the name that was typed."""


def judge_row(competition: Competition, line: JudgeLine) -> OfficialRow:
    """Describe one official as the list shows them."""
    judge, card = line.judge, line.card
    role, used = judge.role or Role.JUDGE, _("没用过")
    if card is not None and card.used_at:
        used = _("%(at)s 用过", at=moment(card.used_at))
    return OfficialRow(
        judge=judge,
        role=role_word(role),
        modules=line.modules,
        all=sum(line.sheets.values()),
        done=sum(line.sheets[state] for state in HANDED_IN),
        card=used if card is not None else "",
        no_card=_no_card(line),
        warning=_no_seat(line) if role in MARKING_ROLES and not line.modules else None,
        replaceable=bool(line.modules or line.sheets.keys() - states_that_stay(competition))
        and is_replaceable(judge)
        and competition.state in REPLACEABLE,
    )


def cards_warning(lines: Sequence[JudgeLine]) -> str | None:
    """Name those who are no second person for a day once cards are printed now; None: nobody.

    A card that was used has its PIN: whoever prints that one has nothing in hand.
    """
    names = [
        line.judge.name
        for line in lines
        if (line.judge.role or Role.JUDGE) in HOLDERS[Right.AGREE].roles
        and (line.card is None or line.card.used_at is None)
    ]
    if not names:
        return None
    return _(
        "现在打印或发卡，到 %(until)s 以前你和 %(names)s 不能互当第二个人"
        "（扣罚、缺考、取消、解锁、撤销都要两个人）。设过 PIN 的不变。"
        "当天要办的，当面办或交签字件。",
        until=moment(utc_now() + NO_SECOND_PERSON_FOR),
        names=some_names(names),
    )


def _no_seat(line: JudgeLine) -> str:
    """Say that a judge was taken off after marking, or never had a seat."""
    return _("现在没有席位") if any(line.sheets.values()) else _("还没分工")


def _no_card(line: JudgeLine) -> str:
    """Say why an official has no card in use."""
    if line.lost is not None:
        return _("%(at)s 收回了职责", at=moment(line.lost.at))
    if line.void is not None:
        return _("%(at)s 作废了", at=moment(line.void.cancelled_at))
    return _("没发过")


def modules_to_seat(competition: Competition) -> list[Choice]:
    """The modules as choices: a panel that has its judges says so before anybody is chosen."""
    seats: dict[str, list[tuple[int, str]]] = {}
    for event, row in assignments_of(competition):
        place = module_key(event, row.stage, row.module)
        seats.setdefault(place, []).append((row.judge_id, row.station))
    sizes = {place_key(it): it.module.panel.size for it in places_of(competition)}
    offered = []
    for choice in module_choices(competition):
        size = sizes[choice.value]
        full = full_stations(seats.get(choice.value, []), size)
        if "" in full:
            note = _("%(module)s（每组 %(size)s 名，已满）", module=choice.label, size=size)
            choice = replace(choice, label=note)
        elif full:
            note = _(
                "%(module)s（每组 %(size)s 名，%(stations)s 已满）",
                module=choice.label,
                size=size,
                stations=some_names(sorted(full, key=station_order)),
            )
            choice = replace(choice, label=note)
        offered.append(choice)
    return offered


def unit_choices(competition: Competition) -> list[Choice]:
    """The units that somebody may be of, with none first; empty where there are no units."""
    units = sorted(competition.units, key=lambda unit: unit.code)
    none = {"": _("不是参赛单位的")} if units else {}
    return choices({**none, **{unit.code: unit.name for unit in units}})


def official_form(
    competition: Competition,
    role: str = "",
    name: str = "",
    error: str | None = None,
    unit: str = "",
) -> OfficialForm:
    """Build the form that adds an official, with the typed values if it was refused."""
    offered = roles_to_add(competition)
    # The chief is wanted first, and after him it is judges, one by one.
    usual = Role.CHIEF if Role.CHIEF in offered else Role.JUDGE
    return OfficialForm(
        roles=choices({choice.value: role_word(choice) for choice in offered}),
        role=role if role in {choice.value for choice in offered} else usual.value,
        name=name,
        units=unit_choices(competition),
        unit=unit,
        error=error,
    )


_APART = re.compile(r"\t+|[，,]|\s{2,}|　")


def official_lines(text: str, role: Role, unit: Unit | None) -> list[dict[str, str]]:
    """People a line each as the rows of a workbook: name, then the unit where the line has one.

    Without any line a row without a name, which is refused as such.
    """
    rows = []
    for line in [part.strip() for part in text.splitlines() if part.strip()] or [""]:
        name, *rest = [part.strip() for part in _APART.split(line)]
        unit_name = " ".join(rest) or (unit.name if unit else "")
        rows.append({"name": name, "duty": str(ROLE_WORDS[role]), "unit": unit_name, "code": ""})
    return rows
