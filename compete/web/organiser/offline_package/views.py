"""The page that takes marks a tablet could not send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.aspects.clock_times import told_time
from compete.domain.values.rights import Right
from compete.models import Competition, Sheet
from compete.services.closing.unproven_files import ReadSheet, read_file_as_paper
from compete.services.judging.offline_package import MOST_PACKAGE_BYTES, join_codes
from compete.services.judging.package_intake import (
    TakenPackage,
    UnprovenError,
    require_bringer,
    take_package,
)
from compete.services.kernel.refusal import Refused
from compete.services.sheets.act_rules import ActIn, kept_number
from compete.web import guard
from compete.web.headers import with_camera
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.refusals import status_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtRow:
    """An act of a package, and what became of it."""

    code: str
    what: str
    """The aspect, or the whole sheet."""
    value: str
    key: str
    """The state's key in `_parts/states.html`, and its `word`."""
    word: str
    why: str
    """Why it was refused; empty where it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """The outcome of a package."""

    judge: str
    new: int
    """The number of new acts; `before` were known, `refused` were not taken."""
    before: int
    refused: int
    rows: Sequence[BroughtRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A sheet of a file that counts as paper, and what became of it."""

    sheet: Sheet
    module: str
    key: str
    """The state's key in `_parts/states.html`, and its `word`."""
    word: str
    why: str
    """Why it was refused; empty where it was not."""


def _describe_handed(handed: TakenPackage) -> Brought:
    """Describe the outcome of a package: whose it is, how many are new, and each act."""
    return Brought(
        judge=_("裁判 %(code)s %(name)s", code=handed.judge.code, name=handed.judge.name),
        new=handed.new,
        before=sum(1 for act in handed.acts if act.before),
        refused=sum(1 for act in handed.acts if act.refused),
        rows=[
            BroughtRow(
                code=act.sheet,
                what=act.aspect or _("整张表"),
                value=_value(act.act),
                key="refused" if act.refused else "same" if act.before else "added",
                word=_("没记下") if act.refused else _("早就有了") if act.before else _("记下了"),
                why=say(act.refused) if act.refused else "",
            )
            for act in handed.acts
        ],
    )


def _describe_read(read: list[ReadSheet]) -> list[ReadRow]:
    """Describe the outcome of the sheets in a file that counts as paper."""
    return [
        ReadRow(
            sheet=row.sheet,
            module=row.module,
            key="refused" if row.refused else "signed" if row.settled else "added",
            word=_("没记下")
            if row.refused
            else _("两个人录的一样，算数了")
            if row.settled
            else _("算一位录的，等另一位"),
            why=say(row.refused) if row.refused else "",
        )
        for row in read
    ]


def _value(act: ActIn) -> str:
    words = {
        "submit": _("提交"),
        "clear": _("改回没评"),
        "note": _("备注"),
        "watch_start": _("开始计时"),
    }
    if act.kind in words:
        return words[act.kind]
    if isinstance(act.value, bool):
        return _("合格") if act.value else _("不合格")
    value = "" if act.value is None else str(act.value)
    if act.kind == "watch_stop":
        return _("停表 %(value)s", value=_told(value))
    if act.kind == "watch_correct":
        return _("更正为 %(value)s", value=_told(value))
    return value


def _told(value: str) -> str:
    """Show a time as people read it; other content of a file as it stands."""
    seconds = kept_number(value)
    return value if seconds is None else say(told_time(seconds))


@face.route("/<code>/handover", methods=["GET", "POST"])
@guard.may(Right.BRING)
@only_once
def handover(competition: Competition) -> ResponseReturnValue:
    """Upload the file, or scan or paste the codes; then what became of each act."""
    require_bringer(competition, current_user)
    problem, status, handed, read = None, 200, None, None
    codes = request.form.get("codes", "")
    if request.method == "POST":
        try:
            data = _sent(codes)
            try:
                handed = take_package(competition, data, current_user)
            except UnprovenError as unproven:
                read = read_file_as_paper(competition, unproven.package, data, current_user)
        except Refused as refused:
            problem, status = say(refused.message), status_of(refused)
    page = render_template(
        "organiser/offline_package/offline_package.html",
        problem=problem,
        codes=codes if problem else "",
        handed=_describe_handed(handed) if handed else None,
        read=None if read is None else _describe_read(read),
    )
    return with_camera((page, status))


def _sent(codes: str) -> bytes:
    """The file, or what the codes are pieces of."""
    file = request.files.get("package")
    if file is not None and file.filename:
        return file.stream.read(MOST_PACKAGE_BYTES + 1)
    return join_codes(codes)
