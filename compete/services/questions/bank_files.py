"""A question bank as `compete-bank/1`: brought whole, and written so that every check holds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.problems import BundleError
from compete.domain.exam.bank import FORMAT, Bank, Pool, QuestionState, read_bank
from compete.domain.exam.files import file_sha256
from compete.domain.values.messages import msg
from compete.models import (
    Account,
    Question,
    QuestionBank,
    QuestionUse,
    QuestionVersion,
    SyllabusNode,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.sealed_inserts import insert_sealed
from compete.services.kernel.text_limits import check_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.version_rows import row_of_version, version_of_row, words_of

_ABOUT = ("grade", "edition", "source", "occupation", "extra")
LARGEST_BANK = 64 * 1024 * 1024
_PORTION = 500
"""So many questions are written at once, so that nobody's mark waits for all of them."""


class WrongFileError(Refused):
    """A file that is no bank or no table; `problems` says where and why."""

    def __init__(self, error: BundleError) -> None:
        words = msg("文件里有 %(n)s 处不对，什么都没有写", n=len(error.problems))
        super().__init__(words, kind=Refusal.INVALID)
        self.problems = error.problems


def bring_bank(
    content: bytes,
    by: Account | None,
    still: Callable[[int, int], object] = lambda _done, _total: None,
) -> QuestionBank:
    """Make a bank of a file, with all that stands in it: states as they are there.

    `still` is told how many questions of how many are written, and may raise.
    Raises `WrongFileError`; `Refused`: CONFLICT for a code that is there already.
    """
    if by is not None and not by.is_admin:
        raise Refused(msg("题库由管理员建"), kind=Refusal.FORBIDDEN)
    try:
        read = read_bank(content)
    except BundleError as error:
        raise WrongFileError(error) from None
    _check_lengths(read)
    tree, sha256 = json.loads(content.decode("utf-8-sig")), file_sha256(content)
    bank = _begun(tree, sha256, by)
    questions = tree.get("questions") or []
    there = set(db.session.scalars(select(Question.code).where(Question.bank_id == bank.id)))
    rest = [it for it in questions if it["code"] not in there]
    for start in range(0, len(rest), _PORTION):
        still(start, len(rest))
        with unit_of_work():
            audit.claim_chain(None)
            nodes = {node.code: node for node in nodes_of(bank)}
            insert_questions(rest[start : start + _PORTION], bank, nodes, None)
    with unit_of_work() as session:
        audit.claim_chain(None)
        bank = session.get_one(QuestionBank, bank.id, populate_existing=True)
        bank.brought_at = utc_now()
        points = sum(node.importance is not None for node in nodes_of(bank))
        after = {"name": bank.name, "points": points, "questions": len(questions)}
        audit.record(None, by, "bank.bring", bank.code, after={**after, "sha256": sha256})
    return bank


def _begun(tree: Mapping[str, Any], sha256: str, by: Account | None) -> QuestionBank:
    """The bank with its syllabus, that its questions come into; one that broke off is gone on with.

    Raises `Refused` for a code that is there, and for another file than the one that broke off.
    """
    with unit_of_work() as session:
        audit.claim_chain(None)
        known = session.scalar(select(QuestionBank).where(QuestionBank.code == tree["code"]))
        if known is not None and known.brought_at is None and known.sha256 == sha256:
            return known
        if known is not None and known.brought_at is None:
            raise Refused(msg("这个题库上次没有放完，用的是另一个文件：再放那一个"))
        if known is not None:
            raise Refused(msg("已经有编号是 %(code)s 的题库", code=known.code))
        bank = QuestionBank(
            code=tree["code"],
            name=tree["name"],
            about={key: tree[key] for key in _ABOUT if tree.get(key) is not None},
            sha256=sha256,
            made_by=by.id if by else None,
        )
        session.add(bank)
        _write_syllabus(bank, tree["syllabus"])
    return bank


def _check_lengths(bank: Bank) -> None:
    check_text(bank.name, 200)
    for node in bank.syllabus:
        check_text(node.name, 200)
    for question in bank.questions:
        for use in question.uses:
            check_text(use.paper or "", 200)


def _write_syllabus(bank: QuestionBank, nodes: Sequence[Mapping[str, Any]]) -> None:
    db.session.flush()
    rows = {}
    for position, node in enumerate(nodes):
        weight = node.get("weight")
        rows[node["code"]] = SyllabusNode(
            bank_id=bank.id,
            code=node["code"],
            name=node["name"],
            weight=None if weight is None else str(weight),
            importance=node.get("importance"),
            position=position,
            extra=node.get("extra"),
        )
    db.session.add_all(rows.values())
    db.session.flush()
    for node in nodes:
        if node.get("parent") is not None:
            rows[node["code"]].parent_id = rows[node["parent"]].id


