"""Practice on a phone (开放练习): opened by a keeper, sets drawn from the practice pool alone.

Nothing of it is about anybody: who has the link takes sets, and the progress stays on the phone.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from compete.domain.exam.answers import QuestionKind
from compete.domain.exam.bank import Option, Pool, QuestionState, Version
from compete.domain.exam.option_order import option_order
from compete.domain.values.chance import below, random_numbers
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.upload_limits import MIB
from compete.models import (
    Account,
    Practice,
    PracticeDay,
    Question,
    QuestionBank,
    QuestionVersion,
    SyllabusNode,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.versions import remembered
from compete.services.questions.bank_files import nodes_of
from compete.services.questions.bank_questions import all_below
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.pictures import pictures_of
from compete.services.questions.shown_questions import asked_of, keys_of, media_of
from compete.services.questions.version_rows import version_of_row

SET_SIZE, SET_MINUTES = 20, 5
_MOST_MEDIA = 2 * MIB
"""Of the pictures of a set, as text: browsers keep 5 MiB for a page."""
DAYS_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeLine:
    """The whole bank (no node) or a scope of it: how much there is to practise, and its link."""

    node: SyllabusNode | None
    depth: int
    questions: int
    practice: Practice | None


def practice_lines(bank: QuestionBank) -> list[PracticeLine]:
    """The whole bank, then its scopes in the order of the tree."""
    nodes = nodes_of(bank)
    above = {node.id: node.parent_id for node in nodes}
    counted = select(Question.node_id, func.count()).where(*_usable(bank, None))
    totals: Counter[int | None] = Counter()
    for start, count in db.session.execute(counted.group_by(Question.node_id)):
        totals[None] += count
        node: int | None = start
        while node is not None:
            totals[node] += count
            node = above[node]
    rows = db.session.scalars(select(Practice).where(Practice.bank_id == bank.id))
    practices = {row.node_id: row for row in rows}
    lines = [PracticeLine(node=None, depth=0, questions=totals[None], practice=practices.get(None))]

    def gather(parent: int | None, depth: int) -> None:
        for node in nodes:
            if node.parent_id == parent and node.importance is None:
                lines.append(
                    PracticeLine(
                        node=node,
                        depth=depth,
                        questions=totals[node.id],
                        practice=practices.get(node.id),
                    )
                )
                gather(node.id, depth + 1)

    gather(None, 1)
    return lines


def _usable(bank: QuestionBank, node: int | None) -> list[ColumnElement[bool]]:
    """What may be practised on: of the practice pool, in use, with a key; under the node."""
    conditions = [
        Question.bank_id == bank.id,
        Question.pool == Pool.PRACTICE,
        Question.state == QuestionState.IN_USE,
        Question.kind != QuestionKind.ESSAY,
    ]
    if node is not None:
        conditions.append(Question.node_id.in_(all_below(bank, node)))
    return conditions


def open_practice(bank: QuestionBank, node: SyllabusNode | None, by: Account) -> Practice:
    """Open the bank, or a scope of it, under the link that it had before or a new one."""
    require_in_bank(by, bank, Right.KEEP_QUESTIONS)
    number = node.id if node is not None else None
    with unit_of_work() as session:
        audit.claim_chain(None)
        usable = select(func.count()).select_from(Question).where(*_usable(bank, number))
        if not session.scalar(usable):
            raise Refused(msg("这里没有在用的练习题，先出练习题，或者把正式题转成练习题"))
        practice = session.scalar(
            select(Practice)
            .where(Practice.bank_id == bank.id, Practice.node_id.is_not_distinct_from(number))
            .execution_options(populate_existing=True)
        )
        if practice is None:
            link = secrets.token_urlsafe(12)
            practice = Practice(bank_id=bank.id, node_id=number, link=link, made_by=by.id)
            practice.bank, practice.node = bank, node
            session.add(practice)
        elif practice.is_open:
            return practice
        practice.is_open = True
        _record(practice, "bank.open_practice", by)
    return practice


def close_practice(practice: Practice, by: Account) -> None:
    """Close it: no more sets are drawn; sets on phones stay there."""
    require_in_bank(by, practice.bank, Right.KEEP_QUESTIONS)
    with unit_of_work() as session:
        audit.claim_chain(None)
        practice = session.get_one(Practice, practice.id, populate_existing=True)
        if practice.is_open:
            practice.is_open = False
            _record(practice, "bank.close_practice", by)


def _record(practice: Practice, action: str, by: Account) -> None:
    db.session.flush()
    node = practice.node
    after = {"section": f"{node.code} {node.name}" if node is not None else practice.bank.name}
    audit.record(None, by, action, practice.bank.code, after=after)


def practice_by_link(link: str) -> Practice | None:
    """The practice of that link, open or closed; None for another."""
    query = select(Practice).where(Practice.link == link)
    return db.session.scalar(query.options(joinedload(Practice.bank), joinedload(Practice.node)))


def days_of(practice: Practice) -> Sequence[PracticeDay]:
    """How many sets were taken on each of the last days on which any were, the last first."""
    query = select(PracticeDay).where(PracticeDay.practice_id == practice.id)
    return db.session.scalars(query.order_by(PracticeDay.day.desc()).limit(DAYS_SHOWN)).all()


def take_set(practice: Practice) -> dict[str, Any]:
    """Draw a set by a seed of its own and count it for the day. Raises `Refused` if closed."""
    if not practice.is_open:
        raise Refused(msg("这里的练习关上了"))
    drawn = drawn_set(practice, secrets.randbelow(2**32))
    if not drawn["questions"]:
        raise Refused(msg("这里没有在用的练习题"))
    with unit_of_work():
        _count(practice)
    return drawn


def _count(practice: Practice) -> None:
    day = {"practice_id": practice.id, "day": local_today()}
    # Two who take the day's first sets at once must not both make its row.
    on_postgresql = db.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if on_postgresql else sqlite.insert
    db.session.execute(
        insert(PracticeDay).values(**day, sets=0).on_conflict_do_nothing(),
        execution_options={"noted": True},
    )
    db.session.execute(
        update(PracticeDay)
        .filter_by(**day)
        .values(sets=PracticeDay.sets + 1)
        .execution_options(synchronize_session=False, noted=True)
    )


def drawn_set(practice: Practice, seed: int) -> dict[str, Any]:
    """The set of a seed from the pool as it stands, each with its key and explanation."""
    bank = practice.bank
    # The pool changes by acts of the installation alone.
    numbers = remembered(None, ("practice", practice.id), lambda: _pool(practice))
    key = hashlib.sha256(f"compete-practice/1 {practice.id} {seed}".encode()).digest()
    chosen = _some(numbers, key)
    # Asked by the same conditions once more: what left the pool meanwhile is in no set.
    query = (
        select(Question, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(
            *_usable(bank, None),
            Question.id.in_(chosen),
            QuestionVersion.number == Question.version,
        )
    )
    rows = {question.id: (question, row) for question, row in db.session.execute(query)}
    asked = [
        (question, version_of_row(row))
        for question, row in (rows[number] for number in chosen if number in rows)
    ]
    pictures = pictures_of(bank.id, [version for _question, version in asked])
    questions, room = [], _MOST_MEDIA
    for question, version in asked:
        media = media_of(version, pictures, "explanation")
        size = sum(len(picture["data"]) for picture in media.get("media", {}).values())
        # A phone keeps the whole set: what it has no room for is left out, and never its picture.
        if size <= room:
            room -= size
            questions.append(_practised(question, version, key) | media)
    return {"seed": seed, "minutes": SET_MINUTES, "questions": questions}


def _pool(practice: Practice) -> Sequence[int]:
    """The numbers of the questions that may be in a set."""
    query = select(Question.id).where(*_usable(practice.bank, practice.node_id))
    return db.session.scalars(query.order_by(Question.id)).all()


def _some(pool: Sequence[int], key: bytes) -> list[int]:
    """As many of them as a set has, each as likely, in an order of chance."""
    numbers = list(pool)
    chance = random_numbers(key, "compete-practice/1 questions")
    count = min(SET_SIZE, len(numbers))
    for place in range(count):
        other = place + below(chance, len(numbers) - place)
        numbers[place], numbers[other] = numbers[other], numbers[place]
    return numbers[:count]


def _practised(question: Question, version: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    order = None
    if "options" in version:
        options = msgspec.convert(version["options"], tuple[Option, ...])
        read = Version(
            number=version["number"],
            stem=version["stem"],
            difficulty=Decimal(0),
            options=options,
            fixed=version.get("fixed"),
        )
        order = option_order(key, "practice", question.code, read)
    return {
        "code": question.code,
        "kind": question.kind.value,
        **asked_of(question.kind, version, order),
        **keys_of(version),
        "explanation": version.get("explanation"),
    }
