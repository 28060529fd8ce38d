"""Papers of a bank: its tables in words, a paper put together by one, its forms, its use."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from compete.domain.exam.exam_words import KIND_WORDS, table_words
from compete.domain.exam.table import Table
from compete.domain.values.examination_states import BankRequestKind
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import ExamPaper, PaperTable, Question, QuestionBank
from compete.services.accounts.access import may_in_bank
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.rows_by_number import find
from compete.services.questions.bank_files import WrongFileError
from compete.services.questions.bank_jobs import ask_to_assemble, ask_to_check, is_large
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.by_two import (
    SealFields,
    is_early,
    second_word,
    standing,
    why_not_open,
)
from compete.services.questions.exports import PaperExportFields, ask_for_paper
from compete.services.questions.papers import (
    LARGEST_TABLE,
    FormShown,
    ItemShown,
    PaperCheck,
    SeedFields,
    UseFields,
    bring_table,
    check_paper,
    look_at_paper,
    node_names,
    papers_of,
    table_as_read,
    table_file,
    tables_of,
    use_paper,
)
from compete.services.questions.sealing import (
    closed_among,
    seal_of_paper,
    void_among,
    why_sealed,
)
from compete.sheets.questions.brought import LETTERS
from compete.web import guard
from compete.web.downloads import send_json
from compete.web.marked_texts import shown_text
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.organiser.questions.bank import bank_or_404
from compete.web.pages import or_404, sent_file
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFace:
    """A line of a table as its page shows it."""

    node: str | None
    name: str
    kind: Message
    count: int
    points: Decimal
    sum: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFace:
    """An item of a form as its page shows it."""

    number: int
    kind: Message
    line: int
    points: str
    question: Question
    stem: Markup
    options: list[tuple[str, Markup]]
    """The letter that is printed, and the text."""


def _bank(number: int) -> QuestionBank:
    here = bank_or_404(number)
    require_in_bank(current_user, here, Right.SEE_PAPERS)
    return here


def _table(number: int, table_number: int) -> PaperTable:
    here, table = _bank(number), or_404(find(PaperTable, table_number))
    return or_404(table if table.bank_id == here.id else None)


def paper_or_404(number: int, paper_number: int) -> ExamPaper:
    """The paper of the bank, for who may see papers; else 404, or the refusal in words."""
    here, paper = _bank(number), or_404(find(ExamPaper, paper_number))
    return or_404(paper if paper.bank_id == here.id else None)


def _assembles(bank: QuestionBank) -> bool:
    return may_in_bank(current_user, bank, Right.ASSEMBLE_PAPERS)


def _show_papers(number: int, refused: Refused | None = None) -> str:
    here = _bank(number)
    rows = papers_of(here)
    return render_template(
        "organiser/questions/papers.html",
        bank=here,
        tables=tables_of(here),
        rows=rows,
        closed=closed_among(rows),
        void=void_among(rows),
        assembles=_assembles(here),
        problem=problem_of(refused),
        faults=refused.problems if isinstance(refused, WrongFileError) else (),
    )


@face.get("/banks/<int:number>/papers")
@guard.may(Right.SEE_PAPERS)
def bank_papers(number: int) -> ResponseReturnValue:
    """The tables of a bank, and the papers that were put together by them."""
    return _show_papers(number)


@face.post("/banks/<int:number>/papers")
@guard.may(Right.ASSEMBLE_PAPERS)
@only_once
@refusal_on(_show_papers)
def bring_paper_table(number: int) -> ResponseReturnValue:
    """Keep a table that was brought as its file."""
    content = sent_file("file", LARGEST_TABLE)
    if not content:
        raise invalid(msg("选一个组卷方案文件"))
    table = bring_table(bank_or_404(number), content, current_user)
    flash(_("放好了方案 %(name)s", name=table.name), "ok")
    return redirect(url_for("organiser.paper_table", number=number, table_number=table.id))


def _lines(table: Table, names: dict[str, str]) -> list[LineFace]:
    return [
        LineFace(
            node=line.node,
            name=names.get(line.node or "", ""),
            kind=KIND_WORDS[line.kind],
            count=line.count,
            points=line.points,
            sum=line.count * line.points,
        )
        for line in table.lines
    ]


def _show_table(number: int, table_number: int, refused: Refused | None = None) -> str:
    table = _table(number, table_number)
    read = table_as_read(table)
    return render_template(
        "organiser/questions/table.html",
        bank=table.bank,
        table=table,
        lines=_lines(read, node_names(table.bank)),
        sentences=table_words(read),
        assembles=_assembles(table.bank) and table.ended_at is None,
        form=act_form(SeedFields, refused),
        problem=problem_of(refused),
    )


@face.get("/banks/<int:number>/tables/<int:table_number>")
@guard.may(Right.SEE_PAPERS)
def paper_table(number: int, table_number: int) -> ResponseReturnValue:
    """A table in words."""
    return _show_table(number, table_number)


@face.get("/banks/<int:number>/tables/<int:table_number>.json")
@guard.may(Right.SEE_PAPERS)
def paper_table_file(number: int, table_number: int) -> Response:
    """The table as its file."""
    table = _table(number, table_number)
    return send_json(table_file(table), f"{table.code}.json")


@face.post("/banks/<int:number>/tables/<int:table_number>/assemble")
@guard.may(Right.ASSEMBLE_PAPERS)
@only_once
@refusal_on(_show_table)
def assemble_bank_paper(number: int, table_number: int) -> ResponseReturnValue:
    """Have a paper put together by a job."""
    table = _table(number, table_number)
    return redirect(job_url(ask_to_assemble(table, typed_act(SeedFields), current_user)))


def _item(number: int, item: ItemShown) -> ItemFace:
    texts = {option["id"]: option["text"] for option in item.version.get("options") or ()}
    printed = zip(LETTERS, item.options, strict=False)
    return ItemFace(
        number=number,
        kind=KIND_WORDS[item.question.kind],
        line=item.line + 1,
        points=item.points,
        question=item.question,
        stem=shown_text(item.version["stem"]),
        options=[(letter, shown_text(texts[option])) for letter, option in printed],
    )


def _items(form: FormShown) -> list[ItemFace]:
    return [_item(number, item) for number, item in enumerate(form.items, 1)]


def show_paper(
    number: int,
    paper_number: int,
    refused: Refused | None = None,
    check: PaperCheck | None = None,
) -> str:
    """The page of a paper; of one under seal without its questions."""
    paper = paper_or_404(number, paper_number)
    seal, sealed = seal_of_paper(paper), why_sealed(paper)
    asked = {kind: standing(kind, paper) for kind in (BankRequestKind.OPEN, BankRequestKind.VOID)}
    second = {kind: second_word(it, current_user) for kind, it in asked.items() if it}
    if sealed is not None:
        return render_template(
            "organiser/questions/sealed.html",
            bank=paper.bank,
            paper=paper,
            seal=None if void_among([paper]) else seal,
            second=second,
            why_sealed=sealed,
            why_not=why_not_open(paper, current_user),
            early=seal is not None and is_early(seal),
            problem=problem_of(refused),
        )
    shown, assembles = look_at_paper(paper, current_user), _assembles(paper.bank)
    return render_template(
        "organiser/questions/paper.html",
        bank=paper.bank,
        paper=paper,
        file=shown.paper,
        forms=[(form, _items(form)) for form in shown.forms],
        lacks=shown.lacks,
        limits=shown.limits,
        check=check,
        assembles=assembles,
        seal=seal,
        second=second | ({seal.kind: second_word(seal, current_user)} if seal else {}),
        seal_form=act_form(SealFields, refused),
        may_seal=assembles and paper.is_met and paper.used_on is None and seal is None,
        use_form=act_form(UseFields, refused),
        take_form=act_form(PaperExportFields, refused),
        problem=problem_of(refused),
    )


@face.get("/banks/<int:number>/papers/<int:paper_number>")
@guard.may(Right.SEE_PAPERS)
def bank_paper(number: int, paper_number: int) -> ResponseReturnValue:
    """A paper with its forms."""
    return show_paper(number, paper_number)


@face.post("/banks/<int:number>/papers/<int:paper_number>/check")
@guard.may(Right.SEE_PAPERS)
@only_once
@refusal_on(show_paper)
def check_bank_paper(number: int, paper_number: int) -> ResponseReturnValue:
    """Hold it against bank and table once more; with a large bank by a job."""
    wanted = paper_or_404(number, paper_number)
    if is_large(wanted.bank):
        return redirect(job_url(ask_to_check(wanted, current_user)))
    return show_paper(number, paper_number, check=check_paper(wanted, current_user))


@face.post("/banks/<int:number>/papers/<int:paper_number>/file")
@guard.may(Right.TAKE_OUT_QUESTIONS)
@refusal_on(show_paper)
def ask_paper_file(number: int, paper_number: int) -> ResponseReturnValue:
    """Ask for the paper in print, or as its file."""
    ask_for_paper(paper_or_404(number, paper_number), typed_act(PaperExportFields), current_user)
    flash(_("等另一个保密员同意"), "ok")
    return redirect(url_for("organiser.bank_files", number=number))


@face.post("/banks/<int:number>/papers/<int:paper_number>/use")
@guard.may(Right.ASSEMBLE_PAPERS)
@refusal_on(show_paper)
def use_bank_paper(number: int, paper_number: int) -> ResponseReturnValue:
    """Say on which day it was sat."""
    wanted = paper_or_404(number, paper_number)
    use_paper(wanted, typed_act(UseFields), current_user)
    flash(_("每道题都写上了用过"), "ok")
    return redirect(url_for("organiser.bank_paper", number=number, paper_number=paper_number))