def insert_questions(
    questions: Iterable[Mapping[str, Any]],
    bank: QuestionBank,
    nodes: Mapping[str, SyllabusNode],
    by: Account | None,
) -> list[int]:
    """Insert new questions as the file has them, with the chain claimed; their numbers."""
    db.session.flush()
    now, maker = utc_now(), by.id if by else None
    questions = list(questions)
    numbers = insert_sealed(
        None,
        Question,
        [
            {
                "bank_id": bank.id,
                "node_id": nodes[it["node"]].id,
                "code": it["code"],
                "kind": it["kind"],
                "family": it.get("family"),
                "pool": it.get("pool") or Pool.SECRET.value,
                "state": it.get("state") or QuestionState.IN_USE.value,
                "version": len(it["versions"]),
                "words": words_of(it["code"], it["versions"][-1]),
                "extra": it.get("extra"),
                "made_by": maker,
                "made_at": now,
            }
            for it in questions
        ],
    )
    pairs = list(zip(numbers, questions, strict=True))
    insert_sealed(
        None,
        QuestionVersion,
        (
            {"question_id": number, **row_of_version(it), "made_by": maker, "made_at": now}
            for number, question in pairs
            for it in question["versions"]
        ),
    )
    insert_sealed(
        None,
        QuestionUse,
        (
            {
                "question_id": number,
                "day": date.fromisoformat(use["day"]),
                "paper": use.get("paper"),
            }
            for number, question in pairs
            for use in question.get("uses") or ()
        ),
    )
    return numbers


def write_bank(bank: QuestionBank) -> bytes:
    """The bank's file, with all its questions and versions; `compete bank check` takes it."""
    tree = {**_head(bank), "questions": list(questions_as_filed(bank))}
    return json.dumps(tree, ensure_ascii=False, indent=1).encode()


def syllabus_file(bank: QuestionBank, questions: Sequence[Mapping[str, Any]]) -> bytes:
    """A file of the bank's syllabus with these questions alone, for checking them."""
    return json.dumps({**_head(bank), "questions": questions}, ensure_ascii=False).encode()


def _head(bank: QuestionBank) -> dict[str, Any]:
    nodes = nodes_of(bank)
    codes = {node.id: node.code for node in nodes}
    return {
        "format": FORMAT,
        "code": bank.code,
        "name": bank.name,
        **bank.about,
        "syllabus": [_node_as_filed(node, codes) for node in nodes],
    }


def nodes_of(bank: QuestionBank) -> Sequence[SyllabusNode]:
    """The nodes of the syllabus, in the file's order."""
    query = select(SyllabusNode).where(SyllabusNode.bank_id == bank.id)
    return db.session.scalars(query.order_by(SyllabusNode.position)).all()


def _node_as_filed(node: SyllabusNode, codes: Mapping[int, str]) -> dict[str, Any]:
    filed = {
        "code": node.code,
        "parent": codes[node.parent_id] if node.parent_id is not None else None,
        "name": node.name,
        "weight": node.weight,
        "importance": node.importance.value if node.importance else None,
        "extra": node.extra,
    }
    return {key: value for key, value in filed.items() if value is not None}


def questions_as_filed(bank: QuestionBank) -> Iterator[dict[str, Any]]:
    """Each question of the bank as the file has it, in the order in which they came."""
    codes = {node.id: node.code for node in nodes_of(bank)}
    questions = db.session.scalars(
        select(Question).where(Question.bank_id == bank.id).order_by(Question.id)
    ).all()
    versions: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    of_bank = select(QuestionVersion).join(Question).where(Question.bank_id == bank.id)
    order = QuestionVersion.question_id, QuestionVersion.number
    for row in db.session.scalars(of_bank.order_by(*order)):
        versions[row.question_id].append(version_of_row(row))
    uses: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    used = select(QuestionUse).join(Question).where(Question.bank_id == bank.id)
    for use in db.session.scalars(used.order_by(QuestionUse.id)):
        paper = {"paper": use.paper} if use.paper is not None else {}
        uses[use.question_id].append({"day": use.day.isoformat(), **paper})
    for question in questions:
        filed = {
            "code": question.code,
            "node": codes[question.node_id],
            "kind": question.kind.value,
            "family": question.family,
            "pool": question.pool.value,
            "state": question.state.value,
            "uses": uses[question.id] or None,
            "versions": versions[question.id],
            "extra": question.extra,
        }
        yield {key: value for key, value in filed.items() if value is not None}
