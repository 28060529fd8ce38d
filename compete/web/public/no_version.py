"""Pages in the stead of a version: there is none of that number, or its notice is taken down."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _

from compete.models import Competition, Publication
from compete.services.results.result_stands import stands_of, why_taken_down
from compete.web.kind_words import speak_of
from compete.web.language import in_a_row
from compete.web.paging import asked_number


def no_such_version(versions: Sequence[Publication]) -> Response:
    """Say that there is no version as the address names it, and where the newest is."""
    newest, wanted = versions[0], asked_number("version")
    competition = newest.competition
    speak_of(competition)
    title = _("没有第 %(n)s 版", n=wanted) if wanted is not None else _("没有这一版")
    now = url_for("public.standings", code=competition.code)
    return _page(
        competition,
        title,
        _("现在公布的是第 %(n)s 版。", n=newest.version),
        (now, _("看第 %(n)s 版", n=newest.version)),
    )


def taken_down(competition: Competition) -> Response:
    """Say that the notice is taken down and why: till it is published anew nothing is told."""
    speak_of(competition)
    stands = stands_of(competition).values()
    known = [(stand, why) for stand in stands if (why := why_taken_down(stand, competition))]
    whys = [
        _("%(event)s：%(why)s", event=stand.name, why=why) if len(stands) > 1 else why
        for stand, why in known
    ]
    sentences = [
        _("改好以后重新公布，在那以前公布过的文件都不能下载。"),
        *(_("理由：%(why)s。", why=why.rstrip("。. ")) for why in whys),
    ]
    now = url_for("public.standings", code=competition.code)
    return _page(competition, _("公示已撤下"), in_a_row(sentences), (now, _("看公布的页面")))


def _page(competition: Competition, title: str, text: str, there: tuple[str, str]) -> Response:
    page = render_template(
        "public/no_version.html", heading=competition.name, title=title, text=text, there=there
    )
    return make_response(page, 404)
