"""The file of a theory examination: its types, and its reading to values or to all that is wrong.

Attributes are the keys of the file; `docs/exam.md` tells what each means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from compete.domain.bundle.checks.codes import nowhere, used_twice
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.reader.words import TRUTH, clipped, mismatch
from compete.domain.exam.answers import Key, Keyed, QuestionKind, note_kind_keys, read_key
from compete.domain.exam.files import (
    POINTS_PLACES,
    SHA256,
    Code,
    Instant,
    Positive,
    Record,
    Text,
    Whole,
    note_number,
    note_twice,
    shaped,
    tree_of,
)
from compete.domain.exam.folding import folded
from compete.domain.values.messages import Message, msg

LATEST_MINUTES = 1440


class MultipleRule(StrEnum):
    """What a part of the right options of a multiple is worth."""

    ALL = "all"
    SHARE = "share"
    EACH = "each"
    PROPORTION = "proportion"


class Third(StrEnum):
    """What a third marker's points do."""

    FINAL = "final"
    NEAREST = "nearest"


class State(StrEnum):
    """What became of a sitting."""

    SAT = "sat"
    ABSENT = "absent"
    VOID = "void"


class MultipleMarking(Record, frozen=True, kw_only=True):
    rule: MultipleRule = MultipleRule.ALL
    part: Decimal | None = None


class EssayMarking(Record, frozen=True, kw_only=True):
    line: Decimal = Decimal(0)
    third: Third = Third.NEAREST


class Marking(Record, frozen=True, kw_only=True):
    multiple: MultipleMarking = MultipleMarking()
    essay: EssayMarking = EssayMarking()


class PaperOf(Record, frozen=True, kw_only=True):
    """The file that the forms are from."""

    sha256: Text


class Section(Record, frozen=True, kw_only=True):
    code: Code
    name: Text


class Question(Record, frozen=True, kw_only=True):
    """A question of the examination; `key` hangs on its kind."""

    code: Code
    version: Positive
    kind: QuestionKind
    section: Code
    points: Decimal
    options: tuple[Code, ...] = ()
    key: Any = None
    tolerance: Decimal | None = None
    relative: Decimal | None = None
    case: bool | None = None


class Form(Record, frozen=True, kw_only=True):
    form: Code
    questions: Annotated[tuple[Code, ...], Meta(min_length=1)]


class CorrectedKey(Record, frozen=True, kw_only=True):
    """A key put right, or a question struck out, by two people."""

    question: Code
    number: Positive
    key: Any = None
    struck: bool | None = None
    tolerance: Decimal | None = None
    relative: Decimal | None = None
    reason: Text
    asked_by: Text
    agreed_by: Text
    at: Instant


class Device(Record, frozen=True, kw_only=True):
    device: Code
    from_: Instant = msgspec.field(name="from")


class Grant(Record, frozen=True, kw_only=True):
    """Time granted besides."""

    seconds: Positive
    reason: Text
    by: Text
    at: Instant


class Reading(Record, frozen=True, kw_only=True):
    """A device's clock held against the server's after its act `seq`."""

    device: Code
    seq: Whole
    device_at: Instant
    server_at: Instant


class HandIn(Record, frozen=True, kw_only=True):
    device: Code
    seq: Whole
    at: Instant


class Act(Record, frozen=True, kw_only=True):
    """An answer given or taken back; `value` hangs on the question's kind."""

    uuid: Code
    item: Code
    value: Any = None
    said_at: Instant
    held_at: Instant
    device: Code
    seq: Positive
    brought_by: tuple[Text, ...] = ()


class Sitting(Record, frozen=True, kw_only=True):
    """A person's sitting, under a blind code."""

    code: Code
    form: Code
    state: State = State.SAT
    reason: Text | None = None
    starts_at: Instant
    ends_at: Instant
    devices: tuple[Device, ...] = ()
    grants: tuple[Grant, ...] = ()
    readings: tuple[Reading, ...] = ()
    hand_in: HandIn | None = None
    acts: tuple[Act, ...] = ()


