"""Long papers that jobs print: how their page speaks of them, and the files on it."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for
from flask_babel import gettext as _

from compete.domain.values.rights import Right
from compete.models import Account, Job
from compete.services.certificates.authority_books import HANDING_OUT_BOOK, UPLOAD_BOOK
from compete.services.certificates.printing import ALL_OF_A_KIND, HANDING_OUT
from compete.services.certificates.promotions import PROMOTIONS, PROMOTIONS_BOOK
from compete.services.judging.printed_sheets import BLANK_SHEETS
from compete.services.papers.kept import paper_files, papers_until
from compete.services.publication.notice import NOTICE
from compete.services.publication.results_book import RESULTS_BOOK
from compete.services.publication.score_summary import SCORE_SUMMARY
from compete.services.registration.badges import BADGES
from compete.services.registration.printed_forms import FORM_TITLES, PEOPLE_FORM
from compete.web.language import say
from compete.web.organiser.jobs.face import JobFace
from compete.web.organiser.jobs.shapes import JobFile
from compete.web.organiser.list_book import (
    APPLICATIONS_BOOK,
    CHANGES_BOOK,
    ENTRANTS_BOOK,
    RECORDS_BOOK,
)
from compete.web.shown_standings import STANDINGS, own_url
from compete.web.templating import moment_said


def paper_face(job: Job) -> JobFace:
    """How its page speaks of a paper that is printed. A new kind of paper gets its line here."""
    return _PAPERS[job.arguments["kind"]]


def files_of(job: Job) -> list[JobFile]:
    """What can be fetched of it so far."""
    return [
        JobFile(
            label=file.name,
            size=_("%(n)s MB", n=max(0.1, round(file.size / 1e6, 1))),
            url=url_for(
                "organiser.job_file",
                code=job.competition.code,
                public_id=job.public_id,
                number=file.number,
            ),
        )
        for file in paper_files(job)
    ]


def files_note(job: Job, reader: Account) -> str:
    """Until when they lie there and for whom; what has to be looked at on them."""
    until = papers_until(job)
    if until is None:
        return "" if job.ended_at is None else _("文件已经删了，要的话再印一次")
    if job.made_by != reader.id:
        return _("文件只有 %(who)s 能打开", who=job.maker.name)
    said = _("只有您能打开，留到 %(at)s。", at=moment_said(until))
    if marked := (job.result or {}).get("marked"):
        said += _("有 %(n)s 处没印或印成〓，看最后一页。", n=marked)
    return said


def _to(endpoint: str) -> Callable[[Job], str]:
    return lambda job: url_for(endpoint, code=job.competition.code)


def _some_stayed(_job: Job) -> str:
    return _("印好的几份还能打开")


def _paper(
    area: str, title: Callable[[Job], str], back: Callable[[Job], str], right: Right
) -> JobFace:
    return JobFace(area=area, title=title, back=back, right=right, stayed=_some_stayed)


def _form_title(job: Job) -> str:
    return _("打印%(what)s", what=say(FORM_TITLES[job.arguments["of"]["form"]]))


_PAPERS = {
    BADGES: _paper(
        "entrants", lambda _job: _("打印参赛证"), _to("organiser.entrants"), Right.REGISTER
    ),
    ENTRANTS_BOOK: _paper(
        "entrants", lambda _job: _("选手名单 Excel"), _to("organiser.entrants"), Right.REGISTER
    ),
    APPLICATIONS_BOOK: _paper(
        "entrants", lambda _job: _("报名名单 Excel"), _to("organiser.applications"), Right.REGISTER
    ),
    CHANGES_BOOK: _paper(
        "labour", lambda _job: _("改数记录 Excel"), _to("organiser.labour_changes"), Right.SEE
    ),
    RECORDS_BOOK: _paper(
        "competitions", lambda _job: _("变更记录 Excel"), _to("organiser.overview"), Right.SEE
    ),
    PEOPLE_FORM: _paper("entrants", _form_title, _to("organiser.entrants"), Right.REGISTER),
    BLANK_SHEETS: _paper(
        "judges", lambda _job: _("打印空白评分表"), _to("organiser.paper"), Right.LEAD
    ),
    NOTICE: _paper(
        "results",
        lambda _job: _("打印成绩公示"),
        lambda job: own_url(job.competition, STANDINGS),
        Right.SEE,
    ),
    SCORE_SUMMARY: _paper(
        "results", lambda _job: _("打印成绩汇总表"), _to("organiser.standings"), Right.SEE
    ),
    RESULTS_BOOK: _paper(
        "results", lambda _job: _("打印成绩册"), _to("organiser.results"), Right.SEE
    ),
    PROMOTIONS: _paper(
        "results",
        lambda _job: _("打印拟晋升名单"),
        _to("organiser.awards"),
        Right.DECIDE_AWARDS,
    ),
    PROMOTIONS_BOOK: _paper(
        "results", lambda _job: _("拟晋升名单 Excel"), _to("organiser.awards"), Right.DECIDE_AWARDS
    ),
    ALL_OF_A_KIND: _paper(
        "certificates", lambda _job: _("打印证书"), _to("organiser.certificates"), Right.ISSUE
    ),
    HANDING_OUT: _paper(
        "certificates", lambda _job: _("证书发放登记"), _to("organiser.certificates"), Right.ISSUE
    ),
    HANDING_OUT_BOOK: _paper(
        "certificates",
        lambda _job: _("证书发放登记 Excel"),
        _to("organiser.certificates"),
        Right.ISSUE,
    ),
    UPLOAD_BOOK: _paper(
        "certificates", lambda _job: _("上传数据 Excel"), _to("organiser.certificates"), Right.ISSUE
    ),
}
