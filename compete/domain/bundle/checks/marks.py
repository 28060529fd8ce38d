"""Checks of marks and whatever else is written down about an entrant in a module."""

from decimal import Decimal

from compete.domain.aspects.types import Aspect, AspectType
from compete.domain.bundle.checks.codes import Codes, note_reference
from compete.domain.bundle.checks.entries import find_module, note_entries
from compete.domain.bundle.checks.values import accepts, shown_value, wanted_value
from compete.domain.bundle.event_types import Event, Module
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Bundle, Mark
from compete.domain.values.messages import listed, msg
from compete.domain.values.numerals import plain


class Panel:
    """The entrants whom each judge has judged in one module."""

    __slots__ = ("judges", "size")

    def __init__(self, module: Module) -> None:
        self.size = module.panel.size
        self.judges: dict[str, set[str]] = {}

    def is_one_too_many(self, entrant: str, judge: str) -> bool:
        """True if the judge comes new to the entrant, whose panel is full."""
        judges = self.judges.get(entrant)
        if judges is None:
            judges = self.judges[entrant] = set()
        if judge in judges:
            return False
        judges.add(judge)
        return len(judges) > self.size


class AspectMarks:
    """An aspect, to which marks come."""

    __slots__ = ("accepted", "accepts", "aspect", "difficulties", "has_difficulty", "panel")

    def __init__(self, aspect: Aspect, panel: Panel) -> None:
        self.aspect = aspect
        self.panel = panel
        self.accepts = accepts(aspect)
        self.accepted: set[Decimal] = set()
        """Values that were accepted before, a few thousand of them."""
        self.has_difficulty = aspect.type is AspectType.FACTORED
        self.difficulties: dict[tuple[str, str], tuple[int, Decimal]] = {}
        """By entrant and judge the place of the mark that counts, and its difficulty."""

    def takes(self, value: Decimal | bool) -> bool:
        """True if the value is allowed, or could not be read."""
        if value.__class__ is Decimal and value in self.accepted:
            return True
        if not self.accepts(value):
            return value is UNREADABLE
        # True is 1 to a set, and no score. What has a difficulty is looked at each time.
        is_kept = not self.has_difficulty and len(self.accepted) < _MOST_KEPT
        if is_kept and isinstance(value, Decimal):
            self.accepted.add(value)
        return True

    def note_difficulty(self, mark: Mark, index: int, problems: Problems) -> None:
        """Note a difficulty that is lacking, or that the aspect does not offer."""
        self.difficulties.pop((mark.entrant, mark.judge), None)
        difficulty, path = mark.difficulty, f"marks[{index}].difficulty"
        if difficulty is UNREADABLE or self.aspect.type is UNREADABLE:
            return
        if not self.has_difficulty:
            problems.add(path, msg("只有 factored 评分点的分数带 difficulty"))
        elif difficulty is None:
            problems.add(path, msg("factored 评分点的分数要带 difficulty"))
        elif UNREADABLE in (offered := (self.aspect.difficulties, *self.aspect.difficulties)):
            return
        elif difficulty not in offered:
            problems.add(
                path,
                msg(
                    "难度系数 %(found)s 不在评分点 %(aspect)s 列出的 %(listed)s 里",
                    found=plain(difficulty),
                    aspect=mark.aspect,
                    listed=listed(plain(it) for it in self.aspect.difficulties),
                ),
            )
        else:
            self.difficulties[mark.entrant, mark.judge] = index, difficulty

    def note_unlike(self, problems: Problems) -> None:
        """Note where the marks that count give one entrant several difficulties."""
        first: dict[str, Decimal] = {}
        for (entrant, _judge), (index, difficulty) in sorted(
            self.difficulties.items(), key=lambda item: item[1]
        ):
            if first.setdefault(entrant, difficulty) != difficulty:
                problems.add(
                    f"marks[{index}].difficulty",
                    msg(
                        "选手 %(entrant)s 在评分点 %(aspect)s 的难度系数是 %(first)s，"
                        "这里是 %(found)s：各裁判的要一样",
                        entrant=entrant,
                        aspect=self.aspect.code,
                        first=plain(first[entrant]),
                        found=plain(difficulty),
                    ),
                )


_MOST_KEPT = 4096