class EssayMark(Record, frozen=True, kw_only=True):
    sitting: Code
    question: Code
    marker: Code
    points: Decimal


class Exam(Record, frozen=True, kw_only=True):
    """A whole examination. One from `read_exam` keeps the format's every rule."""

    format: Literal["compete-exam/1"]
    code: Code
    name: Text | None = None
    pass_: Decimal = msgspec.field(name="pass")
    late_minutes: Annotated[int, Meta(ge=0, le=LATEST_MINUTES)] = 30
    paper: PaperOf | None = None
    marking: Marking = Marking()
    sections: Annotated[tuple[Section, ...], Meta(min_length=1)]
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]
    forms: Annotated[tuple[Form, ...], Meta(min_length=1)]
    keys: tuple[CorrectedKey, ...] = ()
    sittings: tuple[Sitting, ...]
    marks: tuple[EssayMark, ...] = ()


_MOST_MARKERS = 3


@dataclass(frozen=True, slots=True)
class ReadExam:
    """An examination and the keys of its questions: the first ones, and the last with the struck.

    Essays have no key. The last key of a struck question is the one before it was struck.
    """

    exam: Exam
    first: Mapping[str, Key | None]
    last: Mapping[str, Key | None]
    struck: frozenset[str]


def read_exam(data: bytes) -> ReadExam:
    """Read an examination from the bytes of a file, checked against the whole format.

    Raises `BundleError` with every problem found, up to a hundred, each with its
    place in the file; nothing else, whatever the bytes are.
    """
    problems = Problems()
    exam = shaped(Exam, tree_of(data, problems), problems)
    read = _Checks(exam, problems).whole()
    problems.refuse()
    return read


def _rows_by_code(rows: Iterable[Any], key: str) -> dict[str, Any] | None:
    """The rows of a list by their codes, of equal codes the first; None if one can't be read."""
    known: dict[str, Any] = {}
    if rows is UNREADABLE:
        return None
    for row in rows:
        code = getattr(row, key)
        if code is UNREADABLE:
            return None
        known.setdefault(code, row)
    return known


def _differ(names: Iterable[str]) -> bool:
    """True if no two names are one, however they are typed."""
    read = [folded(name) for name in names if name is not UNREADABLE]
    return len(set(read)) == len(read)


def _is_one_act(act: Act, other: Act) -> bool:
    """True if nothing but when it was held and who brought it tells two acts apart."""
    return (
        act.item == other.item
        and act.value == other.value
        and act.said_at == other.said_at
        and act.device == other.device
        and act.seq == other.seq
    )


def answer_fault(question: Question, key: Key | None, value: Any) -> Message | None:
    """Say what is wanted where a value is no answer to the question."""
    match question.kind:
        case QuestionKind.SINGLE:
            if not isinstance(value, str) or value not in question.options:
                return msg("一个选项")
        case QuestionKind.MULTIPLE:
            if not (
                isinstance(value, list)
                and all(isinstance(code, str) and code in question.options for code in value)
                and len(set(value)) == len(value)
            ):
                return msg("选项的列表，一个选项只写一次")
        case QuestionKind.TRUE_FALSE:
            if not isinstance(value, bool):
                return TRUTH
        case QuestionKind.BLANK:
            if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
                return msg("列表，一个空一段文字")
            if value and isinstance(key, tuple) and len(value) != len(key):
                return msg("%(n)s 段文字的列表，一个空一段", n=len(key))
        case _:
            if not isinstance(value, str):
                return msg("文字")
    return None


