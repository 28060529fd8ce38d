"""Personal data: erased by two after the keeping time, or on a wish: what goes, what stays."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.models import Competition, Erasure, Job
from compete.services.accounts.card_handlers import signed_as
from compete.services.certificates.counts import count_certificates
from compete.services.competitions.dossier import dossiers_of
from compete.services.competitions.erasure_requests import (
    agree_erasure,
    ask_erasure,
    erasing_job,
    erasure_word,
    erasures_of,
    open_erasure,
    refuse_erasure,
    why_not_everybody,
)
from compete.services.competitions.retention import (
    Kept,
    count_erased,
    kept_by,
    kept_of,
    set_keep_months,
)
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.installation import config_here
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.scoring.public_columns import needed_columns
from compete.web import guard
from compete.web.guard import allowed_url, may_do
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.certificates.claims.examinee import flash_asked
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.organiser.list_book import send_list
from compete.web.organiser.registration.person.finding import find_asked
from compete.web.organiser.registration.person.views import refusal_beside
from compete.web.pages import own_row
from compete.web.paging import part_of
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Chip
from compete.web.templating import day, moment_in_sentence
from compete.web.words import ranked_here


def _people_words(count: int) -> str:
    """Count people."""
    return ngettext("%(num)s 人", "%(num)s 人", count)


def _kept_chip(kept: Kept) -> Chip:
    """Show whether personal data are still there, and whether their time is over."""
    if not kept.people and not count_erased(kept.competition.id):
        return Chip(text=_("没有个人资料"), kind="")
    if not kept.people:
        return Chip(text=_("已经删除"), kind="ok", icon="check")
    if kept.is_past:
        return Chip(text=_("过了保存期"), kind="warn", icon="clock")
    return Chip(text=_("还在保存期"), kind="")


def _erasure_page(
    competition: Competition,
    refused: Refused | None = None,
    *,
    refused_months: Refused | None = None,
) -> str:
    """Render the page of one competition; `refused` was the reason that was sent."""
    kept = kept_of(competition)
    why = why_not_everybody(competition)
    months = str(settings_of(competition).keep_months or "")
    return render_template(
        "organiser/competitions/erasure/erasure.html",
        state_chip=_kept_chip(kept),
        stands=_stands(kept),
        goes=_goes(competition),
        stays=_stays(competition),
        warning=_warning(competition) if why is None else None,
        why_not=why if kept.people else None,
        may_ask=not why and open_erasure(competition) is None,
        asked=[_erasure_row(row) for row in erasures_of(competition)],
        months=request.form.get("months", months).strip()[:_LONGEST_NUMBER],
        months_problem=problem_of(refused_months),
        usual_months=config_here().keep_months,
        problem=problem_of(refused),
    )


def _stands(kept: Kept) -> list[str]:
    notes = [_("还留着 %(people)s 的个人资料。", people=_people_words(kept.people))]
    if kept.finished is None and competition_kind(kept.competition).has_periods:
        notes.append(_("各期还没有都公布。都公布了或收起以后再保存 %(n)s 个月。", n=kept.months))
        return notes
    if kept.finished is None or kept.until is None:
        notes.append(_("竞赛还没有结束。终审或收起以后再保存 %(n)s 个月。", n=kept.months))
        return notes
    notes.append(
        _(
            "%(finished)s 结束，保存 %(n)s 个月，到 %(until)s。",
            finished=day(kept.finished, with_year=True),
            n=kept.months,
            until=day(kept.until, with_year=True),
        )
    )
    return notes


def _goes(competition: Competition) -> list[str]:
    if competition_kind(competition).has_periods:
        return [
            _("单位联系人、部门填报人的姓名和账号，换成“经办人”加编号；登录链接作废"),
            _("每一格的证据文件、文件名和意见"),
            _("评选奖项里写的姓名，换成“获奖人”加编号"),
            _("上传以后没有用完的表格"),
        ]
    return [
        _("姓名，换成“选手”加参赛号"),
        _(
            "证件号码、手机、照片、性别、岗位、年限、部门、文化程度、师傅、教练、领队、现等级证书编号和备注"
        )
        if ranked_here()
        else _(
            "证件号码、手机、照片、性别、岗位、年限、部门、文化程度、师傅、学历和职称、现等级证书编号和备注"
        ),
        _("出生日期%(but)s", but=_("（规则用它分先后的赛项除外）") if _births(competition) else ""),
        _("单位录的报名、没写完的报名表和照片、检录时写的备注、和裁判的关系备注"),
        _("人员库里的记录，别的竞赛、裁判和专家用不到的才删"),
        _("参赛证上的二维码，扫了打不开成绩"),
        *(
            [_("评选奖项里写的教练、领队的姓名")]
            if competition_kind(competition).has_awards
            else []
        ),
        _("单位联系人的姓名和登录链接；在别的竞赛里还用的账号留着"),
    ]


def _stays(competition: Competition) -> list[str]:
    if competition_kind(competition).has_periods:
        return _labour_stays(competition)
    notes = [
        _("参赛号、单位、赛项、组别、等级、分数、名次和奖项，挂在化名下；“compete verify”照样通过")
        if competition_kind(competition).has_awards
        else _("准考证号、单位、等级、分数和结果，挂在化名下；“compete verify”照样通过"),
        _("发过的证书：证上的姓名；等级证书的证件号码加密留着。好答复真伪；以后不能再换发"),
        *(
            [_("核准荣誉、奖项的文件和它的文号，原样留着：上面可能写着姓名")]
            if competition_kind(competition).has_awards
            else []
        ),
        _("变更记录和申诉、裁定、扣罚里人写的理由，以及改正过的姓名：改了链就断了"),
        _("换过、删过的数据的加密散列，没有密钥推不回去"),
    ]
    if any(it.file_key is not None for it in dossiers_of(competition)):
        notes.append(_("做好的竞赛档案，到它自己的年限才删：里面姓名是全的，检查要看"))
    publication = latest_publication(competition)
    if publication is not None:
        notes.append(
            _(
                "公布过的各版文件和核对词不变，里面是隐去一部分的姓名（林*涛）；公示页、查询页上的姓名换成化名。别人下载走的收不回来"
            )
        )
        if _births(competition):
            notes.append(_("规则用出生日期分先后的赛项，公布的文件里有出生日期"))
    notes.append(_("以前的备份里还有，要照运行说明处理"))
    return notes


def _labour_stays(competition: Competition) -> list[str]:
    notes = [
        _("单位、各期的数、加减分、否决、得分、名次、红旗、签核、抽查；“compete verify”照样通过"),
        _("发过的荣誉证书：证上的姓名。好答复真伪；以后不能再换发"),
        _("证据文件的散列：别处留着原件的，还能核对是不是那一份"),
        _("变更记录和更正、签核、否决里人写的理由，以及当时的姓名：改了链就断了"),
        _("在别的竞赛里还用的账号，组委会、监督的账号"),
    ]
    if latest_publication(competition) is not None:
        notes.append(_("公布过的各版文件和核对词不变，里面没有联系人"))
    notes.append(_("以前的备份里还有，要照运行说明处理"))
    return notes


def _births(competition: Competition) -> bool:
    return any("birth" in needed_columns(rules_of(event)) for event in competition.events)


def _warning(competition: Competition) -> str | None:
    if latest_publication(competition) is None:
        return None
    counts = count_certificates(competition)
    left = counts.due + counts.waiting
    if not left:
        return None
    return _("还有 %(n)s 张证书没有发，删了以后不能再发。", n=left)


def _erasure_row(row: Erasure) -> dict[str, Any]:
    holder, asker = row.holder, say(signed_as(row.asker, row.asked_at))
    everybody = _("全部经办人") if competition_kind(row.competition).has_periods else _("全部选手")
    # What somebody has agreed to already cannot be refused any more, only gone on with.
    going = row.ended_at is None and erasing_job(row) is not None
    waits = row.ended_at is None and not going
    mine = row.asked_by == current_user.id
    url = allowed_url("organiser.agree_to_erase", number=row.id)
    hindrance = erasure_word(row).why_not(current_user) if waits else None
    return {
        "what": f"{holder.code} {holder.name}" if holder else everybody,
        "reason": row.reason,
        "asked": _("%(who)s，%(at)s", who=asker, at=moment_in_sentence(row.asked_at)),
        "chip": _state(row, going=going),
        "ended": _ended(row),
        "agree_url": url if waits and hindrance is None else None,
        "agree_why_not": say(hindrance),
        "refuse_url": url_for("organiser.refuse_to_erase", number=row.id)
        if waits and not row.people and (mine or may_do(Right.AGREE))
        else None,
        "mine": mine,
    }


def _state(row: Erasure, *, going: bool) -> Chip:
    if going:
        return Chip(text=_("正在删除"), kind="warn", icon="clock")
    if row.ended_at is None and row.people:
        text = _("删了 %(people)s，没有删完", people=_people_words(row.people))
        return Chip(text=text, kind="warn", icon="clock")
    if row.ended_at is None:
        return Chip(text=_("等第二个人同意"), kind="warn", icon="clock")
    if row.agreed:
        return Chip(text=_("删除了 %(people)s", people=_people_words(row.people or 0)), kind="ok")
    return Chip(text=_("没有删") if row.answer else _("收回了"), kind="")


def _ended(row: Erasure) -> str | None:
    if row.ended_at is None or row.ender is None:
        return None
    who, at = say(signed_as(row.ender, row.ended_at)), moment_in_sentence(row.ended_at)
    if row.answer:
        return _("%(who)s，%(at)s：%(answer)s", who=who, at=at, answer=row.answer)
    return _("%(who)s，%(at)s", who=who, at=at)


_PAGE_SIZE = 50
_LONGEST_NUMBER = 6


@face.get("/personal-data")
@guard.may(Right.DIRECTORY)
def keeping() -> ResponseReturnValue:
    """Finished competitions and until when their personal data are kept."""
    finished = kept_by(current_user)
    shown, page = part_of(finished, _PAGE_SIZE, "organiser.keeping")
    return render_template(
        "organiser/competitions/erasure/keeping.html",
        rows=[(kept, _kept_chip(kept)) for kept in shown],
        page=page,
        past=sum(kept.is_past for kept in finished),
        usual_months=config_here().keep_months,
    )


@face.get("/personal-data/list.xlsx")
@guard.may(Right.DIRECTORY)
def keeping_book() -> Response:
    """Finished competitions as the page lists them, with all its pages."""
    heads = (_("竞赛"), _("结束"), _("保存到"), _("还有姓名的"), _("状态"))
    rows = [
        [
            *(it.competition.name, day(it.finished, with_year=True), day(it.until, with_year=True)),
            *(_people_words(it.people), _kept_chip(it).text),
        ]
        for it in kept_by(current_user)
    ]
    return send_list(None, msg("个人资料的保存"), heads, rows)


@face.get("/<code>/personal-data")
@guard.may(Right.SEE, of=guard.ANY_KIND)
def personal_data(competition: Competition) -> ResponseReturnValue:
    """Show what goes, what stays, and who asked."""
    return _erasure_page(competition)


@face.post("/<code>/personal-data")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
@only_once
@refusal_on(_erasure_page, only=Refusal.INVALID)
def ask_to_erase(competition: Competition) -> ResponseReturnValue:
    """Ask that everybody's data be erased; a second person agrees or not."""
    flash_asked(ask_erasure(competition, None, posted_reason(), current_user))
    return redirect(url_for("organiser.personal_data"))


