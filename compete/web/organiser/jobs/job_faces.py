"""Jobs in words: the title, the progress, the result and the link to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from compete.domain.values.messages import Message
from compete.domain.values.rights import Right
from compete.domain.values.states import JobState
from compete.models import Account, Competition, Job
from compete.services.certificates.authority_books import HANDING_OUT_BOOK, UPLOAD_BOOK
from compete.services.certificates.award_certificates import DUE_AWARDS
from compete.services.certificates.claim_certificates import DUE_CLAIMS
from compete.services.certificates.claim_proposals import MOVE_CLAIMS, PROPOSE_CLAIMS
from compete.services.certificates.grade_certificates import DUE_GRADES
from compete.services.certificates.printing import ALL_OF_A_KIND, HANDING_OUT
from compete.services.certificates.promotions import PROMOTIONS, PROMOTIONS_BOOK
from compete.services.closing.approving_jobs import APPROVE_GRADES
from compete.services.closing.competition_lock import LOCK_MARKS, LOCK_MODULE
from compete.services.closing.marks_lists import ENTER_LIST
from compete.services.competitions.dossier import MAKE as MAKE_DOSSIER
from compete.services.competitions.erasure_requests import ERASE
from compete.services.examinations.exam_marks import TAKE_MARKS
from compete.services.jobs.packed_sentences import unpacked
from compete.services.jobs.papers.kept import paper_files, papers_until
from compete.services.jobs.papers.kinds import (
    APPLICATIONS_BOOK,
    CHANGES_BOOK,
    ENTRANTS_BOOK,
    RECORDS_BOOK,
    REGISTER_BOOK,
    VERDICTS_BOOK,
)
from compete.services.jobs.papers.printing import PRINT
from compete.services.jobs.queue import job_error, job_step
from compete.services.judging.printed_sheets import BLANK_SHEETS
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.questions.bank_jobs import ASSEMBLE, BRING_BANK, CHECK, READ_QUESTIONS
from compete.services.registration.badges import BADGES
from compete.services.registration.known_layouts import PREVIEW_IMPORT, WRITE_IMPORT
from compete.services.registration.oversight_reports import OVERSIGHT
from compete.services.registration.printed_forms import FORM_TITLES, PEOPLE_FORM
from compete.services.results.consequences import open_consequences
from compete.services.results.notice import NOTICE
from compete.services.results.publishing import PUBLISH
from compete.services.results.results_booklet import RESULTS_BOOK
from compete.services.results.score_summary import SCORE_SUMMARY
from compete.services.schedule.drawing_jobs import DRAW_DAYS
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.board_link import stage_board_url
from compete.web.shapes import Told
from compete.web.shown_standings import AWARDS, STANDINGS, own_url
from compete.web.templating import moment, moment_in_sentence

Title = LazyString | Callable[[Job], str]


@dataclass(frozen=True)
class JobFace:
    """A kind of job: `area` of the desk, what it is called, and the message when it is done.

    `done` gives the sentence and the address of the page that shows the result,
    `back` the address from which it was asked for. Without `done` its own page shows it.
    """

    area: str
    called: Title
    back: Callable[[Job], str]
    right: Right
    """The right to stop it; whoever asked for it may as well."""
    done: Callable[[Job], tuple[str, str]] | None = None
    stayed: Callable[[Job], str] = lambda _job: _("什么都没有写入")
    """Says what a stopped job has done so far."""

    def title(self, job: Job) -> str:
        """Title of the job."""
        return self.called(job) if callable(self.called) else str(self.called)


def _files_note(job: Job, reader: Account) -> str:
    """Say until when the files lie there and for whom; and what to check on them."""
    until = papers_until(job)
    if until is None:
        return "" if job.ended_at is None else _("文件已经删了，要的话再印一次")
    if job.made_by != reader.id:
        return _("文件只有 %(who)s 能打开", who=job.maker.name)
    text = _("只有您能打开，留到 %(at)s。", at=moment_in_sentence(until))
    if marked := (job.result or {}).get("marked"):
        text += _("有 %(n)s 处没印或印成〓，看最后一页。", n=marked)
    return text


def _to(endpoint: str) -> Callable[[Job], str]:
    return lambda job: url_for(endpoint, code=job.competition.code)


def _some_stayed(_job: Job) -> str:
    return _("印好的几份还能打开")


def _paper(area: str, title: Title, back: str | Callable[[Job], str], right: Right) -> JobFace:
    """The words about a printed paper; `back` is a page, or says its address."""
    leads = _to(back) if isinstance(back, str) else back
    return JobFace(area=area, called=title, back=leads, right=right, stayed=_some_stayed)


def _form_title(job: Job) -> str:
    return _("打印%(what)s", what=say(FORM_TITLES[job.arguments["of"]["form"]]))


_PAPERS = {
    BADGES: _paper("entrants", _l("打印参赛证"), "organiser.entrants", Right.REGISTER),
    ENTRANTS_BOOK: _paper("entrants", _l("选手名单 Excel"), "organiser.entrants", Right.REGISTER),
    APPLICATIONS_BOOK: _paper(
        "entrants", _l("报名名单 Excel"), "organiser.applications", Right.REGISTER
    ),
    CHANGES_BOOK: _paper("labour", _l("改数记录 Excel"), "organiser.labour_changes", Right.SEE),
    RECORDS_BOOK: _paper("competitions", _l("变更记录 Excel"), "organiser.overview", Right.SEE),
    PEOPLE_FORM: _paper("entrants", _form_title, "organiser.entrants", Right.REGISTER),
    OVERSIGHT: _paper("competitions", _l("打印督导记录"), "organiser.oversight_reports", Right.SEE),
    BLANK_SHEETS: _paper("judges", _l("打印空白评分表"), "organiser.paper", Right.LEAD),
    NOTICE: _paper(
        "results",
        _l("打印成绩公示"),
        lambda job: own_url(job.competition, STANDINGS),
        Right.SEE,
    ),
    SCORE_SUMMARY: _paper("results", _l("打印成绩汇总表"), "organiser.standings", Right.SEE),
    RESULTS_BOOK: _paper("results", _l("打印成绩册"), "organiser.results", Right.SEE),
    VERDICTS_BOOK: _paper("results", _l("结果名单 Excel"), "organiser.verdicts", Right.SEE),
    PROMOTIONS: _paper("results", _l("打印拟晋升名单"), "organiser.awards", Right.DECIDE_AWARDS),
    PROMOTIONS_BOOK: _paper(
        "results", _l("拟晋升名单 Excel"), "organiser.awards", Right.DECIDE_AWARDS
    ),
    ALL_OF_A_KIND: _paper("certificates", _l("打印证书"), "organiser.certificates", Right.ISSUE),
    HANDING_OUT: _paper("certificates", _l("证书发放登记"), "organiser.certificates", Right.ISSUE),
    HANDING_OUT_BOOK: _paper(
        "certificates", _l("证书发放登记 Excel"), "organiser.certificates", Right.ISSUE
    ),
    REGISTER_BOOK: _paper(
        "certificates", _l("证书登记册 Excel"), "organiser.certificates", Right.ISSUE
    ),
    UPLOAD_BOOK: _paper(
        "certificates", _l("上传数据 Excel"), "organiser.certificates", Right.ISSUE
    ),
}


def face_of(job: Job) -> JobFace:
    """Return the words about a job. A new kind gets its line here, a paper among `_PAPERS`."""
    return _PAPERS[job.arguments["kind"]] if job.kind == PRINT else _FACES[job.kind]


def job_url(job: Job) -> str:
    """The page on which its progress is seen."""
    return _own_address(job, "job", "own_job")


def _own_address(job: Job, page: str, above: str) -> str:
    """The address of its page: of a competition, or above them."""
    if job.competition_id is None:
        return url_for(f"organiser.{above}", public_id=job.public_id)
    return url_for(f"organiser.{page}", code=job.competition.code, public_id=job.public_id)


def describe_job(job: Job, reader: Account) -> Told:
    """Build the progress of `organiser/jobs/_progress.html`.

    `open` is true if it is still to be done; `live_url` then tells what has changed, `stop_url`
    stops it. Each empty where it is not so: `step` is the present one, `error` why it could not
    be done, `stopped` who stopped it and when, `stays` the part that stays written of a job that
    could not be finished, `files` what the reader can fetch of it so far, `note` the date until
    which they stay, and for whom.
    """
    printed = job.kind == PRINT
    step, error = job_step(job), job_error(job)
    return {
        "row": job,
        "live_url": _own_address(job, "job_live", "own_job_live"),
        "stop_url": _own_address(job, "stop_job", "stop_own_job"),
        "open": job.state in (JobState.WAITING, JobState.RUNNING),
        "step": say(step or ""),
        "error": say(error or ""),
        # Of a work in portions, whose first ones are written and stay.
        "stays": face_of(job).stayed(job) if error and job.kept else "",
        "stopped": _(
            "%(who)s %(at)s 停下的，%(what)s",
            who=job.stopper.name,
            at=moment(job.ended_at),
            what=face_of(job).stayed(job),
        )
        if job.stopper
        else "",
        "files": paper_files(job) if printed and job.made_by == reader.id else [],
        "note": _files_note(job, reader) if printed else "",
    }


def _locked(job: Job) -> tuple[str, str]:
    awards = allowed_url(AWARDS, code=job.competition.code)
    return _("评分锁定了"), awards or own_url(job.competition, STANDINGS)


def _module(job: Job) -> str:
    place = job.arguments
    event = next(e for e in job.competition.events if e.code == place["event"])
    title = module_title(event, place["stage"], place["module"])
    if not place["session"]:
        return title
    return _("%(name)s（%(more)s）", name=title, more=place["session"])


def _board(job: Job) -> str:
    place = (job.arguments[key] for key in ("event", "stage", "module"))
    return stage_board_url(job.competition, *place)


def _module_locked(job: Job) -> tuple[str, str]:
    return _("锁定了，第 %(n)s 版", n=(job.result or {}).get("version")), _board(job)


def _marks_list(job: Job) -> str:
    asked = job.arguments
    event = next(e for e in job.competition.events if e.code == asked["event"])
    key = module_key(event, asked["stage"], asked["module"])
    return url_for("organiser.upload_marks_list", code=job.competition.code, module=key)


def _list_entered(job: Job) -> tuple[str, str]:
    result = job.result or {}
    text = _(
        "%(settled)s 张两个人录的一样，算数了；%(waits)s 张等另一位；%(differs)s 张不一样",
        **{word: result.get(word, 0) for word in ("settled", "waits", "differs")},
    )
    for label, why in result.get("others", ()):
        reason = unpacked(why)
        text += _("；%(code)s 没有录：%(why)s", code=label, why=say(reason) if reason else "")
    if (more := result.get("left", 0) - len(result.get("others", ()))) > 0:
        text += _("；还有 %(n)s 张没有录", n=more)
    return text, _marks_list(job)


def _published(job: Job) -> tuple[str, str]:
    return published(job.competition, (job.result or {}).get("version"))


def _publish_stayed(job: Job) -> str:
    if not job.kept:
        return _("什么都没有写入")
    return _("已公布第 %(n)s 版，只是还没记进总账，过一会儿自动记上", n=job.kept["version"])


def _issued(job: Job) -> tuple[str, str]:
    text = _("发了 %(n)s 张证书", n=(job.result or {}).get("number"))
    return text, url_for("organiser.certificates", code=job.competition.code)


def _issue_stayed(job: Job) -> str:
    if not job.done:
        return _("什么都没有写入")
    return _("发了的 %(n)s 张有效，编号不变，没发的还可以发", n=job.done)


def _claims_done(job: Job) -> tuple[str, str]:
    text = _("办完了，人数：%(n)s", n=(job.result or {}).get("number"))
    return text, url_for("organiser.claims", code=job.competition.code)


def _claims_stayed(job: Job) -> str:
    if not job.done:
        return _("什么都没有写入")
    if job.kind == PROPOSE_CLAIMS:
        return _("名单里前 %(n)s 人已经提出，改好以后从后面的人接着提", n=job.done)
    return _("办了的 %(n)s 人不变，其余的还可以办", n=job.done)


def _claims(title: Title, right: Right) -> JobFace:
    return JobFace(
        area="results",
        called=title,
        done=_claims_done,
        back=_to("organiser.claims"),
        right=right,
        stayed=_claims_stayed,
    )


def _approved(job: Job) -> tuple[str, str]:
    text = _("批准了 %(n)s 人", n=(job.result or {}).get("number"))
    return text, own_url(job.competition, AWARDS)


def published(competition: Competition, version: object) -> tuple[str, str]:
    """Return the message after publishing, and the page to look at next."""
    where = None
    if open_consequences(competition):
        where = allowed_url("organiser.consequences", code=competition.code)
    text = _("已公布第 %(n)s 版。选手扫参赛证就能看到自己的成绩", n=version)
    return text, where or own_url(competition, STANDINGS)


def _drawn(job: Job) -> tuple[str, str]:
    result, plan = job.result or {}, url_for("organiser.day_plan", code=job.competition.code)
    if doubled := unpacked(result.get("doubled")):
        return say(doubled), plan
    if not result.get("number"):
        return _("一个座位也没有抽：开始抽以前名单或者座位改过了，看“还差”"), plan
    return _("抽好了，%(n)s 人次有座位", n=result.get("number")), plan


def _erased(job: Job) -> tuple[str, str]:
    text = _("删除了 %(n)s 人的个人资料", n=(job.result or {}).get("number"))
    return text, url_for("organiser.personal_data", code=job.competition.code)


def _dossier_made(job: Job) -> tuple[str, str]:
    result = job.result or {}
    text = _(
        "第 %(n)s 份做好了，%(files)s 个文件", n=result.get("number"), files=result.get("files")
    )
    return text, url_for("organiser.dossiers", code=job.competition.code)


def _previewed(job: Job) -> tuple[str, str]:
    return _("核对完了，现在还没写入"), _preview(job)


def _preview(job: Job) -> str:
    return url_for("organiser.preview", code=job.competition.code, batch_id=job.arguments["batch"])


def _imported(job: Job) -> tuple[str, str]:
    result = job.result or {}
    text = _(
        "%(written)s 行已写入，%(refused)s 行拒绝",
        written=result.get("written"),
        refused=result.get("refused"),
    )
    if result.get("left"):
        rows = _("、").join(str(number) for number in result["others"])
        text += _(
            "；%(n)s 行核对以后被别人改过，没有写：第 %(rows)s 行", n=result["left"], rows=rows
        )
    if waits := (result.get("refused") or 0) + (result.get("left") or 0):
        text += _("。没写的 %(n)s 行在“上传报名表”里留 30 天，改好再写", n=waits)
    code = job.competition.code
    if result.get("photos"):
        text += _("；表里的照片在这里，一张张核对再存")
        return text, url_for("organiser.preview_portraits", code=code, upload_id=result["photos"])
    if why := unpacked(result.get("why_no_photos")):
        text += _("；表里的照片没有收：%(why)s", why=say(why))
    return text, url_for("organiser.entrants", code=code)


def _import_stayed(job: Job) -> str:
    if not job.done:
        return _("什么都没有写入")
    return _("写了的 %(n)s 行留在名单里，没写的回核对页可以接着写", n=job.done)


def _exam(job: Job) -> str:
    return url_for("organiser.exam", code=job.competition.code, number=job.arguments["exam"])


def _marks_taken(job: Job) -> tuple[str, str]:
    result = job.result or {}
    left_out = [(code, why) for code, packed in result["others"] if (why := unpacked(packed))]
    return _("；").join(marks_taken_words(result, left_out, result["left"])), _exam(job)


def marks_taken_words(
    counts: Mapping[str, int], left_out: Sequence[tuple[str, Message]], left: int
) -> list[str]:
    """Say what became of the marks of an examination: how many were put, and who was left out."""
    words = [
        _(
            "写入 %(put)s 人的成绩，%(same)s 人和原来一样，%(absent)s 人提出缺考",
            **{key: counts[key] for key in ("put", "same", "absent")},
        )
    ]
    words += [_("%(code)s 没写入：%(why)s", code=code, why=say(why)) for code, why in left_out]
    if left > len(left_out):
        words.append(_("还有 %(n)s 人没写入", n=left - len(left_out)))
    return words


def _issuing(title: Title) -> JobFace:
    return JobFace(
        area="certificates",
        called=title,
        done=_issued,
        back=_to("organiser.certificates"),
        right=Right.ISSUE,
        stayed=_issue_stayed,
    )


def _bank(job: Job) -> str:
    return url_for("organiser.bank", number=(job.result or job.arguments)["bank"])


def _file_read(job: Job) -> tuple[str, str]:
    result = job.result or {}
    if result["wrong"]:
        text = _("文件里有 %(n)s 处不对，一道都没有写", n=result["wrong"])
        return text, url_for("organiser.bank_file_faults", public_id=job.public_id)
    words = {key: result[key] for key in ("added", "changed", "same")}
    text = _("新出 %(added)s 道，改出新版 %(changed)s 道，一样 %(same)s 道", **words)
    return text, _bank(job)


def _bank_brought(job: Job) -> tuple[str, str]:
    result = job.result or {}
    if result["wrong"]:
        text = _("文件里有 %(n)s 处不对，什么都没有写", n=result["wrong"])
        return text, url_for("organiser.bank_file_faults", public_id=job.public_id)
    return _("建好了，给人职责以后才有人看得到题"), _bank(job)


def _assembled(job: Job) -> tuple[str, str]:
    result = job.result or {}
    text = _("组好了，合方案") if result["met"] else _("组了一份，不合方案，缺什么写在卷上")
    return text, _paper_url(job)


def _checked(job: Job) -> tuple[str, str]:
    result = job.result or {}
    if result["wrong"]:
        text = _("这份卷现在有 %(n)s 处不对", n=result["wrong"])
        return text, url_for("organiser.bank_file_faults", public_id=job.public_id)
    changed = _("查过了，没有差错；组卷以后题库改过，查的是现在的题库")
    return changed if result["changed"] else _("查过了，没有差错"), _paper_url(job)


def _paper_url(job: Job) -> str:
    names = job.result or job.arguments
    return url_for("organiser.bank_paper", number=names["bank"], paper_number=names["paper"])


_FACES = {
    READ_QUESTIONS: JobFace(
        area="banks",
        called=_l("从文件放题"),
        done=_file_read,
        back=lambda job: url_for("organiser.upload_questions", number=job.arguments["bank"]),
        right=Right.WRITE_QUESTIONS,
        stayed=lambda job: (
            _("写了的 %(n)s 道在等审，再放一次这个文件接着写", n=job.done)
            if job.done
            else _("什么都没有写入")
        ),
    ),
    BRING_BANK: JobFace(
        area="banks",
        called=_l("建题库"),
        done=_bank_brought,
        back=lambda _job: url_for("organiser.banks"),
        right=Right.ADMINISTER,
        stayed=lambda _job: _("没有放完，再放一次这个文件接着放"),
    ),
    ASSEMBLE: JobFace(
        area="banks",
        called=_l("组卷"),
        done=_assembled,
        back=lambda job: url_for(
            "organiser.paper_table",
            number=job.arguments["bank"],
            table_number=job.arguments["table"],
        ),
        right=Right.ASSEMBLE_PAPERS,
    ),
    CHECK: JobFace(
        area="banks", called=_l("再查一遍"), done=_checked, back=_paper_url, right=Right.SEE_PAPERS
    ),
    TAKE_MARKS: JobFace(
        area="competitions",
        called=_l("机考成绩写入模块"),
        done=_marks_taken,
        back=_exam,
        right=Right.LEAD,
        stayed=lambda _job: _("写入了的留着，再算一遍接着写"),
    ),
    DRAW_DAYS: JobFace(
        area="entrants",
        called=_l("抽签排座"),
        done=_drawn,
        back=_to("organiser.day_plan"),
        right=Right.DRAW,
        stayed=lambda _job: _("抽好的模块作数，没抽完的在“赛场安排”再按一次接着抽"),
    ),
    DUE_AWARDS.job: _issuing(_l("发获奖证书")),
    DUE_GRADES.job: _issuing(_l("发技能等级证书")),
    DUE_CLAIMS.job: _issuing(_l("发等级认定的证书")),
    PROPOSE_CLAIMS: _claims(_l("提出等级认定"), Right.DECIDE_AWARDS),
    MOVE_CLAIMS: _claims(
        lambda job: _("公示等级认定") if job.what == "notice" else _("批准等级认定"),
        Right.DECIDE_AWARDS,
    ),
    APPROVE_GRADES: JobFace(
        area="results",
        called=_l("批准等级"),
        done=_approved,
        back=lambda job: own_url(job.competition, AWARDS),
        right=Right.DECIDE_AWARDS,
        stayed=lambda job: _("批准了的 %(n)s 人不变，其余的还待批准", n=job.done),
    ),
    ERASE: JobFace(
        area="competitions",
        called=_l("删除个人资料"),
        done=_erased,
        back=_to("organiser.personal_data"),
        right=Right.AGREE,
        stayed=lambda job: _("删了的 %(n)s 人不能恢复，其余的再同意一次接着删", n=job.done),
    ),
    MAKE_DOSSIER: JobFace(
        area="competitions",
        called=_l("做竞赛档案"),
        done=_dossier_made,
        back=_to("organiser.dossiers"),
        right=Right.DOSSIER,
        stayed=lambda _job: _("没有做成一份，以前的还在"),
    ),
    PREVIEW_IMPORT: JobFace(
        area="entrants",
        called=_l("核对报名表"),
        done=_previewed,
        back=_to("organiser.upload"),
        right=Right.REGISTER,
    ),
    WRITE_IMPORT: JobFace(
        area="entrants",
        called=_l("写入报名表"),
        done=_imported,
        back=_preview,
        right=Right.REGISTER,
        stayed=_import_stayed,
    ),
    LOCK_MARKS: JobFace(
        area="judges",
        called=_l("锁定评分"),
        done=_locked,
        back=_to("organiser.confirm_lock"),
        right=Right.LOCK,
    ),
    LOCK_MODULE: JobFace(
        area="judges",
        called=lambda job: _("锁定%(module)s", module=_module(job)),
        done=_module_locked,
        back=_board,
        right=Right.LOCK,
    ),
    ENTER_LIST: JobFace(
        area="judges",
        called=_l("录入成绩单"),
        done=_list_entered,
        back=_marks_list,
        right=Right.READ_AGAIN,
        stayed=lambda job: _("录了的 %(n)s 张不变，同一份再传一遍接着录", n=job.done),
    ),
    PUBLISH: JobFace(
        area="results",
        called=_l("公布成绩"),
        done=_published,
        back=_to("organiser.confirm_publish"),
        right=Right.PUBLISH,
        stayed=_publish_stayed,
    ),
}