class _Checks:
    """Carries the examination and its problems through the checks of its parts."""

    def __init__(self, exam: Exam, problems: Problems) -> None:
        self.exam = exam
        self.problems = problems
        self.sections = _rows_by_code(exam.sections, "code")
        self.questions = _rows_by_code(exam.questions, "code")
        self.forms = _rows_by_code(exam.forms, "form")
        self.in_form = self.codes_of_forms()
        self.first: dict[str, Key | None] = {}
        self.last: dict[str, Key | None] = {}
        self.struck: set[str] = set()
        self.uuids: dict[str, tuple[int, int]] = {}

    def codes_of_forms(self) -> dict[str, set[str]]:
        """The questions of each form of which they are all known."""
        if self.forms is None or self.questions is None:
            return {}
        codes = {code: set(form.questions) for code, form in self.forms.items()}
        return {code: there for code, there in codes.items() if there <= self.questions.keys()}

    def whole(self) -> ReadExam:
        exam, problems = self.exam, self.problems
        digest = exam.paper.sha256 if exam.paper is not None else UNREADABLE
        if isinstance(digest, str) and not SHA256.fullmatch(digest):
            self.wrong("paper.sha256", digest, msg("%(n)s 位十六进制数字，字母小写", n=64))
        self.note_marking()
        note_twice((row.code for row in exam.sections), "sections", problems, "code")
        note_twice((row.code for row in exam.questions), "questions", problems, "code")
        for number, question in enumerate(exam.questions):
            self.note_question(question, f"questions[{number}]")
        self.last.update(self.first)
        self.note_forms()
        self.note_keys()
        note_twice((row.code for row in exam.sittings), "sittings", problems, "code")
        for number, sitting in enumerate(exam.sittings):
            if sitting is not UNREADABLE:
                self.note_sitting(number, sitting, f"sittings[{number}]")
        self.note_marks()
        return ReadExam(exam, self.first, self.last, frozenset(self.struck))

    def wrong(self, path: str, value: Any, wanted: Message) -> None:
        self.problems.add(path, mismatch(value, wanted))

    def is_known_code(
        self, code: Any, known: Mapping[str, Any] | set[str] | None, path: str, where: str
    ) -> bool:
        """True if the code is there; noted if it surely is not."""
        if known is None or code is UNREADABLE:
            return False
        if code in known:
            return True
        self.problems.add(path, nowhere(clipped(code), where))
        return False

    def note_marking(self) -> None:
        marking, problems = self.exam.marking, self.problems
        rule, part = marking.multiple.rule, marking.multiple.part
        path = "marking.multiple.part"
        if rule in (MultipleRule.SHARE, MultipleRule.EACH):
            if part is None:
                problems.add(path, msg("少了“%(key)s”", key="part"))
            note_number(part, path, problems, above=0)
            if rule is MultipleRule.SHARE:
                note_number(part, path, problems, most=1)
        elif part is not None and rule is not UNREADABLE:
            problems.add(path, msg("rule 是 share 或 each 才写“part”"))
        note_number(marking.essay.line, "marking.essay.line", problems, least=0)

    def note_question(self, question: Question, path: str) -> None:
        self.is_known_code(question.section, self.sections, f"{path}.section", "sections")
        note_number(question.points, f"{path}.points", self.problems, above=0, places=POINTS_PLACES)
        note_kind_keys(question, question.kind, path, self.problems)
        note_twice(question.options, f"{path}.options", self.problems)
        key = self.key_of(question, question, path)
        if question.code is not UNREADABLE:
            self.first.setdefault(question.code, key)

    def note_forms(self) -> None:
        exam, problems = self.exam, self.problems
        note_twice((row.form for row in exam.forms), "forms", problems, "form")
        sums = []
        for number, form in enumerate(exam.forms):
            path = f"forms[{number}].questions"
            note_twice(form.questions, path, problems)
            here = [
                self.is_known_code(code, self.questions, f"{path}[{place}]", "questions")
                for place, code in enumerate(form.questions)
            ]
            if self.questions is None or not all(here) or not here:
                continue
            sums.append(sum(self.questions[code].points for code in form.questions))
            if sums[-1] != sums[0]:
                problems.add(path, msg("各卷的总分要一样"))
        most = sums[0] if sums else None
        note_number(exam.pass_, "pass", problems, least=0, most=most, places=POINTS_PLACES)

    def note_keys(self) -> None:
        numbers: dict[str, int] = {}
        for index, row in enumerate(self.exam.keys):
            path = f"keys[{index}]"
            if not _differ((row.asked_by, row.agreed_by)):
                self.problems.add(f"{path}.agreed_by", msg("asked_by 和 agreed_by 要是两个人"))
            if not self.is_known_code(
                row.question, self.questions, f"{path}.question", "questions"
            ):
                continue
            number = numbers[row.question] = numbers.get(row.question, 1) + 1
            if row.number != number:
                wanted = msg("这里是第 %(found)s 次，应当是第 %(n)s 次", found=row.number, n=number)
                self.problems.add(f"{path}.number", wanted)
            if row.struck is not UNREADABLE:
                self.note_key(row, path)

    def note_key(self, row: CorrectedKey, path: str) -> None:
        """Note a corrected key, and take it for the last one."""
        assert self.questions is not None
        code, question = row.question, self.questions[row.question]
        if row.struck:
            for name in ("key", "tolerance", "relative"):
                if getattr(row, name) is not None:
                    self.problems.add(f"{path}.{name}", msg("删掉的题（struck）不写这个键"))
            self.struck.add(code)
            return
        if row.key is None:
            self.problems.add(f"{path}.key", msg("key 和 struck 要写一个，也只能写一个"))
            return
        self.struck.discard(code)
        before = self.last[code]
        if before is not None or question.kind is QuestionKind.ESSAY:
            self.last[code] = self.key_of(row, question, path, before)

    def key_of(
        self, keyed: Keyed, question: Question, path: str, before: Key | None = None
    ) -> Key | None:
        """The key that a question, or a correction of its key, brings."""
        options, case = question.options, bool(question.case)
        kind, problems = question.kind, self.problems
        return read_key(keyed, kind, path, problems, options=options, case=case, before=before)

    def note_sitting(self, number: int, sitting: Sitting, path: str) -> None:
        problems = self.problems
        self.is_known_code(sitting.form, self.forms, f"{path}.form", "forms")
        if sitting.ends_at <= sitting.starts_at:
            problems.add(f"{path}.ends_at", msg("要在 starts_at 之后"))
        self.note_state(sitting, path)
        for place in range(1, len(sitting.devices)):
            if sitting.devices[place].from_ <= sitting.devices[place - 1].from_:
                problems.add(f"{path}.devices[{place}].from", msg("要在前一台的 from 之后"))
        devices = _rows_by_code(sitting.devices, "device")
        for place, reading in enumerate(sitting.readings):
            self.is_known_code(
                reading.device, devices, f"{path}.readings[{place}].device", f"{path}.devices"
            )
        if sitting.hand_in is not None:
            where = f"{path}.hand_in"
            self.is_known_code(
                sitting.hand_in.device, devices, f"{where}.device", f"{path}.devices"
            )
            if sitting.hand_in.at < sitting.starts_at:
                problems.add(f"{where}.at", msg("不能早于 starts_at"))
        self.note_acts(number, sitting, devices, path)

    def note_state(self, sitting: Sitting, path: str) -> None:
        problems, state = self.problems, sitting.state
        if state is State.ABSENT:
            for name in ("devices", "hand_in", "acts"):
                value = getattr(sitting, name)
                if value is not None and value is not UNREADABLE and value != ():
                    problems.add(f"{path}.{name}", msg("缺考的（absent）不写这个键"))
        elif state is not UNREADABLE and sitting.devices == ():
            problems.add(f"{path}.devices", msg("这个列表不能是空的"))
        if state is State.VOID and sitting.reason is None:
            problems.add(f"{path}.reason", msg("少了“%(key)s”", key="reason"))
        if state in (State.SAT, State.ABSENT) and sitting.reason is not None:
            problems.add(f"{path}.reason", msg("只有作废的（void）才写这个键"))

    def note_acts(
        self, number: int, sitting: Sitting, devices: dict[str, Any] | None, path: str
    ) -> None:
        problems = self.problems
        form = self.in_form.get(sitting.form)
        seqs: dict[tuple[str, int], str] = {}
        for place, act in enumerate(sitting.acts):
            if act is UNREADABLE:
                continue
            where = f"{path}.acts[{place}]"
            if self.is_known_code(act.item, form, f"{where}.item", "forms"):
                self.note_value(act, f"{where}.value")
            if act.held_at < sitting.starts_at:
                problems.add(f"{where}.held_at", msg("不能早于 starts_at"))
            if (
                self.is_known_code(act.device, devices, f"{where}.device", f"{path}.devices")
                and devices is not None
                and act.held_at < devices[act.device].from_
            ):
                problems.add(f"{where}.held_at", msg("不能早于这台设备第一次的 from"))
            if act.brought_by and (len(act.brought_by) != 2 or not _differ(act.brought_by)):
                problems.add(f"{where}.brought_by", msg("要写两个人的名字"))
            self.note_repeats(number, place, act, seqs, path)

    def note_repeats(
        self, number: int, place: int, act: Act, seqs: dict[tuple[str, int], str], path: str
    ) -> None:
        """Note a uuid or a number of a device's act that stands for another act already."""
        where = f"{path}.acts[{place}]"
        if act.uuid is UNREADABLE:
            return
        before = self.uuids.setdefault(act.uuid, (number, place))
        if before != (number, place):
            earlier = self.exam.sittings[before[0]].acts[before[1]]
            if before[0] != number or not _is_one_act(earlier, act):
                there = f"sittings[{before[0]}].acts[{before[1]}]"
                self.problems.add(f"{where}.uuid", used_twice(clipped(act.uuid), there))
            return
        if act.device is UNREADABLE or act.seq is UNREADABLE:
            return
        if (act.device, act.seq) in seqs:
            sentence = msg(
                "设备 %(device)s 的第 %(seq)s 个动作已经有了",
                device=clipped(act.device),
                seq=act.seq,
            )
            self.problems.add(f"{where}.seq", sentence)
        seqs.setdefault((act.device, act.seq), act.uuid)

    def note_value(self, act: Act, path: str) -> None:
        """Note a value that is no answer to the question; None clears it."""
        assert self.questions is not None
        question, value = self.questions[act.item], act.value
        if value is None or value is UNREADABLE or question.kind is UNREADABLE:
            return
        if isinstance(value, list) and any(item is UNREADABLE for item in value):
            return
        wanted = answer_fault(question, self.first.get(act.item), value)
        if wanted is not None and isinstance(value, list):
            self.problems.add(path, msg("这里应当是%(wanted)s", wanted=wanted))
        elif wanted is not None:
            self.wrong(path, value, wanted)

    def note_marks(self) -> None:
        sittings = _rows_by_code(self.exam.sittings, "code")
        markers: dict[tuple[str, str], set[str]] = {}
        for number, mark in enumerate(self.exam.marks):
            path = f"marks[{number}]"
            if not self.is_known_code(mark.sitting, sittings, f"{path}.sitting", "sittings"):
                continue
            assert sittings is not None
            sitting = sittings[mark.sitting]
            if sitting.state is State.ABSENT:
                self.problems.add(f"{path}.sitting", msg("缺考的没有答卷可评"))
            form = self.in_form.get(sitting.form)
            if not self.is_known_code(mark.question, form, f"{path}.question", "forms"):
                continue
            assert self.questions is not None
            question = self.questions[mark.question]
            if question.kind is not QuestionKind.ESSAY and question.kind is not UNREADABLE:
                self.problems.add(f"{path}.question", msg("只有 essay 题由人评分"))
            note_number(
                mark.points,
                f"{path}.points",
                self.problems,
                least=0,
                most=question.points,
                places=POINTS_PLACES,
            )
            if mark.marker is not UNREADABLE:
                there = markers.setdefault((mark.sitting, mark.question), set())
                there.add(mark.marker)
                if len(there) > _MOST_MARKERS:
                    self.problems.add(
                        f"{path}.marker", msg("一份答案最多 %(most)s 个人评", most=_MOST_MARKERS)
                    )
