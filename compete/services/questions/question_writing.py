"""Questions written: typed one by one or brought as rows, new or as a new version of one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy import select

from compete.domain.exam.bank import Pool, QuestionState, faults_of_bank
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Account, Question, QuestionBank, QuestionVersion, db
from compete.services.kernel import audit
from compete.services.kernel.catalogues import Planned
from compete.services.kernel.fields import read_texts
from compete.services.kernel.refusal import Refused, WrongFieldsError, invalid
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.bank_files import (
    insert_questions,
    nodes_of,
    questions_as_filed,
    syllabus_file,
)
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.pictures import (
    NO_PICTURES,
    BroughtPictures,
    keep_pictures,
    kept_media,
    put_media,
)
from compete.services.questions.question_fields import (
    QuestionFields,
    field_of_path,
    texts_of_question,
    version_of_fields,
)
from compete.services.questions.version_rows import row_of_version, words_of

_PLACE = re.compile(r"questions\[(\d+)\]\.?(.*)")
_PORTION = 500
Texts: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """A question as its row makes it, in the form of the file: `versions` has the one."""

    question: dict[str, Any]


PlannedQuestion: TypeAlias = Planned[dict[str, Any], Texts, Written]


def plan_questions(
    bank: QuestionBank,
    rows: Sequence[tuple[int, Texts]],
    *,
    code: str | None = None,
    brought: BroughtPictures = NO_PICTURES,
) -> list[PlannedQuestion]:
    """Plan each row: a new question, a new version of the one of its code, or what is wrong.

    Nothing is written. With a `code` the rows are of that question, whatever they say.
    """
    there = {it["code"]: it for it in questions_as_filed(bank)}
    points, kept = _points(bank), kept_media(bank)
    free = _free_codes(there)
    by_texts = _by_texts(there.values()) if code is None else {}
    seen: dict[str, int] = {}
    drafts: list[PlannedQuestion] = []
    for number, typed in rows:
        texts = {**typed, "code": code if code is not None else typed.get("code", "").strip()}
        known = there.get(texts["code"])
        if known is not None and not texts.get("pool", "").strip():
            texts["pool"] = known["pool"]
        fields, faults = read_texts(QuestionFields, texts)
        made: Written | None = None
        if fields is not None:
            made, faults = _written(
                fields, known, points, partial(put_media, kept=kept, brought=brought)
            )
        if made is not None and not texts["code"]:
            # Rows that were written before others of their file could be stay in it.
            alike = by_texts.get(_texts_key(made.question))
            known = alike.pop() if alike else None
            made.question["code"] = known["code"] if known is not None else free()
        if texts["code"]:
            first = seen.setdefault(texts["code"], number)
            if first != number:
                faults = {**faults, "code": msg("和第 %(n)s 行编号一样", n=first)}
        drafts.append(Planned(number, texts, faults, None, made, known))
    faults_by_row = _faults_of(bank, there, drafts)
    return [_finished(draft, faults_by_row.get(draft.number, {})) for draft in drafts]


def _by_texts(
    questions: Iterable[dict[str, Any]],
) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """The questions that are not withdrawn by all that a row says of them but the code."""
    by_texts: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for it in questions:
        if it["state"] != QuestionState.WITHDRAWN.value:
            by_texts[_texts_key(it)].append(it)
    return by_texts


def _texts_key(question: Mapping[str, Any]) -> tuple[str, ...]:
    texts = texts_of_question(question, question["versions"][-1])
    return tuple(text for key, text in texts.items() if key != "code")


def _points(bank: QuestionBank) -> dict[str, list[str]]:
    """The codes of the points that a text may mean: by code, and by name."""
    points: defaultdict[str, list[str]] = defaultdict(list)
    nodes = [node for node in nodes_of(bank) if node.importance is not None]
    for node in nodes:
        points[node.name].append(node.code)
        points[f"{node.code} {node.name}"].append(node.code)
    return {**points, **{node.code: [node.code] for node in nodes}}


def _free_codes(there: Mapping[str, Any]) -> Any:
    """Codes that no question bears yet, one after the other."""
    taken, number = set(there), len(there)

    def next_code() -> str:
        nonlocal number
        while True:
            number += 1
            code = f"Q{number:05}"
            if code not in taken:
                taken.add(code)
                return code

    return next_code


def _written(
    fields: QuestionFields,
    known: Mapping[str, Any] | None,
    points: Mapping[str, Sequence[str]],
    put_pictures: Callable[[dict[str, Any]], Message | None],
) -> tuple[Written | None, dict[str, Message]]:
    earlier = known["versions"][-1] if known else None
    kind, version, faults = version_of_fields(fields, earlier)
    if (why := put_pictures(version)) is not None:
        faults["stem"] = why
    codes = points.get(fields.node, ())
    if not codes:
        faults["node"] = msg("细目表里没有这个鉴定点")
    elif len(codes) > 1:
        faults["node"] = msg("有 %(n)s 个鉴定点叫这个，写代码", n=len(codes))
    if known is not None and known["kind"] != kind:
        faults["kind"] = msg("题型不能改；要改就停用这道，另出一道")
    if known is not None and fields.pool != known["pool"]:
        faults["pool"] = (
            msg("正式题转成练习题要两个保密员，在题的页上办")
            if known["pool"] == Pool.SECRET
            else msg("练习题谁都练过，不能再当正式题；另出一道")
        )
    if faults:
        return None, faults
    number = len(known["versions"]) + 1 if known else 1
    question = {
        "code": fields.code,
        "node": codes[0],
        "kind": kind.value,
        "pool": fields.pool,
        "state": QuestionState.DRAFT.value,
        "versions": [{"number": number, **version}],
    }
    if fields.family:
        question["family"] = fields.family
    return Written(question), {}


def _faults_of(
    bank: QuestionBank,
    there: Mapping[str, Mapping[str, Any]],
    drafts: Sequence[PlannedQuestion],
) -> dict[int, dict[str, Message]]:
    """What the checks of the file say of each row, beside all that the bank has already."""
    rows = [draft for draft in drafts if draft.checked is not None and not draft.faults]
    replaced = {draft.checked.question["code"] for draft in rows if draft.checked}
    standing = [_alone(it) for code, it in there.items() if code not in replaced]
    written = [_alone(draft.checked.question) for draft in rows if draft.checked]
    content = syllabus_file(bank, [*standing, *written])
    faults: defaultdict[int, dict[str, Message]] = defaultdict(dict)
    for problem in faults_of_bank(content):
        place = _PLACE.fullmatch(problem.path)
        index = int(place[1]) - len(standing) if place else -1
        if place is not None and 0 <= index < len(rows):
            words = _named(problem.message, [*standing, *written])
            faults[rows[index].number].setdefault(field_of_path(place[2]), words)
    return faults


def _alone(question: Mapping[str, Any]) -> dict[str, Any]:
    """The question with its last version as its only one."""
    return {**question, "versions": [{**question["versions"][-1], "number": 1}]}


def _named(message: Message, questions: Sequence[Mapping[str, Any]]) -> Message:
    """The sentence with another question's place in the file told by its code."""
    where = message.params.get("where")
    place = _PLACE.fullmatch(where) if isinstance(where, str) else None
    if place is None:
        return message
    code = str(questions[int(place[1])]["code"])
    return Message(message.text, {**message.params, "where": code})


