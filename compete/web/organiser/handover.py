"""Where marks are brought that a tablet could not send."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import Role
from compete.models import Competition
from compete.services.judging import MOST_BYTES, Handed, join_codes, require_handing, take_package
from compete.services.kernel import Refused
from compete.services.sheets import ActIn
from compete.web import guard
from compete.web.language import say
from compete.web.organiser import face


@face.route("/<code>/handover", methods=["GET", "POST"])
@guard.checkers
def handover(competition: Competition) -> ResponseReturnValue:
    """Upload the file, or scan or paste the codes; then what became of each act."""
    require_handing(competition, current_user)
    name, code = competition.name, competition.code
    problem, status, handed = None, 200, None
    codes = request.form.get("codes", "")
    if request.method == "POST":
        try:
            handed = take_package(competition, _sent(codes), current_user)
        except Refused as refused:
            problem, status = say(refused.message), refused.status
    is_recorder = g.membership is not None and g.membership.role is Role.RECORDER
    page = render_template(
        "organiser/handover.html",
        competition={
            "name": name,
            "url": None if is_recorder else url_for("organiser.overview", code=code),
        },
        problem=problem,
        codes=codes if problem else "",
        handed=_described(handed) if handed else None,
    )
    return page, status


def _sent(codes: str) -> bytes:
    """The file, or what the codes are pieces of."""
    file = request.files.get("package")
    if file is not None and file.filename:
        return file.stream.read(MOST_BYTES + 1)
    return join_codes(codes)


def _described(handed: Handed) -> dict[str, Any]:
    return {
        "judge": _("裁判 %(code)s %(name)s", code=handed.judge.code, name=handed.judge.name),
        "new": handed.new,
        "before": sum(1 for one in handed.acts if one.before),
        "refused": sum(1 for one in handed.acts if one.refused),
        "rows": [
            {
                "code": one.sheet,
                "what": one.aspect or _("整张表"),
                "value": _value(one.act),
                "key": "refused" if one.refused else "same" if one.before else "added",
                "word": _("没记下")
                if one.refused
                else _("早就有了")
                if one.before
                else _("记下了"),
                "why": say(one.refused) if one.refused else "",
            }
            for one in handed.acts
        ],
    }


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
        return _("停表 %(value)s 秒", value=value)
    if act.kind == "watch_correct":
        return _("更正为 %(value)s 秒", value=value)
    return value