@face.post("/<code>/personal-data/months")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
@refusal_on(lambda competition, refused: _erasure_page(competition, refused_months=refused))
def keep_for(competition: Competition) -> ResponseReturnValue:
    """Set the months for which data are kept here; nothing: as long as the installation says."""
    typed = request.form.get("months", "").strip()
    months = (whole_number(typed) or 0) if typed else None
    set_keep_months(competition, months, current_user)
    flash(_("存下了"), "ok")
    return redirect(url_for("organiser.personal_data"))


@face.post("/<code>/personal-data/<int:number>/agree")
@guard.may(Right.AGREE, of=guard.ANY_KIND)
def agree_to_erase(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree, as the second person, that the data go."""
    gone = agree_erasure(own_row(Erasure, competition, number), current_user)
    if isinstance(gone, Job):
        return redirect(job_url(gone))
    flash(_("删除了 %(n)s 人的个人资料", n=gone), "ok")
    return redirect(url_for("organiser.personal_data"))


def _unanswered_page(competition: Competition, number: int, refused: Refused) -> str:
    flash(say(refused.message), "bad")
    return _erasure_page(competition)


@face.post("/<code>/personal-data/<int:number>/refuse")
@guard.may(Right.AGREE, of=guard.ANY_KIND)
@refusal_on(_unanswered_page, only=Refusal.INVALID)
def refuse_to_erase(competition: Competition, number: int) -> ResponseReturnValue:
    """Refuse the erasure: with an answer, or taken back by the person who asked."""
    erasure, answer = own_row(Erasure, competition, number), request.form.get("answer", "")
    refuse_erasure(erasure, answer, current_user)
    flash(_("不删，记下了"), "ok")
    return redirect(url_for("organiser.personal_data"))


@face.post("/<code>/entrants/<who>/erase")
@guard.may(Right.REGISTER)
@only_once
@refusal_beside("#erase-{of}")
def ask_to_erase_person(competition: Competition, who: str) -> ResponseReturnValue:
    """Record one person's wish to be erased: asked for or answered at once."""
    _entrant, holder = find_asked(competition, who)
    flash_asked(ask_erasure(competition, holder, posted_reason(), current_user))
    return redirect(url_for("organiser.person", who=who, _anchor="erase"))
