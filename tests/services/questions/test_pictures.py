"""Pictures of questions: from workbook, Moodle and QTI; kept sealed, printed, shown on screen."""

from __future__ import annotations

import base64
import io
import zipfile

from flask import Flask
from openpyxl import Workbook
from openpyxl.drawing.image import Image as SheetImage
from pypdf import PdfReader
from sqlalchemy import select

from compete.domain.values.roles import BankRole
from compete.models import QuestionPicture, QuestionVersion, db
from compete.services.examinations.paper_content import content_of_paper, lacks_pictures
from compete.services.kernel.file_store import store_here
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.bank_questions import versions_of
from compete.services.questions.by_two import agree_to_it
from compete.services.questions.exports import ExportFields, ask_for_export, fetch_export
from compete.services.questions.papers import SeedFields, assemble_paper, bring_table
from compete.services.questions.pictures import (
    drawn_anew,
    keep_pictures,
    picture_reader,
    pictures_of,
)
from compete.services.questions.printed_papers import printed_paper
from compete.services.questions.question_fields import QUESTION_ROWS
from compete.services.questions.question_writing import (
    plan_questions,
    rows_of_bank,
    write_questions,
)
from compete.services.questions.sealing import codes_in
from compete.services.registration.document_files import document_name
from compete.sheets.headed_rows import read_headed_rows
from compete.sheets.questions.qti_writing import write_package
from compete.sheets.workbook.pictures import name_of_picture
from tests.sheets.questions.writing import asked, moodle
from tests.support.banks import (
    PAPER_TABLE,
    administrator,
    example_bank,
    file_of_table,
    in_bank,
    question,
    small_bank,
)
from tests.support.pictures import photo

