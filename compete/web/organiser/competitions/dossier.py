"""The dossiers of a competition: what they hold, made by a job, fetched, and until when kept."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.rights import Right
from compete.models import Competition, Dossier
from compete.services.competitions.dossier import (
    ask_dossier,
    changes_since,
    dossiers_of,
    fetch_dossier,
    find_dossier,
    kept_until,
    making_job,
    why_no_dossier,
)
from compete.services.competitions.dossier_sources import sources_for
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.addresses import asked_at
from compete.web.downloads import send_file_bytes
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.pages import or_404
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Chip
from compete.web.templating import day, moment
from compete.web.upload_limit_words import size_words


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRow:
    """A dossier that was made; `gone` says when its key went, empty while it can be fetched."""

    number: int
    made: str
    size: str
    until: str
    chip: Chip
    words: str
    digits: str
    gone: str


def _dossiers_page(competition: Competition, refused: Refused | None = None) -> str:
    rows, job = dossiers_of(competition), making_job(competition)
    return render_template(
        "organiser/competitions/dossier.html",
        rows=[_row(it, newest=it is rows[0]) for it in rows],
        changes=_changes(rows[0]) if rows and rows[0].file_key is not None else "",
        holds=list(dict.fromkeys(say(source.title) for source in sources_for(competition))),
        why_not=say(why_no_dossier(competition)),
        following=job_url(job) if job else None,
        problem=problem_of(refused),
    )


def _row(dossier: Dossier, *, newest: bool) -> DossierRow:
    erased = dossier.erased_at
    chip = Chip(text=_("最新"), kind="ok") if newest else Chip(text=_("后来又做过"), kind="")
    if erased is not None:
        chip = Chip(text=_("期满删了"), kind="")
    return DossierRow(
        number=dossier.number,
        made=_("%(who)s，%(at)s", who=dossier.maker.name, at=moment(dossier.made_at)),
        size=_(
            "%(files)s，%(size)s",
            files=ngettext("%(num)s 个文件", "%(num)s 个文件", dossier.files),
            size=size_words(dossier.size),
        ),
        until=day(kept_until(dossier), with_year=True),
        chip=chip,
        words=hash_phrase(bytes.fromhex(dossier.manifest)),
        digits=dossier.manifest,
        gone=day(erased, with_year=True) if erased is not None else "",
    )


def _changes(dossier: Dossier) -> str:
    count = changes_since(dossier)
    if not count:
        return ""
    return ngettext(
        "第 %(n)s 份以后又有 %(num)s 条变更记录。要新的，再做一份；旧的留着",
        "第 %(n)s 份以后又有 %(num)s 条变更记录。要新的，再做一份；旧的留着",
        count,
        n=dossier.number,
    )


@face.get("/<code>/dossiers")
@guard.may(Right.DOSSIER)
def dossiers(competition: Competition) -> ResponseReturnValue:
    """What a dossier holds, and those that were made."""
    return _dossiers_page(competition)


@face.post("/<code>/dossiers")
@guard.may(Right.DOSSIER)
@only_once
@refusal_on(_dossiers_page)
def make_dossier(competition: Competition) -> ResponseReturnValue:
    """Have one made by a job."""
    return redirect(job_url(ask_dossier(competition, current_user, asked_at())))


@face.post("/<code>/dossiers/<int:number>/fetch")
@guard.may(Right.DOSSIER)
@refusal_on(lambda competition, number, refused: _dossiers_page(competition, refused))
def fetch_dossier_file(competition: Competition, number: int) -> Response:
    """Hand the file out; by a press, since who fetched it is recorded."""
    row = or_404(find_dossier(competition, number))
    name = f"{_('竞赛档案')}_{competition.name}_{row.number}.zip"
    return send_file_bytes(fetch_dossier(row, current_user), name, "application/zip", show=False)