def _finished(draft: PlannedQuestion, faults: Mapping[str, Message]) -> PlannedQuestion:
    """The plan with its faults, and with what would change of a known question."""
    faults = {**draft.faults, **faults}
    changes = None
    if draft.checked is not None and draft.known is not None and not faults:
        before = texts_of_question(draft.known, draft.known["versions"][-1])
        after = texts_of_question(draft.checked.question, draft.checked.question["versions"][0])
        changes = {key: text for key, text in before.items() if after[key] != text}
    return Planned(draft.number, draft.texts, faults, changes, draft.checked, draft.known)


def write_question(
    bank: QuestionBank,
    texts: Texts,
    by: Account,
    code: str | None = None,
    brought: BroughtPictures = NO_PICTURES,
) -> int:
    """Write a new question, or a new version of the one of that code; the question's number.

    Raises `WrongFieldsError` with what is wrong beside each field.
    """
    (plan,) = plan_questions(bank, [(1, texts)], code=code, brought=brought)
    if plan.faults:
        raise WrongFieldsError(plan.faults)
    if code is None and plan.known is not None:
        if texts.get("code", "").strip():
            raise WrongFieldsError({"code": msg("这个编号已经有了")})
        raise WrongFieldsError({"stem": msg("题库里有一样的：%(code)s", code=plan.known["code"])})
    if plan.state == "same":
        raise Refused(msg("和原来一样，没有新的一版"))
    write_questions(bank, [texts], by, code=code, brought=brought)
    assert plan.checked is not None
    wanted = plan.checked.question["code"]
    query = select(Question.id).where(Question.bank_id == bank.id, Question.code == wanted)
    return db.session.scalars(query).one()