RED, WIDE = photo("PNG"), photo(size=(900, 300))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def workbook() -> bytes:
    """Two questions: a picture on the stem of one, on an option of the other."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["题干", "答案", "鉴定点", "选项A", "选项B"])
    sheet.append(["图里是哪种阀？", "A", "B-001", "闸阀", "球阀"])
    sheet.append(["哪个是球阀？", "B", "B-001", "左边的", "看图："])
    sheet.add_image(SheetImage(io.BytesIO(RED)), "A2")
    sheet.add_image(SheetImage(io.BytesIO(WIDE)), "E3")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def moodle_file() -> bytes:
    """A question with a file beside its text, and a picture written out in an answer."""
    text = base64.b64encode(RED).decode()
    file = f'<file name="a b.png" path="/" encoding="base64">{text}</file>'
    beside = '<img src="@@PLUGINFILE@@/a%20b.png" alt="x"> 图里是哪种阀？]]></text>'
    beside += f"{file}<text><![CDATA["
    inline = base64.b64encode(WIDE).decode()
    answers = (
        '<answer fraction="100" format="html"><text><![CDATA['
        f'<img src="data:image/jpeg;base64,{inline}">]]></text></answer>'
        '<answer fraction="0" format="html"><text>球阀</text></answer><single>true</single>'
    )
    return moodle(asked("multichoice", beside, answers))


def package() -> bytes:
    """A QTI package whose item shows a picture of the package, and one that is a script."""
    item = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="{0}">'
        '<qti-response-declaration identifier="R" cardinality="single" base-type="identifier">'
        "<qti-correct-response><qti-value>a</qti-value></qti-correct-response>"
        "</qti-response-declaration><qti-item-body><p>哪种阀？<img src='../img/{1}' alt=''/></p>"
        '<qti-choice-interaction response-identifier="R"><qti-simple-choice identifier="a">闸阀'
        '</qti-simple-choice><qti-simple-choice identifier="b">球阀</qti-simple-choice>'
        "</qti-choice-interaction></qti-item-body></qti-assessment-item>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest><resources/></manifest>")
        archive.writestr("items/one.xml", item.format("one", "one.png"))
        archive.writestr("items/two.xml", item.format("two", "two.svg"))
        archive.writestr("img/one.png", RED)
        archive.writestr("img/two.svg", SVG)
    return out.getvalue()


def test_pictures_of_every_kind_of_file_are_kept_sealed_with_their_questions(here: Flask) -> None:
    bank = small_bank()
    author = in_bank(bank, BankRole.AUTHOR, "author", administrator())
    red, wide = name_of_picture(RED), name_of_picture(WIDE)
    rows = read_headed_rows(workbook(), QUESTION_ROWS)
    (first, second) = (texts for _number, texts in rows)
    assert first["stem"] == f'图里是哪种阀？<img name="{red}"/>'
    assert second["option_b"] == f'看图：<img name="{wide}"/>'
    brought = drawn_anew(rows.pictures)
    fine = [it.texts for it in plan_questions(bank, rows, brought=brought) if not it.faults]
    assert write_questions(bank, fine, author, brought=brought) == (2, 0)
    kept = db.session.scalars(select(QuestionPicture).order_by(QuestionPicture.id)).all()
    assert {it.name for it in kept} == {red, wide}
    for row in kept:
        stored = store_here().read(document_name(row.file))
        assert stored is not None
        assert b"JFIF" not in stored
        assert b"SECRETCAM" not in pictures_of(bank.id, [{"media": [vars(row)]}])[row.sha256]
    (version,) = versions_of(question("Q00005"))
    assert [it["name"] for it in version.version["media"]] == [red]

    rows = read_headed_rows(moodle_file(), QUESTION_ROWS)
    assert (rows.faults, set(rows.pictures)) == ({}, {red, wide})
    assert rows[0][1]["option_a"] == f'<img name="{wide}"/>'
    rows = read_headed_rows(package(), QUESTION_ROWS)
    ((_number, first), (number, _second)) = rows
    assert (first["stem"], set(rows.pictures)) == (f'哪种阀？<img name="{red}"/>', {red})
    assert "图片" in str(rows.faults[number]["stem"])
    # What only begins as a picture is none, and its question is refused by name.
    broken = b"\x89PNG\r\n\x1a\n" + SVG
    texts = {"stem": f'哪个？<img name="{name_of_picture(broken)}"/>', "key": "对", "node": "B-001"}
    brought = drawn_anew({name_of_picture(broken): broken})
    (plan,) = plan_questions(bank, [(1, texts)], brought=brought)
    assert "不是照片" in str(plan.faults["stem"])
    assert list(check_rows(None)) == []


def test_a_package_that_goes_out_takes_its_pictures_along_and_reads_back(here: Flask) -> None:
    bank = small_bank()
    admin = administrator()
    author = in_bank(bank, BankRole.AUTHOR, "author", admin)
    rows = read_headed_rows(workbook(), QUESTION_ROWS)
    brought = drawn_anew(rows.pictures)
    fine = [it.texts for it in plan_questions(bank, rows, brought=brought) if not it.faults]
    assert write_questions(bank, fine, author, brought=brought) == (2, 0)
    asker, keeper = (in_bank(bank, BankRole.KEEPER, it, admin) for it in ("asker", "keeper"))
    export = ask_for_export(bank, ExportFields("qti", "换系统"), asker)
    agree_to_it(export, keeper)
    content = fetch_export(export, asker)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        assert sum(it.startswith("pictures/") for it in names) == 2
        assert all(f'href="{it}"' in package.read("imsmanifest.xml").decode() for it in names[:-1])
    back = read_headed_rows(content, QUESTION_ROWS)
    assert back.faults == {}
    assert sorted(back.pictures.values()) == sorted(it.data for it in brought.clean.values())
    marked = [texts["stem"] for _number, texts in back if "图里是哪种阀" in texts["stem"]]
    (name,) = [it for it, data in back.pictures.items() if it in marked[0]]
    assert back.pictures[name] == brought.clean[name_of_picture(RED)].data
    # One that is gone from the store is named alone.
    for row in db.session.scalars(select(QuestionPicture)):
        store_here().remove(document_name(row.file))
    bare = write_package(rows_of_bank(bank), picture_reader(bank))
    assert name_of_picture(RED).encode() in zipfile.ZipFile(io.BytesIO(bare)).read(
        "items/00005.xml"
    )


def test_pictures_stand_in_the_printed_paper_and_in_the_sealed_paper_of_an_examination(
    here: Flask,
) -> None:
    bank = example_bank()
    by = in_bank(bank, BankRole.ASSEMBLER, "assembler", administrator())
    lines = [it for it in PAPER_TABLE["lines"] if it["kind"] != "essay"]
    table = bring_table(
        bank, file_of_table(lines=lines, total="17", importance={}, difficulty=None), by
    )
    paper = assemble_paper(table, SeedFields(7), by)
    code = min(codes_in(paper))
    plain = len(PdfReader(io.BytesIO(printed_paper(paper, "paper_a4"))).pages[0].images)
    name, brought = name_of_picture(RED), drawn_anew({name_of_picture(RED): RED})
    query = select(QuestionVersion).where(QuestionVersion.question_id == question(code).id)
    row = db.session.scalars(query).one()
    with unit_of_work():
        media = [{"name": name, "type": "image/jpeg", "sha256": brought.clean[name].sha256}]
        stem = f'{row.asked["stem"]}<img name="{name}"/>'
        row.asked = {**row.asked, "stem": stem, "media": media}
        keep_pictures(bank, [{"versions": [row.asked]}], brought, by)
    pages = PdfReader(io.BytesIO(printed_paper(paper, "paper_a4"))).pages
    assert sum(len(page.images) for page in pages) > plain
    pages = PdfReader(io.BytesIO(printed_paper(paper, "card"))).pages
    assert sum(len(page.images) for page in pages) == 0

    content = content_of_paper(paper)
    shown = [row for form in content.shown.values() for row in form["questions"]]
    (own,) = [row["media"] for row in shown if row.get("media")]
    assert base64.b64decode(own[name]["data"]) == brought.clean[name].data
    assert lacks_pictures(content) == []
    store_here().remove(document_name(db.session.scalars(select(QuestionPicture.file)).one()))
    assert lacks_pictures(content_of_paper(paper)) == [code]