Sheet = dict[str, AspectMarks]
"""The aspects of a module by code."""

Places = dict[tuple[str, str], Sheet]
"""The sheets of an event by stage and module."""

_NO_PLACES: Places = {}
_NO_SHEET: Sheet = {}


def note_marks(bundle: Bundle, problems: Problems) -> None:
    """Problems of marks, outcomes, penalties and times."""
    events = {event.code: event for event in bundle.events}
    entrants = Codes(bundle.entrants)
    note_entries(bundle, entrants, events, problems)
    if not bundle.marks:
        return
    by_event = {code: _places(event) for code, event in events.items()}
    places = {
        code: by_event[entrant.event]
        for code, entrant in entrants.by_code.items()
        if entrant.event in by_event
    }
    judges = Codes(bundle.judges)
    known_judges = judges.by_code

    def note_mark(mark: Mark, index: int, sheet: Sheet) -> None:
        """All that may be wrong with one mark."""
        place = sheet.get(mark.aspect)
        if place is None:
            _note_nowhere(mark, index, entrants, events, problems)
        elif not place.takes(mark.value):
            _note_value(mark, index, place.aspect, problems)
        if place is not None and (place.has_difficulty or mark.difficulty is not None):
            place.note_difficulty(mark, index, problems)
        if mark.judge not in known_judges:
            note_reference(mark.judge, judges, f"marks[{index}].judge", "judges", problems)
        elif place is not None and place.panel.is_one_too_many(mark.entrant, mark.judge):
            _note_too_many(mark, index, place.panel.size, problems)

    # Marks of one sheet mostly stand together: then only aspect and value are looked at.
    sheet = _NO_SHEET
    stage = module = entrant = judge = None
    for index, mark in enumerate(bundle.marks):
        if (
            mark.judge != judge
            or mark.entrant != entrant
            or mark.module != module
            or mark.stage != stage
        ):
            stage, module, entrant, judge = mark.stage, mark.module, mark.entrant, mark.judge
            sheet = places.get(entrant, _NO_PLACES).get((stage, module), _NO_SHEET)
            note_mark(mark, index, sheet)
            if judge not in known_judges or mark.aspect not in sheet:
                judge = None
            continue
        value = mark.value
        place = sheet.get(mark.aspect)
        if (
            place is None
            or value.__class__ is not Decimal
            or value not in place.accepted
            or mark.difficulty is not None
        ):
            note_mark(mark, index, sheet)
    for own in by_event.values():
        for sheet in own.values():
            for place in sheet.values():
                place.note_unlike(problems)


def _places(event: Event) -> Places:
    places: Places = {}
    for stage in event.stages:
        for module in stage.modules:
            panel = Panel(module)
            sheet = places.setdefault((stage.code, module.code), {})
            for aspect in module.aspects:
                sheet[aspect.code] = AspectMarks(aspect, panel)
    return places


def _note_nowhere(
    mark: Mark, index: int, entrants: Codes, events: dict[str, Event], problems: Problems
) -> None:
    """Say which of the codes of a mark points nowhere."""
    path = f"marks[{index}]"
    module = find_module(mark, path, entrants, events, problems)
    if module is not None:
        where = msg("模块 %(module)s 的评分点", module=mark.module)
        note_reference(mark.aspect, Codes(module.aspects), f"{path}.aspect", where, problems)


def _note_value(mark: Mark, index: int, aspect: Aspect, problems: Problems) -> None:
    problems.add(
        f"marks[{index}].value",
        msg(
            "裁判 %(judge)s 给选手 %(entrant)s 的评分点 %(aspect)s 打了 %(found)s，"
            "应当是%(wanted)s",
            judge=mark.judge,
            entrant=mark.entrant,
            aspect=mark.aspect,
            found=shown_value(mark.value),
            wanted=wanted_value(aspect),
        ),
    )


def _note_too_many(mark: Mark, index: int, size: int, problems: Problems) -> None:
    problems.add(
        f"marks[{index}].judge",
        msg(
            "选手 %(entrant)s 在模块 %(module)s 只要 %(size)s 位裁判，裁判 %(judge)s 是多出来的",
            entrant=mark.entrant,
            module=mark.module,
            size=size,
            judge=mark.judge,
        ),
    )