def write_questions(
    bank: QuestionBank,
    rows: Sequence[Texts],
    by: Account,
    *,
    code: str | None = None,
    brought: BroughtPictures = NO_PICTURES,
) -> tuple[int, int]:
    """Write new questions and new versions; how many of each. One wrong row, and none is written.

    All wait for their reviews.
    """
    require_in_bank(by, bank, Right.WRITE_QUESTIONS)
    plans = plan_questions(bank, list(enumerate(rows, 1)), code=code, brought=brought)
    if any(plan.faults for plan in plans):
        raise invalid(msg("有的行要改，一行都没有写"))
    doing = [it for it in plans if it.state in ("added", "changed")]
    for start in range(0, len(doing), _PORTION):
        write_planned(bank, doing[start : start + _PORTION], by, brought)
    added = sum(it.state == "added" for it in doing)
    return added, len(doing) - added


def write_planned(
    bank: QuestionBank,
    plans: Sequence[PlannedQuestion],
    by: Account,
    brought: BroughtPictures = NO_PICTURES,
) -> tuple[int, int]:
    """Write a part by itself, so that nobody's mark waits for all; how many new, how many changed.

    What it is given has no faults.
    """
    written = [(it.state, it.checked.question) for it in plans if it.checked is not None]
    added = [question for state, question in written if state == "added"]
    changed = [question for state, question in written if state == "changed"]
    with unit_of_work() as session:
        audit.claim_chain(None)
        codes = [question["code"] for question in added]
        query = select(Question.code).where(Question.bank_id == bank.id, Question.code.in_(codes))
        if (taken := session.scalar(query.limit(1))) is not None:
            raise Refused(msg("编号 %(code)s 刚才有人用了，再看一遍再写", code=taken))
        keep_pictures(bank, [*added, *changed], brought, by)
        nodes = {node.code: node for node in nodes_of(bank)}
        insert_questions(added, bank, nodes, by)
        _write_versions(bank, changed, nodes, by)
        after = {"added": len(added), "changed": len(changed)}
        audit.record(None, by, "bank.write", bank.code, after=after)
    return len(added), len(changed)


def _write_versions(
    bank: QuestionBank,
    questions: Sequence[Mapping[str, Any]],
    nodes: Mapping[str, Any],
    by: Account,
) -> None:
    """Write a new version of each; it waits for its reviews, whatever the last one had."""
    by_code = {it["code"]: it for it in questions}
    query = select(Question).where(Question.bank_id == bank.id, Question.code.in_(by_code))
    for row in db.session.scalars(query):
        written = by_code[row.code]
        version = written["versions"][0]
        if row.version + 1 != version["number"]:
            raise Refused(msg("%(code)s 刚才有了新的一版，再看一遍再写", code=row.code))
        db.session.add(
            QuestionVersion(question_id=row.id, made_by=by.id, **row_of_version(version))
        )
        row.version, row.state = version["number"], QuestionState.DRAFT
        row.node_id, row.pool = nodes[written["node"]].id, written["pool"]
        row.family, row.words = written.get("family"), words_of(row.code, version)
    db.session.flush()


def rows_of_bank(bank: QuestionBank, *, pool: Pool | None = None) -> list[dict[str, str]]:
    """Each question that is not withdrawn as the texts of a workbook's row, by its last version."""
    return [
        texts_of_question(it, it["versions"][-1])
        for it in questions_as_filed(bank)
        if it["state"] != QuestionState.WITHDRAWN and pool in (None, it["pool"])
    ]
